"""The sample articles against their gold: scores may rise, they may not drop unnoticed.

`gold/floors.json` holds the lowest score each figure may have, and the hashes of gold and inputs: whoever changes an
annotation or an article must set the floors anew, in the open. `python -m tests.test_gold` does that, and refuses to
lower a floor unless `--lower` asks for it.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

import pytest

from pipeline.commands.score import figures
from pipeline.evaluate import evaluate
from pipeline.extractor import Extractor, default_rules
from pipeline.grammar.rules import RuleBook
from pipeline.readers import read
from pipeline.run import Options, extract_to
from pipeline.scoring import Normaliser

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "gold" / "articles.jsonl"
FLOORS = ROOT / "tests" / "gold" / "floors.json"
RAW = ROOT / "data" / "raw"


def hashes():
    inputs = [path for path in sorted(RAW.iterdir()) if not path.name.startswith(".")]
    together = hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()
    return {"gold": hashlib.sha256(GOLD.read_bytes()).hexdigest(), "inputs": together}


def measure(out):
    extract_to(read([str(RAW)]), out, Extractor(), Options(workers=0))
    report = figures(evaluate(GOLD, out, Normaliser(RuleBook(default_rules()))))
    scores = {name: table["f1"] for name, table in report["tables"].items()}
    return scores | report["shares"], report


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    return measure(tmp_path_factory.mktemp("gold"))


FLOOR = json.loads(FLOORS.read_text()) if FLOORS.exists() else {"hashes": {}, "floors": {}}


def test_annotations_and_inputs_are_those_that_the_floors_were_set_on():
    assert FLOOR["hashes"] == hashes()


@pytest.mark.parametrize("name", sorted(FLOOR["floors"]))
def test_no_score_is_below_its_floor(measured, name):
    assert measured[0][name] >= FLOOR["floors"][name]


def test_every_figure_has_a_floor(measured):
    assert set(FLOOR["floors"]) == set(measured[0])


def test_every_offset_gives_its_text(measured):
    assert measured[1]["wrong_offsets"] == 0
    assert measured[1]["documents"] == 19


def main():

    with tempfile.TemporaryDirectory() as folder:
        scores, _ = measure(Path(folder))
    lower = {name for name, score in scores.items() if score < FLOOR["floors"].get(name, 0)}
    if lower and "--lower" not in sys.argv:
        sys.exit(f"these floors would drop: {sorted(lower)}; mend it, or call with --lower and say why in the commit")
    FLOORS.write_text(json.dumps({"hashes": hashes(), "floors": scores}, indent=2) + "\n")


if __name__ == "__main__":
    main()
