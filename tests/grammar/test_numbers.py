import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.extractor import default_rules
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.numbers import NumberGrammar, digits_value, link
from pipeline.grammar.rules import RuleBook

CORPUS = yaml.safe_load((Path(__file__).parents[1] / "corpora" / "numbers.yaml").read_text(encoding="utf-8"))
ONES = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


@pytest.fixture(scope="module")
def find():
    builder = LexiconBuilder()
    grammar = NumberGrammar(RuleBook(default_rules()), builder)
    lexicon = builder.build()

    def run(text):
        document = Document("test", text)
        document.hits = lexicon.scan(document.view)
        return grammar.find(document, [(0, len(document.view.text))])

    return run


def forms(section):
    return [(form, value) for value, items in CORPUS[section].items() for form in items]


@pytest.mark.parametrize(("form", "value"), forms("values"))
def test_a_form_is_one_numeral_of_its_value(find, form, value):
    for text in (form, unicodedata.normalize("NFD", form)):
        (numeral,) = find(text)
        assert (numeral.start, numeral.end) == (0, len(form))
        assert numeral.low == numeral.high == Decimal(value)


@pytest.mark.parametrize(("form", "value"), forms("pairs"))
def test_neighbours_said_together_are_bounds(find, form, value):
    (numeral,) = find(form)
    assert (numeral.low, numeral.high) == tuple(map(Decimal, value.split()))


@pytest.mark.parametrize("form", CORPUS["vague"])
def test_a_vague_number_has_no_value(find, form):
    (numeral,) = find(form)
    assert (numeral.start, numeral.end, numeral.low, numeral.high) == (0, len(form), None, None)


@pytest.mark.parametrize("form", CORPUS["nothing"])
def test_no_number_is_found_in_other_words(find, form):
    assert find(form) == []


def test_the_corpus_is_as_large_as_it_should_be():
    assert len(forms("values")) + len(CORPUS["vague"]) >= 100
    assert len(CORPUS["nothing"]) >= 100


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("hai mươi năm", [20, 5]),  # twenty years, not twenty-five
        ("ba trăm năm", [300, 5]),
        ("trong năm ba mô hình", [5, 3]),
        ("năm 2017 hai mô hình", [5, 2017, 2]),
        ("5 triệu một tháng", [5_000_000, 1]),
        ("năm trăm nghìn một người", [500_000, 1]),
        ("2 tỷ 300 người", [2 * 10**9, 300]),
        ("5tr 2tỷ", [5_000_000, 2 * 10**9]),
    ],
)
def test_a_numeral_ends_where_the_next_word_is_none_of_its_own(find, text, values):
    assert [int(numeral.low) for numeral in find(text)] == values


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("2-3", "range"),
        ("70 – 120", "range"),
        ("5 đến 10", "range"),
        ("5 tới hơn 10", "range"),
        ("1.452/1.500", "ratio"),
        ("3, 4", None),
        ("3 và 4", None),
    ],
)
def test_neighbours_are_linked_by_what_stands_between(find, text, how):
    left, right = find(text)
    assert link(text, left.end, right.start) == how


@settings(deadline=None)
@given(st.integers(0, 10**15))
def test_digits_in_groups_keep_their_value(value):
    assert digits_value(f"{value:,}".replace(",", ".")) == value


@settings(deadline=None)
@given(st.text("0123456789.,", max_size=30))
def test_any_digits_and_separators_give_a_number_or_none(text):
    assert digits_value(text) is None or digits_value(text) >= 0


def spell(number, choose):
    """Spell an integer below 10^12 in words; `choose` picks among variants."""
    if number == 0:
        return ""
    words = []
    rest = number
    for scale, names in ((10**9, ["tỷ", "tỉ"]), (10**6, ["triệu"]), (1000, ["nghìn", "ngàn"]), (1, [""])):
        group, rest = divmod(rest, scale)
        if group:
            words += [*spell_group(group, bool(words), choose), choose(names)]
        elif words and scale == 1000 and rest and rest % 100 == 0:
            words += ["không", choose(names)]  # without it `hai triệu năm trăm` is undecided
    return " ".join(word for word in words if word)


def spell_group(group, inner, choose):
    hundreds, rest = divmod(group, 100)
    words = [ONES[hundreds], "trăm"] if hundreds or inner else []
    tens, ones = divmod(rest, 10)
    if tens == 0:
        link = [choose(["linh", "lẻ"])] if words and ones else []
        return words + link + ([ONES[ones]] if ones else [])
    words += ["mười"] if tens == 1 else [ONES[tens], "mươi"]
    late = {1: ["mốt"] if tens > 1 else ["một"], 4: ["bốn", "tư"], 5: ["lăm", "nhăm"], 7: ["bảy", "bẩy"]}
    return words + ([choose(late.get(ones, [ONES[ones]]))] if ones else [])


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 10**12 - 1), st.data())
def test_any_integer_in_words_is_read_back(find, number, data):
    words = spell(number, lambda options: data.draw(st.sampled_from(options)))
    (numeral,) = find(words)
    assert numeral.low == numeral.high == number
    assert numeral.end == len(words)


PIECES = [
    "2",
    "15",
    "3,6",
    "1.200",
    ",",
    "/",
    "-",
    "–",
    "đ",
    "tỷ",
    "triệu",
    "hàng",
    "vài",
    "ba",
    "năm",
    "mươi",
    "rưỡi",
    "linh",
    "chục",
    "nghìn",
    "không",
    "trăm",
    "tư",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_numerals_never_overlap_and_stay_inside_the_text(find, pieces):
    text = " ".join(pieces)
    end = 0
    for numeral in find(text):
        assert end <= numeral.start < numeral.end <= len(text)
        end = numeral.end
