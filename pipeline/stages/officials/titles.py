"""What a title says: spelled out, its role, its body, branch, level, and the unit whose office it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.document import Document
from pipeline.grammar.rules import alternatives
from pipeline.memo import Memo
from pipeline.stages.officials.model import Office
from pipeline.stages.officials.rules import OfficeFile, Word
from pipeline.stages.officials.units import DEPTHS, LEVELS, Place, UnitFinder

_ADDRESSED: Final = frozenset({"business", "public_body", "foreign"})
"""Branches whose bodies have an address behind them rather than a unit that they belong to."""
_LISTED: Final = 12
"""Code points between two titles of one list: a mark, and a word such as `nguyên` or `kiêm`."""
_CONTEXT: Final = 240
"""Code points before a bare title within which a body tells what it is a post of."""
_REMEMBERED: Final = 4096
"""Titles whose reading is kept: the same ones come again and again."""
_WORD: Final = re.compile(r"[^\W_]+(?:[./&-][^\W_]+)*\.?")


class Meaning(NamedTuple):
    """The structured reading of a title."""

    title_norm: str
    role: str
    organization: str | None
    branch: str | None
    level: str | None
    unit_path: list[str] | None
    unit_code: str | None


class Reading(NamedTuple):
    """What a title says wherever it stands; `bare` where a firm spoken of before it makes it a post of business."""

    title_norm: str
    role: str
    organization: str | None
    branch: str | None
    level: str | None
    bare: bool


_Written = tuple[str, int, tuple[tuple[int, Word], ...]]
"""A title, the end of its role in it, and the ends and words of the pieces behind that."""


class TitleReader:
    """Reads titles with the abbreviations of `offices.yaml`.

    Attributes:
        spelled: Title → the same with its abbreviations spelled out.
        plain: Role → the same spelled out and in lower case: what roles are compared by.
    """

    def __init__(self, rules: OfficeFile, units: UnitFinder) -> None:
        self.units = units
        self.shares_place = frozenset(rules.shares_place)
        self.sharing = self.shares_place | {"government"}
        self.youth = re.compile(rules.youth_bodies)
        self.abbreviations = rules.abbreviations
        self.capitals = frozenset(rules.capitals)
        self.heads = tuple(f" {head}" for head in sorted(rules.role_heads, key=len, reverse=True))
        self.of = tuple(f"{word} " for word in rules.words.of)
        self.countries = frozenset(country.lower() for country in rules.countries)
        self.business_roles = tuple(rules.business_roles)
        self.sure_branch_of = _first([(rule.pattern, "", rule.branch) for rule in rules.branches if rule.first])
        self.branch_of = _first([(rule.pattern, "", rule.branch) for rule in rules.branches if not rule.first])
        self.level_of = _first([(rule.pattern, rule.unless, rule.level) for rule in rules.levels])
        self.home_country = rules.home_country.lower()
        self.spelled = Memo(self._spell_out, _REMEMBERED)
        self.plain: Memo[str, str] = Memo(lambda role: self.spelled[role].lower(), _REMEMBERED)
        self._readings = Memo(self._read_alone, _REMEMBERED)
        self._parts = Memo(self._spell_out_part, _REMEMBERED)
        self.business = re.compile(rf"\b{alternatives(rules.business_words)}\b")

    def _spell_out(self, title: str) -> str:
        """Return the title with its abbreviations spelled out."""
        return " ".join(map(self._parts.__getitem__, title.split(" "))).strip()

    def _spell_out_part(self, part: str) -> str:
        return _WORD.sub(lambda match: self._full(match.group()), part)

    def _full(self, word: str) -> str:
        low = word.lower()
        if low in self.abbreviations and (low not in self.capitals or word.isupper()):
            return self.abbreviations[low]
        if "." in low and low.split(".")[0] + "." in self.abbreviations:
            head, tail = word.split(".", 1)
            return f"{self.abbreviations[head.lower() + '.']} {self._full(tail)}".rstrip()
        if "-" in low:
            return "-".join(self.abbreviations.get(part.lower(), part) for part in word.split("-"))
        return word

    def read(self, offices: Sequence[Office], document: Document) -> list[Meaning]:
        """Return what the titles of one person mean in their document."""
        alone = [self._alone(office, document) for office in offices]
        if len(offices) == 1:
            return alone if alone[0].unit_path is not None else [self._settled(offices[0], alone[0], [], [], document)]
        if None not in [meaning.unit_path for meaning in alone]:
            return alone
        order = sorted(range(len(offices)), key=lambda at: offices[at].start)
        found = list(alone)
        for place, at in enumerate(order):
            if alone[at].unit_path is None:
                after = [alone[other] for other in _listed(order[place:], offices, document.view.text)]
                before = [alone[other] for other in _listed(order[place::-1], offices, document.view.text)]
                found[at] = self._settled(offices[at], alone[at], after, before, document)
        return found

    def _alone(self, office: Office, document: Document) -> Meaning:
        """Return what a title says by itself."""
        text, start, end = document.view.text, office.start, office.end
        pieces = tuple([(piece_end - start, word) for _, piece_end, word in office.pieces])
        norm, role, body, branch, level, bare = self._readings[text[start:end], office.role_end - start, pieces]
        if bare and self._in_business(office, document.view.folded):
            branch = "business"
        place = self.units.named(office, document, level, behind=branch not in _ADDRESSED)
        if place.level is None and branch not in _ADDRESSED and text.startswith(",", end):
            place = Place(self.level_of(self.spelled[text[end : office.behind]].lower()))
        return tuple.__new__(Meaning, (norm, role, body, branch, *place))

    def _settled(
        self, office: Office, meaning: Meaning, after: list[Meaning], before: list[Meaning], document: Document
    ) -> Meaning:
        """Return the meaning with what the titles listed behind and before it, and the article, tell of its unit."""
        level, branch = meaning.level, meaning.branch
        if after and level is None and self._shares(office, meaning) and after[0].branch in self.sharing:
            level = after[0].level
            # `Phó Chủ tịch, Chủ tịch …`
            same_body = branch is None and meaning.role.lower().endswith(after[0].role.lower())
            in_youth = branch is not None and not office.pieces and self.youth.search(after[0].title_norm.lower())
            if same_body or in_youth:
                branch = after[0].branch
        if level not in DEPTHS:
            return meaning._replace(branch=branch, level=level) if after else meaning
        low = meaning.title_norm.lower()
        paths = [other.unit_path for other in after + before if other.unit_path is not None]
        place = self.units.beside(low, level, paths, document) or self.units.elsewhere(office, low, level, document)
        return Meaning(meaning.title_norm, meaning.role, meaning.organization, branch, *place)

    def _shares(self, office: Office, meaning: Meaning) -> bool:
        """Tell whether a title without a level may be of the body that the title behind it names."""
        if any(piece.word.kind == "place" for piece in office.pieces):
            return False
        return meaning.branch in self.shares_place or (meaning.branch is None and not office.pieces)

    def _read_alone(self, written: _Written) -> Reading:
        """Return what a title says wherever it stands."""
        title, role_end, pieces = written
        norm = self.spelled[title]
        low = norm.lower()
        end = role_end
        for piece_end, word in pieces:
            if word.kind != "modifier":
                break
            end = piece_end
        role, body = self._spelled_parts(title[:end], title[end:].strip())
        types = [word.level for _, word in pieces if word.level]
        level = max(types, key=LEVELS.index) if types else self.level_of(low)
        branch, sure = self._branch(title, low, role_end, pieces)
        bare = not sure and not pieces and title.lower().endswith(self.business_roles)
        return Reading(norm, role, body or None, branch, level, bare)

    def _spelled_parts(self, role: str, rest: str) -> tuple[str, str]:
        body = self.spelled[rest]
        low = role.lower()
        head = next(head for head in self.heads if low.endswith(head)) if low.endswith(self.heads) else ""
        if body.lower().startswith(self.of):
            body = body.split(" ", 1)[1]
        elif body and head and not body.lower().startswith(head.strip()):
            body = self.spelled[f"{role[-len(head) :].strip()} {body}"]
        return self.spelled[role], body

    def _branch(
        self, title: str, low: str, role_end: int, pieces: tuple[tuple[int, Word], ...]
    ) -> tuple[str | None, bool]:
        """Return the branch of a title, and whether it is sure, so that nothing around the title tells another."""
        bodies = [word.branch for _, word in pieces if word.branch]
        if "business" in bodies:
            return "business", True
        ends = [role_end, *(end for end, _ in pieces)]
        places = {title[start:end].strip().lower() for start, end in pairwise(ends)}
        if places & self.countries and self.home_country not in low:
            return "foreign", True
        sure = self.sure_branch_of(low) or (bodies[0] if bodies else None)
        return (sure, True) if sure else (self.branch_of(low), False)

    def _in_business(self, office: Office, folded: str) -> bool:
        """Tell whether the text before a bare title speaks of a firm."""
        line = folded.rfind("\n", 0, office.start) + 1
        return self.business.search(folded, max(line, office.start - _CONTEXT), office.start) is not None


def _first(rules: Sequence[tuple[str, str, str]]) -> Callable[[str], str | None]:
    """Return what gives for a spelled-out title the value of the first pattern that is in it, unless another is."""
    compiled = [(re.compile(pattern), re.compile(unless or "(?!)"), value) for pattern, unless, value in rules]

    def first(title: str) -> str | None:
        for pattern, unless, value in compiled:
            if pattern.search(title) and not unless.search(title):
                return value
        return None

    return first


def _listed(order: Sequence[int], offices: Sequence[Office], text: str) -> list[int]:
    """Return the titles in one list with the first, the nearest first."""
    found: list[int] = []
    last = offices[order[0]]
    for at in order[1:]:
        first, second = sorted((last, offices[at]), key=lambda office: office.start)
        gap = text[max(first.end, first.behind) : second.start]
        if len(gap) > _LISTED or "." in gap or "\n" in gap:
            break
        found.append(at)
        last = offices[at]
    return found
