"""From the rules of `dates.yaml` to candidates: every stretch of the text that looks like a date, decoys included.

A rule is tried where it can begin: at words, which the lexicon's scan has found, and at numbers. What follows tells the
places of a word, and the numbers, apart by kinds; few rules can begin at each. The rule names the groups of words with
the kinds of what follows, and the kinds of numbers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from pipeline import alphabet
from pipeline.document import Document
from pipeline.grammar.numbers import digit_spans
from pipeline.grammar.patterns import with_branches
from pipeline.grammar.rules import Rule, RuleError, RuleFile, expand
from pipeline.stages.dates.surroundings import SurroundingsFile, compile_surroundings
from pipeline.stages.dates.values import EMPTY, FIELDS, Partial, full_year

CONTEXT: Final = 48
"""How many characters before a candidate its rule's `after` may look at."""

_NAME: Final = re.compile(r"\(\?P<(\w+)>")
"""How a named group opens; names may repeat, so the engine gets the groups without them."""

_REMEMBERED: Final = 1 << 16
"""How many matches to remember the reading of."""


class DateRule(Rule):
    """A rule of `dates.yaml`: a pattern whose named groups make a partial date, or a decoy (`drop`)."""

    pattern: str
    starts: list[str] = Field(default=[])
    """Groups of words and kinds of numbers that it can begin with; none for all of them."""
    follows: list[str] = Field(default=[])
    """Kinds of what follows such a word, where it has kinds; none for all of them."""
    kind: Literal["DATE", "DURATION", "SET"] = "DATE"
    value: dict[str, int | str] = Field(default={})
    """Fields of the partial date that every match has."""
    after: str = ""
    """A pattern that must end where the match starts; `pattern` itself looks one character back at most."""
    not_after: str = ""
    """A pattern that must not end where the match starts."""
    reach: int = CONTEXT
    """How many characters before the match hold what `after` and `not_after` describe."""
    weak: bool = False
    """Whether it counts only when joined to another date (`từ 1.3 – 31.5`)."""
    drop: str = ""
    """Why what it matches is no date; empty for dates."""
    cased: bool = False
    """Whether it is matched against the text as written instead of its lower-case form."""


class Follows(BaseModel):
    """What can follow some words of `starts`, by kinds; a word that none follows begins nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: list[str]
    kinds: dict[str, str]
    digit_within: int = 0
    """How many characters behind the word hold a digit, if none of the kinds goes without; 0 if one does."""


class Numbers(BaseModel):
    """Kinds of numbers that begin with a pattern."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pattern: str
    kinds: dict[str, str]


class DateFile(RuleFile):
    """`dates.yaml`."""

    starts: dict[str, list[str]]
    follows: list[Follows] = Field(default=[])
    numbers: list[Numbers]
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
    """The rules that can begin with a word, by the kind of what follows; `kind` finds that, if it matters.

    Where `digit_within` is not 0, a digit follows within so many characters, or none of the rules begins there.
    """

    rules: Mapping[str | None, Rules]
    kind: Callable[[str, int], re.Match[str] | None] | None = None
    digit_within: int = 0


Found: TypeAlias = tuple[int, bool, int, int, DateRule, re.Match[str]]
"""A stretch that a rule matched, to be sorted by who wins: less the longer, whether no decoy, where it starts, a number
of its own; then the rule and its match. Plain, for half of them lose before anyone asks what they state."""


@dataclass(slots=True)
class Candidate:
    """A stretch that won: half-open offsets of the view, its rule, and what it states.

    `last` is the second end where the rule (or a join) made a range.
    """

    start: int
    end: int
    rule: DateRule
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
        _refuse_unknown_kinds(file)
        self.starts = _starts(self._strong, file)
        self._number_kind = _numbers(file.numbers, file.atoms).match
        self._of_kind = {kind: _beginning_with(self._strong, {kind}) for group in file.numbers for kind in group.kinds}

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

    def candidates(self, document: Document) -> tuple[list[Found], list[int]]:
        """Return every candidate, decoys included, in no particular order, and the numbers that may open a range.

        Where words begin a date its numbers are part of it and begin none of their own.
        """
        folded, text = document.view.folded, document.view.text
        found: list[Found] = []
        numbers = digit_spans(document)
        following = iter(numbers)
        digit = -1
        plain = not alphabet.has_strange(document.view.codes)  # else there may be digits of other scripts
        for start, end, (rules, kind, digit_within) in document.hits.get("dates", ()):
            if digit_within and plain:
                while digit < end:
                    digit, _ = next(following, _NEVER)
                if digit - end > digit_within:
                    continue
            if kind is None:
                _try(rules[None], folded, text, start, found)
            elif follows := kind(folded, end):
                _try(rules[follows.lastgroup], folded, text, start, found)
        openers: list[int] = []
        number_kind, of_kind = self._number_kind, self._of_kind
        opening, before = self.around.opening, len(self.around.opening)
        for start in _outside(dates_of(found), numbers):
            if number := number_kind(folded, start):
                _try(of_kind[number.lastgroup or ""], folded, text, start, found)
                if folded.startswith(opening, start - before):
                    openers.append(start)
        return found, openers

    def all_candidates(self, document: Document) -> list[Found]:
        """Return the same as `candidates`, found by trying every rule at every place: the measure of the short cut."""
        folded, text = document.view.folded, document.view.text
        rules = tuple(rule._replace(rule=rule.rule.model_copy(update={"reach": CONTEXT})) for rule in self._strong)
        found: list[Found] = []
        for start, _, _ in document.hits.get("dates", ()):
            _try(rules, folded, text, start, found)
        for start in _outside(dates_of(found), digit_spans(document)):
            _try(rules, folded, text, start, found)
        return found

    def weak_at(self, folded: str, text: str, position: int) -> list[Candidate]:
        """Return the weak candidates that start at `position`, longest first."""
        if not self.around.weak.match(folded, position):
            return []
        found: list[Found] = []
        _try(self._weak, folded, text, position, found)
        return [self.read(each) for each in sorted(found)]

    def read(self, found: Found) -> Candidate:
        """Return what was found with what its match states, if it is a date."""
        size, _, start, _, rule, match = found
        if rule.kind != "DATE":
            return Candidate(start, start - size, rule)
        first, last = self._stated(rule.id, match.groups())
        return Candidate(start, start - size, rule, first, last)

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
        pattern = re.compile(_NAME.sub("(", with_branches(source)))
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


def _refuse_unknown_kinds(file: DateFile) -> None:
    starts, follows = (
        [*file.starts, *(kind for group in file.numbers for kind in group.kinds)],
        [kind for entry in file.follows for kind in entry.kinds],
    )
    for rule in file.rules:
        for field, named, known in (("starts", rule.starts, starts), ("follows", rule.follows, follows)):
            for name in named:
                if name not in known:
                    raise RuleError(f"rule {rule.id}: {field}: unknown {name!r}; known: {', '.join(known)}")


def _beginning_with(rules: Iterable[CompiledRule], groups: set[str]) -> Rules:
    return tuple(rule for rule in rules if not rule.rule.starts or not groups.isdisjoint(rule.rule.starts))


def _going_on_with(rules: Rules, kind: str) -> Rules:
    return tuple(rule for rule in rules if not rule.rule.follows or kind in rule.rule.follows)


def _starts(rules: Rules, file: DateFile) -> dict[str, Start]:
    """Return how dates start with each word, which may be of several groups.

    Raises:
        RuleError: If a pattern of `follows` does not compile.
    """
    groups: dict[str, set[str]] = {}
    for group, words in file.starts.items():
        for word in words:
            groups.setdefault(word, set()).add(group)
    kinds = {
        word: (_compile_kinds("follows", _kinds(entry.kinds, file.atoms), len(entry.kinds)).match, entry)
        for entry in file.follows
        for word in entry.words
    }
    starts: dict[str, Start] = {}
    for word, its in groups.items():
        able = _beginning_with(rules, its)
        if word in kinds:
            find, entry = kinds[word]
            starts[word] = Start({kind: _going_on_with(able, kind) for kind in entry.kinds}, find, entry.digit_within)
        else:
            starts[word] = Start({None: able})
    return starts


def _numbers(groups: list[Numbers], atoms: Mapping[str, str]) -> re.Pattern[str]:
    """Return a pattern that matches numbers of any kind; the last group that matched is the kind."""
    tests = "|".join(f"(?={expand(group.pattern, atoms)})(?:{_kinds(group.kinds, atoms)})" for group in groups)
    return _compile_kinds("numbers", tests, sum(len(group.kinds) for group in groups))


def _kinds(kinds: Mapping[str, str], atoms: Mapping[str, str]) -> str:
    return "|".join(f"(?P<{kind}>{expand(pattern, atoms)})" for kind, pattern in kinds.items())


def _compile_kinds(what: str, source: str, count: int) -> re.Pattern[str]:
    """Return a pattern of `count` kinds compiled.

    Raises:
        RuleError: If a kind has a name or pattern that does not compile, or groups of its own.
    """
    try:
        pattern = re.compile(with_branches(source))
    except re.error as error:
        raise RuleError(f"{what}: {source!r} does not compile: {error}") from error
    if pattern.groups != count:
        raise RuleError(f"{what}: a kind has a group; write (?: instead of (")
    return pattern


def dates_of(found: list[Found]) -> list[tuple[int, int]]:
    """Return where the dates among what was found begin and end."""
    return [(start, start - size) for size, no_decoy, start, _, rule, _ in found if no_decoy and rule.kind == "DATE"]


def _outside(dates: list[tuple[int, int]], numbers: list[tuple[int, int]]) -> list[int]:
    """Return where the numbers outside dates that begin with words stand; both come in reading order."""
    following = iter(dates)
    begin, end = next(following, _NEVER)
    outside = []
    for start, _ in numbers:
        while end <= start:
            begin, end = next(following, _NEVER)
        if start < begin:
            outside.append(start)
    return outside


_NEVER: Final = (sys.maxsize, sys.maxsize)


def _try(rules: Rules, folded: str, text: str, position: int, found: list[Found]) -> None:
    """Add to `found` what each of the rules that match at `position` matches."""
    for match, cased, rule, after, not_after in rules:
        source = text if cased else folded
        matched = match(source, position)
        if matched is None:
            continue
        if after or not_after:
            begin = max(0, position - rule.reach)
            if (after and not after(source, begin, position)) or (not_after and not_after(source, begin, position)):
                continue
        found.append((position - matched.end(), not rule.drop, position, len(found), rule, matched))


_SPECIAL: Final = frozenset({"short_year", "short_decade", "quarters"})
"""Groups that are no fields but are turned into one."""
