"""From the rules of `dates.yaml` to candidates: every stretch of the text that looks like a date, decoys included."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import regex
from pydantic import Field

from pipeline.document import Document
from pipeline.grammar.rules import Rule, RuleError, RuleFile, compile_pattern
from pipeline.stages.dates.values import EMPTY, FIELDS, Partial, full_year

REACH: Final = 120
"""The longest expression, in characters, with what stands after it."""

CONTEXT: Final = 48
"""How many characters before a candidate its rule's `after` may look at."""

_NUMBER = re.compile(r"(?<!\d[.,])(?<!\d)\d+")
"""Numbers, without what follows a decimal or thousands mark."""

_REMEMBERED: Final = 1 << 16
"""How many beginnings to remember the rules of; the words and numbers of Vietnamese news give a few thousand."""


class DateRule(Rule):
    """A rule of `dates.yaml`: a pattern whose named groups make a partial date, or a decoy (`drop`)."""

    pattern: str
    kind: Literal["DATE", "DURATION", "SET"] = "DATE"
    value: dict[str, int | str] = Field(default={})
    """Fields of the partial date that every match has."""
    after: str = ""
    """A pattern that must end where the match starts."""
    weak: bool = False
    """Whether it counts only when joined to another date (`từ 1.3 – 31.5`)."""
    drop: str = ""
    """Why what it matches is no date; empty for dates."""
    cased: bool = False
    """Whether it is matched against the text as written instead of its lower-case form."""


class DateFile(RuleFile):
    """`dates.yaml`."""

    starts: list[str]
    words: dict[str, dict[str, int | str | dict[str, int | str]]]
    rules: list[DateRule]  # type: ignore[assignment]


class CompiledRule(NamedTuple):
    """A rule with its patterns compiled; `probe` reads lower case and only tells whether a match could begin."""

    rule: DateRule
    cased: bool
    match: Callable[[str, int, int], regex.Match[str] | None]
    probe: regex.Pattern[str]
    after: Callable[[str], regex.Match[str] | None] | None

    def could_start(self, beginning: str) -> bool:
        """Return whether a text that begins so could match."""
        return self.probe.match(beginning, partial=True) is not None


@dataclass(slots=True)
class Candidate:
    """A stretch that a rule matched: half-open offsets of the view, and what it states.

    `last` is the second end where the rule (or a join) made a range. Both ends are empty until `Matcher.read` has
    read them from the match: most candidates lose before anyone asks.
    """

    start: int
    end: int
    rule: DateRule
    match: regex.Match[str]
    first: Partial = EMPTY
    last: Partial | None = None


class Matcher:
    """All rules, each tried only at the words and numbers that it can start with.

    Which rules can start with a word (or a number of some size) and the two characters after it is found by
    partial matching and remembered: most words and numbers of a text begin no date at all.
    """

    def __init__(self, file: DateFile) -> None:
        self._words = file.words
        rules = [self._compile(rule, file.atoms) for rule in file.rules]
        self._weak = [rule for rule in rules if rule.rule.weak]
        self._strong = [rule for rule in rules if not rule.rule.weak]
        self.starts = file.starts
        self._at_word = lru_cache(_REMEMBERED)(self._find_at_word)
        self._at_number = lru_cache(_REMEMBERED)(self._find_at_number)

    def _find_at_word(self, word: str, tail: str) -> tuple[CompiledRule, ...]:
        rules = self._at_word(word, "") if tail else self._strong
        return tuple(rule for rule in rules if rule.could_start(word + tail))

    def _find_at_number(self, size: str, tail: str) -> tuple[CompiledRule, ...]:
        rules = self._at_number(size, "") if tail else self._strong
        return tuple(rule for rule in rules if any(rule.could_start(number + tail) for number in _SAMPLES[size]))

    def _compile(self, rule: DateRule, atoms: Mapping[str, str]) -> CompiledRule:
        pattern = compile_pattern(rule.pattern, atoms, flags=0)
        known = FIELDS | self._words.keys() | _SPECIAL
        for name in pattern.groupindex:
            if name.removesuffix("_b") not in known:
                raise RuleError(f"rule {rule.id}: unknown group {name!r}; known: {', '.join(sorted(known))}")
        probe = compile_pattern(rule.pattern, atoms) if rule.cased else pattern
        after = regex.compile(rule.after).search if rule.after else None
        return CompiledRule(rule, rule.cased, pattern.match, probe, after)

    def candidates(self, document: Document) -> list[Candidate]:
        """Return every candidate of the document, decoys included, not yet read, in no particular order."""
        folded, text = document.view.folded, document.view.text
        found: list[Candidate] = []
        for hit in document.hits.get("dates", ()):
            rules = self._at_word(hit.value, _tail(folded, hit.end))
            if rules:
                _try(rules, folded, text, hit.start, found)
        for number in _NUMBER.finditer(folded):
            start, end = number.span()
            rules = self._at_number(_size(number[0]), _tail(folded, end))
            if rules:
                _try(rules, folded, text, start, found)
        return found

    def weak_at(self, folded: str, text: str, position: int) -> list[Candidate]:
        """Return the weak candidates that start at `position`, read, longest first."""
        found: list[Candidate] = []
        _try(self._weak, folded, text, position, found)
        for candidate in found:
            self.read(candidate)
        return sorted(found, key=lambda candidate: -candidate.end)

    def read(self, candidate: Candidate) -> None:
        """Fill in what the match of a date states."""
        ends: tuple[dict[str, Any], dict[str, Any]] = (dict(candidate.rule.value), {})
        for name, matched in candidate.match.groupdict().items():
            if matched is None:
                continue
            plain = name.removesuffix("_b")
            ends[plain != name].update(self._value(plain, matched.lower()))
        candidate.first = Partial(**ends[0])
        candidate.last = Partial(**ends[1]) if ends[1] else None

    def _value(self, name: str, matched: str) -> dict[str, Any]:
        """Return the fields of a partial date that a group fills."""
        matched = " ".join(matched.split())
        word = self._words.get(name, {}).get(matched)
        if word is not None:
            return word if isinstance(word, dict) else {name: word}
        if name in ("short_year", "short_decade"):
            return {name.removeprefix("short_"): full_year(int(matched))}
        if name == "quarters":
            return {"months": 3 * self._value("months", matched)["months"]}
        if not matched.isdigit():
            raise RuleError(f"dates.yaml: words.{name} lacks {matched!r}")
        return {name: int(matched)}


def _try(rules: Sequence[CompiledRule], folded: str, text: str, position: int, found: list[Candidate]) -> None:
    """Add to `found` a candidate for each of the rules that match at `position`.

    The reach is bounded because `regex` looks ahead for the literals that a pattern requires, to the end of the text.
    """
    for rule, cased, match, _, after in rules:
        source = text if cased else folded
        matched = match(source, position, position + REACH)
        if matched is None:
            continue
        if after is None or after(source[max(0, position - CONTEXT) : position]):
            found.append(Candidate(position, matched.end(), rule, matched))


_SPECIAL: Final = frozenset({"short_year", "short_decade", "quarters"})
"""Groups that are no fields but are turned into one."""


_TAIL: Final = 2
"""How many characters after its first word or number decide which rules are tried."""

_SAMPLES: Final = {
    "month": ("1", "7", "01", "10", "12"),
    "day": ("13", "24", "25", "31"),
    "two": ("45", "99", "00", "0"),
    "three": ("135", "024"),
    "year": ("2017", "1945", "1010"),
    "long": ("12345", "0912345678", "0123", "2500", "18001234"),
}
"""Numbers that stand for all of their size when rules are probed."""


def _tail(folded: str, end: int) -> str:
    """Return the characters after a word or number that decide which rules are tried, a digit as `2`."""
    tail = folded[end : end + _TAIL]
    return tail[0] + "2" if tail[1:].isdigit() else tail


def _size(number: str) -> str:
    """Return the kind of sample that a number is like."""
    length = len(number)
    if length <= 2:
        value = int(number)
        return "month" if 1 <= value <= 12 else "day" if 13 <= value <= 31 else "two"
    if length == 3:
        return "three"
    return "year" if length == 4 and "1000" <= number < "2200" else "long"
