"""The stages bound to a set of rules: a document goes in, the same document comes out with its rows."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline import columns
from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.stages import STAGES


def default_rules() -> Path:
    """Return the folder of the shipped rules: inside the installed package, else beside it in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "rules"
    return inside if inside.is_dir() else here.parent / "rules"


class Extractor:
    """All stages, prepared once with the rules of `folder` (and of `overlay`, which wins file by file).

    Raises:
        RuleError: If a rule file is broken.
    """

    def __init__(self, folder: Path | None = None, overlay: Path | None = None) -> None:
        self.book = RuleBook(folder or default_rules(), overlay)
        builder = LexiconBuilder()
        self._prepared: list[Any] = [stage.prepare(self.book, builder) for stage in STAGES]
        self._lexicon = builder.build()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        """Seconds spent in each stage since the extractor was made."""

    def process(self, document: Document) -> Document:
        """Fill `document.rows` by running every stage in order; returns the same document."""
        clock = time.perf_counter
        begun = clock()
        document.hits = self._lexicon.scan(document.view)
        self.seconds["lexicon"] += (done := clock()) - begun
        for stage, prepared in zip(STAGES, self._prepared, strict=True):
            begun = done
            document.rows.update(stage.run(document, prepared))
            self.seconds[stage.name] += (done := clock()) - begun
        return document

    def extract_batch(self, documents: Sequence[Document]) -> dict[str, pa.Table]:
        """Return every table of the documents, with rows in the order of the documents."""
        processed = [self.process(document) for document in documents]
        begun = time.perf_counter()
        tables = columns.build(processed)
        self.seconds["columns"] += time.perf_counter() - begun
        return tables
