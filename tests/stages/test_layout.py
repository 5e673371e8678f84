import datetime as dt
import itertools
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.extractor import default_rules
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.readers import Source
from pipeline.run import Options, extract_to
from pipeline.stages import layout
from pipeline.stages.layout.shapes import LineRule, LineRules

CORPORA = Path(__file__).parents[1] / "corpora"
DOCUMENTS = yaml.safe_load((CORPORA / "layout.yaml").read_text(encoding="utf-8"))
ENDS = [
    (item["author"], end)
    for item in yaml.safe_load((CORPORA / "bylines.yaml").read_text(encoding="utf-8"))
    for end in item["ends"]
]
PREPARED = layout.prepare(RuleBook(default_rules()), LexiconBuilder())
VIETNAM = dt.timezone(dt.timedelta(hours=7))
BODY = "Xã Tân Lập có nhiều cách làm hay trong công tác dân vận, được cấp trên ghi nhận và biểu dương."


def laid_out(text, **metadata):
    document = Document("a", text, **metadata)
    rows = layout.run(document, PREPARED)
    return document, rows["01_layout"], rows["articles"][0]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("want", DOCUMENTS, ids=lambda want: want["name"])
def test_documents(want, form):
    _, parts, article = laid_out(unicodedata.normalize(form, want["text"]))
    assert [part.kind for part in parts] == want["kinds"]
    assert (article.title, article.author) == (want["title"], want["author"])
    when = article.published_at or article.published_on
    assert (when.isoformat() if when else None) == want["published"]
    assert article.published_at is None or article.published_at.date() == article.published_on


@pytest.mark.parametrize(("author", "end"), ENDS)
def test_bylines_behind_the_last_sentence(author, end):
    _, _, article = laid_out(f"Tân Lập đổi mới\n{BODY}\nBà con {end}")
    assert (article.author or "") == author


def test_a_byline_is_cut_off_its_paragraph():
    document, parts, _ = laid_out(f"Tân Lập đổi mới\n{BODY}\n{BODY} Hoàng Hải Nam (TTXVN) ")
    assert [document.view.text[part.start : part.end] for part in parts[2:]] == [BODY, "Hoàng Hải Nam (TTXVN)"]


def test_metadata_beats_what_the_text_says():
    text = f"Tân Lập đổi mới\n05/03/2021 08:15\n{BODY}\nHoàng Hải Nam"
    given = dt.datetime(2021, 3, 6, 7, 0, tzinfo=VIETNAM)
    _, parts, article = laid_out(text, title="Tên khác", author="Lê Thu", published_at=given)
    assert (article.title, article.author) == ("Tên khác", "Lê Thu")
    assert (article.published_on, article.published_at) == (given.date(), given)
    assert [part.kind for part in parts] == ["title", "date_line", "body", "author"]


def test_a_day_as_metadata_takes_its_hour_from_the_date_line_of_that_day():
    text = f"Tân Lập đổi mới\n05/03/2021 08:15\n{BODY}"
    same = laid_out(text, published_at=dt.date(2021, 3, 5))[2]
    assert same.published_at == dt.datetime(2021, 3, 5, 8, 15, tzinfo=VIETNAM)
    other = laid_out(text, published_at=dt.date(2021, 3, 4))[2]
    assert (other.published_on, other.published_at) == (dt.date(2021, 3, 4), None)


def test_a_moment_without_a_zone_is_in_vietnam_and_days_are_counted_there():
    naive = laid_out(BODY, published_at=dt.datetime(2021, 3, 5, 8, 15))[2]
    assert naive.published_at == dt.datetime(2021, 3, 5, 8, 15, tzinfo=VIETNAM)
    late = laid_out(BODY, published_at=dt.datetime(2021, 3, 5, 20, 0, tzinfo=dt.UTC))[2]
    assert late.published_on == dt.date(2021, 3, 6)


def test_the_title_of_the_metadata_is_found_wherever_it_stands():
    text = f"Chuyên trang dân vận\n{BODY}\nTÂN LẬP ĐỔI MỚI\n{BODY}"
    _, parts, article = laid_out(text, title="Tân Lập đổi mới")
    assert parts[2].kind == "title"
    assert article.title == "Tân Lập đổi mới"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Thứ Bảy, ngày 6 tháng 3 năm 2021, 08:15", "2021-03-06"),
        ("08:15 | 06/03/2021", "2021-03-06"),
        ("Cập nhật lúc 8h15, 06-03-2021", "2021-03-06"),
        ("06.03.2021 20:15:33 (GMT+7)", "2021-03-06"),
        ("Thứ hai, 11 Tháng 12 2023 16:03", "2023-12-11"),
        ("Đăng ngày: 06-03-2021 | Lượt xem: 1.245", "2021-03-06"),
        ("2021-03-06T08:15:00+07:00", "2021-03-06"),
        ("Ngày đăng: 06/03/2021 - Người đăng: Lê Thu", "2021-03-06"),
    ],
)
def test_date_lines(line, day):
    _, parts, article = laid_out(f"Tân Lập đổi mới\n{line}\n{BODY}")
    assert parts[1].kind == "date_line"
    assert article.published_on == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    "line",
    [
        "Ngày 6/3/2021, xã Tân Lập họp",
        "31/02/2021",
        "Từ 1/3 đến 15/3/2021",
        "20 tỷ đồng năm 2021",
        "Bản tin dân vận ngày 6/3/2021",
    ],
)
def test_lines_that_date_nothing(line):
    assert laid_out(f"Tân Lập đổi mới\n{line}\n{BODY}")[2].published_on is None


REPETITIVE = [
    "Zalo " * 80 + "x",
    "a" * 150 + "/2019",
    "a " * 70 + "/2019",
    "xem1," * 28 + "5/3/2019 x",
    "đăng lúc " * 16 + "/2019",
    "ngày viết lúc " * 10 + "/2019",
    "A. " * 28 + "9",
    "A. B. C. D., " * 6 + "9",
    "Sở " * 100 + "online 9",
    "5/3/2019 " * 17,
    "(" * 400,
]
"""Lines that a careless pattern can split in more ways than there is time to try."""


def test_no_line_costs_its_document(extractor, tmp_path):
    found = [
        Source(f"a{number}", f"{line}\n{BODY}\n{line}\n{BODY} {line[:80]}", f"made:{number}")
        for number, line in enumerate(REPETITIVE)
    ]
    summary = extract_to(found, tmp_path, extractor, Options(workers=1, timeout=10))
    assert summary.rejects == []
    assert summary.tables["articles"].rows == len(REPETITIVE)


@given(st.text(max_size=300))
def test_every_line_is_in_one_part_in_order(text):
    document, parts, _ = laid_out(text)
    covered = "".join(document.view.text[part.start : part.end] for part in parts)
    assert "".join(covered.split()) == "".join(document.view.text.split())
    assert all(one.end <= other.start for one, other in itertools.pairwise(parts))


@given(
    st.lists(
        st.sampled_from([BODY, "Tân Lập đổi mới", "05/03/2021 08:15", "TIN MỚI", "Hoàng Hải Nam", "Ảnh: A", "", "PV"]),
        max_size=9,
    )
)
def test_body_text_is_never_furniture(lines):
    document, parts, _ = laid_out("\n".join(lines))
    assert not any(part.kind == "furniture" and document.view.text[part.start : part.end] == BODY for part in parts)


def test_a_pattern_is_tried_only_on_lines_that_begin_as_it_says_and_are_short_enough():
    rule = LineRule(id="a.b", pattern=".*thử.*", begins=("ghi chú",), longest=20)
    rules = LineRules([([rule], {})])

    def is_met(line):
        return rules.match(line, line.lower(), "head") is not None

    assert is_met("Ghi chú: thử")
    assert not is_met("Xem ghi chú: thử")
    assert not is_met("Ghi chú: thử" + "!" * 20)


def test_a_rule_says_in_one_way_what_its_lines_must_have():
    with pytest.raises(ValueError, match="both `needs` and `begins`"):
        LineRule(id="a.b", pattern="thử.*", needs=("thử",), begins=("thử",))
