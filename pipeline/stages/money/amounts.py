"""Candidates: a numeral beside a currency or with a scale of its own, alone or as the ends of a range or ratio."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.document import Document
from pipeline.grammar.composer import AND_HALF, SCALE, Token
from pipeline.grammar.lexicon import Hit
from pipeline.grammar.numbers import LEXICON_KIND as NUMBER_KIND
from pipeline.grammar.numbers import Numeral, glued_digits, link
from pipeline.grammar.sentence_index import SentenceIndex
from pipeline.stages.money.rules import LEXICON_KIND, PLAIN, Currency, MoneyRule, Prepared

_THOUSAND: Final = 1000
_MILLION: Final = 10**6
_FOREIGN_GROUPS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
"""`500,000 đồng`: three decimals of a coin do not exist, so the comma parts thousands."""

_NAME = re.compile(r"[^\W\d_a-zđ][a-zà-ỹ]+ [^\W\d_a-zà-ỹđ]")
"""Two words with capitals, such as `Đồng Khởi`."""

_BLANKS: Final = frozenset(" \n")
_DIGITS: Final = frozenset("0123456789")
_BEFORE_WORDS: Final = _DIGITS | {")"}
"""What stands, a blank aside, before a scale or a currency that belongs to a number: a digit, or `15 (mười lăm)`."""

_BETWEEN: Final = 24
"""Code points between the ends of a range or ratio, qualifiers included."""

_PREFIX_WINDOW: Final = 6
_SPLIT_WINDOW: Final = 16
_DECIMALS: Final = 3
"""Digits that a whole number or its decimals may have where a misprinted space splits them."""

_NOTE_WINDOW: Final = 30

Written = tuple[int, int, str]
"""A word behind a number: where it begins and ends, and the word."""


@dataclass(slots=True)
class Amount:
    """A candidate: its span, its bounds (None if vague), its rule, the scale it ends in, and why it was dropped."""

    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    rule: MoneyRule
    scale: int
    is_range: bool = False
    dropped: str | None = None

    @property
    def is_plain(self) -> bool:
        """Tell whether no currency is written."""
        return self.rule.id == PLAIN


def candidates(document: Document, sentences: SentenceIndex, places: list[int], prepared: Prepared) -> list[Amount]:
    """Return the candidates in the sentences of `places` in reading order."""
    text = document.view.folded
    words: list[Hit] = document.hits.get(LEXICON_KIND) or []
    currencies = {word[0]: word for word in words}
    found: list[Amount] = []
    before: Numeral | None = None
    last: Amount | None = None
    for numeral in prepared.numbers.find(document, sentences.around(places)):
        end = numeral[1]
        written: Written | None = None
        if text[end : end + 1] not in _BLANKS:
            if glued := prepared.glued.match(text, end):
                written = end, glued.end(), glued[0]
        elif end + 1 in currencies:
            written = currencies[end + 1]
        amount = _beside_currency(document, numeral, written, last, prepared)
        if amount is not None and (amount.start == numeral[0] or sentences.at(amount.start) is not None):
            if last is not None and link(text, last.end, amount.start) == "range" and _extend(text, last, amount):
                continue
            if _is_one(text, amount) and last is not None and text[last.end : amount.start] == " ":
                amount.dropped = "what the amount before is paid for"
            if before is not None and amount.start == numeral.start and amount.start - before.end <= _BETWEEN:
                found += _partner(text, before, amount, prepared)
            found.append(amount)
            last = amount
        before = numeral
    return found


def anchors(document: Document, prepared: Prepared) -> list[int]:
    """Return where an amount may be: scales and currencies beside a number, or written against its digits."""
    text = document.view.folded
    anchors = [
        digit
        for digit in glued_digits(document)
        if prepared.glued.match(text, digit + 1) or prepared.numbers.has_scale_against(text, digit + 1)
    ]
    codes = document.view.codes
    for symbol in prepared.symbols:
        at = codes.find(symbol)
        while at >= 0:
            anchors.append(at)
            at = codes.find(symbol, at + 1)
    numbers: list[Token] = document.hits.get(NUMBER_KIND) or []
    ends = {end for _, end, _ in numbers}
    anchors += [start for start, _, (role, _) in numbers if role is AND_HALF]
    places = [(start, end) for start, end, (role, _) in numbers if role is SCALE]
    places += [(start, end) for start, end, _ in document.hits.get(LEXICON_KIND) or ()]
    for start, end in places:
        left = start - 1 if text[start - 1 : start] in _BLANKS else start
        right = end + 1 if text[end : end + 1] in _BLANKS else end
        if text[left - 1 : left] in _BEFORE_WORDS or start - 1 in ends or text[right : right + 1] in _DIGITS:
            anchors.append(start)
    return anchors


def _is_one(text: str, amount: Amount) -> bool:
    return text.startswith("một ", amount.start) and amount.low == 1


def _extend(text: str, first: Amount, second: Amount) -> bool:
    """Make `first` the range from `first` to `second` (`500.000 đồng đến 1 triệu đồng`); False if it is none."""
    if first.dropped or second.dropped or first.is_range:
        return False
    if first.rule.currency != second.rule.currency and not (first.is_plain or second.is_plain):
        return False
    shared = second.scale if first.scale == 1 and text[first.end - 1].isdigit() else 1
    low = None if first.low is None else first.low * shared
    if low is not None and second.high is not None and low >= second.high:
        return False
    first.low, first.high = (None, None) if low is None or second.high is None else (low, second.high)
    first.rule = second.rule if first.is_plain else first.rule
    first.end, first.scale, first.is_range = second.end, second.scale, True
    return True


def _join_decimals(text: str, before: Numeral, amount: Amount, prepared: Prepared) -> None:
    """Widen `amount` to the number that a space behind its comma splits (`trị giá 31, 418 tỷ`)."""
    decimals = text[amount.start : amount.end].partition(" ")[0]
    whole = text[before.start : before.end]
    if amount.scale < _MILLION or text[before.end : amount.start] != ", " or before.scale > 1:
        return
    if not (decimals.isdecimal() and whole.isdecimal() and 2 <= len(decimals) <= _DECIMALS >= len(whole)):
        return
    if not prepared.split_after.search(text, max(0, before.start - _SPLIT_WINDOW), before.start):
        return
    amount.start = before.start
    amount.low = amount.high = Decimal(f"{whole}.{decimals}") * amount.scale


def _partner(text: str, before: Numeral, amount: Amount, prepared: Prepared) -> Iterator[Amount]:
    """Widen `amount` to the range it ends (`70 – 120 triệu`), or yield the first half of a ratio (`9,5/10 tỷ`)."""
    if prepared.numbers.is_label(text, before.start):
        return
    how = link(text, before.end, amount.start)
    if how is None:
        _join_decimals(text, before, amount, prepared)
    if how is None or amount.dropped or before.scale > 1:
        return
    if how == "ratio":
        low = None if before.low is None else before.low * amount.scale
        yield Amount(before.start, before.end, low, low, amount.rule, amount.scale)
        return
    low, high = before.low, amount.high
    if low is None or high is None:
        low = high = None
    else:
        if amount.scale == 1 and low < _THOUSAND and low * _THOUSAND < high < _MILLION and high % _THOUSAND == 0:
            low *= _THOUSAND  # `20 - 21.000 đồng`
        has_from = text.endswith("từ ", 0, before.start)
        scales = [amount.scale, *([amount.scale // _THOUSAND] if has_from and amount.scale > _THOUSAND else [])]
        low = next((low * scale for scale in scales if low * scale < high), None)
        if low is None:
            return
    amount.start, amount.low, amount.high, amount.is_range = before.start, low, high, True


def _beside_currency(
    document: Document, numeral: Numeral, written: Written | None, last: Amount | None, prepared: Prepared
) -> Amount | None:
    """Return the candidate that a numeral makes with its currency, that of the range it ends, or its scale.

    `written` is the word right behind it, if that may be a currency.
    """
    text = document.view.folded
    start, end, low, high, scale, _ = numeral
    currency = None if written is None else prepared.by_term.get(written[2])
    if written is not None and currency is not None:
        if low is not None and high is not None and _FOREIGN_GROUPS.fullmatch(text, start, end):
            low = high = low * _THOUSAND
        amount = Amount(start, written[1], low, high, currency.rule, scale)
        amount.dropped = _why_another_word(document, currency, amount, written[0], prepared)
    elif (match := _prefix(text, numeral, last, prepared)) is not None:
        amount = Amount(match.start(), end, low, high, prepared.by_prefix[match[1]].rule, scale)
    elif scale >= _THOUSAND:
        amount = Amount(start, end, low, high, prepared.plain.rule, scale)
    elif last is not None and _ends_prefixed_range(text, last, numeral):
        amount = Amount(start, end, low, high, last.rule, scale)
    else:
        return None
    if amount.dropped is None and amount.scale == 1 and amount.rule.currency == "VND" and _is_one(text, amount):
        amount.dropped = "an idiom"  # `không mất một đồng`
    if text.endswith(prepared.note_ends, 0, start) and prepared.note.search(text, max(0, start - _NOTE_WINDOW), start):
        amount.dropped = "bank-note"
    return amount


def _prefix(text: str, numeral: Numeral, last: Amount | None, prepared: Prepared) -> re.Match[str] | None:
    """Return the currency written before a number in digits, unless it belongs to the amount before."""
    start = numeral.start
    blank = text[start - 1 : start] == " "
    if text[start - 1 - blank : start - blank] not in prepared.prefix_ends or numeral.words:
        return None
    match = prepared.before.search(text, max(0, start - _PREFIX_WINDOW), start)
    return match if match and (last is None or last.end <= match.start()) else None


def _ends_prefixed_range(text: str, last: Amount, numeral: Numeral) -> bool:
    """Tell whether a bare number ends the range that a currency opened (`$20-25`)."""
    opened = last.scale == 1 and text[last.end - 1].isdigit() and not last.is_plain
    return opened and link(text, last.end, numeral.start) == "range"


def _why_another_word(
    document: Document, currency: Currency, amount: Amount, term: int, prepared: Prepared
) -> str | None:
    """Return why what follows the number is no currency (`đồng chí`, `Đồng Nai`, `10đ`), None if it is one.

    Numbers that are labels (`năm 2010 đồng thời`) are suspected like small ones.
    """
    text = document.view.folded
    if currency.never is not None and currency.never.match(text, amount.end):
        return "part of another word"
    if amount.scale != 1:
        return None
    small = amount.low is None or amount.low < _THOUSAND or prepared.numbers.is_label(text, amount.start)
    if small and currency.weak is not None and currency.weak.match(text, amount.end):
        return "part of another word"
    if amount.low is not None and amount.low < currency.rule.least:
        return "too small for the currency"
    if small and _NAME.match(document.view.text, term):
        return "part of a name"
    return None
