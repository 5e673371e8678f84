"""Parquet: one document a row, so that shards of web corpora go straight in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.readers.items import Options, Refusal, Rejected, Source
from pipeline.readers.records import from_record, names

_ROWS = 16
"""Rows unpacked at a time: enough to be quick, few enough for documents of several megabytes."""


def read_parquet(path: Path, options: Options) -> Iterator[Source | Rejected]:
    """Yield the documents of a Parquet file; only the columns that are needed are read."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        yield _unreadable(error).at(path)
        return
    with file:
        yield from _rows(file, path, options)


def _rows(file: pq.ParquetFile, path: Path, options: Options) -> Iterator[Source | Rejected]:
    known = set(file.schema_arrow.names)
    wanted = [name for column in names(options).values() for name in column if name in known]
    if not any(name in known for name in names(options)["text"]):
        listed = ", ".join(sorted(known)[:12])
        advice = f"no column {names(options)['text'][0]!r} (it has {listed}); name the text with --columns text=NAME"
        yield Refusal("missing_text", advice).at(path)
        return
    number = 0
    try:
        for batch in file.iter_batches(batch_size=_ROWS, columns=wanted):
            for record in batch.to_pylist():
                yield from_record(record, f"{path}:{number}", options)
                number += 1
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        yield _unreadable(error).at(f"{path}:{number}")


def _unreadable(error: BaseException) -> Refusal:
    line = " ".join(str(error).split())[:160]
    return Refusal("unreadable", f"not readable as Parquet from here on ({line}); fetch the file again")
