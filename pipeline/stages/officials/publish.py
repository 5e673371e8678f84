"""From persons and labels to the rows of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from operator import attrgetter
from typing import Final

from pipeline.stages.officials.labels import Item
from pipeline.stages.officials.mentions import Standing
from pipeline.stages.officials.model import Office
from pipeline.stages.officials.persons import Holding, Person
from pipeline.stages.officials.titles import Meaning
from pipeline.tables import LabelRow, OfficialMentionRow, OfficialRow

_LABELS: Final = {
    "N": "NAME",
    "C": "SOURCE",
    "O": "PRONOUN",
    "H": "HONORIFIC",
    "P": "HONORIFICS",
    "R": "RANK",
    "m": "NUMBER",
    "F": "FORMER",
    "k": "CONCURRENTLY",
    "&": "AND",
    "+": "WITH",
    "l": "IS",
    "b": "WHILE",
    "Z": "THEN",
    "a": "APPOINTED",
    "q": "RELIEVED",
    "e": "POST",
    "d": "OF",
    "u": "FROM",
    "s": "TO",
    "w": "ON_BEHALF_OF",
    "W": "IN_PLACE_OF",
    "A": "SAYS",
    "K": "KIN",
    "p": "BY",
    "g": "ACCORDING_TO",
    "v": "IN_CHARGE_OF",
    "z": "ACTS",
    "y": "AGE",
    "i": "SUCH_AS",
    ",": "COMMA",
    ";": "SEMICOLON",
    ":": "COLON",
    "-": "DASH",
    "(": "BRACKET_OPEN",
    ")": "BRACKET_CLOSE",
    ".": "STOP",
    '"': "QUOTE",
    "/": "SLASH",
}
"""Readable names of the labels of `labels`; offices are shown in their parts, words that say nothing are not."""
_TITLES: Final = frozenset("Tt")
_LOCAL: Final = frozenset({"type", "place"})
"""Kinds of the pieces at the end of a title that name its locality."""


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
    rows.sort(key=attrgetter("start"))
    return rows


def label_rows(labelled: list[list[Item]], of: Mapping[int, Person], ids: dict[int, str]) -> list[LabelRow]:
    """Return the labels of the sentences that have an office, in reading order."""
    rows: list[LabelRow] = []
    for item in chain.from_iterable(labelled):
        given, label = item.given, item.label
        name = _LABELS.get(label)
        if name is None and label not in _TITLES:
            continue
        person_id, rule = None, ""
        if given is not None:
            person_id, rule = ids.get(id(given.person)), given.rule
        elif label == "N" and (holder := of.get(item.start)) is not None:
            person_id = ids.get(id(holder))
        if name is None:
            rows += _title_rows(item.ref, person_id, rule)
        else:
            rows.append(LabelRow(item.start, item.end, name, person_id, rule))
    return rows


def _title_rows(office: Office, person_id: str | None, rule: str) -> list[LabelRow]:
    """Return the role, the organisation and the locality of a title, as far as it has them."""
    rows = [LabelRow(office.start, office.role_end, "ROLE", person_id, rule)]
    pieces = office.pieces
    local = len(pieces)
    while local and pieces[local - 1].word.kind in _LOCAL:
        local -= 1
    if local:
        rows.append(LabelRow(pieces[0].start, pieces[local - 1].end, "ORGANISATION", person_id, rule))
    if local < len(pieces):
        rows.append(LabelRow(pieces[local].start, office.end, "LOCALITY", person_id, rule))
    return rows
