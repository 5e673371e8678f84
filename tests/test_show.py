import json

import pytest
from handmade_run import HOSTILE, NESTED, write_run
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.inspection import STAGE_OUTPUT, jsonable, value_of
from pipeline.tables import STAGE_TABLES, TABLES
from pipeline.terminal import harmless, highlighted, in_context

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("show") / "out"
    write_run(folder)
    return str(folder)


def call(*arguments, text=None):
    return RUNNER.invoke(app, [*map(str, arguments)], input=text, env={"COLUMNS": "200"})


def test_an_article_of_a_run_is_shown_with_its_rows(out):
    result = call("show", "nested", "--out", out)
    assert result.exit_code == 0
    for expected in (
        "Ngày hội ở Kim Bôi",
        "trao 5 triệu đồng",
        "5,000,000 VND",
        "Hòa Bình / Kim Bôi",
        "money.amount",
        "name of Đinh Thị Lụa",
    ):
        assert expected in result.output


def test_a_stage_shows_its_rows_and_what_it_leaves(out):
    result = call("show", "nested", "--out", out, "--stage", "dates")
    assert "nearest to the day of publication" in result.output
    assert "dropped · 1.5 · a ratio" in result.output
    assert "money (" not in result.output


@pytest.mark.parametrize("stage", STAGE_OUTPUT)
def test_every_stage_can_be_shown(stage):
    assert call("show", "-", "--stage", stage, text="Ngày 20/9/2023, ông Lê An góp 5 triệu đồng.").exit_code == 0


def test_a_pasted_text_needs_no_run():
    result = call("show", "-", "--published-at", "2023-09-21", text="\ufeffSáng 20/9\r\nxã góp 5 triệu đồng")
    assert "2023-09-20" in result.output
    assert "5,000,000 VND" in result.output


def test_a_file_needs_no_run(tmp_path):
    path = tmp_path / "bai.txt"
    path.write_text("Xã góp 5 triệu đồng.", encoding="utf-8")
    assert "5,000,000 VND" in call("show", path).output


def test_json_holds_every_table_with_exact_values(out):
    result = call("show", "nested", "--out", out, "--json")
    found = json.loads(result.output)
    assert found["article"]["text"] == NESTED
    assert set(found["tables"]) == (set(TABLES) - {"articles"}) | set(STAGE_TABLES)
    assert found["tables"]["money"][0]["amount_min"] == "5000000"
    for rows in found["tables"].values():
        for row in rows:
            assert NESTED[row["start"] : row["end"]] == row["text"]


def test_text_cannot_steer_the_terminal():
    assert harmless("a\x1b[2Jb\r\x07\x9bc\td\n") == "a\ufffd[2Jb\ufffd\ufffd\ufffdc\td\n"
    shown = call("show", "-", text="Xã \x1b]0;x\x07góp [red]5 triệu đồng[/red].").output
    assert "\x1b]0" not in shown
    assert "[red]5 triệu đồng[/red]" in shown


def test_text_is_never_read_as_markup():
    text = "Ngày 20/9/2023, [/b] ông Lê An, Chủ tịch [bold]UBND[/nope] xã, góp [1] 5 triệu đồng [/]."
    for arguments in (("show", "-"), ("why", "-", "money", text.index("5 triệu")), ("why", "-", "dates", 0)):
        result = call(*arguments, text=text)
        assert result.exit_code == 0
        assert "[/b] ông Lê An, Chủ tịch [bold]UBND[/nope]" in result.output


def test_highlighting_keeps_the_text():
    rows = {"dates": [{"start": 0, "end": 3}], "localities": [{"start": 1, "end": 9}]}
    assert highlighted(HOSTILE, rows).plain == HOSTILE


def test_context_is_one_line_with_the_mention():
    assert in_context("a\nb một c", 4, 7, width=2).plain == "…b một c…"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("show", "no-such"), "articles.parquet"),
        (("show", "-", "--stage", "x"), "no such stage"),
        (("show", "-", "--published-at", "x"), "give a day as 2023-09-21"),
        (("show", "-", "--rules", "/no/such"), "no such folder"),
        (("why", "-", "articles", "0"), "no table 'articles'"),
        (("why", "-", "dates", "7"), "no row of dates starts at 7"),
        (("diff", "/no/a", "/no/b"), "run `vifacts extract"),
        (("report", "/no/such"), "run `vifacts extract"),
    ],
)
def test_mistakes_end_with_one_line_and_status_2(arguments, complaint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call(*arguments, text="Ngày 20/9/2023.")
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_unknown_article_of_a_run_is_named(out):
    result = call("show", "no-such", "--out", out)
    assert result.exit_code == 2
    assert "no article 'no-such'" in result.stderr


def test_why_tells_rule_candidates_and_evidence(out):
    result = call("why", "nested", "dates", NESTED.index("Sáng"), "--out", out)
    assert result.exit_code == 0
    for expected in ("Sáng 3/2", "nearest to the day of publication", "Beaten", "a ratio", "Stands in"):
        assert expected in result.output
    money = call("why", "nested", "money", NESTED.index("5 triệu"), "--out", out).output
    assert "Governed by" in money
    office = call("why", "nested", "officials", NESTED.index("Chủ tịch"), "--out", out).output
    assert "Also here" in office


def test_why_shows_the_rule_with_its_examples_of_a_pasted_text():
    result = call("why", "-", "money", 7, text="Xã góp 5 triệu đồng.")
    assert result.exit_code == 0, result.output
    assert "money.yaml:" in result.output
    assert "→" in result.output


def test_why_as_json(out):
    result = call("why", "nested", "dates", NESTED.index("Sáng"), "--out", out, "--json")
    found = json.loads(result.output)
    assert found["row"]["date_from"] == "2023-02-03"
    assert [row["reason"] for row in found["beaten"]] == ["a ratio"]
    assert found["sentence"]["start"] == 0


def test_values_in_short_form_are_the_same_from_json(out):
    tables = json.loads(call("show", "nested", "--out", out, "--json").output)["tables"]
    for name, rows in tables.items():
        for row in rows:
            assert value_of(name, row) == value_of(name, jsonable(row))
