"""From partial dates to days: against the day of publication, the year in force in the sentence, the day narrated."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.grammar import calendar
from pipeline.grammar.calendar import Span
from pipeline.stages.dates.narration import Narration
from pipeline.stages.dates.patterns import Candidate
from pipeline.stages.dates.surroundings import Surroundings
from pipeline.stages.dates.values import Partial, days_in_year, in_cycle, nearest

HISTORY_YEARS: Final = 2
"""A day told with a year this far from the publication begins a story; what follows closely is of the same year."""

STORY_DAYS: Final = 31
STORY_SENTENCES: Final = 1
"""How many days after the day told, and how many sentences on, a day without a year still belongs to its story."""

NEAREST_DAYS: Final = 120
"""What is nearer in the year of publication than this is nearer than in the years beside it: days, months, quarters."""

_DOCUMENT_REACH: Final = 12

Placed = tuple[Span | None, str | None]
"""The days, and what supplied the missing parts: text, publication, context or None."""


@dataclass(slots=True)
class Resolver:
    """Resolves the dates of one document in reading order; remembers what the text is narrating."""

    published: dt.date | None
    sentence_starts: Sequence[int]
    folded: str
    around: Surroundings
    narration: Narration = field(init=False)
    _sentence: int = -1
    _year: int | None = None
    """The year that the sentence has stated, if any."""
    _day: dt.date | None = None
    """The last day told; its month is in force."""
    _told: tuple[int, dt.date] | None = None
    """The last day told with its year, and the number of its sentence."""
    _period: Span | None = None
    _start: int = 0

    def __post_init__(self) -> None:
        self.narration = Narration(self.published, self.sentence_starts, self.folded, self.around)

    def resolve(self, candidate: Candidate, apposed: Candidate | None = None) -> Placed:
        """Return the days of one candidate; candidates must come in reading order.

        Args:
            candidate: What to place.
            apposed: The date that explains it, as in `sáng nay (14/6)`, if there is one.
        """
        self._start = candidate.start
        sentence = bisect_right(self.sentence_starts, candidate.start)
        if sentence != self._sentence:
            self._sentence, self._year = sentence, None
        placed: Placed
        if apposed is not None:
            placed = self._place(apposed.first)[0], "context"
        elif candidate.last is None:
            placed = self._place(candidate.first)
        else:
            placed = self._place_range(candidate.first, candidate.last)
        self._remember(candidate, placed[0])
        return placed

    def _remember(self, candidate: Candidate, span: Span | None) -> None:
        stated = candidate.last or candidate.first
        day = span.first if span is not None and span.first == span.last else None
        if (day is not None or stated.year is not None) and not self._is_aside(candidate):
            if stated.year is not None and self._is_of_one_year(candidate):
                self._year = stated.year
                if span is not None and stated.day is not None:
                    self._told = self._sentence, span.last
            if day is not None and not self.narration.lies_ahead(day):
                self._day = day
                self.narration.tell(candidate.start, candidate.end, day)
        if span is not None and stated.same != "period":
            self._period = span

    def _is_aside(self, candidate: Candidate) -> bool:
        """Return whether a date stands in brackets, dates a document or a birth, or ends an anniversary."""
        if candidate.rule.id == "dates.year.birth":
            return True
        start = candidate.start
        return self.around.aside.search(self.folded, max(0, start - _DOCUMENT_REACH), start) is not None

    @staticmethod
    def _is_of_one_year(candidate: Candidate) -> bool:
        """Return whether a date does not stretch over years, as a term of office does."""
        return candidate.last is None or candidate.first.year in (None, candidate.last.year)

    def _place_range(self, first: Partial, last: Partial) -> Placed:
        first, last = first.filled(last), last.filled(first)
        end, by = self._place(last)
        if end is None:
            return None, None
        start, start_by = self._place(first)
        if start is None:
            return None, None
        start = self._lunar_start(first, last, start, end)
        if start.first > end.last:
            start, end = self._reordered(first, start, end)
        if start.first > end.last:
            return None, None
        return Span(start.first, end.last), by if by != "text" else start_by

    def _lunar_start(self, first: Partial, last: Partial, start: Span, end: Span) -> Span:
        """Return the lunar reading of the first end where it lies nearer the last: `từ 8/3 đến 10/3 âm lịch`."""
        if last.calendar != "lunar" or first.calendar is not None or first.year is not None:
            return start
        lunar = self._place(replace(first, calendar="lunar"))[0]
        return lunar if lunar is not None and start.first < lunar.first <= end.last else start

    def _reordered(self, first: Partial, start: Span, end: Span) -> tuple[Span, Span]:
        """Return the ends with the first one moved a year back: `từ tháng 11 đến tháng 2/2018`."""
        earlier = days_in_year(first, start.first.year - 1)
        return (earlier, end) if earlier is not None else (start, end)

    def _place(self, partial: Partial) -> Placed:
        if partial.is_plain:
            year = partial.year
            return self._place_near(partial) if year is None else (days_in_year(partial, year), "text")
        if partial.same is not None:
            return self._place_same(partial)
        if partial.decade is not None:
            return calendar.years_span(partial.decade, partial.decade + 9), "text"
        shifted = self._shifted(partial)
        if shifted.year is not None:
            return days_in_year(shifted, shifted.year), "text" if shifted is partial else "publication"
        return self._place_near(partial)

    def _shifted(self, partial: Partial) -> Partial:
        """Return a month, quarter or year counted from the publication as its own numbers."""
        day = self.published
        if day is None:
            return partial
        if partial.year_shift is not None:
            return replace(partial, year=day.year + partial.year_shift, year_shift=None)
        if partial.month_shift is not None:
            year, month = calendar.shift_month(day.year, day.month, partial.month_shift)
            return replace(partial, year=year, month=month, month_shift=None)
        if partial.quarter_shift is not None:
            year, month = calendar.shift_month(day.year, day.month, 3 * partial.quarter_shift)
            return replace(partial, year=year, quarter=(month + 2) // 3, quarter_shift=None)
        return partial

    def _place_near(self, partial: Partial) -> Placed:
        """Place what states no year."""
        day = self.published
        if partial.day is None and partial.month is None and (partial.weekday is not None or _shifts_days(partial)):
            return (None, None) if day is None else (_relative(partial, day), "publication")
        if partial.lacks_month:
            return self._place_day_number(partial)
        return self._place_in_year(partial) if partial.is_plain else (None, None)

    def _place_in_year(self, partial: Partial) -> Placed:
        """Place what lacks nothing but its year: in the year in force, else in the one nearest the publication."""
        day = self.published
        part_of_year = partial.month is None and partial.quarter is None and partial.day is None
        if partial.day is not None and self._told is not None and (story := self._in_story(partial, *self._told)):
            return story, "context"
        year = None if partial.way is not None or (partial.day is not None and day is not None) else self._year
        if day is not None and part_of_year and (partial.months is None or year is None):
            return days_in_year(partial, day.year), "publication"
        if year is not None:
            return days_in_year(partial, year), "context"
        if day is None:
            return None, None
        if partial.way is None and partial.stem is None:
            span = days_in_year(partial, day.year)
            if span is not None and calendar.distance(span, day) < NEAREST_DAYS:
                return span, "publication"
        years = [year for year in (day.year - 1, day.year, day.year + 1) if in_cycle(partial, year)]
        spans = [days_in_year(partial, year) for year in years]
        return nearest(_in_direction([span for span in spans if span], partial.way, day), day), "publication"

    def _in_story(self, partial: Partial, sentence: int, told: dt.date) -> Span | None:
        """Return the day in the year of the story that it continues: `đêm 19/2/1947 … sáng 20/2`."""
        if self._sentence - sentence > STORY_SENTENCES:
            return None
        if self.published is not None and abs(told.year - self.published.year) < HISTORY_YEARS:
            return None
        spans = [days_in_year(partial, told.year), days_in_year(partial, told.year + 1)]
        return next((span for span in spans if span and 0 <= (span.first - told).days <= STORY_DAYS), None)

    def _place_day_number(self, partial: Partial) -> Placed:
        """Place `ngày 19`: in the month being narrated, else nearest the publication."""
        base = self._day or self.published
        if base is None or partial.day is None:
            return None, None
        if partial.calendar is not None:
            return self._place_lunar_day_number(partial, base), "context" if self._day else "publication"
        months = [calendar.shift_month(base.year, base.month, shift) for shift in (-1, 0, 1)]
        spans = [calendar.day_span(year, month, partial.day) for year, month in months]
        found = nearest([span for span in spans if span], base)
        return found, "context" if self._day else "publication"

    @staticmethod
    def _place_lunar_day_number(partial: Partial, base: dt.date) -> Span | None:
        """Return the day nearest `base` on which a lunar month has that number."""
        spans = [
            calendar.lunar_span(year, month, partial.day)
            for year in (base.year - 1, base.year)
            for month in range(1, 13)
        ]
        return nearest([span for span in spans if span], base)

    def _place_same(self, partial: Partial) -> Placed:
        if partial.same == "day":
            same = self.narration.same_day(self._start)
            return (None, None) if same is None else (Span(same, same), "context")
        if partial.same == "period":
            return self._place_same_period(partial)
        base = self._day or (self._period.first if self._period else self.published)
        if base is None:
            return None, None
        if partial.same == "month" and partial.day is not None:
            return calendar.day_span(base.year, base.month, partial.day), "context"
        return days_in_year(partial, self._year or base.year), "context"

    def _place_same_period(self, partial: Partial) -> Placed:
        """Place `cùng kỳ năm trước`: the stretch being narrated, in the year that is named."""
        period = self._period
        base = period.last.year if period else self.published.year if self.published else None
        year = partial.year
        if year is None:
            if base is None:
                return None, None
            shift = partial.year_shift if partial.year_shift is not None else -1
            year = (self.published.year if self.published and shift == 0 else base) + shift
        if period is None or period.first == period.last or period.first.year != period.last.year:
            return calendar.months_span(year, 1, 12), "context"
        last = calendar.months_span(year, period.last.month, period.last.month)
        first = calendar.day_span(year, period.first.month, min(period.first.day, 28))
        if last is None or first is None:
            return None, None
        return Span(first.first, last.last), "context"


def _shifts_days(partial: Partial) -> bool:
    return partial.day_shift is not None or partial.week_shift is not None


def _relative(partial: Partial, day: dt.date) -> Span | None:
    """Return a weekday, a week or a shifted day counted from `day`."""
    if partial.day_shift is not None:
        only = day + calendar.DAY * partial.day_shift
        return Span(only, only)
    if partial.weekday is None:
        week = calendar.week_span(day, partial.week_shift or 0)
        return Span(week.first + 5 * calendar.DAY, week.last) if partial.weekend else week
    if partial.week_shift is not None:
        only = calendar.week_span(day, partial.week_shift).first + calendar.DAY * partial.weekday
    elif partial.way == 0:
        only = calendar.week_span(day).first + calendar.DAY * partial.weekday
    elif partial.way == 1:
        only = day + calendar.DAY * ((partial.weekday - day.weekday() - 1) % 7 + 1)
    else:
        back = 1 if partial.way == -1 else 0
        only = day - calendar.DAY * ((day.weekday() - partial.weekday - back) % 7 + back)
    return Span(only, only)


def _in_direction(spans: list[Span], way: int | None, day: dt.date) -> list[Span]:
    if way == 1:
        return [span for span in spans if span.last >= day]
    if way == -1:
        return [span for span in spans if span.first <= day]
    return spans
