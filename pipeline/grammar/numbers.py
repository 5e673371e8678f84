"""Vietnamese numbers, in digits and in words, as exact values.

`NumberGrammar.find` reads the number tokens of the sentences that a stage asks for (words come from the lexicon's scan,
digits from one pattern) and composes them into numerals: `2.391`, `3,6 triệu`, `hai mươi lăm`, `2 tỷ 300 triệu`.
`link` says how two neighbouring numerals belong together: as the ends of a range or as a ratio.

Values are `Decimal` and exact. A number that cannot be decided (`hàng chục`, `vài trăm`, `1.23.4`) has no value.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

from pipeline import alphabet
from pipeline.document import Document
from pipeline.grammar.composer import Composer, Role, Token
from pipeline.grammar.lexicon import Hit, LexiconBuilder
from pipeline.grammar.rules import RuleBook, RuleFile, alternatives

LEXICON_KIND: Final = "number"
DIGITS_KIND: Final = "digits"
"""Where `Document.hits` keeps the numbers in digits, once somebody has asked for them."""

_TEN: Final = Decimal(10)


class NumbersFile(RuleFile):
    """`numbers.yaml`: number words by their role."""

    ones: dict[str, int]
    late_ones: dict[str, int]
    ten: list[str]
    tens: list[str]
    dozens: list[str]
    hundred: list[str]
    scales: dict[str, int]
    glued_scales: dict[str, int]
    zero: list[str]
    link: list[str]
    and_half: list[str]
    half: list[str]
    few: list[str]
    mass: list[str]
    pairs: list[tuple[int, int]]
    qualifiers: dict[str, list[str]]
    qualifiers_after: dict[str, list[str]]
    labels: list[str]


class Numeral(NamedTuple):
    """A number in a text.

    Attributes:
        start, end: Half-open span in the view.
        low, high: Its value; they differ for neighbours said together (`hai ba trăm`), both are None if vague.
        scale: The scale word it ends in (1000 for `3 nghìn`), 1 if none; what `2-3 triệu` shares.
        words: Whether it is made of words alone.
    """

    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    scale: int = 1
    words: bool = False


_START: Final = attrgetter("start")
_REMEMBERED: Final = 1 << 14
"""How many numbers in digits to remember the values of."""

_new = tuple.__new__
"""Makes the tuples of hot loops; their own constructors take twice as long."""

_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_DIGIT_OR_MARK: Final = alphabet.table(lambda char: "1" if char in "0123456789" else "," if char in ".," else " ")
_ONES_AND_MARKS = re.compile(rb"11*(?:,11*)*")
"""The same as `_DIGITS` in bytes of that table; it begins with one byte for the engine to skip to."""
_SPACED = re.compile(r"(?: [0-9]{3})+(?![0-9.,]*[0-9])")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")


def digit_spans(document: Document) -> list[tuple[int, int]]:
    """Return where the numbers in ASCII digits stand, decimal and thousands marks in them included."""
    spans: list[tuple[int, int]] | None = document.hits.get(DIGITS_KIND)
    if spans is None:
        ones = document.view.codes.translate(_DIGIT_OR_MARK)
        spans = document.hits[DIGITS_KIND] = [match.span() for match in _ONES_AND_MARKS.finditer(ones)]
    return spans


@lru_cache(_REMEMBERED)
def digits_value(text: str) -> Decimal | None:
    """Return the value of digits with Vietnamese separators: dot for thousands, comma for decimals.

    A lone dot that cannot part thousands is read as a decimal one (`3.6`), repeated commas as thousands
    (`1,452,000`); anything else mixed or uneven (`1.23.4`, `20.000.00`) has no value.
    """
    if text.isascii() and text.isdecimal():
        return Decimal(text)
    plain = _without_groups(text) if _DIGITS.fullmatch(text) else None
    return None if plain is None else Decimal(plain)


def _without_groups(text: str) -> str | None:
    """Return digits with a decimal point at most, None where the separators are mixed or uneven."""
    whole, comma, fraction = text.partition(",")
    if comma and fraction.isdecimal() and _is_grouped(whole, "."):
        return whole.replace(".", "") + "." + fraction
    if not comma and _is_grouped(whole, "."):
        return whole.replace(".", "")
    if text.count(",") > 1 and _is_grouped(text, ","):
        return text.replace(",", "")
    return text if not comma and text.count(".") == 1 else None


def _is_grouped(text: str, separator: str) -> bool:
    if text.isdecimal():
        return True
    match = _GROUPED.fullmatch(text)
    return match is not None and match[1] == separator and not text.startswith("0")


class NumberGrammar:
    """Finds numerals; made once, with the number words registered in the lexicon.

    Raises:
        RuleError: If `numbers.yaml` is broken.
    """

    def __init__(self, book: RuleBook, lexicon: LexiconBuilder) -> None:
        file = book.load("numbers.yaml", NumbersFile)
        self._pairs = {(Decimal(low), Decimal(high)) for low, high in file.pairs}
        lexicon.add(LEXICON_KIND, _terms(file))
        self._label = re.compile(rf"(?:(?<!\w)(?<!tổng )(?<!trong ){alternatives(file.labels)} |[/.\-–])\Z")
        glued = "|".join(sorted(file.glued_scales, key=len, reverse=True))
        self._glued = re.compile(rf"({glued})(?![^\W\d_]|-[0-9]+(?!(?:{glued})))")
        self._glued_scales = file.glued_scales

    def find(self, document: Document, spans: Iterable[tuple[int, int]]) -> list[Numeral]:
        """Return the numerals in `spans` of the document's view (ascending, half open); neither overlap."""
        text = document.view.folded
        numerals: list[Numeral] = []
        run: list[Token] = []
        reached = -1
        for token in _without_repeats(text, self._tokens(text, document, spans)):
            if token.start > reached and text[reached : token.start] != " ":
                self._compose(run, numerals)
                run = []
            run.append(token)
            reached = token.end
        self._compose(run, numerals)
        return numerals

    def is_label(self, text: str, numeral: Numeral) -> bool:
        """Tell whether a numeral names a day, a place in a row or an address (`năm 2016`, `số 5`)."""
        return self._label.search(text, max(0, numeral.start - 12), numeral.start) is not None

    def _tokens(self, text: str, document: Document, spans: Iterable[tuple[int, int]]) -> list[Token]:
        hits: list[Hit] = document.hits.get(LEXICON_KIND) or []
        starts = [hit[0] for hit in hits]
        tokens: list[Token] = []
        at = done = 0
        for begin, end in spans:
            at = bisect_left(starts, begin, at)
            past = bisect_left(starts, end, at)
            tokens += [_new(Token, (*value, start, stop)) for start, stop, value in hits[at:past]]
            at = past
            for match in _DIGITS.finditer(text, begin, end):
                start, stop = match.span()
                if start >= done and not (start and text[start - 1].isalnum()):
                    number, done = _read_digits(text, start, stop)
                    tokens.append(_new(Token, (Role.DIGITS, number, start, done)))
                    if text[done : done + 1].isalpha() and (glued := self._glued.match(text, done)):
                        tokens.append(Token(Role.SCALE, Decimal(self._glued_scales[glued[1]]), done, glued.end()))
        tokens.sort(key=_START)
        return tokens

    def _compose(self, run: list[Token], numerals: list[Numeral]) -> None:
        """Append the numerals of a run of adjacent tokens, each as long as it can be."""
        if len(run) < 2:
            if run:
                _append_alone(run[0], numerals)
            return
        if len(run) == 2 and run[0].role is Role.DIGITS and run[1].role is Role.SCALE:
            numerals.append(_scaled(*run))
            return
        at = 0
        composer = Composer(run, self._pairs)
        while at < len(run):
            composed = composer.number(at)
            if composed is None:
                at += 1
                continue
            tokens = run[at : composed.at]
            last = next((token for token in reversed(tokens) if token.role is not Role.AND_HALF), tokens[-1])
            scale = int(last.value or 1) if last.role is Role.SCALE else 1
            words = all(token.role is not Role.DIGITS for token in tokens)
            numerals.append(Numeral(tokens[0].start, tokens[-1].end, composed.low, composed.high, scale, words))
            at = composed.at


def _without_repeats(text: str, tokens: list[Token]) -> list[Token]:
    """Return the tokens without numbers said again in brackets before their scale: `15 (mười lăm) triệu`.

    The digits before such a bracket are taken to end with it.
    """
    if not any(token.role is Role.SCALE and text.startswith(") ", token.start - 2) for token in tokens):
        return tokens
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _end_of_repeat(text, tokens, at) if token.role is Role.DIGITS else None
        if end is None:
            kept.append(token)
            at += 1
        else:
            kept.append(token._replace(end=tokens[end].start - 1))
            at = end
    return kept


def _end_of_repeat(text: str, tokens: list[Token], at: int) -> int | None:
    """Return the token of the scale behind a bracket that holds number words alone; None if there is none."""
    inner = at + 1
    if not text.startswith(" (", tokens[at].end) or inner >= len(tokens) or tokens[inner].start != tokens[at].end + 2:
        return None
    while inner + 1 < len(tokens) and text[tokens[inner].end : tokens[inner + 1].start] == " ":
        inner += 1
    scale = inner + 1
    if scale >= len(tokens) or tokens[scale].role is not Role.SCALE:
        return None
    return scale if text[tokens[inner].end : tokens[scale].start] == ") " else None


def _append_alone(token: Token, numerals: list[Numeral]) -> None:
    """Append the numeral of a token without neighbours, what most are: composing would find the same."""
    role, value, start, end = token
    if role is Role.DIGITS or role is Role.ONE:
        numerals.append(_new(Numeral, (start, end, value, value, 1, role is Role.ONE)))
    elif role is Role.TEN:
        numerals.append(Numeral(start, end, _TEN, _TEN, 1, True))
    elif role is Role.FEW:
        numerals.append(Numeral(start, end, None, None, 1, True))


def _scaled(digits: Token, scale: Token) -> Numeral:
    """Return the numeral of digits and a scale (`3,6 tỷ`), the next most: composing would find the same."""
    factor = int(scale.value or 1)
    value = None if digits.value is None else digits.value * factor
    return Numeral(digits.start, scale.end, value, value, factor)


def _terms(file: NumbersFile) -> dict[str, tuple[Role, Decimal | None]]:
    roles: list[tuple[Role, Iterable[str]]] = [
        (Role.TEN, file.ten),
        (Role.TENS, file.tens),
        (Role.DOZENS, file.dozens),
        (Role.HUNDRED, file.hundred),
        (Role.ZERO, file.zero),
        (Role.LINK, file.link),
        (Role.AND_HALF, file.and_half),
        (Role.HALF, file.half),
        (Role.FEW, file.few),
        (Role.MASS, file.mass),
    ]
    terms: dict[str, tuple[Role, Decimal | None]] = {word: (role, None) for role, words in roles for word in words}
    for role, values in ((Role.ONE, file.ones), (Role.LATE, file.late_ones), (Role.SCALE, file.scales)):
        terms |= {word: (role, Decimal(value)) for word, value in values.items()}
    return terms


def _read_digits(text: str, start: int, end: int) -> tuple[Decimal | None, int]:
    """Return the value of a digit token and where it ends; thousands may be parted by spaces (`1 500 000`)."""
    if end - start <= 3 and text.startswith(" ", end) and (spaced := _SPACED.match(text, end)):
        return Decimal(text[start : spaced.end()].replace(" ", "")), spaced.end()
    return digits_value(text[start:end]), end


_RANGE = re.compile(r"(?: ?[-–—~] ?| (?:đến|tới) )(?:(?:hơn|trên|gần|khoảng|dưới) )?")


_LONGEST_LINK: Final = len(" đến khoảng ")
"""No link is longer: what stands further apart need not be read."""


def link(text: str, left_end: int, right_start: int) -> str | None:
    """Tell how two neighbouring numbers belong together by what stands between: `range`, `ratio` or None."""
    if right_start - left_end > _LONGEST_LINK:
        return None
    between = text[left_end:right_start]
    if between == "/":
        return "ratio"
    return "range" if _RANGE.fullmatch(between) else None
