"""The same rows on Ray: a local cluster of two workers, one of them killed in the middle."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from pipeline import readers
from pipeline.run import Options, extract_to
from pipeline.tables import STAGE_TABLES, TABLES
from tests.runs import articles, manifest

pytest.importorskip("ray")
psutil = pytest.importorskip("psutil")  # comes with Ray

ROOT = Path(__file__).parents[1]


def workers_of(process):
    """Return the Ray workers under a process that are extracting."""
    try:
        children = psutil.Process(process.pid).children(recursive=True)
        return [child for child in children if "write_part" in " ".join(child.cmdline())]
    except psutil.Error:
        return []


def test_a_killed_worker_costs_time_and_no_rows(extractor, tmp_path):
    found = articles(240)
    records = [{"id": s.article_id, "text": s.text} for s in found]
    records.insert(100, {"id": "broken"})
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "extract", str(source), "--out", str(tmp_path / "ray")]
    command += ["--engine", "ray", "--workers", "2", "--files", "6"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    killed = None
    while killed is None and process.poll() is None:
        time.sleep(0.02)
        for worker in workers_of(process)[:1]:
            worker.kill()
            killed = worker.pid
    printed, complaints = process.communicate(timeout=240)
    assert process.returncode == 0, complaints
    assert killed is not None
    assert "240 documents in " in printed
    assert [line for line in complaints.splitlines() if line.startswith("rejected")] != []

    extract_to(readers.read([source]), tmp_path / "local", extractor, Options(workers=0))
    for name in (*TABLES, *STAGE_TABLES):
        folder = "stages/" * (name in STAGE_TABLES) + name
        parts = sorted((tmp_path / "ray" / folder).iterdir())
        assert len(parts) == 6
        got = ds.dataset(parts).to_table()
        assert got.equals(pq.read_table(tmp_path / "local" / f"{folder}.parquet")), name
    assert pq.read_table(tmp_path / "ray" / "rejects.parquet")["reason"].to_pylist() == ["missing_text"]
    assert manifest(tmp_path / "ray")["rows"] == manifest(tmp_path / "local")["rows"]
    assert {path.name for path in (tmp_path / "ray").iterdir()} == {*TABLES, "stages", "rejects.parquet", "run.json"}
