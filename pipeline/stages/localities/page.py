"""The page: a document as this stage reads it, with the type words by where they stand."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from pipeline.document import Document
from pipeline.grammar.lexicon import Hit
from pipeline.stages.localities.rules import Knowledge, TypeWord

LONGEST_GAP: Final = 8
"""Characters that the members of a list stand closer than."""

_DOTTED_GAPS: Final = frozenset((".", ". ", ".\n", ".\n\n", ".  "))
_LONGEST_DOTTED: Final = 4
_MODIFIERS_REACH: Final = 32
_PLURAL_REACH: Final = 8


class Page:
    """Text, hits and parts of one document.

    Attributes:
        text, folded: The view and the same in lower case.
        hits: Lexicon kind → hits.
        known: The rules.
        type_ends: Type words by where they end; of those that end together, the longest.
        type_starts: Where a type word begins.
        commune_starts: Those of communes.
        residences: Where words begin that may say that somebody lives in the unit behind them.
    """

    __slots__ = (
        "_is_whole",
        "_part_ends",
        "_part_starts",
        "commune_starts",
        "folded",
        "hits",
        "known",
        "residences",
        "text",
        "type_ends",
        "type_starts",
    )

    def __init__(self, document: Document, known: Knowledge) -> None:
        self.text = document.view.text
        self.folded = folded = document.view.folded
        self.hits: dict[str, list[Hit]] = document.hits
        self.known = known
        layout = document.rows.get("01_layout", [])
        parts = [(part.start, part.end) for part in layout if part.kind != "furniture"]
        self._is_whole = 0 < len(parts) == len(layout)
        self._part_starts = [start for start, _ in parts]
        self._part_ends = [end for _, end in parts]
        self.residences = [hit.start for hit in self.hits["place_residence"]]
        hits = self.hits["place_type"]
        if any(word in folded for word in known.type_compounds):
            hits = [hit for hit in hits if not folded.endswith(known.type_compounds, 0, hit.start)]
        self.type_starts = {start for start, _, _ in hits}
        self.commune_starts = {start for start, _, word in hits if word.commune}
        # Hits come longest first: of `thành phố` and `phố`, which end together, the first is kept.
        self.type_ends: dict[int, Hit] = {hit[1]: hit for hit in reversed(hits)}

    def inside(self, at: int) -> bool:
        """Tell whether an offset of a letter lies in a part of the article, not in furniture."""
        if self._is_whole:
            return True
        index = bisect_right(self._part_starts, at) - 1
        return index >= 0 and at < self._part_ends[index]

    def last_word(self, at: int) -> str:
        """Return the word in lower case before the space before `at`; empty if no space stands there."""
        folded = self.folded
        if folded[at - 1 : at] != " ":
            return ""
        return folded[folded.rfind(" ", 0, at - 1) + 1 : at - 1].rpartition("\n")[2]

    def type_before(self, at: int) -> tuple[int, TypeWord] | None:
        """Return where the type word of a name at `at` begins, and the word."""
        for end in (at - 1, at - 2, at - 3):
            hit = self.type_ends.get(end)
            if hit is None:
                continue
            gap, word = self.text[end:at], hit.value
            listed = gap == ": " and self.is_plural(hit.start)  # `các phường: A, B`
            dotted = gap in _DOTTED_GAPS and len(word.word) <= _LONGEST_DOTTED
            if (gap == " " and not word.dotted) or listed or dotted:
                return hit.start, word
        if self.folded[at - 3 : at] in self.known.modifier_ends and self.last_word(at) in self.known.modifier_words:
            match = self.known.modifiers.search(self.folded, max(0, at - _MODIFIERS_REACH), at)
            hit = self.type_ends.get(match.end(1)) if match else None
            return (hit.start, hit.value) if hit else None
        return None

    def is_plural(self, start: int) -> bool:
        """Tell whether what stands before a type word makes a list of it."""
        end = self.folded[max(0, start - 3) : start]
        if end not in self.known.plural_ends and not end[-2:-1].isdigit():
            return False
        return self.known.plurals.search(self.folded, max(0, start - _PLURAL_REACH), start) is not None
