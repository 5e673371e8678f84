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

_NO_END: Final = "~"  # behind every day
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
        certain: Codes of what holds whichever of the better chains is meant: the only one, or their province.
    """

    chains: Sequence[Chain]
    penalties: Mapping[str, float]
    weights: Mapping[str, float]
    codes: frozenset[str]
    above: frozenset[str]
    provinces: Sequence[Chain]
    certain: Sequence[str]


def reading(chains: Sequence[Chain], penalties: Mapping[str, float], weights: Mapping[str, float]) -> Reading:
    """Return the reading of a name that may mean those chains."""
    return Reading(
        chains,
        penalties,
        weights,
        frozenset([chain.code for chain in chains]),
        frozenset([code for chain in chains for code in chain.codes[:-1]]),
        [chain for chain in chains if chain.depth == 1],
        certain_codes(chains, penalties),
    )


def certain_codes(chains: Sequence[Chain], penalties: Mapping[str, float]) -> Sequence[str]:
    """Return the codes of the only chain that fits well, or of the province of all that do; if none does, of all."""
    better = [chain for chain in chains if penalties.get(chain.code, ALIAS) >= ALIAS] or chains
    if len(better) == 1:
        return better[0].codes
    return better[0].codes[:1] if len({chain.codes[0] for chain in better}) == 1 else ()


NO_READING: Final = reading((), {}, {})


class Name:
    """A name with the units that bear it; thousands are made before the first article, most are never met.

    Attributes:
        written: The name in lower case.
        units: The units, a stretch of time each.
        last_types, last_epoch, last: What it was last asked for, and its reading there: articles repeat their names.
    """

    def __init__(self, written: str, units: list[Unit]) -> None:
        self.written = written
        self.units = units
        self.last_types: Types = frozenset()
        self.last_epoch = -1
        self.last = NO_READING
        self._readings: dict[tuple[int, Types], Reading] | None = None

    @cached_property
    def levels(self) -> frozenset[str]:
        """Return the levels of the units."""
        return frozenset([unit.level for unit in self.units])

    @cached_property
    def is_province(self) -> bool:
        """Tell whether a province is among the units."""
        return "province" in self.levels

    @cached_property
    def types(self) -> Types:
        """Return the levels and types of the units."""
        return frozenset([(unit.level, unit.type) for unit in self.units])

    @cached_property
    def _stood(self) -> dict[Types, tuple[str, str]]:
        return {}

    def stood(self, types: Types) -> tuple[str, str]:
        """Return the first and the last day of the districts that the name means behind a type word.

        No first day is an empty text, no last day `~`; both where it may mean a commune: their names come back.
        """
        found = self._stood.get(types)
        if found is None:
            units = [unit for unit in self.units if (unit.level, unit.type) in types]
            known = bool(units) and "commune" not in {unit.level for unit in units}
            first = min([unit.start for unit in units]) if known else ""
            last = max([unit.end or _NO_END for unit in units]) if known else _NO_END
            found = self._stood[types] = first, last
        return found

    def read(self, gazetteer: Gazetteer, types: Types, day: str, epoch: int) -> Reading:
        """Return what the name may mean behind a type word that stands for `types`, on a day of an epoch."""
        readings = self._readings
        if readings is None or len(readings) >= _MOST_READINGS:
            readings = self._readings = {}
        found = readings.get((epoch, types))
        if found is None:
            found = readings[epoch, types] = _reading(gazetteer, self.units, self.written, types, day)
        self.last_types, self.last_epoch, self.last = types, epoch, found
        return found


def numbers(by_name: Mapping[str, list[Unit]]) -> dict[str, Name]:
    """Return the numbers of one or two digits as names, with the units that bear them in either kind of figures."""
    romans = dict(zip(range(1, 8), ("i", "ii", "iii", "iv", "v", "vi", "vii"), strict=True))
    return {
        (written := str(number)): Name(written, by_name.get(written, []) + by_name.get(romans.get(number, ""), []))
        for number in range(100)
    }


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
