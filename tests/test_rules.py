import pytest

from pipeline.extractor import default_rules
from pipeline.grammar.rules import RuleBook
from pipeline.rulecheck import check_counter, check_example, rules_of, sources

BOOK = RuleBook(default_rules())
EXAMPLES = [(s, rule, e) for s in sources() for rule in rules_of(BOOK, s) for e in rule.examples]
COUNTERS = [(s, rule, text) for s in sources() for rule in rules_of(BOOK, s) for text in rule.counter]


@pytest.mark.parametrize(
    ("source", "rule", "example"), EXAMPLES, ids=lambda v: getattr(v, "id", None) or getattr(v, "text", None)
)
def test_rules_give_their_examples(extractor, source, rule, example):
    assert [str(failure) for failure in check_example(extractor, source, rule, example)] == []


@pytest.mark.parametrize(
    ("source", "rule", "text"), COUNTERS, ids=lambda v: getattr(v, "id", None) or (v if isinstance(v, str) else None)
)
def test_rules_refuse_their_counter_examples(extractor, source, rule, text):
    assert [str(failure) for failure in check_counter(extractor, source, rule, text)] == []
