"""Where persons' names begin and end.

A name is a run of capitalised syllables that a surname opens or that a form of address precedes. Runs may begin
with the end of a body's name or of a place (`Sở Công Thương Trần …`, `tỉnh Quảng Nam Lê …`): the split is chosen by
surname, length, known places and the names that stand alone elsewhere in the article.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from typing import Final, NamedTuple

UPPER: Final = "".join(
    char
    for char in map(chr, range(0x41, min(0x1F00, sys.maxunicode)))
    if char.isupper() and ord(char) not in range(0x370, 0x1E00)
)
_SYLLABLE: Final = rf"[{UPPER}][\w'’]*"
RUN: Final = re.compile(rf"(?<!\w){_SYLLABLE}(?: {_SYLLABLE})*")
_NEXT: Final = re.compile(r" ([^\W\d_]+)")
LONGEST: Final = 5
"""Syllables of the longest names (`Nguyễn Phước Tôn Nữ Thị`, rare): longer runs hold something else too."""


class Name(NamedTuple):
    """A name in the view; `full` is false for a single syllable after a form of address."""

    start: int
    end: int
    full: bool


class Syllable(NamedTuple):
    """One capitalised word of a run."""

    start: int
    end: int
    text: str


class NameFinder:
    """Finds names with the surnames, places and stop words of `names.yaml`."""

    def __init__(
        self, common: Iterable[str], other: Iterable[str], places: Iterable[str], not_in_name: Iterable[str]
    ) -> None:
        self.common = {word.lower() for word in common}
        self.surnames = self.common | {word.lower() for word in other}
        self.places = {place.lower() for place in places}
        self.not_in_name = {word.lower() for word in not_in_name}
        self.verbs = self.not_in_name
        """Words that end a name in a headline in capitals."""
        self.bigrams: frozenset[tuple[str, str]] = frozenset()

    def runs(
        self, text: str, start: int, end: int, cuts: set[int], addressed: Container[int]
    ) -> Iterator[list[Syllable]]:
        """Yield the runs of capitalised syllables of a stretch, cut at `cuts` and at words that are in no name.

        A single syllable is a run only where something before it, whose end is in `addressed`, asks for a name.
        """
        for match in RUN.finditer(text, start, end):
            if " " not in match[0] and match.start() - 1 not in addressed:
                continue
            run: list[Syllable] = []
            shouted = _all_upper(match.group())
            for syllable in _syllables(match.group(), match.start()):
                acronym = len(syllable.text) > 1 and syllable.text.isupper() and not shouted
                outside = acronym or syllable.text.lower() in (self.verbs if shouted else self.not_in_name)
                if run and (outside or syllable.start in cuts):
                    yield run
                    run = []
                if not outside:
                    run.append(syllable)
            if run and self._opens_body(text, run[-1]):
                run.pop()
            if run:
                yield run

    def _opens_body(self, text: str, syllable: Syllable) -> bool:
        following = _NEXT.match(text, syllable.end)
        return following is not None and (syllable.text.lower(), following[1]) in self.bigrams

    def addressed(self, run: list[Syllable]) -> Name | None:
        """Return the name of a run that a form of address precedes: all of it, within reason."""
        length = min(len(run), LONGEST)
        if length == LONGEST:
            length = 4 if run[1].text.lower() != "thị" else LONGEST
        if run[0].text.lower() in self.not_in_name:
            return None
        return Name(run[0].start, run[length - 1].end, length > 1)

    def split(self, run: list[Syllable], known: Counter[str], *, marked: int, follows_type: bool) -> Name | None:
        """Return the name that a run ends in, if any.

        Args:
            run: Capitalised syllables.
            known: Names (lower case) that stand alone in the article.
            marked: Syllables at the beginning that are a place, as far as is known.
            follows_type: Whether a type word (`tỉnh`, `xã`) stands before the run.
        """
        if marked == len(run):
            return None
        best: tuple[float, int] | None = None
        for index in range(marked if follows_type else 0, len(run) - 1):
            score = self._score(run, index, known, marked)
            if score is not None and (best is None or score > best[0]):
                best = (score, index)
        if best is None or (marked > 1 and best[1] < marked):
            return None
        index = best[1]
        last = min(len(run), index + LONGEST)
        if last - index == LONGEST and run[index + 1].text.lower() != "thị":
            last -= 1
        return Name(run[index].start, run[last - 1].end, True)

    def behind(self, text: str, position: int) -> Name | None:
        """Return the capitalised run of two to four words at a position, whatever its words."""
        match = RUN.match(text, position)
        words = match[0].split(" ") if match else []
        if match is None or not 1 < len(words) < LONGEST or any(w.lower() in self.not_in_name for w in words):
            return None
        return Name(match.start(), match.end(), True)

    def place_length(self, run: list[Syllable]) -> int:
        """Return how many syllables at the beginning of a run are a known place's name."""
        for length in range(min(len(run), 4), 1, -1):
            if " ".join(s.text for s in run[:length]).lower() in self.places:
                return length
        return 0

    def _score(self, run: list[Syllable], index: int, known: Counter[str], marked: int) -> float | None:
        surname = run[index].text.lower()
        if surname not in self.surnames:
            return None
        rest = len(run) - index
        whole = " ".join(s.text for s in run[index:]).lower()
        if whole in self.places:
            return None
        score = {2: 2.0, 3: 4.0, 4: 3.0}.get(rest, 0.5)
        score += 2 if surname in self.common else 0
        score += 6 if known[whole] else 0
        if index == 0:
            return score + 2
        if marked == index:
            return score + 5
        return score - 3 if index == 1 else score


def _syllables(run: str, offset: int) -> Iterator[Syllable]:
    at = 0
    for word in run.split(" "):
        yield Syllable(offset + at, offset + at + len(word), word)
        at += len(word) + 1


def _all_upper(text: str) -> bool:
    return " " in text and text.isupper()


def trim_to_known(name: Name, text: str, known: Counter[str]) -> Name:
    """Return `name` without a last syllable that opens the next sentence, where the shorter name stands alone."""
    words = text[name.start : name.end].split(" ")
    for length in range(len(words) - 1, 1, -1):
        shorter = " ".join(words[:length])
        if known[shorter.lower()] > known[" ".join(words).lower()]:
            return Name(name.start, name.start + len(shorter), name.full)
    return name
