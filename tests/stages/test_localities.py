"""Localities: ambiguous names, names that are no places, time, and what holds for every unit of the country."""

import itertools
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.gazetteer import Gazetteer, path_of
from pipeline.stages import localities

ROOT = Path(__file__).resolve().parents[2]
CORPORA = ROOT / "tests" / "corpora"
DAY = "2018-05-10"
AMBIGUOUS = yaml.safe_load((CORPORA / "localities.yaml").read_text(encoding="utf-8"))["cases"]
NOT_PLACES = yaml.safe_load((CORPORA / "localities_not.yaml").read_text(encoding="utf-8"))["texts"]
GAZETTEER = Gazetteer(ROOT / "rules" / "gazetteer")
STANDING = [u for u in GAZETTEER.units if u.stands(DAY)]
TODAY = [u for u in GAZETTEER.units if not u.end]


def short(rows):
    return [localities.describe(row) for row in rows["localities"]]


@pytest.mark.parametrize("case", AMBIGUOUS, ids=lambda case: case["text"][:50])
def test_ambiguous_names_are_decided_by_what_stands_around_them(read, case):
    assert short(read(case["text"], str(case.get("day", DAY)))) == case["want"]


@pytest.mark.parametrize("text", NOT_PLACES)
def test_what_only_looks_like_a_place_is_no_row(read, text):
    assert short(read(text, DAY)) == []


def test_corpora_are_large_enough_to_mean_something():
    assert len(AMBIGUOUS) >= 150
    assert len(NOT_PLACES) >= 150
    assert len({case["text"] for case in AMBIGUOUS}) >= 150


ARTICLE = "Xã Đông Thọ đổi mới\nLãnh đạo tỉnh Bắc Ninh về xã Đông Thọ, huyện Yên Phong, tỉnh Bắc Ninh dự khai giảng."


def test_before_the_reform_an_article_lives_in_the_country_with_districts(read):
    rows = read(ARTICLE, "2025-06-30")["localities"]
    assert {localities.describe(row) for row in rows} == {
        "commune Bắc Ninh / Yên Phong / Đông Thọ",
        "province Bắc Ninh",
        "district Bắc Ninh / Yên Phong",
    }
    by_level = {row.level: row for row in rows}
    assert by_level["province"].unit_code == "27"
    assert by_level["province"].current_code == ["24"]
    current = GAZETTEER.at(by_level["commune"].current_code[0], "2026-01-01")
    assert path_of(GAZETTEER.chain(current, "2026-01-01"))[0] == "Bắc Ninh"


def test_after_the_reform_the_same_names_are_those_of_the_34_provinces(read):
    rows = read("Lãnh đạo tỉnh Bắc Ninh về xã Yên Phong, tỉnh Bắc Ninh dự khai giảng.", "2025-07-01")["localities"]
    assert [localities.describe(row) for row in rows] == [
        "province Bắc Ninh",
        "commune Bắc Ninh / Yên Phong",
        "province Bắc Ninh",
    ]
    assert rows[0].unit_code == "24"
    assert rows[0].current_code == ["24"]
    assert rows[1].current_code == [rows[1].unit_code]


def test_a_province_that_was_merged_keeps_its_own_code_and_knows_its_heir(read):
    text = "Tỉnh Thái Bình gieo cấy xong."
    before = read(text, "2025-06-15")["localities"][0]
    after = read(text, "2025-07-15")["localities"][0]
    assert (before.unit_code, before.current_code) == ("34", ["33"])
    assert (after.unit_code, after.current_code) == ("34", ["33"])


def test_without_a_day_of_publication_districts_mean_the_country_with_districts(read):
    assert short(read("Huyện Yên Phong, tỉnh Bắc Ninh.")) == [
        "district Bắc Ninh / Yên Phong",
        "province Bắc Ninh",
    ]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (
            "Bà Lựu thuê nhà ở phường An Phú, quận 2.",
            ["commune Hồ Chí Minh / Quận 2 / An Phú", "district Hồ Chí Minh / Quận 2"],
        ),
        (
            "Chợ mới của xã Phú Lâm, huyện Tĩnh Gia, đã mở.",
            ["commune Thanh Hóa / Tĩnh Gia / Phú Lâm", "district Thanh Hóa / Tĩnh Gia"],
        ),
        (
            "Phường An Phú thuộc thành phố Thủ Đức.",
            ["commune Hồ Chí Minh / Thủ Đức / An Phú", "district Hồ Chí Minh / Thủ Đức"],
        ),
        (
            "Quận 2 cũ nay là một phần của thành phố Thủ Đức, trong đó có phường An Phú.",
            [
                "district Hồ Chí Minh / Quận 2",
                "district Hồ Chí Minh / Thủ Đức",
                "commune Hồ Chí Minh / Thủ Đức / An Phú",
            ],
        ),
        ("Mưa ở Thông Nông (Cao Bằng) chưa dứt.", ["district Cao Bằng / Thông Nông", "province Cao Bằng"]),
    ],
)
def test_without_a_day_of_publication_a_text_lives_while_its_districts_stood(read, text, want):
    assert short(read(text)) == want


def test_a_path_stops_where_certainty_ends(read):
    row = read("Xã Tân Tiến vừa có chợ mới.", DAY)["localities"][0]
    assert (row.level, row.path, row.unit_code, row.resolved_by) == ("commune", None, None, "undecided")


def test_every_candidate_says_why_it_was_kept_or_dropped(read):
    rows = read("Ông Vinh mua nhãn lồng Hưng Yên ở Hà Nội.", DAY)["04_localities"]
    assert [(row.kept, row.reason.split(";")[0]) for row in rows] == [
        (False, "after a word of kind person"),
        (False, "after a word of kind goods"),
        (True, "name"),
    ]


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("Thái Bình thi đua\nTỉnh Thái Bình tổng kết năm. Lãnh đạo tỉnh Thái Bình ra Hà Nội báo cáo.", ["Thái Bình"]),
        (
            "Khúc Xuyên làm đường\nPhường Khúc Xuyên và Vạn An của thành phố cùng làm. Thành phố giúp phường Đại Phúc.",
            ["Bắc Ninh", "Bắc Ninh"],
        ),
        ("Cả nước đón tết\nHà Nội, Cần Thơ, Nghệ An, Lâm Đồng và Điện Biên cùng bắn pháo hoa.", None),
        ("Mưa lớn\nMiền Bắc tiếp tục có mưa.", None),
        (  # where the accused live is not what the article is about
            "Tuyên án nhóm trộm xe\nTòa án nhân dân tỉnh Đồng Nai tuyên án ba bị cáo cùng trú xã Gia Canh, huyện Định "
            "Quán. Nạn nhân (41 tuổi, ngụ xã Gia Canh) có mặt tại tòa.",
            ["Đồng Nai"],
        ),
        (  # helpers in a list count as one
            "Dập tắt đám cháy\nCông an tỉnh Trà Vinh dập tắt đám cháy. Xe của các tỉnh Vĩnh Long, Bến Tre, Sóc Trăng, "
            "Đồng Tháp đến giúp. UBND tỉnh Trà Vinh cảm ơn.",
            ["Trà Vinh"],
        ),
        (  # nor does it make the opening one of two provinces
            "Tuyên án nhóm trộm xe\nTòa án nhân dân TP Cần Thơ tuyên án hai bị cáo cùng ngụ huyện Châu Phú, tỉnh An "
            "Giang.\n" + "Cả hai nhận lỗi, xin lỗi các chủ xe và hứa bồi thường. " * 6 + "Xe được đem về Tiền Giang "
            "bán. Một người mua ở Tiền Giang đã giao nộp.",
            ["Cần Thơ"],
        ),
        (  # the place where the country meets
            "Hội nghị tổng kết phong trào\nHội nghị toàn quốc diễn ra tại Hà Nội. Các đại biểu ra Hà Nội từ hôm trước.",
            None,
        ),
        (  # headline and lead name the province only as the place; the district's office acts
            "Nhà xưởng ở Long An đổ sập\nChủ tịch UBND huyện Đức Hòa, tỉnh Long An, cho biết huyện đang khắc phục. "
            "Xưởng ở xã Đức Lập Hạ, huyện Đức Hòa.",
            ["Long An", "Đức Hòa"],
        ),
    ],
)
def test_home_unit(read, text, home):
    assert read(text, DAY)["articles"][0].home_unit_path == home


def address(unit, day):
    chain = GAZETTEER.chain(unit, day)
    return chain, ", ".join(f"{u.type} {u.name}" for u in reversed(chain.units))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(unit=st.sampled_from(STANDING))
def test_a_full_address_of_any_unit_means_that_unit(read, unit):
    chain, text = address(unit, DAY)
    rows = read(f"Đoàn về {text} làm việc.", DAY)["localities"]
    assert [row.unit_code for row in rows] == [u.code for u in reversed(chain.units)]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(unit=st.sampled_from(TODAY))
def test_a_full_address_of_any_unit_of_today_means_that_unit(read, unit):
    chain, text = address(unit, "2026-01-01")
    rows = read(f"Đoàn về {text} làm việc.", "2026-01-01")["localities"]
    assert [row.unit_code for row in rows] == [u.code for u in reversed(chain.units)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=st.sampled_from(AMBIGUOUS))
def test_decomposed_letters_and_old_spelling_give_the_same_rows(read, case):
    day = str(case.get("day", DAY))
    text = case["text"].replace("Đ", "Ð").replace(" ", "\u00a0", 1)
    assert short(read(unicodedata.normalize("NFD", text), day)) == case["want"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(
        st.sampled_from([*sorted({w for c in AMBIGUOUS for w in c["text"].split()}), "(", ")", ",", "-", "\n", "."])
    )
)
def test_any_text_gives_ordered_rows_inside_it(read, text):
    joined = " ".join(text)
    rows = read(joined, DAY)
    places = rows["localities"]
    assert all(0 <= row.start < row.end <= len(joined) for row in places)
    assert all(a.end <= b.start for a, b in itertools.pairwise(places))
    assert [r.start for r in rows["04_localities"] if r.kept] == [r.start for r in places]
