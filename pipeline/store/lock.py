"""One run a folder: an advisory lock that the kernel drops when its process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Final

from pipeline.store.state import StoreError

_PATIENCE: Final = 2.0
"""Seconds to wait for the lock: a worker that was being forked when its run was killed holds it for a moment."""


class FolderLock:
    """Holds `path` locked while the context is open.

    The lock belongs to the open file, not to a process number written down somewhere, so a process that was killed
    leaves nothing to clean up. Forked workers share the open file: they must call `release_in_child`.

    Raises:
        StoreError: If another live process holds it (on entering).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def __enter__(self) -> FolderLock:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _acquired(descriptor):
            holder = os.read(descriptor, 64).decode("ascii", "replace").strip() or "?"
            os.close(descriptor)
            folder = self._path.parent.parent
            raise StoreError(
                f"{folder}: another run (process {holder}) is writing here; wait for it or give another --out"
            )
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return self

    def release_in_child(self) -> None:
        """Close a forked copy of the lock, so that a worker that outlives its parent does not hold the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release_in_child()


def _acquired(descriptor: int) -> bool:
    give_up = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up:
                return False
            time.sleep(0.05)
        else:
            return True
