"""Batches in processes of this machine, which can be timed out and replaced; or in this process, unprotected."""

from __future__ import annotations

import ctypes
import functools
import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple

from pebble import ProcessPool

from pipeline.columns import leave_pandas_out
from pipeline.extractor import Extractor
from pipeline.run.batch import Batch, Finished, extract_segment, peak_memory
from pipeline.store.state import StoreError

_AHEAD: Final = 2
"""Batches a worker has at hand or before it: it never waits for the reader, and memory stays bounded."""

_MAX_LOSSES: Final = 2
"""Workers that a document may cost: one in company, one alone. Then it is rejected."""

_MAX_RESTARTS: Final = 20

_BATCHES_A_COLLECTION: Final = 64
"""Batches between two collections of cyclic garbage in a worker. The stages leave none, but walking what they keep in
memory would cost as much as writing the results."""

_FORK: Final = sys.platform == "linux"
"""Forked workers share the prepared rules with their parent. Elsewhere each prepares its own."""


class Lost(NamedTuple):
    """Why a document cost its workers: the reason and detail of its reject."""

    reason: str
    detail: str


class Outcome(NamedTuple):
    """A batch and what became of it."""

    batch: Batch
    result: Finished | Lost


class InProcess:
    """Extracts in this process: nothing is timed out, and a document that kills takes the run with it."""

    peak_memory = 0
    """Of other processes there is none."""

    def __init__(self, extractor: Extractor, segments: Path) -> None:
        self._extractor = extractor
        self._segments = segments

    def outcomes(self, found: Iterator[Batch]) -> Iterator[Outcome]:
        """Yield what became of each batch."""
        for batch in found:
            yield Outcome(batch, extract_segment(self._extractor, batch.sources, self._segments))

    def call(self, function: Callable[..., Any], calls: list[tuple[Any, ...]]) -> list[Any]:
        """Return the function's results for each tuple of arguments."""
        return [function(*arguments) for arguments in calls]

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to stop."""


class Workers:
    """Extracts in `workers` processes.

    Args:
        extractor: The prepared stages.
        segments: Folder for finished segments.
        workers: How many processes.
        timeout: Seconds that a batch, or a document alone, may take.
        at_start: Called in each worker before its first batch.
    """

    def __init__(
        self, extractor: Extractor, segments: Path, workers: int, timeout: float, at_start: Callable[[], None]
    ) -> None:
        self._segments = segments
        self._workers = workers
        self._timeout = timeout
        self._restarts = 0
        self.peak_memory = 0
        """Bytes that a process held at most by the end of a `call`."""
        make: Callable[[], Extractor] = functools.partial(Extractor, extractor.book.folder, extractor.book.overlay)
        self._start: tuple[Any, ...] = (make, os.getpid())
        self._thaws = _FORK and not gc.get_freeze_count()
        if _FORK:
            self._start = (lambda: extractor, os.getpid(), at_start)
            if self._thaws:
                gc.collect()
            gc.freeze()  # what is prepared stays: no collection in a worker touches, and so copies, its pages
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        context = multiprocessing.get_context("fork" if _FORK else "spawn")
        return ProcessPool(self._workers, initializer=_initialise, initargs=self._start, context=context)

    def outcomes(self, found: Iterator[Batch]) -> Iterator[Outcome]:
        """Yield what became of each batch, as they finish; a batch that is lost comes back document by document."""
        pending: dict[Future[Finished], Batch] = {}
        again: deque[Batch] = deque()
        while True:
            while len(pending) < self._workers * _AHEAD:
                batch = again.popleft() if again else next(found, None)
                if batch is None:
                    break
                pending[self._schedule(batch)] = batch
            if not pending:
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                batch = pending.pop(future)
                error = future.exception()
                if error is None:
                    yield Outcome(batch, future.result())
                elif isinstance(error, StoreError):
                    raise error
                elif isinstance(error, BrokenProcessPool):  # says nothing about this batch
                    self._restart(error)
                    again.append(batch)
                elif len(batch.items) == 1 and batch.losses + 1 >= _MAX_LOSSES:
                    yield Outcome(batch, self._lost(error))
                else:
                    again += batch.alone()

    def _schedule(self, batch: Batch) -> Future[Finished]:
        arguments = [batch.sources, self._segments]
        try:
            future: Future[Finished] = self._pool.schedule(_work, args=arguments, timeout=self._timeout)
        except RuntimeError as error:
            self._restart(error)
            future = self._pool.schedule(_work, args=arguments, timeout=self._timeout)
        return future

    def _restart(self, error: BaseException) -> None:
        """Make a new pool in the place of a broken one: pebble's does not survive the death of an idle worker."""
        if self._pool.active:
            return
        self._restarts += 1
        if self._restarts > _MAX_RESTARTS:
            raise StoreError(f"worker processes end as soon as they start ({error}); try --workers 1") from error
        self._stop()
        self._pool = self._new_pool()

    def _lost(self, error: BaseException) -> Lost:
        if isinstance(error, TimeoutError):
            return Lost("timeout", f"took more than {self._timeout:g} s, tried twice; left out")
        if isinstance(error, MemoryError):
            return Lost("failed", "needs more memory than there is; left out")
        return Lost("killed_worker", f"ended the worker process that read it, tried twice ({error}); left out")

    def call(self, function: Callable[..., Any], calls: list[tuple[Any, ...]]) -> list[Any]:
        """Return the function's results for each tuple of arguments, worked out in the processes."""
        futures = [self._pool.schedule(_measured, args=(function, *arguments)) for arguments in calls]
        found = [future.result() for future in futures]
        self.peak_memory = max(self.peak_memory, *(peak for _, peak in found))
        return [result for result, _ in found]

    def _stop(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._pool.close()  # type: ignore[no-untyped-call]
            self._pool.join()
        else:
            self._stop()
        if self._thaws:
            gc.unfreeze()


class _Worker:
    """What a worker process has besides its code: the prepared stages."""

    extractor: Extractor
    batches = 0


def _initialise(make: Callable[[], Extractor], parent: int, at_start: Callable[[], None] | None = None) -> None:
    """Prepare a worker process; it ends when `parent` does."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1  # of <linux/prctl.h>
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    if at_start is not None:
        at_start()
    leave_pandas_out()
    gc.disable()
    _Worker.extractor = make()


def _work(sources: list[Any], segments: Path) -> Finished:
    _Worker.batches += 1
    if _Worker.batches % _BATCHES_A_COLLECTION == 0:
        gc.collect()
    return extract_segment(_Worker.extractor, sources, segments)


def _measured(function: Callable[..., Any], *arguments: Any) -> tuple[Any, int]:
    return function(*arguments), peak_memory()
