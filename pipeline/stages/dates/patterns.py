"""From the rules of `dates.yaml` to candidates: every stretch of the text that looks like a date, decoys included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import regex

from pipeline.document import Document
from pipeline.grammar.rules import Rule, RuleError, RuleFile, compile_pattern
from pipeline.stages.dates.values import FIELDS, Partial, full_year

CONTEXT: Final = 24
"""How many characters before a candidate its rule's `after` may look at."""

_NUMBER = regex.compile(r"(?<!\d)\d{1,4}(?!\d)|(?<!\d)\d{5,}")


class DateRule(Rule):
    """A rule of `dates.yaml`: a pattern whose named groups make a partial date, or a decoy (`drop`)."""

    pattern: str
    kind: Literal["DATE", "DURATION", "SET"] = "DATE"
    value: dict[str, int | str] = {}
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
    words: dict[str, dict[str, int | str]]
    rules: list[DateRule]  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its patterns compiled."""

    rule: DateRule
    pattern: regex.Pattern[str]
    after: regex.Pattern[str] | None


@dataclass(slots=True)
class Candidate:
    """A stretch that a rule matched: half-open offsets of the view, and what it states.

    `last` is the second end where the rule (or a join) made a range.
    """

    start: int
    end: int
    rule: DateRule
    first: Partial
    last: Partial | None = None


class Matcher:
    """All rules, ready to be tried at the words and numbers that they can start with."""

    def __init__(self, file: DateFile) -> None:
        self._words = file.words
        rules = [self._compile(rule, file.atoms) for rule in file.rules]
        weak = [rule for rule in rules if rule.rule.weak]
        strong = [rule for rule in rules if not rule.rule.weak]
        self.by_word = {word: _starting_with(strong, word) for word in file.starts}
        self._by_number = _starting_with(strong, "1")
        self._weak = weak

    def _compile(self, rule: DateRule, atoms: Mapping[str, str]) -> CompiledRule:
        pattern = compile_pattern(rule.pattern, atoms, flags=0)
        known = FIELDS | self._words.keys() | _SPECIAL
        for name in pattern.groupindex:
            if name.removesuffix("_b") not in known:
                raise RuleError(f"rule {rule.id}: unknown group {name!r}; known: {', '.join(sorted(known))}")
        after = regex.compile(rule.after) if rule.after else None
        return CompiledRule(rule, pattern, after)

    def candidates(self, document: Document) -> Iterator[Candidate]:
        """Yield every candidate of the document, decoys included, in no particular order."""
        view = document.view
        for hit in document.hits.get("dates", ()):
            yield from self._at(view.folded, view.text, hit.start, hit.value)
        for number in _NUMBER.finditer(view.folded):
            yield from self._at(view.folded, view.text, number.start(), self._by_number)

    def weak_at(self, folded: str, text: str, position: int) -> list[Candidate]:
        """Return the weak candidates that start at `position`, longest first."""
        found = self._at(folded, text, position, self._weak)
        return sorted(found, key=lambda candidate: -candidate.end)

    def _at(self, folded: str, text: str, position: int, rules: list[CompiledRule]) -> Iterator[Candidate]:
        for compiled in rules:
            rule = compiled.rule
            match = compiled.pattern.match(text if rule.cased else folded, position)
            if match is None:
                continue
            if compiled.after and not compiled.after.search(folded[max(0, position - CONTEXT) : position]):
                continue
            start, end = match.span()
            if rule.drop or rule.kind != "DATE":
                yield Candidate(start, end, rule, Partial())
            else:
                first, last = self._read(match.groupdict(), rule)
                yield Candidate(start, end, rule, first, last)

    def _read(self, groups: Mapping[str, str | None], rule: DateRule) -> tuple[Partial, Partial | None]:
        ends: tuple[dict[str, Any], dict[str, Any]] = (dict(rule.value), {})
        for name, matched in groups.items():
            if matched is None:
                continue
            plain = name.removesuffix("_b")
            field, value = self._value(plain, matched.lower())
            ends[plain != name][field] = value
        last = Partial(**ends[1]) if ends[1] else None
        return Partial(**ends[0]), last

    def _value(self, name: str, matched: str) -> tuple[str, Any]:
        """Return the field of a partial date that a group fills and the value it gives it."""
        words = self._words.get(name, {})
        matched = " ".join(matched.split())
        if matched in words:
            return name, words[matched]
        if name == "short_year":
            return "year", full_year(int(matched))
        if name == "quarters":
            return "months", 3 * self._value("months", matched)[1]
        if not matched.isdigit():
            raise RuleError(f"dates.yaml: words.{name} lacks {matched!r}")
        return name, int(matched)


_SPECIAL: Final = frozenset({"short_year", "quarters"})
"""Groups that are no fields but are turned into one."""


def _starting_with(rules: list[CompiledRule], word: str) -> list[CompiledRule]:
    """Return the rules that could match a text that begins with `word`."""
    return [
        rule
        for rule in rules
        if rule.pattern.match(word + " ", partial=True)
        or rule.pattern.match(word, partial=True)
        or (rule.rule.cased and rule.pattern.match(word.capitalize() + " ", partial=True))
    ]
