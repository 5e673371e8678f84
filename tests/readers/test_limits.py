import gzip
import json
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from pipeline.readers import Options, Source, read

SMALL = Options(max_bytes=1000)


def outcomes(path, options=None):
    return [item.article_id if isinstance(item, Source) else item.reason for item in read([path], options)]


def lines(*texts):
    return "".join(json.dumps({"id": f"d{n}", "text": text}) + "\n" for n, text in enumerate(texts)).encode()


@pytest.mark.parametrize("name", ["x.txt", "x.html", "x.txt.gz", "x.txt.zst"])
def test_a_large_document_is_refused(tmp_path, name):
    data = b"a " * 600
    pack = {".gz": gzip.compress, ".zst": zstandard.compress}.get((tmp_path / name).suffix, bytes)
    (tmp_path / name).write_bytes(pack(data))
    assert outcomes(tmp_path / name, SMALL) == ["too_large"]


def test_a_large_line_is_refused_and_the_next_is_read(tmp_path):
    (tmp_path / "x.jsonl").write_bytes(lines("a" * 1001, "ạ" * 400, "a" * 300_000, "xin chào"))
    assert outcomes(tmp_path / "x.jsonl", SMALL) == ["too_large", "too_large", "too_large", "d3"]


def test_escapes_do_not_count_against_a_document(tmp_path):
    (tmp_path / "x.jsonl").write_bytes(lines("ạ" * 300))
    assert outcomes(tmp_path / "x.jsonl", SMALL) == ["d0"]


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zstandard.compress)])
def test_packed_lines_are_read(tmp_path, ending, pack):
    path = tmp_path / f"x.jsonl{ending}"
    path.write_bytes(pack(lines("một")) + pack(lines("hai").replace(b"d0", b"d1")))
    assert outcomes(path) == ["d0", "d1"]


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zstandard.compress)])
def test_a_packed_file_that_is_cut_off_gives_what_it_has(tmp_path, ending, pack):
    path = tmp_path / f"x.jsonl{ending}"
    whole = pack(b"".join(lines(str(n) * 50).replace(b"d0", b"d%d" % n) for n in range(20_000)))
    path.write_bytes(whole[: len(whole) // 2])
    got = outcomes(path)
    assert got[0] == "d0"
    assert set(got[-2:]) <= {"broken_archive", "broken_json", got[-2]}
    assert "broken_archive" in got or "broken_json" in got


@pytest.mark.parametrize("name", ["x.jsonl.gz", "x.txt.zst"])
def test_a_packed_file_that_is_none_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"not packed at all")
    assert outcomes(tmp_path / name) == ["broken_archive"]


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zstandard.compress)])
def test_a_bomb_is_refused_in_little_memory(tmp_path, ending, pack):
    path = tmp_path / f"x.jsonl{ending}"
    path.write_bytes(pack(b"a" * 50_000_000))
    tracemalloc.start()
    assert outcomes(path, Options(max_bytes=100_000)) == ["compression_bomb"]
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_total_limit_on_unfolded_bytes(tmp_path):
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(lines("một", "hai" * 200_000)))
    assert outcomes(path, Options(max_decompressed=400_000)) == ["d0", "compression_bomb"]


def test_parquet_rows_are_documents(tmp_path):
    path = tmp_path / "x.parquet"
    rows = {
        "doc": [1, 2, None, 4, 5],
        "content": ["một", "hai", "ba", None, "năm" * 500],
        "date": pa.array([0, 1, 2, 3, 4], pa.timestamp("s", "UTC")),
        "embedding": [[0.5] * 3] * 5,
    }
    pq.write_table(pa.table(rows), path, row_group_size=2)
    options = Options(columns={"id": "doc", "text": "content"}, max_bytes=1000)
    assert outcomes(path, options) == ["1", "2", "missing_id", "missing_text", "too_large"]
    first = next(iter(read([path], options)))
    assert (first.source, first.published_at.isoformat()) == (f"{path}:0", "1970-01-01T07:00:00+07:00")


def test_parquet_without_the_column_says_what_there_is(tmp_path):
    pq.write_table(pa.table({"body": ["x"]}), tmp_path / "x.parquet")
    (reject,) = read([tmp_path / "x.parquet"])
    assert reject.reason == "missing_text"
    assert "body" in reject.detail
    assert "--columns" in reject.detail


def test_broken_parquet_is_refused(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"id": ["a"] * 5000, "text": ["xin chào"] * 5000}), path, compression="none")
    data = path.read_bytes()
    path.write_bytes(data[:-40])
    assert outcomes(path) == ["unreadable"]
    path.write_bytes(data[:200] + b"\xff" * 300 + data[500:])
    assert outcomes(path)[-1] == "unreadable"
