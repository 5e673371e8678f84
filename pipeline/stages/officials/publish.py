"""From persons and labels to the rows of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
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
    return sorted(rows, key=lambda row: row.start)


def label_rows(labelled: list[list[Item]], of: Mapping[int, Person], ids: dict[int, str]) -> list[LabelRow]:
    """Return the labels of the sentences that have an office, in reading order."""
    rows = []
    for item in chain.from_iterable(labelled):
        given, label = item.given, item.label
        name = _LABELS.get(label)
        if given is None and label not in "NTt":  # most labels are nobody's, and most of those are plain words
            if name is not None:
                rows.append(LabelRow(item.start, item.end, name))
            continue
        holder = given.person if given else of.get(item.start) if label == "N" else None
        person_id, rule = ids.get(id(holder)) if holder else None, given.rule if given else ""
        if name is None:
            rows += [LabelRow(*span, part, person_id, rule) for span, part in _parts(item.ref)]
        else:
            rows.append(LabelRow(item.start, item.end, name, person_id, rule))
    return rows


def _parts(office: Office) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the spans of the role, the organisation and the locality of a title, as far as it has them."""
    yield (office.start, office.role_end), "ROLE"
    local = len(office.pieces)
    while local and office.pieces[local - 1].word.kind in _LOCAL:
        local -= 1
    if office.pieces[:local]:
        yield (office.pieces[0].start, office.pieces[local - 1].end), "ORGANISATION"
    if office.pieces[local:]:
        yield (office.pieces[local].start, office.end), "LOCALITY"
