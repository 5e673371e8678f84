"""Finding the sentence that a position of the view stands in."""

from __future__ import annotations

from bisect import bisect_right

from pipeline.document import Document
from pipeline.tables import SentenceRow


class SentenceIndex:
    """The sentences of a document, found by position; furniture has none."""

    def __init__(self, document: Document) -> None:
        self.rows: list[SentenceRow] = document.rows["02_sentences"]
        self._starts = [row.start for row in self.rows]

    def at(self, position: int) -> SentenceRow | None:
        """Return the sentence that a position stands in, None in furniture and between sentences."""
        index = bisect_right(self._starts, position) - 1
        return self.rows[index] if index >= 0 and position < self.rows[index].end else None
