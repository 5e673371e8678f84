import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.extractor import default_rules
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.stages import layout, sentences

BOOK = RuleBook(default_rules())
LAYOUT = layout.prepare(BOOK, LexiconBuilder())
PREPARED = sentences.prepare(BOOK, LexiconBuilder())


def rows_of(text):
    document = Document("a", text)
    document.rows.update(layout.run(document, LAYOUT))
    return document, sentences.run(document, PREPARED)["02_sentences"]


def split(text):
    document, rows = rows_of(text)
    return [document.view.text[row.start : row.end] for row in rows]


@pytest.mark.parametrize(
    "sentence",
    [
        "Sáng nay, ThS. Trần Văn Mẫu và PGS.TS Lê Thị Thử đến TP. Cần Thơ dự hội thảo.",
        "Đoàn đi qua TX. Ngã Bảy, Q. Bình Thủy và H. Phong Điền.",
        "Ban Dân vận T.Ư Đảng và GS.TS. Nguyễn Văn Thử chủ trì.",
        "Tổng thu đạt 1.200.000 đồng, bằng 12.5% kế hoạch.",
        "Theo Chinhphu.vn và baodientu.vn, thu ngân sách tăng.",
        "Anh N.V.A. (30 tuổi) ở P. An Bình đã hiến đất.",
        "Bà con góp gạo, góp tiền, v.v. để giúp nhau lúc khó khăn.",
        "“Làm được không?”, ông hỏi.",
        "Ông nói: “Tốt lắm!” rồi ra về.",
        "Kết quả… rất đáng mừng.",
        "Đ/c. Lê Văn Thử dự họp.",
    ],
)
def test_one_sentence(sentence):
    assert split(sentence) == [sentence]


@pytest.mark.parametrize(
    "want",
    [
        ["Đoàn đến TP. Cần Thơ.", "Ông Mẫu phát biểu."],
        ["Đời sống người dân TP.", "Theo báo cáo, thu nhập tăng."],
        ["Bà con góp gạo, góp tiền, v.v.", "Ngoài ra còn góp công."],
        ["Đồng chí là Ủy viên T.Ư.", "Đồng chí sinh năm 1971."],
        ["Hội nghị kết thúc...", "Nhiều ý kiến được ghi nhận."],
        ["Ông nói: “Dân tin là được.”", "Mọi người vỗ tay."],
        ["Vì sao dân tin?", "Vì cán bộ gần dân!", "Điều đó rất rõ."],
        ["Đoàn thăm khu phố.", "Ông Mẫu đi cùng."],
    ],
)
def test_several_sentences(want):
    assert split(" ".join(want)) == want


def test_a_full_stop_without_a_space_behind_it():
    assert split("Đoàn thăm khu phố.Ông Mẫu đi cùng.") == ["Đoàn thăm khu phố.", "Ông Mẫu đi cùng."]


def test_a_line_that_breaks_behind_an_abbreviation_runs_on():
    text = "Xã Tân Lập đổi mới\nĐoàn công tác đã về TP.\nCần Thơ khảo sát. Sau đó đoàn đi Vĩnh Long."
    assert split(text)[1:] == [
        "Đoàn công tác đã về TP.\nCần Thơ khảo sát.",
        "Sau đó đoàn đi Vĩnh Long.",
    ]


def test_a_line_that_breaks_inside_a_sentence_runs_on_and_a_new_paragraph_does_not():
    text = (
        "Xã Tân Lập đổi mới\n\nXã đã vận động nhân dân hiến đất để mở rộng các tuyến đường\n"
        "giao thông nông thôn. Bà con vui.\n\nNăm nay, xã tiếp tục vận động."
    )
    assert split(text)[1:] == [
        "Xã đã vận động nhân dân hiến đất để mở rộng các tuyến đường\ngiao thông nông thôn.",
        "Bà con vui.",
        "Năm nay, xã tiếp tục vận động.",
    ]


def test_rows_name_the_part_that_they_begin_in():
    document, rows = rows_of(
        "Trang chủ\nXã Tân Lập đổi mới\nXã có cách làm hay, được cấp trên biểu dương. Dân tin.\nChia sẻ"
    )
    assert [(row.part, row.paragraph) for row in rows] == [("title", 1), ("body", 2), ("body", 2)]
    assert [part.kind for part in document.rows["01_layout"]] == ["furniture", "title", "body", "furniture"]


PIECES = st.sampled_from(
    ["TP.", "ThS. ", "Ông ", "1.2", "…", '."', "?!", "\n", " ", "a", "Ä", "\u0301", "(", ") ", "T.Ư. ", "vv. ", "."]
)


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join)))
def test_sentences_cover_all_that_is_not_furniture(text):
    document, rows = rows_of(text)
    view = document.view.text
    parts = [part for part in document.rows["01_layout"] if part.kind != "furniture"]
    covered = "".join(view[row.start : row.end] for row in rows)
    assert "".join(covered.split()) == "".join("".join(view[part.start : part.end] for part in parts).split())
    end = 0
    for row in rows:
        assert end <= row.start < row.end
        assert view[row.start : row.end] == view[row.start : row.end].strip()
        end = row.end


@pytest.mark.parametrize("piece", ["a.", "A.", "TP.", "1.", ". ", "a. ", "…", '."', "“", "v.v. "])
def test_text_without_spaces_takes_no_longer_than_prose(piece):
    document = Document("a", piece * (200_000 // len(piece)))
    document.rows.update(layout.run(document, LAYOUT))
    begun = time.process_time()
    sentences.run(document, PREPARED)
    assert time.process_time() - begun < 4


def test_what_runs_on_without_end_is_cut_between_words():
    text = "xã Bình Lãnh, " * 1_000
    pieces = split(text)
    assert " ".join(pieces) == text.strip()
    assert max(map(len, pieces)) <= sentences.LONGEST
    assert all(piece.startswith(("xã", "Bình", "Lãnh")) for piece in pieces)


def test_a_word_without_end_is_cut_all_the_same():
    pieces = split("a" * 5_000)
    assert [len(piece) for piece in pieces] == [2_000, 2_000, 1_000]
