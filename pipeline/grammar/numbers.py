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
from typing import Final, NamedTuple

from pipeline import alphabet
from pipeline.document import Document
from pipeline.grammar.composer import (
    AND_HALF,
    DIGITS,
    DOZENS,
    FEW,
    HALF,
    HUNDRED,
    LATE,
    LINK,
    MASS,
    ONE,
    SCALE,
    TEN,
    TENS,
    ZERO,
    Composer,
    Role,
    Token,
)
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook, RuleFile, alternatives

LEXICON_KIND: Final = "number"
DIGITS_KIND: Final = "digits"
GLUED_KIND: Final = "digits.glued"
"""Where `Document.hits` keeps the numbers in digits, and what is written against one, once somebody has asked."""

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


_REMEMBERED: Final = 1 << 14
"""How many numbers in digits to remember the values of."""

_new = tuple.__new__
"""Makes the tuples of hot loops; their own constructors take twice as long."""

_WRITTEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


def _shape(char: str) -> str:
    if char in "0123456789":
        return "1"
    return "," if char in ".," else "a" if char.isalnum() else " "


_SHAPES: Final = alphabet.table(_shape)
_ONES_AND_MARKS = re.compile(rb"11*(?:,11*)*")
"""The same as `_WRITTEN` in bytes of that table; it begins with one byte for the engine to skip to."""
_LETTER: Final = ord("a")
_GROUP: Final = 3
"""Digits that a group of thousands has, and the first of them at most."""
_SPACED = re.compile(r"(?: [0-9]{3})+(?![0-9.,]*[0-9])")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")


def digit_spans(document: Document) -> list[tuple[int, int]]:
    """Return where the numbers in ASCII digits stand, decimal and thousands marks in them included."""
    spans: list[tuple[int, int]] | None = document.hits.get(DIGITS_KIND)
    if spans is None:
        shapes = document.view.codes.translate(_SHAPES) + b" "
        spans = document.hits[DIGITS_KIND] = [match.span() for match in _ONES_AND_MARKS.finditer(shapes)]
        document.hits[GLUED_KIND] = [end - 1 for _, end in spans if shapes[end] == _LETTER]
    return spans


def glued_digits(document: Document) -> list[int]:
    """Return where digits stand that a letter is written against."""
    digit_spans(document)
    glued: list[int] = document.hits[GLUED_KIND]
    return glued


@lru_cache(_REMEMBERED)
def digits_value(text: str) -> Decimal | None:
    """Return the value of digits with Vietnamese separators: dot for thousands, comma for decimals.

    A lone dot that cannot part thousands is read as a decimal one (`3.6`), repeated commas as thousands
    (`1,452,000`); anything else mixed or uneven (`1.23.4`, `20.000.00`) has no value. Spaces part thousands as well.
    """
    text = text.replace(" ", "")
    if text.isascii() and text.isdecimal():
        return Decimal(text)
    plain = _without_groups(text) if _WRITTEN.fullmatch(text) else None
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
        self._glued_scales = {word: (SCALE, Decimal(value)) for word, value in file.glued_scales.items()}

    def find(self, document: Document, spans: Iterable[tuple[int, int]]) -> list[Numeral]:
        """Return the numerals in `spans` of the document's view (ascending, half open); neither overlap."""
        text = document.view.folded
        numerals: list[Numeral] = []
        run: list[Token] = []
        reached = -1
        for token in self._tokens(text, document, spans):
            start = token[0]
            if run and start != reached and (start != reached + 1 or text[reached] != " "):
                self._compose(run, numerals)
                run = []
            run.append(token)
            reached = token[1]
        if run:
            self._compose(run, numerals)
        return numerals

    def has_scale_against(self, text: str, end: int) -> bool:
        """Tell whether a scale is written against the digits that end at `end` (`3tr`, `5tỷ`)."""
        return self._glued.match(text, end) is not None

    def is_label(self, text: str, start: int) -> bool:
        """Tell whether the numeral at `start` names a day, a place in a row or an address (`năm 2016`, `số 5`)."""
        return self._label.search(text, max(0, start - 12), start) is not None

    def _tokens(self, text: str, document: Document, spans: Iterable[tuple[int, int]]) -> list[Token]:
        """Return the tokens in `spans` in reading order; hits of number words are tokens as they come."""
        hits: list[Token] = document.hits.get(LEXICON_KIND) or []
        digits, glued = digit_spans(document), set(glued_digits(document))
        tokens: list[Token] = []
        at = past = done = 0
        for begin, end in spans:
            at, past = bisect_left(hits, (begin,), at), bisect_left(digits, (begin,), past)
            behind = bisect_left(hits, (end,), at)
            tokens += hits[at:behind]
            at = behind
            for start, stop in digits[past : bisect_left(digits, (end,), past)]:
                if start < done or (start and text[start - 1].isalnum()):
                    continue
                done = stop
                if stop - start <= _GROUP and text[stop + 1 : stop + 2].isdigit():
                    done = _end_of_groups(text, stop)
                number = digits_value(text[start:done])
                tokens.append((start, done, (DIGITS, number)))
                if done - 1 in glued and (scale := self._glued.match(text, done)):
                    tokens.append((done, scale.end(), self._glued_scales[scale[1]]))
        tokens.sort()  # no two begin together
        return _without_repeats(text, tokens) if _may_repeat(text, tokens) else tokens

    def _compose(self, run: list[Token], numerals: list[Numeral]) -> None:
        """Append the numerals of a run of adjacent tokens, each as long as it can be."""
        if len(run) == 1:
            _append_alone(run[0], numerals)
            return
        if len(run) == 2 and run[0][2][0] is DIGITS and run[1][2][0] is SCALE:
            numerals.append(_scaled(*run))
            return
        at = 0
        composer = Composer(run, self._pairs)
        roles = composer.roles
        while at < len(run):
            composed = composer.number(at)
            if composed is None:
                at += 1
                continue
            last = composed.at - 1
            while last > at and roles[last] is AND_HALF:
                last -= 1
            scale = int(composer.values[last] or 1) if roles[last] is SCALE else 1
            words = DIGITS not in roles[at : composed.at]
            span = run[at][0], run[composed.at - 1][1]
            numerals.append(Numeral(*span, composed.low, composed.high, scale, words))
            at = composed.at


def _may_repeat(text: str, tokens: list[Token]) -> bool:
    """Tell whether a bracket closes before a scale, as it does behind a number said again."""
    scales = [start for start, _, (role, _) in tokens if role is SCALE]
    return any(text.startswith(") ", start - 2) for start in scales)


def _without_repeats(text: str, tokens: list[Token]) -> list[Token]:
    """Return the tokens without numbers said again in brackets before their scale: `15 (mười lăm) triệu`.

    The digits before such a bracket are taken to end with it.
    """
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        start, _, value = tokens[at]
        end = _end_of_repeat(text, tokens, at) if value[0] is DIGITS else None
        if end is None:
            kept.append(tokens[at])
            at += 1
        else:
            kept.append((start, tokens[end][0] - 1, value))
            at = end
    return kept


def _end_of_repeat(text: str, tokens: list[Token], at: int) -> int | None:
    """Return the token of the scale behind a bracket that holds number words alone; None if there is none."""
    inner = at + 1
    behind = tokens[at][1]
    if not text.startswith(" (", behind) or inner >= len(tokens) or tokens[inner][0] != behind + 2:
        return None
    while inner + 1 < len(tokens) and text[tokens[inner][1] : tokens[inner + 1][0]] == " ":
        inner += 1
    scale = inner + 1
    if scale >= len(tokens) or tokens[scale][2][0] is not SCALE:
        return None
    return scale if text[tokens[inner][1] : tokens[scale][0]] == ") " else None


def _append_alone(token: Token, numerals: list[Numeral]) -> None:
    """Append the numeral of a token without neighbours, what most are: composing would find the same."""
    start, end, (role, value) = token
    if role is DIGITS or role is ONE:
        numerals.append(_new(Numeral, (start, end, value, value, 1, role is ONE)))
    elif role is TEN:
        numerals.append(Numeral(start, end, _TEN, _TEN, 1, True))
    elif role is FEW:
        numerals.append(Numeral(start, end, None, None, 1, True))


def _scaled(digits: Token, scale: Token) -> Numeral:
    """Return the numeral of digits and a scale (`3,6 tỷ`), the next most: composing would find the same."""
    factor = int(scale[2][1] or 1)
    value = digits[2][1]
    product = None if value is None else value * factor
    return _new(Numeral, (digits[0], scale[1], product, product, factor, False))


def _terms(file: NumbersFile) -> dict[str, tuple[Role, Decimal | None]]:
    roles: list[tuple[Role, Iterable[str]]] = [
        (TEN, file.ten),
        (TENS, file.tens),
        (DOZENS, file.dozens),
        (HUNDRED, file.hundred),
        (ZERO, file.zero),
        (LINK, file.link),
        (AND_HALF, file.and_half),
        (HALF, file.half),
        (FEW, file.few),
        (MASS, file.mass),
    ]
    terms: dict[str, tuple[Role, Decimal | None]] = {word: (role, None) for role, words in roles for word in words}
    for role, values in ((ONE, file.ones), (LATE, file.late_ones), (SCALE, file.scales)):
        terms |= {word: (role, Decimal(value)) for word, value in values.items()}
    return terms


def _end_of_groups(text: str, end: int) -> int:
    """Return where a number whose first digits end at `end` ends; thousands may be parted by spaces (`1 500 000`)."""
    spaced = _SPACED.match(text, end)
    return spaced.end() if spaced else end


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
