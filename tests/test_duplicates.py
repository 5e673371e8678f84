import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import duplicates
from pipeline.duplicates import DuplicateFinder, find_duplicates, signature

PLACES = ["Tân Lập", "Yên Bình", "Mỹ Lâm", "Phú Hòa", "An Thạnh", "Long Khê", "Đồng Tiến", "Cẩm Sơn"]
VERBS = ["vận động", "hỗ trợ", "tuyên truyền", "khảo sát", "biểu dương", "hướng dẫn", "kiểm tra", "trao tặng"]
OBJECTS = [
    "hộ nghèo",
    "đoàn viên",
    "tổ dân phố",
    "hợp tác xã",
    "cựu chiến binh",
    "tuyến đường",
    "nhà văn hóa",
    "mô hình",
]


def article(seed, sentences=25):
    """Return an article of invented sentences; another seed gives another article in the same words."""
    pick = random.Random(seed)
    return "\n".join(
        f"Ngày {pick.randint(1, 28)}, xã {pick.choice(PLACES)} {pick.choice(VERBS)} {pick.randint(2, 900)} "
        f"{pick.choice(OBJECTS)}, sau đó {pick.choice(VERBS)} {pick.choice(OBJECTS)} tại {pick.choice(PLACES)}."
        for _ in range(sentences)
    )


def pair(one, other):
    return find_duplicates([("one", one, None), ("other", other, None)])


def test_a_reprint_with_another_headline_points_to_the_first():
    body = article(1)
    assert pair(f"Dân vận khéo ở Tân Lập\n{body}", f"Xã miền núi đổi thay\n{body}\nTheo Minh Châu") == {"other": "one"}


def test_a_reprint_with_a_paragraph_less_and_other_typing_is_found():
    body = article(2)
    other = body.replace("hóa", "hoá").replace("–", "-").upper().rsplit("\n", 3)[0]
    assert pair(body, other) == {"other": "one"}


def test_two_articles_on_the_same_matter_are_two():
    assert pair(article(3), article(4)) == {}


def test_half_of_the_text_in_common_is_not_the_same_article():
    shared = article(5, 12)
    assert pair(shared + article(6, 12), shared + article(7, 12)) == {}


def test_the_earliest_is_by_day_then_by_reading_order():
    body = article(8)
    day = dt.date(2021, 3, 5)
    read = [("undated", body, None), ("late", body, day), ("early", body, day - dt.timedelta(1)), ("same", body, day)]
    assert find_duplicates(read) == {"undated": "early", "late": "early", "same": "early"}
    assert find_duplicates([("first", body, day), ("second", body, day)]) == {"second": "first"}


@pytest.mark.parametrize("text", ["", "Ảnh", "Tin vắn hôm nay", "新聞", "\ud800\n", "1.234"])
def test_short_texts_are_the_same_only_if_they_are_equal(text):
    assert pair(text, text) == {"other": "one"}
    assert pair(text, text + " khác hẳn đi rồi") == {}


def test_thousands_of_copies_point_to_the_first():
    finder = DuplicateFinder()
    copy = signature(article(9))
    for number in range(5000):
        finder.add(str(number), copy, None)
    assert finder.find() == {str(number): "0" for number in range(1, 5000)}


def test_a_signature_is_the_same_whoever_makes_it():
    assert len(signature(article(10))) == duplicates.SIGNATURE_BYTES
    assert signature(article(10)) == signature(article(10))
    with pytest.raises(ValueError, match="bytes"):
        DuplicateFinder().add("a", b"short", None)


@given(st.lists(st.text(max_size=60), max_size=8))
def test_every_pointer_goes_to_an_article_that_is_itself_earlier(texts):
    found = find_duplicates((str(n), text, None) for n, text in enumerate(texts))
    assert all(int(early) < int(late) for late, early in found.items())
