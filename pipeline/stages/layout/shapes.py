"""The shapes of `furniture.yaml` and `layout.yaml`, and the rules of both compiled into one reader of lines."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Self, get_args

import ahocorasick_rs
import regex
from pydantic import BaseModel, ConfigDict, model_validator

from pipeline import alphabet
from pipeline.document import View, fold
from pipeline.grammar.rules import Rule, RuleError, RuleFile, compile_pattern

LINE_LIMIT = 420
"""Code points; a longer line is a paragraph and no rule is tried on it. The longest captions seen have about 400."""

_FINISHED = frozenset(".!?…:;")
_AROUND_TERM = 20
"""Bullets and the like that may stand around a term."""

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
    unfinished: bool = False
    """Whether the pattern is tried only on lines that end without a full stop or its like."""
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
    sources_at_end: list[str]
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


class _Attempts:
    """The patterns to try on lines of one size and kind of ending; `worth` tells which a line can meet."""

    def __init__(self, rules: list[tuple[int, LineRule]]) -> None:
        needed = [(piece, number) for number, rule in rules for piece in _pieces(rule)]
        self._needed_by = [number for _, number in needed]
        self._automaton = ahocorasick_rs.BytesAhoCorasick([alphabet.encode(piece) for piece, _ in needed])

    def worth(self, folded: str, allowed: frozenset[int]) -> list[int]:
        """Return the patterns of those allowed that have what they need in a line, in order of the files."""
        found = self._automaton.find_matches_as_indexes(alphabet.encode(f"\n{folded}"), overlapping=True)
        return sorted(allowed.intersection([self._needed_by[index] for index, _, _ in found])) if found else []


def _pieces(rule: LineRule) -> Sequence[str]:
    """Return the pieces of which a line has one if it meets a rule; a line break stands before every line."""
    return rule.needs or [f"\n{piece}" for piece in rule.begins] or ["\n"]


class LineRules:
    """All line rules: `match` gives the first that a line meets, terms before patterns, in order of the files."""

    def __init__(self, files: Sequence[tuple[list[LineRule], Mapping[str, str]]]) -> None:
        self._terms: dict[str, list[Match]] = {}
        self._patterns: list[tuple[regex.Pattern[str], Match]] = []
        patterned: list[LineRule] = []
        for rules, atoms in files:
            for rule in rules:
                match = Match(rule.id, rule.kind, rule.where, rule.opens)
                for term in rule.terms:
                    self._terms.setdefault(line_key(View(term).text), []).append(match)
                if rule.pattern:
                    patterned.append(rule)
                    self._patterns.append((compile_pattern(rule.pattern, atoms), match))
        if "" in self._terms:
            raise RuleError("a line rule has a term without a letter or digit; it would match every line")
        self._limits = sorted({LINE_LIMIT, *(rule.longest for rule in patterned)})
        self._longest_term = max(map(len, self._terms), default=0) + _AROUND_TERM
        self._allowed = {
            where: frozenset(n for n, rule in enumerate(patterned) if rule.where in ("anywhere", where))
            for where in get_args(Where)
        }
        keys = itertools.product(self._limits, (False, True))
        self._attempts = {key: _Attempts(_to_try(patterned, *key)) for key in keys}

    def match(self, line: str, folded: str, where: Where) -> Match | None:
        """Return the rule for a line (view text, no spaces around it) that stands at `where` in the document."""
        size = len(line)
        if size > LINE_LIMIT:
            return None
        for match in self._terms.get(_key(folded), ()) if size <= self._longest_term else ():
            if match.where in ("anywhere", where):
                return match
        limit = self._limits[bisect_left(self._limits, size)]
        for number in self._attempts[limit, line[-1] in _FINISHED].worth(folded, self._allowed[where]):
            pattern, match = self._patterns[number]
            if pattern.fullmatch(line):
                return match
        return None


def _to_try(rules: list[LineRule], limit: int, finished: bool) -> list[tuple[int, LineRule]]:
    """Return the rules, numbered, for lines no longer than `limit` and longer than any limit below it."""
    return [
        (number, rule)
        for number, rule in enumerate(rules)
        if rule.longest >= limit and not (finished and rule.unfinished)
    ]


def line_key(line: str) -> str:
    """Return a line as terms are compared: lower case, without bullets and closing punctuation around it."""
    return _key(fold(line))


def _key(folded: str) -> str:
    return folded.strip(" \t»›>•·|:.…-–—▪■►+")
