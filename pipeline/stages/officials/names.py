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
from itertools import pairwise, repeat
from typing import Final, NamedTuple

from pipeline.stages.officials.rules import NameFile, OfficeFile
from pipeline.stages.officials.scene import Scene

UPPER: Final = "".join(
    char
    for char in map(chr, range(0x41, min(0x1F00, sys.maxunicode)))
    if char.isupper() and ord(char) not in range(0x370, 0x1E00)
)
_SYLLABLE: Final = rf"[{UPPER}][\w'’]*"
RUN: Final = re.compile(rf"(?<!\w){_SYLLABLE}(?: {_SYLLABLE})*")
_PLACE_FIRST: Final = -2.5
_PLACE_BEFORE: Final = 3.0
"""Behind a type word a run rather begins with a place: set so that `thôn Hạ Trần Văn An` and `xã Lê Văn An` split
as a reader splits them."""
_KNOWN: Final = 6.0
"""For a name that stands alone elsewhere in the article: it outweighs length and surname."""
_NEXT: Final = re.compile(r" ([^\W\d_]+)")
_I_OR_Y: Final = str.maketrans("yýỳỷỹỵ", "iíìỉĩị")
_SHORTEST: Final = 2
"""Syllables of the shortest full names."""
_BEFORE_LAST: Final = 3
"""Syllables before the last one of a name within which its surname stands."""
_ENDS: Final = frozenset(",;.)\n")
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


Run = list[Syllable]
"""Capitalised syllables with single spaces between them."""


class NameFinder:
    """Finds names with the lists of `names.yaml`.

    Args:
        names: The lists.
        offices: Titles: words that are no names, and whose beginnings end one.
        places: Names of places in lower case.
    """

    def __init__(self, names: NameFile, offices: OfficeFile, places: frozenset[str]) -> None:
        bodies = [term.lower() for body in offices.bodies for term in body.terms if " " in term]
        fields = [term.lower() for term in offices.fields if " " in term]
        self.common = frozenset(word.lower() for word in names.surnames.common)
        self.surnames = self.common.union(word.lower() for word in names.surnames.other)
        self.prefixes = tuple(names.name_prefixes)
        self.middles = frozenset(word.lower() for word in names.feminine_middle)
        self.places = places
        self.place_starts = frozenset((words[0], words[1]) for place in places if len(words := place.split(" ")) > 1)
        self.historical = frozenset(name.lower() for name in names.historical)
        self.not_in_name = frozenset(word.lower() for word in names.not_in_name)
        self.verbs = self.not_in_name.union(term for term in offices.stops if " " not in term)
        self.types = frozenset(term for terms in offices.locality_types.values() for term in terms)
        self.named_after = tuple(f" {word} " for word in names.named_after)
        self.bigrams = frozenset(pair for term in bodies + fields for pair in pairwise(term.split()))
        self.body_ends = tuple(f" {term}" for term in bodies if term.rsplit(" ", 1)[-1] in self.surnames)
        self.title_words = (*offices.role_modifiers, *bodies, *fields)
        self.syllable = re.compile(names.syllable)
        self.familiar = frozenset(names.masculine + names.feminine + names.comrades)

    def find(self, scene: Scene) -> list[Name]:
        """Return all names of a document in reading order, each as long as its other names support."""
        before = scene.address.keys() | {hit.end for hit in scene.roles}
        runs = [run for start, end in scene.parts for run in self.runs(scene, start, end, before)]
        direct = [scene.addressed(run[0].start) is not None for run in runs]
        known = self._known(scene, runs, direct)
        pairs = zip(runs, direct, strict=True)
        found = [name for run, is_direct in pairs if (name := self._name(scene, run, is_direct, known)) is not None]
        addressed = {_written(scene, run) for run, is_direct in zip(runs, direct, strict=True) if is_direct}
        names = [trim_to_known(name, scene.text, known) for name in found]
        names = [name for name in names if not self._names_a_thing(scene, name, addressed)]
        return sorted(names + self._given_names(scene, names, runs))

    def _known(self, scene: Scene, runs: list[Run], direct: list[bool]) -> Counter[str]:
        """Count the runs that are surely names by themselves, addressed ones twice."""
        known: Counter[str] = Counter()
        for run, is_direct in zip(runs, direct, strict=True):
            if (is_direct or run[0].text.lower() in self.surnames) and 1 < len(run) < LONGEST:
                known[_written(scene, run)] += 1 + is_direct
        return known

    def _name(self, scene: Scene, run: Run, direct: bool, known: Counter[str]) -> Name | None:
        start = run[0].start
        if start in scene.blocks or start in scene.role_starts or (len(run) == 1 and start in scene.covered):
            return None
        if start - 1 in scene.role_ends and _written(scene, run) in self.historical:
            return Name(start, run[-1].end, True)
        if len(run) > 1 and scene.folded.endswith(self.body_ends, 0, run[0].end):
            run = run[1:]
        end = scene.covered.get(run[0].start, 0)
        marked = sum(syllable.end <= end for syllable in run) or self.place_length(run)
        if direct and (not marked or len(run) == 1 or self._is_called(scene, run, marked)):
            return self.addressed(run)
        if len(run) < 2:
            return None
        follows_type = self._follows_type(scene, run)
        if follows_type and len(run) == 2 and not known[_written(scene, run)] > 1:
            return None
        return self.split(run, known, marked=0 if follows_type and marked == 1 else marked, follows_type=follows_type)

    def _is_called(self, scene: Scene, run: Run, marked: int) -> bool:
        """Tell whether a run that begins like a place is a person's name: `ông` calls it so, and no name follows."""
        hit = scene.addressed(run[0].start)
        if hit is None or scene.folded[hit.start : hit.end] not in self.familiar or hit.start in scene.covered:
            return False
        return run[0].text.lower() in self.surnames and len(run) - marked < _SHORTEST and len(run) < LONGEST

    def _follows_type(self, scene: Scene, run: Run) -> bool:
        """Tell whether a type word (`tỉnh`, `xã`) stands before the run."""
        before = scene.folded[max(0, run[0].start - 12) : run[0].start].split(" ")
        return len(before) > 1 and (before[-2] in self.types or " ".join(before[-3:-1]) in self.types)

    def _names_a_thing(self, scene: Scene, name: Name, addressed: set[str]) -> bool:
        """Tell whether a school, street or award is called by the name, and nobody in the article is."""
        if not scene.folded.endswith(self.named_after, 0, name.start):
            return False
        return scene.folded[name.start : name.end] not in addressed

    def _given_names(self, scene: Scene, names: list[Name], runs: list[Run]) -> list[Name]:
        """Return the single syllables after a role that are somebody's given name (`Bí thư Thăng`)."""
        given = {name_key(scene.text[n.start : n.end]).rsplit(" ", 1)[-1] for n in names}
        taken = {name.start for name in names}
        ends = {hit.end + 1 for hit in scene.roles}
        found = []
        for run in runs:
            first = run[0]
            alone = len(run) == 1 and first.start in ends and first.start not in taken
            if alone and name_key(first.text) in given and not scene.folded.startswith(self.title_words, first.start):
                found.append(Name(first.start, first.end, False))
        return found

    def is_weak(self, scene: Scene, name: Name, addressed: set[str]) -> bool:
        """Tell whether a name may be a place's or a school's: two syllables that are nowhere addressed as a person."""
        written = scene.folded[name.start : name.end]
        return name.full and written.count(" ") == 1 and written not in addressed

    def is_foreign(self, key: str) -> bool:
        """Tell whether a name in lower case is neither Vietnamese nor of a people of Vietnam."""
        words = key.split(" ")
        native = words[0] in self.surnames or words[0].startswith(self.prefixes)
        return not native and not all(self.syllable.fullmatch(word) for word in words)

    def runs(self, scene: Scene, start: int, end: int, before: Container[int]) -> Iterator[Run]:
        """Yield the runs of capitalised syllables of a stretch, cut at roles and at words that are in no name.

        A single syllable is a run only behind something, whose end is in `before`, that asks for a name.
        """
        for match in RUN.finditer(scene.text, start, end):
            first, last = match.span()
            words = scene.folded[first:last].split(" ")
            if len(words) == 1:
                if first - 1 not in before:
                    continue
            elif self._is_no_name(scene, match[0], words, first, last):
                continue
            syllables = list(_syllables(match[0], first))
            usual = match[0].istitle()
            if usual and self.not_in_name.isdisjoint(words) and not scene.is_cut_by_role(first, last):
                if self._opens_body(scene.text, syllables[-1]):
                    syllables.pop()
                if syllables:
                    yield syllables
                continue
            yield from self._cut(scene, zip(syllables, repeat(False)) if usual else _cased(syllables))

    def _is_no_name(self, scene: Scene, written: str, words: list[str], start: int, end: int) -> bool:
        """Tell whether a run of several syllables holds no surname and nothing that is addressed."""
        if not self.surnames.isdisjoint(words) or "'" in written or "’" in written:
            return False
        return not scene.is_addressed_within(start, end)

    def _cut(self, scene: Scene, cased: Iterable[tuple[Syllable, bool]]) -> Iterator[Run]:
        """Yield the runs between roles, acronyms, changes of case and words that are in no name."""
        run: Run = []
        for syllable, shouted in cased:
            outside = syllable.text.lower() in (self.verbs if shouted else self.not_in_name)
            if outside and not shouted and self._ends_name(scene.text, run, syllable):
                outside = False
            acronym = not shouted and len(syllable.text) > 1 and syllable.text.isupper()
            edge = syllable.start in scene.role_starts or syllable.start - 1 in scene.role_ends
            if run and (outside or acronym or edge or _case_changes(run[-1].text, syllable.text)):
                yield run
                run = []
            if not outside and not acronym:
                run.append(syllable)
        if run and self._opens_body(scene.text, run[-1]):
            run.pop()
        if run:
            yield run

    def _ends_name(self, text: str, run: Run, syllable: Syllable) -> bool:
        """Tell whether a word that opens sentences ends a name here (`Lò Văn Nên, …`): no sentence goes on."""
        named = any(before.text.lower() in self.surnames for before in run[-_BEFORE_LAST:])
        doubled = text.startswith(" " + syllable.text.lower() + " ", syllable.end)  # `ông Lò Văn Được được bầu`
        return named and (doubled or text[syllable.end : syllable.end + 1] in _ENDS)

    def _opens_body(self, text: str, syllable: Syllable) -> bool:
        following = _NEXT.match(text, syllable.end)
        return following is not None and (syllable.text.lower(), following[1]) in self.bigrams

    def addressed(self, run: Run) -> Name | None:
        """Return the name of a run that a form of address precedes: all of it, within reason."""
        length = min(len(run), LONGEST)
        if length == LONGEST:
            length = 4 if run[1].text.lower() not in self.middles else LONGEST
        if run[0].text.lower() in self.not_in_name:
            return None
        return Name(run[0].start, run[length - 1].end, length > 1)

    def split(self, run: Run, known: Counter[str], *, marked: int, follows_type: bool) -> Name | None:
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
            if score is not None and follows_type:
                score += _PLACE_FIRST if index == 0 else _PLACE_BEFORE * (index == 1)
            if score is not None and (best is None or score > best[0]):
                best = (score, index)
        if best is None or (marked > 1 and best[1] < marked):
            return None
        index = best[1]
        last = min(len(run), index + LONGEST)
        if last - index == LONGEST and run[index + 1].text.lower() not in self.middles:
            last -= 1
        return Name(run[index].start, run[last - 1].end, True)

    def behind(self, text: str, position: int) -> Name | None:
        """Return the capitalised run of two to four words at a position, whatever its words."""
        match = RUN.match(text, position)
        words = match[0].split(" ") if match else []
        if match is None or not 1 < len(words) < LONGEST or any(w.lower() in self.not_in_name for w in words):
            return None
        return Name(match.start(), match.end(), True)

    def place_length(self, run: Run) -> int:
        """Return how many syllables at the beginning of a run are a known place's name."""
        if len(run) < 2 or (run[0].text.lower(), run[1].text.lower()) not in self.place_starts:
            return 0
        for length in range(min(len(run), 4), 1, -1):
            if " ".join(s.text for s in run[:length]).lower() in self.places:
                return length
        return 0

    def _score(self, run: Run, index: int, known: Counter[str], marked: int) -> float | None:
        surname = run[index].text.lower()
        if surname not in self.surnames and not surname.startswith(self.prefixes):
            return None
        rest = len(run) - index
        whole = " ".join(s.text for s in run[index:]).lower()
        if whole in self.places:
            return None
        score = {2: 2.0, 3: 4.0, 4: 3.0}.get(rest, 0.5)
        score += 2 if surname in self.common else 0
        if (rest > 2 or index == 0) and known[whole] > (index == 0):  # the run itself is counted once
            score += _KNOWN
        if index == 0:
            return score + 2
        if marked == index:
            return score + 5
        if surname not in self.common and run[index - 1].text.lower() in self.surnames:  # `Văn` behind `Lò`
            score -= 3
        return score - 3 if index == 1 else score


def _syllables(run: str, offset: int) -> Iterator[Syllable]:
    new = tuple.__new__  # the constructor takes twice as long
    at = 0
    for word in run.split(" "):
        yield new(Syllable, (offset + at, offset + at + len(word), word))
        at += len(word) + 1


def _cased(syllables: list[Syllable]) -> Iterator[tuple[Syllable, bool]]:
    """Yield syllables and whether they are shouted: in capitals beside others in capitals."""
    upper = [syllable.text.isupper() for syllable in syllables]
    for at, syllable in enumerate(syllables):
        yield syllable, upper[at] and (upper[max(0, at - 1) : at] == [True] or upper[at + 1 : at + 2] == [True])


def _case_changes(first: str, second: str) -> bool:
    """Tell whether one of two syllables is in capitals throughout; single letters fit both."""
    return len(first) > 1 and len(second) > 1 and first.isupper() != second.isupper()


def _written(scene: Scene, run: Run) -> str:
    return scene.folded[run[0].start : run[-1].end]


def name_key(name: str) -> str:
    """Return the form in which spellings of one name agree: lower case, `i` for `y`."""
    return name.lower().translate(_I_OR_Y)


def trim_to_known(name: Name, text: str, known: Counter[str]) -> Name:
    """Return `name` without a last syllable that opens the next sentence, where the shorter name stands alone."""
    words = text[name.start : name.end].split(" ")
    for length in range(len(words) - 1, 1, -1):
        shorter = " ".join(words[:length])
        if known[shorter.lower()] > known[" ".join(words).lower()]:
            return Name(name.start, name.start + len(shorter), name.full)
    return name
