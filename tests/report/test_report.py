"""The report's parts that need no browser."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.inspection import sampled
from pipeline.output import Output, OutputError
from pipeline.report import write_report
from pipeline.report.escape import script_json
from pipeline.report.summary import dong, summarise


@given(
    st.recursive(st.text() | st.integers() | st.none(), lambda item: st.lists(item) | st.dictionaries(st.text(), item))
)
def test_script_json_is_the_same_value_without_markup(value):
    written = script_json(value)
    assert json.loads(written) == value
    assert not set(written) & set("<>&\u2028\u2029")


@given(st.integers(0, 500), st.none() | st.integers(1, 600))
def test_a_sample_is_spread_over_the_run_in_its_order(total, size):
    ids = [f"{number:03}" for number in range(total)]
    chosen = sampled(ids, size)
    assert len(chosen) == min(total, total if size is None else size)
    assert chosen == sorted(set(chosen))
    assert not chosen or chosen[0] == ids[0]


def test_the_summary_counts_what_is_there(run):
    summary = summarise(Output(run))
    assert summary.documents == 25
    assert summary.made_by == ["vifacts 1.2", "<b>in</b>"]
    assert [bar.label for bar in summary.seconds] == ["lexicon", "dates"]
    assert summary.rejects == [("empty", 1, "x.txt: empty <script>window.hacked=9</script>")]
    ((province, cells),) = summary.money.rows
    assert (province.label, province.shown) == ("Hòa Bình", "5 m")
    assert dict(zip(summary.money.columns, (cell.shown for cell in cells), strict=True)) == {
        "2023": "5 m",
        "no year": "0",
    }
    assert summary.models.rows == []
    assert sum(bar.value for bar in summary.articles) == 25
    assert {dt.date(2022, 5, 1).strftime("%Y-%m"), "2022-08"} <= {bar.label for bar in summary.articles}


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0"), ("40000", "40,000"), ("5000000", "5 m"), ("3600000000", "3.6 bn"), ("1.5e12", "1.5 tn"),
        ("2e15", "2,000 tn"), ("1234567890", "1.23 bn"),
    ],
)  # fmt: skip
def test_amounts_are_shown_short(amount, shown):
    assert dong(Decimal(amount)) == shown


def test_a_report_of_the_same_run_is_the_same_bytes(run, book, index):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.report.write._INLINE", 1)
        patch.setattr("pipeline.report.write._ENTRIES", 20)
        before = {path.name: path.read_bytes() for path in index.parent.rglob("*.*")}
        write_report(Output(run), book, size=None)
    assert {path.name: path.read_bytes() for path in index.parent.rglob("*.*")} == before


def test_a_folder_without_a_run_says_what_to_do(tmp_path):
    with pytest.raises(OutputError, match="run `vifacts extract INPUTS"):
        Output(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_page_names_no_address_of_the_network(index):
    source = index.read_text(encoding="utf-8")
    assert "https://example.org/a" in source  # an article's own address, as data
    assert "http" not in source.replace("https://example.org/a", "").replace("^https?:", "").replace(
        "http-equiv", ""
    ).replace("not http", "")
