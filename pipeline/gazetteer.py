"""The administrative units of Vietnam in time: which stood on a day, what a name may mean, where a unit went.

Facts come from `rules/gazetteer/units.csv` (a row for each stretch of time in which a code had one name, type and
parent) and its alias files; `rules/gazetteer/build.py` tells how they were made. Days are ISO strings, so that
they compare as text; an empty first or last day means without a known limit.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple

REFORM: Final = "2025-07-01"
"""First day of the country of 34 provinces without districts."""

LEVELS: Final = ("province", "district", "commune", "hamlet")
_ALIAS_FILES: Final = ("aliases.csv", "spellings.csv")


class Unit(NamedTuple):
    """One stretch of a unit: its code with one name, type and parent.

    Attributes:
        level: `province`, `district` or `commune`.
        code: General Statistics Office code (2, 3 or 5 digits).
        name: Name without type word; a number where the unit has no other name.
        type: Type word in lower case (`thị xã`).
        parent: Code of the unit it belongs to; empty for provinces.
        start: First day, empty where earlier than the sources reach.
        end: Last day, empty for units in force today.
        successors: Codes of today, joined by `;`; empty where the code itself stands today.
    """

    level: str
    code: str
    name: str
    type: str
    parent: str
    start: str
    end: str
    successors: str

    @property
    def label(self) -> str:
        """Return the name as paths show it: a purely numeric name keeps its type (`Quận 1`)."""
        return f"{self.type.capitalize()} {self.name}" if self.name.isdigit() else self.name

    def stands(self, day: str) -> bool:
        """Tell whether the stretch covers a day."""
        return self.start <= day and (not self.end or day <= self.end)

    @property
    def current(self) -> list[str]:
        """Return the codes of the unit or units that it belongs to today."""
        return self.successors.split(";") if self.successors else [self.code]


class Chain:
    """A unit with all it belongs to; made once for all articles, and asked many times in each.

    Attributes:
        units: The units, province first.
        above: The chain without the last of them; none for no unit.
        codes: Their codes.
        path: Their names as paths show them.
        written: The path as one text.
        depth: How many they are.
        code: The code of the last one.
        level: The level of the last one.
        current: The codes of the unit or units that the last one belongs to today.
    """

    __slots__ = ("above", "code", "codes", "current", "depth", "level", "path", "units", "written")

    def __init__(self, units: Iterable[Unit], above: Chain | None = None) -> None:
        self.units = tuple(units)
        self.above = above
        self.codes = tuple([unit.code for unit in self.units])
        self.path = [unit.label for unit in self.units]
        self.written = " / ".join(self.path)
        self.depth = len(self.units)
        self.code = self.codes[-1] if self.codes else ""
        self.level = self.units[-1].level if self.units else ""
        self.current = self.units[-1].current if self.units else []

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units)

    def cut(self, depth: int) -> Chain:
        """Return the chain of the units down to a depth."""
        chain = self
        while chain.depth > depth and chain.above is not None:
            chain = chain.above
        return chain


NOWHERE: Final = Chain(())
"""The chain of no unit."""


class Gazetteer:
    """All units and the names by which they are written.

    Args:
        folder: The folder with units.csv, aliases.csv and spellings.csv.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with (folder / "units.csv").open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            new = tuple.__new__  # a fifth of the time of `Unit._make`
            self.units: list[Unit] = [new(Unit, row[:8]) for row in rows]
        self._chains: dict[tuple[int, int], Chain] = {}
        """Chains made so far, by the identity of a unit and of the chain above it; both live as long as this does."""

    @cached_property
    def _by_code(self) -> dict[str, list[Unit]]:
        found: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in self.units:
            found[unit.code].append(unit)
        return found

    @cached_property
    def by_name(self) -> dict[str, list[Unit]]:
        """Return units by every way to write their names, in lower case; a unit has a stretch for each name."""
        plain: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in self.units:
            plain[unit.name].append(unit)
        found: dict[str, list[Unit]] = {}
        names = "\n".join(plain).lower().split("\n")
        varying = {word for word in {*" ".join(names).split(" ")} if _VARIES.search(f" {word}")}
        for name, units in zip(names, plain.values(), strict=True):
            for form in (name,) if varying.isdisjoint(name.split(" ")) else _variants(name):
                known = found.get(form)
                if known is None:
                    found[form] = [*units]
                else:
                    known += [unit for unit in units if unit not in known]
        for alias, level, name in self._aliases():
            known = found.setdefault(alias.lower(), [])
            for form in spellings(name):
                known += [unit for unit in found.get(form, ()) if unit.level == level and unit not in known]
        return found

    def _aliases(self) -> list[tuple[str, str, str]]:
        rows: list[tuple[str, str, str]] = []
        for file_name in _ALIAS_FILES:
            with (self.folder / file_name).open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    level, name = row["target"].split(":", 1)
                    rows.append((row["alias"], level, name))
        return rows

    @cached_property
    def by_plain_name(self) -> dict[str, list[Unit]]:
        """Return units by their names without marks, case and spaces: for misspelt names."""
        found: defaultdict[str, list[Unit]] = defaultdict(list)
        names = "\n".join([unit.name for unit in self.units])  # one call for all takes a fifth of one for each
        for unit, plain in zip(self.units, _strip(names, _NOT_PLAIN_NOR_BREAK).split("\n"), strict=True):
            found[plain].append(unit)
        return dict(found)

    def at(self, code: str, day: str) -> Unit | None:
        """Return the stretch of a code on a day: the first one where the day is before, the last where after."""
        units = self._by_code.get(code)
        if not units:
            return None
        for unit in units:
            if not unit.end or day <= unit.end:
                return unit
        return units[-1]

    def chain(self, unit: Unit, day: str) -> Chain:
        """Return a unit and its parents as of a day; for a unit that did not stand then, as of its own time."""
        if unit.end and day > unit.end:
            day = unit.end
        elif day < unit.start:
            day = unit.start
        parent = self.at(unit.parent, day) if unit.parent else None
        above = self.chain(parent, day) if parent else NOWHERE
        return self.extended(above, unit)

    def extended(self, above: Chain, unit: Unit) -> Chain:
        """Return the chain of one of the units that belongs to the last one of a chain that was made here."""
        key = id(unit), id(above)
        found = self._chains.get(key)
        if found is None:
            found = self._chains[key] = Chain((*above.units, unit), above)
        return found

    @cached_property
    def _changes(self) -> list[str]:
        return sorted({unit.start for unit in self.units} | {f"{unit.end}~" for unit in self.units})

    def epoch(self, day: str) -> int:
        """Return what a day has in common with all days between the same two changes: the same units stand."""
        return bisect_right(self._changes, day)  # with the mark, a last day comes behind itself and before the next

    @cached_property
    def _below(self) -> dict[str, list[Unit]]:
        found: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in self.units:
            found[unit.parent].append(unit)
        return found

    def communes(self, code: str, day: str) -> list[Unit]:
        """Return the communes of a district, or of a province with all its districts, that stand on a day."""
        found: list[Unit] = []
        for unit in self._below.get(code, ()):
            if unit.level == "commune":
                found += [unit] if unit.stands(day) else []
            elif unit.stands(day):
                found += self.communes(unit.code, day)
        return found

    @cached_property
    def provinces(self) -> list[Unit]:
        """Return every stretch of every province."""
        return [unit for unit in self.units if unit.level == "province"]


@lru_cache(maxsize=4)
def load(folder: Path) -> Gazetteer:
    """Return the gazetteer of a folder, read once per process however many stages ask for it."""
    return Gazetteer(folder)


def path_of(chain: Iterable[Unit]) -> list[str]:
    """Return the names of a chain from the province down."""
    return [unit.label for unit in chain]


_NOT_PLAIN: Final = bytes(code for code in range(128) if not chr(code).isalnum())
_NOT_PLAIN_NOR_BREAK: Final = _NOT_PLAIN.replace(b"\n", b"")


@lru_cache(maxsize=8192)
def strip_marks(text: str) -> str:
    """Return text as lower-case ASCII letters and digits: what a name keeps when all its marks are lost."""
    return _strip(text, _NOT_PLAIN)


def _strip(text: str, dropped: bytes) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return decomposed.encode("ascii", "ignore").translate(None, dropped).decode("ascii")


_Y_OR_I = re.compile(r"(?<![^\W\d_])([hklmstvHKLMSTV]|[qQ]u)([iyìỳíýỉỷĩỹịỵ])(?![^\W\d_])")
_SWAP = dict(zip("iyìỳíýỉỷĩỹịỵ", "yiỳìýíỷỉỹĩỵị", strict=True))
_HIGHLAND = re.compile(r"(?<![^\W\d_])(đắk|đăk|đak|păh|pưh)(?![^\W\d_])")
_HIGHLAND_FORMS = {
    **dict.fromkeys(("đắk", "đăk", "đak"), ("đắk", "đăk", "đak", "dak", "đắc", "đăc")),
    "păh": ("păh", "pah"),
    "pưh": ("pưh", "puh"),
}
_DASH = re.compile(r" ?[-–] ?")
_APOSTROPHE = re.compile(r"['’] ?")
_ROMAN_TAIL = re.compile(r" (i{1,3}|iv)$")
_DIGITS = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_VARIES = re.compile(r"[-–'’]| (?:i{1,3}|iv)$|đắk|đăk|đak|păh|pưh|(?:[hklmstv]|qu)[iyìỳíýỉỷĩỹịỵ](?![^\W\d_])")
"""Whether any of the patterns above can match: most names have one spelling."""


def spellings(name: str) -> list[str]:
    """Return a name in lower case and its other spellings: i/y, hyphens, apostrophes, highland words, II/2."""
    lower = name.lower()
    return _variants(lower) if _VARIES.search(lower) else [lower]


def _variants(lower: str) -> list[str]:
    """Return a name in lower case and its other spellings, of which there may be none."""
    forms = [lower]
    if _HIGHLAND.search(lower):
        parts = _HIGHLAND.split(lower)
        forms = ["".join(mix) for mix in product(*(_HIGHLAND_FORMS.get(part, (part,)) for part in parts))]
    for pattern, others in (
        (_DASH, (" - ", "-", " – ", "–", "- ", " -", " ")),
        (_APOSTROPHE, ("'", "’", "", "' ", " ")),
    ):
        if pattern.search(lower):
            forms += [pattern.sub(other, form) for form in forms for other in others]
    if _Y_OR_I.search(lower):
        forms += [_Y_OR_I.sub(lambda match: match[1] + _SWAP[match[2]], form) for form in forms]
    if _ROMAN_TAIL.search(lower):
        forms += [_ROMAN_TAIL.sub(lambda match: f" {_DIGITS[match[1]]}", form) for form in forms]
    return list(dict.fromkeys(forms))
