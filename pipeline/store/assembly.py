"""From segments to tables: the rows of the run's documents, in the order of the input, as single Parquet files.

The bytes of a table depend on its rows alone. Rows are gathered in blocks of documents whose borders follow from
the documents (their number and length), never from the segments or the workers that they came from; each block is
one row group, so that row group n of every table is about the same articles.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.duplicates import DuplicateFinder
from pipeline.store.segment import Segment
from pipeline.store.state import Place
from pipeline.tables import STAGE_TABLES, TABLES

BLOCK_DOCUMENTS: Final = 2048
BLOCK_SIZE: Final = 8_000_000
"""Code points of text at which a block ends: about 2,000 articles, and few enough to hold in memory."""

_OPEN_SEGMENTS: Final = 16


class Written(NamedTuple):
    """A finished table file: its rows, its bytes and their SHA-256."""

    rows: int
    size: int
    sha256: str


class _Stretch(NamedTuple):
    """Documents that lie side by side in one segment: positions first … last, with their sources."""

    file: str
    first: int
    last: int
    sources: list[str]


def file_of(name: str) -> str:
    """Return the path of a table inside the output folder."""
    return f"stages/{name}.parquet" if name in STAGE_TABLES else f"{name}.parquet"


def write_order(places: Iterable[Place], path: Path) -> None:
    """Write the order of the run's documents to a file that `assemble` reads, a block of documents a line."""
    with path.open("w", encoding="utf-8") as lines:
        for block in _blocks(places):
            lines.write(json.dumps(block) + "\n")


def assemble(
    order: Path, segments: Path, names: Sequence[str], out: Path, duplicates: Mapping[str, str]
) -> dict[str, Written]:
    """Write the tables `names` of the run's documents into folder `out`; returns table name → what was written.

    Args:
        order: What `write_order` left.
        segments: Folder of the segment files.
        names: Tables to write.
        out: Folder, with `stages/` in it.
        duplicates: article_id → earliest article that it repeats.

    Raises:
        OSError, zipfile.BadZipFile: If a segment is missing or damaged, or the folder cannot be written.
    """
    opened = _Opened(segments)
    tables = {name: (TABLES | STAGE_TABLES)[name] for name in names}
    writers = {n: pq.ParquetWriter(out / file_of(n), t.schema, compression="zstd") for n, t in tables.items()}
    rows = dict.fromkeys(names, 0)
    for block in _read_order(order):
        for name in names:
            table = _gather(name, block, opened, duplicates)
            if table is not None:
                rows[name] += table.num_rows
                writers[name].write_table(table, row_group_size=table.num_rows)
    for writer in writers.values():
        writer.close()
    return {name: describe(out / file_of(name), rows[name]) for name in names}


def find_duplicates(order: Path, segments: Path) -> dict[str, str]:
    """Return article_id → earliest article that it repeats, among the run's documents.

    Args:
        order: What `write_order` left.
        segments: Folder of the segment files.

    Raises:
        OSError, zipfile.BadZipFile: If a segment is missing or damaged.
    """
    opened = _Opened(segments)
    finder = DuplicateFinder()
    for block in _read_order(order):
        for stretch in block:
            table = opened.get(stretch.file).signatures(stretch.first, stretch.last)
            for article in zip(*table.to_pydict().values(), strict=True):
                article_id, published_on, signature = article
                finder.add(article_id, signature, published_on)
    return finder.find()


def _read_order(order: Path) -> Iterator[list[_Stretch]]:
    with order.open(encoding="utf-8") as lines:
        for line in lines:
            yield [_Stretch(*stretch) for stretch in json.loads(line)]


def describe(path: Path, rows: int) -> Written:
    """Return what a finished file holds."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.seek(0, 2)
    return Written(rows, size, digest)


class _Opened:
    """The segments in use, a few at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: OrderedDict[str, Segment] = OrderedDict()

    def get(self, file: str) -> Segment:
        segment = self._open.pop(file, None) or Segment(self._folder / file)
        self._open[file] = segment
        if len(self._open) > _OPEN_SEGMENTS:
            self._open.popitem(last=False)[1].close()
        return segment


def _blocks(places: Iterable[Place]) -> Iterator[list[_Stretch]]:
    block: list[_Stretch] = []
    documents = size = 0
    for place in places:
        last = block[-1] if block else None
        if last is not None and last.file == place.file and last.last + 1 == place.position:
            last.sources.append(place.source)
            block[-1] = last._replace(last=place.position)
        else:
            block.append(_Stretch(place.file, place.position, place.position, [place.source]))
        documents += 1
        size += place.size
        if documents >= BLOCK_DOCUMENTS or size >= BLOCK_SIZE:
            yield block
            block, documents, size = [], 0, 0
    if block:
        yield block


def _gather(name: str, block: list[_Stretch], opened: _Opened, duplicates: Mapping[str, str]) -> pa.Table | None:
    parts = [opened.get(stretch.file).rows(name, stretch.first, stretch.last) for stretch in block]
    found = [part for part in parts if part is not None]
    if not found:
        return None
    # One chunk a column: the writer starts a new page at each border of chunks, and those are not the rows' own.
    table = pa.concat_tables(found).combine_chunks()
    if name != "articles":
        return table
    sources = [source for stretch in block for source in stretch.sources]
    table = _replace(table, "source", sources)
    if duplicates:
        table = _replace(table, "duplicate_of", [duplicates.get(key) for key in table["article_id"].to_pylist()])
    return table


def _replace(table: pa.Table, column: str, values: Sequence[Any]) -> pa.Table:
    at = table.schema.get_field_index(column)
    return table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type))
