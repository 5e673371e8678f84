"""The state of a folder: which documents are finished, in which segment, and what the present run has seen.

`OUT/.state/` holds `state.db` (SQLite), `segments/`, `lock`, and while tables are being published `new/` or
`ready/`. A document is found again by a key made of everything its rows depend on: id, text, metadata, the rules
and the code. Nothing is keyed by file name or number. After a run the state keeps what that run used, no more.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.readers import Rejected, Source

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS segments (id INTEGER PRIMARY KEY, file TEXT NOT NULL, sizes TEXT NOT NULL,
    documents INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS documents (key BLOB PRIMARY KEY, segment INTEGER NOT NULL, position INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items (ordinal INTEGER PRIMARY KEY, key BLOB NOT NULL, source TEXT NOT NULL,
    size INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS rejects (ordinal INTEGER PRIMARY KEY, source TEXT, article_id TEXT, reason TEXT,
    detail TEXT);
"""

_VERSION: Final = 4
"""Of the schema and of the segments; a state of another version is thrown away and built anew."""


class StoreError(Exception):
    """Results cannot be written or read back; the message says where and what to do."""


class Item(NamedTuple):
    """A document of the present run: its place in the input, its content key, where it was read, its length."""

    ordinal: int
    key: bytes
    source: str
    size: int


class Place(NamedTuple):
    """Where the rows of a document are: segment file, position in it; and its length in code points and source."""

    file: str
    position: int
    size: int
    source: str


def document_key(source: Source, basis: bytes) -> bytes:
    """Return the content key of a document: equal keys mean equal rows.

    Args:
        source: The document; where it was read from does not count.
        basis: Digest of everything else that rows depend on (rules and code).

    Raises:
        UnicodeEncodeError: If the text has lone surrogates, which no output format can hold.
    """
    digest = hashlib.sha256(basis)  # processors have instructions for it
    metadata = (source.article_id, source.url, source.title, source.author, source.published_at)
    digest.update(repr(metadata).encode("utf-8", "backslashreplace"))
    digest.update(source.text.encode("utf-16-le"))  # a third of the time of UTF-8
    return digest.digest()[:16]


class State:
    """The state under `folder` (made if missing), opened for one run.

    Raises:
        StoreError: If the folder cannot be written.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder = folder
        self.segments = folder / "segments"
        if fresh:
            self.clear()
        self.segments.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._open()
        except sqlite3.DatabaseError:
            self.clear()
            self.segments.mkdir(parents=True, exist_ok=True)
            self._db = self._open()

    def clear(self) -> None:
        """Forget everything finished so far; published tables are not touched."""
        for name in ("state.db", "state.db-wal", "state.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.rmtree(self.segments, ignore_errors=True)

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.folder / "state.db", isolation_level=None)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            db.close()
            raise sqlite3.DatabaseError(f"state of version {version}")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.executescript(_SCHEMA + f"PRAGMA user_version={_VERSION};")
        db.executescript("DELETE FROM items; DELETE FROM rejects;")
        self._has_any = db.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is not None
        return db

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def has(self, key: bytes) -> bool:
        """Tell whether the rows of the document with this key were at hand when the run began, or are by now.

        Where there were none, those that came since are not looked for: a run reads no document twice.
        """
        if not self._has_any:
            return False
        return self._db.execute("SELECT 1 FROM documents WHERE key = ?", (key,)).fetchone() is not None

    def add_items(self, items: Iterable[Item]) -> None:
        """Note documents that belong to the present run and whose rows are at hand."""
        with self._transaction():
            self._db.executemany("INSERT INTO items VALUES (?, ?, ?, ?)", items)

    def add_segment(self, file: str, sizes: dict[str, int], items: Iterable[Item]) -> None:
        """Note a finished segment and its documents, in the order in which the segment holds them."""
        with self._transaction():
            rows = list(items)
            self._insert_segment(file, sizes, [item.key for item in rows])
            self._db.executemany("INSERT INTO items VALUES (?, ?, ?, ?)", rows)

    def _insert_segment(self, file: str, sizes: dict[str, int], keys: list[bytes]) -> None:
        values = (file, json.dumps(sizes), len(keys))
        cursor = self._db.execute("INSERT INTO segments (file, sizes, documents) VALUES (?, ?, ?)", values)
        found = [(key, cursor.lastrowid, position) for position, key in enumerate(keys)]
        self._db.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", found)

    def sparse(self) -> list[tuple[bytes, str, int]]:
        """Return key, segment file and position of the documents in segments that are less than half in use."""
        query = """SELECT key, file, position FROM documents JOIN segments ON segments.id = segment WHERE segment IN
            (SELECT segment FROM documents JOIN segments ON segments.id = segment
             GROUP BY segment HAVING COUNT(*) * 2 < documents) ORDER BY file, position"""
        return self._db.execute(query).fetchall()

    def move(self, keys: list[bytes], file: str, sizes: dict[str, int]) -> None:
        """Note that the documents with these keys are now in another segment, in this order."""
        with self._transaction():
            self._insert_segment(file, sizes, keys)

    def add_reject(self, ordinal: int, reject: Rejected) -> None:
        """Note input that gave no rows, at its place in the input."""
        values = (ordinal, reject.source, reject.article_id, reject.reason, reject.detail)
        self._db.execute("INSERT INTO rejects VALUES (?, ?, ?, ?, ?)", values)

    def places(self) -> Iterator[Place]:
        """Yield where the rows of each document of the present run are, in the order of the input."""
        query = """SELECT file, position, size, source FROM items
            JOIN documents USING (key) JOIN segments ON segments.id = segment ORDER BY ordinal"""
        yield from map(Place._make, self._db.execute(query))

    def rejects(self) -> list[Rejected]:
        """Return what gave no rows in the present run, in the order of the input."""
        query = "SELECT source, reason, detail, article_id FROM rejects ORDER BY ordinal"
        return [Rejected(*row) for row in self._db.execute(query)]

    def table_sizes(self) -> dict[str, int]:
        """Return table name → bytes in the segments, to share out the work of assembling."""
        sizes: dict[str, int] = {}
        for (line,) in self._db.execute("SELECT sizes FROM segments"):
            for name, size in json.loads(line).items():
                sizes[name] = sizes.get(name, 0) + size
        return sizes

    def prune(self) -> None:
        """Forget documents that the present run did not have, and delete segments that no document is left in."""
        with self._transaction():
            self._db.execute("DELETE FROM documents WHERE key NOT IN (SELECT key FROM items)")
            self._db.execute("DELETE FROM segments WHERE id NOT IN (SELECT segment FROM documents)")
        known = {file for (file,) in self._db.execute("SELECT file FROM segments")}
        for path in self.segments.iterdir():
            if path.name not in known:
                path.unlink(missing_ok=True)

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    """`BEGIN … COMMIT`, or `ROLLBACK` where the block fails."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")
