"""Segments: the finished tables of one batch in one file, written whole or not at all.

A segment is a ZIP archive with an Arrow IPC stream for each table that has rows, and `counts`: one line a document,
one column a table, the number of the table's rows that belong to the document. With it the rows of any document can
be cut out again. `signatures` has a line a document too, to find duplicates by. ZIP's checksums tell a damaged
segment from a good one. Each stream is packed with LZ4 as a whole, its length before it: to pack its hundreds of
buffers one by one, as Arrow would, takes twice as long.
"""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pipeline.tables import STAGE_TABLES, TABLES

_COUNTS: Final = "counts"
_SIGNATURES: Final = "signatures"
_CODEC: Final = "lz4_raw"
_LENGTH: Final = struct.Struct("<Q")


def write_segment(
    path: Path, tables: Mapping[str, pa.Table], counts: pa.Table, signatures: pa.Table | None = None
) -> dict[str, int]:
    """Write a segment file; returns table name → bytes it takes there."""
    temporary = path.with_suffix(".part")
    sizes: dict[str, int] = {}
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        for name, table in {**tables, _COUNTS: counts, _SIGNATURES: signatures}.items():
            if table is not None and table.num_rows:
                data = _pack(table)
                archive.writestr(name, data)
                sizes[name] = len(data)
    os.replace(temporary, path)  # noqa: PTH105 - both names are in one folder: the move is atomic
    return {name: size for name, size in sizes.items() if name in tables}


def _pack(table: pa.Table) -> bytes:
    # Descriptions of columns would be most of a small segment; the schema is known where it is read.
    bare = pa.Table.from_arrays(table.columns, names=table.column_names)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, bare.schema) as writer:
        writer.write_table(bare)
    stream = sink.getvalue()
    packed: bytes = pa.compress(stream, _CODEC, asbytes=True)
    return _LENGTH.pack(stream.size) + packed


def _unpack(data: bytes) -> pa.Table:
    (length,) = _LENGTH.unpack_from(data)
    stream = pa.decompress(memoryview(data)[_LENGTH.size :], length, _CODEC)
    return pa.ipc.open_stream(stream).read_all()


class Segment:
    """A segment file opened for reading.

    Raises:
        OSError, zipfile.BadZipFile: If the file is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._names = frozenset(self._archive.namelist())
        self._loaded: dict[str, pa.Table] = {}

    def _read(self, name: str) -> pa.Table:
        return _unpack(self._archive.read(name))

    @cached_property
    def _ends(self) -> dict[str, Any]:
        """Table name → array of the row number at which each document ends."""
        counts = self._read(_COUNTS).combine_chunks().to_batches()[0]  # pyarrow's `to_numpy` would import pandas
        return {name: np.from_dlpack(counts[name]).cumsum() for name in counts.schema.names}

    def rows(self, name: str, first: int, last: int) -> pa.Table | None:
        """Return the rows of table `name` of the documents at positions first … last (inclusive); None for none."""
        if name not in self._names:
            return None
        ends = self._ends[name]
        start, end = int(ends[first - 1]) if first else 0, int(ends[last])
        if start == end:
            return None
        if name not in self._loaded:
            table = self._read(name)
            self._loaded[name] = pa.Table.from_arrays(table.columns, schema=(TABLES | STAGE_TABLES)[name].schema)
        return self._loaded[name].slice(start, end - start)

    def signatures(self, first: int, last: int) -> pa.Table:
        """Return the signatures of the documents at positions first … last (inclusive)."""
        if _SIGNATURES not in self._loaded:
            self._loaded[_SIGNATURES] = self._read(_SIGNATURES)
        return self._loaded[_SIGNATURES].slice(first, last + 1 - first)

    def documents(self, first: int, last: int) -> tuple[dict[str, pa.Table], pa.Table, pa.Table]:
        """Return tables, counts and signatures of the documents at positions first … last, as a segment holds them."""
        found = {name: self.rows(name, first, last) for name in self._names - {_COUNTS, _SIGNATURES}}
        counts = self._read(_COUNTS).slice(first, last + 1 - first)
        return {n: table for n, table in found.items() if table is not None}, counts, self.signatures(first, last)

    def close(self) -> None:
        """Close the file; tables already cut out stay valid."""
        self._archive.close()
