"""The figures of a run that its report opens with."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, Final

from pipeline.output import Output
from pipeline.tables import TABLES

PROVINCES: Final = 12
PERIODS: Final = 7
OFFICES: Final = 15
"""Rows and columns that the charts have room for."""

_LONG: Final = 3 * 365
_SHORT: Final = 62
"""Days that the articles span: beyond the first they are counted by year, within the second by day, else by month."""

_THREE_FIGURES: Final = Context(prec=3)
_SIZES: Final = ((Decimal(10) ** 12, " tn"), (Decimal(10) ** 9, " bn"), (Decimal(10) ** 6, " m"))

NO_PERIOD: Final = "no year"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: its label, its value as a number and as words, and its length as a share of the longest."""

    label: str
    value: Decimal
    shown: str
    share: float


@dataclass(frozen=True, slots=True)
class Matrix:
    """Provinces down, periods across: the cells of both, and each province's total."""

    columns: list[str]
    rows: list[tuple[Bar, list[Bar]]]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything on the first page of a report."""

    made_by: list[str]
    documents: int
    rows: list[tuple[str, str, int]]
    rejects: list[tuple[str, int, str]]
    seconds: list[Bar]
    articles: list[Bar]
    money: Matrix
    models: Matrix
    offices: list[Bar]


def summarise(output: Output) -> Summary:
    """Return the figures of a finished run."""
    manifest = output.manifest()
    rows = [(name, table.description, output.count(name)) for name, table in TABLES.items()]
    seconds = [item for item in (manifest.get("seconds") or {}).items() if item[0] != "total"]
    return Summary(
        made_by=_made_by(manifest),
        documents=rows[0][2],
        rows=rows[1:],
        rejects=_rejects(output),
        seconds=bars(((stage, Decimal(str(value))) for stage, value in seconds), lambda value: f"{value:.2f} s"),
        articles=_over_time(Counter(row["published_on"] for row in output.rows("articles", ["published_on"]))),
        money=_money(output),
        models=_models(output),
        offices=_offices(output),
    )


def _made_by(manifest: dict[str, Any]) -> list[str]:
    """Return what the run says of itself: program and version, rules, when it began, where its input was."""
    version, rules = (manifest.get("versions") or {}).get("vifacts"), manifest.get("rules_sha256")
    parts = (
        f"vifacts {version}" if version else "",
        f"rules {rules[:12]}" if rules else "",
        f"begun {manifest['started']}" if "started" in manifest else "",
        ", ".join(map(str, manifest.get("inputs") or [])),
    )
    return list(filter(None, parts))


def bars(items: Iterable[tuple[str, Decimal]], show: Any = str) -> list[Bar]:
    """Return the items as bars, in their order; the longest has share 1."""
    listed = list(items)
    longest = max((value for _, value in listed), default=Decimal(0)) or Decimal(1)
    return [Bar(label, value, show(value), round(float(value / longest), 4)) for label, value in listed]


def _rejects(output: Output) -> list[tuple[str, int, str]]:
    """Return reason, number and the first detail of each kind of reject, the most frequent first."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for row in output.rows("rejects", ["reason", "detail"]):
        counts[row["reason"]] += 1
        first.setdefault(row["reason"], row["detail"] or "")
    return [(reason, number, first[reason]) for reason, number in counts.most_common()]


def _over_time(counts: Counter[dt.date | None]) -> list[Bar]:
    """Return articles by day, month or year, whichever suits their span; stretches without any are there, empty."""
    days = [day for day in counts if day is not None]
    if not days:
        return []
    span = (max(days) - min(days)).days
    form = "%Y" if span > _LONG else "%Y-%m" if span > _SHORT else "%Y-%m-%d"
    found = dict.fromkeys(((min(days) + dt.timedelta(days=offset)).strftime(form) for offset in range(span + 1)), 0)
    for day in days:
        found[day.strftime(form)] += counts[day]
    return bars(((label, Decimal(number)) for label, number in found.items()), lambda value: f"{value:,}")


def _money(output: Output) -> Matrix:
    rows = output.rows("money", ["unit_path", "period_from", "period_to", "amount_min", "currency"])
    amounts = ((row, row["amount_min"]) for row in rows if row["currency"] == "VND" and row["amount_min"] is not None)
    return _matrix(amounts, dong)


def _models(output: Output) -> Matrix:
    rows = output.rows("model_counts", ["unit_path", "period_from", "period_to", "count", "part_of"])
    whole = ((row, Decimal(row["count"])) for row in rows if row["part_of"] is None and row["count"] is not None)
    return _matrix(whole, lambda value: f"{value:,}")


def _matrix(items: Iterable[tuple[dict[str, Any], Decimal]], show: Any) -> Matrix:
    """Return sums by province and year: the greatest provinces, the latest years; rows without a place left out."""
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row, value in items:
        if row["unit_path"]:
            sums[row["unit_path"][0]][_year(row["period_from"], row["period_to"])] += value  # type: ignore[assignment]
    totals = Counter({province: sum(cells.values()) for province, cells in sums.items()})
    top = sorted(totals, key=lambda province: (-totals[province], province))[:PROVINCES]
    years = sorted({year for province in top for year in sums[province]} - {NO_PERIOD})[-PERIODS:]
    columns = [*years, NO_PERIOD]
    cells = iter(bars(((year, Decimal(sums[name][year])) for name in top for year in columns), show))
    return Matrix(
        columns if top else [],
        [
            (total, [next(cells) for _ in columns])
            for total in bars(((name, Decimal(totals[name])) for name in top), show)
        ],
    )


def _year(first: dt.date | None, last: dt.date | None) -> str:
    """Return the year of a stretch that lies in one, else that there is none."""
    return str(first.year) if first and last and first.year == last.year else NO_PERIOD


def _offices(output: Output) -> list[Bar]:
    named = Counter(row["title_norm"] for row in output.rows("officials", ["title_norm"]) if row["title_norm"])
    most = sorted(named.items(), key=lambda item: (-item[1], item[0]))[:OFFICES]
    return bars(((title, Decimal(number)) for title, number in most), lambda value: f"{value:,}")


def dong(value: Decimal) -> str:
    """Return an amount in đồng to three figures: `3.6 bn`, `250 m`, `40,000`."""
    size, unit = next((item for item in _SIZES if value >= item[0]), (Decimal(1), ""))
    return f"{_THREE_FIGURES.create_decimal(value / size).normalize():,f}{unit}"
