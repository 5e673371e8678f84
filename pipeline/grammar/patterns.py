"""What patterns are made of, and how to write them so that the engine has less to do."""

from __future__ import annotations

import re
from typing import Final

_PIECE: Final = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?P=\w+\)|\((?:\?(?:P<\w+>|[:>=!]|<[=!]|[a-zA-Z-]+:))?|.", re.DOTALL
)
"""An escape, a class of characters, a reference, the opening of a group, or any other character."""


def with_branches(source: str) -> str:
    """Return a pattern that matches the same with optional groups as branches: `(?:x|)` for `(?:x)?`.

    The engine keeps account of every repeat of a group, and an optional group is one to it; a branch costs it nothing.
    """
    pieces = _PIECE.findall(source)
    opened: list[str] = []
    for at, piece in enumerate(pieces):
        if piece == ")" and opened:
            plain = opened.pop() == "(?:"
            if plain and pieces[at + 1 : at + 2] == ["?"] and pieces[at + 2 : at + 3] not in (["?"], ["+"]):
                pieces[at : at + 2] = ["|)", ""]
        elif piece.startswith("(") and not piece.endswith(")"):
            opened.append(piece)
    return "".join(pieces)
