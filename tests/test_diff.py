import json
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from handmade_run import write_run
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.diff import diff, diff_table
from pipeline.output import Output
from pipeline.tables import TABLES


@pytest.fixture
def runs(tmp_path):
    write_run(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    return tmp_path / "a", tmp_path / "b"


def edit(folder, name, change):
    path = folder / f"{name}.parquet"
    rows = [row for row in (change(row) for row in pq.read_table(path).to_pylist()) if row]
    pq.write_table(pa.Table.from_pylist(rows, schema=TABLES[name].schema), path)


def compare(runs, name):
    found = diff_table(name, *map(Output, runs))
    return found.same, len(found.appeared), len(found.vanished), found.changed


def test_a_run_does_not_differ_from_itself(runs):
    assert not any(diff(*map(Output, runs)))


def test_the_order_of_rows_is_no_difference(runs):
    table = pq.read_table(runs[1] / "localities.parquet")
    pq.write_table(table.take(list(range(table.num_rows))[::-1]), runs[1] / "localities.parquet")
    assert compare(runs, "localities") == (2, 0, 0, [])


def test_a_row_gone_has_vanished_and_the_other_way_round_appeared(runs):
    edit(runs[1], "localities", lambda row: row if row["text"].startswith("huyện") else None)
    assert compare(runs, "localities") == (1, 0, 1, [])
    assert compare(runs[::-1], "localities") == (1, 1, 0, [])


def test_another_value_is_a_change_of_its_columns(runs):
    edit(runs[1], "money", lambda row: {**row, "currency": "USD"})
    changed = compare(runs, "money")[3]
    assert [change.columns for change in changed] == [{"currency": ("VND", "USD")}] * 2


def test_a_span_that_moved_is_a_change_not_two_rows(runs):
    edit(runs[1], "money", lambda row: {**row, "end": row["end"] - 1, "text": row["text"][:-1]})
    same, appeared, vanished, changed = compare(runs, "money")
    assert (same, appeared, vanished) == (0, 0, 0)
    assert set(changed[0].columns) == {"end", "text"}


def test_numbers_of_persons_do_not_matter_names_do(runs):
    for name in ("officials", "official_mentions"):
        edit(runs[1], name, lambda row: {**row, "person_id": "x" + row["person_id"]})
    assert compare(runs, "officials")[1:] == (0, 0, [])
    assert compare(runs, "official_mentions")[1:] == (0, 0, [])
    edit(runs[1], "officials", lambda row: {**row, "name": "Lê An"})
    assert len(compare(runs, "officials")[3]) == 2
    assert compare(runs, "official_mentions")[1:3] == (0, 0)


def test_an_article_may_be_new(runs):
    edit(runs[0], "articles", lambda row: row if row["article_id"] != "nested" else None)
    assert compare(runs, "articles")[1] == 1


def test_the_command_shows_text_in_context(runs):
    edit(runs[1], "money", lambda row: {**row, "currency": "USD"} if row["article_id"] == "nested" else None)
    result = CliRunner().invoke(app, ["diff", *map(str, runs)], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "0 appeared, 1 vanished, 1 changed" in result.output
    assert "Đinh Thị Lụa trao 5 triệu đồng" in result.output
    assert "currency: VND → USD" in result.output
    assert "dates              the same" in result.output


def test_the_command_writes_json_lines_and_keeps_to_a_table(runs):
    edit(runs[1], "money", lambda _row: None)
    result = CliRunner().invoke(app, ["diff", *map(str, runs), "--table", "money", "--json"])
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert [(line["table"], line["kind"]) for line in lines] == [("money", "vanished")] * 2
    shown = CliRunner().invoke(app, ["diff", *map(str, runs), "--limit", "1"]).output
    assert "and 1 more" in shown
