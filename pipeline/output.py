"""Reading a finished run: its tables, whole or for one article, and its manifest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.tables import REJECTS, STAGE_TABLES, TABLES


class OutputError(ValueError):
    """A folder that holds no run, or a run without what was asked of it; says what to do."""


class Output:
    """The run under one folder.

    Raises:
        OutputError: If the folder holds no tables.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if self._path("articles") is None:
            raise OutputError(f"{folder}: no articles.parquet here; run `vifacts extract INPUTS --out {folder}` first")

    def _path(self, name: str) -> Path | None:
        base = self.folder / "stages" if name in STAGE_TABLES else self.folder
        return next((path for path in (base / f"{name}.parquet", base / name) if path.exists()), None)

    def table(self, name: str, article_ids: list[str] | None = None, columns: list[str] | None = None) -> pa.Table:
        """Return a published or stage table, or `rejects`: all of it, or the rows of some articles.

        A table that the run does not have is empty, so that runs of several versions can be looked at.
        """
        files = self._files(name)
        if not files:
            schema = REJECTS if name == "rejects" else (TABLES | STAGE_TABLES)[name].schema
            return schema.empty_table().select(columns or schema.names)
        return pa.concat_tables([_read(file, article_ids, columns) for file in files])

    def rows(self, name: str, columns: list[str]) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table as mappings, in bounded memory."""
        for file in self._files(name):
            with pq.ParquetFile(file) as opened:
                for batch in opened.iter_batches(columns=columns):
                    yield from batch.to_pylist()

    def count(self, name: str) -> int:
        """Return how many rows a table has, without reading them."""
        return sum(pq.read_metadata(file).num_rows for file in self._files(name))

    def _files(self, name: str) -> list[Path]:
        path = self._path(name)
        if path is None:
            return []
        return sorted(path.glob("*.parquet")) if path.is_dir() else [path]

    def article_ids(self) -> list[str]:
        """Return the ids of all articles, in the order of the run."""
        ids: list[str] = self.table("articles", columns=["article_id"])["article_id"].to_pylist()
        return ids

    def manifest(self) -> dict[str, Any]:
        """Return `run.json`, empty where the run left none."""
        path = self.folder / "run.json"
        if not path.exists():
            return {}
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found


def _read(path: Path, article_ids: list[str] | None, columns: list[str] | None) -> pa.Table:
    """Return one file's rows, a row group at a time so that unwanted rows never pile up.

    `pyarrow.dataset` would do it too, but imports pandas, which takes longer than reading most runs.
    """
    with pq.ParquetFile(path) as file:
        if article_ids is None:
            table: pa.Table = file.read(columns)
            return table
        wanted = pa.array(article_ids, pa.string())
        names = None if columns is None else list(dict.fromkeys(["article_id", *columns]))
        groups = (file.read_row_group(number, names) for number in range(file.num_row_groups))
        kept = [group.filter(pc.is_in(group["article_id"], wanted)) for group in groups]
        empty = file.schema_arrow.empty_table().select(names or file.schema_arrow.names)
        table = pa.concat_tables([empty, *kept])
        return table if columns is None else table.select(columns)
