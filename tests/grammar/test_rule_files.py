import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.grammar.rules import (
    RuleBook,
    RuleError,
    RuleFile,
    alternatives,
    compile_pattern,
    compile_plain,
    whole_words,
)


def load(tmp_path, text):
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    return RuleBook(tmp_path).load("x.yaml", RuleFile)


def test_a_rule_file_is_read(tmp_path):
    file = load(tmp_path, "rules:\n  - id: a.b\n    examples: [{text: xã, value: x}]\n    not: [thôn]\n")
    assert file.rules[0].counter == ["thôn"]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("rules:\n  - id: A B\n", 2, "rules.0.id"),
        ("rules:\n  - id: a\n    patern: x\n", 3, "patern"),
        ("rules:\n  - id: a\n    examples:\n      - {text: 3, value: x}\n", 4, "text"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(tmp_path, text, line, problem):
    with pytest.raises(RuleError, match=problem) as caught:
        load(tmp_path, text)
    assert f"x.yaml:{line}:" in str(caught.value)


def test_two_rules_of_one_id_are_refused(tmp_path):
    with pytest.raises(RuleError, match="two rules have the id 'a'"):
        load(tmp_path, "rules:\n  - id: a\n  - id: a\n")


def test_decomposed_text_is_refused_with_its_line(tmp_path):
    with pytest.raises(RuleError, match=r"x\.yaml:3: text is not in NFC"):
        load(tmp_path, "rules:\n  - id: a\n    note: " + unicodedata.normalize("NFD", "xã") + "\n")


@pytest.mark.parametrize("text", ["rules: [", "a: b: c"])
def test_broken_yaml_is_refused(tmp_path, text):
    with pytest.raises(RuleError, match=r"x\.yaml"):
        load(tmp_path, text)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(RuleError, match="cannot be read"):
        RuleBook(tmp_path).load("none.yaml", RuleFile)


def test_an_overlay_wins_file_by_file(tmp_path):
    (tmp_path / "over").mkdir()
    (tmp_path / "x.yaml").write_text("rules: [{id: shipped}]")
    (tmp_path / "y.yaml").write_text("rules: [{id: other}]")
    (tmp_path / "over" / "x.yaml").write_text("rules: [{id: mine}]")
    book = RuleBook(tmp_path, tmp_path / "over")
    assert [book.load(name, RuleFile).rules[0].id for name in ("x.yaml", "y.yaml")] == ["mine", "other"]


def test_patterns_are_composed_of_atoms():
    pattern = compile_pattern(r"{day}/{month}", {"day": r"{two}", "month": r"{two}", "two": r"\d{1,2}"})
    assert pattern.fullmatch("3/12")


@pytest.mark.parametrize(
    ("pattern", "atoms", "problem"),
    [
        ("{day}", {}, "unknown atom {day}"),
        ("{a}", {"a": "{b}", "b": "{a}"}, "contain each other"),
        ("(", {}, "does not compile"),
        ("x*", {}, "matches the empty string"),
    ],
)
def test_patterns_that_cannot_be_meant_are_refused(pattern, atoms, problem):
    with pytest.raises(RuleError, match=problem):
        compile_pattern(pattern, atoms)
    with pytest.raises(RuleError, match=problem):
        compile_plain(pattern, atoms)


@pytest.mark.parametrize("terms", [[], ["xã", " "]])
def test_groups_that_would_match_everywhere_are_refused(terms):
    with pytest.raises(RuleError, match="match everywhere"):
        alternatives(terms)


@given(st.lists(st.sampled_from(["ba", "ba ba", "bà", "a", "a-b", ".b", " "]), max_size=8).map("".join))
def test_whole_words_are_those_between_word_boundaries(text):
    terms = ["ba", "ba ba", "bà", "a-b", ".b"]
    plain = re.compile(rf"(?<!\w){alternatives(terms)}(?!\w)")
    assert re.findall(whole_words(terms), text) == plain.findall(text)


@pytest.mark.parametrize("terms", [[], [""], ["ba", ""]])
def test_whole_words_refuse_what_would_match_everywhere(terms):
    with pytest.raises(RuleError, match="would match everywhere"):
        whole_words(terms)
