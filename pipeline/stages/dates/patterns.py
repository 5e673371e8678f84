"""From the rules of `dates.yaml` to candidates: every stretch of the text that looks like a date, decoys included.

A rule is tried where it can begin: at words, which the lexicon's scan has found, and at numbers, which one pattern
finds and tells apart by what follows them. The rule names the groups of words and the kinds of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from pipeline.document import Document
from pipeline.grammar.rules import Rule, RuleError, RuleFile, expand
from pipeline.stages.dates.surroundings import SurroundingsFile, compile_surroundings
from pipeline.stages.dates.values import EMPTY, FIELDS, Partial, full_year

CONTEXT: Final = 48
"""How many characters before a candidate its rule's `after` may look at."""

_FIRST_DIGIT: Final = r"[0-9](?<!\d[.,]\d)(?<!\d\d)"
"""The first digit of a number that no decimal or thousands mark precedes."""

_NAME: Final = re.compile(r"\(\?P<(\w+)>")
"""How a named group opens; names may repeat, so the engine gets the groups without them."""

_REMEMBERED: Final = 1 << 16
"""How many matches to remember the reading of."""


class DateRule(Rule):
    """A rule of `dates.yaml`: a pattern whose named groups make a partial date, or a decoy (`drop`)."""

    pattern: str
    starts: list[str] = Field(default=[])
    """Groups of words and kinds of numbers that it can begin with; none for all of them."""
    kind: Literal["DATE", "DURATION", "SET"] = "DATE"
    value: dict[str, int | str] = Field(default={})
    """Fields of the partial date that every match has."""
    after: str = ""
    """A pattern that must end where the match starts; `pattern` itself looks one character back at most."""
    not_after: str = ""
    """A pattern that must not end where the match starts."""
    weak: bool = False
    """Whether it counts only when joined to another date (`từ 1.3 – 31.5`)."""
    drop: str = ""
    """Why what it matches is no date; empty for dates."""
    cased: bool = False
    """Whether it is matched against the text as written instead of its lower-case form."""


class Follows(BaseModel):
    """What must follow some words of `starts` for any rule to be tried at them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: list[str]
    pattern: str


class DateFile(RuleFile):
    """`dates.yaml`."""

    starts: dict[str, list[str]]
    follows: list[Follows] = Field(default=[])
    numbers: dict[str, str]
    words: dict[str, dict[str, int | str | dict[str, int | str]]]
    surroundings: SurroundingsFile
    rules: list[DateRule]  # type: ignore[assignment]


Test: TypeAlias = Callable[[str, int, int], re.Match[str] | None]


class CompiledRule(NamedTuple):
    """A rule with its patterns compiled; `match` comes first for the loop that tries most rules in vain."""

    match: Callable[[str, int], re.Match[str] | None]
    cased: bool
    rule: DateRule
    after: Test | None
    not_after: Test | None


Rules: TypeAlias = tuple[CompiledRule, ...]


class Start(NamedTuple):
    """The rules that can begin with a word, and what must follow it for that, if anything."""

    rules: Rules
    follows: Callable[[str, int], re.Match[str] | None] | None


@dataclass(slots=True)
class Candidate:
    """A stretch that a rule matched: half-open offsets of the view, and what it states.

    `last` is the second end where the rule (or a join) made a range. Both ends are empty until `Matcher.read` has
    read them from the match: most candidates lose before anyone asks.
    """

    start: int
    end: int
    rule: DateRule
    match: re.Match[str]
    first: Partial = EMPTY
    last: Partial | None = None


class _Group(NamedTuple):
    """A named group of a pattern: its number, the field it fills, and whether that is of the second end of a range."""

    number: int
    name: str
    of_last: bool


class Matcher:
    """All rules, each tried only at the words and numbers that it can start with."""

    def __init__(self, file: DateFile) -> None:
        self.around = compile_surroundings(file.surroundings)
        self._words = file.words
        sources = {rule.id: expand(rule.pattern, file.atoms) for rule in file.rules}
        rules = [_compile(rule, sources[rule.id]) for rule in file.rules]
        self._weak = tuple(rule for rule in rules if rule.rule.weak)
        self._strong = tuple(rule for rule in rules if not rule.rule.weak)
        self._reads = {rule.id: (rule.value, self._groups(rule, sources[rule.id])) for rule in file.rules}
        self._stated = lru_cache(_REMEMBERED)(self._find_stated)
        self._value = lru_cache(_REMEMBERED)(self._find_value)
        _refuse_unknown_starts(file)
        self.starts = _starts(self._strong, file)
        self._numbers = _numbers(file.numbers)
        self._of_kind = {kind: _beginning_with(self._strong, {kind}) for kind in file.numbers}

    def _groups(self, rule: DateRule, source: str) -> list[_Group]:
        """Return the named groups of a pattern in their order.

        Raises:
            RuleError: If one has a name that is no field and cannot be read.
        """
        known = FIELDS | self._words.keys() | _SPECIAL
        groups = []
        for number, opened in enumerate(_NAME.finditer(source), 1):
            name = opened[1].removesuffix("_b")
            if name not in known:
                raise RuleError(f"rule {rule.id}: unknown group {opened[1]!r}; known: {', '.join(sorted(known))}")
            groups.append(_Group(number, name, name != opened[1]))
        return groups

    def candidates(self, document: Document) -> list[Candidate]:
        """Return every candidate of the document, decoys included, not yet read, in no particular order."""
        folded, text = document.view.folded, document.view.text
        found: list[Candidate] = []
        for start, end, (rules, follows) in document.hits.get("dates", ()):
            if follows is None or follows(folded, end):
                _try(rules, folded, text, start, found)
        of_kind = self._of_kind
        for number in self._numbers.finditer(folded):
            _try(of_kind[number.lastgroup or ""], folded, text, number.start(), found)
        return found

    def all_candidates(self, document: Document) -> list[Candidate]:
        """Return the same as `candidates`, found by trying every rule at every place: the measure of the short cut."""
        folded, text = document.view.folded, document.view.text
        places = [hit.start for hit in document.hits.get("dates", ())]
        places += [first.start() for first in re.finditer(_FIRST_DIGIT, folded)]
        found: list[Candidate] = []
        for start in places:
            _try(self._strong, folded, text, start, found)
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

    def _find_stated(self, rule: str, matched: tuple[str | None, ...]) -> tuple[Partial, Partial | None]:
        """Return both ends that a rule reads from the groups of its match."""
        value, groups = self._reads[rule]
        ends: tuple[dict[str, Any], dict[str, Any]] = (dict(value), {})
        for number, name, of_last in groups:
            word = matched[number - 1]
            if word is not None:
                ends[of_last].update(self._value(name, word.lower()))
        return Partial(**ends[0]), Partial(**ends[1]) if ends[1] else None

    def _find_value(self, name: str, matched: str) -> dict[str, Any]:
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


def _compile(rule: DateRule, source: str) -> CompiledRule:
    """Return a rule with its expanded pattern compiled.

    Raises:
        RuleError: If a pattern does not compile, has groups without a name, or would match everywhere.
    """
    try:
        pattern = re.compile(_NAME.sub("(", source))
        after, not_after = (
            re.compile(rf"(?:{before})\Z").search if before else None for before in (rule.after, rule.not_after)
        )
    except re.error as error:
        raise RuleError(f"rule {rule.id} does not compile: {error}") from error
    if pattern.fullmatch(""):
        raise RuleError(f"rule {rule.id} matches the empty string; it would match everywhere")
    if pattern.groups != len(_NAME.findall(source)):
        raise RuleError(f"rule {rule.id} has a group without a name; write (?: instead of (")
    return CompiledRule(pattern.match, rule.cased, rule, after, not_after)


def _refuse_unknown_starts(file: DateFile) -> None:
    known = [*file.starts, *file.numbers]
    for rule in file.rules:
        for group in rule.starts:
            if group not in known:
                raise RuleError(f"rule {rule.id}: starts: unknown group {group!r}; known: {', '.join(known)}")


def _beginning_with(rules: Iterable[CompiledRule], groups: set[str]) -> Rules:
    return tuple(rule for rule in rules if not rule.rule.starts or not groups.isdisjoint(rule.rule.starts))


def _starts(rules: Rules, file: DateFile) -> dict[str, Start]:
    """Return how dates start with each word, which may be of several groups.

    Raises:
        RuleError: If a pattern of `follows` does not compile.
    """
    groups: dict[str, set[str]] = {}
    for group, words in file.starts.items():
        for word in words:
            groups.setdefault(word, set()).add(group)
    follows: dict[str, Callable[[str, int], re.Match[str] | None]] = {}
    for entry in file.follows:
        try:
            follows |= dict.fromkeys(entry.words, re.compile(entry.pattern).match)
        except re.error as error:
            raise RuleError(f"follows: {entry.pattern!r} does not compile: {error}") from error
    return {word: Start(_beginning_with(rules, its), follows.get(word)) for word, its in groups.items()}


def _numbers(kinds: Mapping[str, str]) -> re.Pattern[str]:
    """Return a pattern that finds numbers of any kind by their first digit; the last group that matched is the kind.

    The lookahead inside a lookbehind begins at that digit itself, which is asked for first: the engine skips to one.

    Raises:
        RuleError: If a kind has a name or pattern that does not compile, or groups of its own.
    """
    tests = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items())
    try:
        numbers = re.compile(rf"{_FIRST_DIGIT}(?<=(?={tests})[0-9])")
    except re.error as error:
        raise RuleError(f"numbers: {tests!r} does not compile: {error}") from error
    if numbers.groups != len(kinds):
        raise RuleError("numbers: a kind has a group; write (?: instead of (")
    return numbers


def _try(rules: Rules, folded: str, text: str, position: int, found: list[Candidate]) -> None:
    """Add to `found` a candidate for each of the rules that match at `position`."""
    for match, cased, rule, after, not_after in rules:
        matched = match(text if cased else folded, position)
        if matched is not None and _stands(after, not_after, text if cased else folded, position):
            found.append(Candidate(position, matched.end(), rule, matched))


def _stands(after: Test | None, not_after: Test | None, source: str, position: int) -> bool:
    """Return whether what stands before a position is what a rule asks for."""
    begin = max(0, position - CONTEXT)
    if after is not None and not after(source, begin, position):
        return False
    return not_after is None or not not_after(source, begin, position)


_SPECIAL: Final = frozenset({"short_year", "short_decade", "quarters"})
"""Groups that are no fields but are turned into one."""
