"""Names of inputs → files to read: folders are walked, patterns expanded."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pipeline.readers.items import Refusal, Rejected, clean

Kind = Literal["text", "page", "jsonl", "parquet", "stdin"]

KINDS: Final[dict[str, Kind]] = {
    ".txt": "text",
    ".text": "text",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
_PACKED: Final = (".gz", ".zst")


class Input(NamedTuple):
    """A file to read, how, and the id of the document in it where it holds one."""

    path: Path
    kind: Kind
    article_id: str


def expand(inputs: Iterable[Path | str]) -> Iterator[Input | Rejected]:
    """Yield the files of the inputs in the order given; those of a folder or a pattern in order of name."""
    for given in inputs:
        path = Path(given)
        if str(path) == "-":
            yield Input(path, "stdin", "stdin")
        elif path.is_dir():
            yield from _walk(path)
        elif path.exists() or path.is_symlink():
            yield _file(path, path.parent)
        else:
            yield from _pattern(path)


def _pattern(path: Path) -> Iterator[Input | Rejected]:
    matches = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(str(path)) else []  # noqa: PTH207 - absolute patterns too
    if not matches:
        yield Refusal("missing", "no such file; check the name").at(path)
    yield from expand(matches)


def _walk(folder: Path) -> Iterator[Input | Rejected]:
    """Yield the files under a folder; names that start with a dot are passed over, links to folders not followed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Refusal("unreadable", f"cannot be listed ({error.strerror}); check its rights").at(folder)
        return
    yield from _entries(folder, folder, entries)


def _entries(root: Path, folder: Path, entries: list[os.DirEntry[str]]) -> Iterator[Input | Rejected]:
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            try:
                inner = sorted(os.scandir(path), key=lambda child: child.name)
            except OSError as error:
                yield Refusal("unreadable", f"cannot be listed ({error.strerror}); check its rights").at(path)
                continue
            yield from _entries(root, path, inner)
        else:
            yield _file(path, root)


def _file(path: Path, root: Path) -> Input | Rejected:
    plain = path.with_suffix("") if path.suffix.lower() in _PACKED else path
    kind = KINDS.get(plain.suffix.lower())
    if kind is None or (kind == "parquet" and plain is not path):
        known = ", ".join(KINDS)
        return Refusal(
            "unsupported", f"ending {path.suffix!r} is not known; give {known}, or those with .gz or .zst"
        ).at(path)
    if not path.exists():
        return Refusal("missing", "a link to nothing; check where it points").at(path)
    if not path.is_file():
        return Refusal("unsupported", "not a regular file; use - to read from a pipe").at(path)
    return Input(path, kind, clean(plain.relative_to(root).with_suffix("").as_posix()))
