"""From the rules of `dates.yaml` to candidates: every stretch of the text that looks like a date, decoys included."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import regex
from pydantic import Field

from pipeline.document import Document
from pipeline.grammar.rules import Rule, RuleError, RuleFile, compile_pattern
from pipeline.stages.dates.outline import outline, sample
from pipeline.stages.dates.values import EMPTY, FIELDS, Partial, full_year

REACH: Final = 120
"""The longest expression, in characters, with what stands after it."""

CONTEXT: Final = 48
"""How many characters before a candidate its rule's `after` may look at."""

_NUMBER = re.compile(r"[0-9](?<!\d[.,]\d)(?<!\d\d)[0-9]*")
"""Numbers, without what follows a decimal or thousands mark; the digit comes first so that the engine skips to one."""

_REMEMBERED: Final = 1 << 16
"""How many beginnings to remember the rules of; the words and numbers of Vietnamese news give a few thousand."""

_BEFORE: Final = ("", " ", "a", "(")
"""What may stand before an expression: nothing, a space, a letter for any, a mark for any."""

FEW: Final = 1
"""So many rules are tried at once; to tell more of them apart it pays to look further ahead."""


class DateRule(Rule):
    """A rule of `dates.yaml`: a pattern whose named groups make a partial date, or a decoy (`drop`)."""

    pattern: str
    kind: Literal["DATE", "DURATION", "SET"] = "DATE"
    value: dict[str, int | str] = Field(default={})
    """Fields of the partial date that every match has."""
    after: str = ""
    """A pattern that must end where the match starts; `pattern` itself looks one character back at most."""
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
    after: Callable[[str, int, int], regex.Match[str] | None] | None

    def could_start(self, before: str, beginning: str) -> bool:
        """Return whether a text that begins so could match behind the character `before` (none: it begins the text)."""
        return self.probe.match(before + beginning, len(before), partial=True) is not None


Rules: TypeAlias = tuple[CompiledRule, ...]


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

    Which rules can match a text that begins so (a word or number and its outline) is found by partial matching and
    remembered: most words and numbers of a text begin no date at all.
    """

    def __init__(self, file: DateFile) -> None:
        self._words = file.words
        rules = [self._compile(rule, file.atoms) for rule in file.rules]
        self._weak = [rule for rule in rules if rule.rule.weak]
        self._strong = [rule for rule in rules if not rule.rule.weak]
        self._reads = {rule.rule.id: (rule.rule.value, rule.probe.groupindex) for rule in rules}
        self._stated = lru_cache(_REMEMBERED)(self._find_stated)
        self.starts = file.starts
        self._starting = lru_cache(_REMEMBERED)(self._find_starting)
        self._near = lru_cache(_REMEMBERED)(self._find_near)
        self._further = lru_cache(_REMEMBERED)(self._find_further)

    def _find_starting(self, first: str) -> Rules:
        return tuple(rule for rule in self._strong if any(rule.could_start(before, first) for before in _BEFORE))

    def _find_near(self, before: str, first: str, tail: str) -> Rules:
        return tuple(rule for rule in self._starting(first) if rule.could_start(before, first + tail))

    def _find_further(self, before: str, first: str, tail: str, ahead: str) -> Rules:
        return tuple(rule for rule in self._near(before, first, tail) if rule.could_start(before, first + ahead))

    def _compile(self, rule: DateRule, atoms: Mapping[str, str]) -> CompiledRule:
        pattern = compile_pattern(rule.pattern, atoms, flags=0)
        known = FIELDS | self._words.keys() | _SPECIAL
        for name in pattern.groupindex:
            if name.removesuffix("_b") not in known:
                raise RuleError(f"rule {rule.id}: unknown group {name!r}; known: {', '.join(sorted(known))}")
        probe = compile_pattern(rule.pattern, atoms) if rule.cased else pattern
        after = regex.compile(rule.after, regex.REVERSE).search if rule.after else None
        return CompiledRule(rule, rule.cased, pattern.match, probe, after)

    def candidates(self, document: Document) -> list[Candidate]:
        """Return every candidate of the document, decoys included, not yet read, in no particular order."""
        folded, text = document.view.folded, document.view.text
        near, further = self._near, self._further
        found: list[Candidate] = []
        for first, start, end in _places(document):
            before = folded[start - 1] if start else ""
            tail = folded[end : end + 2]
            if tail[1:].isdigit():
                tail = tail[0] + "2"
            rules = near(before, first, tail)
            if len(rules) > FEW:
                rules = further(before, first, tail, outline(folded, end))
            if rules:
                _try(rules, folded, text, start, found)
        return found

    def all_candidates(self, document: Document) -> list[Candidate]:
        """Return the same as `candidates`, found by trying every rule at every place: the measure of the short cut."""
        found: list[Candidate] = []
        for _, start, _ in _places(document):
            _try(self._strong, document.view.folded, document.view.text, start, found)
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
        candidate.first, candidate.last = self._stated(candidate.rule.id, candidate.match.groups())

    def _find_stated(self, rule: str, groups: tuple[str | None, ...]) -> tuple[Partial, Partial | None]:
        """Return both ends that a rule reads from the groups of its match."""
        value, names = self._reads[rule]
        ends: tuple[dict[str, Any], dict[str, Any]] = (dict(value), {})
        for name, number in names.items():
            matched = groups[number - 1]
            if matched is not None:
                plain = name.removesuffix("_b")
                ends[plain != name].update(self._value(plain, matched.lower()))
        return Partial(**ends[0]), Partial(**ends[1]) if ends[1] else None

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


def _places(document: Document) -> list[tuple[str, int, int]]:
    """Return the words and numbers that a date can start with: the word or the number's sample, start and end."""
    places = [(hit.value, hit.start, hit.end) for hit in document.hits.get("dates", ())]
    places += [(sample(number[0]), *number.span()) for number in _NUMBER.finditer(document.view.folded)]
    return places


def _try(rules: Sequence[CompiledRule], folded: str, text: str, position: int, found: list[Candidate]) -> None:
    """Add to `found` a candidate for each of the rules that match at `position`.

    The reach is bounded because `regex` looks ahead for the literals that a pattern requires, to the end of the text.
    """
    for rule, cased, match, _, after in rules:
        source = text if cased else folded
        matched = match(source, position, position + REACH)
        if matched is None:
            continue
        if after is None or after(source, max(0, position - CONTEXT), position):
            found.append(Candidate(position, matched.end(), rule, matched))


_SPECIAL: Final = frozenset({"short_year", "short_decade", "quarters"})
"""Groups that are no fields but are turned into one."""
