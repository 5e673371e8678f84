"""Tables as CSV, for spreadsheets: UTF-8 with a byte-order mark, RFC 4180 quoting, no formula ever.

A spreadsheet evaluates a cell that starts with `=`, `+`, `-` or `@` (after a tab or a line break, too). Text of a
document may start with any of them, so such text gets an apostrophe in front, which spreadsheets read as "this is
text" (OWASP, CSV Injection). Only text is guarded: numbers and dates are written by this program.
"""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

_LEADING = re.compile(r"^[\s\x00-\x20\u200b-\u200f\u2060\ufeff]+")
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")
"""First characters that a spreadsheet may take for a formula, the full-width forms among them."""

_BATCH: Final = 2000
LIST_SEPARATOR: Final = " / "


def guard(text: str) -> str:
    """Return `text` as a cell that no spreadsheet evaluates."""
    bare = _LEADING.sub("", text, count=1)
    return f"'{text}" if bare.startswith(_FORMULA) or text.startswith(("\t", "\r", "\n")) else text


def cell(value: Any) -> Any:
    """Return a value as its cell: null as nothing, lists (paths) joined by ` / `, text guarded."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, list):
        return guard(LIST_SEPARATOR.join(str(item) for item in value if item is not None))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else value


def write_csv(schema: pa.Schema, batches: Iterable[pa.RecordBatch], path: Path) -> None:
    """Write batches of a table to `path`, whole or not at all.

    Raises:
        OSError: If the file cannot be written.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(schema.names)
            for batch in batches:
                writer.writerows(_rows(batch))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _rows(batch: pa.RecordBatch) -> Iterator[list[Any]]:
    columns = [column.to_pylist() for column in batch.columns]
    return ([cell(value) for value in row] for row in zip(*columns, strict=True))


def export_csv(tables: Iterable[Path], out: Path) -> list[Path]:
    """Write each Parquet file of `tables` to folder `out` as CSV of the same name; return the files written.

    Raises:
        OSError: If a file cannot be read or written.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for source in tables:
        path = out / f"{source.stem}.csv"
        with pq.ParquetFile(source) as file:
            write_csv(file.schema_arrow, file.iter_batches(batch_size=_BATCH), path)
        written.append(path)
    return written
