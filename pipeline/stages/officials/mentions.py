"""Titles that stand alone for a person the article names: `Phó Chủ tịch nước nhấn mạnh …`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from pipeline.stages.officials.offices import Office
from pipeline.stages.officials.persons import Person, title_key

_LAST_WORD: Final = re.compile(r"([^\W_]+)\W*$")
_BEFORE: Final = 16
"""Code points read before a title to see whether it speaks of one holder."""


class Standing(NamedTuple):
    """A title that stands for a person."""

    start: int
    end: int
    person: Person


class MentionFinder:
    """Finds the holder of a title that stands alone.

    Args:
        generic: Words before a title that make it speak of any holder (`các`, `chức`).
        crowd: Roles that many have at a time, so that alone they mean nobody (`đại biểu`).
        spell_out: What turns a title into the form that holdings are compared in.
    """

    def __init__(self, generic: Iterable[str], crowd: Iterable[str], spell_out: Callable[[str], str]) -> None:
        self.generic = frozenset(generic)
        self.crowd = tuple(crowd)
        self.spell_out = spell_out

    def find(self, text: str, offices: list[Office], persons: list[Person]) -> Iterator[Standing]:
        """Yield the titles among `offices` that have exactly one holder among `persons`."""
        holders = [
            (person, holding.key, self._role(holding.role), holding.former)
            for person in persons
            for holding in person.holdings
        ]
        for office in offices:
            if office.former or not self._speaks_of_one(text, office):
                continue
            key = title_key(self.spell_out(text[office.start : office.end]))
            role = self._role(office.role)
            fits = {id(p): p for p, known, held, former in holders if held == role and not former and key <= known}
            if not fits:
                fits = {id(p): p for p, known, held, former in holders if held == role and not former and known < key}
            if len(fits) == 1:
                yield Standing(office.start, office.end, next(iter(fits.values())))

    def _role(self, role: str) -> str:
        return self.spell_out(role).lower()

    def _speaks_of_one(self, text: str, office: Office) -> bool:
        if office.role.endswith(self.crowd):
            return False
        if not office.pieces and not text[office.start].isupper():
            return False
        before = _LAST_WORD.search(text, max(0, office.start - _BEFORE), office.start)
        if before is not None and before[1].lower() in self.generic:
            return False
        return text[office.end : office.end + 5] not in {", thà", ", quậ", ", huy", ", phư", ", các", " các "}
