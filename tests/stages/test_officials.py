import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.extractor import default_rules
from pipeline.grammar.rules import RuleBook
from pipeline.stages.officials import OfficeFile, describe
from pipeline.stages.officials.grammar import Grammar

CORPORA = Path(__file__).parents[1] / "corpora"


def corpus(name):
    return yaml.safe_load((CORPORA / name).read_text(encoding="utf-8"))


TITLES = [(title, branch) for branch, titles in corpus("officials_titles.yaml").items() for title in titles]
LISTS = [(text, rows) for cases in corpus("officials_lists.yaml").values() for text, rows in cases]
NOTHING = [text for texts in corpus("officials_nothing.yaml").values() for text in texts]
FRAMES = (
    "Ông Trịnh Công Khải, {}, cho biết như vậy.",
    "Ông Trịnh Công Khải - {} - cho biết như vậy.",
    "Theo {} Trịnh Công Khải, việc này đã xong.",
    "Ông Trịnh Công Khải ({}) nói.",
)


def officials(read, text, **metadata):
    return read(text, **metadata)["officials"]


def described(rows):
    return [describe(row) for row in rows]


@pytest.mark.parametrize(("title", "branch"), TITLES)
def test_a_title_is_found_whole_in_every_frame(read, title, branch):
    for frame in FRAMES:
        rows = officials(read, frame.format(title))
        assert [(row.name, row.title, row.branch) for row in rows] == [("Trịnh Công Khải", title, branch)]


@pytest.mark.parametrize(("text", "rows"), LISTS)
def test_a_construction_gives_every_person_their_positions(read, text, rows):
    assert described(officials(read, text)) == rows


@pytest.mark.parametrize(("text", "rows"), LISTS)
def test_decomposed_letters_give_the_same_rows(read, text, rows):
    assert described(officials(read, unicodedata.normalize("NFD", text))) == rows


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_official_gives_no_row(read, text):
    assert officials(read, text) == []


def test_the_corpora_are_as_large_as_they_should_be():
    assert len(TITLES) >= 200
    assert len(LISTS) >= 120
    assert len(NOTHING) >= 150


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "Ông Trịnh Công Khải, Bí thư Huyện ủy, đến dự. Ông Khải trao quà. Bí thư Huyện ủy cảm ơn bà con.",
            [("name", "Trịnh Công Khải"), ("short_name", "Khải"), ("title", "Bí thư Huyện ủy")],
        ),
        (
            "Phó Chủ tịch nước thăm trường nội trú. Phó Chủ tịch nước Lò Thị Hiên tặng các em sách vở.",
            [("title", "Phó Chủ tịch nước"), ("name", "Lò Thị Hiên")],
        ),
        (
            "Bí thư Đỗ Minh Quân nói. Bí thư Quân hứa. Các bí thư khác nghe.",
            [("name", "Đỗ Minh Quân"), ("short_name", "Quân")],
        ),
        (
            "Bí thư Huyện ủy Đỗ Minh Quân nói. Các chức danh là Chủ tịch UBND huyện, Bí thư Huyện ủy do tỉnh quản lý.",
            [("name", "Đỗ Minh Quân")],
        ),
        (
            "Thủ tướng Chính phủ Đỗ Minh Quân đón khách. Thủ tướng Chính phủ Vương quốc nọ cảm ơn.",
            [("name", "Đỗ Minh Quân")],
        ),
        (
            "Phó Chủ tịch UBND huyện Đỗ Minh Quân và Phó Chủ tịch UBND huyện Lò Thị Hiên. Phó Chủ tịch UBND huyện nói.",
            [("name", "Đỗ Minh Quân"), ("name", "Lò Thị Hiên")],
        ),
        (
            "Chủ tịch Quốc hội Lò Thị Hiên đón Chủ tịch Quốc hội Lào Đỗ Minh Quân. Chủ tịch Quốc hội cảm ơn khách.",
            [("name", "Lò Thị Hiên"), ("name", "Đỗ Minh Quân")],
        ),
        (
            "Tổng Bí thư Lò Văn Hiên gửi lời thăm Tổng Bí thư, Chủ tịch nước Lào Anouphap Toualom. "
            + "Bà con đón ông Hiên. " * 6
            + "Tổng Bí thư cảm ơn bà con.",
            [("name", "Lò Văn Hiên"), ("name", "Anouphap Toualom")]
            + [("short_name", "Hiên")] * 6
            + [("title", "Tổng Bí thư")],
        ),
        (
            "Chủ tịch Quốc hội Lò Thị Hiên dự. Chủ tịch Hội đồng thành viên Công ty Dầu khí quốc gia vắng mặt.",
            [("name", "Lò Thị Hiên")],
        ),
        (
            "Bí thư Huyện đoàn Đỗ Minh Quân đi làng. Anh Quân trao quà. BS Quân vắng mặt. Anh Quốc xa xôi.\nAnh Quân",
            [("name", "Đỗ Minh Quân"), ("short_name", "Quân"), ("short_name", "Quân")],
        ),
        (
            "Phó Giám đốc Sở Y tế Lò Thị Hiên xin nghỉ. Tỉnh giảm hàng loạt Phó Giám đốc Sở.",
            [("name", "Lò Thị Hiên")],
        ),
    ],
)
def test_mentions_are_names_short_names_and_titles_with_one_holder(extractor, text, kinds):
    document = extractor.process(Document("test", text))
    mentions = document.rows["official_mentions"]
    assert [(row.kind, document.view.text[row.start : row.end]) for row in mentions] == kinds


def test_a_short_name_goes_to_the_person_named_last_of_that_sex(read):
    rows = read(
        "Ông Đỗ Minh Hà, Chủ tịch xã, nói. Bà Lò Thị Hà, Phó Chủ tịch xã, nói. Ông Hà ra về. Bà Hà ở lại.",
    )["official_mentions"]
    assert [(row.kind, row.person_id) for row in rows] == [
        ("name", "p1"),
        ("name", "p2"),
        ("short_name", "p1"),
        ("short_name", "p2"),
    ]


def test_persons_are_numbered_in_reading_order(read):
    rows = officials(read, "Ông Đỗ Minh Quân đến. Bí thư Lò Thị Hiên nói. Ông Đỗ Minh Quân, Chủ tịch xã, nghe.")
    assert [(row.person_id, row.name) for row in rows] == [("p1", "Đỗ Minh Quân"), ("p2", "Lò Thị Hiên")]


@pytest.mark.parametrize(
    ("text", "norm", "role", "organization", "level"),
    [
        ("Trưởng Ban Dân vận Tỉnh ủy", "Trưởng Ban Dân vận Tỉnh ủy", "Trưởng Ban", "Ban Dân vận Tỉnh ủy", "province"),
        (
            "Phó Bí thư Thường trực Huyện ủy",
            "Phó Bí thư Thường trực Huyện ủy",
            "Phó Bí thư Thường trực",
            "Huyện ủy",
            "district",
        ),
        (
            "Giám đốc Sở Kế hoạch và Đầu tư",
            "Giám đốc Sở Kế hoạch và Đầu tư",
            "Giám đốc",
            "Sở Kế hoạch và Đầu tư",
            "province",
        ),
        (
            "Chủ tịch UBND xã Tân Lập",
            "Chủ tịch Ủy ban nhân dân xã Tân Lập",
            "Chủ tịch",
            "Ủy ban nhân dân xã Tân Lập",
            "commune",
        ),
        (
            "PCT HĐND huyện",
            "Phó Chủ tịch Hội đồng nhân dân huyện",
            "Phó Chủ tịch",
            "Hội đồng nhân dân huyện",
            "district",
        ),
        ("Bí thư Tỉnh ủy", "Bí thư Tỉnh ủy", "Bí thư", "Tỉnh ủy", "province"),
        ("Bộ trưởng Bộ GTVT", "Bộ trưởng Bộ Giao thông vận tải", "Bộ trưởng", "Bộ Giao thông vận tải", "central"),
        ("Trưởng thôn", "Trưởng thôn", "Trưởng thôn", None, "hamlet"),
        ("Thủ tướng", "Thủ tướng", "Thủ tướng", None, "central"),
        (
            "Giám đốc Công an TP.HCM",
            "Giám đốc Công an thành phố Hồ Chí Minh",
            "Giám đốc",
            "Công an thành phố Hồ Chí Minh",
            "province",
        ),
    ],
)
def test_a_title_is_spelled_out_and_taken_apart(read, text, norm, role, organization, level):
    (row,) = officials(read, f"Ông Trịnh Công Khải, {text}, nói.")
    assert (row.title_norm.lower(), row.role, row.level) == (norm.lower(), role, level)
    assert (row.organization or "").lower() == (organization or "").lower()


def test_the_locality_of_an_office_is_resolved(read):
    (row,) = officials(read, "Ông Trịnh Công Khải, Chủ tịch UBND huyện Kim Bôi, nói.", published="2023-06-15")
    assert (row.unit_path, row.level) == (["Hòa Bình", "Kim Bôi"], "district")
    assert row.unit_code is not None


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Vụ trưởng Vụ Kế hoạch", "central"),
        ("Phó Cục trưởng Cục Thú y", "central"),
        ("Cục trưởng Cục Thuế", "province"),
        ("Chi cục trưởng Chi cục Thuế", "district"),
        ("Chi cục trưởng Chi cục Thú y", "province"),
        ("Phó Tổng cục trưởng Tổng cục Cảnh sát", "central"),
        ("Đại sứ Việt Nam tại Lào", "central"),
        ("Viện trưởng Viện Chăn nuôi Việt Nam", "central"),
        ("Chủ tịch Hội Luật gia Việt Nam", "central"),
        ("Trưởng Phòng GD&ĐT", "district"),
        ("Trưởng đoàn đại biểu Quốc hội", "province"),
        ("Tổ trưởng tổ bảo vệ", None),
        ("Giám đốc Công an", "province"),
        ("Trưởng phòng Cảnh sát hình sự", "province"),
        ("Phó Chủ nhiệm Ủy ban Dân tộc", "central"),
        ("Phó Tổng Thanh tra Chính phủ", "central"),
        ("Chủ tịch Hội Nông dân", None),
        ("Bí thư Chi bộ Phòng Kinh tế", None),
        ("Hiệu trưởng Trường THCS Tân Lập", None),
        ("Cục trưởng Cục Văn hóa cơ sở", "central"),
        ("Trưởng phòng Nội vụ", "district"),
        ("Trưởng phòng Nội vụ Sở Y tế", "province"),
        ("Bí thư Chi bộ", "hamlet"),
        ("Chủ tịch Công đoàn Điện lực Việt Nam", "central"),
        ("Phó Trưởng Ban Dân nguyện", "central"),
        ("Chủ tịch UBATGT Quốc gia", "central"),
        ("Phó Bí thư Đảng ủy", None),
    ],
)
def test_the_name_of_a_body_tells_its_level(read, title, level):
    (row,) = officials(read, f"Ông Trịnh Công Khải, {title}, nói.")
    assert row.level == level


@pytest.mark.parametrize(
    ("text", "units"),
    [
        (
            "Ông Trịnh Công Khải, Phó Bí thư Đảng ủy, Chủ tịch UBND huyện Kim Bôi, nói.",
            [("district", "Hòa Bình / Kim Bôi"), ("district", "Hòa Bình / Kim Bôi")],
        ),
        (
            "Ông Trịnh Công Khải, Tỉnh ủy viên, Bí thư Huyện ủy Kim Bôi, nói.",
            [("province", "Hòa Bình"), ("district", "Hòa Bình / Kim Bôi")],
        ),
        ("Ông Trịnh Công Khải, Trưởng phòng Quản lý xe, Sở Giao thông vận tải, nói.", [("province", None)]),
        ("Ông Trịnh Công Khải, Trưởng phòng Nội vụ, huyện Kim Bôi, nói.", [("district", "Hòa Bình / Kim Bôi")]),
        ("Đoàn đến huyện Kim Bôi gặp Bí thư Huyện ủy Trịnh Công Khải.", [("district", "Hòa Bình / Kim Bôi")]),
        ("Ở huyện Kim Bôi, Bí thư Quận ủy Trịnh Công Khải chờ.", [("district", None)]),
        ("Ông Trịnh Công Khải, Giám đốc Công ty Sao Mai, huyện Kim Bôi, nói.", [(None, None)]),
        (
            "Tỉnh Quảng Nam họp. Thành phố Hội An của Quảng Nam. Bí thư Thành ủy Trịnh Công Khải nói.",
            [("district", "Quảng Nam / Hội An")],
        ),
    ],
)
def test_the_titles_beside_an_office_and_the_article_tell_its_unit(read, text, units):
    rows = officials(read, text, published="2023-06-15")
    assert [(row.level, row.unit_path and " / ".join(row.unit_path)) for row in rows] == units


def test_an_office_without_a_locality_is_that_of_the_home_unit(read):
    text = (
        "Tỉnh Yên Bái tổng kết công tác dân vận. Tại Yên Bái, các huyện của tỉnh Yên Bái đều đạt chỉ tiêu. "
        "Ông Trịnh Công Khải, Bí thư Tỉnh ủy, phát biểu."
    )
    rows = read(text, published="2023-06-15")
    (row,) = rows["officials"]
    assert rows["articles"][0].home_unit_path == row.unit_path == ["Yên Bái"]


@pytest.mark.parametrize(
    ("text", "former"),
    [
        ("Ông Trịnh Công Khải, nguyên Bí thư Huyện ủy, nói.", True),
        ("Cựu Chủ tịch xã Trịnh Công Khải nói.", True),
        ("Ông Trịnh Công Khải, Bí thư Huyện ủy, nói.", False),
        ("Ông Trịnh Công Khải, nguyên Bí thư Huyện ủy. Bí thư Huyện ủy Trịnh Công Khải nói.", True),
        ("Bí thư Huyện ủy Trịnh Công Khải nói. Ông Khải, nguyên Bí thư, kể.", False),
    ],
)
def test_former_is_said_of_past_offices_only(read, text, former):
    (row,) = officials(read, text)
    assert row.former is former
    assert not row.title.lower().startswith(("nguyên", "cựu"))


@pytest.mark.parametrize(
    ("text", "honorific"),
    [
        ("Đại tá Trịnh Công Khải, Giám đốc Công an tỉnh, nói.", "Đại tá"),
        ("TS. Trịnh Công Khải, Viện trưởng Viện Kinh tế, nói.", "TS"),
        ("Đồng chí Trịnh Công Khải, Bí thư Huyện ủy, nói.", "Đồng chí"),
        ("Bí thư Huyện ủy Trịnh Công Khải nói.", None),
    ],
)
def test_the_form_of_address_is_kept_apart(read, text, honorific):
    (row,) = officials(read, text)
    assert row.honorific == honorific


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("Ông Trịnh Công Khải, Giám đốc Công ty Sao Mai, nói.", "business"),
        ("Hợp tác xã Rau sạch do ông Trịnh Công Khải làm giám đốc.", "business"),
        ("Ông Trịnh Công Khải, Chủ tịch Quốc hội Lào, nói.", "foreign"),
        ("Ông Anouphap Toualom, Ủy viên Trung ương Đảng, nói.", "foreign"),
        ("Ông Trịnh Công Khải, Bí thư Đoàn Thanh niên Công an tỉnh, nói.", "mass_organization"),
        ("Ông Trịnh Công Khải, Trưởng Ban Tuyên giáo Thành Đoàn, nói.", "mass_organization"),
        ("Ông Trịnh Công Khải, Phó Bí thư, Trưởng Ban Tuyên giáo Thành Đoàn, nói.", "mass_organization"),
        ("Ông Trịnh Công Khải, Bí thư Đảng ủy Thành đoàn, nói.", "party"),
        ("Ông Trịnh Công Khải, Chủ tịch UBND xã Đoàn Kết, nói.", "government"),
        ("Ông Trịnh Công Khải, Bí thư Xã đoàn, nói.", "mass_organization"),
        ("Ông Trịnh Công Khải, Trưởng Ban Tiếp công dân tỉnh, nói.", "government"),
        ("Ông Trịnh Công Khải, Tổ trưởng dân phố 4, nói.", "residential"),
        ("Ông Trịnh Công Khải, Phó Chủ tịch Ban Chấp hành Trung ương Hội Nông dân, nói.", "mass_organization"),
        ("Ông Trịnh Công Khải, Cục trưởng Cục Cảnh sát biển, nói.", "military"),
        ("Ông Trịnh Công Khải, Trưởng Ban Chỉ đạo Tây Bắc, nói.", "party"),
        ("Ông Trịnh Công Khải, Trưởng Ban Chỉ đạo thi cấp tỉnh, nói.", "government"),
        ("Ông Trịnh Công Khải, Phó Chủ tịch Hợp tác xã Rau sạch Hòa Mỹ, nói.", "business"),
        ("Ông Trịnh Công Khải, Tổng giám đốc Tafimex, nói.", "business"),
        ("Ông Trịnh Công Khải, Tổng Giám đốc Thông tấn xã Việt Nam, nói.", "government"),
        ("Ông Trịnh Công Khải, Ủy viên Ban Chấp hành Công đoàn, nói.", "mass_organization"),
        ("Ông Trịnh Công Khải, Đội trưởng Đội TTGT quận Ô Môn, nói.", "government"),
        ("Ông Trịnh Công Khải, Đội trưởng Đội Cảnh sát hình sự, nói.", "police"),
        ("Ông Trịnh Công Khải, Trưởng phòng khám, nói.", "public_body"),
        ("Ông Trịnh Công Khải, Phó Chủ tịch, Chủ tịch UBND huyện, nói.", "government"),
        ("Ông Trịnh Công Khải, Trưởng trạm Y tế xã, nói.", "public_body"),
        ("Ông Trịnh Công Khải, phó chủ tịch thường trực quận Cẩm Lệ, nói.", "government"),
    ],
)
def test_the_branch_is_that_of_the_body(read, text, branch):
    assert {row.branch for row in officials(read, text)} == {branch}


@pytest.mark.parametrize("separator", ["\u00a0", "\u200b ", "  "])
def test_odd_spaces_change_nothing(extractor, separator):
    text = "Ông Trịnh Công Khải, Phó Chủ tịch UBND huyện, nói."
    document = extractor.process(Document("test", text.replace(" ", separator)))
    (row,) = document.rows["officials"]
    assert (row.name, row.title) == ("Trịnh Công Khải", "Phó Chủ tịch UBND huyện")


PEOPLE = st.sampled_from(
    ["Trịnh Công Khải", "Lò Thị Hiên", "Đỗ Minh Quân", "Giàng A Páo", "H'Yim Niê", "Vương Thế Hạnh"]
)
OFFICES = st.sampled_from([title for title, _ in TITLES])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(PEOPLE, OFFICES), min_size=1, max_size=4, unique_by=(lambda pair: pair[0], lambda pair: pair[1]))
)
def test_a_list_of_guests_is_read_guest_by_guest(extractor, guests):
    text = "Dự có các đồng chí: " + "; ".join(f"{name}, {title}" for name, title in guests) + "."
    rows = extractor.process(Document("test", text)).rows["officials"]
    assert [(row.name, row.title) for row in rows] == guests


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="Nguyễn Trầ,.;:-()“”BíthưTỉnhủyChtcxUBND1 \n", max_size=120))
def test_spans_of_any_text_hold_what_the_rows_say(extractor, text):
    document = extractor.process(Document("test", "Ông Trịnh Công Khải, Chủ tịch xã. " + text))
    for row in document.rows["officials"]:
        assert document.view.text[row.start : row.end] == row.title
    persons = {row.person_id for row in document.rows["officials"]}
    assert {row.person_id for row in document.rows["official_mentions"]} == persons


def test_labels_have_readable_names_and_say_whom_they_went_to(extractor):
    text = "Dự có ông Trịnh Công Khải, Phó Bí thư Tỉnh ủy Sơn La; bà Lò Thị Hiên và dân bản."
    document = extractor.process(Document("test", text))
    labels = [
        (row.label, document.view.text[row.start : row.end], row.person_id, row.rule)
        for row in document.rows["05_officials"]
    ]
    assert labels == [
        ("HONORIFIC", "ông", None, ""),
        ("NAME", "Trịnh Công Khải", "p1", "officials.after"),
        ("COMMA", ",", None, ""),
        ("ROLE", "Phó Bí thư", "p1", "officials.after"),
        ("ORGANISATION", "Tỉnh ủy", "p1", "officials.after"),
        ("LOCALITY", "Sơn La", "p1", "officials.after"),
        ("SEMICOLON", ";", None, ""),
        ("HONORIFIC", "bà", None, ""),
        ("NAME", "Lò Thị Hiên", None, ""),
        ("AND", "và", None, ""),
    ]


def test_cues_and_marks_among_plain_words_are_not_shown(extractor):
    text = "Sáng nay, dân bản, là khách; ông Trịnh Công Khải, Chủ tịch xã, và dân bản, cùng khách."
    document = extractor.process(Document("test", text))
    labels = [(row.label, document.view.text[row.start : row.end]) for row in document.rows["05_officials"]]
    assert labels == [
        ("SEMICOLON", ";"),
        ("HONORIFIC", "ông"),
        ("NAME", "Trịnh Công Khải"),
        ("COMMA", ","),
        ("ROLE", "Chủ tịch"),
        ("LOCALITY", "xã"),
        ("COMMA", ","),
        ("AND", "và"),
    ]


def test_of_a_sentence_that_means_nobody_only_the_offices_are_shown(extractor):
    document = extractor.process(Document("test", "Dự có, cùng dân bản, Phó Bí thư Tỉnh ủy và khách."))
    labels = [(row.label, document.view.text[row.start : row.end]) for row in document.rows["05_officials"]]
    assert labels == [("ROLE", "Phó Bí thư"), ("ORGANISATION", "Tỉnh ủy")]


@pytest.mark.parametrize(
    "unit",
    [
        "Chủ tịch, ",
        "Chủ tịch UBND ",
        "từ Chủ tịch xã sang ",
        "Ông Trịnh Công Khải, Chủ tịch xã, ",
        "Ông Trịnh Công Khải - Chủ tịch xã. Chủ tịch xã nói. ",
        "các đồng chí Ủy viên: ",
    ],
)
def test_the_work_grows_with_the_text_and_no_faster(extractor, unit):
    def work(length):
        document = Document("test", (unit * (length // len(unit) + 1))[:length])
        before = extractor.seconds["officials"]
        extractor.process(document)
        return extractor.seconds["officials"] - before

    short = min(work(4_000) for _ in range(3))
    assert min(work(32_000) for _ in range(3)) < 30 * short + 0.05  # eight times the text; quadratic would be 64


CONSTRUCTIONS = Grammar(RuleBook(default_rules()).load("offices.yaml", OfficeFile)).rules


@pytest.mark.parametrize("each", [each for each in CONSTRUCTIONS if each.rule.needs], ids=lambda each: each.rule.id)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_line_that_a_construction_fits_has_a_label_that_it_needs(each, data):
    line = data.draw(st.from_regex(each.pattern))
    assert not set(each.rule.needs).isdisjoint(line)
