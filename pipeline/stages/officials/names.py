"""Where persons' names begin and end.

A name is a run of capitalised syllables that a surname opens or that a form of address precedes. Runs may begin
with the end of a body's name or of a place (`Sở Công Thương Trần …`, `tỉnh Quảng Nam Lê …`): the split is chosen by
surname, length, known places and the names that stand alone elsewhere in the article.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipeline.memo import Memo
from pipeline.stages.officials.rules import NameFile, OfficeFile
from pipeline.stages.officials.runs import RUN, Run, RunFinder
from pipeline.stages.officials.scene import Scene

_PLACE_FIRST: Final = -2.5
_PLACE_BEFORE: Final = 3.0
"""Behind a type word a run rather begins with a place: set so that `thôn Hạ Trần Văn An` and `xã Lê Văn An` split
as a reader splits them."""
_KNOWN: Final = 6.0
"""For a name that stands alone elsewhere in the article: it outweighs length and surname."""
_BY_LENGTH: Final = {2: 2.0, 3: 4.0, 4: 3.0}
_OTHER_LENGTH: Final = 0.5
"""What names of two, three and four syllables score, and all others."""
_LOWER: Final = re.compile(r" [^\W\d_]+")
_BEFORE_ROLE: Final = re.compile(r" \(|, | [-–] ")
_APOSTROPHE: Final = re.compile(r" ?['’] ?")
_I_OR_Y: Final = str.maketrans("yýỳỷỹỵ", "iíìỉĩị")
_TAIL: Final = 4
"""Characters, the space too, by which what stands before a name is told from most else."""
_TYPE_TAIL: Final = 3
"""The same for words such as `xã`, which are shorter."""
_SHORTEST: Final = 2
"""Syllables of the shortest full names."""
LONGEST: Final = 5
"""Syllables of the longest names (`Nguyễn Phước Tôn Nữ Thị`, rare): longer runs hold something else too."""

Known = dict[str, int]
"""Names in lower case that stand alone in the article, and how often they do."""


class Name(NamedTuple):
    """A name in the view; `full` is false for a single syllable after a form of address."""

    start: int
    end: int
    full: bool


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
        self.leaders = tuple(f" {name.lower()}" for name in names.historical)
        self.leader_starts = frozenset(leader[:4] for leader in self.leaders)
        self.historical = frozenset(name.lower() for name in names.historical)
        self.not_in_name = frozenset(word.lower() for word in names.not_in_name)
        self.types = frozenset(term for terms in offices.locality_types.values() for term in terms)
        self.type_ends = frozenset(f"{term} "[-_TYPE_TAIL:] for term in self.types)
        self.named_after = tuple(f" {word} " for word in names.named_after)
        self.named_after_ends = frozenset(word[-_TAIL:] for word in self.named_after)
        self.body_ends = {term.rsplit(" ", 1)[-1] for term in bodies} & self.surnames
        self.bodies = tuple(f" {term}" for term in bodies if term.rsplit(" ", 1)[-1] in self.surnames)
        self.title_words = (*offices.role_modifiers, *bodies, *fields)
        self.syllable = re.compile(names.syllable)
        self.familiar = frozenset(names.masculine + names.feminine + names.comrades)
        self.runs = RunFinder(names, offices, self.surnames, places)

    def find(self, scene: Scene) -> list[Name]:
        """Return all names of a document in reading order, each as long as its other names support."""
        runs = self.runs.find(scene)
        known = self._known(scene, runs)
        begun = {name[: name.rindex(" ")] for name in known}
        folded = scene.folded
        names: list[Name] = []
        others: list[Run] = []
        for run in runs:
            found = self._name(scene, run, known)
            if found is None:
                others.append(run)
                continue
            name = fit_to_known(found, folded, known, begun)
            start = name.start
            after = start not in scene.addressed and folded[start - _TAIL : start] in self.named_after_ends
            if after and self._names_a_thing(scene, name, runs):
                others.append(run)
            else:
                names.append(name)
        names += self._given_names(scene, names, others) + self._leaders(scene, names)
        names.sort()
        return names

    def _leaders(self, scene: Scene, names: list[Name]) -> list[Name]:
        """Return the persons of history behind a role whose names no surname opens (`Tổng Bí thư Trường Chinh`)."""
        folded = scene.folded
        ends = [end for end in scene.role_ends if folded[end : end + 4] in self.leader_starts]
        if not ends:
            return []
        taken = {name.start for name in names}
        return [
            Name(end + 1, end + len(leader), True)
            for end in ends
            if end + 1 not in taken
            for leader in self.leaders
            if scene.folded.startswith(leader, end)
        ]

    def _known(self, scene: Scene, runs: list[Run]) -> Known:
        """Count the runs that are surely names by themselves, addressed ones twice."""
        folded, addressed, surnames = scene.folded, scene.addressed, self.surnames
        known: Known = {}
        for start, end, _, lows, _, _ in runs:
            is_direct = start in addressed
            if (is_direct or lows[0] in surnames) and 1 < len(lows) < LONGEST:
                written = folded[start:end]
                known[written] = known.get(written, 0) + 1 + is_direct
        return known

    def _name(self, scene: Scene, run: Run, known: Known) -> Name | None:
        start, end, _, lows, openings, _ = run
        direct = start in scene.addressed
        taken = start in scene.claimed or (len(lows) == 1 and scene.locality_end(start))
        historical = start - 1 in scene.role_ends and scene.folded[start:end] in self.historical
        if taken or not (direct or openings or historical):
            return None
        if historical:
            return Name(start, end, True)
        if len(lows) > 1 and lows[0] in self.body_ends and scene.folded.endswith(self.bodies, 0, run.position(1) - 1):
            run = self.runs.part(run, 1, len(lows))
        place_end = scene.locality_end(run.start)
        marked = (place_end and _begun_by(scene.folded, run, place_end)) or run.placed
        if direct and (not marked or len(run.lows) == 1 or self._is_called(scene, run, marked)):
            return self.addressed(run)
        if marked and self._is_titled(scene, run, marked):
            return Name(run.start, run.end, True)
        follows_type = self._follows_type(scene, run)
        lone = follows_type and len(run.lows) == _SHORTEST and known.get(_written(scene, run), 0) < _SHORTEST
        if lone or len(run.lows) < _SHORTEST:
            return None
        return self.split(run, known, marked=0 if follows_type and marked == 1 else marked, follows_type=follows_type)

    def _is_called(self, scene: Scene, run: Run, marked: int) -> bool:
        """Tell whether a run that begins like a place is a person's name: `ông` calls it so, and no name follows."""
        hit = scene.addressed.get(run.start)
        if hit is None or scene.folded[hit[0] : hit[1]] not in self.familiar or scene.locality_end(hit[0]):
            return False
        return run.lows[0] in self.surnames and len(run.lows) - marked < _SHORTEST and len(run.lows) < LONGEST

    def _is_titled(self, scene: Scene, run: Run, marked: int) -> bool:
        """Tell whether a run that begins like a place is a name: one syllable more, then a mark and a role."""
        if run.lows[0] not in self.surnames or len(run.lows) - marked != 1 or self._follows_type(scene, run):
            return False
        mark = _BEFORE_ROLE.match(scene.text, run.end)
        return mark is not None and mark.end() in scene.role_starts

    def _follows_type(self, scene: Scene, run: Run) -> bool:
        """Tell whether a type word (`tỉnh`, `xã`) stands before the run."""
        start = run.start
        if scene.folded[start - _TYPE_TAIL : start] not in self.type_ends:
            return False
        before = scene.folded[max(0, start - 12) : start].split(" ")
        return before[-2] in self.types or " ".join(before[-3:-1]) in self.types

    def _names_a_thing(self, scene: Scene, name: Name, runs: list[Run]) -> bool:
        """Tell whether a school, street or award is called by the name, and nobody in the article is."""
        folded, start = scene.folded, name.start
        if not folded.endswith(self.named_after, 0, start):
            return False
        return folded[start : name.end] not in [folded[r.start : r.end] for r in runs if r.start in scene.addressed]

    def _given_names(self, scene: Scene, names: list[Name], runs: list[Run]) -> list[Name]:
        """Return the single syllables after a role that are somebody's given name (`Bí thư Thăng`).

        Args:
            scene: The document.
            names: Its names.
            runs: Those in which there is none.
        """
        alone = [run for run in runs if len(run.lows) == 1 and run.start - 1 in scene.role_ends]
        if not alone:
            return []
        given = {NAME_KEYS[scene.text[n.start : n.end]].rsplit(" ", 1)[-1] for n in names}
        taken = {name.start for name in names}
        return [
            Name(run.start, run.end, False)
            for run in alone
            if run.start not in taken
            and NAME_KEYS[run.words[0]] in given
            and not scene.folded.startswith(self.title_words, run.start)
        ]

    def is_foreign(self, key: str) -> bool:
        """Tell whether a name in lower case is neither Vietnamese nor of a people of Vietnam."""
        words = key.split(" ")
        native = words[0] in self.surnames or words[0].startswith(self.prefixes)
        return not native and not all(self.syllable.fullmatch(word) for word in words)

    def addressed(self, run: Run) -> Name | None:
        """Return the name of a run that a form of address precedes: all of it, within reason."""
        start, end, _, lows, _, _ = run
        if lows[0] in self.not_in_name:
            return None
        length = len(lows)
        if length >= LONGEST:
            length = LONGEST if lows[1] in self.middles or len(lows[0]) == 1 else LONGEST - 1
            end = run.end_of(length - 1)
        return tuple.__new__(Name, (start, end, length > 1))

    def split(self, run: Run, known: Known, *, marked: int, follows_type: bool) -> Name | None:
        """Return the name that a run ends in, if any.

        Args:
            run: Capitalised syllables.
            known: Names that stand alone in the article.
            marked: Syllables at the beginning that are a place, as far as is known.
            follows_type: Whether a type word (`tỉnh`, `xã`) stands before the run.
        """
        lows = run.lows
        if marked == len(lows):
            return None
        openings = [index for index in run.openings if index >= marked] if follows_type else run.openings
        if not openings:
            return None
        index = openings[0]
        if len(openings) > 1:
            index = max(openings, key=lambda index: self._score(lows, index, known, marked, follows_type))
        if marked > 1 and index < marked:
            return None
        last = min(len(lows), index + LONGEST)
        if last - index == LONGEST and lows[index + 1] not in self.middles and len(lows[index]) > 1:
            last -= 1
        start = run.position(index) if index else run.start
        return tuple.__new__(Name, (start, run.end_of(last - 1) if last < len(lows) else run.end, True))

    def behind(self, text: str, position: int) -> Name | None:
        """Return the capitalised run of two to four words at a position, whatever its words."""
        match = RUN.match(text, position)
        words = match[0].split(" ") if match else []
        if match is None or not 1 < len(words) < LONGEST or any(w.lower() in self.not_in_name for w in words):
            return None
        return Name(match.start(), match.end(), True)

    def _score(self, lows: list[str], index: int, known: Known, marked: int, follows_type: bool) -> float:
        """Return how well a name begins at a surname of a run."""
        surname = lows[index]
        rest = len(lows) - index
        score = _BY_LENGTH.get(rest, _OTHER_LENGTH)
        if follows_type:
            score += _PLACE_FIRST if index == 0 else _PLACE_BEFORE * (index == 1)
        score += 2 if surname in self.common else 0
        # the run itself is counted once
        if (rest > 2 or index == 0) and known.get(" ".join(lows[index:]), 0) > (index == 0):
            score += _KNOWN
        if index == 0:
            return score + 2
        if marked == index:
            return score + 5
        if surname not in self.common and lows[index - 1] in self.surnames:  # `Văn` behind `Lò`
            score -= 3
        return score - 3 if index == 1 else score


def _begun_by(folded: str, run: Run, end: int) -> int:
    """Return how many syllables at the beginning of a run are in a place that ends at a position."""
    if end >= run.end:
        return len(run.lows)
    return folded.count(" ", run.start, end) + (folded[end] == " ")


def _written(scene: Scene, run: Run) -> str:
    return scene.folded[run.start : run.end]


def _name_key(name: str) -> str:
    key = name.lower().translate(_I_OR_Y)
    return _APOSTROPHE.sub("'", key) if "'" in key or "’" in key else key


NAME_KEYS: Final = Memo(_name_key)
"""Name → the form in which its spellings agree: lower case, `i` for `y`."""


def fit_to_known(name: Name, folded: str, known: Known, begun: set[str]) -> Name:
    """Return `name` as it stands alone elsewhere; `begun` are the known names without their last syllable.

    It goes without a last syllable that opens the next sentence, and with one in lower case by mistake.
    """
    start, end, full = name
    written = shorter = folded[start:end]
    if written in begun:
        following = _LOWER.match(folded, end)
        if following is not None and written + following[0] in known:
            return Name(start, following.end(), full)
    while shorter.count(" ") > 1:
        shorter = shorter[: shorter.rindex(" ")]
        if shorter in known and known[shorter] >= known.get(written, 0) + (shorter.count(" ") < _SHORTEST):
            return Name(start, start + len(shorter), full)
    return name
