"""Calendar arithmetic: stretches of the Gregorian calendar as closed spans of days, and lunar days."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from functools import cache, lru_cache
from typing import Any, NamedTuple

DAY = dt.timedelta(days=1)
THIRDS_OF_YEAR = {"first": (1, 4), "middle": (5, 8), "last": (9, 12)}
"""Months of `đầu năm`, `giữa năm`, `cuối năm`."""
THIRDS_OF_MONTH = {"first": (1, 10), "middle": (11, 20), "last": (21, 31)}
"""Days of `đầu tháng`, `giữa tháng`, `cuối tháng`; the last third ends with the month."""


class Span(NamedTuple):
    """A stretch of the calendar: its first and its last day, both inside it."""

    first: dt.date
    last: dt.date


@lru_cache(maxsize=1 << 14)
def day_span(year: int, month: int, day: int) -> Span | None:
    """Return that single day, or None where the calendar has no such day."""
    try:
        only = dt.date(year, month, day)
    except ValueError:
        return None
    return Span(only, only)


@lru_cache(maxsize=1 << 12)
def months_span(year: int, first: int, last: int) -> Span | None:
    """Return the months `first` to `last` (1 to 12) of a year, or None where the calendar has no such year."""
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    return Span(dt.date(year, first, 1), dt.date(year, last, monthrange(year, last)[1]))


def years_span(first: int, last: int) -> Span | None:
    """Return the years `first` to `last`, or None where the calendar has no such years."""
    if not dt.MINYEAR <= first <= last <= dt.MAXYEAR:
        return None
    return Span(dt.date(first, 1, 1), dt.date(last, 12, 31))


def third_of_month(year: int, month: int, third: str) -> Span | None:
    """Return days 1–10, 11–20 or 21–end of a month (`third`: first, middle, last)."""
    whole = months_span(year, month, month)
    if whole is None:
        return None
    first, last = THIRDS_OF_MONTH[third]
    return Span(whole.first.replace(day=first), min(whole.last, whole.first + DAY * (last - 1)))


def week_span(day: dt.date, weeks: int = 0) -> Span:
    """Return the week, Monday to Sunday, that lies `weeks` after the week of `day`."""
    monday = day - DAY * day.weekday() + DAY * 7 * weeks
    return Span(monday, monday + DAY * 6)


def shift_month(year: int, month: int, months: int) -> tuple[int, int]:
    """Return the year and month that lie `months` after the given month."""
    count = year * 12 + month - 1 + months
    return count // 12, count % 12 + 1


def distance(span: Span, day: dt.date) -> int:
    """Return the days between `day` and the nearest day of `span`; 0 inside it."""
    return max((span.first - day).days, (day - span.last).days, 0)


@lru_cache(maxsize=4096)
def lunar_span(year: int, month: int, day: int | None) -> Span | None:
    """Return the Gregorian days of a lunar day, or of a whole lunar month where `day` is None.

    Args:
        year: The lunar year, by the Gregorian year in which it begins.
        month: 1 to 12; of a month that is doubled in a leap year the first is meant.
        day: 1 to 30, or None. Day 30 of a month that has 29 days is read as its last day, as in `30 Tết`.

    Returns:
        None outside the years that the conversion covers (1900 to 2100).
    """
    library = _lunar_library()
    try:
        first: dt.date = library.lunar_to_solar(library.LunarDate(1, month, year))
    except ValueError:
        return None
    length = _lunar_month_length(first)
    if day is None:
        return Span(first, first + DAY * (length - 1))
    only = first + DAY * (min(day, length) - 1)
    return Span(only, only)


def _lunar_month_length(first: dt.date) -> int:
    thirtieth = _lunar_library().solar_to_lunar(first + DAY * 29)
    return 30 if thirtieth.day == 30 else 29


@cache
def _lunar_library() -> Any:
    import lunar_vn  # noqa: PLC0415 - importing it takes 70 ms, and few documents name a lunar day

    return lunar_vn
