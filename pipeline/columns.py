"""From rows to Arrow: the one place where offsets of the view become offsets of the text as received."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from itertools import chain, repeat
from operator import attrgetter
from typing import Any

import pyarrow as pa

from pipeline.document import Document
from pipeline.tables import STAGE_TABLES, TABLES, Column, Table


def leave_pandas_out() -> None:
    """Keep pyarrow from importing pandas, which it does for the first list that it is given, to ask if it is a Series.

    That takes longer than everything else at start-up and half of a worker's memory. For processes that run a command:
    there no Series is ever given to pyarrow. Asking pyarrow for a DataFrame still imports pandas.
    """
    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, _NoPandas)
    try:
        _ = pa.lib._pandas_api.have_pandas  # pyarrow looks once and remembers
    finally:
        sys.meta_path.remove(_NoPandas)


class _NoPandas:
    """An import finder for which there is no pandas."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is left out", name=name)


def build(documents: Sequence[Document]) -> dict[str, pa.Table]:
    """Return every table (published and stage) of the documents, rows in document order then reading order."""
    return {name: build_table(table, documents) for name, table in (TABLES | STAGE_TABLES).items()}


def counts(documents: Sequence[Document]) -> pa.Table:
    """Return how many rows each document has in each table: a line a document, an int32 column a table."""
    names = TABLES | STAGE_TABLES
    return pa.table(
        {name: pa.array([len(document.rows.get(name, ())) for document in documents], pa.int32()) for name in names}
    )


def build_table(table: Table, documents: Sequence[Document]) -> pa.Table:
    """Return one table of the documents."""
    if table.name == "articles":
        return _articles(table, documents)
    owners = [document for document in documents if document.rows.get(table.name)]
    found = [document.rows[table.name] for document in owners]
    rows = list(chain.from_iterable(found))
    if not rows:
        return table.schema.empty_table()
    starts, ends, texts = _spans(owners, found)
    known: dict[str, list[Any]] = {
        "article_id": list(chain.from_iterable(map(repeat, [d.article_id for d in owners], map(len, found)))),
        "start": starts,
        "end": ends,
        "text": texts,
    }
    arrays = [
        pa.array(
            known[column.source] if column.source in known else _values(column, table.name, rows, owners), column.arrow
        )
        for column in table.columns
    ]
    return pa.Table.from_arrays(arrays, schema=table.schema)


def _spans(owners: list[Document], found: list[list[Any]]) -> tuple[list[int], list[int], list[str]]:
    """Return start and end in the text as received, and what stands there, of each row of each owner."""
    starts: list[int] = []
    ends: list[int] = []
    texts: list[str] = []
    for document, rows in zip(owners, found, strict=True):
        begin, end = document.view.to_originals([row.start for row in rows], [row.end for row in rows])
        text = document.text
        starts += begin
        ends += end
        texts += [text[a:b] for a, b in zip(begin, end, strict=True)]
    return starts, ends, texts


def _values(column: Column, table: str, rows: list[Any], owners: list[Document]) -> list[Any]:
    values = list(map(attrgetter(column.name), rows))
    if column.source != "offset":
        return values
    of_row = chain.from_iterable(repeat(owner, len(owner.rows[table])) for owner in owners)
    return [
        None if value is None else owner.view.to_original(value, value + 1)[0]
        for value, owner in zip(values, of_row, strict=True)
    ]


def _articles(table: Table, documents: Sequence[Document]) -> pa.Table:
    rows = [document.rows["articles"][0] for document in documents]
    given: dict[str, Callable[[], list[str]]] = {
        "article_id": lambda: [document.article_id for document in documents],
        "text": lambda: [document.text for document in documents],
        "text_sha256": lambda: [text_sha256(document.text) for document in documents],
    }
    arrays = [
        pa.array(given[c.name]() if c.name in given else [getattr(row, c.name) for row in rows], c.arrow)
        for c in table.columns
    ]
    return pa.Table.from_arrays(arrays, schema=table.schema)


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8 (lone surrogates, which UTF-8 has no form for, as `?`)."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
