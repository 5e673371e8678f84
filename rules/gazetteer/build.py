"""Build units.csv from dated public snapshots and the curated changes.csv, and check what is shipped.

    python rules/gazetteer/build.py --packages DIR   # DIR/NAME-VERSION: each package of snapshots.py, unpacked
    python rules/gazetteer/build.py --check          # needs only the CSV files beside this script

A row of units.csv is one stretch of time in which a code had one name, type and parent. Days between two
snapshots come from changes.csv: the change of that code, else the day on which the communes of its district or
province changed, else the commonest day of the interval. Spellings of one name are one stretch; the others are aliases.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import difflib
import hashlib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import snapshots as snap
from snapshots import LEVELS, REFORM, SNAPSHOTS, WIDTH, Row

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "level", "code", "name", "type", "parent_code", "valid_from", "valid_to", "successors", "predecessors", "source",
)  # fmt: skip
#: Statistics list a change up to this many days before or after the day it takes effect.
TOLERANCE = dt.timedelta(days=200)
SAME_SPELLING = 0.8

Code = tuple[str, str]


@dataclass
class Stretch:
    """A code with one name, type and parent, and the snapshots that attest it."""

    level: str
    code: str
    name: str
    type: str
    parent: str
    seen: list[int] = field(default_factory=list)
    start: str = ""
    end: str = ""
    source: list[str] = field(default_factory=list)
    spellings: set[str] = field(default_factory=set)
    heirs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """A line of changes.csv."""

    date: str
    kind: str
    level: str
    code: str
    name_before: str
    type_before: str
    parent_before: str
    name_after: str
    type_after: str
    parent_after: str
    heirs: str
    source: str


def read_changes() -> list[Change]:
    """Return the curated changes in order of time."""
    with (HERE / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return sorted((Change(**row) for row in rows), key=lambda c: c.date)


def plain(name: str) -> str:
    """Return a name as ASCII letters and digits."""
    text = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(c for c in text if c.isascii() and c.isalnum())


def same_name(a: str, b: str, respelt: bool) -> bool:
    """Tell whether two names of one code are spellings of one name; resembling names are where all are `respelt`."""
    if snap.key(a) == snap.key(b) or plain(a) == plain(b):
        return True
    if not respelt or any(c.isdigit() for c in a + b):
        return False
    return difflib.SequenceMatcher(None, plain(a), plain(b)).ratio() >= SAME_SPELLING and a[:1] == b[:1]


def stretches(rows: list[list[Row]]) -> dict[Code, list[Stretch]]:
    """Join the snapshots' rows into stretches, in order of time within each code."""
    found: dict[Code, list[Stretch]] = defaultdict(list)
    for index, snapshot in enumerate(rows):
        for level, code, name, kind, parent in snapshot:
            last = found[level, code][-1] if found[level, code] else None
            reform = last and SNAPSHOTS[last.seen[-1]].date < REFORM <= SNAPSHOTS[index].date and level == "commune"
            same = last and not reform and last.type == kind and last.parent == parent
            if last and same and same_name(last.name, name, SNAPSHOTS[index].respelt):
                last.spellings |= {last.name, name}
                last.name = name
            else:
                last = Stretch(level, code, name, kind, parent)
                found[level, code].append(last)
            last.seen.append(index)
    return found


def before_snapshots(found: dict[Code, list[Stretch]], changes: list[Change]) -> None:
    """Put the stretches before the first snapshot in front, latest change first."""
    first = SNAPSHOTS[0].date
    for change in sorted((c for c in changes if c.date < first), key=lambda c: c.date, reverse=True):
        units = found[change.level, change.code]
        if change.kind == "abolish":
            old = Stretch(change.level, change.code, change.name_before, change.type_before, change.parent_before)
            old.end, old.heirs, old.source = eve(change.date), tuple(change.heirs.split(";")), [change.source]
            units.insert(0, old)
            continue
        units[0].start = change.date
        units[0].source.append(change.source)
        if change.kind != "create":
            old = Stretch(change.level, change.code, change.name_before, change.type_before, change.parent_before)
            old.end, old.source = eve(change.date), [change.source]
            units.insert(0, old)


def eve(date: str) -> str:
    """Return the day before."""
    return (dt.date.fromisoformat(date) - dt.timedelta(days=1)).isoformat()


def near(date: str, low: str, high: str) -> bool:
    """Tell whether a change of that day can show between the snapshots of two days."""
    day, a, b = (dt.date.fromisoformat(d) for d in (date, low, high))
    return a - TOLERANCE < day <= b + TOLERANCE


def boundary(
    unit: Stretch, low: str, high: str, province: str, changes: list[Change], *, after: str
) -> tuple[str, str]:
    """Return the day (and source) on which ``unit`` began or ended between the snapshots of two days.

    A day outside the interval, within tolerance, must come ``after`` the day on which the stretch before it began.
    """
    if low < REFORM <= high:
        return REFORM, next(c.source for c in changes if c.date == REFORM and c.code == "*" and c.level != "district")
    own = [c for c in changes if c.level == unit.level and c.code == unit.code and c.kind != "default"]
    for change in own:
        if near(change.date, low, high) and change.date >= SNAPSHOTS[0].date:
            return change.date, change.source
    for scope in (unit.parent, province, "*"):
        defaults = [c for c in changes if c.kind == "default" and c.code == scope and c.level == unit.level]
        for change in sorted(defaults, key=lambda c: not low < c.date <= high):  # inside the interval if there is one
            late = scope != "*" and change.date > after and near(change.date, low, high)
            if low < change.date <= high or late:
                return change.date, change.source
    raise ValueError(f"no dated change between {low} and {high} for {unit}; add a default to changes.csv")


def date_stretches(found: dict[Code, list[Stretch]], changes: list[Change]) -> None:
    """Give every stretch its first and last day."""
    districts = {code: units[-1].parent for (level, code), units in found.items() if level == "district"}
    for units in found.values():
        for index, unit in enumerate(units):
            if not unit.seen:
                continue
            province = districts.get(unit.parent, unit.parent or unit.code)
            unit.source = [SNAPSHOTS[i].id for i in unit.seen] + unit.source
            if unit.seen[0] and not unit.start:
                low, high = (SNAPSHOTS[i].date for i in (unit.seen[0] - 1, unit.seen[0]))
                before = units[index - 1].start if index else ""
                unit.start, source = boundary(unit, low, high, province, changes, after=before)
                unit.source.append(source)
            if unit.seen[-1] < len(SNAPSHOTS) - 1 and not unit.end:
                low, high = (SNAPSHOTS[i].date for i in (unit.seen[-1], unit.seen[-1] + 1))
                unit.end = eve(boundary(unit, low, high, province, changes, after=unit.start)[0])
            if index and units[index - 1].end >= unit.start:
                units[index - 1].end = eve(unit.start)


def fit_parents(found: dict[Code, list[Stretch]]) -> None:
    """Cut a commune's stretch to its district's: a district made later got the commune from another."""
    for (level, _), units in found.items():
        for index, unit in enumerate(units):
            if level == "province" or not unit.parent:
                continue
            above = "province" if len(unit.parent) == WIDTH["province"] else "district"
            spans = found[above, unit.parent]
            first, last = spans[0].start, spans[-1].end
            if unit.start < first:
                unit.start, unit.source = first, [*unit.source, "with its district"]
            if last and (not unit.end or unit.end > last):
                unit.end = last
                if index + 1 < len(units):
                    units[index + 1].start = (dt.date.fromisoformat(last) + dt.timedelta(days=1)).isoformat()


class Heirs:
    """Who a unit's territory belongs to today."""

    def __init__(self, found: dict[Code, list[Stretch]], packages: Path, changes: list[Change]) -> None:
        self.found = found
        self.reform = snap.reform_map(packages / "vietnam-provinces-2026.9.0")
        self.merged = snap.merged_names(packages / "vietnamadminunits-1.0.4")
        self.provinces = {c.code: c.heirs for c in changes if c.level == "province" and c.heirs}
        self.islands = {u.name: u.code for us in found.values() for u in us if u.type == "đặc khu"}
        self.districts = {c.code: c.heirs for c in changes if c.level == "district" and c.heirs}
        self.children: dict[str, list[str]] = defaultdict(list)
        for (level, code), units in found.items():
            for unit in units:
                if level == "commune" and len(unit.parent) == WIDTH["district"]:
                    self.children[unit.parent].append(code)

    def of(self, unit: Stretch) -> tuple[str, ...]:
        """Return the codes of the units in force that ``unit`` leads to; empty for a unit in force."""
        if unit.level == "province":
            return () if unit.seen and not unit.end else (self.provinces.get(unit.code, unit.code),)
        if not unit.end:
            return ()
        return self.commune(unit) if unit.level == "commune" else self.district(unit.code, unit.name)

    def district(self, code: str, name: str) -> tuple[str, ...]:
        """Return the communes of today that hold territory of a district."""
        if name in self.islands:
            return (self.islands[name],)
        heirs = {h for child in self.children[code] for h in self.reform.get(child, ())}
        return tuple(sorted(heirs)) or self.district(self.districts[code], "")

    def commune(self, unit: Stretch) -> tuple[str, ...]:
        """Return the heirs of a commune: of its code, of the commune that took it in, else of its district."""
        if unit.code in self.reform:
            return self.reform[unit.code]
        names = {plain(unit.type + unit.name)} | ({plain(unit.name)} - {""} if not unit.name.isdigit() else set())
        homes = {unit.parent, self.districts.get(unit.parent, "")}
        for code, aliases in self.merged.items():
            last = [u for u in self.found["commune", code] if len(u.parent) == WIDTH["district"]]
            if last and {u.parent for u in last} & homes and names & set(aliases) and code in self.reform:
                return self.reform[code]
        return self.district(unit.parent, self.found["district", unit.parent][-1].name)


def build(packages: Path) -> tuple[list[Stretch], list[tuple[str, int, str]]]:
    """Return all stretches with their heirs, and (snapshot, units, digest) of every snapshot."""
    rows = [snap.READERS[s.reader](packages / f"{s.package}-{s.version}") for s in SNAPSHOTS]
    changes = read_changes()
    found = stretches(rows)
    before_snapshots(found, changes)
    date_stretches(found, changes)
    fit_parents(found)
    heirs = Heirs(found, packages, changes)
    units = [u for code in sorted(found, key=lambda c: (LEVELS.index(c[0]), c[1])) for u in found[code]]
    for unit in units:
        unit.heirs = unit.heirs or heirs.of(unit)
    return units, [
        (s.id, len(set(r)), digest([row[:2] for row in set(r)])) for s, r in zip(SNAPSHOTS, rows, strict=True)
    ]


def digest(codes: list[tuple[str, ...]]) -> str:
    """Return a digest of (level, code) pairs, whatever their order."""
    return hashlib.sha256("\n".join(sorted("\t".join(c) for c in codes)).encode()).hexdigest()[:16]


def write(units: list[Stretch], attested: list[tuple[str, int, str]]) -> None:
    """Write units.csv, spellings.csv and snapshots.csv beside this script."""
    predecessors: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        for heir in unit.heirs if unit.end == eve(REFORM) else ():
            if len(heir) == len(unit.code):
                predecessors[heir].add(unit.code)
    with (HERE / "units.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        for u in units:
            past = sorted(predecessors[u.code]) if not u.end else []
            out.writerow(
                [u.level, u.code, u.name, u.type, u.parent, u.start, u.end, ";".join(u.heirs), ";".join(past),
                 ";".join(u.source)]
            )  # fmt: skip
    with (HERE / "spellings.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("alias", "target", "kind", "note"))
        for u in units:
            for other in sorted(u.spellings - {u.name}):
                if snap.key(other) != snap.key(u.name):
                    out.writerow((other, f"{u.level}:{u.name}", "spelling", "written so in an older snapshot"))
    with (HERE / "snapshots.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("snapshot", "package", "version", "date", "units", "codes_sha256"))
        for s, (_, count, code_digest) in zip(SNAPSHOTS, attested, strict=True):
            out.writerow((s.id, s.package, s.version, s.date, count, code_digest))


def check() -> list[str]:
    """Return what is wrong with the shipped files: nothing, if the gazetteer is whole."""
    with (HERE / "units.csv").open(encoding="utf-8", newline="") as file:
        units = list(csv.DictReader(file))
    with (HERE / "snapshots.csv").open(encoding="utf-8", newline="") as file:
        attested = list(csv.DictReader(file))
    return check_snapshots(units, attested) + check_parents(units) + check_heirs(units)


def check_snapshots(units: list[dict[str, str]], attested: list[dict[str, str]]) -> list[str]:
    """Every code of every snapshot is there, and stood within tolerance of the snapshot's day."""
    wrong = []
    for snapshot in attested:
        mine = [u for u in units if snapshot["snapshot"] in u["source"].split(";")]
        if digest([(u["level"], u["code"]) for u in mine]) != snapshot["codes_sha256"]:
            wrong.append(f"snapshot {snapshot['snapshot']}: codes differ from the package's")
        day = dt.date.fromisoformat(snapshot["date"])
        for unit in mine:
            late = unit["valid_from"] and dt.date.fromisoformat(unit["valid_from"]) > day + TOLERANCE
            early = unit["valid_to"] and dt.date.fromisoformat(unit["valid_to"]) < day - TOLERANCE
            if late or early:
                wrong.append(f"snapshot {snapshot['snapshot']}: {unit['code']} {unit['name']} did not stand that day")
    return wrong


def check_parents(units: list[dict[str, str]]) -> list[str]:
    """Every parent stands on the first and the last day that it is used; stretches of a code do not overlap."""
    spans: dict[str, list[tuple[str, str]]] = defaultdict(list)
    wrong = []
    for unit in units:
        span = (unit["valid_from"] or "0000", unit["valid_to"] or "9999")
        if span[0] > span[1] or any(a <= span[1] and span[0] <= b for a, b in spans[unit["code"]]):
            wrong.append(
                f"{unit['code']} {unit['name']}: stretch {span} of {spans[unit['code']]} is empty or overlaps another"
            )
        spans[unit["code"]].append(span)
    wrong += [
        f"{unit['code']} {unit['name']}: parent {unit['parent_code']} does not stand on {day}"
        for unit in units
        if unit["parent_code"]
        for day in (unit["valid_from"] or "0000", unit["valid_to"] or "9999")
        if not any(a <= day <= b for a, b in spans[unit["parent_code"]])
    ]
    return wrong


def check_heirs(units: list[dict[str, str]]) -> list[str]:
    """Every abolished unit leads to units in force."""
    now = {u["code"] for u in units if not u["valid_to"]}
    return [
        f"{u['code']} {u['name']}: abolished {u['valid_to']}, leads to {u['successors'] or 'nothing'}"
        for u in units
        if u["valid_to"] and (not u["successors"] or not set(u["successors"].split(";")) <= now)
    ]


def main() -> None:
    """Build or check, as the arguments say."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--packages", type=Path, help="folder with the unpacked packages; builds the files")
    arguments.add_argument("--check", action="store_true", help="check the shipped files")
    given = arguments.parse_args()
    if given.packages:
        write(*build(given.packages))
    wrong = check()
    print("\n".join(wrong[:50]) or "gazetteer: whole")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
