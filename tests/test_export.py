import csv
import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export import cell, export_csv, guard, write_csv


@pytest.mark.parametrize(
    "text", ["=1+1", "+84 912", "-5%", "@SUM(A1)", "\t=1", "\n=1", "  =1", "＝1", "\x1c=1", '=HYPERLINK("x")']
)
def test_text_that_a_spreadsheet_would_evaluate_is_kept_as_text(text):
    assert guard(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Xã Tân Lập", "1.620 mô hình", "“=”", "2-3 tỷ đồng"])
def test_other_text_is_left_alone(text):
    assert guard(text) == text


@given(st.text())
def test_no_text_starts_a_formula(text):
    assert not guard(text).lstrip().startswith(("=", "+", "-", "@"))


def test_values_of_every_kind():
    assert cell(None) == ""
    assert cell(["Bắc Ninh", "Từ Sơn"]) == "Bắc Ninh / Từ Sơn"
    assert cell(["=1"]) == "'=1"
    assert cell(Decimal("-3.50")) == Decimal("-3.50")
    assert cell(dt.date(2021, 3, 5)) == "2021-03-05"
    assert cell(True) == "true"


def test_a_table_comes_back_from_its_csv(tmp_path):
    rows = {"article_id": ["a", "b"], "text": ['nói: "=1"\nxuống dòng', "=cmd|'/c calc'!A1"], "count": [1, None]}
    pq.write_table(pa.table(rows), tmp_path / "model_counts.parquet")
    (path,) = export_csv([tmp_path / "model_counts.parquet"], tmp_path / "csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.reader(file))
    assert read[0] == ["article_id", "text", "count"]
    assert read[1] == ["a", rows["text"][0], "1"]
    assert read[2] == ["b", "'" + rows["text"][1], ""]


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path):
    path = tmp_path / "dates.csv"
    path.write_text("old")

    def broken():
        yield pa.record_batch({"a": ["x"]})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_csv(pa.schema([("a", pa.string())]), broken(), path)
    assert [item.name for item in tmp_path.iterdir()] == ["dates.csv"]
    assert path.read_text() == "old"
