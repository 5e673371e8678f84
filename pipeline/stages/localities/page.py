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

_STOPS: Final = frozenset(".:")
_DOTTED_GAPS: Final = frozenset((".", ". ", ".\n", ".\n\n", ".  "))
_LONGEST_DOTTED: Final = 4
_MOST_MODIFIERS: Final = 2
_PLURAL_REACH: Final = 8
_LISTED: Final = frozenset((", ", "/t", "/h", "/x"))
_PAD: Final = "\n\n\n\n"


class Page:
    """Text, hits and parts of one document.

    Attributes:
        text, folded, codes: The view, the same in lower case, and with one byte a character.
        padded: The view with some characters behind, so that those behind a hit can be asked for by their places.
        hits: Lexicon kind → hits.
        known: The rules.
        is_whole: Whether no part of it is furniture.
        type_words: Type words by where the name behind each would begin; of those that end together, the longest.
        before_names: Those that are no office, with a capitalised word behind them or one that may stand between.
        before_numbers: Those that a number may follow.
        alone: Those of some letters that no name follows; of those that overlap the longest.
    """

    def __init__(self, document: Document, known: Knowledge) -> None:
        self.text = document.view.text
        self.folded = document.view.folded
        self.codes = document.view.codes
        self.padded = self.text + _PAD
        self.hits: dict[str, list[Hit]] = document.hits
        self.known = known
        layout = document.rows.get("01_layout", [])
        self.is_whole = bool(layout) and "furniture" not in [part.kind for part in layout]
        if not self.is_whole:
            parts = [part for part in layout if part.kind != "furniture"]
            self._part_starts = [part.start for part in parts]
            self._part_ends = [part.end for part in parts]
        self._types = self.hits["place_type"]
        if others := {end for _, end, _ in self.hits["place_no_type"]}:  # `hợp tác xã`
            self._types = [hit for hit in self._types if hit[1] not in others]
        self._type_starts: set[int] | None = None  # few pages ask for these
        self._commune_starts: set[int] | None = None
        self._sort_types()

    def _sort_types(self) -> None:
        """Sort the type words by what stands behind them, once for all who look for names there."""
        self.before_names: list[Hit] = []
        self.before_numbers: list[Hit] = []
        self.alone: list[Hit] = []
        direct: dict[int, Hit] = {}
        others: dict[int, Hit] = {}
        padded, folded, modifier_starts, done = self.padded, self.folded, self.known.modifier_starts, -1
        for hit in self._types:  # of `thành phố` and `phố`, which end together, the longer comes first
            start, end, word = hit
            at, mark = end + 1, padded[end]
            letter = padded[at]
            named = letter.isupper()
            if mark == " ":
                modified = not named and folded[at : at + 2] in modifier_starts
                if at not in direct and not word.dotted:
                    direct[at] = hit
                    if (named or modified) and not word.office:
                        self.before_names.append(hit)
                if modified:
                    self._note_modified(hit, others)
            elif mark in _STOPS:
                self._note_stopped(hit, others)
            if not named and word.numbered and not letter.isalpha():
                self.before_numbers.append(hit)
            if start >= done and word.lone:
                done = end
                if not named and padded[end : end + 2] not in _LISTED:
                    self.alone.append(hit)
        self.type_words: dict[int, Hit] = others | direct if others else direct

    def _note_stopped(self, hit: Hit, found: dict[int, Hit]) -> None:
        """Note a type word with a full stop or colon before its name: `P.5`, `các phường: A, B`."""
        start, end, word = hit
        if self.text.startswith(": ", end):
            if self.is_plural(start):
                found.setdefault(end + 2, hit)
        elif len(word.word) <= _LONGEST_DOTTED:
            behind = self.padded[end + 1 : end + 4].lstrip()
            at = end + 4 - len(behind)
            if self.padded[end:at] in _DOTTED_GAPS:
                found.setdefault(at, hit)

    def _note_modified(self, hit: Hit, found: dict[int, Hit]) -> None:
        """Note a type word with other words before its name: `xã miền núi Trà Sơn`."""
        _, end, word = hit
        if not word.office and len(word.word) > 1:
            for at in self.behind_modifiers(end + 1):
                found.setdefault(at, hit)

    def behind_modifiers(self, at: int) -> list[int]:
        """Return what follows the first and the second of the words that may stand before a name, as far as they do."""
        found: list[int] = []
        while len(found) < _MOST_MODIFIERS and (match := self.known.modifier.match(self.folded, at)) is not None:
            at = match.end()
            found.append(at)
        return found

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

    def type_ending(self, at: int) -> TypeWord | None:
        """Return the longest type word that ends at an offset, if one does."""
        return next((word for _, end, word in self._types if end == at), None)

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

    def is_plural(self, start: int) -> bool:
        """Tell whether what stands before a type word makes a list of it."""
        end = self.folded[max(0, start - 3) : start]
        if end not in self.known.plural_ends and not end[-2:-1].isdigit():
            return False
        return self.known.plurals.search(self.folded, max(0, start - _PLURAL_REACH), start) is not None
