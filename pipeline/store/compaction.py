"""Keeping the state small: what is left of segments that most documents have gone from moves to new ones.

With it the segments hold at most twice the documents of the last run, however the input changes from run to run.
"""

from __future__ import annotations

import uuid
from typing import Final

import pyarrow as pa

from pipeline.store.segment import Segment, write_segment
from pipeline.store.state import State

_TOGETHER: Final = 128
"""Documents that are moved at a time."""


def compact(state: State) -> bool:
    """Move the documents of sparse segments into full ones; returns whether there were any."""
    sparse = state.sparse()
    for at in range(0, len(sparse), _TOGETHER):
        _move(state, sparse[at : at + _TOGETHER])
    return bool(sparse)


def _move(state: State, documents: list[tuple[bytes, str, int]]) -> None:
    opened: dict[str, Segment] = {}
    tables: dict[str, list[pa.Table]] = {}
    counts, signatures = [], []
    for _, file, position in documents:
        if file not in opened:
            opened[file] = Segment(state.segments / file)
        found, count, signature = opened[file].documents(position, position)
        for name, table in found.items():
            tables.setdefault(name, []).append(table)
        counts.append(count)
        signatures.append(signature)
    for segment in opened.values():
        segment.close()
    file = f"{uuid.uuid4().hex}.zip"
    whole = {name: pa.concat_tables(parts) for name, parts in tables.items()}
    sizes = write_segment(state.segments / file, whole, pa.concat_tables(counts), pa.concat_tables(signatures))
    state.move([key for key, _, _ in documents], file, sizes)
