"""What changed between two runs: rows that appeared, vanished or have other values, table by table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pipeline.inspection import Row, by_article
from pipeline.output import Output
from pipeline.tables import TABLES

_UNCOMPARED: Final = frozenset({"article_id", "person_id", "text_sha256", "source"})
"""Keys, numbers that another person of the article may shift, what follows from the text, and the place of a file."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row in both runs with other values: column → value before and after."""

    before: Row
    after: Row
    columns: dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class TableDiff:
    """The difference of one table; rows in order of article and place."""

    table: str
    same: int = 0
    appeared: list[Row] = field(default_factory=list)
    vanished: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.appeared or self.vanished or self.changed)


def diff(before: Output, after: Output) -> Iterator[TableDiff]:
    """Yield the difference of every published table."""
    for name in TABLES:
        yield diff_table(name, before, after)


def diff_table(name: str, before: Output, after: Output) -> TableDiff:
    """Return the difference of one table.

    Rows belong together when they are of one article, start and end alike and (officials) name the same person;
    of what is left, rows that overlap do. The order of rows does not matter.
    """
    found = TableDiff(name)
    old, new = before.table(name), after.table(name)
    if old.equals(new):
        found.same = old.num_rows
        return found
    old_rows, new_rows = by_article(_named(name, before)), by_article(_named(name, after))
    for article_id in dict.fromkeys((*old_rows, *new_rows)):
        _pair(found, old_rows.get(article_id, []), new_rows.get(article_id, []))
    return found


def _named(name: str, output: Output) -> list[Row]:
    """Return the rows of a table, a mention of a person with that person's name beside the number."""
    rows: list[Row] = output.table(name).to_pylist()
    if name == "official_mentions":
        people = output.table("officials", columns=["article_id", "person_id", "name"]).to_pylist()
        names = {(row["article_id"], row["person_id"]): row["name"] for row in people}
        for row in rows:
            row["name"] = names.get((row["article_id"], row["person_id"]))
    return rows


def _pair(found: TableDiff, old: list[Row], new: list[Row]) -> None:
    waiting: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in old:
        waiting[_key(row)].append(row)
    unmatched = []
    for row in new:
        partners = waiting[_key(row)]
        if partners:
            _compare(found, partners.pop(0), row)
        else:
            unmatched.append(row)
    left = [row for rows in waiting.values() for row in rows]
    for row in unmatched:
        partner = next((other for other in left if _overlap(other, row)), None)
        if partner is None:
            found.appeared.append(row)
        else:
            left.remove(partner)
            _compare(found, partner, row)
    found.vanished += left


def _key(row: Row) -> tuple[Any, ...]:
    return row["article_id"], row.get("start"), row.get("end"), row.get("name") if "person_id" in row else None


def _overlap(one: Row, other: Row) -> bool:
    return bool("start" in one and one["start"] < other["end"] and other["start"] < one["end"])


def _compare(found: TableDiff, old: Row, new: Row) -> None:
    names = [name for name in dict.fromkeys((*old, *new)) if name not in _UNCOMPARED]
    columns = {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}
    if columns:
        found.changed.append(Change(old, new, columns))
    else:
        found.same += 1
