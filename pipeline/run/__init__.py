"""A run: documents in, tables out, nothing lost on the way."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.export import export_csv
from pipeline.extractor import Extractor
from pipeline.readers import Rejected, Source
from pipeline.run.batch import Batch, Finished, batches, peak_memory
from pipeline.run.identity import code_hash, rules_hash, versions
from pipeline.run.local import InProcess, Lost, Outcome, Workers
from pipeline.store import FolderLock, Item, State, StoreError, publish, roll_forward
from pipeline.store.assembly import Written, assemble, describe, file_of, find_duplicates, write_order
from pipeline.store.compaction import compact
from pipeline.store.state import document_key
from pipeline.tables import REJECTS, STAGE_TABLES, TABLES

__all__ = ["Options", "StoreError", "Summary", "extract_to"]

TIMEOUT: Final = 60.0
"""Seconds that a batch, or a document alone, may take: hundreds of times what real articles need."""

_REUSED_AT_ONCE: Final = 512


@dataclass(frozen=True)
class Options:
    """How a run is done. None of it changes a row.

    Attributes:
        workers: Processes that extract; 0 extracts in this one, without protection from a document that kills it.
        timeout: Seconds that a batch, or a document alone, may take.
        fresh: Whether to forget what earlier runs into the folder finished.
        inputs: Names of the input, for the manifest.
        csv: Whether to write the published tables as CSV too.
        progress: Called with the number of documents done (rejected ones too) whenever it has grown.
    """

    workers: int = 1
    timeout: float = TIMEOUT
    fresh: bool = False
    csv: bool = False
    inputs: tuple[str, ...] = ()
    progress: Callable[[int], None] | None = None


@dataclass
class Summary:
    """What a run did.

    Attributes:
        read: Documents read.
        reused: Those of them whose rows were at hand from an earlier run.
        duplicates: Articles that repeat an earlier one.
        rejects: What gave no rows, in the order of the input.
        notes: Metadata that could not be used of documents that were extracted all the same, a line each.
        tables: Table name → the file written; empty where nothing could be read and nothing was published.
        seconds: Stage → CPU seconds, over all processes; `duplicates`, `assembly` and `total` are time on the clock.
        peak_memory: Bytes that one process held at most: `parent` and the largest `worker`.
    """

    read: int = 0
    reused: int = 0
    duplicates: int = 0
    rejects: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tables: dict[str, Written] = field(default_factory=dict)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    peak_memory: dict[str, int] = field(default_factory=lambda: {"parent": 0, "worker": 0})

    @property
    def reasons(self) -> dict[str, int]:
        """Return how many rejects there are for each reason, most frequent first."""
        return dict(Counter(reject.reason for reject in self.rejects).most_common())


def extract_to(
    found: Iterable[Source | Rejected], out: Path, extractor: Extractor, options: Options | None = None
) -> Summary:
    """Extract documents into the tables of folder `out`.

    Tables appear whole or not at all. What is finished when the process dies is kept, and the next run goes on from
    there; documents whose content, rules and code are unchanged are not extracted again.

    Raises:
        StoreError: If the folder cannot be written, is in use by another run, or its state is damaged.
    """
    options = options or Options()
    try:
        (out / ".state").mkdir(parents=True, exist_ok=True)
        with FolderLock(out / ".state" / "lock") as lock:
            roll_forward(out / ".state" / "ready", out)
            state = State(out / ".state", fresh=options.fresh)
            try:
                return _Run(state, out, extractor, options).execute(found, lock)
            finally:
                state.close()
    except OSError as error:
        where = error.filename or out
        raise StoreError(f"{where}: cannot be written: {error.strerror or error}") from error


class _Run:
    """One run, from documents to published tables."""

    def __init__(self, state: State, out: Path, extractor: Extractor, options: Options) -> None:
        self._state = state
        self._out = out
        self._extractor = extractor
        self._options = options
        self._begun = time.perf_counter()
        self._started = dt.datetime.now(dt.UTC)
        self._hashes = {"rules": rules_hash(extractor.book), "code": code_hash()}
        self._basis = "".join(self._hashes.values()).encode()
        self._reused: list[Item] = []
        self._done = 0
        self.summary = Summary()

    def execute(self, found: Iterable[Source | Rejected], lock: FolderLock) -> Summary:
        segments = self._state.segments
        options = self._options
        engine: InProcess | Workers = (
            Workers(self._extractor, segments, options.workers, options.timeout, lock.release_in_child)
            if options.workers
            else InProcess(self._extractor, segments)
        )
        with engine:
            for outcome in engine.outcomes(batches(self._new(found))):
                self._take(outcome)
            self._flush_reused()
            self.summary.rejects = self._state.rejects()
            if self.summary.read:
                self._finish(engine)
        return self.summary

    def _new(self, found: Iterable[Source | Rejected]) -> Iterator[tuple[Item, Source]]:
        """Yield the documents that have to be extracted; note the others, and what is rejected."""
        clock = time.thread_time
        begun = clock()
        for ordinal, source in enumerate(found):
            self.summary.seconds["read"] += clock() - begun
            if isinstance(source, Rejected):
                self._reject(ordinal, source)
            else:
                self.summary.read += 1
                if source.note:
                    self.summary.notes.append(source.note)
                item = self._item(ordinal, source)
                if item is not None:
                    yield item, source
            begun = clock()

    def _item(self, ordinal: int, source: Source) -> Item | None:
        try:
            key = document_key(source, self._basis)
        except UnicodeEncodeError as error:
            detail = f"{source.source}: a lone surrogate at character {error.start}; it stands for no letter, remove it"
            self._reject(ordinal, Rejected(source.source, "undecodable", detail, source.article_id))
            return None
        item = Item(ordinal, key, source.source, len(source.text))
        if not self._state.has(key):
            return item
        self._reused.append(item)
        if len(self._reused) >= _REUSED_AT_ONCE:
            self._flush_reused()
        return None

    def _flush_reused(self) -> None:
        self._state.add_items(self._reused)
        self.summary.reused += len(self._reused)
        self._advance(len(self._reused))
        self._reused = []

    def _reject(self, ordinal: int, reject: Rejected) -> None:
        self._state.add_reject(ordinal, reject)
        self._advance(1)

    def _advance(self, documents: int) -> None:
        self._done += documents
        if self._options.progress is not None:
            self._options.progress(self._done)

    def _take(self, outcome: Outcome) -> None:
        batch, result = outcome
        if isinstance(result, Lost):
            for item, source in zip(batch.items, batch.sources, strict=True):
                detail = f"{item.source}: {result.detail}"
                self._reject(item.ordinal, Rejected(item.source, result.reason, detail, source.article_id))
        else:
            self._take_finished(batch, result)

    def _take_finished(self, batch: Batch, result: Finished) -> None:
        if result.file is not None:
            self._state.add_segment(result.file, result.sizes, [batch.items[at] for at in result.kept])
            self._advance(len(result.kept))
        for at, message in result.failures:
            item = batch.items[at]
            detail = f"{item.source}: {message}"
            self._reject(item.ordinal, Rejected(item.source, "failed", detail, batch.sources[at].article_id))
        for stage, seconds in result.seconds.items():
            self.summary.seconds[stage] += seconds
        memory = self.summary.peak_memory
        memory["worker"] = max(memory["worker"], result.peak_memory)

    def _finish(self, engine: InProcess | Workers) -> None:
        """Assemble the tables beside the published ones, move them into place, forget what is no longer needed."""
        begun = time.perf_counter()
        new = self._state.folder / "new"
        shutil.rmtree(new, ignore_errors=True)
        (new / "stages").mkdir(parents=True)
        self.summary.tables = self._assemble(engine, new)
        if self._options.csv:
            engine.call(export_csv, [([new / file_of(name)], new) for name in (*TABLES, "rejects")])
        now = time.perf_counter()
        self.summary.seconds["assembly"] = now - begun - self.summary.seconds["duplicates"]
        self.summary.seconds["total"] = now - self._begun
        memory = self.summary.peak_memory
        memory["parent"], memory["worker"] = peak_memory(), max(memory["worker"], engine.peak_memory)
        manifest = json.dumps(self._manifest(), indent=2, ensure_ascii=False)
        (new / "run.json").write_text(manifest + "\n", encoding="utf-8")
        publish(new, self._out)
        self._state.prune()
        if compact(self._state):
            self._state.prune()

    def _assemble(self, engine: InProcess | Workers, new: Path) -> dict[str, Written]:
        order = self._state.folder / "order.jsonl"
        write_order(self._state.places(), order)
        shares = _share_out([*TABLES, *STAGE_TABLES], self._state.table_sizes(), max(1, self._options.workers))
        segments = self._state.segments
        try:
            begun = time.perf_counter()
            (duplicates,) = engine.call(find_duplicates, [(order, segments)])
            self.summary.seconds["duplicates"] = time.perf_counter() - begun
            calls = [(order, segments, names, new, duplicates) for names in shares]
            written = {name: item for part in engine.call(assemble, calls) for name, item in part.items()}
        except (zipfile.BadZipFile, pa.ArrowInvalid, FileNotFoundError) as error:
            self._state.close()
            self._state.clear()
            raise StoreError(
                f"{self._out}: what earlier runs left under .state is damaged ({error}); it has been cleared: run again"
            ) from error
        order.unlink()
        self.summary.duplicates = len(duplicates)
        rejects = pa.Table.from_pylist([asdict(reject) for reject in self.summary.rejects], schema=REJECTS)
        pq.write_table(rejects, new / "rejects.parquet", compression="zstd")
        written["rejects"] = describe(new / "rejects.parquet", rejects.num_rows)
        return {name: written[name] for name in [*TABLES, *STAGE_TABLES, "rejects"]}

    def _manifest(self) -> dict[str, Any]:
        summary = self.summary
        return {
            "versions": versions(),
            "rules_sha256": self._hashes["rules"],
            "code_sha256": self._hashes["code"],
            "inputs": list(self._options.inputs),
            "started": self._started.isoformat(timespec="seconds"),
            "workers": self._options.workers,
            "documents": {
                "read": summary.read,
                "extracted": summary.tables["articles"].rows - summary.reused,
                "reused": summary.reused,
                "duplicates": summary.duplicates,
            },
            "rejects": summary.reasons,
            "notes": len(summary.notes),
            "rows": {name: written.rows for name, written in summary.tables.items()},
            "seconds": {stage: round(value, 3) for stage, value in summary.seconds.items()},
            "peak_memory_bytes": summary.peak_memory,
            "files": {
                file_of(name): {"rows": written.rows, "bytes": written.size, "sha256": written.sha256}
                for name, written in summary.tables.items()
            }
            | {f"{name}.csv": {} for name in (*TABLES, "rejects") if self._options.csv},
        }


def _share_out(names: list[str], sizes: dict[str, int], shares: int) -> list[list[str]]:
    """Return the names in at most `shares` groups of about the same total size, largest first."""
    groups: list[tuple[int, list[str]]] = [(0, []) for _ in range(shares)]
    for name in sorted(names, key=lambda name: (-sizes.get(name, 0), name)):
        least = min(range(shares), key=lambda at: groups[at][0])
        size, group = groups[least]
        groups[least] = (size + sizes.get(name, 0) + 1, [*group, name])
    return [group for _, group in groups if group]
