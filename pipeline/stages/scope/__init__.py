"""When and where an amount or a count holds: the date and the locality that govern it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.stages.scope.context import Context, Fact
from pipeline.stages.scope.periods import last_day, period
from pipeline.stages.scope.rules import Prepared, ScopeFile, compile_words
from pipeline.stages.scope.units import place
from pipeline.tables import ArticleRow, LinkRow

__all__ = ["Prepared", "ScopeFile", "prepare", "run"]


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Prepared:
    """Compile `scope.yaml`."""
    return compile_words(book)


def run(document: Document, prepared: Prepared) -> dict[str, list[Any]]:
    """Return amounts and counts with period and unit (`money`, `model_counts`), and what decided (`08_scope`)."""
    placed: dict[str, list[Any]] = {"money": [], "model_counts": [], "08_scope": []}
    context: Context | None = None
    for table in ("money", "model_counts"):
        for fact in document.rows.get(table) or []:
            context = context or Context(document)
            scoped, link = _place(document.rows["articles"][0], context, table, fact, prepared)
            placed[table].append(scoped)
            placed["08_scope"].append(link)
    return placed


def _place(article: ArticleRow, context: Context, table: str, fact: Fact, prepared: Prepared) -> tuple[Fact, LinkRow]:
    number = context.number(fact)
    when = None if number is None else period(context, fact, number, prepared)
    where = None if number is None else place(context, fact, number, prepared, article.home_unit_path)
    date = when[0] if when else None
    path, code = (where[0].path, where[0].code) if where else (article.home_unit_path, article.home_unit_code)
    scoped = replace(
        fact,
        period_from=date.date_from if date else None,
        period_to=last_day(context, date, article.published_on, prepared) if date else None,
        unit_path=path,
        unit_code=code,
    )
    by = where[1] if where else ("home" if path else None)
    start = where[0].start if where and path else None
    return scoped, LinkRow(
        fact.start, fact.end, table, date.start if date else None, start, when[1] if when else None, by
    )
