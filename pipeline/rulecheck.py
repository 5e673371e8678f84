"""Checking rules by running them: examples must give their value, counter-examples nothing, every term something."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.document import Document, View
from pipeline.extractor import Extractor
from pipeline.grammar.rules import Example, Rule, RuleBook
from pipeline.stages import STAGES, RuleSource


@dataclass(frozen=True, slots=True)
class Failure:
    """An example or counter-example that a rule does not live up to."""

    file: str
    rule: str
    text: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}: {self.text!r}: {self.problem}"


def sources() -> Iterator[RuleSource]:
    """Yield the rule files of all stages."""
    for stage in STAGES:
        yield from stage.rules


def rules_of(book: RuleBook, source: RuleSource) -> list[Rule]:
    """Return the rules of one rule file, checked."""
    return list(book.load(source.file, source.shape).rules)


def check(extractor: Extractor) -> Iterator[Failure]:
    """Yield every failure of every rule's examples and counter-examples."""
    for source in sources():
        for rule in rules_of(extractor.book, source):
            for example in rule.examples:
                yield from check_example(extractor, source, rule, example)
            for text in rule.counter:
                yield from check_counter(extractor, source, rule, text)


def check_example(extractor: Extractor, source: RuleSource, rule: Rule, example: Example) -> Iterator[Failure]:
    """Yield a failure unless the text gives exactly the example's values, one of them at least by this rule."""
    rows = _rows(extractor, source, example.text, example.published)
    got = [source.describe(row) for row in rows]
    want = [example.value] if isinstance(example.value, str) else list(example.value)
    if got != want:
        yield Failure(source.file, rule.id, example.text, f"want {want}, got {got}")
    elif all(row.rule != rule.id for row in rows):
        yield Failure(source.file, rule.id, example.text, f"made by {sorted({row.rule for row in rows})} instead")


def check_counter(extractor: Extractor, source: RuleSource, rule: Rule, text: str) -> Iterator[Failure]:
    """Yield a failure if the rule makes a row of the text."""
    rows = [row for row in _rows(extractor, source, text, None) if row.rule == rule.id]
    if rows:
        yield Failure(source.file, rule.id, text, f"must yield nothing, got {[source.describe(row) for row in rows]}")


@dataclass(frozen=True, slots=True)
class Idle:
    """A term of a rule that gives no row of the rule where another of its terms does."""

    file: str
    rule: str
    term: str
    text: str
    winners: tuple[str, ...]

    def __str__(self) -> str:
        why = f"shadowed by {', '.join(self.winners)}" if self.winners else "unused: nothing comes of it"
        return f"{self.file}: {self.rule}: {self.term!r} is {why} in {self.text!r}"


def idle_terms(extractor: Extractor) -> Iterator[Idle]:
    """Yield terms that are shadowed or unused: put into their rule's example in place of the term that stands there."""
    for source in sources():
        for rule in rules_of(extractor.book, source):
            yield from _idle_terms(extractor, source, rule)


def _idle_terms(extractor: Extractor, source: RuleSource, rule: Rule) -> Iterator[Idle]:
    terms = [str(term) for term in getattr(rule, "terms", ())]
    frame = next(filter(None, (_frame(example, terms) for example in rule.examples)), None)
    if frame is None:
        return
    before, after, published = frame
    for term in terms:
        text = before + term + after
        made_by = {row.rule for row in _rows(extractor, source, text, published)}
        if rule.id not in made_by:
            yield Idle(source.file, rule.id, term, text, tuple(sorted(made_by)))


def _frame(example: Example, terms: list[str]) -> tuple[str, str, str | None] | None:
    """Return what stands before and after the longest of the terms in the example, and the example's day."""
    text = View(example.text).folded
    for term in sorted((View(term).folded for term in terms), key=len, reverse=True):
        found = re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text)
        if found and len(text) == len(example.text):
            return example.text[: found.start()], example.text[found.end() :], example.published
    return None


EXAMPLE_DAY = "2023-06-15"
"""Day of publication of examples that name none (a Thursday)."""


def _rows(extractor: Extractor, source: RuleSource, text: str, published: str | None) -> list[Any]:
    day = dt.date.fromisoformat(published or EXAMPLE_DAY)
    document = extractor.process(Document("example", text, published_at=day))
    return list(document.rows.get(source.table, []))
