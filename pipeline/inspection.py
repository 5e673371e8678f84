"""One article with everything found in it: what `show`, `why` and the report look at.

It comes from a finished run or from a text that was never in one; the shape is the same, with all offsets in the
text as received.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from pipeline import columns
from pipeline.document import Document
from pipeline.output import Output, OutputError
from pipeline.tables import STAGE_TABLES, TABLES

if TYPE_CHECKING:
    from pipeline.extractor import Extractor

Row = dict[str, Any]

FACTS: Final = tuple(name for name in TABLES if name != "articles")
"""Tables whose rows are mentions in the text."""

STAGE_OUTPUT: Final = {name.partition("_")[2]: name for name in STAGE_TABLES}
"""Stage → the table that it leaves for inspection."""

STAGE_FACTS: Final = {
    "dates": ("dates",),
    "localities": ("localities",),
    "officials": ("officials", "official_mentions"),
    "money": ("money",),
    "model_counts": ("model_counts",),
}
"""Stage → the published tables that it fills."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """An article's row and the rows of every table and stage output, as plain values."""

    article: Row
    tables: dict[str, list[Row]]

    @property
    def article_id(self) -> str:
        """Return the article's id."""
        return str(self.article["article_id"])

    @property
    def text(self) -> str:
        """Return the text as received."""
        return str(self.article["text"])

    def as_json(self) -> dict[str, Any]:
        """Return it ready for `json.dumps`: days as ISO strings, exact amounts as decimal strings."""
        return {"article": jsonable(self.article), "tables": jsonable(self.tables)}


def jsonable(value: Any) -> Any:
    """Return `value` with days, moments and decimals as strings, deep through lists and mappings."""
    if isinstance(value, dict):
        return {key: jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain_decimal(value)
    return value


def plain_decimal(value: Decimal) -> str:
    """Return the shortest exact decimal notation without an exponent (`3600000000`, `15.5`)."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def from_document(document: Document, extractor: Extractor) -> Inspection:
    """Run all stages over the document and return what they found."""
    found = {name: table.to_pylist() for name, table in columns.build([extractor.process(document)]).items()}
    (article,) = found.pop("articles")
    return Inspection(article, found)


def from_output(output: Output, article_ids: list[str]) -> Iterator[Inspection]:
    """Yield the articles of a run in the order of `article_ids`.

    Raises:
        OutputError: If the run has no article of that id.
    """
    articles = {row["article_id"]: row for row in output.table("articles", article_ids).to_pylist()}
    found = {name: by_article(output.table(name, article_ids).to_pylist()) for name in (*FACTS, *STAGE_TABLES)}
    for article_id in article_ids:
        if article_id not in articles:
            raise OutputError(f"{output.folder}: no article {article_id!r}; give an id of its articles.parquet")
        yield Inspection(articles[article_id], {name: rows.get(article_id, []) for name, rows in found.items()})


def sampled(article_ids: list[str], size: int | None) -> list[str]:
    """Return `size` ids spread evenly over the run, in its order; all of them where `size` is None or enough."""
    total = len(article_ids)
    if size is None or size >= total:
        return article_ids
    return [article_ids[number * total // size] for number in range(size)]


def by_article(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return article_id → its rows, in their order."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["article_id"], []).append(row)
    return grouped


def overlapping(rows: Iterable[Row], start: int, end: int) -> list[Row]:
    """Return the rows whose span shares a code point with `[start, end)`."""
    return [row for row in rows if row["start"] < end and start < row["end"]]


def value_of(table: str, row: Row) -> str:
    """Return the value of a row in short form, for people."""
    return _VALUES.get(table, _stage_value)(row)


def _date(row: Row) -> str:
    return span_of_days(row["date_from"], row["date_to"]) or (
        "undecided" if row["kind"] == "DATE" else row["kind"].lower()
    )


def span_of_days(first: dt.date | str | None, last: dt.date | str | None) -> str:
    """Return `first … last`, a single day where they are equal, and an empty string where both are unknown."""
    if first is None and last is None:
        return ""
    return str(first) if first == last else f"{first or '?'} … {last or '?'}"


def path_of(path: list[str] | None) -> str:
    """Return a locality's path as one string, province first."""
    return " / ".join(path or [])


def _locality(row: Row) -> str:
    return " · ".join(filter(None, (path_of(row["path"]) or "undecided", row["level"], row["unit_code"])))


def _official(row: Row) -> str:
    former = "former" if row["former"] else None
    return " · ".join(filter(None, (row["name"], row["title_norm"] or row["title"], former)))


def _amount(row: Row) -> str:
    low, high = row["amount_min"], row["amount_max"]
    number = "?" if low is None and high is None else " … ".join(dict.fromkeys(map(_grouped, (low, high))))
    parts = (f"{number} {row['currency']}", row["qualifier"], row["per"], *_scope(row))
    return " · ".join(filter(None, parts))


def _grouped(value: Decimal | str | None) -> str:
    return "?" if value is None else f"{Decimal(value).normalize():,f}"


def _count(row: Row) -> str:
    number = "?" if row["count"] is None else f"{row['count']:,}"
    return " · ".join(
        filter(None, (f"{number} {row['unit']}", row["qualifier"], row["name"], row["status"], *_scope(row)))
    )


def _scope(row: Row) -> tuple[str, str]:
    return span_of_days(row["period_from"], row["period_to"]), path_of(row["unit_path"])


def _mention(row: Row) -> str:
    return f"{row['kind']} of {row.get('name') or row['person_id']}"


def _stage_value(row: Row) -> str:
    shown = ("kind", "part", "label", "value", "reason", "period_by", "unit_by", "person_id")
    dropped = "dropped" if row.get("kept") is False else None
    return " · ".join(filter(None, (dropped, *(str(row[name]) for name in shown if row.get(name) is not None))))


_VALUES: Final = {
    "dates": _date,
    "localities": _locality,
    "officials": _official,
    "official_mentions": _mention,
    "money": _amount,
    "model_counts": _count,
}
