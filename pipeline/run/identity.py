"""What a run's rows depend on besides the documents: the rules, the code, the libraries."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from pipeline import __version__
from pipeline.grammar.rules import RuleBook

_NOT_EXTRACTION: Final = ("__main__.py", "api.py", "cli.py", "commands", "readers", "report", "rules", "run", "store")
"""Files and folders of the package that no row depends on. What is not named here counts: a new module can at worst
cause work that was not needed."""

LIBRARIES: Final = (
    "ahocorasick_rs", "lunar-vn", "pyarrow", "pydantic", "PyYAML", "regex", "rensa", "underthesea", "pebble",
    "trafilatura", "htmldate", "charset-normalizer",
)  # fmt: skip


def rules_hash(book: RuleBook) -> str:
    """Return a SHA-256 over the rule files that the book reads: names and contents, the overlay's too."""
    folders = [book.folder] if book.overlay is None else [book.folder, book.overlay]
    files = [path for folder in folders for path in _files(folder) if path.suffix != ".py"]
    return _digest(folders, files)


def code_hash() -> str:
    """Return a SHA-256 over the modules that rows depend on, the libraries' versions and Python's."""
    package = Path(__file__).resolve().parents[1]
    files = [
        path
        for path in _files(package)
        if path.suffix == ".py" and path.relative_to(package).parts[0] not in _NOT_EXTRACTION
    ]
    known = "\n".join(f"{name} {number}" for name, number in versions().items())
    return hashlib.sha256(f"{_digest([package], files)}\n{known}".encode()).hexdigest()


@cache
def versions() -> dict[str, str]:
    """Return the versions of vifacts, Python and every library that reads, extracts or writes."""
    found = {"vifacts": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _digest(folders: list[Path], files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        inside = next(path.relative_to(folder) for folder in reversed(folders) if path.is_relative_to(folder))
        content = path.read_bytes()
        digest.update(f"{inside.as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
