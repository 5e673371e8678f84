import copy
import json
from xml.etree import ElementTree

import pytest
from handmade_run import NESTED, write_run
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.evaluate import evaluate
from pipeline.extractor import default_rules
from pipeline.grammar.rules import RuleBook
from pipeline.inspection import from_output
from pipeline.labelstudio import LABELS, AnnotationError, config, export, gold, read_export
from pipeline.output import Output
from pipeline.scoring import Normaliser


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("labels") / "out"
    write_run(folder)
    return folder


@pytest.fixture
def task(out):
    (task,) = export(from_output(Output(out), ["nested"]))
    return accepted(task)


def accepted(task):
    """Return the task as Label Studio exports it when an annotator accepts the prediction as it is."""
    task = copy.deepcopy(task)
    task["annotations"] = [{"result": task["predictions"][0]["result"], "updated_at": "2024-01-01T00:00:00Z"}]
    return task


def region(task, name):
    return next(item for item in task["annotations"][0]["result"] if item["value"].get("labels") == [name])


def field(task, name):
    return next(item for item in task["annotations"][0]["result"] if item["from_name"] == name)


def test_the_configuration_names_every_label_and_field_that_tasks_use(task):
    root = ElementTree.fromstring(config())
    names = {node.get("name") for node in root.iter() if node.get("name")}
    assert {item["from_name"] for item in task["predictions"][0]["result"]} <= names
    assert {node.get("value") for node in root.iter("Label")} == {label.name for label in LABELS}
    assert root.find("Text").get("value") == "$text"


def test_accepted_predictions_become_gold(task):
    (document,) = gold([task])
    path = ["Hòa Bình", "Kim Bôi"]
    assert document["doc"] == "nested"
    assert document["article"]["title"] == "Ngày hội ở Kim Bôi"
    assert document["dates"] == [
        {"text": "Sáng 3/2", "start": 2, "end": 10, "from": "2023-02-03", "to": "2023-02-03"},
    ]
    assert [row["path"] for row in document["localities"]] == [path, path]
    assert document["officials"] == [{"name": "Đinh Thị Lụa", "titles": ["Chủ tịch UBND huyện Kim Bôi"]}]
    (money,) = document["money"]
    assert (money["min"], money["period"], money["unit_path"]) == (5_000_000, ["2023-02-03", "2023-02-03"], path)


def test_a_run_scores_full_marks_against_its_own_export(out, tmp_path):
    runner = CliRunner()
    tasks, annotated, golden = tmp_path / "tasks.json", tmp_path / "annotated.json", tmp_path / "gold.jsonl"
    assert runner.invoke(app, ["labelstudio", "export", str(out), "--to", str(tasks)]).exit_code == 0
    exported = [accepted(item) for item in json.loads(tasks.read_text(encoding="utf-8"))]
    annotated.write_text(json.dumps(exported), encoding="utf-8")
    result = runner.invoke(app, ["labelstudio", "import", str(annotated), "--to", str(golden)])
    assert "25 annotated documents" in result.output
    report = evaluate(golden, out, Normaliser(RuleBook(default_rules())))
    assert report.errors == []
    assert report.documents == 25


def test_corrections_replace_what_was_predicted(task):
    field(task, "date_from")["value"]["text"] = ["2022-02-03"]
    field(task, "locality_path")["value"]["text"] = ["Hòa Bình/Kim Bôi"]
    at = NESTED.index("5 triệu")
    region(task, "money")["value"].update(start=at, end=at + 7, text="5 triệu")
    (document,) = gold([task])
    assert document["dates"][0]["from"] == "2022-02-03"
    assert document["localities"][0]["path"] == ["Hòa Bình", "Kim Bôi"]
    assert document["money"][0]["text"] == "5 triệu"


def test_offsets_in_utf16_units_are_recognised(task):
    place = region(task, "money")["value"]
    place.update(start=place["start"] + 2, end=place["end"] + 2)  # two emoji stand before
    (document,) = gold([task])
    assert document["money"][0]["text"] == "5 triệu đồng"


def test_the_newest_annotation_that_was_not_cancelled_counts(task):
    old = {"result": [], "updated_at": "2023-01-01T00:00:00Z"}
    cancelled = {"result": [], "updated_at": "2025-01-01T00:00:00Z", "was_cancelled": True}
    task["annotations"] += [old, cancelled]
    (document,) = gold([task])
    assert document["money"]
    task["annotations"] = [cancelled]
    assert list(gold([task])) == []


@pytest.mark.parametrize(
    ("break_it", "complaint"),
    [
        (lambda task: task["data"].pop("text"), "no text or article_id"),
        (lambda task: region(task, "money")["value"].update(start=0, end=4), "does not stand on '5 triệu đồng'"),
        (lambda task: region(task, "money")["value"].update(start=400, end=404), "does not stand on"),
        (lambda task: region(task, "money")["value"].update(labels=["tiền"]), "label 'tiền'"),
        (lambda task: field(task, "money_min")["value"].update(text=["năm triệu"]), "write it like 3600000000"),
        (lambda task: field(task, "money_min")["value"].update(text=["NaN"]), "write it like 3600000000"),
        (lambda task: field(task, "date_to")["value"].update(text=["3/2/2023"]), "write it like 2023-09-20"),
        (lambda task: field(task, "official_name")["value"].update(text=[]), "fill in whose office"),
    ],
)
def test_mistakes_are_named(task, break_it, complaint):
    break_it(task)
    with pytest.raises(AnnotationError, match=complaint):
        list(gold([task]))


@pytest.mark.parametrize("text", ["{", "{}", "[1]"])
def test_only_the_json_export_is_read(text):
    with pytest.raises(AnnotationError, match="format JSON"):
        read_export(text)
