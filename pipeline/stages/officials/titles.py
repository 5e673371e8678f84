"""What a title says: spelled out, its role, its body, branch, level, and the unit whose office it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.document import Document
from pipeline.grammar.rules import alternatives
from pipeline.stages.officials.model import Office
from pipeline.stages.officials.rules import OfficeFile
from pipeline.stages.officials.units import LEVELS, Place, UnitFinder

_ADDRESSED: Final = frozenset({"business", "public_body", "foreign"})
"""Branches whose bodies have an address behind them rather than a unit that they belong to."""
_LISTED: Final = 12
"""Code points between two titles of one list: a mark, and a word such as `nguyên` or `kiêm`."""
_CONTEXT: Final = 240
"""Code points before a bare title within which a body tells what it is a post of."""
_REMEMBERED: Final = 4096
"""Titles whose spelled-out form is kept: the same ones come again and again."""
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


class TitleReader:
    """Reads titles with the abbreviations of `offices.yaml`."""

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
        self.sure_branch_of = _first([(rule.pattern, rule.branch) for rule in rules.branches if rule.first])
        self.branch_of = _first([(rule.pattern, rule.branch) for rule in rules.branches])
        self.level_of = _first([(rule.pattern, rule.level) for rule in rules.levels])
        self.home_country = rules.home_country.lower()
        self.spell_out = lru_cache(maxsize=_REMEMBERED)(self._spell_out)
        self.business = re.compile(rf"\b{alternatives(rules.business_words)}\b")

    def _spell_out(self, title: str) -> str:
        """Return the title with its abbreviations spelled out."""
        return _WORD.sub(lambda match: self._full(match.group()), title).strip()

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
        order = sorted(range(len(offices)), key=lambda at: offices[at].start)
        found = list(alone)
        for place, at in enumerate(order):
            after = [alone[other] for other in _listed(order[place:], offices, document.view.text)]
            before = [alone[other] for other in _listed(order[place::-1], offices, document.view.text)]
            found[at] = self._settled(offices[at], alone[at], after, before, document)
        return found

    def _alone(self, office: Office, document: Document) -> Meaning:
        """Return what a title says by itself."""
        text = document.view.text
        norm = self.spell_out(text[office.start : office.end])
        role, body = self._parts(office, text)
        low = norm.lower()
        branch = self._branch(office, low, document)
        place = self.units.named(office, document, self._level(office, low), behind=branch not in _ADDRESSED)
        if place.level is None and branch not in _ADDRESSED and text[office.end : office.end + 1] == ",":
            place = Place(self.level_of(self.spell_out(text[office.end : office.behind]).lower()))
        return Meaning(norm, role, body or None, branch, *place)

    def _settled(
        self, office: Office, meaning: Meaning, after: list[Meaning], before: list[Meaning], document: Document
    ) -> Meaning:
        """Return the meaning with what the titles listed behind and before it, and the article, tell of its unit."""
        if meaning.unit_path is not None:
            return meaning
        low = meaning.title_norm.lower()
        level, branch = meaning.level, meaning.branch
        if after and level is None and self._shares(office, meaning) and after[0].branch in self.sharing:
            level = after[0].level
            if branch is not None and not office.pieces and self.youth.search(after[0].title_norm.lower()):
                branch = after[0].branch
        paths = [other.unit_path for other in after + before if other.unit_path is not None]
        place = self.units.beside(low, level, paths, document) or self.units.elsewhere(office, low, level, document)
        return meaning._replace(branch=branch, level=place.level, unit_path=place.path, unit_code=place.code)

    def _shares(self, office: Office, meaning: Meaning) -> bool:
        """Tell whether a title without a level may be of the body that the title behind it names."""
        if any(piece.word.kind == "place" for piece in office.pieces):
            return False
        return meaning.branch in self.shares_place or (meaning.branch is None and not office.pieces)

    def _parts(self, office: Office, text: str) -> tuple[str, str]:
        """Return the role with the words that modify it, and the whole name of the body."""
        end = office.role_end
        for piece in office.pieces:
            if piece.word.kind != "modifier":
                break
            end = piece.end
        return self._spelled_parts(text[office.start : end], text[end : office.end].strip())

    def _spelled_parts(self, role: str, rest: str) -> tuple[str, str]:
        body = self.spell_out(rest)
        low = role.lower()
        head = next(head for head in self.heads if low.endswith(head)) if low.endswith(self.heads) else ""
        if body.lower().startswith(self.of):
            body = body.split(" ", 1)[1]
        elif body and head and not body.lower().startswith(head.strip()):
            body = self.spell_out(f"{role[-len(head) :].strip()} {body}")
        return self.spell_out(role), body

    def _level(self, office: Office, low: str) -> str | None:
        types = [piece.word.level for piece in office.pieces if piece.word.level]
        if types:
            return max(types, key=LEVELS.index)
        return self.level_of(low)

    def _branch(self, office: Office, low: str, document: Document) -> str | None:
        folded = document.view.folded
        places = {folded[piece.start : piece.end] for piece in office.pieces}
        if places & self.countries and self.home_country not in low:
            return "foreign"
        bodies = [piece.word.branch for piece in office.pieces if piece.word.branch]
        if "business" in bodies:
            return "business"
        sure = self.sure_branch_of(low)
        if sure or bodies:
            return sure or bodies[0]
        if not office.pieces and office.role.endswith(self.business_roles) and self._in_business(office, folded):
            return "business"
        return self.branch_of(low)

    def _in_business(self, office: Office, folded: str) -> bool:
        """Tell whether the text before a bare title speaks of a firm."""
        line = folded.rfind("\n", 0, office.start) + 1
        return self.business.search(folded, max(line, office.start - _CONTEXT), office.start) is not None


def _first(rules: Sequence[tuple[str, str]]) -> Callable[[str], str | None]:
    """Return what gives for a spelled-out title the value of the first pattern that is in it."""
    compiled = [(re.compile(pattern), value) for pattern, value in rules]

    @lru_cache(maxsize=_REMEMBERED)
    def first(title: str) -> str | None:
        return next((value for pattern, value in compiled if pattern.search(title)), None)

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
