"""Partial dates: what an expression says of the calendar by itself, and the days that it means once a year is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from typing import Final

from pipeline.grammar import calendar
from pipeline.grammar.calendar import Span

CENTURY_PIVOT: Final = 40
"""Two-digit years up to this one are of the 2000s, later ones of the 1900s: newspapers write `2/9/45` and `1/7/25`."""

NEW_YEAR_EVE_DAYS: Final = 15
"""`ngày 27 Tết` counts the last days of the old lunar year, `mùng 5 Tết` the first of the new; this parts the two."""


@dataclass(slots=True, unsafe_hash=True)
class Partial:
    """What an expression states. Fields that it does not state are None; shifts count from the day of publication.

    What follows from them is found once: the readings of matches are remembered, and asked often. So none is ever
    changed; to have that enforced (`frozen`) would make each take four times as long to make.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """0 is Monday."""
    decade: int | None = None
    """Its first year."""
    quarter: int | None = None
    months: int | None = None
    """How many months: the first or last so many (`third`) of a year."""
    third: str | None = None
    """first, middle, last, first_half, second_half or whole."""
    weekend: int | None = None
    """1 where the end of a week is meant."""
    day_shift: int | None = None
    week_shift: int | None = None
    month_shift: int | None = None
    quarter_shift: int | None = None
    year_shift: int | None = None
    way: int | None = None
    """Whether the coming (1), the past (-1) or the present (0) one of its name is meant."""
    same: str | None = None
    """day, month, year or period: the one that the text is narrating."""
    calendar: str | None = None
    stem: int | None = None
    branch: int | None = None
    """The name of a lunar year: one of ten stems (0 is Giáp) and one of twelve branches (0 is Tý)."""
    part: str | None = None

    granularity: str = field(init=False, repr=False, compare=False)
    """day, week, month, quarter, year or range."""
    lacks_month: bool = field(init=False, repr=False, compare=False)
    """Whether a day is stated without its month."""
    lacks_year: bool = field(init=False, repr=False, compare=False)
    """Whether nothing stated fixes the year."""
    names_day: bool = field(init=False, repr=False, compare=False)
    """Whether a day is stated by a name, not a number: `hôm nay`, `thứ sáu`."""
    is_plain: bool = field(init=False, repr=False, compare=False)
    """Whether it is counted neither from the publication, but for days and weeks, nor from what is narrated."""

    def __post_init__(self) -> None:
        self.granularity = self._find_granularity()
        self.lacks_month = self._is_day_without_month()
        self.lacks_year = self._is_without_year()
        named = self.same == "day" or self.day_shift is not None or self.weekday is not None
        self.names_day = named and self.day is None
        counted = self.same, self.decade, self.year_shift, self.month_shift, self.quarter_shift
        self.is_plain = counted.count(None) == len(counted)

    def _find_granularity(self) -> str:
        if self.months or self.decade or (self.third and self.third != "whole"):
            return "range"
        if self.same in ("day", "period"):
            return "day" if self.same == "day" else "range"
        if (self.day, self.day_shift, self.weekday) != (None, None, None):
            return "day"
        if self.week_shift is not None:
            return "week"
        if (self.month, self.month_shift) != (None, None):
            return "month"
        return "quarter" if (self.quarter, self.quarter_shift) != (None, None) else "year"

    def _is_day_without_month(self) -> bool:
        if self.day is None or self.same == "month" or self.calendar == "new_year":
            return False
        return (self.month, self.month_shift) == (None, None)

    def _is_without_year(self) -> bool:
        stated = self.year, self.decade, self.year_shift, self.month_shift, self.quarter_shift, self.week_shift
        if self.same is not None or stated.count(None) < len(stated):
            return False
        return self.day_shift is None or self.month is not None

    def filled(self, other: Partial) -> Partial:
        """Return this with the month, quarter, year and calendar of `other` where it states none and needs one."""
        changes: dict[str, int | str | None] = {}
        if self.lacks_month:
            changes["month"] = other.month
            changes["month_shift"] = other.month_shift
        if self.lacks_year:
            changes |= {"year": other.year, "year_shift": other.year_shift}
        if self.calendar is None and (changes.get("month") or (self.lacks_month and other.calendar == "new_year")):
            changes["calendar"] = other.calendar
        changes = {name: value for name, value in changes.items() if value is not None}
        return replace(self, **changes) if changes else self  # type: ignore[arg-type]


EMPTY: Final = Partial()
FIELDS: Final = frozenset(item.name for item in fields(Partial) if item.init)


def full_year(two_digits: int) -> int:
    """Return the year that two digits stand for (see `CENTURY_PIVOT`)."""
    return two_digits + (2000 if two_digits <= CENTURY_PIVOT else 1900)


def days_in_year(partial: Partial, year: int) -> Span | None:
    """Return the days that a partial date means in `year`, or None where it states no day of that year."""
    if partial.calendar == "new_year":
        return _new_year(partial, year)
    if partial.calendar == "lunar":
        return calendar.lunar_span(year, partial.month, partial.day) if partial.month else None
    if partial.day is not None:
        return calendar.day_span(year, partial.month, partial.day) if partial.month else None
    if partial.month is not None:
        return _month(year, partial.month, partial.third)
    return calendar.months_span(year, *_months(partial))


def _months(partial: Partial) -> tuple[int, int]:
    """Return the first and last month of what states neither day nor month: a quarter, a part of a year, a year."""
    if partial.quarter is not None:
        return partial.quarter * 3 - 2, partial.quarter * 3
    if partial.months is not None:
        return (13 - partial.months, 12) if partial.third == "last" else (1, partial.months)
    return _PARTS_OF_YEAR.get(partial.third or "whole", (1, 12))


_PARTS_OF_YEAR: Final = calendar.THIRDS_OF_YEAR | {"first_half": (1, 6), "second_half": (7, 12)}


def _month(year: int, month: int, third: str | None) -> Span | None:
    whole = calendar.months_span(year, month, month)
    if whole is None or third in (None, "whole"):
        return whole
    if third == "first_half":
        return Span(whole.first, whole.first.replace(day=15))
    if third == "second_half":
        return Span(whole.first.replace(day=16), whole.last)
    return calendar.third_of_month(year, month, third or "first")


def _new_year(partial: Partial, year: int) -> Span | None:
    """Return a day of the New Year festival that opens the lunar `year`."""
    if partial.day is None:
        return None
    if partial.day > NEW_YEAR_EVE_DAYS:
        return calendar.lunar_span(year - 1, 12, partial.day)
    return calendar.lunar_span(year, 1, partial.day)


def in_cycle(partial: Partial, year: int) -> bool:
    """Return whether a year bears the name that is stated (`Quý Mão`), if one is; the year 4 was Giáp Tý."""
    return partial.stem is None or ((year - 4) % 10, (year - 4) % 12) == (partial.stem, partial.branch)


def nearest(spans: list[Span], day: dt.date) -> Span | None:
    """Return the span nearest to `day`; of two equally near the earlier one."""
    return min(spans, key=lambda span: (calendar.distance(span, day), span.first), default=None)
