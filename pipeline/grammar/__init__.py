"""What stages share: the lexicon, rule files, numbers."""
