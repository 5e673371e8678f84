"""What a title says: spelled out, its role, its body, branch, level, and the unit whose office it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pipeline.document import Document
from pipeline.grammar.rules import alternatives
from pipeline.stages.officials.model import Office
from pipeline.stages.officials.rules import OfficeFile

LEVELS: Final = ("central", "province", "district", "commune", "hamlet")
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

    def __init__(self, rules: OfficeFile) -> None:
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

    def read(self, office: Office, document: Document) -> Meaning:
        """Return what the title of `office` means in its document."""
        text = document.view.text
        norm = self.spell_out(text[office.start : office.end])
        role, body = self._parts(office, text)
        low = norm.lower()
        level = self._level(office, low)
        path, code, level = _unit(office, document, level)
        return Meaning(norm, role, body or None, self._branch(office, low, document), level, path, code)

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


def _unit(office: Office, document: Document, level: str | None) -> tuple[list[str] | None, str | None, str | None]:
    places = [row for row in _localities(document) if office.start <= row.start and row.end <= office.end]
    if places:
        lowest = max(places, key=lambda row: LEVELS.index(row.level) if row.level in LEVELS else 0)
        return lowest.path, lowest.unit_code, lowest.level
    if level in (None, "central"):
        return None, None, level
    home = _home(document)
    depth = LEVELS.index(level) if level else 0
    named = any(piece.word.kind == "place" for piece in office.pieces)
    if named or not home or len(home) < depth or depth > 3:
        return None, None, level
    article = document.rows["articles"][0]
    return home[:depth], article.home_unit_code if len(home) == depth else None, level


def _localities(document: Document) -> Sequence[Any]:
    return document.rows.get("localities") or ()


def _home(document: Document) -> list[str] | None:
    articles = document.rows.get("articles")
    return articles[0].home_unit_path if articles else None
