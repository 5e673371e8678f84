"""Runs of capitalised syllables: what names are looked for in.

A run is kept where a surname is in it or a form of address asks for a name; it is cut at roles, at acronyms and at
words that are in no name.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple

from pipeline import alphabet
from pipeline.memo import Memo
from pipeline.stages.officials.rules import NameFile, OfficeFile
from pipeline.stages.officials.scene import Scene

UPPER: Final = "".join(
    char
    for char in map(chr, range(0x41, min(0x1F00, sys.maxunicode)))
    if char.isupper() and ord(char) not in range(0x370, 0x1E00)
)
_SPACED: Final = rf"(?:(?<=[HK])(?: ['’] (?=[^\W\d_])|['’] (?=[{UPPER}])))?"
"""The apostrophe of `K ' Brừm`, which papers print with spaces around it."""
_SYLLABLE: Final = rf"[{UPPER}]{_SPACED}[\w'’]*+"
RUN: Final = re.compile(rf"[{UPPER}](?<!\w.){_SPACED}[\w'’]*+(?: {_SYLLABLE})*+")
_SEVERAL: Final = re.compile(rf"[{UPPER}](?<!\w.){_SPACED}[\w'’]*+(?: {_SYLLABLE})++")
"""Both begin with the letters to look for: the engine skips to those, and looks behind only there."""
_CLASSES: Final = alphabet.table(
    lambda char: (
        "?"
        if char in "'’中☆"
        else "A"
        if char in UPPER
        else "a"
        if char.isalnum() or char == "_"
        else " "
        if char == " "
        else "."
    )
)
_SEVERAL_PLAIN: Final = re.compile(rb"A(?<![Aa].)[Aa]*+(?: A[Aa]*+)++")
"""The same for a text made of four of these classes, without apostrophes and what is in no table: four times as
fast."""
_PADDING: Final = b"..."
"""What is added to the classes of a text, so that one may ask what stands behind its last word."""
_MAYBE_UPPER: Final = frozenset(b"A?")
_WORD: Final = re.compile(rf"[^\W\d_]{_SPACED}[\w'’]*+")
_NEXT: Final = re.compile(r" ([^\W\d_]+)")
_SHORTEST: Final = 2
_LONGEST_PLACE: Final = 4
"""Syllables of the names of places that names are told from."""
_BEFORE_LAST: Final = 3
"""Syllables before the last one of a name within which its surname stands."""
_ENDS: Final = frozenset(",;.)\n")


class Run(NamedTuple):
    """Capitalised syllables with single spaces between them; made by `tuple.__new__`, which takes half as long.

    Attributes:
        start, end: Where they stand.
        words, lows: The syllables as written and in lower case.
        openings: Numbers of the syllables from which on the run may be a full name.
        placed: Syllables at the beginning that are the name of a known place.
    """

    start: int
    end: int
    words: list[str]
    lows: list[str]
    openings: list[int]
    placed: int

    def position(self, index: int) -> int:
        """Return where the syllable of a number begins."""
        return self.start + sum(map(len, self.words[:index])) + index

    def end_of(self, index: int) -> int:
        """Return where the syllable of a number ends."""
        behind = self.words[index + 1 :]
        return self.end - sum(map(len, behind)) - len(behind)


_STAYS, _BREAKS, _OUTSIDE, _ACRONYM = range(4)
"""What becomes of a syllable: it stays in the run, begins another one because the case changes, is in no name unless
it ends one there, or is in none at all."""
_NOTHING: Final = [(0, _ACRONYM)]
"""What becomes of a syllable that no run is left of."""


class _Reading(NamedTuple):
    """What can be told of a run by its words alone.

    Attributes:
        words, lows, openings, placed: As those of the run.
        bodies: What begins behind it where the last begins the name of a body that goes on in lower case.
        fates: The numbers of the syllables that do not just stay in the run, each with what becomes of it.
    """

    words: list[str]
    lows: list[str]
    openings: list[int]
    placed: int
    bodies: tuple[str, ...]
    fates: list[tuple[int, int]]


class RunFinder:
    """Finds runs with the lists of `names.yaml` and the bodies of `offices.yaml`."""

    def __init__(self, names: NameFile, offices: OfficeFile, surnames: frozenset[str], places: frozenset[str]) -> None:
        self.places = places
        self.place_starts = frozenset((words[0], words[1]) for place in places if len(words := place.split(" ")) > 1)
        self.prefixes = tuple(names.name_prefixes)
        terms = [term for body in offices.bodies for term in body.terms] + offices.fields
        self.surnames = surnames
        self.not_in_name = frozenset(word.lower() for word in names.not_in_name)
        self.calls = frozenset(names.masculine + names.feminine)
        self.called_by = frozenset(names.honorifics) - self.not_in_name
        self.given = frozenset(word.lower() for word in names.given_names)
        self.predicates = frozenset(names.predicates)
        self.verbs = self.not_in_name.union(term for term in offices.stops if " " not in term)
        self.bigrams = frozenset(pair for term in terms for pair in pairwise(term.lower().split()))
        following: defaultdict[str, list[str]] = defaultdict(list)
        for first, second in sorted(self.bigrams):
            following[first].append(f" {second}")
        self.following = {first: tuple(seconds) for first, seconds in following.items()}
        self._readings = Memo(self._read)
        self._unnamed = Memo(self._read_unnamed)

    def find(self, scene: Scene) -> list[Run]:
        """Return the runs of all lines that are no furniture."""
        text, cuts = scene.text, scene.cuts
        classes = scene.document.view.codes.translate(_CLASSES) + _PADDING
        asked = [end + 1 for end in scene.role_ends.union(scene.address) if classes[end + 1] in _MAYBE_UPPER]
        asked.sort()
        runs: list[Run] = []
        for part in scene.parts():
            for first, last, reading in self._within(scene, classes, *part, asked):
                words, lows, openings, placed, bodies, fates = reading
                run: Run = tuple.__new__(Run, (first, last, words, lows, openings, placed))
                if cuts[bisect_right(cuts, first)] < last:
                    becoming = dict(fates)
                    fates = [(index, becoming.get(index, _STAYS)) for index in range(len(words))]
                if fates:
                    self._cut(runs, scene, run, bodies, fates)
                elif bodies:
                    self._add_without_opener(runs, text, run, bodies)
                else:
                    runs.append(run)
        return runs

    def _within(
        self, scene: Scene, classes: bytes, start: int, end: int, asked: list[int]
    ) -> list[tuple[int, int, _Reading]]:
        """Return the capitalised stretches that names may be in.

        A single syllable is one only in a place of `asked`, where a name may begin.
        """
        text, address, cuts, readings = scene.text, scene.address, scene.cuts, self._readings
        found: list[tuple[int, int, _Reading]] = []
        spans = list(map(re.Match.span, _several(text, classes, start, end)))
        nearest = address[0]
        for first, last in spans:
            written = text[first:last]
            reading = readings[written]
            if reading is None and last <= nearest:
                continue
            if nearest < first - 2:
                nearest = address[bisect_left(address, first - 2)]
            if nearest < last:  # right before it or inside
                found.append((first, last, reading or self._unnamed[written]))
            elif reading is not None and (reading.openings or cuts[bisect_left(cuts, first)] < last):
                found.append((first, last, reading))
        for position in asked[bisect_left(asked, start) : bisect_left(asked, end)]:
            at = bisect_right(spans, (position, end))
            if not at or spans[at - 1][1] <= position or self._calls(scene, position, *spans[at - 1]):
                alone = RUN.match(text, position, end)
                if alone is not None and " " not in alone[0]:
                    reading = self._unnamed[alone[0]]
                    if reading.fates != _NOTHING:
                        found.append((position, alone.end(), reading))
        return found

    def _calls(self, scene: Scene, given: int, start: int, end: int) -> bool:
        """Tell whether a stretch is a form of address and a given name (`Anh Hải nói`): no place, no byline."""
        hit = scene.addressed.get(given)
        if hit is None or hit[0] != start or scene.folded[start : hit[1]] not in self.called_by:
            return False
        following = scene.text[end : end + 2]
        goes_on = following[:1] == "," or following[1:] == "(" or following[1:].islower()
        return goes_on and scene.folded[start:end] not in self.places

    def _read(self, written: str) -> _Reading | None:
        """Return the reading of a stretch with a surname, or with an apostrophe, which Vietnamese names do not have."""
        lows = written.lower().split(" ")
        if "'" in written or "’" in written:
            words = _WORD.findall(written)
            lows = [word.lower() for word in words]
        elif self.surnames.isdisjoint(lows):
            return None
        else:
            words = written.split(" ")
        return self._reading(written, words, lows, self._openings(lows))

    def _read_unnamed(self, written: str) -> _Reading:
        """Return the reading of a stretch in which no name can begin, but for what stands before it."""
        return self._reading(written, written.split(" "), written.lower().split(" "), [])

    def _reading(self, written: str, words: list[str], lows: list[str], openings: list[int]) -> _Reading:
        usual = written.istitle()
        fates = [] if usual and self.not_in_name.isdisjoint(lows) else self._fates(words, lows, usual)
        bodies = self.following.get(lows[-1], ())
        return tuple.__new__(_Reading, (words, lows, openings, self._place_length(lows), bodies, fates))

    def _place_length(self, lows: list[str]) -> int:
        """Return how many syllables at the beginning are a known place's name."""
        if len(lows) < _SHORTEST or (lows[0], lows[1]) not in self.place_starts:
            return 0
        for length in range(min(len(lows), _LONGEST_PLACE), 1, -1):
            if " ".join(lows[:length]) in self.places:
                return length
        return 0

    def _openings(self, lows: list[str]) -> list[int]:
        return [
            index
            for index, low in enumerate(lows[:-1])
            if (low in self.surnames or low.startswith(self.prefixes)) and " ".join(lows[index:]) not in self.places
        ]

    def part(self, run: Run, first: int, last: int) -> Run:
        """Return the run of some of the syllables of another."""
        return self._part(run, first, last, run.position(first), run.end_of(last - 1))

    def _part(self, run: Run, first: int, last: int, start: int, end: int) -> Run:
        """Return the same, given where these syllables stand."""
        _, _, words, lows, openings, _ = run
        inner = lows[first:last]
        if last == len(lows):
            openings = [index - first for index in openings if index >= first]
        else:
            openings = self._openings(inner)
        return tuple.__new__(Run, (start, end, words[first:last], inner, openings, self._place_length(inner)))

    def _fates(self, words: list[str], lows: list[str], usual: bool) -> list[tuple[int, int]]:
        """Return what becomes of syllables; `usual` if all are in title case, and single letters in capitals."""
        upper = [not usual and word.isupper() for word in words]
        fates: list[int] = []
        for at, (word, low) in enumerate(zip(words, lows, strict=True)):
            shouted = upper[at] and (upper[max(0, at - 1) : at] == [True] or upper[at + 1 : at + 2] == [True])
            inner = 0 < at < len(lows) - 1 and fates[-1] != _ACRONYM and low in self.calls  # `LÊ ANH HÒA`
            if (low in self.verbs and not inner) if shouted else (upper[at] and len(word) > 1):
                fates.append(_ACRONYM)
            elif low in self.not_in_name and not shouted:
                fates.append(_OUTSIDE)
            else:
                fates.append(_BREAKS if at and _case_changes(words[at - 1], word) else _STAYS)
        return [(at, fate) for at, fate in enumerate(fates) if fate != _STAYS]

    def _add_without_opener(self, runs: list[Run], text: str, run: Run, bodies: tuple[str, ...]) -> None:
        """Add a run without a last syllable that begins the name of a body (`Trần Công` in `Trần Công an xã`)."""
        following = _NEXT.match(text, run.end) if text.startswith(bodies, run.end) else None
        if following is None or (run.lows[-1], following[1]) not in self.bigrams:
            runs.append(run)
        elif len(run.words) > 1:
            runs.append(self.part(run, 0, len(run.words) - 1))

    def _cut(
        self, runs: list[Run], scene: Scene, run: Run, bodies: tuple[str, ...], fates: list[tuple[int, int]]
    ) -> None:
        """Add the runs between roles, acronyms, changes of case and words that are in no name."""
        start, end, words, lows, _, _ = run
        begin, begun = 0, start
        for index, fate in fates:
            position = run.position(index) if index else start
            behind = position + len(words[index])
            outside = fate == _OUTSIDE and not self._belongs(scene, position, lows[begin : index + 1], index, behind)
            dropped = outside or fate == _ACRONYM
            if begin < index:
                changes = fate == _BREAKS or (fate == _OUTSIDE and _case_changes(words[index - 1], words[index]))
                if dropped or changes or position in scene.role_starts or position - 1 in scene.role_ends:
                    runs.append(self._part(run, begin, index, begun, position - 1))
                    begin, begun = index, position
            if dropped:
                begin, begun = index + 1, behind + 1
        if begin < len(words):
            last = run if not begin else self._part(run, begin, len(words), begun, end)
            self._add_without_opener(runs, scene.text, last, bodies)

    def _belongs(self, scene: Scene, position: int, lows: list[str], index: int, end: int) -> bool:
        """Tell whether a word that opens sentences, the last of `lows`, opens none here.

        It is in a place (`quận Hai Bà Trưng`), begins the name that somebody is called by, or ends one.
        """
        low = lows[-1]
        called = not index and low in self.surnames and position - 1 in scene.address  # `ông Và A Pó`
        return called or scene.locality_end(position) > 0 or self._ends_name(scene.text, lows[:-1], low, end)

    def _ends_name(self, text: str, before: list[str], low: str, end: int) -> bool:
        """Tell whether a word that opens sentences ends a name here (`Lò Văn Nên, …`): no sentence goes on."""
        if self.surnames.isdisjoint(before[-_BEFORE_LAST:]):
            return False
        if text.startswith(f" {low} ", end) or text[end : end + 1] in _ENDS:  # `ông Lò Văn Được được bầu`
            return True
        if low not in self.given or not self._lacks_given_name(before):
            return False
        following = _NEXT.match(text, end)
        return text.startswith((" (", " - ", " – "), end) or (following is not None and following[1] in self.predicates)

    def _lacks_given_name(self, before: list[str]) -> bool:
        """Tell whether the syllables end in a surname with at most one more behind it."""
        return any(
            low in self.surnames and (at == 0 or before[at - 1] not in self.surnames)
            for at, low in list(enumerate(before))[1 - _BEFORE_LAST :]
        )


def _several(text: str, classes: bytes, start: int, end: int) -> Iterator[re.Match[Any]]:
    """Return the matches of two or more capitalised syllables."""
    return _SEVERAL.finditer(text, start, end) if b"?" in classes else _SEVERAL_PLAIN.finditer(classes, start, end)


def _case_changes(first: str, second: str) -> bool:
    """Tell whether one of two syllables is in capitals throughout; single letters fit both."""
    return len(first) > 1 and len(second) > 1 and first.isupper() != second.isupper()
