import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.runs import PARAGRAPHS, hashes, manifest

ROOT = Path(__file__).parents[1]


def run(*arguments, stdin=None):
    command = [sys.executable, "-m", "pipeline", "extract", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for number, text in enumerate(PARAGRAPHS):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_gives_all_tables_and_a_summary_of_one_screen(folder, tmp_path):
    done = run(folder, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0].startswith("4 documents in ")
    assert "a second)" in lines[0]
    assert any(line.split()[:2] == ["articles", "4"] for line in lines)
    assert any("sentences" in line for line in lines)
    assert len(lines) <= 24
    assert set(hashes(tmp_path / "out")) == set(manifest(tmp_path / "out")["files"])


def test_bad_input_costs_a_line_each_and_the_rest_is_extracted(folder, tmp_path):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
    records = [
        '{"id": "one", "text": "Ngày 3/5/2024, xã An Bình họp."}',
        '{"id": "two", "text": ',
        '{"text": "Không có mã."}',
        '{"id": "one", "text": "Ngày 4/5/2024."}',
    ]
    (folder / "lines.jsonl").write_text("\n".join(records), encoding="utf-8")
    done = run(folder, "--out", tmp_path / "out")
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert len(lines) == 5
    assert all(line.startswith("rejected (") for line in lines)
    reasons = pq.read_table(tmp_path / "out" / "rejects.parquet")["reason"].to_pylist()
    assert sorted(reasons) == ["binary", "broken_json", "empty", "missing_id", "repeated_id"]
    assert manifest(tmp_path / "out")["rejects"] == dict.fromkeys(reasons, 1)
    assert manifest(tmp_path / "out")["documents"]["read"] == 5


@pytest.mark.parametrize("inputs", [["nowhere.txt"], ["empty.txt"]])
def test_no_readable_input_is_status_2_and_writes_nothing(tmp_path, inputs):
    (tmp_path / "empty.txt").write_bytes(b"")
    done = run(*(tmp_path / name for name in inputs), "--out", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "vifacts: no readable input; nothing was written"
    assert hashes(tmp_path / "out") == {}


def test_a_folder_that_cannot_be_written_is_status_2(folder, tmp_path):
    (tmp_path / "out").write_text("a file")
    done = run(folder, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.startswith(f"vifacts: {tmp_path}/out")
    assert "cannot be written" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_broken_rules_are_status_2_with_file_and_line(folder, tmp_path):
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "abbreviations.yaml").write_text("sentence:\n  - {a: 1}\n", encoding="utf-8")
    done = run(folder, "--out", tmp_path / "out", "--rules", rules)
    assert done.returncode == 2
    assert "abbreviations.yaml:2" in done.stderr
    assert not (tmp_path / "out").exists()


def test_unchanged_documents_are_said_to_be_reused(folder, tmp_path):
    run(folder, "--out", tmp_path / "out")
    before = hashes(tmp_path / "out")
    done = run(folder, "--out", tmp_path / "out", "--workers", "1")
    assert "4 of them unchanged since the last run" in done.stdout
    assert hashes(tmp_path / "out") == before


def test_columns_and_sizes_can_be_given(tmp_path):
    record = {"ma": "x1", "noi_dung": "Ngày 3/5/2024, tỉnh Quảng Nam.", "ngay": "2024-05-04"}
    (tmp_path / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    mapping = "text=noi_dung,id=ma,date=ngay"
    done = run(tmp_path / "a.jsonl", "--out", tmp_path / "out", "--columns", mapping)
    assert done.returncode == 0, done.stderr
    (article,) = pq.read_table(tmp_path / "out" / "articles.parquet").to_pylist()
    assert (article["article_id"], str(article["published_on"])) == ("x1", "2024-05-04")
    done = run(tmp_path / "a.jsonl", "--out", tmp_path / "out", "--columns", mapping, "--max-bytes", "10")
    assert "too_large" in done.stderr
    assert run(tmp_path / "a.jsonl", "--out", tmp_path / "out", "--columns", "nonsense").returncode == 2


def test_standard_input_is_read(tmp_path):
    done = run("-", "--out", tmp_path / "out", stdin='{"id": "s", "text": "Ngày 3/5/2024."}\n')
    assert done.returncode == 0, done.stderr
    assert pq.read_table(tmp_path / "out" / "articles.parquet")["article_id"].to_pylist() == ["s"]


def test_what_a_document_says_cannot_steer_the_terminal(folder, tmp_path):
    (folder / "x.jsonl").write_text('{"id": "\\u001b[31mred\\n", "text": ""}', encoding="utf-8")
    done = run(folder, "--out", tmp_path / "out")
    assert "\x1b" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


HEAVY = {"pandas", "sklearn", "scipy", "torch", "underthesea", "trafilatura", "dateparser", "ray", "altair"}


def test_extracting_imports_nothing_heavy(folder, tmp_path):
    code = (
        "import sys; from pipeline.cli import app\n"
        f"try: app(['extract', {str(folder)!r}, '--out', {str(tmp_path / 'out')!r}, '--workers', '0'])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print(sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(eval(done.stdout.splitlines()[-1]))
    assert loaded & HEAVY == set()
