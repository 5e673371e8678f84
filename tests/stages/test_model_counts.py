import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.stages.model_counts import describe

CORPUS = yaml.safe_load((Path(__file__).parents[1] / "corpora" / "model_counts.yaml").read_text(encoding="utf-8"))
FORMS = [(text, value) for value, texts in CORPUS["one"].items() for text in texts]


@pytest.mark.parametrize(("text", "value"), FORMS)
def test_a_form_is_one_count(read, text, value):
    for given_text in (text, unicodedata.normalize("NFD", text)):
        assert [describe(row).lower() for row in read(given_text)["model_counts"]] == [value.lower()]


@pytest.mark.parametrize("case", CORPUS["several"], ids=lambda case: case["text"])
def test_several_counts_are_rows_of_their_own(read, case):
    assert [describe(row) for row in read(case["text"])["model_counts"]] == case["values"]


@pytest.mark.parametrize("text", CORPUS["nothing"])
def test_what_counts_no_models_gives_no_row(read, text):
    assert read(text)["model_counts"] == []


def test_the_corpus_is_as_large_as_it_should_be():
    assert len(FORMS) >= 80
    assert len(CORPUS["nothing"]) >= 80


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Quận có hơn 18 mô hình dân vận khéo.", "hơn 18 mô hình"),
        ("Mỗi xã xây dựng ít nhất 01 mô hình.", "ít nhất 01 mô hình"),
        ("Đã nghiệm thu 185/211 mô hình.", "185/211 mô hình"),
        ("Mặt trận làm 164 công trình, phần việc.", "164 công trình, phần việc"),
        ("Duy trì 352 tổ nhân dân tự quản vệ sinh.", "352 tổ nhân dân tự quản"),
    ],
)
def test_the_span_runs_from_the_qualifier_to_the_unit(extractor, text, span):
    document = extractor.process(Document("test", text))
    (row,) = document.rows["model_counts"]
    assert document.view.text[row.start : row.end] == span


@pytest.mark.parametrize(
    ("text", "qualifier", "name", "status"),
    [
        ("Tỉnh có hơn 90 mô hình “Dân vận khéo” đăng ký mới.", "more_than", "Dân vận khéo", "registered"),
        ("Hội duy trì gần 30 mô hình tiêu biểu.", "nearly", None, "maintained"),
        ("Huyện xây dựng khoảng 12 mô hình chuyển đổi sinh kế.", "about", "chuyển đổi sinh kế", "built"),
        ("Tuyên dương 111 điển hình dân vận khéo.", None, "dân vận khéo", "commended"),
        ("Công nhận 40 mô hình.", None, None, "recognised"),
        ("Có ít nhất 5 mô hình.", "at_least", None, None),
    ],
)
def test_qualifier_name_and_status(read, text, qualifier, name, status):
    (row,) = read(text)["model_counts"]
    assert (row.qualifier, row.name, row.status) == (qualifier, name, status)


def test_parts_name_their_whole(read):
    text = "Toàn tỉnh có 1.620 mô hình, trong đó có 1.294 mô hình tập thể, 326 mô hình cá nhân. Huyện A có 20 mô hình."
    whole, first, second, other = read(text)["model_counts"]
    assert (whole.part_of, first.part_of, second.part_of, other.part_of) == (None, whole.start, whole.start, None)


def test_other_mentions_of_an_article_decide_where_a_count_is_silent(read):
    figures = "Người dân đến xem 20 mô hình này. Các mô hình đèn lồng rực sáng. Mô hình linh vật cao 3 mét."
    practices = "Người dân đến xem 20 mô hình này. Các mô hình kinh tế rất tốt. Mô hình nuôi dê lãi cao."
    assert read(figures)["model_counts"] == []
    assert [describe(row) for row in read(practices)["model_counts"]] == ["20 mô hình"]


def test_dropped_candidates_say_why(read):
    rows = read("Đây là một mô hình mới. Công viên có 20 mô hình linh vật. Năm 2016 mô hình ra đời.")
    assert [row.reason for row in rows["07_model_counts"]] == [
        "an article",
        "another sense of the word",
        "a date or an ordinal",
    ]


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 10**9))
def test_any_count_is_exact(read, value):
    (row,) = read(f"Toàn tỉnh xây dựng {f'{value:,}'.replace(',', '.')} mô hình dân vận khéo.")["model_counts"]
    assert row.count == value


@pytest.mark.parametrize("digits", ["9" * 60, "1," + "3" * 60, "9." * 30 + "9", "999." * 20 + "999"])
def test_hostile_digits_give_a_count_or_null(read, digits):
    for row in read(f"Toàn tỉnh có {digits} mô hình dân vận khéo.")["model_counts"]:
        assert row.count is None or row.count < 2**63
