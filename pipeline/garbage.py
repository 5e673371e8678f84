"""When Python may look for cyclic garbage: not while a batch is worked on, and never in what is prepared once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collections() -> Iterator[None]:
    """Put off the collection of cyclic garbage: in a batch it would walk all rows over and over, and free few."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def lasting() -> Iterator[None]:
    """Make what stays until the process ends: no collection walks it, neither now nor later."""
    with without_collections():
        yield
        gc.freeze()
