"""From persons and labels to the rows of the tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import attrgetter
from typing import Final

from pipeline.stages.officials.labels import Row
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
_SHOWN: Final = re.compile(r"(?<![^x])[^xNCOHPRTt]*+[NCOHPRTt][^x]*+")
"""Labels that no plain words part, one of a person or a title among them: what else is said tells nothing of these."""
_GIVEN: Final = frozenset("NOT")
"""Labels of which the grammar makes something: persons and titles."""
_LOCAL: Final = frozenset({"type", "place"})
"""Kinds of the pieces at the end of a title that name its locality."""


Given = tuple[Person, str]
"""The first person that a label went to, and the construction that gave it."""


def number(holders: list[Person]) -> dict[int, str]:
    """Return the ids of persons (`p1`, `p2` in reading order) by the identity of the person."""
    return {id(person): f"p{at}" for at, person in enumerate(holders, 1)}


def official_row(person: Person, person_id: str, holding: Holding, meaning: Meaning, title: str) -> OfficialRow:
    """Return the row of one person and one office."""
    start, end, former, rule = holding.office.start, holding.office.end, holding.former, holding.rule
    # A meaning is the row's fields from `title_norm` to `unit_code`, in order; by name they take twice as long.
    return OfficialRow(start, end, person_id, person.name, person.honorific, title, *meaning, former, rule)


def mention_rows(holders: list[Person], standing: list[Standing], ids: dict[int, str]) -> list[OfficialMentionRow]:
    """Return every naming of the holders, and the titles that stand for them, in reading order."""
    rows = [
        OfficialMentionRow(name.start, name.end, person_id, "name" if name.full else "short_name")
        for person in holders
        for person_id in (ids[id(person)],)
        for name in person.namings
    ]
    rows += [OfficialMentionRow(title.start, title.end, ids[id(title.person)], "title") for title in standing]
    rows.sort(key=attrgetter("start"))
    return rows


def label_rows(
    labelled: list[Row],
    offices: Mapping[int, Office],
    given: Mapping[int, Given],
    of: Mapping[int, Person],
    ids: dict[int, str],
) -> list[LabelRow]:
    """Return the labels beside persons and titles of the sentences that have an office, in reading order.

    Args:
        labelled: The sentences.
        offices: The offices by where they start.
        given: What the grammar has given, by where it starts.
        of: The persons by where they are named.
        ids: The ids of persons.
    """
    rows: list[LabelRow] = []
    for row in labelled:
        for begin, stop in _stretches(row.string):
            for start, end, label in row.labels[begin:stop]:
                if label in _GIVEN:
                    person, rule = given[start] if start in given else (of.get(start), "")
                    person_id = ids.get(id(person))
                    if label == "T":
                        rows += _title_rows(offices[start], person_id, rule)
                    else:
                        rows.append(LabelRow(start, end, _LABELS[label], person_id, rule))
                elif label in _LABELS:
                    rows.append(LabelRow(start, end, _LABELS[label]))
    return rows


def _stretches(labels: str) -> list[tuple[int, int]]:
    """Return the stretches of a sentence's labels that are shown: those with a person or a title among them."""
    if "x" not in labels:
        return [(0, len(labels))]
    return [match.span() for match in _SHOWN.finditer(labels)]


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
