"""Vietnamese numbers, in digits and in words, as exact values.

`NumberGrammar.find` reads the number tokens of a document (words come from the lexicon's scan, digits from one
pattern) and composes them into numerals: `2.391`, `3,6 triệu`, `hai mươi lăm`, `2 tỷ 300 triệu`, `hàng chục`.
`linked` says how two neighbouring numerals belong together: as the ends of a range or as a ratio.

Values are `Decimal` and exact. A number that cannot be decided (`hàng chục`, `vài trăm`, `1.23.4`) has no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum, auto
from typing import Final, NamedTuple

from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook, RuleFile

LEXICON_KIND: Final = "number"
_THOUSAND: Final = 1000
_MILLIARD: Final = 10**9
_HALF: Final = Decimal("0.5")
_ONE: Final = Decimal(1)
_FIVE: Final = Decimal(5)


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


class Role(Enum):
    """Where a number token may stand."""

    DIGITS = auto()
    ONE = auto()
    LATE = auto()
    TEN = auto()
    TENS = auto()
    DOZENS = auto()
    HUNDRED = auto()
    SCALE = auto()
    ZERO = auto()
    LINK = auto()
    AND_HALF = auto()
    HALF = auto()
    FEW = auto()
    MASS = auto()


class Token(NamedTuple):
    """A number token: its role, its value (None where the role has none or the digits are malformed), its span."""

    role: Role
    value: Decimal | None
    start: int
    end: int


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


class _Value(NamedTuple):
    """A value under construction: bounds (None if vague), tokens read so far, whether it may take a scale only."""

    low: Decimal | None
    high: Decimal | None
    at: int

    def times(self, factor: int | Decimal) -> _Value:
        if self.low is None or self.high is None:
            return self
        return self._replace(low=self.low * factor, high=self.high * factor)

    def plus(self, other: _Value) -> _Value:
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return _Value(None, None, other.at)
        return _Value(self.low + other.low, self.high + other.high, other.at)


_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_SPACED = re.compile(r"(?: [0-9]{3})+(?![0-9.,]*[0-9])")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")


def digits_value(text: str) -> Decimal | None:
    """Return the value of digits with Vietnamese separators: dot for thousands, comma for decimals.

    A lone dot that cannot part thousands is read as a decimal one (`3.6`), repeated commas as thousands
    (`1,452,000`); anything else mixed or uneven (`1.23.4`, `20.000.00`) has no value.
    """
    if not _DIGITS.fullmatch(text):
        return None
    whole, comma, fraction = text.partition(",")
    if comma and fraction.isdecimal() and _is_grouped(whole, "."):
        return Decimal(whole.replace(".", "") + "." + fraction)
    if not comma and _is_grouped(whole, "."):
        return Decimal(whole.replace(".", ""))
    if text.count(",") > 1 and _is_grouped(text, ","):
        return Decimal(text.replace(",", ""))
    if not comma and text.count(".") == 1:
        return Decimal(text)
    return None


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
        glued = "|".join(sorted(file.glued_scales, key=len, reverse=True))
        self._glued = re.compile(rf"({glued})(?![^\W\d_])")
        self._glued_scales = file.glued_scales

    def find(self, document: Document) -> list[Numeral]:
        """Return the numerals of the document's view in reading order; they do not overlap."""
        text = document.view.folded
        numerals: list[Numeral] = []
        run: list[Token] = []
        for token in self._tokens(text, document):
            if run and text[run[-1].end : token.start] not in {" ", ""}:
                self._compose(run, numerals)
                run = []
            run.append(token)
        self._compose(run, numerals)
        return numerals

    def _tokens(self, text: str, document: Document) -> list[Token]:
        tokens = [Token(hit.value[0], hit.value[1], hit.start, hit.end) for hit in document.hits.get(LEXICON_KIND, ())]
        end = 0
        for match in _DIGITS.finditer(text):
            start = match.start()
            if start < end or (start and text[start - 1].isalnum()):
                continue
            value, end = _read_digits(text, match)
            tokens.append(Token(Role.DIGITS, value, start, end))
            if end < len(text) and text[end].isalpha() and (glued := self._glued.match(text, end)):
                tokens.append(Token(Role.SCALE, Decimal(self._glued_scales[glued[1]]), end, glued.end()))
        tokens.sort(key=lambda token: token.start)
        return tokens

    def _compose(self, run: list[Token], numerals: list[Numeral]) -> None:
        """Append the numerals of a run of adjacent tokens, each as long as it can be."""
        at = 0
        while at < len(run):
            composed = _Composer(run, self._pairs).number(at)
            if composed is None:
                at += 1
                continue
            tokens = run[at : composed.at]
            last = next((token for token in reversed(tokens) if token.role is not Role.AND_HALF), tokens[-1])
            scale = int(last.value or 1) if last.role is Role.SCALE else 1
            words = all(token.role is not Role.DIGITS for token in tokens)
            numerals.append(Numeral(tokens[0].start, tokens[-1].end, composed.low, composed.high, scale, words))
            at = composed.at


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


def _read_digits(text: str, match: re.Match[str]) -> tuple[Decimal | None, int]:
    """Return the value of a digit token and where it ends; thousands may be parted by spaces (`1 500 000`)."""
    if match.end() - match.start() <= 3 and (spaced := _SPACED.match(text, match.end())):
        return Decimal(text[match.start() : spaced.end()].replace(" ", "")), spaced.end()
    return digits_value(match[0]), match.end()


class _Composer:
    """Composes the tokens of a run; every method takes where to start and returns a value with where it ended."""

    def __init__(self, tokens: list[Token], pairs: set[tuple[Decimal, Decimal]]) -> None:
        self.tokens = tokens
        self.pairs = pairs

    def role(self, at: int) -> Role | None:
        return self.tokens[at].role if at < len(self.tokens) else None

    def exact(self, at: int) -> _Value:
        value = self.tokens[at].value
        return _Value(value, value, at + 1)

    def is_year_word(self, at: int) -> bool:
        """Tell whether a `năm` that follows a number is the year: five is `lăm` there (`hai mươi năm`)."""
        return self.role(at) is Role.ONE and self.tokens[at].value == _FIVE

    def begins_phrase(self, at: int) -> bool:
        """Tell whether a lone `năm` or `một` after a scale is the year or `each` (`5 triệu một tháng`)."""
        return self.role(at) is Role.ONE and self.tokens[at].value in {_ONE, _FIVE}

    def number(self, at: int) -> _Value | None:
        """Read the longest numeral at a token: terms in falling scale, `nghìn tỷ`, a half or a rest at the end."""
        value = self.implied_one(at) or self.vague(at) or self.term(at)
        if value is None:
            return None
        total: _Value | None = None
        last: int | None = None
        while self.role(value.at) is Role.SCALE:
            scale = int(self.tokens[value.at].value or 1)
            if last is None or scale < last:
                scaled = value.times(scale)._replace(at=value.at + 1)
                total = scaled if total is None else total.plus(scaled)
            elif total is not None and scale == _MILLIARD and last == _THOUSAND:
                total = total.plus(value).times(scale)._replace(at=value.at + 1)
            else:
                break
            last = scale
            rest = self.rest(total.at, last)
            if rest is None:
                return self.half(total, last)
            if self.role(rest.at) is not Role.SCALE or rest.low is None:
                return self.close(total, rest, last)
            value = rest
        return total or value

    def implied_one(self, at: int) -> _Value | None:
        """Read `tỷ rưỡi`, `triệu rưỡi`: the scale without its number is one of it."""
        if self.role(at) is Role.SCALE and self.role(at + 1) is Role.AND_HALF:
            return _Value(_ONE, _ONE, at)
        return None

    def rest(self, at: int, last: int) -> _Value | None:
        """Read what follows a scale: another term, `nghìn tỷ` (an empty term), or None."""
        if self.role(at) is Role.SCALE and self.tokens[at].value == _MILLIARD and last == _THOUSAND:
            return _Value(Decimal(0), Decimal(0), at)
        if self.role(at) is Role.LINK and self.role(at + 1) in {Role.ONE, Role.LATE, Role.TEN}:
            return self.term(at + 1)
        if self.role(at) is Role.DIGITS and self.role(at + 1) is not Role.SCALE:
            return None
        if self.begins_phrase(at) and self.role(at + 1) not in {Role.TENS, Role.HUNDRED, Role.SCALE}:
            return None
        if self.role(at) is Role.SCALE or self.role(at) in {Role.FEW, Role.MASS}:
            return None
        return self.late(at) or self.term(at, inner=True)

    def late(self, at: int) -> _Value | None:
        return self.exact(at) if self.role(at) is Role.LATE else None

    def half(self, total: _Value, last: int) -> _Value:
        if self.role(total.at) is Role.AND_HALF:
            return total.plus(_Value(last * _HALF, last * _HALF, total.at + 1))
        return total

    def close(self, total: _Value, rest: _Value, last: int) -> _Value:
        """Add the last term. One digit alone counts tenths (`triệu hai`); hundreds after `triệu` are undecided."""
        linked = self.role(total.at) is Role.LINK
        alone = rest.at == total.at + 1 and self.role(total.at) in {Role.ONE, Role.LATE}
        if alone and not linked:
            return total.plus(rest.times(Decimal(last) / 10))
        filled = self.role(total.at) is Role.ZERO
        if last > _THOUSAND and not linked and not filled and (rest.low or 0) >= 100:
            return _Value(None, None, rest.at)
        return total.plus(rest)

    def term(self, at: int, *, inner: bool = False) -> _Value | None:
        """Read a number below a thousand in words, or digits; `inner` allows `không trăm …` (and `không nghìn`)."""
        role = self.role(at)
        if role is Role.DIGITS:
            return self.digits(at)
        if role is Role.ONE:
            return self.spoken(at)
        if role is Role.TEN:
            return self.teen(at)
        if role is Role.ZERO and inner:
            return self.zero(at)
        if role is Role.HALF and self.role(at + 1) is Role.SCALE:
            return _Value(_HALF, _HALF, at + 1)
        return None

    def spoken(self, at: int) -> _Value:
        """Read a number that begins with one of the words from one to nine."""
        pair = self.pair(at)
        value = pair or self.exact(at)
        if self.role(value.at) is Role.HUNDRED:
            return self.hundreds(value.times(100)._replace(at=value.at + 1))
        if self.role(value.at) in {Role.TENS, Role.DOZENS}:
            return self.tens(value)
        if pair is None and self.role(value.at) is Role.LATE:
            return value.times(10).plus(self.exact(value.at))
        if pair is None and self.role(value.at) is Role.AND_HALF and value.low == _ONE:
            return value.plus(_Value(_HALF, _HALF, value.at + 1))
        return value

    def pair(self, at: int) -> _Value | None:
        """Read neighbours said together (`hai ba`), which a scale, a ten, a hundred or a noun must follow."""
        if self.role(at + 1) is not Role.ONE:
            return None
        low, high = self.tokens[at].value, self.tokens[at + 1].value
        if low is None or high is None or (low, high) not in self.pairs:
            return None
        if self.role(at + 2) is Role.LATE:
            return None
        return _Value(low, high, at + 2)

    def digits(self, at: int) -> _Value:
        value = self.exact(at)
        if self.role(at + 1) is Role.HUNDRED:
            return self.hundreds(value.times(100)._replace(at=at + 2))
        if self.role(at + 1) is Role.DOZENS:
            return value.times(10)._replace(at=at + 2)
        return value

    def zero(self, at: int) -> _Value | None:
        nothing = _Value(Decimal(0), Decimal(0), at + 1)
        if self.role(at + 1) is Role.HUNDRED:
            return self.hundreds(nothing._replace(at=at + 2))
        return nothing if self.role(at + 1) is Role.SCALE else None

    def teen(self, at: int) -> _Value:
        value = _Value(Decimal(10), Decimal(10), at + 1)
        if self.role(at + 1) in {Role.ONE, Role.LATE} and not self.is_year_word(at + 1):
            return value.plus(self.exact(at + 1))
        return value

    def tens(self, value: _Value) -> _Value:
        dozens = self.role(value.at) is Role.DOZENS
        value = value.times(10)._replace(at=value.at + 1)
        if not dozens and self.role(value.at) in {Role.ONE, Role.LATE} and not self.is_year_word(value.at):
            return value.plus(self.exact(value.at))
        return value

    def hundreds(self, value: _Value) -> _Value:
        rest = self.after_hundred(value.at)
        return value if rest is None else value.plus(rest)

    def after_hundred(self, at: int) -> _Value | None:
        """Read what a hundred adds: `rưỡi`, `linh ba`, `mười lăm`, `tư`, `hai mươi mốt`, or a lone `hai` for twenty."""
        role = self.role(at)
        if role is Role.AND_HALF:
            return _Value(Decimal(50), Decimal(50), at + 1)
        if role is Role.LINK and self.role(at + 1) in {Role.ONE, Role.LATE}:
            return self.exact(at + 1)
        if role is Role.TEN:
            return self.teen(at)
        if role is Role.LATE:
            return self.exact(at).times(10)
        return self.tens_after_hundred(at) if role is Role.ONE else None

    def tens_after_hundred(self, at: int) -> _Value | None:
        if self.role(at + 1) is Role.TENS:
            return self.tens(self.exact(at))
        if self.role(at + 1) is Role.LATE:
            return self.exact(at).times(10).plus(self.exact(at + 1))
        if self.begins_phrase(at) or self.role(at + 1) in {Role.ONE, Role.HUNDRED, Role.DOZENS}:
            return None
        return self.exact(at).times(10)

    def vague(self, at: int) -> _Value | None:
        """Read `hàng chục nghìn`, `vài ba trăm`, `mấy`, `chục triệu`: a number without a value."""
        here = at + 1 if self.role(at) in {Role.FEW, Role.MASS} else at
        big = {Role.TENS, Role.DOZENS, Role.HUNDRED}
        end = here
        while self.role(end) in big:
            end += 1
        if self.role(end) is Role.SCALE and (here > at or end > here or self.role(end + 1) is Role.SCALE):
            return _Value(None, None, end)
        if end > here > at or (end == here and here > at and self.role(at) is Role.FEW):
            return _Value(None, None, end)
        return None


_RANGE = re.compile(r" ?[-–—~] ?| (?:đến|tới)(?: (?:hơn|trên|gần|khoảng|dưới))? ")


def linked(text: str, left: Numeral, right: Numeral) -> str | None:
    """Tell how two neighbouring numerals belong together: `range`, `ratio` or not at all (None)."""
    between = text[left.end : right.start]
    if between == "/":
        return "ratio"
    return "range" if _RANGE.fullmatch(between) else None
