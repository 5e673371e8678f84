"""Checking rules: every example must give its value through its rule, every counter-example nothing from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.document import Document
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


EXAMPLE_DAY = "2023-06-15"
"""Day of publication of examples that name none (a Thursday)."""


def _rows(extractor: Extractor, source: RuleSource, text: str, published: str | None) -> list[Any]:
    day = dt.date.fromisoformat(published or EXAMPLE_DAY)
    document = extractor.process(Document("example", text, published_at=day))
    return list(document.rows.get(source.table, []))
