"""The floor: read the same input and write the same tables, with nothing extracted."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from pipeline import readers
from pipeline.columns import leave_pandas_out
from pipeline.document import Document
from pipeline.extractor import Extractor
from pipeline.readers import Source
from pipeline.run import Options, extract_to
from pipeline.tables import ArticleRow

ROOT = Path(__file__).parents[1]


class Nothing(Extractor):
    """Stages that find nothing: an article row and no other."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = [("articles", add_article)]


def add_article(document: Document) -> None:
    """Give the document its article row."""
    document.rows["articles"] = [ArticleRow(url=document.url, title=document.title)]


def measure(corpus: Path, out: Path) -> dict[str, Any]:
    """Return the rate of a run, in a process of its own, that extracts nothing."""
    command = [sys.executable, "-m", "benchmarks.floor", str(corpus), str(out)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    articles, elapsed, cpu = map(float, done.stdout.split())
    return {
        "articles_a_second": round(articles / elapsed, 1),
        "milliseconds_an_article": round(1000 * elapsed / articles, 3),
        "cpu_milliseconds_an_article": round(1000 * cpu / articles, 3),
    }


def main() -> None:
    leave_pandas_out()
    extractor = Nothing()
    begun, cpu = time.perf_counter(), time.process_time()
    found = (item for item in readers.read([sys.argv[1]]) if isinstance(item, Source))
    summary = extract_to(found, Path(sys.argv[2]), extractor, Options(workers=0))
    print(summary.tables["articles"].rows, time.perf_counter() - begun, time.process_time() - cpu)


if __name__ == "__main__":
    main()
