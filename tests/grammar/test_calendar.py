import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.grammar import calendar
from pipeline.grammar.calendar import Span

DAYS = st.dates(dt.date(1905, 1, 1), dt.date(2095, 12, 31))


@given(DAYS, st.integers(-60, 60))
def test_a_week_runs_from_monday_to_sunday(day, weeks):
    week = calendar.week_span(day, weeks)
    assert (week.first.weekday(), week.last.weekday()) == (0, 6)
    assert (week.first - calendar.week_span(day).first).days == 7 * weeks
    assert calendar.distance(calendar.week_span(day), day) == 0


@given(st.integers(1905, 2095), st.integers(1, 12))
def test_thirds_of_a_month_cover_it(year, month):
    whole = calendar.months_span(year, month, month)
    thirds = [calendar.third_of_month(year, month, third) for third in ("first", "middle", "last")]
    assert sum((third.last - third.first).days + 1 for third in thirds) == (whole.last - whole.first).days + 1
    assert (thirds[0].first, thirds[2].last) == whole


@given(st.integers(1905, 2095), st.integers(1, 12), st.integers(-400, 400))
def test_shifting_a_month_back_returns_it(year, month, months):
    assert calendar.shift_month(*calendar.shift_month(year, month, months), -months) == (year, month)


def test_days_that_the_calendar_lacks():
    assert calendar.day_span(2023, 2, 29) is None
    assert calendar.months_span(0, 1, 12) is None
    assert calendar.years_span(0, 9) is None
    assert calendar.third_of_month(10000, 1, "first") is None


@pytest.mark.parametrize(
    ("lunar", "day"),
    [
        ((2023, 1, 1), "2023-01-22"),
        ((2024, 1, 1), "2024-02-10"),
        ((2017, 3, 10), "2017-04-06"),
        ((2022, 12, 30), "2023-01-21"),
        ((2019, 1, 5), "2019-02-09"),
    ],
)
def test_lunar_days(lunar, day):
    assert calendar.lunar_span(*lunar) == Span(dt.date.fromisoformat(day), dt.date.fromisoformat(day))


def test_a_lunar_month_is_a_stretch():
    month = calendar.lunar_span(2023, 1, None)
    assert month == Span(dt.date(2023, 1, 22), dt.date(2023, 2, 19))


def test_the_thirtieth_of_a_short_lunar_month_is_its_last_day():
    assert calendar.lunar_span(2021, 12, 30) == calendar.lunar_span(2021, 12, 29)


def test_lunar_years_outside_the_conversion_are_unknown():
    assert calendar.lunar_span(1300, 8, 20) is None
