"""Amounts of money: a number and a currency, or a number with a scale where money is plainly meant."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any, Final

from pipeline.document import Document
from pipeline.grammar.sentence_index import SentenceIndex
from pipeline.stages.money.amounts import Amount, anchors, candidates
from pipeline.stages.money.plain import decide
from pipeline.stages.money.rules import MoneyFile, Prepared, prepare
from pipeline.tables import CandidateRow, MoneyRow

__all__ = ["MoneyFile", "Prepared", "describe", "prepare", "run"]

_CENT: Final = Decimal("0.01")
_LIMIT: Final = Decimal(10) ** 22
"""Amounts from here on do not fit the column: 24 digits, 2 of them decimals."""

_REMEMBERED: Final = 1 << 12
"""How many amounts to remember the short form of; the same ones come often."""

_PER_WINDOW: Final = 40
"""Code points before an amount in which `mỗi …` is looked for."""


def run(document: Document, prepared: Prepared) -> dict[str, list[Any]]:
    """Return the amounts (`money`) and every candidate with why it was dropped (`06_money`)."""
    places = anchors(document, prepared)
    if not places:
        return {"money": [], "06_money": []}
    sentences = SentenceIndex(document)
    amounts = candidates(document, sentences, places, prepared)
    decide(document, sentences, amounts, prepared)
    text = document.view.folded
    rows = [_row(text, amount, prepared) for amount in amounts if amount.dropped is None]
    return {"money": rows, "06_money": [_candidate(amount) for amount in amounts]}


def _row(text: str, amount: Amount, prepared: Prepared) -> MoneyRow:
    low, high = amount.low, amount.high
    start, qualifier = prepared.qualifiers.before(text, amount.start)
    if amount.is_range and text.endswith("từ ", 0, start):
        start, qualifier = prepared.qualifiers.before(text, start - len("từ "))
    return MoneyRow(
        start=start,
        end=amount.end,
        amount_min=(least := _exact(low)),
        amount_max=least if high is low else _exact(high),
        currency=amount.rule.currency,
        qualifier=qualifier or prepared.qualifiers.after(text, amount.end),
        per=_per(text, start, amount.end, prepared),
        rule=amount.rule.id,
    )


def _exact(value: Decimal | None) -> Decimal | None:
    """Return the value in hundredths of the unit, the precision of the column; None if it does not fit."""
    if value is None or value >= _LIMIT:
        return None
    return value.quantize(_CENT, ROUND_HALF_EVEN) if value % _CENT else value


def _per(text: str, start: int, end: int, prepared: Prepared) -> str | None:
    """Return what the amount is paid for, as written (`/người/tháng`, `mỗi ngôi nhà`)."""
    after = prepared.per_after.match(text, end)
    if after:
        return after[0].strip(" ,")
    before = prepared.per_before.search(text, max(0, start - _PER_WINDOW), start)
    return before[0] if before else None


def _candidate(amount: Amount) -> CandidateRow:
    return CandidateRow(
        amount.start,
        amount.end,
        amount.dropped is None,
        _short(amount.low, amount.high, amount.rule.currency),
        amount.dropped,
        amount.rule.id,
    )


def _short(low: Decimal | None, high: Decimal | None, currency: str) -> str:
    if low is None or high is None:
        return f"null {currency}"
    return _written(low, currency) if high is low or low == high else f"{low.normalize():f}-{_written(high, currency)}"


@lru_cache(_REMEMBERED)
def _written(value: Decimal, currency: str) -> str:
    return f"{value.normalize():f} {currency}"


def describe(row: MoneyRow) -> str:
    """Return a row in the short form of the rules' examples: `5000000-10000000 VND`, `null VND`."""
    return _short(row.amount_min, row.amount_max, row.currency)
