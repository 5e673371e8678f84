"""The stages bound to a set of rules: a document goes in, the same document comes out with its rows."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa

from pipeline import columns
from pipeline.document import Document
from pipeline.duplicates import signatures
from pipeline.garbage import without_collections
from pipeline.grammar.lexicon import Lexicon, LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.readers import Source
from pipeline.stages import STAGES, Rows


def default_rules() -> Path:
    """Return the folder of the shipped rules: inside the installed package, else beside it in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "rules"
    return inside if inside.is_dir() else here.parent / "rules"


class StageError(Exception):
    """A stage that gave up on a document; the cause is chained."""

    def __init__(self, stage: str, cause: Exception) -> None:
        super().__init__(f"stage {stage}: {type(cause).__name__}: {str(cause)[:200]}")
        self.__cause__ = cause


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


Step = Callable[[Document], None]
"""One thing that is done to a document."""

TOGETHER: Final = 64
"""Documents that take a step together: its code and its tables stay in the processor's cache, which makes the whole a
quarter faster than document by document, and the documents' own rows still fit beside them."""


class Extractor:
    """All stages, prepared once with the rules of `folder` (and of `overlay`, which wins file by file).

    Raises:
        RuleError: If a rule file is broken.
    """

    def __init__(self, folder: Path | None = None, overlay: Path | None = None) -> None:
        self.book = RuleBook(folder or default_rules(), overlay)
        builder = LexiconBuilder()
        stages = [(stage.name, partial(_run, stage.run, stage.prepare(self.book, builder))) for stage in STAGES]
        self.steps: list[tuple[str, Step]] = [("lexicon", partial(_look_up, builder.build())), *stages]
        """What is done to each document, in order."""
        self.seconds: defaultdict[str, float] = defaultdict(float)
        """CPU seconds spent in each step since the extractor was made."""

    def process(self, document: Document) -> Document:
        """Fill `document.rows` by running every stage in order; returns the same document.

        Raises:
            StageError: If a stage gives up on the document.
        """
        (error,) = self.process_all([document])
        if error is not None:
            raise error
        return document

    def process_all(self, documents: Sequence[Document]) -> list[StageError | None]:
        """Fill the rows of several documents, step by step; returns for each the error that ended it, or None."""
        clock = time.process_time
        errors: list[StageError | None] = [None] * len(documents)
        begun = clock()
        for name, step in self.steps:
            for at, document in enumerate(documents):
                if errors[at] is None:
                    try:
                        step(document)
                    except Exception as error:  # whatever one document does, the others go on
                        errors[at] = StageError(name, error)
            self.seconds[name] += (done := clock()) - begun
            begun = done
        return errors

    def extract_batch(self, sources: Sequence[Source]) -> Extracted:
        """Return every table of the sources, rows in their order; a document that fails takes none with it."""
        before = dict(self.seconds)
        firsts = range(0, max(1, len(sources)), TOGETHER)
        with without_collections():
            parts = [self._extract_together(sources[first : first + TOGETHER], first) for first in firsts]
        return Extracted(
            {name: _joined([part.tables[name] for part in parts]) for name in parts[0].tables},
            _joined([part.counts for part in parts]),
            _joined([part.signatures for part in parts]),
            [position for part in parts for position in part.kept],
            [failure for part in parts for failure in part.failures],
            {step: value - before.get(step, 0.0) for step, value in self.seconds.items()},
        )

    def _extract_together(self, sources: Sequence[Source], first: int) -> Extracted:
        """Extract the sources of a batch from position `first` on; their documents end with this call."""
        some = self._documents(sources)
        errors = self.process_all(some)
        failures = [Failure(at, _message(error)) for at, error in enumerate(errors, first) if error is not None]
        kept = [at for at, error in enumerate(errors, first) if error is None]
        documents = [some[at - first] for at in kept]
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
        return Extracted(tables, counts, signatures, kept, sorted(failures), {})

    def _documents(self, sources: Sequence[Source]) -> list[Document]:
        begun = time.process_time()
        documents = [to_document(source) for source in sources]
        self.seconds["view"] += time.process_time() - begun
        return documents


def _joined(parts: list[pa.Table]) -> pa.Table:
    return parts[0] if len(parts) == 1 else pa.concat_tables(parts)


def _look_up(lexicon: Lexicon, document: Document) -> None:
    document.hits = lexicon.scan(document.view)


def _run(stage: Callable[[Document, Any], Rows], prepared: Any, document: Document) -> None:
    document.rows.update(stage(document, prepared))


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
            "signature": pa.array(signatures([document.view for document in documents]), pa.binary()),
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


def _message(error: StageError) -> str:
    return " ".join(str(error).split())
