"""From persons and labels to the rows of the tables."""

from __future__ import annotations

from typing import Final

from pipeline.stages.officials.labels import Item
from pipeline.stages.officials.mentions import Standing
from pipeline.stages.officials.persons import Holding, People, Person
from pipeline.stages.officials.titles import Meaning
from pipeline.tables import LabelRow, OfficialMentionRow, OfficialRow

SHOWN: Final = frozenset("NTtHRPC")
"""Labels that are kept for inspection: those that stand for persons and offices."""


def number(holders: list[Person]) -> dict[int, str]:
    """Return the ids of persons (`p1`, `p2` in reading order) by the identity of the person."""
    return {id(person): f"p{at}" for at, person in enumerate(holders, 1)}


def official_row(person: Person, person_id: str, holding: Holding, meaning: Meaning, title: str) -> OfficialRow:
    """Return the row of one person and one office."""
    return OfficialRow(
        start=holding.office.start,
        end=holding.office.end,
        person_id=person_id,
        name=person.name,
        honorific=person.honorific,
        title=title,
        title_norm=meaning.title_norm,
        role=meaning.role,
        organization=meaning.organization,
        branch=meaning.branch,
        level=meaning.level,
        unit_path=meaning.unit_path,
        unit_code=meaning.unit_code,
        former=holding.former,
        rule=holding.rule,
    )


def mention_rows(holders: list[Person], standing: list[Standing], ids: dict[int, str]) -> list[OfficialMentionRow]:
    """Return every naming of the holders, and the titles that stand for them, in reading order."""
    rows = [
        OfficialMentionRow(name.start, name.end, ids[id(person)], "name" if name.full else "short_name")
        for person in holders
        for name in person.namings
    ]
    rows += [OfficialMentionRow(title.start, title.end, ids[id(title.person)], "title") for title in standing]
    return sorted(rows, key=lambda row: row.start)


def label_rows(labelled: list[list[Item]], people: People, ids: dict[int, str]) -> list[LabelRow]:
    """Return the labels of persons and offices, in reading order."""
    rows = []
    for item in (item for row in labelled for item in row if item.label in SHOWN):
        person = people.of.get(item.start) if item.label == "N" else None
        rows.append(LabelRow(item.start, item.end, item.label, ids.get(id(person)) if person else None))
    return rows
