"""What may stand between a title and the rest of its sentence: the places and the parent body of its office.

A title ends at the first comma or bracket; in `Chủ tịch UBND xã Tân Lập, huyện Mai Sơn Đỗ Minh Quân` the sentence
goes on behind the district all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.stages.officials.model import Surroundings

_COMMA: Final = ", "
_BRACKET: Final = " ("
OPENINGS: Final = frozenset({_COMMA, _BRACKET, " -", " –"})
"""The first two characters of what may stand between."""
_CLOSING: Final = frozenset(",)")
_DASHES: Final = frozenset({" - ", " – "})
_SPACED: Final = _DASHES | {_BRACKET}


def behind(text: str, around: Surroundings, at: int, body_end: Callable[[int], int]) -> int:
    """Return where the sentence goes on behind a title.

    Args:
        text: The view.
        around: What is known of it.
        at: Where the title ends.
        body_end: What returns the end of the body that begins at a position, 0 where none does.
    """
    if text[at : at + 3] in _DASHES:
        end = body_end(at + 3) if text[at + 3 : at + 4].isupper() and not around.begins(at + 3) else 0
        return end if end and end + 1 in around.names else at
    while (mark := text[at : at + 2]) == _COMMA or mark == _BRACKET:
        end, _ = around.localities.get(at + 2, (0, ""))
        if not end or at + 2 in around.names:
            return _parent_end(text, around, at, body_end) if mark == _COMMA else at
        if mark == _BRACKET and text[end : end + 1] != ")":
            return at
        at = end + (mark == _BRACKET)
    return at


def _parent_end(text: str, around: Surroundings, at: int, body_end: Callable[[int], int]) -> int:
    """Return the end of the body behind a comma, where a name or a boundary follows it; else the comma's place."""
    start = at + len(_COMMA)
    end = body_end(start) if text[start : start + 1].isupper() and not around.begins(start) else 0
    closed = text[end : end + 1] in _CLOSING or text[end : end + 3] in _SPACED or end + 1 in around.names
    return end if end and closed else at
