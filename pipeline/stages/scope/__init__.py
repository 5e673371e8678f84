"""When and where an amount or a count holds: the date and the locality that govern it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.stages.scope.context import Context, Fact, Place
from pipeline.stages.scope.periods import Value, last_day, period, value
from pipeline.stages.scope.rules import Prepared, ScopeFile, compile_words
from pipeline.stages.scope.units import place
from pipeline.tables import ArticleRow, DateRow, LinkRow, ModelCountRow, MoneyRow

__all__ = ["Prepared", "ScopeFile", "prepare", "run"]

When = tuple[DateRow, str] | None
"""The governing date and where it comes from."""

Where = tuple[Place, str] | None
"""The governing place and where it comes from."""

_HEADS: Final = frozenset({"title", "lead"})
"""Parts that sum up what the body tells."""


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Prepared:
    """Compile `scope.yaml`."""
    return compile_words(book, lexicon)


def run(document: Document, prepared: Prepared) -> dict[str, list[Any]]:
    """Return amounts and counts with period and unit (`money`, `model_counts`), and what decided (`08_scope`)."""
    placed: dict[str, list[Any]] = {"money": [], "model_counts": [], "08_scope": []}
    if not (document.rows.get("money") or document.rows.get("model_counts")):
        return placed
    article: ArticleRow = document.rows["articles"][0]
    context = Context(document)
    for table in ("money", "model_counts"):
        earlier: dict[Value, DateRow] = {}
        for fact in document.rows.get(table) or []:
            number = context.number(fact)
            when = None if number is None else _when(context, fact, number, earlier, prepared)
            if when is not None and (amount := value(fact)) is not None:
                earlier.setdefault(amount, when[0])
            where = None if number is None else place(context, fact, number, prepared, article.home_unit_path)
            until = last_day(context, when[0], article.published_on, prepared) if when else None
            placed[table].append(_scoped(article, fact, when, until, where))
            placed["08_scope"].append(_link(article, table, fact, when, where))
    return placed


def _when(context: Context, fact: Fact, number: int, earlier: Mapping[Value, DateRow], prepared: Prepared) -> When:
    """Return the date that governs a fact and where it comes from; a headline or lead repeats nothing."""
    found = period(context, fact, number, prepared)
    if found is not None or context.sentences[number].part in _HEADS:
        return found
    amount = value(fact)
    date = None if amount is None else earlier.get(amount)
    return None if date is None else (date, "repeated")


def _scoped(article: ArticleRow, fact: Fact, when: When, until: dt.date | None, where: Where) -> Fact:
    """Return a fact with its period, which ends on `until`, and its unit: the home unit where no place governs it."""
    path, code = where[0][:2] if where else (article.home_unit_path, article.home_unit_code)
    settled = (when[0].date_from if when else None, until, path, code, fact.rule)
    if isinstance(fact, MoneyRow):
        said = fact.amount_min, fact.amount_max, fact.currency, fact.qualifier, fact.per
        return MoneyRow(fact.start, fact.end, *said, *settled)
    counted = fact.count, fact.qualifier, fact.unit, fact.name, fact.status, fact.part_of
    return ModelCountRow(fact.start, fact.end, *counted, *settled)


def _link(article: ArticleRow, table: str, fact: Fact, when: When, where: Where) -> LinkRow:
    return LinkRow(
        fact.start,
        fact.end,
        table,
        when[0].start if when else None,
        where[0].start if where and where[0].path and where[1] != "home" else None,
        when[1] if when else None,
        where[1] if where else ("home" if article.home_unit_path else None),
    )
