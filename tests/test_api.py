import datetime as dt
import doctest
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import pipeline.api
from pipeline import extract
from pipeline.grammar.rules import RuleError
from pipeline.tables import TABLES

TEXT = "Ngày 20/9/2023, xã góp 5 triệu đồng làm đường."


def test_the_documented_examples_run():
    assert doctest.testmod(pipeline.api).attempted >= 3
    assert doctest.testmod(pipeline.api).failed == 0


def test_the_examples_of_the_guide_run():
    guide = Path(__file__).parent.parent / "docs" / "looking.md"
    result = doctest.testfile(str(guide), module_relative=False, encoding="utf-8")
    assert result.attempted >= 6
    assert result.failed == 0


def test_rows_are_typed_and_their_offsets_are_those_of_the_text_given():
    found = extract("\u200bNgày\u00a0 20/9/2023 xã góp 5 triệu đồng", published_at=dt.date(2023, 9, 21))
    (day,) = found.dates
    assert (day.date_from, found.quote(day)) == (dt.date(2023, 9, 20), "Ngày\u00a0 20/9/2023")
    (amount,) = found.money
    assert (amount.amount_min, found.quote(amount)) == (5_000_000, "5 triệu đồng")
    assert [found.quote(row) for row in found.stages["02_sentences"]] == [found.text[1:]]


def test_frames_have_the_columns_of_the_tables():
    frames = extract(TEXT, article_id="a1").to_pandas()
    assert set(frames) == set(TABLES)
    for name, frame in frames.items():
        assert list(frame.columns) == TABLES[name].schema.names
        assert (frame["article_id"] == "a1").all()
    assert frames["dates"]["date_from"].tolist() == [pd.Timestamp(2023, 9, 20)]


def test_metadata_beats_the_text():
    article = extract(
        TEXT, title="Đường mới", author="Lê An", url="https://example.org", published_at="2023-09-21"
    ).article
    assert (article.title, article.author, article.url) == ("Đường mới", "Lê An", "https://example.org")
    assert article.published_on == dt.date(2023, 9, 21)


def test_a_moment_may_be_a_string_or_a_datetime():
    moment = dt.datetime(2023, 9, 21, 8, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    assert extract(TEXT, published_at=moment).article == extract(TEXT, published_at=moment.isoformat()).article
    with pytest.raises(ValueError, match="hôm qua"):
        extract(TEXT, published_at="hôm qua")


def test_a_broken_overlay_is_named(tmp_path):
    (tmp_path / "dates.yaml").write_text("rules: 3", encoding="utf-8")
    with pytest.raises(RuleError, match=r"dates.yaml:1"):
        extract(TEXT, rules=tmp_path)


def test_importing_the_package_loads_nothing_else():
    code = "import pipeline, sys; print([name for name in sys.modules if name.split('.')[0] in ('pyarrow', 'pandas')])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_package_has_no_other_names():
    with pytest.raises(ImportError):
        from pipeline import extrakt  # noqa: F401, PLC0415
