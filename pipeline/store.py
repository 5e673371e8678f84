"""Writing: tables appear whole or not at all."""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import __version__
from pipeline.readers import Rejected
from pipeline.tables import REJECTS, STAGE_TABLES, TABLES


class Run:
    """A run being written: tables go to a temporary folder and are moved into place when all are whole."""

    def __init__(self, out: Path, work: Path) -> None:
        self.out = out
        self._work = work
        self._writers: dict[str, pq.ParquetWriter] = {}
        self.rejects: list[Rejected] = []
        self.rows: Counter[str] = Counter()

    @classmethod
    def open(cls, out: Path) -> Run:
        """Start a run into folder `out`, which is made if missing.

        Raises:
            OSError: If the folder cannot be written.
        """
        out.mkdir(parents=True, exist_ok=True)
        run = cls(out, Path(tempfile.mkdtemp(prefix=".run-", dir=out)))
        (run._work / "stages").mkdir()
        for name, table in (TABLES | STAGE_TABLES).items():
            run._writers[name] = pq.ParquetWriter(run._work / _file(name), table.schema, compression="zstd")
        return run

    def add(self, tables: Mapping[str, pa.Table], rejects: Sequence[Rejected]) -> None:
        """Append the tables of a batch, and what was rejected on the way to it."""
        for name, table in tables.items():
            self.rows[name] += table.num_rows
            if table.num_rows:
                self._writers[name].write_table(table)
        self.rejects += rejects

    def finish(self, extractor: Any) -> None:
        """Write rejects and manifest, close every file, and move all of them into place."""
        for writer in self._writers.values():
            writer.close()
        rejects = pa.Table.from_pylist([asdict(item) for item in self.rejects], schema=REJECTS)
        pq.write_table(rejects, self._work / "rejects.parquet", compression="zstd")
        (self._work / "run.json").write_text(json.dumps(self._manifest(extractor), indent=2, sort_keys=True) + "\n")
        (self.out / "stages").mkdir(exist_ok=True)
        for path in sorted(self._work.rglob("*.*")):
            path.replace(self.out / path.relative_to(self._work))

    def _manifest(self, extractor: Any) -> dict[str, Any]:
        return {
            "version": __version__,
            "python": platform.python_version(),
            "pyarrow": pa.__version__,
            "rows": dict(self.rows),
            "rejects": dict(Counter(item.reason for item in self.rejects)),
            "seconds": {stage: round(value, 3) for stage, value in extractor.seconds.items()},
        }

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._work, ignore_errors=True)


def _file(name: str) -> str:
    return f"stages/{name}.parquet" if name in STAGE_TABLES else f"{name}.parquet"
