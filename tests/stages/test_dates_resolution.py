"""What supplies the missing parts of a date: the text, the publication, the narration, or nothing."""

import datetime as dt

import pytest

from pipeline.document import Document
from pipeline.stages.dates import describe


@pytest.fixture
def dates(read):
    def run(text, published=None):
        return [row for row in read(text, published)["dates"] if row.kind == "DATE"]

    return run


@pytest.mark.parametrize(
    ("text", "published", "value", "source"),
    [
        ("ngày 14/12/2021", "2023-06-15", "2021-12-14", "text"),
        ("Sáng 20/9, xã họp", "2023-09-21", "2023-09-20", "publication"),
        ("Chiều 28/12, xã họp", "2024-01-02", "2023-12-28", "publication"),
        ("lễ mở ngày 3/1", "2023-12-30", "2024-01-03", "publication"),
        ("tháng 11", "2024-01-10", "2023-11-01/2023-11-30", "publication"),
        ("hôm qua", "2024-03-01", "2024-02-29", "publication"),
        ("tháng trước", "2024-01-10", "2023-12-01/2023-12-31", "publication"),
        ("quý trước", "2024-01-10", "2023-10-01/2023-12-31", "publication"),
    ],
)
def test_sources(dates, text, published, value, source):
    assert [(describe(row), row.resolved_from) for row in dates(text, published)] == [(value, source)]


@pytest.mark.parametrize(
    "text",
    [
        "Sáng 20/9",
        "hôm qua",
        "tuần này",
        "tháng 4",
        "năm nay",
        "thứ Hai tới",
        "Chiều cùng ngày",
        "quý III",
        "mùng 1 Tết",
    ],
)
def test_without_a_publication_day_nothing_is_guessed(dates, text):
    assert [(row.date_from, row.date_to, row.resolved_from) for row in dates(text)] == [(None, None, None)]


def test_the_year_in_force_in_the_sentence_is_used(dates):
    rows = dates("Năm 2019, xã làm đường từ tháng 4, đến tháng 9 thì xong.")
    assert [describe(row) for row in rows] == [
        "2019-01-01/2019-12-31",
        "2019-04-01/2019-04-30",
        "2019-09-01/2019-09-30",
    ]
    assert [row.resolved_from for row in rows] == ["text", "context", "context"]


@pytest.mark.parametrize(
    "text",
    [
        "Hội đồng nhân dân (nhiệm kỳ 2016-2021) họp vào tháng 6.",
        "Theo Quyết định 12/QĐ-UBND ngày 5/7/2010, tháng 6 sẽ xong.",
        "Ông Lê Văn Đồng, sinh năm 1960, nghỉ hưu từ tháng 6.",
        "Phong trào (2/6/1998) được nhắc lại trong tháng 6.",
    ],
)
def test_terms_births_documents_and_asides_lend_no_year(dates, text):
    assert describe(dates(text, "2023-06-15")[-1]) == "2023-06-01/2023-06-30"


def test_a_story_told_with_its_year_goes_on_in_it(dates):
    rows = dates("Đêm 19/2/1947, đoàn nghỉ tại xã. Sáng 20/2, đoàn lên đường.", "2017-02-07")
    assert [describe(row) for row in rows] == ["1947-02-19", "1947-02-20"]


def test_cung_ngay_is_the_day_narrated(dates):
    rows = dates(
        "Ngày 3/5, mưa lớn. Tối cùng ngày, nước dâng. Ngày 9/6, đoàn về thăm. Sáng cùng ngày, xã họp.", "2023-06-15"
    )
    assert [describe(row) for row in rows] == ["2023-05-03", "2023-05-03", "2023-06-09", "2023-06-09"]


def test_the_date_in_brackets_decides_what_hom_nay_means(dates):
    assert [describe(row) for row in dates("Hôm nay (14/6), xã họp.", "2023-06-15")] == ["2023-06-14", "2023-06-14"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Sáng 12/6", "morning"),
        ("rạng sáng 12/6", "morning"),
        ("trưa 12/6", "noon"),
        ("chiều tối 12/6", "afternoon"),
        ("tối qua", "evening"),
        ("đêm 12/6", "night"),
        ("ngày 12/6", None),
    ],
)
def test_part_of_day_is_kept_apart(dates, text, part):
    assert [row.part_of_day for row in dates(text, "2023-06-15")] == [part]


@pytest.mark.parametrize(
    ("text", "granularity", "calendar"),
    [
        ("ngày 12/6", "day", "gregorian"),
        ("tuần này", "week", "gregorian"),
        ("tháng 4/2018", "month", "gregorian"),
        ("quý I/2024", "quarter", "gregorian"),
        ("năm 2023", "year", "gregorian"),
        ("đầu năm 2023", "range", "gregorian"),
        ("cuối tháng 6", "range", "gregorian"),
        ("giai đoạn 2020-2025", "range", "gregorian"),
        ("6 tháng đầu năm", "range", "gregorian"),
        ("rằm tháng Giêng", "day", "lunar"),
        ("tháng 8 âm lịch", "month", "lunar"),
    ],
)
def test_granularity_and_calendar(dates, text, granularity, calendar):
    assert [(row.granularity, row.calendar) for row in dates(text, "2023-06-15")] == [(granularity, calendar)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Quyết định số 461-QĐ/TU", "document number"),
        ("có 1.452/1.452 thôn", "fraction"),
        ("lúc 7h30", "time of day"),
        ("trực 24/7", "round the clock"),
        ("gọi 0292.3821.245", "telephone number"),
        ("tỷ số 2-1", "score"),
        ("quốc lộ 1A", "road or address"),
        ("số 12/3 đường Lê Lợi", "document or house number"),
    ],
)
def test_decoys_are_dropped_with_their_reason(read, text, reason):
    rows = read(text, "2023-06-15")
    assert rows["dates"] == []
    assert reason in [row.reason for row in rows["03_dates"] if not row.kept]


def test_recurring_days_are_sets(read):
    rows = read("Hội mở ngày 12/6 hằng năm, mỗi lần 3 ngày.", "2023-06-15")["dates"]
    assert [(row.kind, row.date_from) for row in rows] == [("SET", None), ("DURATION", None)]


def test_furniture_gives_no_rows(extractor):
    text = "Thứ Sáu, 22/11/2024 16:38 (GMT +7)\nNgày 12/6, xã họp dân bàn việc làm đường."
    document = extractor.process(Document("test", text, published_at=dt.date(2023, 6, 15)))
    kinds = [part.kind for part in document.rows["01_layout"]]
    dates = [describe(row) for row in document.rows["dates"]]
    assert dates == (["2023-06-12"] if kinds[0] == "furniture" else ["2024-11-22", "2023-06-12"])


@pytest.mark.parametrize(
    "text", ["ngày 1" + ", 2" * 20000, "ngày 3, " * 5000, "1/2/" * 5000, "từ 1/2 đến " * 5000, "quý I, " * 5000]
)
def test_endless_lists_come_to_an_end(read, text):
    assert all(row.start < row.end for row in read(text, "2023-06-15")["dates"])


def test_cung_ngay_is_not_a_day_announced(dates):
    rows = dates("Ngày 12/6, xã họp, hẹn xong trước ngày 30/6. Chiều cùng ngày, tổ công tác ra quân.", "2023-06-13")
    assert [describe(row) for row in rows] == ["2023-06-12", "2023-06-30", "2023-06-12"]
