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
_ONE: Final = Decimal(1)
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


class Token(NamedTuple):
    """A number token: its role, its value (None where the role has none or the digits are malformed), its span."""

    role: Role
    value: Decimal | None
    start: int
    end: int


class Value(NamedTuple):
    """A value under construction: its bounds (None if vague) and the first token not read yet."""

    low: Decimal | None
    high: Decimal | None
    at: int

    def times(self, factor: int | Decimal) -> Value:
        """Return the value multiplied."""
        if self.low is None or self.high is None:
            return self
        return self._replace(low=self.low * factor, high=self.high * factor)

    def plus(self, other: Value) -> Value:
        """Return the sum, which ends where `other` ends and is vague if either is."""
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return Value(None, None, other.at)
        return Value(self.low + other.low, self.high + other.high, other.at)


class Composer:
    """Composes the tokens of a run; every method takes where to start and returns a value with where it ended."""

    def __init__(self, tokens: list[Token], pairs: set[tuple[Decimal, Decimal]]) -> None:
        self.tokens = tokens
        self.pairs = pairs

    def _role(self, at: int) -> Role | None:
        return self.tokens[at].role if at < len(self.tokens) else None

    def _exact(self, at: int) -> Value:
        value = self.tokens[at].value
        return Value(value, value, at + 1)

    def _is_year_word(self, at: int) -> bool:
        """Tell whether a `năm` that follows a number is the year: five is `lăm` there (`hai mươi năm`)."""
        return self._role(at) is Role.ONE and self.tokens[at].value == _FIVE

    def _begins_phrase(self, at: int) -> bool:
        """Tell whether a lone `năm` or `một` after a scale is the year or `each` (`5 triệu một tháng`)."""
        return self._role(at) is Role.ONE and self.tokens[at].value in {_ONE, _FIVE}

    def number(self, at: int) -> Value | None:
        """Read the longest numeral at a token: terms in falling scale, `nghìn tỷ`, a half or a rest at the end."""
        value = self._implied_one(at) or self._vague(at) or self._term(at)
        if value is None:
            return None
        total: Value | None = None
        last: int | None = None
        while self._role(value.at) is Role.SCALE:
            scale = int(self.tokens[value.at].value or 1)
            if last is None or scale < last:
                scaled = value.times(scale)._replace(at=value.at + 1)
                total = scaled if total is None else total.plus(scaled)
            elif total is not None and scale == _MILLIARD and last == _THOUSAND:
                total = total.plus(value).times(scale)._replace(at=value.at + 1)
            else:
                break
            last = scale
            rest = self._rest(total.at, last)
            if rest is None:
                return self._half(total, last)
            if self._role(rest.at) is not Role.SCALE or rest.low is None:
                return self._close(total, rest, last)
            value = rest
        return total or value

    def _implied_one(self, at: int) -> Value | None:
        """Read `tỷ rưỡi`, `triệu rưỡi`: the scale without its number is one of it."""
        if self._role(at) is Role.SCALE and self._role(at + 1) is Role.AND_HALF:
            return Value(_ONE, _ONE, at)
        return None

    def _rest(self, at: int, last: int) -> Value | None:
        """Read what follows a scale: another term, `nghìn tỷ` (an empty term), or None."""
        if self._role(at) is Role.SCALE and self.tokens[at].value == _MILLIARD and last == _THOUSAND:
            return Value(Decimal(0), Decimal(0), at)
        if self._role(at) is Role.LINK and self._role(at + 1) in {Role.ONE, Role.LATE, Role.TEN}:
            return self._term(at + 1)
        if self._role(at) is Role.DIGITS and self._role(at + 1) is not Role.SCALE:
            return None
        if self._begins_phrase(at) and self._role(at + 1) not in {Role.TENS, Role.HUNDRED, Role.SCALE}:
            return None
        if self._role(at) is Role.SCALE or self._role(at) in {Role.FEW, Role.MASS}:
            return None
        return self._late(at) or self._term(at, inner=True)

    def _late(self, at: int) -> Value | None:
        return self._exact(at) if self._role(at) is Role.LATE else None

    def _half(self, total: Value, last: int) -> Value:
        if self._role(total.at) is Role.AND_HALF:
            return total.plus(Value(last * _HALF, last * _HALF, total.at + 1))
        return total

    def _close(self, total: Value, rest: Value, last: int) -> Value:
        """Add the last term. One digit alone counts tenths (`triệu hai`); round hundreds after `triệu` are undecided.

        `hai triệu năm trăm` is 2,500,000 in speech and 2,000,500 by the book.
        """
        linked = self._role(total.at) is Role.LINK
        alone = rest.at == total.at + 1 and self._role(total.at) in {Role.ONE, Role.LATE}
        if alone and not linked:
            return total.plus(rest.times(Decimal(last) / 10))
        round_hundreds = rest.low is not None and rest.low > 0 and rest.low % 100 == 0
        if last > _THOUSAND and round_hundreds:
            return Value(None, None, rest.at)
        return total.plus(rest)

    def _term(self, at: int, *, inner: bool = False) -> Value | None:
        """Read a number below a thousand in words, or digits; `inner` allows `không trăm …` (and `không nghìn`)."""
        role = self._role(at)
        if role is Role.DIGITS:
            return self._digits(at)
        if role is Role.ONE:
            return self._spoken(at)
        if role is Role.TEN:
            return self._teen(at)
        if role is Role.ZERO and inner:
            return self._zero(at)
        if role is Role.HALF and self._role(at + 1) is Role.SCALE:
            return Value(_HALF, _HALF, at + 1)
        return None

    def _spoken(self, at: int) -> Value:
        """Read a number that begins with one of the words from one to nine."""
        pair = self._pair(at)
        value = pair or self._exact(at)
        if self._role(value.at) is Role.HUNDRED:
            return self._hundreds(value.times(100)._replace(at=value.at + 1))
        if self._role(value.at) in {Role.TENS, Role.DOZENS}:
            return self._tens(value)
        if pair is None and self._role(value.at) is Role.LATE:
            return value.times(10).plus(self._exact(value.at))
        if pair is None and self._role(value.at) is Role.AND_HALF and value.low == _ONE:
            return value.plus(Value(_HALF, _HALF, value.at + 1))
        return value

    def _pair(self, at: int) -> Value | None:
        """Read neighbours said together (`hai ba`), which a scale, a ten, a hundred or a noun must follow."""
        if self._role(at + 1) is not Role.ONE:
            return None
        low, high = self.tokens[at].value, self.tokens[at + 1].value
        if low is None or high is None or (low, high) not in self.pairs:
            return None
        if self._role(at + 2) is Role.LATE:
            return None
        return Value(low, high, at + 2)

    def _digits(self, at: int) -> Value:
        value = self._exact(at)
        if self._role(at + 1) is Role.HUNDRED:
            return self._hundreds(value.times(100)._replace(at=at + 2))
        if self._role(at + 1) is Role.DOZENS:
            return value.times(10)._replace(at=at + 2)
        return value

    def _zero(self, at: int) -> Value | None:
        nothing = Value(Decimal(0), Decimal(0), at + 1)
        if self._role(at + 1) is Role.HUNDRED:
            return self._hundreds(nothing._replace(at=at + 2))
        return nothing if self._role(at + 1) is Role.SCALE else None

    def _teen(self, at: int) -> Value:
        value = Value(Decimal(10), Decimal(10), at + 1)
        if self._role(at + 1) in {Role.ONE, Role.LATE} and not self._is_year_word(at + 1):
            return value.plus(self._exact(at + 1))
        return value

    def _tens(self, value: Value) -> Value:
        dozens = self._role(value.at) is Role.DOZENS
        value = value.times(10)._replace(at=value.at + 1)
        if not dozens and self._role(value.at) in {Role.ONE, Role.LATE} and not self._is_year_word(value.at):
            return value.plus(self._exact(value.at))
        return value

    def _hundreds(self, value: Value) -> Value:
        rest = self._after_hundred(value.at)
        return value if rest is None else value.plus(rest)

    def _after_hundred(self, at: int) -> Value | None:
        """Read what a hundred adds: `rưỡi`, `linh ba`, `mười lăm`, `tư`, `hai mươi mốt`, or a lone `hai` for twenty."""
        role = self._role(at)
        if role is Role.AND_HALF:
            return Value(Decimal(50), Decimal(50), at + 1)
        if role is Role.LINK and self._role(at + 1) in {Role.ONE, Role.LATE}:
            return self._exact(at + 1)
        if role is Role.TEN:
            return self._teen(at)
        if role is Role.LATE:
            return self._exact(at).times(10)
        return self._tens_after_hundred(at) if role is Role.ONE else None

    def _tens_after_hundred(self, at: int) -> Value | None:
        if self._role(at + 1) is Role.TENS:
            return self._tens(self._exact(at))
        if self._role(at + 1) is Role.LATE:
            return self._exact(at).times(10).plus(self._exact(at + 1))
        if self._begins_phrase(at) or self._role(at + 1) in {Role.ONE, Role.HUNDRED, Role.DOZENS}:
            return None
        return self._exact(at).times(10)

    def _vague(self, at: int) -> Value | None:
        """Read `hàng chục nghìn`, `vài ba trăm`, `mấy`, `chục triệu`: a number without a value."""
        here = at + 1 if self._role(at) in {Role.FEW, Role.MASS} else at
        big = {Role.TENS, Role.DOZENS, Role.HUNDRED}
        end = here
        while self._role(end) in big:
            end += 1
        if self._role(end) is Role.SCALE and (here > at or end > here or self._role(end + 1) is Role.SCALE):
            return Value(None, None, end)
        if end > here > at or (end == here and here > at and self._role(at) is Role.FEW):
            return Value(None, None, end)
        return None
