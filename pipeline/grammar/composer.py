"""Composing number tokens into values: how the words of Vietnamese numbers combine.

A number is a row of terms in falling scale (`hai tỷ | ba trăm triệu`), each a number below a thousand and its scale;
`nghìn tỷ` multiplies; a half, one digit for tenths or a linked rest may close it.
"""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum, auto
from typing import Final, NamedTuple

_THOUSAND: Final = 1000
_MILLIARD: Final = 10**9
_HALF: Final = Decimal("0.5")
_UNIT: Final = Decimal(1)
_FIVE: Final = Decimal(5)


class Role(IntEnum):
    """Where a number token may stand; an `IntEnum` because its hash is computed in C."""

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


DIGITS: Final = Role.DIGITS
ONE: Final = Role.ONE
LATE: Final = Role.LATE
TEN: Final = Role.TEN
TENS: Final = Role.TENS
DOZENS: Final = Role.DOZENS
HUNDRED: Final = Role.HUNDRED
SCALE: Final = Role.SCALE
ZERO: Final = Role.ZERO
LINK: Final = Role.LINK
AND_HALF: Final = Role.AND_HALF
HALF: Final = Role.HALF
FEW: Final = Role.FEW
MASS: Final = Role.MASS
"""The members under names of the module: they are asked for in every line, and an enumeration finds one ten times as
slowly."""

_DIGIT_WORDS: Final = frozenset({ONE, LATE})
_BEHIND_LINK: Final = frozenset({ONE, LATE, TEN})
_TENFOLD: Final = frozenset({TENS, DOZENS})
_BIG: Final = frozenset({TENS, DOZENS, HUNDRED})
_MULTIPLIERS: Final = frozenset({TENS, HUNDRED, SCALE})
_NOT_BEHIND_TENS: Final = frozenset({ONE, HUNDRED, DOZENS})
_ROUGH: Final = frozenset({FEW, MASS})
_YEAR_OR_EACH: Final = frozenset({_UNIT, _FIVE})

Token = tuple[int, int, tuple[Role, Decimal | None]]
"""A number token: its half-open span, its role, and its value (None if it has none or the digits are malformed)."""


class Value(NamedTuple):
    """A value under construction: its bounds (None if vague) and the first token not read yet."""

    low: Decimal | None
    high: Decimal | None
    at: int

    def times(self, factor: int | Decimal, at: int) -> Value:
        """Return the value multiplied, which ends before token `at`."""
        low, high, _ = self
        if low is None or high is None:
            return Value(None, None, at)
        product = low * factor
        return Value(product, product if high is low else high * factor, at)

    def plus(self, other: Value) -> Value:
        """Return the sum, which ends where `other` ends and is vague if either is."""
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return Value(None, None, other.at)
        return Value(self.low + other.low, self.high + other.high, other.at)


class Composer:
    """Composes the tokens of a run; every method takes where to start and returns a value with where it ended."""

    def __init__(self, tokens: list[Token], pairs: set[tuple[Decimal, Decimal]]) -> None:
        self.roles: list[Role | None] = [role for _, _, (role, _) in tokens]
        self.roles += (None, None, None)  # nothing is behind the last token, however far a rule looks
        self.values = [value for _, _, (_, value) in tokens]
        self.pairs = pairs

    def _exact(self, at: int) -> Value:
        value = self.values[at]
        return Value(value, value, at + 1)

    def _is_year_word(self, at: int) -> bool:
        """Tell whether a `năm` that follows a number is the year: five is `lăm` there (`hai mươi năm`)."""
        return self.roles[at] is ONE and self.values[at] == _FIVE

    def _begins_phrase(self, at: int) -> bool:
        """Tell whether a lone `năm` or `một` after a scale is the year or `each` (`5 triệu một tháng`)."""
        return self.roles[at] is ONE and self.values[at] in _YEAR_OR_EACH

    def number(self, at: int) -> Value | None:
        """Read the longest numeral at a token: terms in falling scale, `nghìn tỷ`, a half or a rest at the end."""
        value = self._implied_one(at) or self._vague(at) or self._term(at)
        if value is None:
            return None
        total: Value | None = None
        last: int | None = None
        while self.roles[value.at] is SCALE:
            scale = int(self.values[value.at] or 1)
            if last is None or scale < last:
                scaled = value.times(scale, value.at + 1)
                total = scaled if total is None else total.plus(scaled)
            elif total is not None and scale == _MILLIARD and last == _THOUSAND:
                total = total.plus(value).times(scale, value.at + 1)
            else:
                break
            last = scale
            rest = self._rest(total.at, last)
            if rest is None:
                return self._half(total, last)
            if self.roles[rest.at] is not SCALE or rest.low is None:
                return self._close(total, rest, last)
            value = rest
        return total or value

    def _implied_one(self, at: int) -> Value | None:
        """Read `tỷ rưỡi`, `triệu rưỡi`: the scale without its number is one of it."""
        if self.roles[at] is SCALE and self.roles[at + 1] is AND_HALF:
            return Value(_UNIT, _UNIT, at)
        return None

    def _rest(self, at: int, last: int) -> Value | None:
        """Read what follows a scale: another term, `nghìn tỷ` (an empty term), or None."""
        if self.roles[at] is SCALE and self.values[at] == _MILLIARD and last == _THOUSAND:
            return Value(Decimal(0), Decimal(0), at)
        if self.roles[at] is LINK and self.roles[at + 1] in _BEHIND_LINK:
            return self._term(at + 1)
        if self.roles[at] is DIGITS and self.roles[at + 1] is not SCALE:
            return None
        if self._begins_phrase(at) and self.roles[at + 1] not in _MULTIPLIERS:
            return None
        if self.roles[at] is SCALE or self.roles[at] in _ROUGH:
            return None
        return self._late(at) or self._term(at, inner=True)

    def _late(self, at: int) -> Value | None:
        return self._exact(at) if self.roles[at] is LATE else None

    def _half(self, total: Value, last: int) -> Value:
        if self.roles[total.at] is AND_HALF:
            return total.plus(Value(last * _HALF, last * _HALF, total.at + 1))
        return total

    def _close(self, total: Value, rest: Value, last: int) -> Value:
        """Add the last term. One digit alone counts tenths (`triệu hai`); round hundreds after `triệu` are undecided.

        `hai triệu năm trăm` is 2,500,000 in speech and 2,000,500 by the book.
        """
        linked = self.roles[total.at] is LINK
        alone = rest.at == total.at + 1 and self.roles[total.at] in _DIGIT_WORDS
        if alone and not linked:
            return total.plus(rest.times(Decimal(last) / 10, rest.at))
        round_hundreds = rest.low is not None and rest.low > 0 and rest.low % 100 == 0
        if last > _THOUSAND and round_hundreds:
            return Value(None, None, rest.at)
        return total.plus(rest)

    def _term(self, at: int, *, inner: bool = False) -> Value | None:
        """Read a number below a thousand in words, or digits; `inner` allows `không trăm …` (and `không nghìn`)."""
        role = self.roles[at]
        if role is DIGITS:
            return self._digits(at)
        if role is ONE:
            return self._spoken(at)
        if role is TEN:
            return self._teen(at)
        if role is ZERO and inner:
            return self._zero(at)
        if role is HALF and self.roles[at + 1] is SCALE:
            return Value(_HALF, _HALF, at + 1)
        return None

    def _spoken(self, at: int) -> Value:
        """Read a number that begins with one of the words from one to nine."""
        pair = self._pair(at)
        value = pair or self._exact(at)
        if self.roles[value.at] is HUNDRED:
            return self._hundreds(value.times(100, value.at + 1))
        if self.roles[value.at] in _TENFOLD:
            return self._tens(value)
        if pair is None and self.roles[value.at] is LATE:
            return value.times(10, value.at).plus(self._exact(value.at))
        if pair is None and self.roles[value.at] is AND_HALF and value.low == _UNIT:
            return value.plus(Value(_HALF, _HALF, value.at + 1))
        return value

    def _pair(self, at: int) -> Value | None:
        """Read neighbours said together (`hai ba`), which a scale, a ten, a hundred or a noun must follow."""
        if self.roles[at + 1] is not ONE:
            return None
        low, high = self.values[at], self.values[at + 1]
        if low is None or high is None or (low, high) not in self.pairs:
            return None
        if self.roles[at + 2] is LATE:
            return None
        return Value(low, high, at + 2)

    def _digits(self, at: int) -> Value:
        value = self._exact(at)
        if self.roles[at + 1] is HUNDRED:
            return self._hundreds(value.times(100, at + 2))
        if self.roles[at + 1] is DOZENS:
            return value.times(10, at + 2)
        return value

    def _zero(self, at: int) -> Value | None:
        nothing = Value(Decimal(0), Decimal(0), at + 1)
        if self.roles[at + 1] is HUNDRED:
            return self._hundreds(nothing._replace(at=at + 2))
        return nothing if self.roles[at + 1] is SCALE else None

    def _teen(self, at: int) -> Value:
        value = Value(Decimal(10), Decimal(10), at + 1)
        if self.roles[at + 1] in _DIGIT_WORDS and not self._is_year_word(at + 1):
            return value.plus(self._exact(at + 1))
        return value

    def _tens(self, value: Value) -> Value:
        dozens = self.roles[value.at] is DOZENS
        value = value.times(10, value.at + 1)
        if not dozens and self.roles[value.at] in _DIGIT_WORDS and not self._is_year_word(value.at):
            return value.plus(self._exact(value.at))
        return value

    def _hundreds(self, value: Value) -> Value:
        rest = self._after_hundred(value.at)
        return value if rest is None else value.plus(rest)

    def _after_hundred(self, at: int) -> Value | None:
        """Read what a hundred adds: `rưỡi`, `linh ba`, `mười lăm`, `tư`, `hai mươi mốt`, or a lone `hai` for twenty."""
        role = self.roles[at]
        if role is AND_HALF:
            return Value(Decimal(50), Decimal(50), at + 1)
        if role is LINK and self.roles[at + 1] in _DIGIT_WORDS:
            return self._exact(at + 1)
        if role is TEN:
            return self._teen(at)
        if role is LATE:
            return self._exact(at).times(10, at + 1)
        return self._tens_after_hundred(at) if role is ONE else None

    def _tens_after_hundred(self, at: int) -> Value | None:
        if self.roles[at + 1] is TENS:
            return self._tens(self._exact(at))
        if self.roles[at + 1] is LATE:
            return self._exact(at).times(10, at + 1).plus(self._exact(at + 1))
        if self._begins_phrase(at) or self.roles[at + 1] in _NOT_BEHIND_TENS:
            return None
        return self._exact(at).times(10, at + 1)

    def _vague(self, at: int) -> Value | None:
        """Read `hàng chục nghìn`, `vài ba trăm`, `mấy`, `chục triệu`: a number without a value."""
        here = at + 1 if self.roles[at] in _ROUGH else at
        end = here
        while self.roles[end] in _BIG:
            end += 1
        if self.roles[end] is SCALE and (here > at or end > here or self.roles[end + 1] is SCALE):
            return Value(None, None, end)
        if end > here > at or (end == here and here > at and self.roles[at] is FEW):
            return Value(None, None, end)
        return None
