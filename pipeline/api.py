"""The Python API: a text in, typed rows out.

>>> from pipeline import extract
>>> found = extract("Sáng 20/9, tỉnh Quảng Nam ra mắt 12 mô hình.", published_at="2023-09-21")
>>> found.article.published_on
datetime.date(2023, 9, 21)
>>> sorted(found.to_pandas())
['articles', 'dates', 'localities', 'model_counts', 'money', 'official_mentions', 'officials']
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import columns
from pipeline.document import Document
from pipeline.extractor import Extractor
from pipeline.tables import (
    STAGE_TABLES,
    TABLES,
    ArticleRow,
    DateRow,
    LocalityRow,
    ModelCountRow,
    MoneyRow,
    OfficialMentionRow,
    OfficialRow,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True)
class Extraction:
    """The facts of one text, a list of rows for each table; offsets are code points of `text`, half open."""

    article_id: str
    text: str
    article: ArticleRow
    dates: list[DateRow]
    officials: list[OfficialRow]
    official_mentions: list[OfficialMentionRow]
    localities: list[LocalityRow]
    model_counts: list[ModelCountRow]
    money: list[MoneyRow]
    stages: dict[str, list[Any]] = dataclasses.field(repr=False)
    """What each stage left for inspection, by table name (`01_layout`, `02_sentences`, …)."""
    _document: Document = dataclasses.field(repr=False, compare=False)

    def quote(self, row: Any) -> str:
        """Return the words of the text that a row stands on."""
        return self.text[row.start : row.end]

    def to_arrow(self) -> dict[str, pa.Table]:
        """Return table name → Arrow table, with the schemas of a run's Parquet files."""
        return {name: columns.build_table(table, [self._document]) for name, table in TABLES.items()}

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """Return table name → DataFrame; every one has `article_id`, days are `datetime64`, amounts exact decimals."""
        return {name: table.to_pandas(date_as_object=False) for name, table in self.to_arrow().items()}


def extract(
    text: str,
    *,
    published_at: dt.date | dt.datetime | str | None = None,
    article_id: str = "text",
    title: str | None = None,
    author: str | None = None,
    url: str | None = None,
    rules: Path | str | None = None,
) -> Extraction:
    """Return the facts of one text.

    Args:
        text: The article, headline and body.
        published_at: Day or moment of publication (a string is read as ISO 8601). Dates without a year and places
            whose borders changed are decided against it; without it the text's own date line is used.
        article_id: Key of the rows.
        title: Headline, where it is known; metadata beats what the text says.
        author: Byline, likewise.
        url: Address of the page.
        rules: Folder of rule files that replace shipped ones of the same name.

    Raises:
        ValueError: If `published_at` is a string that is not ISO 8601.
        RuleError: If a rule file is broken.
    """
    when = moment(published_at) if isinstance(published_at, str) else published_at
    document = Document(article_id, text, url=url, title=title, author=author, published_at=when)
    rows = _extractor(Path(rules) if rules is not None else None).process(document).rows
    found = {name: _in_original(document, rows.get(name, [])) for name in TABLES if name != "articles"}
    stages = {name: _in_original(document, rows.get(name, [])) for name in STAGE_TABLES}
    article = dataclasses.replace(rows["articles"][0], text_sha256=columns.text_sha256(text))
    return Extraction(article_id, text, article, **found, stages=stages, _document=document)


def moment(value: str) -> dt.date | dt.datetime:
    """Return the day (`2023-09-21`) or moment (`2023-09-21T08:30:00+07:00`) that an ISO 8601 string names.

    Raises:
        ValueError: If it is neither.
    """
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return dt.datetime.fromisoformat(value)


@cache
def _extractor(rules: Path | None) -> Extractor:
    """Return the extractor for an overlay, prepared once: preparing costs more than many articles."""
    return Extractor(overlay=rules)


def _in_original(document: Document, rows: list[Any]) -> list[Any]:
    return [_moved(document, row) for row in rows]


def _moved(document: Document, row: Any) -> Any:
    """Return a copy of the row whose offsets are those of the text as received."""
    start, end = document.view.to_original(row.start, row.end)
    offsets = {
        field.name: document.view.to_original(at, at + 1)[0]
        for field in dataclasses.fields(row)
        if field.metadata.get("source") == "offset" and (at := getattr(row, field.name)) is not None
    }
    return dataclasses.replace(row, start=start, end=end, **offsets)
