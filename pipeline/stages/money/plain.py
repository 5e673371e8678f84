"""Plain amounts: a scale without a currency is money where nothing else is counted and the clause speaks of it."""

from __future__ import annotations

from typing import Final

from pipeline.document import Document
from pipeline.grammar.sentence_index import SentenceIndex
from pipeline.stages.money.amounts import Amount
from pipeline.stages.money.rules import PLAIN, Prepared

_MILLION: Final = 10**6
_MILLIARD: Final = 10**9

_CUES: Final = 90
"""Code points before an amount of millions in which its clause may speak of money."""

_NEAR: Final = 30
"""The same for thousands, which count other things more often, and where an open word follows."""


def decide(document: Document, sentences: SentenceIndex, amounts: list[Amount], prepared: Prepared) -> None:
    """Drop the plain amounts that count something else or that nothing shows to be money."""
    kept = [amount for amount in amounts if amount.dropped is None]
    plain = [amount for amount in kept if amount.rule.id == PLAIN]
    speaks_of_money = len(plain) < len(kept)
    text = document.view.folded
    for amount in plain:
        sentence = sentences.at(amount.start)
        if sentence is not None:
            amount.dropped = _why_not(text, amount, sentence.start, prepared, speaks_of_money=speaks_of_money)


def _why_not(text: str, amount: Amount, begin: int, prepared: Prepared, *, speaks_of_money: bool) -> str | None:
    """Return why an amount is no money; `speaks_of_money` tells whether the article has amounts with a currency."""
    if amount.low is None and text[amount.start : amount.end].split(maxsplit=1)[0] in prepared.plain_scales:
        return "no number"
    near = _evidence(text, amount, begin, _NEAR, prepared)
    paid_for = prepared.per_after.match(text, amount.end) or prepared.money_next.match(text, amount.end)
    if not paid_for and prepared.plain_counted.match(text, amount.end):
        return "something else is counted"
    open_word = not paid_for and not prepared.plain_next.match(text, amount.end)
    if open_word and (amount.scale < _MILLION or (amount.scale < _MILLIARD and near != "cue")):
        return "something else is counted"
    evidence = near if amount.scale < _MILLION else _evidence(text, amount, begin, _CUES, prepared)
    if evidence == "against":
        return "the clause counts something else"
    sure = amount.scale >= _MILLIARD or (speaks_of_money and amount.scale >= _MILLION)
    return None if evidence == "cue" or paid_for or sure else "nothing speaks of money"


def _evidence(text: str, amount: Amount, begin: int, window: int, prepared: Prepared) -> str | None:
    """Return what the last telling word before an amount says: `cue`, `against` (only if near), or None."""
    pattern = prepared.evidence if amount.scale >= _MILLION else prepared.evidence_thousands
    found = list(pattern.finditer(text, max(begin, amount.start - window), amount.start))
    if not found or (found[-1].lastgroup == "against" and found[-1].start() < amount.start - _NEAR):
        return None
    return found[-1].lastgroup
