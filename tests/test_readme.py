"""What the README tells people to type works."""

import re
from pathlib import Path

import duckdb
import pytest

from pipeline.extractor import Extractor, default_rules
from pipeline.readers import read
from pipeline.rulecheck import check
from pipeline.run import Options, extract_to

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.S)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    extract_to(read([str(ROOT / "data" / "raw")]), folder, Extractor(), Options(workers=0))
    return folder


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.split("\n")[0])
def test_python_examples_run(block, out):
    exec(block.replace("data/out", str(out)), {})


@pytest.mark.parametrize("block", blocks("sql"), ids=lambda block: block.split("\n")[0])
def test_sql_examples_give_rows(block, out):
    assert duckdb.sql(block.replace("data/out", str(out))).fetchall()


def test_the_rule_to_add_passes_its_own_examples(tmp_path):
    money = (default_rules() / "money.yaml").read_text(encoding="utf-8")
    rule = blocks("yaml")[0].split("\n", 1)[1]
    with_rule = money.replace("rules:\n", f"rules:\n{rule}", 1)
    assert with_rule != money
    (tmp_path / "money.yaml").write_text(with_rule, encoding="utf-8")
    assert [str(failure) for failure in check(Extractor(overlay=tmp_path)) if failure.rule == "money.sek"] == []


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_links_lead_to_files_of_the_project(target):
    assert (ROOT / target).exists()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"pytest (tests[^|`]+)", README))))
def test_commands_in_the_table_name_tests_that_exist(path):
    assert all((ROOT / name).exists() for name in path.split())


def test_the_make_targets_that_it_names_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, flags=re.M))
    assert {"extract", "test"} <= named <= targets
