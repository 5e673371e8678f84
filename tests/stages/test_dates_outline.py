"""Trying only the rules that an outline lets through finds what trying all of them would."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.stages import dates
from pipeline.stages.dates.outline import outline, sample

CORPORA = Path(__file__).parents[1] / "corpora"
FORMS = [
    form
    for entry in yaml.safe_load((CORPORA / "dates.yaml").read_text(encoding="utf-8"))["forms"]
    for form in entry["forms"]
] + [
    text
    for group in yaml.safe_load((CORPORA / "dates_nothing.yaml").read_text(encoding="utf-8"))["nothing"]
    for text in group["texts"]
]
WORDS = ["ngày ", "tháng ", "năm ", "quý ", "Sáng ", "đến ", "âm lịch", "Tết", "số ", "mùng "]
PIECES = [*"0123456789٣９²/-. (,)%đxs\n", *WORDS]


@pytest.fixture(scope="module")
def stage(extractor):
    lexicon = LexiconBuilder()
    matcher = dates.prepare(extractor.book, lexicon)
    return matcher, lexicon.build()


def places_and_rules(found):
    return sorted((candidate.start, candidate.end, candidate.rule.id) for candidate in found)


def check(stage, text):
    matcher, lexicon = stage
    document = Document("test", text)
    document.hits = lexicon.scan(document.view)
    assert places_and_rules(matcher.candidates(document)) == places_and_rules(matcher.all_candidates(document))


@pytest.mark.parametrize("form", FORMS)
def test_forms(stage, form):
    check(stage, f"Đoàn về xã từ {form}, dự lễ.")


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_is_written(stage, text):
    check(stage, text)


@given(st.integers(0, 10**14))
def test_a_sample_stands_for_itself_and_keeps_the_length(number):
    standing = sample(str(number))
    assert sample(standing) == standing
    assert len(standing) == min(len(str(number)), 12)


@pytest.mark.parametrize(
    ("text", "ahead"),
    [(" 22/5, x", " 21/"), ("/5/2017", "/5/"), (" tháng", " "), ("", ""), (" 2019 là", " 2017 l"), ("...", "..")],
)
def test_outlines(text, ahead):
    assert outline(text, 0) == ahead
