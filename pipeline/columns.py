"""From rows to Arrow: the one place where offsets of the view become offsets of the text as received."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from operator import attrgetter, getitem
from typing import Any, Final, TypeVar

import pyarrow as pa

from pipeline.document import Document
from pipeline.tables import STAGE_TABLES, TABLES, Column, Table

Value = TypeVar("Value")

_START: Final = attrgetter("start")
_END: Final = attrgetter("end")
_CUT: Final[Callable[[str, slice], str]] = getitem


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
    pairs = [(document, rows) for document in documents if (rows := document.rows.get(table.name))]
    if not pairs:
        return table.schema.empty_table()
    owners = [document for document, _ in pairs]
    lengths = [len(rows) for _, rows in pairs]
    found = list(chain.from_iterable([rows for _, rows in pairs]))
    starts, ends = _offsets(owners, lengths, found)
    known: dict[str, list[Any]] = {
        "article_id": list(_spread([owner.article_id for owner in owners], lengths)),
        "start": starts,
        "end": ends,
        "text": _cut([owner.text for owner in owners], lengths, starts, ends),
    }
    arrays = [
        pa.array(
            known[column.source] if column.source in known else _values(column, found, owners, lengths), column.arrow
        )
        for column in table.columns
    ]
    return pa.Table.from_arrays(arrays, schema=table.schema)


def _spread(values: list[Value], lengths: list[int]) -> Iterator[Value]:
    """Return each document's value once for each of its rows."""
    return chain.from_iterable(map(repeat, values, lengths))


def _offsets(owners: list[Document], lengths: list[int], rows: list[Any]) -> tuple[list[int], list[int]]:
    """Return start and end of each row in the text as received."""
    starts = list(map(_START, rows))
    ends = list(map(_END, rows))
    first = 0
    for owner, length in zip(owners, lengths, strict=True):
        if not owner.view.is_aligned:
            own = slice(first, first + length)
            starts[own], ends[own] = owner.view.to_originals(starts[own], ends[own])
        first += length
    return starts, ends


def _cut(texts: list[str], lengths: list[int], starts: list[int], ends: list[int]) -> list[str]:
    """Return what stands at each span; all loops over rows are C's.

    A piece is as long as its span, or shorter where this goes beyond the text: so one sum tells of all of them.

    Raises:
        ValueError: If a span is empty or no part of its text.
    """
    pieces = list(map(_CUT, _spread(texts, lengths), map(slice, starts, ends)))
    if min(starts) < 0 or not all(pieces) or sum(map(len, pieces)) != sum(ends) - sum(starts):
        raise ValueError("a span is empty or outside its text")
    return pieces


def _values(column: Column, rows: list[Any], owners: list[Document], lengths: list[int]) -> list[Any]:
    values = list(map(attrgetter(column.name), rows))
    if column.source != "offset":
        return values
    return [
        None if value is None else owner.view.to_original(value, value + 1)[0]
        for value, owner in zip(values, _spread(owners, lengths), strict=True)
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
