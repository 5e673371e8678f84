"""Roles: what the words before a unit say it is there for."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, Literal

from pipeline.grammar.lexicon import Hit
from pipeline.stages.localities.page import Page
from pipeline.stages.localities.rules import MARKS

_REACH: Final = 60
_PLACE_WORDS: Final = 6
_AROUND: Final = frozenset(("", " ", "\n", *MARKS))
_PHRASE_ENDS: Final = frozenset(",).;:!?")
_SENTENCE_ENDS: Final = (". ", "; ", ": ", "! ", "? ")


Role = Literal["lives", "acts", ""]
"""What a unit is there for: somebody lives there, its office acts, or anything else (no `Enum`: its names are slow)."""


class Roles:
    """Tells the roles of the units of one page."""

    def __init__(self, page: Page) -> None:
        self.known, self.text, self.folded = page.known, page.text, page.folded
        self.page = page
        behind_comma, folded = self.known.residence_after_comma, self.folded
        self.residences = [
            hit
            for hit in page.hits["place_residence"]
            if (hit[2] not in behind_comma or folded.endswith(", ", 0, hit[0])) and self._tells_residence(hit)
        ]
        """The words that say that somebody lives in the unit behind them."""
        self._starts = [start for start, _, _ in self.residences]

    def of(self, at: int) -> Role:
        """Return the role of the unit named at an offset: the nearest word before it that tells one."""
        low = at - _REACH if at > _REACH else 0
        if self._starts and (lives := self._lives_from(low, at)):
            return "acts" if self._acts(lives, at) else "lives"
        return "acts" if self._acts(low, at) else ""

    def _tells_residence(self, hit: Hit) -> bool:
        """Tell whether a word says that somebody lives there: `trú`, `41 tuổi`, the `ở` of `Ông Tư, ở ấp Bình Hòa`."""
        start, end, word = hit
        folded, known = self.folded, self.known
        if folded[start - 1 : start] not in _AROUND or folded[end : end + 1] not in _AROUND:
            return False
        if word in known.ages:
            return self.page.last_word(start).strip(MARKS).isdigit()
        return True

    def _lives_from(self, low: int, at: int) -> int:
        """Return where the nearest word of its sentence ends that says that somebody lives in a unit; else 0."""
        index = bisect_left(self._starts, at) - 1
        while index >= 0 and self._starts[index] >= low:
            _, end, word = self.residences[index]
            between = self.folded[end:at]
            if "\n" in between or any(mark in between for mark in _SENTENCE_ENDS):
                return 0
            if word not in self.known.residence_after_comma or len(between.split()) < _PLACE_WORDS:
                return end
            index -= 1
        return 0

    def _acts(self, low: int, at: int) -> bool:
        """Tell whether an office stands directly before the unit, or begins in the same phrase."""
        folded, ends_office = self.folded, self.known.ends_office  # small: it stays in the processor's cache
        words = folded[low : at - 1 if at and folded[at - 1] == " " else at].rsplit(" ", 1)
        behind: str | None = None
        while words:  # from the last to the first: most units stand behind one that ends the phrase
            word = words.pop()
            if " " in word:  # the rest, which few ask for
                words = word.split(" ")
                word = words.pop()
            ends = ends_office.get(word)
            if ends is None and not word.isalpha():
                if "\n" in word:  # a line begins: nothing before it counts
                    words.clear()
                    word = word.rpartition("\n")[2]
                if word[-1:] in _PHRASE_ENDS:
                    return False
                word = word.strip(MARKS)
                ends = ends_office.get(word)
            if ends:
                return False
            if ends is not None and self._is_office(word, words, behind):
                return True
            behind = word
        return False

    def _is_office(self, word: str, before: list[str], behind: str | None) -> bool:
        """Tell whether a word ends an office before the unit (`UBND`, `Công an`) or begins one (`Sở Y tế`)."""
        known = self.known
        if word in known.acting_heads and behind is not None:
            return f"{word} {behind}" not in known.not_acting
        if behind and behind not in known.of:
            return False
        if word in known.acting:
            return True
        first = before[-1].rpartition(" ")[2].rpartition("\n")[2] if before else ""
        return f"{first} {word}" in known.acting
