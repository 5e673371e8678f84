"""The page: a document as this stage reads it, with the type words by where they stand."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from pipeline.document import Document
from pipeline.grammar.lexicon import Hit
from pipeline.stages.localities.rules import Knowledge, TypeWord

_LATIN: Final = [chr(code) for code in (*range(0x41, 0x250), *range(0x1E00, 0x1F00)) if chr(code).isalpha()]
LETTER: Final = "".join(_LATIN) + "".join(map(chr, range(0x300, 0x370)))
"""Letters of names, and the marks that the languages of the highlands put on them, for a class of characters."""
CAPITAL: Final = "".join([letter for letter in _LATIN if letter.isupper()])
LONGEST_GAP: Final = 8
"""Characters that the members of a list stand closer than."""

_DOTTED_GAPS: Final = frozenset((".", ". ", ".\n", ".\n\n", ".  "))
_LONGEST_DOTTED: Final = 4
_MODIFIERS_REACH: Final = 32
_PLURAL_REACH: Final = 8
_SHORTEST_ALONE: Final = 3
_LISTED: Final = frozenset((", ", "/t", "/h", "/x"))


class Page:
    """Text, hits and parts of one document.

    Attributes:
        text, folded: The view and the same in lower case.
        hits: Lexicon kind → hits.
        known: The rules.
        type_ends: Type words by where they end; of those that end together, the longest.
        is_whole: Whether no part of it is furniture.
        before_names: Type words that a capitalised word follows, or a word that may stand between them and a name.
        before_numbers: Those that a number may follow.
        alone: Those of some letters that no name follows; of those that overlap the longest.
    """

    def __init__(self, document: Document, known: Knowledge) -> None:
        self.text = document.view.text
        self.folded = folded = document.view.folded
        self.hits: dict[str, list[Hit]] = document.hits
        self.known = known
        layout = document.rows.get("01_layout", [])
        self.is_whole = bool(layout) and "furniture" not in [part.kind for part in layout]
        parts = [] if self.is_whole else [part for part in layout if part.kind != "furniture"]
        self._part_starts = [part.start for part in parts]
        self._part_ends = [part.end for part in parts]
        hits = self.hits["place_type"]
        for compound in known.type_compounds:
            if compound in folded:
                hits = [hit for hit in hits if not folded.endswith(compound, 0, hit.start)]
        self._types = hits
        self._type_starts: set[int] | None = None  # few pages ask for these
        self._commune_starts: set[int] | None = None
        # Hits come longest first: of `thành phố` and `phố`, which end together, the first is kept.
        self.type_ends: dict[int, Hit] = {hit[1]: hit for hit in reversed(hits)}
        self._sort_types()

    def _sort_types(self) -> None:
        """Sort the type words by what stands behind them, once for all who look for names there."""
        self.before_names: list[Hit] = []
        self.before_numbers: list[Hit] = []
        self.alone: list[Hit] = []
        text, folded, modifier_starts, done = self.text, self.folded, self.known.modifier_starts, -1
        for hit in self.hits["place_type"]:
            start, end, word = hit
            letter = text[end + 1 : end + 2]
            named = letter.isupper()
            if named or folded[end + 1 : end + 3] in modifier_starts:
                self.before_names.append(hit)
            elif word.numbered and not letter.isalpha():
                self.before_numbers.append(hit)
            if start >= done and end - start >= _SHORTEST_ALONE and not word.dotted:
                done = end
                if not named and text[end : end + 2] not in _LISTED:
                    self.alone.append(hit)

    @property
    def type_starts(self) -> set[int]:
        """Return where a type word begins."""
        if self._type_starts is None:
            self._type_starts = {start for start, _, _ in self._types}
        return self._type_starts

    @property
    def commune_starts(self) -> set[int]:
        """Return where a commune's type word begins."""
        if self._commune_starts is None:
            self._commune_starts = {start for start, _, word in self._types if word.commune}
        return self._commune_starts

    def inside(self, at: int) -> bool:
        """Tell whether an offset of a letter lies in a part of the article, not in furniture."""
        if self.is_whole:
            return True
        index = bisect_right(self._part_starts, at) - 1
        return index >= 0 and at < self._part_ends[index]

    def word_before(self, start: int) -> str:
        """Return what stands between the last two spaces before a name, as written; nothing where none parts it."""
        text, at = self.text, start - 1
        if at < 1 or text[at] != " ":
            return ""
        word = text[text.rfind(" ", 0, at) + 1 : at]
        return word.rpartition("\n")[2] if "\n" in word else word

    def last_word(self, at: int) -> str:
        """Return the word in lower case before the space before `at`; empty if no space stands there."""
        folded = self.folded
        if folded[at - 1 : at] != " ":
            return ""
        return folded[folded.rfind(" ", 0, at - 1) + 1 : at - 1].rpartition("\n")[2]

    def type_before(self, at: int) -> tuple[int, TypeWord] | None:
        """Return where the type word of a name at `at` begins, and the word."""
        hit = self.type_ends.get(at - 1)
        if hit is not None and self.text[at - 1] == " " and not hit.value.dotted:
            return hit.start, hit.value
        if not self.text[at - 2 : at - 1].isalnum() or self.text[at - 1] == ".":
            found = self._dotted_before(at)
            if found is not None:
                return found
        if self.folded[at - 3 : at] in self.known.modifier_ends and self.last_word(at) in self.known.modifier_words:
            match = self.known.modifiers.search(self.folded, max(0, at - _MODIFIERS_REACH), at)
            hit = self.type_ends.get(match.end(1)) if match else None
            return (hit.start, hit.value) if hit else None
        return None

    def _dotted_before(self, at: int) -> tuple[int, TypeWord] | None:
        """Return the same of a type word with a full stop or colon: `P.5`, `các phường: A, B`."""
        for end in (at - 1, at - 2, at - 3):
            hit = self.type_ends.get(end)
            if hit is None:
                continue
            gap, word = self.text[end:at], hit.value
            listed = gap == ": " and self.is_plural(hit.start)
            if listed or (gap in _DOTTED_GAPS and len(word.word) <= _LONGEST_DOTTED):
                return hit.start, word
        return None

    def is_plural(self, start: int) -> bool:
        """Tell whether what stands before a type word makes a list of it."""
        end = self.folded[max(0, start - 3) : start]
        if end not in self.known.plural_ends and not end[-2:-1].isdigit():
            return False
        return self.known.plurals.search(self.folded, max(0, start - _PLURAL_REACH), start) is not None
