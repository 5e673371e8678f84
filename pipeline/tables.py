"""The tables: one declaration per row type.

Arrow schemas, column descriptions, the data dictionary and the row constructors that stages call all come from
the dataclasses below. Offsets in rows are offsets of the document's view until `pipeline.columns` maps them to
the text as received; that is also where `article_id` and `text` are added.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, Literal

import pyarrow as pa

Source = Literal["row", "article_id", "text", "start", "end", "offset"]
PATH: Final = pa.list_(pa.string())
MOMENT: Final = pa.timestamp("ms", tz="+07:00")
"""Parquet has no coarser unit than milliseconds."""
AMOUNT: Final = pa.decimal128(24, 2)

_ID = ("article_id", pa.string(), "Key of the article; joins every table")
_TEXT = ("text", pa.string(), "The mention as written: articles.text[start:end]")


def column(arrow: pa.DataType, description: str, *, default: Any = None, source: Source = "row") -> Any:
    """Declare a column: its Arrow type, its one-line description and the value it has when a stage is silent."""
    metadata = {"arrow": arrow, "description": description, "source": source}
    if isinstance(default, list):
        return field(default_factory=lambda: list(default), metadata=metadata)
    return field(default=default, metadata=metadata)


def _start() -> Any:
    return column(pa.int32(), "First code point of the mention in articles.text", default=0, source="start")


def _end() -> Any:
    return column(pa.int32(), "Code point after the mention in articles.text (half open)", default=0, source="end")


def _rule() -> Any:
    return column(pa.string(), "Id of the rule that produced the row", default="")


@dataclass(slots=True)
class ArticleRow:
    """One document."""

    source: str = column(pa.string(), "File (and line) that the document was read from", default="")
    url: str | None = column(pa.string(), "Address of the page, from metadata")
    title: str | None = column(pa.string(), "Headline; null where the document has none")
    author: str | None = column(pa.string(), "Byline; an agency or desk only where no person is named")
    published_at: dt.datetime | None = column(MOMENT, "Moment of publication, where metadata or text give a clock time")
    published_on: dt.date | None = column(pa.date32(), "Day of publication: metadata, else the article's own date line")
    home_unit_path: list[str] | None = column(
        PATH, "Lowest unit that covers the article's local news, province first; null for national news"
    )
    home_unit_code: str | None = column(pa.string(), "General Statistics Office code of the home unit")
    text_sha256: str = column(pa.string(), "SHA-256 of the text in UTF-8, hexadecimal", default="")
    duplicate_of: str | None = column(pa.string(), "article_id of the earliest article that this one repeats")


@dataclass(slots=True)
class DateRow:
    """A calendar expression."""

    start: int = _start()
    end: int = _end()
    kind: str = column(pa.string(), "DATE (a point or stretch of the calendar), DURATION or SET", default="DATE")
    date_from: dt.date | None = column(pa.date32(), "First day; null where it cannot be decided")
    date_to: dt.date | None = column(pa.date32(), "Last day (inclusive); null where it cannot be decided")
    granularity: str | None = column(pa.string(), "day, week, month, quarter, year or range")
    part_of_day: str | None = column(pa.string(), "morning, noon, afternoon, evening or night")
    calendar: str = column(pa.string(), "gregorian or lunar (as written; the value is Gregorian)", default="gregorian")
    resolved_from: str | None = column(
        pa.string(), "What supplied the missing parts: text, publication, context; null where nothing could"
    )
    rule: str = _rule()


@dataclass(slots=True)
class OfficialRow:
    """A person and one position that the text gives them."""

    start: int = _start()
    end: int = _end()
    person_id: str = column(pa.string(), "The person within the article", default="")
    name: str = column(pa.string(), "The person's name, as fully as the article gives it", default="")
    honorific: str | None = column(pa.string(), "Form of address, rank or degree (đồng chí, ông, Đại tá, TS)")
    title: str = column(pa.string(), "The position as written", default="")
    title_norm: str = column(pa.string(), "The position with abbreviations spelled out", default="")
    role: str | None = column(pa.string(), "The role in the position (Chủ tịch, Phó Bí thư)")
    organization: str | None = column(pa.string(), "The body the role belongs to, spelled out")
    branch: str | None = column(
        pa.string(),
        "party, government, council, front, mass_organization, military, police, judiciary, public_body, "
        "residential, business or foreign",
    )
    level: str | None = column(pa.string(), "central, province, district, commune or hamlet")
    unit_path: list[str] | None = column(PATH, "Locality of the office, province first")
    unit_code: str | None = column(pa.string(), "Code of the locality of the office")
    former: bool = column(pa.bool_(), "Whether the text calls the position a past one", default=False)
    rule: str = _rule()


@dataclass(slots=True)
class OfficialMentionRow:
    """A place in the text where a person of `officials` is mentioned."""

    start: int = _start()
    end: int = _end()
    person_id: str = column(pa.string(), "The person within the article", default="")
    kind: str = column(pa.string(), "name (full), short_name, or title (standing for the person)", default="name")


@dataclass(slots=True)
class LocalityRow:
    """A named Vietnamese administrative unit."""

    start: int = _start()
    end: int = _end()
    level: str = column(pa.string(), "province, district, commune or hamlet", default="")
    path: list[str] | None = column(PATH, "Names from the province down, as far as they are certain")
    unit_code: str | None = column(pa.string(), "Code in force on the day of publication; null for hamlets")
    current_code: list[str] | None = column(PATH, "Code of the unit or units that it belongs to today")
    resolved_by: str | None = column(pa.string(), "What decided among the candidates")
    rule: str = _rule()


@dataclass(slots=True)
class ModelCountRow:
    """A counted set of models, exemplars, projects and tasks, or groups."""

    start: int = _start()
    end: int = _end()
    count: int | None = column(pa.int64(), "How many; null for vague numbers and ranges")
    qualifier: str | None = column(pa.string(), "more_than, at_least, nearly, about or null")
    unit: str = column(pa.string(), "What is counted: the head noun or coordinated pair as written", default="")
    name: str | None = column(pa.string(), "The name of the model, quoted or following")
    status: str | None = column(pa.string(), "registered, built, maintained, recognised, commended or null")
    part_of: int | None = column(pa.int32(), "Start of the row that this one is a part of", source="offset")
    period_from: dt.date | None = column(pa.date32(), "First day of the stretch that the count speaks of")
    period_to: dt.date | None = column(pa.date32(), "Last day of that stretch")
    unit_path: list[str] | None = column(PATH, "Locality that the count speaks of, province first")
    unit_code: str | None = column(pa.string(), "Code of that locality")
    rule: str = _rule()


@dataclass(slots=True)
class MoneyRow:
    """An amount of money."""

    start: int = _start()
    end: int = _end()
    amount_min: Decimal | None = column(AMOUNT, "Lower end in units of the currency; null for vague amounts")
    amount_max: Decimal | None = column(AMOUNT, "Upper end; equal to amount_min unless a range")
    currency: str = column(pa.string(), "ISO 4217 code", default="VND")
    qualifier: str | None = column(pa.string(), "more_than, at_least, at_most, less_than, nearly, about or null")
    per: str | None = column(pa.string(), "What the amount is per, as written (/người/tháng, mỗi hộ)")
    period_from: dt.date | None = column(pa.date32(), "First day of the stretch that the amount speaks of")
    period_to: dt.date | None = column(pa.date32(), "Last day of that stretch")
    unit_path: list[str] | None = column(PATH, "Locality that the amount speaks of, province first")
    unit_code: str | None = column(pa.string(), "Code of that locality")
    rule: str = _rule()


@dataclass(slots=True)
class PartRow:
    """Stage output of layout: a line of the document and what it is."""

    start: int = _start()
    end: int = _end()
    kind: str = column(
        pa.string(), "kicker, title, date_line, lead, body, heading, caption, author, credit or furniture", default=""
    )
    rule: str = _rule()


@dataclass(slots=True)
class SentenceRow:
    """Stage output of sentences: one sentence inside one part (furniture has none)."""

    start: int = _start()
    end: int = _end()
    part: str = column(pa.string(), "Kind of the part that it stands in", default="")
    paragraph: int = column(pa.int32(), "Number of the part, from 0", default=0)


@dataclass(slots=True)
class CandidateRow:
    """Stage output of an extractor: every candidate span, kept or dropped, and why."""

    start: int = _start()
    end: int = _end()
    kept: bool = column(pa.bool_(), "Whether the candidate became a row", default=True)
    value: str | None = column(pa.string(), "Its value in short form")
    reason: str | None = column(pa.string(), "Why it was dropped, or what decided its value")
    rule: str = _rule()


@dataclass(slots=True)
class LabelRow:
    """Stage output of officials: the labels that the office grammar reads."""

    start: int = _start()
    end: int = _end()
    label: str = column(
        pa.string(),
        "HONORIFIC, RANK, NAME, a part of a title (ROLE, ORGANISATION, LOCALITY), a cue (AND, IS, FORMER …) "
        "or a mark (COMMA, DASH …); plain words have no row, nor have cues and marks that stand among them only",
        default="",
    )
    person_id: str | None = column(pa.string(), "The person that the label went to, the first of several; null if none")
    rule: str = _rule()


@dataclass(slots=True)
class LinkRow:
    """Stage output of scope: which date and which locality govern an amount or a count, and why."""

    start: int = _start()
    end: int = _end()
    table: str = column(pa.string(), "money or model_counts", default="")
    date_start: int | None = column(pa.int32(), "Start of the governing date", source="offset")
    locality_start: int | None = column(pa.int32(), "Start of the governing locality", source="offset")
    period_by: str | None = column(pa.string(), "Where the period came from: sentence, paragraph, repeated or null")
    unit_by: str | None = column(pa.string(), "Where the unit came from: sentence, paragraph, home or null")


@dataclass(frozen=True)
class Column:
    """A column of a published table."""

    name: str
    arrow: pa.DataType
    description: str
    source: Source


@dataclass(frozen=True)
class Table:
    """A published table: its name, what a row is, its columns, and the Arrow schema made of them."""

    name: str
    description: str
    row_type: type
    columns: tuple[Column, ...]

    @cached_property
    def schema(self) -> pa.Schema:
        """Return the Arrow schema; each field carries its description in its metadata."""
        return pa.schema(
            [pa.field(c.name, c.arrow, metadata={"description": c.description}) for c in self.columns],
            metadata={"description": self.description},
        )


def _table(name: str, row_type: type) -> Table:
    columns = [
        Column(f.name, f.metadata["arrow"], f.metadata["description"], f.metadata["source"])
        for f in dataclasses.fields(row_type)
    ]
    columns.insert(0, Column(*_ID, source="article_id"))
    after = next((i for i, c in enumerate(columns, 1) if c.source == "end"), None)
    if after is not None:
        columns.insert(after, Column(*_TEXT, source="text"))
    if row_type is ArticleRow:
        columns.insert(-2, Column("text", pa.string(), "The document as received", source="text"))
    description = (row_type.__doc__ or "").split("\n")[0]
    return Table(name, description, row_type, tuple(columns))


TABLES: Final = {
    table.name: table
    for table in (
        _table("articles", ArticleRow),
        _table("dates", DateRow),
        _table("officials", OfficialRow),
        _table("official_mentions", OfficialMentionRow),
        _table("localities", LocalityRow),
        _table("model_counts", ModelCountRow),
        _table("money", MoneyRow),
    )
}
"""The tables that users load, by name."""

STAGE_TABLES: Final = {
    table.name: table
    for table in (
        _table("01_layout", PartRow),
        _table("02_sentences", SentenceRow),
        _table("03_dates", CandidateRow),
        _table("04_localities", CandidateRow),
        _table("05_officials", LabelRow),
        _table("06_money", CandidateRow),
        _table("07_model_counts", CandidateRow),
        _table("08_scope", LinkRow),
    )
}
"""What each stage leaves for inspection, by name of its file under `stages/`."""

REJECTS: Final = pa.schema(
    [
        pa.field("source", pa.string(), metadata={"description": "File (and line) of the rejected input"}),
        pa.field("article_id", pa.string(), metadata={"description": "Its id, where it had one"}),
        pa.field("reason", pa.string(), metadata={"description": "Short reason, the same for the same fault"}),
        pa.field("detail", pa.string(), metadata={"description": "What was wrong, where, and what to do"}),
    ],
    metadata={"description": "Input that gave no rows, and why"},
)
