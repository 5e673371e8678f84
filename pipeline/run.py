"""Batches of documents → tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from pipeline.document import Document
from pipeline.extractor import Extractor
from pipeline.readers import Rejected, Source, read
from pipeline.store import Run

BATCH = 64
"""Documents a batch: enough to spread the cost of building columns, few enough to stay small in memory."""


def extract_to(inputs: Iterable[Path], out: Path, extractor: Extractor) -> Run:
    """Extract every readable document of `inputs` into the tables of folder `out`."""
    with Run.open(out) as run:
        items = iter(read(inputs))
        for batch in _batches(items):
            documents = [to_document(item) for item in batch if isinstance(item, Source)]
            run.add(extractor.extract_batch(documents), [item for item in batch if isinstance(item, Rejected)])
        run.finish(extractor)
    return run


def _batches(items: Iterator[Source | Rejected]) -> Iterator[list[Source | Rejected]]:
    while batch := list(islice(items, BATCH)):
        yield batch


def to_document(source: Source) -> Document:
    """Return the document that a source describes, normalised and ready for the stages."""
    return Document(
        source.article_id, source.text, source.source, source.url, source.title, source.author, source.published_at
    )
