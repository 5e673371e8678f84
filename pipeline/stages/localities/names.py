"""Names: the units that bear one, and what it may mean on a day; worked out once for all articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipeline.gazetteer import Chain, Gazetteer, Unit

Types = frozenset[tuple[str, str]]
"""Pairs of level and type that a type word stands for."""

# Weights of what a reading has for or against it by itself; they are added to those of `resolve`.
FORMER: Final = -2.0  # a unit that no longer stands loses to one that does
MISTYPED: Final = -2.5  # as does one of another type (`xã` of what has become a `phường`)
ALIAS: Final = -0.5  # a unit that is only sometimes spelt so loses to one of that very name
SEAT: Final = -4.0  # a bare name is the district, not the commune of the same name in it
BARE_LEVEL: Final = {"province": 4.0, "district": 1.0, "commune": 0.0}  # a bare name means the higher unit

_MOST_READINGS: Final = 64
"""Readings of one name that are kept: every kind of type word in a dozen stretches of time."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a name may mean.

    Attributes:
        chains: The units with all they belong to.
        penalties: Code → how badly the unit fits day, name and type.
        weights: Code → the same with what a name without a type word rather means.
        codes: Codes of the units.
        above: Codes of the units that they belong to.
        provinces: The chains that are provinces.
    """

    chains: Sequence[Chain]
    penalties: Mapping[str, float]
    weights: Mapping[str, float]
    codes: frozenset[str]
    above: frozenset[str]
    provinces: Sequence[Chain]


def reading(chains: Sequence[Chain], penalties: Mapping[str, float], weights: Mapping[str, float]) -> Reading:
    """Return the reading of a name that may mean those chains."""
    return Reading(
        chains,
        penalties,
        weights,
        frozenset([chain.code for chain in chains]),
        frozenset([code for chain in chains for code in chain.codes[:-1]]),
        [chain for chain in chains if chain.depth == 1],
    )


NO_READING: Final = reading((), {}, {})


class Name:
    """A name with the units that bear it.

    Attributes:
        units: The units, a stretch of time each.
        levels: Their levels.
        is_province: Whether a province is among them.
        readings: Epoch and what a type word stands for → what the name means there, as far as it was asked.
    """

    def __init__(self, units: list[Unit]) -> None:
        self.units = units
        self.levels = frozenset([unit.level for unit in units])
        self.is_province = "province" in self.levels
        self.readings: dict[tuple[int, Types], Reading] = {}

    @cached_property
    def types(self) -> Types:
        """Return the levels and types of the units."""
        return frozenset([(unit.level, unit.type) for unit in self.units])

    def read(self, gazetteer: Gazetteer, written: str, types: Types, day: str, epoch: int) -> Reading:
        """Work out what the name may mean behind a type word that stands for `types`, on a day of an epoch."""
        if len(self.readings) >= _MOST_READINGS:
            self.readings.clear()
        found = self.readings[epoch, types] = _reading(gazetteer, self.units, written, types, day)
        return found


class Names(dict[str, Name]):
    """The names met so far, by how they are written in lower case; only names that the lexicon has are asked for."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._by_name = gazetteer.by_name

    def __missing__(self, written: str) -> Name:
        found = self[written] = Name(self._by_name.get(written, []))
        return found

    def number(self, written: str, roman: str) -> Name:
        """Return the name that is a number, in either kind of figures; no hit is."""
        found = self.get(written)
        if found is None:
            found = self[written] = Name(self._by_name.get(written, []) + self._by_name.get(roman, []))
        return found


def _reading(gazetteer: Gazetteer, units: list[Unit], written: str, types: Types, day: str) -> Reading:
    best: dict[str, tuple[float, Unit]] = {}
    for unit in _fitting(units, types, day):  # one stretch of a code: the one that stands, else the last of the type
        level, code, name, kind, _, _, end, _ = unit
        fitness = FORMER if end and end < day else 0.0
        if name.lower() != written:
            fitness += ALIAS
        if types and (level, kind) not in types:
            fitness += MISTYPED
        rival = best.get(code)
        if rival is None or fitness >= rival[0]:
            best[code] = fitness, unit
    chains = [gazetteer.chain(unit, day) for _, unit in best.values()]
    penalties = {code: fitness for code, (fitness, _) in best.items()}
    if types:
        return reading(chains, penalties, penalties)
    return reading(chains, penalties, {c.code: penalties[c.code] + _rank(c) for c in chains})


def _fitting(units: list[Unit], types: Types, day: str) -> list[Unit]:
    """Return the units that stood by a day and are of a level and, but for communes, a type that can be meant."""
    units = [unit for unit in units if unit.start <= day]
    if types:
        levels = {level for level, _ in types}
        units = [unit for unit in units if unit.level in levels]
        exact = [] if "commune" in levels else [unit for unit in units if (unit.level, unit.type) in types]
        return exact or units
    if "province" in [unit.level for unit in units]:
        return [unit for unit in units if unit.level != "commune"]  # `Bình Dương` after 2025 is the old province
    return units


def _rank(chain: Chain) -> float:
    """Return what a name without a type word has for or against it as the name of that unit."""
    unit = chain.units[-1]
    seat = unit.level == "commune" and chain.depth > 1 and chain.units[-2].name == unit.name
    return BARE_LEVEL[unit.level] + (SEAT if seat else 0.0)
