"""Titles that stand alone for a person the article names: `Phó Chủ tịch nước nhấn mạnh …`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from pipeline.stages.officials.model import Office
from pipeline.stages.officials.persons import Person, Words
from pipeline.stages.officials.rules import NameFile, OfficeFile
from pipeline.stages.officials.titles import TitleReader

_LAST_WORD: Final = re.compile(r"([^\W_]+)\W*$")
_CAPITAL: Final = re.compile(r" ([^\W\d_]+)")
_MARKS: Final = frozenset({",", ";", "/"})
_BEFORE: Final = 16
"""Code points read before a title to see whether it speaks of one holder."""
_IN_PASSING: Final = 6
"""How many times as often another holder is named where a foreign one is named in passing."""


class Standing(NamedTuple):
    """A title that stands for a person."""

    start: int
    end: int
    person: Person


class MentionFinder:
    """Finds the holder of a title that stands alone.

    Args:
        names: Words that open a sentence where they are capitalised.
        offices: The words around a title that make it speak of any holder; roles that alone mean nobody.
        words: Spelled-out title → its words, by which offices are compared.
        titles: What spells titles and roles out.
    """

    def __init__(self, offices: OfficeFile, names: NameFile, words: Mapping[str, Words], titles: TitleReader) -> None:
        self.opens = frozenset(word.lower() for word in names.not_in_name)
        self.joins = _MARKS.union(offices.words.joins)
        self.generic = frozenset(offices.generic_before)
        self.generic_after = tuple(offices.generic_after)
        self.crowd = tuple(offices.crowd_roles)
        self.words = words
        self.titles = titles

    def find(self, text: str, offices: list[Office], persons: list[Person], abroad: set[int]) -> list[Standing]:
        """Return the titles among `offices` that have exactly one holder among `persons`.

        Args:
            text: The text.
            offices: The titles that were given to nobody.
            persons: The holders of offices.
            abroad: Identities of those who hold a foreign office: where they are named in passing, another is meant.
        """
        holders: defaultdict[str, list[tuple[Person, frozenset[str]]]] = defaultdict(list)
        for person in persons:
            for holding in person.holdings:
                if not holding.former:
                    holders[holding.role].append((person, holding.key))
        plain = self.titles.plain
        candidates = [
            (office, role)
            for office in offices
            if (role := plain[office.role]) in holders and not office.former and self._stands(text, office)
        ]
        if not candidates:
            return []
        generic = self._generic(text, offices)
        standing: list[Standing] = []
        meant: dict[str, Person | None] = {}
        for office, role in candidates:
            if office.start in generic:
                continue
            title = text[office.start : office.end]
            if title not in meant:
                key, bare = self.words[self.titles.spelled[title]].key, self.words[role].key
                meant[title] = _only_holder(key, bare, holders[role], abroad, fuller=not _unplaced(office))
            if (holder := meant[title]) is not None:
                standing.append(Standing(office.start, office.end, holder))
        return standing

    def _stands(self, text: str, office: Office) -> bool:
        """Tell whether a title can stand for a person: whole, and of an office that one person holds."""
        if office.role.endswith(self.crowd) or (not office.pieces and not text[office.start].isupper()):
            return False
        cut = _CAPITAL.match(text, office.end)  # `Thủ tướng Chính phủ Vương quốc …`
        return cut is None or office.complete or not cut[1].istitle() or cut[1].lower() in self.opens

    def _generic(self, text: str, offices: list[Office]) -> set[int]:
        """Return the starts of the offices that are spoken of whoever holds them, with those listed beside them."""
        found: set[int] = set()
        listed: list[Office] = []
        for office in offices:
            if listed and text[listed[-1].end : office.start].strip() not in self.joins:
                listed = []
            listed.append(office)
            if listed[0].start in found or self._means_any(text, office):
                found.update(other.start for other in listed)
        return found

    def _means_any(self, text: str, office: Office) -> bool:
        before = _LAST_WORD.search(text, max(0, office.start - _BEFORE), office.start)
        if before is not None and before[1].lower() in self.generic:
            return True
        return text.startswith(self.generic_after, office.end)


def _unplaced(office: Office) -> bool:
    """Tell whether a title holds a proper noun that no stage before has found to be a place, or a firm."""
    words = [piece.word for piece in office.pieces]
    return any((word.kind == "place" and not word.level) or word.branch == "business" for word in words)


def _only_holder(
    key: frozenset[str],
    bare: frozenset[str],
    holders: list[tuple[Person, frozenset[str]]],
    abroad: set[int],
    *,
    fuller: bool,
) -> Person | None:
    """Return the one person whose office has all the words of a title, or whose title it makes fuller."""
    fits = {id(person): person for person, known in holders if key <= known}
    if len(fits) > 1 and not abroad.isdisjoint(fits):
        guests = sum(len(person.namings) for at, person in fits.items() if at in abroad)
        fits = {at: p for at, p in fits.items() if at not in abroad and len(p.namings) >= _IN_PASSING * guests}
    if not fits and fuller:
        fits = {id(person): person for person, known in holders if bare < known < key}
    return next(iter(fits.values())) if len(fits) == 1 else None
