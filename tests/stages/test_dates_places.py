"""Trying rules only where they say that they begin finds what trying all of them everywhere would."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleError
from pipeline.stages import dates
from pipeline.stages.dates.patterns import DateFile, Matcher
from pipeline.stages.dates.surroundings import SurroundingsFile

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
WORDS = [
    "ngày ",
    "tháng ",
    "năm ",
    "quý ",
    "Sáng ",
    "đến ",
    "âm lịch",
    "Tết",
    "số ",
    "mùng ",
    "giờ ",
    "h",
    "QĐ",
    "nay ",
]
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


KINDS = [
    "12h/ngày",
    "từ 5h - 6h",
    "75H- 90",
    "12a/QĐ",
    "2017a/QĐ",
    "từ 2015 đến 2020",
    "1900 1234",
    "1900.1234",
    "24/7/2020",
    "5/2017/QĐ",
    "2017/QĐ",
    "3000 ngày",
    "012/QĐ",
    "10 đến hết 12/5",
    "10đến 12/5",
    "10 – ngày 12/5",
    "10—12/5",
    "5—ngày 12/5",
    "15 âl",
    "15, âm lịch",
]


@pytest.mark.parametrize("text", KINDS)
def test_what_two_kinds_of_numbers_have_in_common(stage, text):
    check(stage, text)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_is_written(stage, text):
    check(stage, text)


RULES = {"starts": {"day": ["ngày"]}, "numbers": {"any": "\\d"}, "words": {}}
AROUND = dict.fromkeys(SurroundingsFile.model_fields, "x")


def matcher_of(**rule):
    return Matcher(DateFile(rules=[{"id": "a.b", **rule}], surroundings=AROUND, **RULES))


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ({"pattern": r"ngày\s(?P<day>\d)", "starts": ["month"]}, "unknown group 'month'; known: day, any"),
        ({"pattern": r"(?P<dya>\d)"}, "unknown group 'dya'"),
        ({"pattern": r"ngày\s(\d)"}, "group without a name"),
        ({"pattern": r"(?:ngày)?"}, "matches the empty string"),
        ({"pattern": r"ngày("}, "does not compile"),
        ({"pattern": r"ngày", "after": "(?<!a|bc)"}, "does not compile"),
        ({"pattern": r"{day}"}, "unknown atom"),
    ],
)
def test_rules_with_mistakes_are_refused(rule, complaint):
    with pytest.raises(RuleError, match=complaint):
        matcher_of(**rule)


@pytest.mark.parametrize(
    ("numbers", "complaint"),
    [({"any": "("}, "does not compile"), ({"two words": "1"}, "does not compile"), ({"any": "(1)"}, "has a group")],
)
def test_kinds_of_numbers_with_mistakes_are_refused(numbers, complaint):
    with pytest.raises(RuleError, match=complaint):
        Matcher(DateFile(rules=[], starts={}, numbers=numbers, words={}, surroundings=AROUND))


def test_what_follows_a_word_with_mistakes_is_refused():
    with pytest.raises(RuleError, match=r"follows: '\(' does not compile"):
        Matcher(DateFile(rules=[], follows=[{"words": ["ngày"], "pattern": "("}], surroundings=AROUND, **RULES))


def test_surroundings_with_mistakes_are_refused():
    with pytest.raises(RuleError, match=r"surroundings\.bound: '\(' does not compile"):
        Matcher(DateFile(rules=[], surroundings=AROUND | {"bound": "("}, **RULES))


def test_a_rule_without_starts_is_tried_everywhere():
    matcher = matcher_of(pattern=r"(?:ngày\s)?(?P<day>\d)")
    lexicon = LexiconBuilder()
    lexicon.add("dates", matcher.starts, overlapping=True)
    document = Document("test", "ngày 5")
    document.hits = lexicon.build().scan(document.view)
    assert places_and_rules(matcher.candidates(document)) == [(0, 6, "a.b"), (5, 6, "a.b")]
