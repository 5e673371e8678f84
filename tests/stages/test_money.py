import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.stages.money import describe

CORPUS = yaml.safe_load((Path(__file__).parents[1] / "corpora" / "money.yaml").read_text(encoding="utf-8"))
FORMS = [(text, str(value)) for value, texts in CORPUS["one"].items() for text in texts]


@pytest.mark.parametrize(("text", "value"), FORMS)
def test_a_form_is_one_amount(read, text, value):
    assert [describe(row) for row in read(text)["money"]] == [value]


@pytest.mark.parametrize("case", CORPUS["several"], ids=lambda case: case["text"])
def test_several_amounts_are_rows_of_their_own(read, case):
    assert [describe(row) for row in read(case["text"])["money"]] == case["values"]


@pytest.mark.parametrize("text", CORPUS["nothing"])
def test_what_is_no_money_gives_no_row(read, text):
    assert read(text)["money"] == []


def test_the_corpus_is_as_large_as_it_should_be():
    assert len(FORMS) >= 120
    assert len(CORPUS["nothing"]) >= 120


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Đầu tư hơn 101 tỉ đồng cho cầu.", "hơn 101 tỉ đồng"),
        ("Mỗi căn từ 70 – 120 triệu đồng.", "từ 70 – 120 triệu đồng"),
        ("Thuê 600.000 đồng/phòng.", "600.000 đồng"),
        ("Nợ 50 triệu đồng trở lên.", "50 triệu đồng"),
        ("Lãi gần 2 tỷ rưỡi.", "gần 2 tỷ rưỡi"),
    ],
)
def test_the_span_runs_from_the_qualifier_to_the_currency(extractor, text, span):
    for given_text in (text, unicodedata.normalize("NFD", text)):
        document = extractor.process(Document("test", given_text))
        (row,) = document.rows["money"]
        start, end = document.view.to_original(row.start, row.end)
        assert unicodedata.normalize("NFC", given_text[start:end]) == span


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("Chi hơn 3 tỷ đồng.", "more_than"),
        ("Chi trên 3 tỷ đồng.", "more_than"),
        ("Chi ít nhất 3 tỷ đồng.", "at_least"),
        ("Chi 3 tỷ đồng trở lên.", "at_least"),
        ("Chi gần 3 tỷ đồng.", "nearly"),
        ("Chi khoảng 3 tỷ đồng.", "about"),
        ("Chi xấp xỉ 3 tỷ đồng.", "about"),
        ("Chi dưới 3 tỷ đồng.", None),
        ("Chi 3 tỷ đồng.", None),
    ],
)
def test_qualifiers(read, text, qualifier):
    (row,) = read(text)["money"]
    assert row.qualifier == qualifier


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("Thu nhập 28 triệu đồng/người/năm.", "/người/năm"),
        ("Giá 45.000 đồng/kg.", "/kg"),
        ("Đóng 20.000 đồng mỗi tháng.", "mỗi tháng"),
        ("Mỗi hộ được hỗ trợ 5 triệu đồng.", "mỗi hộ"),
        ("Giải ngân 72/160 tỷ đồng.", None),
        ("Chi 3 tỷ đồng.", None),
    ],
)
def test_what_an_amount_is_paid_for(read, text, per):
    found = read(text)["money"][0].per
    assert (found or "").lower() == (per or "")


def test_dropped_candidates_say_why(read):
    rows = read("Có 30 đồng chí dự họp. Thành phố có 8 triệu dân. Rút tờ 500.000 đồng.")["06_money"]
    assert [row.reason for row in rows] == ["part of another word", "something else is counted", "bank-note"]


def test_furniture_gives_no_amounts(read):
    rows = read("Xã chi 3 tỷ đồng làm đường.\nTIN MỚI\nLượt truy cập: 5.000.000")
    assert [describe(row) for row in rows["money"]] == ["3000000000 VND"]


def test_an_amount_too_large_for_the_column_is_null(read):
    (row,) = read("Chi 99.999.999.999.999.999.999.999 đồng.")["money"]
    assert row.amount_min is None


@settings(max_examples=60, deadline=None)
@given(st.integers(1000, 10**12), st.sampled_from(["đồng", "VNĐ", "USD", "euro"]))
def test_any_grouped_amount_is_exact(read, value, currency):
    (row,) = read(f"Tổng kinh phí là {f'{value:,}'.replace(',', '.')} {currency}.")["money"]
    assert row.amount_min == row.amount_max == Decimal(value)


@settings(max_examples=60, deadline=None)
@given(st.decimals("0.1", "9999", places=1), st.sampled_from([("nghìn", 3), ("triệu", 6), ("tỷ", 9), ("tỉ", 9)]))
def test_any_scaled_amount_is_exact(read, value, scale):
    word, zeros = scale
    (row,) = read(f"Tổng kinh phí là {str(value).replace('.', ',')} {word} đồng.")["money"]
    assert row.amount_min == value * 10**zeros


@pytest.mark.parametrize("digits", ["9" * 60, "1," + "3" * 60, "9." * 30 + "9", "999." * 20 + "999", "0" * 50])
def test_hostile_digits_give_an_amount_or_null(read, digits):
    for text in (f"Chi {digits} đồng.", f"Chi {digits} tỷ đồng.", f"Chi 5-{digits} đồng.", f"Chi ${digits}-{digits}."):
        for row in read(text)["money"]:
            assert row.amount_max is None or row.amount_max < Decimal(10) ** 22
