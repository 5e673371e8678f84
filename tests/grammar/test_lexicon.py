import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import View
from pipeline.grammar.lexicon import LexiconBuilder


def scan(text, *, overlapping=False, **kinds):
    builder = LexiconBuilder()
    for kind, terms in kinds.items():
        builder.add(kind, terms, overlapping=overlapping)
    view = View(text)
    hits = builder.build().scan(view)
    return {kind: [view.text[start:end] for start, end, _ in found] for kind, found in hits.items()}


def test_hits_respect_word_boundaries_and_case():
    assert scan("BAN chấp hành, bang, băn khoăn, Ban.", body=["ban"]) == {"body": ["BAN", "Ban"]}


def test_the_longest_term_wins_within_a_kind():
    assert scan("Ủy ban nhân dân xã", body=["ủy ban", "ủy ban nhân dân"]) == {"body": ["Ủy ban nhân dân"]}


def test_kinds_do_not_hide_each_other():
    found = scan("Ủy ban nhân dân", whole=["ủy ban nhân dân"], part=["nhân dân"])
    assert found == {"whole": ["Ủy ban nhân dân"], "part": ["nhân dân"]}


def test_overlapping_kinds_give_every_hit():
    found = scan("Ủy ban nhân dân", body=["ủy ban", "ủy ban nhân dân"], overlapping=True)
    assert found == {"body": ["Ủy ban nhân dân", "Ủy ban"]}


def test_a_longer_term_cut_by_a_word_does_not_hide_a_shorter_one():
    assert scan("ban giám hiệu", body=["ban", "ban giám h"]) == {"body": ["ban"]}


def test_terms_are_normalised_like_the_text():
    assert scan("Uỷ  ban", body=["ủy ban"]) == scan("Ủy ban", body=["uỷ ban"]) == {"body": ["Ủy ban"]}


def test_a_kind_without_hits_is_an_empty_list():
    assert scan("không có gì", body=["ủy ban"]) == {"body": []}


def test_an_empty_term_is_refused():
    with pytest.raises(ValueError, match="empty term under body"):
        LexiconBuilder().add("body", ["  "])


def test_a_lexicon_without_terms_finds_nothing():
    assert LexiconBuilder().build().scan(View("xã")) == {}


@given(
    st.text(alphabet="abđ .", max_size=30),
    st.lists(st.text(alphabet="abđ", min_size=1, max_size=3), min_size=1, max_size=5),
)
def test_every_hit_is_its_term(text, terms):
    builder = LexiconBuilder()
    builder.add("k", terms, overlapping=True)
    for start, end, value in builder.build().scan(View(text))["k"]:
        assert View(text).folded[start:end] == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5 $ và 3$", ["$"]),
        ("giá $", ["$"]),
        ("K’Bang, K'Bang, K Bang", ["K’Bang"]),
        ("Hà Nội, hà, nội, Hà-Nội, Hà\nNội", ["Hà Nội"]),
        ("phố Ḅa, phố Ga", ["Ḅa"]),
    ],
)
def test_marks_and_strange_letters_of_terms_are_found_as_written(text, found):
    assert scan(text, k=["$", "k’bang", "hà nội", "ḅa"]) == {"k": found}
