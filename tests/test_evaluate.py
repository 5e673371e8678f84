"""Scoring: each case is a gold document and rows, and what they must score."""

import datetime as dt
import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.commands.score import score
from pipeline.evaluate import evaluate
from pipeline.extractor import default_rules
from pipeline.grammar.rules import RuleBook
from pipeline.scoring import Normaliser
from pipeline.tables import TABLES

NORM = Normaliser(RuleBook(default_rules()))
TEXT = "Ngày 5/6/2023, bà Lê Thị Mận, Chủ tịch UBND xã Hòa Tiến, trao 2 triệu đồng, 3 mô hình."


def gold(**tables):
    empty = {"dates": [], "officials": [], "localities": [], "model_counts": [], "money": []}
    article = {"title": None, "author": None, "published_on": None, "home_unit": None}
    return {"doc": "a", "article": article, **empty, **tables}


def span(text):
    start = TEXT.index(text)
    return {"start": start, "end": start + len(text), "text": text}


def scored(tmp_path, document, **rows):
    rows = {"articles": [{"text": TEXT}], **rows}
    for name, table in TABLES.items():
        full = [{"article_id": "a", **row} for row in rows.get(name, [])]
        pq.write_table(pa.Table.from_pylist(full, schema=table.schema), tmp_path / f"{name}.parquet")
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
    return evaluate(path, tmp_path, NORM)


DATE = span("Ngày 5/6/2023")
GOLD_DATE = {**DATE, "from": "2023-06-05", "to": "2023-06-05"}


def date_row(day, **changes):
    return {**DATE, "kind": "DATE", "date_from": day, "date_to": day, **changes}


def test_a_right_date_counts_once(tmp_path):
    report = scored(tmp_path, gold(dates=[GOLD_DATE]), dates=[date_row(dt.date(2023, 6, 5))])
    assert report.score("dates", "value") == (1, 0, 0)
    assert report.errors == []


def test_a_wrong_value_is_extra_and_missed_but_its_span_is_right(tmp_path):
    report = scored(tmp_path, gold(dates=[GOLD_DATE]), dates=[date_row(dt.date(2023, 5, 6))])
    assert report.score("dates", "value") == (0, 1, 1)
    assert report.score("dates", "span") == (1, 0, 0)
    assert [error.kind for error in report.errors] == ["WRONG"]


def test_durations_are_not_scored(tmp_path):
    assert scored(tmp_path, gold(), dates=[date_row(None, kind="DURATION")]).score("dates", "value") == (0, 0, 0)


def test_one_gold_row_pairs_with_one_row(tmp_path):
    twice = [date_row(dt.date(2023, 6, 5)), date_row(dt.date(2023, 6, 5))]
    assert scored(tmp_path, gold(dates=[GOLD_DATE]), dates=twice).score("dates", "value") == (1, 1, 0)


def test_ignored_gold_costs_nothing_either_way(tmp_path):
    ignored = gold(dates=[{**GOLD_DATE, "ignore": True}])
    assert scored(tmp_path, ignored).score("dates", "value") == (0, 0, 0)
    assert scored(tmp_path, ignored, dates=[date_row(dt.date(2020, 1, 1))]).score("dates", "value") == (0, 0, 0)


def test_offsets_that_do_not_give_the_text_are_counted(tmp_path):
    assert scored(tmp_path, gold(), dates=[date_row(dt.date(2023, 6, 5), start=1)]).wrong_offsets == 1


@pytest.mark.parametrize(
    ("path", "right"),
    [(["Đà Nẵng", "Hòa Vang", "Hoà Tiến"], 1), (["Đà Nẵng", "huyện Hòa Vang", "xã Hòa Tiến"], 1), (["Đà Nẵng"], 0)],
)
def test_places_compare_by_level_and_path(tmp_path, path, right):
    place = span("xã Hòa Tiến")
    want = {**place, "level": "commune", "path": ["Đà Nẵng", "Hòa Vang", "Hòa Tiến"]}
    report = scored(tmp_path, gold(localities=[want]), localities=[{**place, "level": "commune", "path": path}])
    assert report.score("localities", "value").right == right


def test_hamlets_compare_by_name(tmp_path):
    place = span("xã Hòa Tiến")
    want = {**place, "level": "hamlet", "path": ["Đà Nẵng", "Hòa Tiến"]}
    report = scored(tmp_path, gold(localities=[want]), localities=[{**place, "level": "hamlet", "path": ["Hòa Tiến"]}])
    assert report.score("localities", "value").right == 1


def money_row(**changes):
    amount = Decimal(2000000)
    return {**span("2 triệu đồng"), "amount_min": amount, "amount_max": amount, "currency": "VND", **changes}


GOLD_MONEY = {**span("2 triệu đồng"), "min": 2000000, "max": 2000000, "currency": "VND", "unit_path": ["Đà Nẵng"]}


def test_money_scores_amounts_and_scope_apart(tmp_path):
    report = scored(tmp_path, gold(money=[GOLD_MONEY]), money=[money_row(unit_path=["Huế"])])
    assert report.score("money", "value").right == 1
    assert report.share("money.scope") == 0.0
    report = scored(tmp_path, gold(money=[GOLD_MONEY]), money=[money_row(unit_path=["Đà Nẵng"])])
    assert report.share("money.scope") == 1.0


def test_counts_compare_count_and_unit(tmp_path):
    want = {**span("3 mô hình"), "count": 3, "unit": "mô hình"}
    rows = [{**span("3 mô hình"), "count": 3, "unit": "Mô hình"}]
    assert scored(tmp_path, gold(model_counts=[want]), model_counts=rows).score("model_counts", "value") == (1, 0, 0)


def official(title, name="Lê Thị Mận", branch="government"):
    return {**span("Lê Thị Mận"), "name": name, "title": title, "branch": branch, "former": False}


GOLD_OFFICIAL = {"name": "Lê Thị Mận", "titles": ["Chủ tịch UBND xã"], "also": ["Chủ tịch xã"]}


@pytest.mark.parametrize(
    ("rows", "value", "span_score"),
    [
        ([official("Chủ tịch Uỷ ban nhân dân xã")], (1, 0, 0), (1, 0, 0)),
        ([official("nguyên Chủ tịch UBND xã")], (1, 0, 0), (1, 0, 0)),
        ([official("Chủ tịch UBND xã"), official("Chủ tịch xã")], (1, 0, 0), (1, 0, 0)),
        ([official("Bí thư")], (0, 1, 1), (1, 0, 0)),
        ([], (0, 0, 1), (0, 0, 1)),
        ([official("Chủ tịch UBND xã"), official("Giám đốc", "Ann Lee", "foreign")], (1, 0, 0), (1, 0, 0)),
        ([official("Chủ tịch UBND xã"), official("Bí thư", "Trần Văn Ổi")], (1, 1, 0), (1, 1, 0)),
    ],
)
def test_officials_compare_by_name_and_title(tmp_path, rows, value, span_score):
    report = scored(tmp_path, gold(officials=[GOLD_OFFICIAL]), officials=rows)
    assert report.score("officials", "value") == value
    assert report.score("officials", "span") == span_score


@pytest.mark.parametrize(
    ("want", "got", "right"),
    [("LÊ MẬN (TTXVN)", "Lê Mận", 1.0), ("TTXVN", "TTXVN", 1.0), (None, None, 1.0), ("Lê Mận", None, 0.0)],
)
def test_authors_compare_without_their_agency(tmp_path, want, got, right):
    document = gold()
    document["article"]["author"] = want
    report = scored(tmp_path, document, articles=[{"text": TEXT, "author": got}])
    assert report.share("articles.author") == right


def test_macro_f1_is_the_mean_of_the_five_tables(tmp_path):
    report = scored(tmp_path, gold(dates=[GOLD_DATE]))
    assert report.macro_f1 == pytest.approx(4 / 5)


def test_score_command_prints_the_figures(tmp_path, capsys):

    scored(tmp_path, gold(dates=[GOLD_DATE]))
    score(tmp_path / "gold.jsonl", tmp_path, errors="dates")
    printed = capsys.readouterr().out
    assert "MISSED" in printed
    assert "macro F1 (values) 0.8" in printed
