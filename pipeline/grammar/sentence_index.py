"""Finding the sentence that a position of the view stands in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

from pipeline.document import Document
from pipeline.tables import SentenceRow

_NEAR: Final = 2
"""Code points between an anchor and what belongs to it: a sentence that opens with one needs the sentence before."""


class SentenceIndex:
    """The sentences of a document, found by position; furniture has none."""

    def __init__(self, document: Document) -> None:
        self.rows: list[SentenceRow] = document.rows["02_sentences"]
        self._starts = [row.start for row in self.rows]

    def at(self, position: int) -> SentenceRow | None:
        """Return the sentence that a position stands in, None in furniture and between sentences."""
        index = bisect_right(self._starts, position) - 1
        return self.rows[index] if index >= 0 and position < self.rows[index].end else None

    def around(self, anchors: Iterable[int]) -> list[tuple[int, int]]:
        """Return the spans, ascending, of the sentences that the positions stand in, and of what they may end."""
        wanted: set[int] = set()
        for anchor in anchors:
            index = bisect_right(self._starts, anchor) - 1
            if index >= 0 and anchor < self.rows[index].end:
                wanted.add(index)
                if index and anchor <= self._starts[index] + _NEAR:
                    wanted.add(index - 1)
        return [(self.rows[index].start, self.rows[index].end) for index in sorted(wanted)]
