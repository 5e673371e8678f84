"""A batch of documents, and the one piece of work that every engine does with it."""

from __future__ import annotations

import resource
import sys
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.extractor import Extractor, Failure
from pipeline.readers import Source
from pipeline.store.segment import write_segment
from pipeline.store.state import Item, StoreError

BATCH_DOCUMENTS: Final = 256
"""Documents a batch: enough to spread the cost of building columns, few enough to lose little to a kill."""

BATCH_SIZE: Final = 1_000_000
"""Code points of text at which a batch ends, so that long documents do not pile up in a worker's memory."""


class Batch(NamedTuple):
    """Documents on their way to a worker, and how often they have cost one its life."""

    items: list[Item]
    sources: list[Source]
    losses: int = 0

    def alone(self) -> list[Batch]:
        """Return a batch for each document, to be tried once more."""
        return [Batch([item], [source], self.losses + 1) for item, source in zip(self.items, self.sources, strict=True)]


class Finished(NamedTuple):
    """What a worker reports of a batch: its segment, who is in it, who failed, and what it took."""

    file: str | None
    sizes: dict[str, int]
    kept: list[int]
    failures: list[Failure]
    seconds: dict[str, float]
    peak_memory: int
    """Bytes; of the worker's process so far."""


def batches(found: Iterable[tuple[Item, Source]]) -> Iterator[Batch]:
    """Yield batches of documents, in order, bounded in number and in length."""
    batch = Batch([], [])
    size = 0
    for item, source in found:
        batch.items.append(item)
        # Where a document was read from must not change its rows: they are reused wherever it stands.
        batch.sources.append(source.anywhere())
        size += item.size
        if len(batch.items) >= BATCH_DOCUMENTS or size >= BATCH_SIZE:
            yield batch
            batch, size = Batch([], []), 0
    if batch.items:
        yield batch


def extract_segment(extractor: Extractor, sources: list[Source], segments: Path) -> Finished:
    """Extract a batch into a new segment under folder `segments`.

    Raises:
        StoreError: If the segment cannot be written.
    """
    extracted = extractor.extract_batch(sources)
    file, sizes = None, {}
    if extracted.kept:
        file = f"{uuid.uuid4().hex}.zip"
        try:
            sizes = write_segment(segments / file, extracted.tables, extracted.counts, extracted.signatures)
        except OSError as error:
            raise StoreError(f"cannot write to {segments}: {error.strerror}") from error
    return Finished(file, sizes, extracted.kept, extracted.failures, extracted.seconds, peak_memory())


def peak_memory() -> int:
    """Return the most memory that this process has held at once, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
