"""Finding the sentence that a position of the view stands in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

from pipeline.document import Document
from pipeline.tables import SentenceRow

_NEAR: Final = 2
"""Code points between an anchor and what belongs to it: a sentence that opens with one needs the sentence before."""


STARTS_KIND: Final = "sentence.starts"
"""Where `Document.hits` keeps the starts of the sentences once somebody has asked."""


def sentence_starts(document: Document) -> list[int]:
    """Return where the sentences of a document begin."""
    starts: list[int] | None = document.hits.get(STARTS_KIND)
    if starts is None:
        starts = document.hits[STARTS_KIND] = [row.start for row in document.rows["02_sentences"]]
    return starts


class SentenceIndex:
    """The sentences of a document, found by position; furniture has none."""

    def __init__(self, document: Document) -> None:
        self.rows: list[SentenceRow] = document.rows["02_sentences"]
        self.starts = sentence_starts(document)

    def at(self, position: int) -> SentenceRow | None:
        """Return the sentence that a position stands in, None in furniture and between sentences."""
        index = bisect_right(self.starts, position) - 1
        return self.rows[index] if index >= 0 and position < self.rows[index].end else None

    def number(self, position: int) -> int | None:
        """Return the number of the sentence that a position stands in, from 0; None as `at` does."""
        index = bisect_right(self.starts, position) - 1
        return index if index >= 0 and position < self.rows[index].end else None

    def around(self, anchors: Iterable[int]) -> list[tuple[int, int]]:
        """Return the spans, ascending, of the sentences that the positions stand in, and of what they may end."""
        wanted: set[int] = set()
        for anchor in anchors:
            index = bisect_right(self.starts, anchor) - 1
            if index >= 0 and anchor < self.rows[index].end:
                wanted.add(index)
                if index and anchor <= self.starts[index] + _NEAR:
                    wanted.add(index - 1)
        return [(self.rows[index].start, self.rows[index].end) for index in sorted(wanted)]
