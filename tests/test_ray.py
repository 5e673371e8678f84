"""The same rows on Ray: a local cluster of two workers, one of them killed in the middle."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
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


def assert_same_rows(parts_of, whole, files, apart=()):
    """Compare the partitioned tables of a folder with the single files of another, but for columns `apart`."""
    for name in (*TABLES, *STAGE_TABLES):
        folder = "stages/" * (name in STAGE_TABLES) + name
        parts = sorted((parts_of / folder).iterdir())
        assert len(parts) == files
        got, wanted = ds.dataset(parts).to_table(), pq.read_table(whole / f"{folder}.parquet")
        left_out = [column for column in apart if column in wanted.column_names]
        assert got.drop_columns(left_out).equals(wanted.drop_columns(left_out)), name


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
    assert_same_rows(tmp_path / "ray", tmp_path / "local", files=6)
    assert pq.read_table(tmp_path / "ray" / "rejects.parquet")["reason"].to_pylist() == ["missing_text"]
    assert manifest(tmp_path / "ray")["rows"] == manifest(tmp_path / "local")["rows"]
    assert {path.name for path in (tmp_path / "ray").iterdir()} == {*TABLES, "stages", "rejects.parquet", "run.json"}


def test_input_and_output_are_on_any_filesystem(extractor, tmp_path):
    found = articles(60)
    records = pa.table({"doc": [s.article_id for s in found], "content": [s.text for s in found]})
    pq.write_table(records, tmp_path / "in.parquet")
    command = [sys.executable, "-m", "pipeline", "extract", f"file://{tmp_path}/in.parquet"]  # Arrow's filesystem
    command += ["--out", f"local://{tmp_path}/ray", "--columns", "text=content,id=doc"]  # one of fsspec's
    command += ["--engine", "ray", "--workers", "2", "--files", "3"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    columns = readers.Options(columns={"text": "content", "id": "doc"})
    extract_to(readers.read([tmp_path / "in.parquet"], columns), tmp_path / "local", extractor, Options(workers=0))
    assert_same_rows(tmp_path / "ray", tmp_path / "local", files=3, apart=["source"])  # a path there, a URI here
