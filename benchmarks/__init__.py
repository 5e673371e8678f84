"""Speed and memory, measured beside what else could be used, on the same text in the same run."""
