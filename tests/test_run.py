import dataclasses
import datetime as dt
import gc

import pyarrow.parquet as pq
import pytest

import pipeline.run.batch
from pipeline.readers import Rejected, Source
from pipeline.run import Options, StoreError, extract_to
from pipeline.run.batch import batches
from pipeline.store.state import Item
from pipeline.tables import STAGE_TABLES, TABLES
from tests.runs import Fragile, articles, hashes, manifest, poisoned


@pytest.fixture(scope="module")
def fragile():
    return Fragile()


def ids(out, table="articles"):
    return pq.read_table(out / f"{table}.parquet")["article_id"].to_pylist()


def test_every_table_is_there_with_its_declared_schema(extractor, tmp_path):
    extract_to(articles(3), tmp_path, extractor)
    for name, table in TABLES.items():
        assert pq.read_schema(tmp_path / f"{name}.parquet").equals(table.schema, check_metadata=False)
    for name, table in STAGE_TABLES.items():
        schema = pq.read_schema(tmp_path / "stages" / f"{name}.parquet")
        assert schema.equals(table.schema, check_metadata=False)
        assert all(field.metadata[b"description"] for field in schema)


def test_articles_keep_the_order_of_the_input_and_where_they_were_read(extractor, tmp_path):
    found = articles(300)[::-1]
    extract_to(found, tmp_path, extractor, Options(workers=2))
    table = pq.read_table(tmp_path / "articles.parquet")
    assert table["article_id"].to_pylist() == [source.article_id for source in found]
    assert table["source"].to_pylist() == [source.source for source in found]
    assert table["text"].to_pylist() == [source.text for source in found]


def test_rows_point_into_the_text(extractor, tmp_path):
    extract_to(articles(40), tmp_path, extractor)
    texts = dict(
        zip(*(pq.read_table(tmp_path / "articles.parquet")[c].to_pylist() for c in ("article_id", "text")), strict=True)
    )
    dates = pq.read_table(tmp_path / "dates.parquet").to_pylist()
    assert dates
    assert all(texts[row["article_id"]][row["start"] : row["end"]] == row["text"] for row in dates)


def test_a_batch_leaves_no_cyclic_garbage(extractor):
    extractor.extract_batch(articles(64))
    gc.collect()
    gc.disable()
    try:
        extractor.extract_batch(articles(64, first=64))
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize(("how", "reason"), [("exit", "killed_worker"), ("kill", "killed_worker"), ("hang", "timeout")])
def test_a_poisoned_document_in_200_costs_only_itself(fragile, tmp_path, how, reason):
    found = articles(200)
    found[77] = poisoned(77, how)
    summary = extract_to(found, tmp_path / "out", fragile, Options(workers=2, timeout=1.5))
    assert [(reject.article_id, reject.reason) for reject in summary.rejects] == [("a00077", reason)]
    assert summary.rejects[0].detail.startswith("made:77: ")
    extract_to([s for s in found if s.article_id != "a00077"], tmp_path / "without", fragile, Options(workers=2))
    assert {k: v for k, v in hashes(tmp_path / "out").items() if k != "rejects.parquet"} == {
        k: v for k, v in hashes(tmp_path / "without").items() if k != "rejects.parquet"
    }


def test_two_poisoned_documents_do_not_hide_each_other(fragile, tmp_path):
    found = articles(30)
    found[3], found[20] = poisoned(3, "exit"), poisoned(20, "exit")
    summary = extract_to(found, tmp_path, fragile, Options(workers=1))
    assert [reject.article_id for reject in summary.rejects] == ["a00003", "a00020"]
    assert len(ids(tmp_path)) == 28


@pytest.mark.parametrize("workers", [0, 2])
def test_an_exception_rejects_its_document_with_stage_and_message(fragile, tmp_path, workers):
    found = articles(20)
    found[5] = poisoned(5, "raise")
    summary = extract_to(found, tmp_path, fragile, Options(workers=workers))
    (reject,) = summary.rejects
    assert (reject.reason, reject.detail) == ("failed", "made:5: stage poison: RuntimeError: no such luck")
    assert pq.read_table(tmp_path / "rejects.parquet").to_pylist() == [dataclasses.asdict(reject)]
    assert len(ids(tmp_path)) == 19


def test_rows_without_a_column_form_reject_their_document(extractor, tmp_path, monkeypatch):
    def out_of_range(document):
        if document.article_id == "a00004":
            document.rows["dates"][0].end = 10**6

    monkeypatch.setattr(extractor, "steps", [*extractor.steps, ("stretch", out_of_range)])
    summary = extract_to(articles(9), tmp_path, extractor, Options(workers=0))
    (reject,) = summary.rejects
    assert reject.reason == "failed"
    assert "stage columns" in reject.detail
    assert len(ids(tmp_path)) == 8


def test_a_lone_surrogate_is_rejected_not_written_as_something_else(extractor, tmp_path):
    summary = extract_to([*articles(2), Source("bad", "x \ud800 y", "f.txt")], tmp_path, extractor)
    assert [(reject.article_id, reject.reason) for reject in summary.rejects] == [("bad", "undecodable")]


def test_what_the_reader_rejects_is_counted_and_written_in_order(extractor, tmp_path):
    first, second = Rejected("a.txt", "empty", "a.txt: empty"), Rejected("b.txt", "undecodable", "b.txt: not text")
    summary = extract_to([first, *articles(2), second], tmp_path, extractor)
    assert summary.rejects == [first, second]
    assert manifest(tmp_path)["rejects"] == {"empty": 1, "undecodable": 1}
    assert pq.read_table(tmp_path / "rejects.parquet")["reason"].to_pylist() == ["empty", "undecodable"]


def test_nothing_readable_leaves_the_run_before_as_it_was(extractor, tmp_path):
    extract_to(articles(2), tmp_path, extractor)
    before = hashes(tmp_path)
    summary = extract_to([Rejected("gone", "missing", "gone: no such file")], tmp_path, extractor)
    assert not summary.tables
    assert hashes(tmp_path) == before


def test_unchanged_documents_are_not_extracted_again(extractor, tmp_path):
    assert extract_to(articles(50), tmp_path, extractor).reused == 0
    before = hashes(tmp_path)
    summary = extract_to(articles(50), tmp_path, extractor)
    assert summary.reused == 50
    assert "sentences" not in summary.seconds
    assert hashes(tmp_path) == before


def test_changed_removed_moved_and_new_documents_give_what_a_fresh_run_gives(extractor, tmp_path):
    found = articles(60)
    extract_to(found, tmp_path / "out", extractor, Options(workers=2))
    changed = dataclasses.replace(found[10], text=found[10].text + "\nNgày 3/5/2024.")
    moved = dataclasses.replace(found[20], source="elsewhere.jsonl:1")
    retitled = dataclasses.replace(found[30], title="Một tựa đề khác")
    second = [moved, *found[40:], changed, *articles(5, first=900), retitled, *found[:10]]
    summary = extract_to(second, tmp_path / "out", extractor, Options(workers=2))
    assert summary.reused == 1 + 20 + 10
    extract_to(second, tmp_path / "fresh", extractor, Options(workers=1))
    assert hashes(tmp_path / "out") == hashes(tmp_path / "fresh")


def test_fresh_extracts_everything_again(extractor, tmp_path):
    extract_to(articles(5), tmp_path, extractor)
    assert extract_to(articles(5), tmp_path, extractor, Options(fresh=True)).reused == 0


def test_other_rules_extract_everything_again(extractor, tmp_path):
    extract_to(articles(5), tmp_path / "out", extractor)
    overlay = tmp_path / "rules"
    overlay.mkdir()
    shipped = extractor.book.path("abbreviations.yaml").read_bytes()
    (overlay / "abbreviations.yaml").write_bytes(shipped + b"\n# mine\n")
    assert extract_to(articles(5), tmp_path / "out", type(extractor)(overlay=overlay)).reused == 0


def test_what_a_run_finished_before_it_failed_is_reused(extractor, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline.run.batch, "BATCH_DOCUMENTS", 10)

    def broken_off():
        yield from articles(35)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract_to(broken_off(), tmp_path, extractor, Options(workers=0))
    assert not (tmp_path / "articles.parquet").exists()
    assert extract_to(articles(35), tmp_path, extractor, Options(workers=0)).reused == 30


def test_a_damaged_state_is_cleared_and_said(extractor, tmp_path):
    extract_to(articles(5), tmp_path, extractor)
    before = hashes(tmp_path)
    (segment,) = (tmp_path / ".state" / "segments").iterdir()
    segment.write_bytes(segment.read_bytes()[:100])
    with pytest.raises(StoreError, match="damaged"):
        extract_to(articles(5), tmp_path, extractor)
    assert hashes(tmp_path) == before
    assert extract_to(articles(5), tmp_path, extractor).reused == 0
    assert hashes(tmp_path) == before


def test_a_damaged_database_is_built_anew(extractor, tmp_path):
    extract_to(articles(5), tmp_path, extractor)
    (tmp_path / ".state" / "state.db").write_bytes(b"not a database" * 500)
    assert extract_to(articles(5), tmp_path, extractor).reused == 0


def test_the_manifest_says_what_was_done(extractor, tmp_path):
    extract_to(articles(4), tmp_path, extractor, Options(inputs=("data/raw",)))
    found = manifest(tmp_path)
    assert found["inputs"] == ["data/raw"]
    assert found["documents"] == {"read": 4, "extracted": 4, "reused": 0, "duplicates": 0}
    assert {"vifacts", "python", "pyarrow", "underthesea", "regex"} <= set(found["versions"])
    assert len(found["rules_sha256"]) == len(found["code_sha256"]) == 64
    assert {"sentences", "dates", "columns", "assembly", "total"} <= set(found["seconds"])
    written = {name: entry["sha256"] for name, entry in found["files"].items()}
    assert written == hashes(tmp_path)
    assert found["rows"]["articles"] == 4


def test_batches_are_bounded_in_number_and_in_length():
    def found(count, size):
        return [(Item(n, b"", "", size), Source(str(n), "x", "here")) for n in range(count)]

    assert [len(batch.items) for batch in batches(found(300, 3000))] == [256, 44]
    assert [len(batch.items) for batch in batches(found(5, 400_000))] == [3, 2]
    assert [len(batch.items) for batch in batches(found(2, 5_000_000))] == [1, 1]


def test_progress_counts_every_document_once(extractor, tmp_path):
    seen = []
    found = [*articles(10), Rejected("a", "empty", "a: empty")]
    extract_to(found, tmp_path, extractor, Options(workers=2, progress=seen.append))
    assert seen == sorted(seen)
    assert seen[-1] == 11


def test_the_earliest_of_articles_that_repeat_each_other_is_named_across_batches(extractor, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline.run.batch, "BATCH_DOCUMENTS", 2)
    text = " ".join(f"Hộ thứ {number} ở ấp Rạch Gốc {number * 7} trồng {number * 13} gốc dừa." for number in range(30))
    again = [Source("late", text, "", published_at=dt.date(2024, 5, 2)), *articles(6)]
    again += [Source("early", f"Tựa khác\n{text}", "", published_at=dt.date(2024, 5, 1))]
    summary = extract_to(again, tmp_path, extractor, Options(workers=2))
    table = pq.read_table(tmp_path / "articles.parquet", columns=["article_id", "duplicate_of"]).to_pylist()
    repeats = {row["article_id"]: row["duplicate_of"] for row in table if row["duplicate_of"]}
    assert repeats["late"] == "early"
    assert "early" not in repeats
    assert summary.duplicates == len(repeats)


def test_csv_is_written_beside_parquet_and_goes_when_it_is_not_asked_for(extractor, tmp_path):
    extract_to(articles(3), tmp_path, extractor, Options(csv=True))
    names = {f"{name}.csv" for name in (*TABLES, "rejects")}
    assert {path.name for path in tmp_path.glob("*.csv")} == names
    assert (tmp_path / "articles.csv").read_text("utf-8-sig").startswith("article_id,source,")
    extract_to(articles(3), tmp_path, extractor)
    assert list(tmp_path.glob("*.csv")) == []
