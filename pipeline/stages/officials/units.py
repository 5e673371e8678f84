"""The unit whose office a title is: named in it or behind it, told by the titles beside it, else by the article."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

from pipeline.document import Document
from pipeline.gazetteer import Unit
from pipeline.stages.officials.model import Office
from pipeline.stages.officials.rules import OfficeFile

LEVELS: Final = ("central", "province", "district", "commune", "hamlet")
_RANKS: Final = {level: rank for rank, level in enumerate(LEVELS)}
_START: Final = attrgetter("start")
DEPTHS: Final = {"province": 1, "district": 2, "commune": 3}


class Place(NamedTuple):
    """A level, and the path and code of a unit; all null where nothing decides them."""

    level: str | None
    path: list[str] | None = None
    code: str | None = None


class UnitFinder:
    """Finds the unit of an office.

    Args:
        rules: The words that say what kind of unit a title speaks of.
        units: The gazetteer, for the kinds that a name has.
    """

    def __init__(self, rules: OfficeFile, units: Iterable[Unit]) -> None:
        self.words = [(word.level, frozenset(word.types), re.compile(word.pattern)) for word in rules.unit_words]
        kinds: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
        for unit in units:
            kinds[DEPTHS[unit.level], unit.label].add(unit.type)
        self.kinds = dict(kinds)
        self.city = next(types for level, types, _ in self.words if level == "province" and types & {*_cities(kinds)})

    def named(self, office: Office, document: Document, level: str | None, *, behind: bool) -> Place:
        """Return the unit that a title names, or, where `behind`, that the words behind it name."""
        rows, end = _localities(document), office.end
        at = bisect_left(rows, office.start, key=_START)
        if at == len(rows) or rows[at].start >= office.behind:
            return Place(level)
        lowest = None
        while at < len(rows) and rows[at].start < end:
            row = rows[at]
            if row.end <= end and (lowest is None or _RANKS[row.level] > _RANKS[lowest.level]):
                lowest = row
            at += 1
        if lowest is not None:
            return Place(lowest.level, lowest.path, lowest.unit_code)
        if behind and at < len(rows) and rows[at].start < office.behind and document.view.text[end] == ",":
            row = rows[at]
            if level in {None, row.level}:
                return Place(row.level, row.path, row.unit_code)
        return Place(level)

    def fits(self, low: str, level: str, path: Sequence[str]) -> bool:
        """Tell whether a unit is of the kind that a title in lower case speaks of."""
        wanted = self._wanted(low, level)
        return not wanted or not wanted.isdisjoint(self.kinds.get((len(path), path[-1]), wanted))

    def _wanted(self, low: str, level: str) -> frozenset[str]:
        return next((types for at, types, word in self.words if at == level and word.search(low)), frozenset())

    def beside(self, low: str, level: str | None, paths: Iterable[list[str]], document: Document) -> Place | None:
        """Return the unit of a title among others in one list, which name theirs."""
        if level not in DEPTHS:
            return None
        depth = DEPTHS[level]
        deep = [path[:depth] for path in paths if len(path) >= depth]
        return next((_known(document, level, path) for path in deep if self.fits(low, level, path)), None)

    def elsewhere(self, office: Office, low: str, level: str | None, document: Document) -> Place:
        """Return the unit of a title that names none: the home unit, else what the article's localities decide."""
        if level not in DEPTHS:
            return Place(level)
        depth = DEPTHS[level]
        named = [document.view.folded[p.start : p.end] for p in office.pieces if p.word.kind == "place"]
        home = _home(document) or []
        if not named and len(home) >= depth:
            if self.fits(low, level, home[:depth]):
                return _known(document, level, home[:depth])
            if depth == 1 and self._wanted(low, level) == self.city:
                return self._city_of(home, document)
        paths = [row.path[:depth] for row in _localities(document) if row.path and len(row.path) >= depth]
        paths = [path for path in paths if self.fits(low, level, path) and _agrees(path, home, depth)]
        if named:
            paths = [path for path in paths if path[-1].lower() == named[-1]]
        if len({tuple(path) for path in paths}) == 1:
            return _known(document, level, paths[0])
        near = None if named else _before(office, document, depth)
        return _known(document, level, near) if near and near in paths else Place(level)

    def _city_of(self, home: list[str], document: Document) -> Place:
        """Return the city of a province whose news this is: its committee is called like that of a great city."""
        cities = [home] if len(home) > 1 else [row.path for row in _localities(document) if row.path]
        found = {tuple(path[:2]) for path in cities if len(path) > 1 and path[0] == home[0]}
        found = {path for path in found if self.city & self.kinds.get((2, path[1]), self.city)}
        return _known(document, "district", list(found.pop())) if len(found) == 1 else Place("district")


def _cities(kinds: dict[tuple[int, str], set[str]]) -> set[str]:
    """Return the types that both a province and a district may have."""
    return set.intersection(*(set().union(*(k for (at, _), k in kinds.items() if at == depth)) for depth in (1, 2)))


def _known(document: Document, level: str, path: list[str]) -> Place:
    """Return a unit with the code that the article's rows have for it."""
    articles = document.rows.get("articles")
    if articles and articles[0].home_unit_path == path:
        return Place(level, path, articles[0].home_unit_code)
    return Place(level, path, next((row.unit_code for row in _localities(document) if row.path == path), None))


def _agrees(path: list[str], home: list[str], depth: int) -> bool:
    """Tell whether a unit lies in the home unit, as far as that is above it."""
    return all(first == second for first, second in zip(path[: depth - 1], home, strict=False))


def _before(office: Office, document: Document, depth: int) -> list[str] | None:
    """Return the unit named last before a title in its sentence."""
    sentences = document.rows["02_sentences"]
    at = bisect_right([row.start for row in sentences], office.start) - 1
    start = sentences[at].start if at >= 0 else office.start
    paths = [row.path for row in _localities(document) if start <= row.start < office.start]
    deep = [path[:depth] for path in paths if path and len(path) >= depth]
    return deep[-1] if deep else None


def _localities(document: Document) -> Sequence[Any]:
    return document.rows.get("localities") or ()


def _home(document: Document) -> list[str] | None:
    articles = document.rows.get("articles")
    return articles[0].home_unit_path if articles else None
