"""Publishing: a finished set of files takes the place of the one before it.

What a reader of the folder can rely on:

* Every file is whole at every moment: files are moved into place, never written there.
* `run.json` is taken away before the first file changes and put back last. While it is there, all tables are of
  the run that it describes (it lists the size and SHA-256 of each).
* A run that is killed between these moves is carried forward by the next one before it does anything else.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Final

MANIFEST: Final = "run.json"


def publish(new: Path, out: Path) -> None:
    """Move the finished files under `new` (a folder inside the state folder of `out`) into `out`."""
    for path in new.rglob("*"):
        if path.is_file():
            _flush(path)
    ready = new.with_name("ready")
    new.rename(ready)  # from here on the new tables are the ones to be had, whatever happens
    _flush(ready.parent)
    roll_forward(ready, out)


def roll_forward(ready: Path, out: Path) -> None:
    """Finish a publication that has begun: move what is left under `ready` into `out`, the manifest last."""
    if not ready.exists():
        return
    if (ready / MANIFEST).exists():
        for name in _files(out / MANIFEST) - _files(ready / MANIFEST):
            (out / name).unlink(missing_ok=True)
        (out / MANIFEST).unlink(missing_ok=True)
        for path in sorted(path for path in ready.rglob("*") if path.is_file() and path.name != MANIFEST):
            target = out / path.relative_to(ready)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        _flush(out)
        (ready / MANIFEST).replace(out / MANIFEST)
    _flush(out)
    shutil.rmtree(ready)


def _files(manifest: Path) -> set[str]:
    """Return the files that a manifest lists, inside its folder."""
    try:
        listed = set(json.loads(manifest.read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {
        name
        for name in listed
        if isinstance(name, str) and not Path(name).is_absolute() and ".." not in Path(name).parts
    }


def _flush(path: Path) -> None:
    """Have the kernel put a file or folder on the disk, so that the order of moves holds after a power cut too."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
