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
    return sorted((start, start - size, rule.id) for size, _, start, _, rule, _ in found)


def check(stage, text):
    matcher, lexicon = stage
    document = Document("test", text)
    document.hits = lexicon.scan(document.view)
    assert places_and_rules(matcher.candidates(document)[0]) == places_and_rules(matcher.all_candidates(document))


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
    "rạng sáng cùng ngày",
    "30/11 năm 2026 âl",
    "sớm, ngày31 đến ngày 4/12",
    "14-ngày mùng 30 Tết",
    "24/24 al",
    "(8-2004 âm lịch",
    "1.7.1949/ 1.7.2023",
    "lễ 15-12 tháng 5",
    "15/8/1945 âm lịch",
    "đêm khuya rằm tháng 8",
    "thứ ba tới, 31 tháng tư",
    "từ 2015 đến năm 2020",
    "2/3.000 hộ",
    "số ٣/5",
    "số nhà: số 12/5",
    "đường tỉnh 12/5",
    "sinh năm: 1990",
]


@pytest.mark.parametrize("text", KINDS)
def test_what_two_kinds_of_numbers_have_in_common(stage, text):
    check(stage, text)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_is_written(stage, text):
    check(stage, text)


RULES = {"starts": {"day": ["ngày"]}, "numbers": [{"pattern": "\\d", "kinds": {"any": "\\d"}}], "words": {}}
AROUND = dict.fromkeys(SurroundingsFile.model_fields, "x")


def matcher_of(**rule):
    return Matcher(DateFile(rules=[{"id": "a.b", **rule}], surroundings=AROUND, **RULES))


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ({"pattern": r"ngày\s(?P<day>\d)", "starts": ["month"]}, "starts: unknown 'month'; known: day, any"),
        ({"pattern": r"ngày\s(?P<day>\d)", "follows": ["word"]}, "follows: unknown 'word'; known: "),
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
    ("kinds", "complaint"),
    [({"any": "("}, "does not compile"), ({"two words": "1"}, "does not compile"), ({"any": "(1)"}, "has a group")],
)
def test_kinds_with_mistakes_are_refused(kinds, complaint):
    with pytest.raises(RuleError, match=f"numbers: .*{complaint}"):
        Matcher(
            DateFile(rules=[], starts={}, numbers=[{"pattern": "1", "kinds": kinds}], words={}, surroundings=AROUND)
        )
    with pytest.raises(RuleError, match=f"follows: .*{complaint}"):
        Matcher(DateFile(rules=[], follows=[{"words": ["ngày"], "kinds": kinds}], surroundings=AROUND, **RULES))


def test_surroundings_with_mistakes_are_refused():
    with pytest.raises(RuleError, match=r"surroundings\.bound: '\(' does not compile"):
        Matcher(DateFile(rules=[], surroundings=AROUND | {"bound": "("}, **RULES))


def test_a_rule_without_starts_is_tried_everywhere_but_inside_dates_that_words_begin():
    matcher = matcher_of(pattern=r"(?:ngày\s)?(?P<day>\d)")
    lexicon = LexiconBuilder()
    lexicon.add("dates", matcher.starts, overlapping=True)
    document = Document("test", "ngày 5, 6")
    document.hits = lexicon.build().scan(document.view)
    assert places_and_rules(matcher.candidates(document)[0]) == [(0, 6, "a.b"), (8, 9, "a.b")]
