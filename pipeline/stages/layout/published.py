"""Days and moments of date lines, and the choice between an article's own and the clock of the site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import regex

from pipeline.document import Document, fold
from pipeline.grammar.rules import compile_pattern
from pipeline.stages.layout.lines import Line

VIETNAM = dt.timezone(dt.timedelta(hours=7))
"""Vietnam has kept UTC+7 without summer time since 1975, which covers every date line."""

_YEAR = regex.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d)")

_EARLIEST = 1945
"""No Vietnamese paper has a date line on the web from before."""


class Stamp(NamedTuple):
    """What a date line says."""

    day: dt.date
    moment: dt.datetime | None


class DateLines:
    """Reads the day and the clock time of a date line."""

    def __init__(self, atoms: Mapping[str, str], months: Mapping[str, int]) -> None:
        self._date = compile_pattern("{date}", atoms)
        self._time = compile_pattern(r"(?<![\d/.:-]){time}", atoms)
        self._weekday = compile_pattern(r"{weekday}", atoms)
        self._months = months

    def read(self, line: str) -> Stamp | None:
        """Return the first calendar day of a date line (view text) with its clock time, or None."""
        found = self._date.search(line)
        day = self._day(found) if found else None
        return Stamp(day, self._moment(day, line, found)) if day and found else None

    def latest_year(self, lines: Iterable[str]) -> int | None:
        """Return the latest year that the lines name, or None."""
        return max((int(found[0]) for line in lines for found in _YEAR.finditer(line)), default=None)

    def is_clock_shaped(self, line: str) -> bool:
        """Say whether a date line has a weekday and a clock time."""
        return self._weekday.search(line) is not None and self._time.search(line) is not None

    def _day(self, found: regex.Match[str]) -> dt.date | None:
        word = found["month_word"]
        month = self._months.get(fold(word)) if word and not word.isdigit() else int(word or found["month"])
        try:
            day = dt.date(int(found["year"]), month or 0, int(found["day"]))
        except ValueError:
            return None
        return day if day.year >= _EARLIEST else None

    def _moment(self, day: dt.date, line: str, date: regex.Match[str]) -> dt.datetime | None:
        rest = line[: date.start()] + " " * len(date[0]) + line[date.end() :]
        time = self._time.search(rest)
        if time is None:
            return None
        hour = int(time["hour"])
        half = fold(time["half"] or "")
        if half in ("pm", "ch") and hour < 12:
            hour += 12
        elif half in ("am", "sa") and hour == 12:
            hour = 0
        return dt.datetime.combine(day, dt.time(hour, int(time["minute"]), int(time["second"] or 0)), VIETNAM)


class Published(NamedTuple):
    """When an article was published, as far as metadata and text say."""

    day: dt.date | None
    moment: dt.datetime | None


CLOCK_LAG = dt.timedelta(days=2)
"""A date line above the headline this much later than the one below it is the clock of the site."""

STALE_YEARS = 2
"""A lone date line above the headline is the clock of the site if it is this many years past every year that the text
names, and has a weekday and a clock time as such clocks do. An article tells of its own year or the year before."""


def own_date(document: Document, lines: list[Line], title: int | None, dates: DateLines) -> Published:
    """Return when the article was published; names as furniture the date lines that are the clock of the site."""
    stamps = [
        (n, stamp) for n, line in enumerate(lines) if line.kind == "date_line" and (stamp := dates.read(line.text))
    ]
    given = document.published_at
    if not stamps and given is None:
        return Published(None, None)
    if isinstance(given, dt.datetime):
        given = given.astimezone(VIETNAM) if given.tzinfo else given.replace(tzinfo=VIETNAM)
    day = given.date() if isinstance(given, dt.datetime) else given
    clock = _clock(lines, stamps, title, day, dates)
    for number in clock:
        lines[number].become("furniture", "layout.site_clock")
    own = [stamp for number, stamp in stamps if number not in clock]
    below = [stamp for number, stamp in stamps if number not in clock and title is not None and number > title]
    best = (below or own)[0] if own else None
    if isinstance(given, dt.datetime):
        return Published(day, given)
    if day is not None:
        same_day = next((stamp.moment for stamp in own if stamp.day == day and stamp.moment), None)
        return Published(day, same_day)
    return Published(best.day, best.moment) if best else Published(None, None)


def _clock(
    lines: list[Line], stamps: list[tuple[int, Stamp]], title: int | None, given: dt.date | None, dates: DateLines
) -> set[int]:
    """Return the indexes of the lines that tell the time of the visit instead of the publication."""
    if title is None:
        return set()
    above = [(number, stamp) for number, stamp in stamps if number < title]
    below = [stamp.day for number, stamp in stamps if number > title]
    reference = given or (min(below) if below else None)
    if reference is not None:
        return {number for number, stamp in above if stamp.day - reference >= CLOCK_LAG}
    shaped = [(number, stamp) for number, stamp in above if dates.is_clock_shaped(lines[number].text)]
    if not shaped:
        return set()
    told = dates.latest_year(line.text for number, line in enumerate(lines) if number not in dict(above))
    return {number for number, stamp in shaped if told is not None and stamp.day.year - told >= STALE_YEARS}
