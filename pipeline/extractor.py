"""The stages bound to a set of rules: a document goes in, the same document comes out with its rows."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline import columns
from pipeline.document import Document
from pipeline.duplicates import signature
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.readers import Source
from pipeline.stages import STAGES


def default_rules() -> Path:
    """Return the folder of the shipped rules: inside the installed package, else beside it in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "rules"
    return inside if inside.is_dir() else here.parent / "rules"


class StageError(Exception):
    """A stage that gave up on a document; the cause is chained."""

    def __init__(self, stage: str, cause: Exception) -> None:
        super().__init__(f"stage {stage}: {type(cause).__name__}: {str(cause)[:200]}")


class Failure(NamedTuple):
    """A document of a batch that gave no rows: its position in the batch and what went wrong."""

    position: int
    message: str


@dataclass(frozen=True)
class Extracted:
    """What a batch of sources gave.

    Attributes:
        tables: Table name → rows of the documents that went through, in their order.
        counts: One line a document, one column a table: how many of the table's rows are the document's.
        signatures: One line a document: `article_id`, `published_on`, `signature`, to find duplicates across batches.
        kept: Positions in the batch of the documents that went through.
        failures: The other documents.
        seconds: Stage name → CPU seconds.
    """

    tables: dict[str, pa.Table]
    counts: pa.Table
    signatures: pa.Table
    kept: list[int]
    failures: list[Failure]
    seconds: dict[str, float]


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
        """CPU seconds spent in each stage since the extractor was made."""

    def process(self, document: Document) -> Document:
        """Fill `document.rows` by running every stage in order; returns the same document.

        Raises:
            StageError: If a stage gives up on the document.
        """
        clock = time.process_time
        begun = clock()
        document.hits = self._lexicon.scan(document.view)
        self.seconds["lexicon"] += (done := clock()) - begun
        for stage, prepared in zip(STAGES, self._prepared, strict=True):
            begun = done
            try:
                document.rows.update(stage.run(document, prepared))
            except Exception as error:
                raise StageError(stage.name, error) from error
            self.seconds[stage.name] += (done := clock()) - begun
        return document

    def extract_batch(self, sources: Sequence[Source]) -> Extracted:
        """Return every table of the sources, rows in their order; a document that fails takes none with it."""
        before = dict(self.seconds)
        documents: list[Document] = []
        kept: list[int] = []
        failures: list[Failure] = []
        for position, source in enumerate(sources):
            try:
                documents.append(self.process(self._document(source)))
                kept.append(position)
            except Exception as error:  # whatever one document does, the others go on
                failures.append(Failure(position, _message(error)))
        begun = time.process_time()
        try:
            tables = columns.build(documents)
        except Exception:  # some document's rows have no column form: find it, keep the others
            bad = _without_columns(documents)
            failures += [Failure(kept[at], message) for at, message in bad.items()]
            documents = [document for at, document in enumerate(documents) if at not in bad]
            kept = [position for at, position in enumerate(kept) if at not in bad]
            tables = columns.build(documents)
        counts = columns.counts(documents)
        self.seconds["columns"] += (done := time.process_time()) - begun
        signatures = _signatures(documents)
        self.seconds["signatures"] += time.process_time() - done
        seconds = {stage: value - before.get(stage, 0.0) for stage, value in self.seconds.items()}
        return Extracted(tables, counts, signatures, kept, sorted(failures), seconds)

    def _document(self, source: Source) -> Document:
        begun = time.process_time()
        document = to_document(source)
        self.seconds["view"] += time.process_time() - begun
        return document


def to_document(source: Source) -> Document:
    """Return the document that a source describes, normalised and ready for the stages."""
    return Document(
        source.article_id, source.text, source.source, source.url, source.title, source.author, source.published_at
    )


def _signatures(documents: Sequence[Document]) -> pa.Table:
    return pa.table(
        {
            "article_id": pa.array([document.article_id for document in documents], pa.string()),
            "published_on": pa.array([document.published_on for document in documents], pa.date32()),
            "signature": pa.array([signature(document.text) for document in documents], pa.binary()),
        }
    )


def _without_columns(documents: Sequence[Document]) -> dict[int, str]:
    bad = {}
    for at, document in enumerate(documents):
        try:
            columns.build([document])
        except Exception as error:
            bad[at] = _message(StageError("columns", error))
    return bad


def _message(error: Exception) -> str:
    text = str(error) if isinstance(error, StageError) else f"{type(error).__name__}: {str(error)[:200]}"
    return " ".join(text.split())
