import json
import multiprocessing
import os
import shutil
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import Source
from pipeline.run import Options, extract_to
from pipeline.store import FolderLock, Item, State, StoreError, publish, roll_forward
from pipeline.store.assembly import assemble, write_order
from pipeline.store.segment import Segment, write_segment
from pipeline.store.state import Place, document_key
from pipeline.tables import TABLES
from tests.runs import articles, hashes, manifest

DATES = TABLES["dates"].schema


def dates(*articles):
    """Return a table of dates: for each article and number of rows, that many rows."""
    rows = [{"article_id": name, "start": at, "end": at + 1} for name, count in articles for at in range(count)]
    return pa.Table.from_pylist(rows, schema=DATES)


class TestLock:
    def test_a_second_run_into_the_folder_is_refused_with_the_process_named(self, tmp_path, monkeypatch):
        monkeypatch.setattr("pipeline.store.lock._PATIENCE", 0.1)
        (tmp_path / "out").mkdir()
        with (
            FolderLock(tmp_path / "out" / "lock"),
            pytest.raises(StoreError, match=rf"process {os.getpid()}\) is writing"),
            FolderLock(tmp_path / "out" / "lock"),
        ):
            pass

    def test_it_is_free_again_afterwards(self, tmp_path):
        for _ in range(2):
            with FolderLock(tmp_path / "lock"):
                pass

    def test_the_lock_of_a_dead_process_is_taken_over(self, tmp_path):
        def hold_and_die(ready):
            FolderLock(tmp_path / "lock").__enter__()
            ready.send(True)
            os.kill(os.getpid(), 9)

        here, there = multiprocessing.Pipe()
        child = multiprocessing.get_context("fork").Process(target=hold_and_die, args=(there,))
        child.start()
        assert here.recv()
        child.join()
        assert child.exitcode == -9
        with FolderLock(tmp_path / "lock"):
            assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"

    def test_runs_into_one_folder_do_not_mix(self, extractor, tmp_path, monkeypatch):
        monkeypatch.setattr("pipeline.store.lock._PATIENCE", 0.1)

        def while_another_runs():
            yield from articles(3)
            with pytest.raises(StoreError, match="another run"):
                extract_to(articles(2, first=50), tmp_path, extractor, Options(workers=0))

        extract_to(while_another_runs(), tmp_path, extractor, Options(workers=0))
        assert manifest(tmp_path)["rows"]["articles"] == 3


class TestSegment:
    def test_the_rows_of_any_documents_can_be_cut_out(self, tmp_path):
        counts = pa.table({"dates": pa.array([2, 0, 3], pa.int32())})
        sizes = write_segment(tmp_path / "s.zip", {"dates": dates(("a", 2), ("c", 3))}, counts)
        assert set(sizes) == {"dates"}
        segment = Segment(tmp_path / "s.zip")
        assert segment.rows("dates", 0, 0)["article_id"].to_pylist() == ["a", "a"]
        assert segment.rows("dates", 1, 1) is None
        assert segment.rows("dates", 1, 2).schema.equals(DATES, check_metadata=True)
        assert segment.rows("dates", 0, 2)["article_id"].to_pylist() == ["a", "a", "c", "c", "c"]
        assert segment.rows("money", 0, 2) is None


class TestKey:
    def test_it_covers_all_that_rows_depend_on_and_not_the_place(self):
        source = Source("id", "text", "here.txt:1", "url", "title", "author", None)
        key = document_key(source, b"rules")
        assert document_key(Source("id", "text", "there.txt", "url", "title", "author", None), b"rules") == key
        others = [
            document_key(source, b"other rules"),
            *(
                document_key(Source(*values), b"rules")
                for values in (
                    ("jd", "text", "", "url", "title", "author", None),
                    ("id", "texts", "", "url", "title", "author", None),
                    ("id", "text", "", "urls", "title", "author", None),
                    ("id", "text", "", "url", None, "author", None),
                    ("id", "text", "", "url", "title", "author", "2020-01-01"),
                )
            ),
        ]
        assert len({key, *others}) == 7

    def test_a_lone_surrogate_has_no_key(self):
        with pytest.raises(UnicodeEncodeError):
            document_key(Source("id", "\udfff", ""), b"")


class TestState:
    def test_what_a_run_did_not_have_is_forgotten(self, tmp_path):
        state = State(tmp_path)
        (state.segments / "old.zip").touch()
        (state.segments / "stray.zip").touch()
        (state.segments / "new.zip").touch()
        state.add_segment("old.zip", {}, [Item(0, b"old", "", 1)])
        state.close()
        state = State(tmp_path)
        state.add_segment("new.zip", {"dates": 5}, [Item(0, b"new", "x", 1)])
        state.prune()
        assert not state.has(b"old")
        assert state.has(b"new")
        assert {path.name for path in state.segments.iterdir()} == {"new.zip"}
        assert state.table_sizes() == {"dates": 5}
        state.close()

    def test_places_come_in_the_order_of_the_input(self, tmp_path):
        state = State(tmp_path)
        state.add_segment("b.zip", {}, [Item(2, b"c", "c.txt", 3), Item(0, b"a", "a.txt", 1)])
        state.add_segment("a.zip", {}, [Item(1, b"b", "b.txt", 2)])
        assert list(state.places()) == [
            Place("b.zip", 1, 1, "a.txt"), Place("a.zip", 0, 2, "b.txt"), Place("b.zip", 0, 3, "c.txt"),
        ]  # fmt: skip
        state.close()

    def test_a_state_of_another_version_is_built_anew(self, tmp_path, monkeypatch):
        state = State(tmp_path)
        state.add_segment("a.zip", {}, [Item(0, b"a", "", 1)])
        state.close()
        monkeypatch.setattr("pipeline.store.state._VERSION", 99)
        state = State(tmp_path)
        assert not state.has(b"a")
        state.close()


class TestAssembly:
    @given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.data())
    @settings(deadline=None, max_examples=30)
    def test_the_bytes_do_not_depend_on_how_documents_were_batched(self, tmp_path_factory, counts, data):
        folder = tmp_path_factory.mktemp("assembly")
        written = set()
        for way in range(2):
            places, at = [], 0
            while at < len(counts):
                size = data.draw(st.integers(1, len(counts) - at))
                part = list(enumerate(counts))[at : at + size]
                table = dates(*((f"a{number}", count) for number, count in part))
                numbers = pa.table({"dates": pa.array([count for _, count in part], pa.int32())})
                write_segment(folder / f"{way}-{at}.zip", {"dates": table}, numbers)
                places += [Place(f"{way}-{at}.zip", position, 10, "") for position in range(size)]
                at += size
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("pipeline.store.assembly.BLOCK_DOCUMENTS", 7)
                write_order(places, folder / "order")
            written.add(assemble(folder / "order", folder, ["dates"], folder, {})["dates"].sha256)
        assert len(written) == 1
        assert pq.read_metadata(folder / "dates.parquet").num_rows == sum(counts)

    def test_row_groups_of_all_tables_are_about_the_same_articles(self, extractor, tmp_path, monkeypatch):
        monkeypatch.setattr("pipeline.store.assembly.BLOCK_DOCUMENTS", 8)
        extract_to(articles(20), tmp_path, extractor, Options(workers=0))
        groups = [
            {
                name: set(pq.ParquetFile(tmp_path / f"{name}.parquet").read_row_group(n)["article_id"].to_pylist())
                for name in ("articles", "dates")
            }
            for n in range(3)
        ]
        assert [len(group["articles"]) for group in groups] == [8, 8, 4]
        assert all(group["dates"] <= group["articles"] for group in groups)

    def test_duplicates_are_filled_in(self, extractor, tmp_path):
        state = State(tmp_path / "state")
        extracted = extractor.extract_batch(articles(3))
        write_segment(state.segments / "s.zip", extracted.tables, extracted.counts, extracted.signatures)
        state.add_segment("s.zip", {}, [Item(n, bytes([n]), "", 1) for n in range(3)])
        write_order(state.places(), tmp_path / "order")
        assemble(tmp_path / "order", state.segments, ["articles"], tmp_path, {"a00002": "a00000"})
        state.close()
        assert pq.read_table(tmp_path / "articles.parquet")["duplicate_of"].to_pylist() == [None, None, "a00000"]


class TestPublish:
    def prepared(self, folder, content, names=("articles.parquet", "stages/01_layout.parquet")):
        (folder / "stages").mkdir(parents=True)
        for name in names:
            (folder / name).write_text(content)
        (folder / "run.json").write_text(json.dumps({"files": list(names), "run": content}))

    def contents(self, out):
        files = [path for path in out.rglob("*") if path.is_file() and path.name != "run.json"]
        return {path.read_text() for path in files if ".state" not in path.parts}

    def test_files_take_the_place_of_the_ones_before(self, tmp_path):
        self.prepared(tmp_path, "old", ("articles.parquet", "gone.parquet"))
        (tmp_path / "mine.txt").write_text("new")
        self.prepared(tmp_path / ".state" / "new", "new")
        publish(tmp_path / ".state" / "new", tmp_path)
        assert self.contents(tmp_path) == {"new"}
        assert manifest(tmp_path)["run"] == "new"
        assert not (tmp_path / "gone.parquet").exists()
        assert list((tmp_path / ".state").iterdir()) == []

    @pytest.mark.parametrize("moves", range(6))
    def test_a_publication_cut_short_is_carried_forward(self, tmp_path, monkeypatch, moves):
        self.prepared(tmp_path, "old")
        self.prepared(tmp_path / ".state" / "new", "new")
        path_type = type(tmp_path)
        replace, left = path_type.replace, iter(range(moves))

        def cut_short(path, target):
            if next(left, None) is None:
                raise KeyboardInterrupt
            return replace(path, target)

        with monkeypatch.context() as patch:
            patch.setattr(path_type, "replace", cut_short)
            if moves < 3:
                with pytest.raises(KeyboardInterrupt):
                    publish(tmp_path / ".state" / "new", tmp_path)
                assert not (tmp_path / "run.json").exists()
            else:
                publish(tmp_path / ".state" / "new", tmp_path)
        roll_forward(tmp_path / ".state" / "ready", tmp_path)
        assert self.contents(tmp_path) == {"new"}
        assert manifest(tmp_path)["run"] == "new"

    def test_a_manifest_cannot_have_files_elsewhere_removed(self, tmp_path):
        self.prepared(tmp_path / "out", "old")
        (tmp_path / "precious").touch()
        (tmp_path / "out" / "run.json").write_text(json.dumps({"files": ["../precious", str(tmp_path / "precious")]}))
        self.prepared(tmp_path / "out" / ".state" / "new", "new")
        publish(tmp_path / "out" / ".state" / "new", tmp_path / "out")
        assert (tmp_path / "precious").exists()


class TestUnwritable:
    def test_a_file_where_the_folder_should_be(self, extractor, tmp_path):
        (tmp_path / "out").write_text("mine")
        with pytest.raises(StoreError, match="cannot be written"):
            extract_to(articles(1), tmp_path / "out", extractor)
        assert (tmp_path / "out").read_text() == "mine"

    @pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
    @pytest.mark.parametrize("workers", [0, 1])
    def test_a_disk_that_is_full(self, extractor, tmp_path, monkeypatch, workers):
        extract_to(articles(2), tmp_path, extractor)
        before = hashes(tmp_path)

        def full(*_):
            raise OSError(28, "No space left on device", "segments")

        monkeypatch.setattr("pipeline.run.batch.write_segment", full)
        with pytest.raises(StoreError, match="No space left"):
            extract_to(articles(4), tmp_path, extractor, Options(workers=workers))
        assert hashes(tmp_path) == before

    def test_the_state_may_be_deleted_between_runs(self, extractor, tmp_path):
        extract_to(articles(3), tmp_path, extractor)
        before = hashes(tmp_path)
        shutil.rmtree(tmp_path / ".state")
        assert extract_to(articles(3), tmp_path, extractor).reused == 0
        assert hashes(tmp_path) == before


class TestCompaction:
    def test_what_is_left_of_emptied_segments_moves_together(self, extractor, tmp_path, monkeypatch):
        monkeypatch.setattr("pipeline.run.batch.BATCH_DOCUMENTS", 10)
        found = articles(60)
        extract_to(found, tmp_path / "out", extractor, Options(workers=0))
        kept = found[:50:5] + found[50:]
        extract_to(kept, tmp_path / "out", extractor, Options(workers=0))
        segments = list((tmp_path / "out" / ".state" / "segments").iterdir())
        assert len(segments) == 2
        summary = extract_to(kept[::-1], tmp_path / "out", extractor, Options(workers=0))
        assert summary.reused == len(kept)
        extract_to(kept[::-1], tmp_path / "fresh", extractor, Options(workers=0))
        assert hashes(tmp_path / "out") == hashes(tmp_path / "fresh")
