"""Input files → `Document` or `Rejected`, one at a time."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """A document as read, before it is normalised: cheap to send to a worker."""

    article_id: str
    text: str
    source: str
    url: str | None = None
    title: str | None = None
    author: str | None = None
    published_at: dt.datetime | dt.date | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """Input that gave no document: where it stands, a short reason, and one line that says what to do."""

    source: str
    reason: str
    detail: str
    article_id: str | None = None


def read(inputs: Iterable[Path]) -> Iterator[Source | Rejected]:
    """Yield the documents of files and folders (in order of name); the first of a repeated id wins."""
    seen: set[str] = set()
    for path in inputs:
        for item in _read_path(path):
            if isinstance(item, Source):
                if item.article_id in seen:
                    detail = f"{item.source}: id {item.article_id!r} was read before; give each document its own"
                    yield Rejected(item.source, "repeated_id", detail, item.article_id)
                    continue
                seen.add(item.article_id)
            yield item


def _read_path(path: Path) -> Iterator[Source | Rejected]:
    if path.is_dir():
        for child in sorted(path.iterdir()):
            if child.is_dir() or child.suffix in (".txt", ".jsonl"):
                yield from _read_path(child)
    elif not path.exists():
        yield Rejected(str(path), "missing", f"{path}: no such file; check the name")
    elif path.suffix == ".jsonl":
        yield from _read_jsonl(path)
    else:
        yield _read_text(path)


def _read_text(path: Path) -> Source | Rejected:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Rejected(str(path), "undecodable", f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8")
    return _checked(Source(path.stem, _clean(text), str(path)))


def _read_jsonl(path: Path) -> Iterator[Source | Rejected]:
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _read_record(f"{path}:{number}", line)


def _read_record(where: str, line: str) -> Source | Rejected:
    try:
        record = json.loads(line)
    except ValueError as error:
        return Rejected(where, "broken_json", f"{where}: not JSON ({error}); mend or remove the line")
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        return Rejected(where, "missing_text", f"{where}: no string under 'text'; every line needs one")
    if record.get("id") in (None, ""):
        return Rejected(where, "missing_id", f"{where}: no 'id'; every line needs one")
    return _checked(_from_record(where, record))


def _from_record(where: str, record: dict[str, Any]) -> Source:
    when = record.get("published_at")
    return Source(
        str(record["id"]), _clean(record["text"]), where, record.get("url"), record.get("title"),
        record.get("author"), _moment(when) if isinstance(when, str) else None,
    )  # fmt: skip


def _moment(value: str) -> dt.datetime | dt.date | None:
    try:
        return dt.date.fromisoformat(value) if len(value) == 10 else dt.datetime.fromisoformat(value)
    except ValueError:
        return None


def _clean(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _checked(source: Source) -> Source | Rejected:
    if source.text.strip():
        return source
    return Rejected(source.source, "empty", f"{source.source}: empty; nothing to extract", source.article_id)
