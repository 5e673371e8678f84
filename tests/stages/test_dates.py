import unicodedata
from pathlib import Path

import pytest
import yaml

from pipeline.stages.dates import describe

CORPUS = yaml.safe_load((Path(__file__).parents[1] / "corpora" / "dates.yaml").read_text(encoding="utf-8"))
NOTHING = yaml.safe_load((Path(__file__).parents[1] / "corpora" / "dates_nothing.yaml").read_text(encoding="utf-8"))
FORMS = [(form, entry["value"]) for entry in CORPUS["forms"] for form in entry["forms"]]
LISTS = [(entry["text"], entry["values"]) for entry in CORPUS["lists"]]
TEXTS = [text for group in NOTHING["nothing"] for text in group["texts"]]


@pytest.fixture
def dates(read):
    def run(text, published=CORPUS["published"]):
        return [row for row in read(text, published)["dates"] if row.kind == "DATE"]

    return run


def test_the_corpus_is_large_enough():
    assert len(set(FORMS)) >= 250
    assert len(set(TEXTS)) >= 250


@pytest.mark.parametrize(("form", "value"), FORMS)
def test_a_form_has_one_reading_that_spans_it(dates, form, value):
    assert [(row.start, row.end, describe(row)) for row in dates(form)] == [(0, len(form), value)]


@pytest.mark.parametrize(("form", "value"), FORMS)
def test_a_form_reads_the_same_inside_a_sentence(dates, form, value):
    text = f"Đoàn công tác về xã vào {form}, dự lễ ra quân."
    assert [describe(row) for row in dates(text)] == [value]


@pytest.mark.parametrize(("form", "value"), FORMS)
def test_decomposed_letters_and_odd_spaces_change_nothing(dates, form, value):
    assert [describe(row) for row in dates(unicodedata.normalize("NFD", form))] == [value]
    assert [describe(row) for row in dates(form.replace(" ", "\u00a0"))] == [value]


@pytest.mark.parametrize(("text", "values"), LISTS)
def test_several_dates_are_several_rows(dates, text, values):
    assert [describe(row) for row in dates(text)] == values


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_no_date_yields_nothing(dates, text):
    assert [(text[row.start : row.end], row.rule) for row in dates(text)] == []
