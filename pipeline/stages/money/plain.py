"""Plain amounts: a scale without a currency is money where nothing else is counted and the clause speaks of it."""

from __future__ import annotations

from typing import Final

from pipeline.document import Document
from pipeline.grammar.sentence_index import SentenceIndex
from pipeline.stages.money.amounts import Amount
from pipeline.stages.money.rules import Prepared

_MILLION: Final = 10**6
_MILLIARD: Final = 10**9

_CUES: Final = 90
"""Code points before an amount of millions in which its clause may speak of money."""

_NEAR: Final = 30
"""The same for thousands, which count other things more often, and for what speaks against money."""


def decide(document: Document, sentences: SentenceIndex, amounts: list[Amount], prepared: Prepared) -> None:
    """Drop the plain amounts that count something else or that nothing shows to be money."""
    text = document.view.folded
    sure = [amount.start for amount in amounts if not amount.is_plain and amount.dropped is None]
    for amount in amounts:
        sentence = sentences.at(amount.start)
        if amount.is_plain and amount.dropped is None and sentence is not None:
            among = any(sentence.start <= start < sentence.end for start in sure)
            amount.dropped = _why_not(text, amount, sentence.start, prepared, among_amounts=among)


def _why_not(text: str, amount: Amount, begin: int, prepared: Prepared, *, among_amounts: bool) -> str | None:
    if amount.low is None and not _has_number(text, amount):
        return "no number"
    paid_for = prepared.per_after.match(text, amount.end) is not None
    if not paid_for and not prepared.plain_next.match(text, amount.end):
        return "something else is counted"
    if prepared.against.search(text, max(begin, amount.start - _NEAR), amount.start):
        return "the clause counts something else"
    window = _NEAR if amount.scale < _MILLION else _CUES
    cue = prepared.cues.search(text, max(begin, amount.start - window), amount.start) is not None
    if cue or (amount.scale >= _MILLION and (paid_for or among_amounts or amount.scale >= _MILLIARD)):
        return None
    return "nothing speaks of money"


def _has_number(text: str, amount: Amount) -> bool:
    """Tell whether a vague amount has more than scale words (`hàng chục tỷ`, not the bare `nghìn tỷ`)."""
    return text[amount.start : amount.end].split(maxsplit=1)[0] not in {"chục", "trăm", "nghìn", "ngàn", "vạn", "triệu"}
