"""`rules check`, `rules test`, `--rules`: mistakes are named with file and line."""

import pytest
import yaml
from typer.testing import CliRunner

from pipeline import rulecheck
from pipeline.cli import app
from pipeline.extractor import Extractor, default_rules
from pipeline.grammar.rules import RuleBook, RuleError
from pipeline.rulecards import rule_cards
from pipeline.rulecheck import idle_terms, sources
from pipeline.rulelint import lint, locate


@pytest.fixture
def overlay(tmp_path):
    """Return a function that lays a changed copy of a shipped rule file over the shipped ones."""

    def lay(name, *changes):
        text = (default_rules() / name).read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return lay


def line_of(folder, name, part):
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)


def call(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], env={"COLUMNS": "200"})


def test_the_shipped_rules_have_no_mistakes():
    result = call("rules", "check")
    assert result.exit_code == 0, result.output
    assert " 0 wrong" in result.output


BREAKS = [
    ("rules:\n", "rules: [\n", "not YAML"),
    ("  - id: money.vnd\n", "  - id: Money VND\n", "String should match pattern"),
    ("    currency: VND\n", "    curency: VND\n", "Extra inputs are not permitted"),
    ("    currency: VND\n", "", "currency: Field required"),
    ("  - id: money.vnd\n", "  - id: money.usd\n", "two rules have the id"),
]


@pytest.mark.parametrize(("old", "new", "complaint"), BREAKS)
def test_a_broken_shape_gives_file_line_and_what_is_wrong(overlay, old, new, complaint):
    folder = overlay("money.yaml", (old, new))
    for command in (("rules", "check"), ("rules", "test", "Xã góp 5 triệu đồng.")):
        result = call(*command, "--rules", folder)
        assert result.exit_code in (1, 2)
        assert complaint in result.output
        assert f"{folder / 'money.yaml'}:" in result.output


def test_a_broken_pattern_gives_file_and_line(overlay):
    source = default_rules() / "furniture.yaml"
    rule = next(rule for rule in yaml.safe_load(source.read_text(encoding="utf-8"))["rules"] if "pattern" in rule)
    for broken in ("(ngày {no_such_atom}", "(ngày"):
        folder = overlay("furniture.yaml", (rule["pattern"], broken))
        result = call("rules", "test", "Xã họp.", "--rules", folder)
        assert result.exit_code == 2
        assert f"{folder / 'furniture.yaml'}:{line_of(folder, 'furniture.yaml', broken)}:" in result.stderr


def test_decomposed_letters_give_their_line(overlay):
    folder = overlay("money.yaml", ("đồng", "đô\u0300ng"))
    result = call("rules", "check", "--rules", folder)
    assert f"money.yaml:{line_of(folder, 'money.yaml', 'đô' + chr(0x300))}: text is not in NFC" in result.output


def test_a_wrong_example_is_named(overlay):
    name = "money.yaml"
    example = next(rule for rule in yaml.safe_load((default_rules() / name).read_text("utf-8"))["rules"])["examples"][0]
    folder = overlay(name, (example["value"], "9 VND"))
    result = call("rules", "check", "--rules", folder)
    assert result.exit_code == 1
    assert f"{folder / name}: money.vnd" in result.output
    assert "want ['9 VND']" in result.output


def test_a_term_in_two_rules_is_shadowed(overlay):
    folder = overlay("money.yaml", ("    currency: USD\n    terms: [", "    currency: USD\n    terms: [đồng, "))
    problems = [note.problem for note in lint(RuleBook(default_rules(), folder))]
    assert "'đồng' of money.usd is shadowed by money.vnd, which has it too" in problems
    shadowed = [idle for idle in idle_terms(Extractor(overlay=folder)) if idle.term == "đồng"]
    assert [(idle.rule, idle.winners) for idle in shadowed] in (
        [("money.vnd", ("money.usd",))],
        [("money.usd", ("money.vnd",))],
    )


def test_a_term_that_gives_nothing_is_unused(extractor, monkeypatch):
    run = rulecheck._rows
    monkeypatch.setattr(rulecheck, "_rows", lambda *given: [] if "Chia sẻ Zalo" in given[2] else run(*given))
    idle = [str(idle) for idle in idle_terms(extractor) if "unused" in str(idle)]
    assert idle == ["furniture.yaml: furniture.share: 'Chia sẻ Zalo' is unused: nothing comes of it in 'Chia sẻ Zalo'"]


LINT = """\
atoms:
  used: 'a+'
  spare: 'b+'
words: [một, hai, Một, một]
rules:
  - id: x.one
    pattern: '{used} hoà tỉ'
    not: ["c"]
  - id: x.two
    terms: [đồng, Đồng]
  - id: x.two_again
    terms: [đồng]
    terms: [hào]
    examples: [{text: "1 hào", value: "1"}]
"""


def test_lint_finds_each_kind_of_oddity(tmp_path):
    (tmp_path / "shipped").mkdir()
    (tmp_path / "own").mkdir()
    (tmp_path / "shipped" / "x.yaml").write_text(LINT, encoding="utf-8")
    (tmp_path / "own" / "y.yaml").write_text("rules: []", encoding="utf-8")
    found = {str(note).replace(f"{tmp_path}/", "") for note in lint(RuleBook(tmp_path / "shipped", tmp_path / "own"))}
    assert found == {
        "own/y.yaml:1: no stage reads a file of this name; there are x.yaml",
        "shipped/x.yaml:3: no pattern of this file uses the atom {spare}",
        "shipped/x.yaml:4: 'một' is in this list twice; delete one",
        "shipped/x.yaml:7: 'hoà' never matches: the text is read as 'hòa'; write that",
        "shipped/x.yaml:7: 'tỉ' never matches: the text is read as 'tỷ'; write that",
        "shipped/x.yaml:9: x.two has neither an example nor a counter-example",
        "shipped/x.yaml:10: 'Đồng' is in this list twice; delete one",
        "shipped/x.yaml:12: 'đồng' of x.two_again is shadowed by x.two, which has it too",
        "shipped/x.yaml:13: 'terms' stands at line 12 too; only this one counts",
    }


def test_an_error_that_nothing_locates_stays_as_it_is(tmp_path):
    book = RuleBook(default_rules(), tmp_path)
    for message in ("x.yaml:3: broken", "nothing like this"):
        assert str(locate(RuleError(message), book)) == message


def test_rules_are_tried_on_a_text_with_what_was_dropped():
    result = call("rules", "test", "Ngày 20/9/2023, xã góp 5 triệu đồng, theo Quyết định số 12/2023/QĐ-UBND.")
    assert result.exit_code == 0
    assert "money.vnd" in result.output
    assert "dropped" in result.output
    assert "dates (" not in call("rules", "test", "5 triệu đồng", "--stage", "money").output


def test_an_overlay_teaches_a_new_unit_of_money(overlay):
    folder = overlay("money.yaml", ("    currency: USD\n    terms: [", "    currency: USD\n    terms: [đô cổ, "))
    result = call("rules", "test", "Bán được 5 triệu đô cổ.", "--rules", folder)
    assert "5,000,000 USD" in result.output


def test_every_rule_with_examples_has_a_card():
    cards = rule_cards(RuleBook(default_rules()))
    book = RuleBook(default_rules())
    for source in sources():
        for rule in book.load(source.file, source.shape).rules:
            card = cards[rule.id]
            assert card.file == source.file
            assert f"id: {rule.id}" in (default_rules() / card.file).read_text("utf-8").splitlines()[card.line - 1]
            assert [text for text, _ in card.examples] == [example.text for example in rule.examples]
            assert list(card.refuses) == rule.counter


def test_a_broken_file_has_no_cards(tmp_path):
    (tmp_path / "money.yaml").write_text("rules: [", encoding="utf-8")
    assert "money.vnd" not in rule_cards(RuleBook(default_rules(), tmp_path))
