"""How far the name of a place goes on from a token: what stands behind `tỉnh`, `xã`, or a body."""

from __future__ import annotations

from typing import Final

from pipeline.stages.officials.model import Surroundings
from pipeline.stages.officials.tokens import END, Token, Tokens

_WORDS: Final = 4
"""Syllables of the longest names of places without a dash."""
_HAMLET_DIGITS: Final = 3
"""Digits that no number of a hamlet has."""
_DASHES: Final = "-–"
_ENDS: Final = frozenset(",;.)\n")


def name_length(tokens: Tokens, around: Surroundings, index: int, *, shouted: bool) -> int:
    """Return the number of tokens of a place's own name at a token, by its capitals unless all is in capitals."""
    if tokens[index][2][0].isdigit():
        return 1
    if shouted:
        return known_length(tokens, around, index)
    length = 0
    while length < _WORDS:
        token = tokens[index + length]
        start, _, text, _ = token
        if not text[0].isupper() or around.begins(start) or _opens_sentence(tokens, around, token):
            break
        if length:
            word, _ = tokens.longest(index + length)
            if word is not None and word.kind == "body":
                break
        length += 1
    return _across_dash(tokens, around, index, length)


def _opens_sentence(tokens: Tokens, around: Surroundings, token: Token) -> bool:
    """Tell whether a capitalised word opens a sentence rather than ends a name: then more follows it."""
    _, end, _, low = token
    return low in around.not_in_name and tokens.folded[end : end + 1] not in _ENDS


def _across_dash(tokens: Tokens, around: Surroundings, index: int, length: int) -> int:
    """Return the length with ` - Vũng Tàu`, where the whole is the name of a place."""
    if not length or tokens[index + length][2] not in _DASHES:
        return length
    for more in (2, 1):
        last = tokens[index + length + more]
        whole = "" if last is END else tokens.folded[tokens[index][0] : last[1]]
        if whole.replace(" - ", "-") in around.places:
            return length + 1 + more
    return length


def known_length(tokens: Tokens, around: Surroundings, index: int) -> int:
    """Return the number of tokens of the longest known place that begins at a token."""
    start = tokens[index][0]
    for length in range(_WORDS, 0, -1):
        last = tokens[index + length - 1]
        if last is not END and tokens.folded[start : last[1]] in around.places:
            return length
    return 0


def with_number(tokens: Tokens, index: int, length: int) -> int:
    """Return the length with a number that tells hamlets of one name apart (`thôn Hạ 2`)."""
    number = tokens[index + length][2]
    return length + (number.isdigit() and len(number) < _HAMLET_DIGITS)
