"""Any date, written in any of the forms that newspapers use, comes back as itself."""

import datetime as dt
import itertools
from calendar import monthrange

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.stages.dates import describe, span_text

MONTHS = "một hai ba tư năm sáu bảy tám chín mười|mười một|mười hai".replace(" ", "|", 9).split("|")
ROMAN = ("I", "II", "III", "IV")
DAYS = st.dates(dt.date(1930, 1, 1), dt.date(2039, 12, 31))
PARTS = st.sampled_from(["", "Sáng ", "chiều ", "tối ngày ", "Ngày ", "ngày ", "rạng sáng ngày "])
SEPARATORS = st.sampled_from(["/", "-", "."])
PUBLISHED = st.dates(dt.date(2000, 7, 1), dt.date(2030, 6, 30))
DASHES = st.sampled_from(["-", " - ", "–", " – ", " đến ", " đến hết ", " tới "])


def rows_of(extractor, text, published):
    rows = extractor.process(Document("test", text, published_at=published)).rows["dates"]
    return [(text[row.start : row.end], describe(row)) for row in rows if row.kind == "DATE"]


def month_value(year, month):
    return span_text(dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1]))


@given(DAYS, PARTS, SEPARATORS, st.booleans(), PUBLISHED)
def test_full_days(extractor, day, part, separator, padded, published):
    numbers = f"{day.day:02}{separator}{day.month:02}" if padded else f"{day.day}{separator}{day.month}"
    text = f"{part}{numbers}{separator}{day.year}"
    assert rows_of(extractor, text, published) == [(text, day.isoformat())]


@given(DAYS, PUBLISHED, st.booleans())
def test_full_days_in_words(extractor, day, published, spelled):
    month = MONTHS[day.month - 1] if spelled else day.month
    text = f"ngày {day.day} tháng {month} năm {day.year}"
    assert rows_of(extractor, text, published) == [(text, day.isoformat())]


@given(PUBLISHED, st.integers(-180, 180), st.sampled_from(["ngày ", "Sáng ", "chiều ngày ", "tối "]), SEPARATORS)
def test_days_without_a_year_are_those_nearest_the_publication(extractor, published, shift, part, separator):
    day = published + dt.timedelta(days=shift)
    if (day.month, day.day) == (2, 29):
        return
    text = f"{part}{day.day}{separator}{day.month}"
    assert rows_of(extractor, text, published) == [(text, day.isoformat())]


@given(
    st.integers(1930, 2039),
    st.integers(1, 12),
    st.sampled_from(["tháng {m}/{y}", "tháng {m:02}-{y}", "tháng {m}.{y}", "tháng {m} năm {y}"]),
)
def test_months(extractor, year, month, form):
    text = form.format(m=month, y=year)
    assert rows_of(extractor, text, None) == [(text, month_value(year, month))]


@given(
    st.integers(1930, 2039),
    st.integers(1, 4),
    st.booleans(),
    st.sampled_from(["quý {q}/{y}", "quý {q} năm {y}", "Quý {q}-{y}"]),
)
def test_quarters(extractor, year, quarter, roman, form):
    text = form.format(q=ROMAN[quarter - 1] if roman else quarter, y=year)
    first = month_value(year, quarter * 3 - 2).split("/")[0]
    last = month_value(year, quarter * 3).split("/")[1]
    assert rows_of(extractor, text, None) == [(text, f"{first}/{last}")]


@given(
    st.integers(1930, 2030),
    st.integers(1, 20),
    st.sampled_from(["giai đoạn ", "nhiệm kỳ ", "từ năm ", "từ ", "năm "]),
    DASHES,
)
def test_stretches_of_years(extractor, first, length, lead, dash):
    text = f"{lead}{first}{dash}{first + length}"
    assert rows_of(extractor, text, None) == [(text, f"{first}-01-01/{first + length}-12-31")]


@given(DAYS, st.integers(1, 300), DASHES, SEPARATORS)
def test_stretches_of_days(extractor, first, length, dash, separator):
    last = first + dt.timedelta(days=length)
    ends = [f"{day.day}{separator}{day.month}{separator}{day.year}" for day in (first, last)]
    text = f"từ ngày {ends[0]}{dash}{ends[1]}"
    assert rows_of(extractor, text, None) == [(text, f"{first}/{last}")]


@given(
    st.dates(dt.date(1940, 1, 1), dt.date(1999, 12, 31)),
    st.integers(1, 90),
    SEPARATORS,
    st.sampled_from([" - ", "-", " – "]),
)
def test_anniversaries_are_two_days(extractor, day, years, separator, dash):
    if (day.month, day.day) == (2, 29):
        return
    later = day.replace(year=day.year + years)
    ends = [f"{d.day}{separator}{d.month}{separator}{d.year}" for d in (day, later)]
    rows = rows_of(extractor, f"kỷ niệm ngày truyền thống ({ends[0]}{dash}{ends[1]})", None)
    assert [value for _, value in rows] == [day.isoformat(), later.isoformat()]


@settings(max_examples=200)
@given(st.text(alphabet="0123456789/-. ngàythángnămquýsáđế()IVh", max_size=60), st.one_of(st.none(), PUBLISHED))
def test_whatever_is_written_rows_are_in_order_and_apart(extractor, text, published):
    view = Document("test", text).view.text
    rows = extractor.process(Document("test", text, published_at=published)).rows["dates"]
    assert all(0 <= row.start < row.end <= len(view) for row in rows)
    assert all(before.end <= after.start for before, after in itertools.pairwise(rows))
    assert all((row.date_from is None) == (row.date_to is None) for row in rows)
    assert all(row.date_from is None or row.date_from <= row.date_to for row in rows)
