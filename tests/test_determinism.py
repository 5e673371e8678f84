"""The same input and rules give the same bytes, whoever extracts and in whatever order they finish."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline.run.batch
from pipeline import readers
from pipeline.run import Options, extract_to
from tests.runs import articles, hashes

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def samples():
    return [*readers.read([ROOT / "data" / "raw"]), *articles(60)]


@pytest.fixture(scope="module")
def wanted(extractor, samples, tmp_path_factory):
    out = tmp_path_factory.mktemp("alone")
    extract_to(samples, out, extractor, Options(workers=0))
    return hashes(out)


@pytest.mark.parametrize(("workers", "batch"), [(1, 256), (2, 256), (2, 7), (4, 3)])
def test_the_number_of_workers_and_the_size_of_batches_change_no_byte(
    extractor, samples, wanted, tmp_path, monkeypatch, workers, batch
):
    monkeypatch.setattr(pipeline.run.batch, "BATCH_DOCUMENTS", batch)
    extract_to(samples, tmp_path, extractor, Options(workers=workers))
    assert hashes(tmp_path) == wanted


def test_the_order_of_sets_changes_no_byte(tmp_path):
    found = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "-m", "pipeline", "extract", "data/raw", "--out", str(out)]
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)
        found.append(hashes(out))
    assert found[0] == found[1]
