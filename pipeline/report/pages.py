"""The articles of a report, packed in pages that a browser loads when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pipeline.inspection import FACTS, Inspection, from_output, jsonable, path_of
from pipeline.output import Output
from pipeline.tables import STAGE_TABLES, TABLES

PAGE: Final = 10
"""Articles a page: about 150 kB, which a browser reads in a few milliseconds."""

BLOCK: Final = 200 * PAGE
"""Articles read from the tables at a time; bounds the memory of a report of everything."""

ARTICLE_COLUMNS: Final = (
    "article_id",
    "title",
    "author",
    "published_on",
    "home_unit_path",
    "url",
    "source",
    "duplicate_of",
)
_SPAN: Final = ("article_id", "text")
"""Columns that rows leave out: the page has them already."""

_NAMES: Final = 40
"""Persons of an article that its entry in the list can be found by."""


def shown_columns() -> dict[str, list[list[str]]]:
    """Return table → the columns that a row of a page holds, each with its description, in order."""
    return {
        name: [[column.name, column.description] for column in table.columns if column.name not in _SPAN]
        for name, table in (TABLES | STAGE_TABLES).items()
        if name != "articles"
    }


def pages(output: Output, article_ids: list[str]) -> Iterator[list[Inspection]]:
    """Yield the articles a page at a time."""
    for begin in range(0, len(article_ids), BLOCK):
        block = list(from_output(output, article_ids[begin : begin + BLOCK]))
        for at in range(0, len(block), PAGE):
            yield block[at : at + PAGE]


def packed(inspection: Inspection) -> dict[str, Any]:
    """Return an article as a page holds it: rows are lists in the order of `shown_columns`."""
    columns = shown_columns()
    rows = {
        name: [[jsonable(row.get(column)) for column, _ in columns[name]] for row in inspection.tables[name]]
        for name in columns
        if inspection.tables[name]
    }
    head = {name: jsonable(inspection.article.get(name)) for name in ARTICLE_COLUMNS}
    return {**head, "text": inspection.text, "rows": rows}


def entry(inspection: Inspection) -> list[Any]:
    """Return an article's entry in the list: id, title, day, home unit, rows per table, names to search by."""
    article = inspection.article
    names = dict.fromkeys(row["name"] for row in inspection.tables["officials"] if row["name"])
    return [
        inspection.article_id,
        article["title"] or _first_line(inspection.text),
        jsonable(article["published_on"]),
        path_of(article["home_unit_path"]),
        [len(inspection.tables[name]) for name in FACTS],
        " · ".join(list(names)[:_NAMES]),
    ]


def _first_line(text: str) -> str:
    """Return a stand-in for a missing title: the first line with words, cut at 90 code points."""
    return next((line.strip()[:90] for line in text.split("\n") if line.strip()), "")
