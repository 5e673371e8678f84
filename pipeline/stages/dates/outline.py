"""How a text goes on after a word or number, in few enough forms that what can match there is remembered."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_AHEAD: Final = re.compile(r"(\W{0,2})([0-9]*)(\W{0,2}[^\W\d]?)")
"""The next number, the marks around it and the letter behind it: further ahead every text is another."""

_EXACT: Final = frozenset({"00", "10", "11", "12", "20", "24", "30", "31", "1800", "1900"})
"""Months, ends of months, decades, `24/7` and the numbers of hotlines are told from their neighbours."""

_LONGEST: Final = 12
"""Digits from which on nothing depends: telephone numbers are shorter."""


def outline(folded: str, end: int) -> str:
    """Return what follows offset `end` of a text, its next number replaced by its sample.

    A rule that cannot match a text that begins so cannot match any text of this outline.
    """
    match = _AHEAD.match(folded, end)
    if match is None:
        return ""
    before, number, behind = match.groups()
    return before + sample(number) + behind if number else before


@lru_cache(1 << 13)
def sample(number: str) -> str:
    """Return the number that stands for all that dates tell apart no further: `27` → `25`, `2019` → `2017`."""
    length = len(number)
    if length == 1 or number in _EXACT:
        return number
    if length == 2:
        return next(standing for standing, last in _TWO_DIGITS if number <= last or last == "99")
    if length == 4 and "1000" <= number < "2200":
        return number[:2] + ("10" if number[3] == "0" else "17")
    if length in (5, 6) and number[-4:-2] in ("19", "20"):
        return sample(number[:-4]) + number[-4:-2] + "17"
    return ("0" if number[0] == "0" else "9") + "1" * (min(length, _LONGEST) - 1)


_TWO_DIGITS: Final = (("02", "04"), ("07", "09"), ("15", "19"), ("21", "22"), ("25", "29"), ("45", "99"))
"""What stands for all numbers up to a last one."""
