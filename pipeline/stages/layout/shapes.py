"""The shapes of `furniture.yaml` and `layout.yaml`, and the rules of both compiled into one reader of lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Self

import ahocorasick_rs
import regex
from pydantic import BaseModel, ConfigDict, model_validator

from pipeline.document import View, fold
from pipeline.grammar.rules import Rule, RuleError, RuleFile, compile_pattern

LINE_LIMIT = 420
"""Code points; a longer line is a paragraph and no rule is tried on it. The longest captions seen have about 400."""

LINE_TIMEOUT = 1.0
"""Seconds one pattern may spend on one line; it needs microseconds."""

Where = Literal["anywhere", "head", "tail"]


class LineRule(Rule):
    """A rule for a whole line: literal `terms` (the line is one of them) or a `pattern` (of all of it)."""

    kind: Literal["kicker", "date_line", "caption", "credit", "furniture"] = "furniture"
    terms: tuple[str, ...] = ()
    pattern: str | None = None
    needs: tuple[str, ...] = ()
    """Pieces in small letters, one of which a line must contain for the pattern to be tried: it saves the time."""
    begins: tuple[str, ...] = ()
    """The same, but a line must begin with one of them."""
    longest: int = LINE_LIMIT
    """Code points of the longest line that the pattern is tried on."""
    where: Where = "anywhere"
    """`head`: above the first paragraph; `tail`: below the last one."""
    opens: bool = False
    """Whether the short lines that follow are of the same kind."""

    @model_validator(mode="after")
    def _has_one_matcher(self) -> Self:
        if bool(self.terms) == bool(self.pattern):
            raise ValueError("a line rule needs either `terms` or a `pattern`; give it one of them")
        if self.needs and self.begins:
            raise ValueError("a line rule has both `needs` and `begins`; keep the one that says more")
        return self


class FurnitureFile(RuleFile):
    """`furniture.yaml`."""

    rules: list[LineRule]  # type: ignore[assignment]


class Bylines(BaseModel):
    """What bylines are made of; see the comments in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cues: str
    sources: str
    agency_sources: str
    degrees: str
    staff: str
    desks: str
    agencies: list[str]
    notes: str
    note_needs: list[str]
    note_ends: list[str]
    not_first: list[str]
    not_token: list[str]


class LayoutFile(RuleFile):
    """`layout.yaml`."""

    rules: list[LineRule]  # type: ignore[assignment]
    months: dict[str, int]
    bylines: Bylines


class Match(NamedTuple):
    """A line rule that a line meets."""

    rule: str
    kind: str
    where: Where
    opens: bool


class LineRules:
    """All line rules: `match` gives the first that a line meets, terms before patterns, in order of the files."""

    def __init__(self, files: Sequence[tuple[list[LineRule], Mapping[str, str]]]) -> None:
        self._terms: dict[str, list[Match]] = {}
        self._patterns: list[tuple[regex.Pattern[str], int, Match]] = []
        self._always: list[int] = []
        pieces: list[tuple[str, int, bool]] = []
        for rules, atoms in files:
            for rule in rules:
                match = Match(rule.id, rule.kind, rule.where, rule.opens)
                for term in rule.terms:
                    self._terms.setdefault(line_key(View(term).text), []).append(match)
                if rule.pattern:
                    number = len(self._patterns)
                    self._patterns.append((compile_pattern(rule.pattern, atoms), rule.longest, match))
                    pieces += ((piece, number, False) for piece in rule.needs)
                    pieces += ((piece, number, True) for piece in rule.begins)
                    self._always += [] if rule.needs or rule.begins else [number]
        if "" in self._terms:
            raise RuleError("a line rule has a term without a letter or digit; it would match every line")
        self._needed = [(number, first) for _, number, first in pieces]
        self._automaton = ahocorasick_rs.AhoCorasick([piece for piece, _, _ in pieces])

    def match(self, line: str, where: Where) -> Match | None:
        """Return the rule for a line (view text, no spaces around it) that stands at `where` in the document."""
        size = len(line)
        if size > LINE_LIMIT:
            return None
        folded = fold(line)
        for match in self._terms.get(_key(folded), ()):
            if match.where in ("anywhere", where):
                return match
        for number in self._worth_trying(folded):
            pattern, longest, match = self._patterns[number]
            if size <= longest and match.where in ("anywhere", where) and pattern.fullmatch(line, timeout=LINE_TIMEOUT):
                return match
        return None

    def _worth_trying(self, folded: str) -> list[int]:
        """Return the patterns that have what they need in a line, in order of the files."""
        wanted = {*self._always}
        for index, start, _ in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            number, first = self._needed[index]
            if not (first and start):
                wanted.add(number)
        return sorted(wanted)


def line_key(line: str) -> str:
    """Return a line as terms are compared: lower case, without bullets and closing punctuation around it."""
    return _key(fold(line))


def _key(folded: str) -> str:
    return folded.strip(" \t»›>•·|:.…-–—▪■►+")
