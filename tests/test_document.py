import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Document, View, fold

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặòóỏõọùúủũụỳýỷỹỵĐÐ .,\n\u00a0\u200bỉTt", max_size=80
)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Uỷ ban hoà bình", "Ủy ban hòa bình"),
        ("ngày \u200b20/9", "ngày 20/9"),
        ("a\u200b \u00a0\u200bb", "a b"),
        ("THUỶ HOÀ", "THỦY HÒA"),
        ("quý khoản toàn quỹ hoàn", "quý khoản toàn quỹ hoàn"),
        ("3 tỉ đồng, tỉnh", "3 tỷ đồng, tỉnh"),
        ("Ðồng chí", "Đồng chí"),
        ("10\u00a0triệu", "10 triệu"),
        ("Chủ  tịch", "Chủ tịch"),
        ("tri\u200bệu\ufeff", "triệu"),
    ],
)
def test_view_makes_spellings_one(written, seen):
    assert View(written).text == seen
    assert View(unicodedata.normalize("NFD", written)).text == seen


def test_spans_map_back_to_what_was_written():
    text = unicodedata.normalize("NFD", "Ở  xã Hoà\u200b Tiến, Uỷ ban")
    view = View(text)
    start = view.text.index("Hòa Tiến")
    begin, end = view.to_original(start, start + len("Hòa Tiến"))
    assert text[begin:end] == unicodedata.normalize("NFD", "Hoà\u200b Tiến")


@given(VIETNAMESE)
def test_composed_and_decomposed_text_have_one_view(text):
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert View(composed).text == View(decomposed).text


@given(st.text(max_size=60))
def test_every_span_of_the_view_maps_into_the_text(text):
    view = View(text)
    assert len(view.folded) == len(view.text)
    last = 0
    for at in range(len(view.text)):
        start, end = view.to_original(at, at + 1)
        assert last <= start < end <= len(text)
        last = start


@given(VIETNAMESE)
def test_joined_spans_cover_what_their_ends_cover(text):
    view = View(text)
    if view.text:
        start, end = view.to_original(0, len(view.text))
        assert start == view.to_original(0, 1)[0]
        assert end == view.to_original(len(view.text) - 1, len(view.text))[1]


@pytest.mark.parametrize("span", [(0, 0), (2, 1), (-1, 2), (0, 99)])
def test_spans_outside_the_view_are_refused(span):
    with pytest.raises(ValueError, match="empty or outside"):
        View("xã").to_original(*span)


@given(st.text(max_size=60))
def test_fold_keeps_offsets(text):
    assert len(fold(text)) == len(text)


def test_metadata_gives_the_day_of_publication():
    assert Document("a", "x", published_at=dt.datetime(2023, 5, 1, 7, 30)).published_on == dt.date(2023, 5, 1)
    assert Document("a", "x").published_on is None
