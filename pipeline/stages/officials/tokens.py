"""The words behind a role, one after another, with the longest term of the word tree at each."""

from __future__ import annotations

import re
import sys
from typing import Final

from pipeline.document import View
from pipeline.stages.officials.rules import Node, Word, WordTree
from pipeline.stages.officials.runs import UPPER

_ACRONYM: Final = rf"[{UPPER}]\w*+(?:[.&/-][{UPPER}]{{2,}}+\w*+)++"
_SHORTENED: Final = rf"T\.Ư|T\.W|(?:TP|TX|TT|[QHPX])\.(?= ?[{UPPER}\d])"
_TOKEN: Final = re.compile(rf"{_ACRONYM}|{_SHORTENED}|\w++(?:['’]\w++)*+|[^\w\s]")
MARKS: Final = frozenset({",", "-", "–", "/"})
"""What may stand where the word tree has a gap, besides words that join."""


Token = tuple[int, int, str, str]
"""A word or a mark of punctuation: start, end, text, and text in lower case."""
END: Final[Token] = (sys.maxsize, sys.maxsize, "\n", "\n")
"""What stands behind the last token of a line, as often as it is asked for."""


class Tokens(dict[int, Token]):
    """The tokens of one line of a view by their number from a position on, cut when they are asked for.

    Args:
        view: The view.
        start, limit: Where to begin and where to stop at the latest.
        tree: The word tree.
        separators: Marks and words that may stand where the tree has a gap.
    """

    __slots__ = ("_end", "_matches", "_separators", "_text", "_words", "folded")

    def __init__(self, view: View, start: int, limit: int, tree: WordTree, separators: frozenset[str]) -> None:
        self._text = text = view.text
        line_end = text.find("\n", start, limit)
        self._end = line_end if line_end >= 0 else limit
        self._matches = _TOKEN.finditer(text, start, self._end)
        self._words = tree.root.after
        self._separators = separators
        self.folded = view.folded

    def __missing__(self, index: int) -> Token:
        if index > len(self) and self[index - 1] is END:
            return END
        for match in self._matches:
            start, end = match.span()
            token = self[index] = (start, end, match[0], self.folded[start:end])
            return token
        return END

    def join(self, index: int, end: int) -> None:
        """Make one token of all that stands from the start of a token to a position."""
        start = self[index][0]
        while len(self) > index:
            self.popitem()
        self[index] = (start, end, self._text[start:end], self.folded[start:end])
        self._matches = _TOKEN.finditer(self._text, end, self._end)

    def longest(self, index: int) -> tuple[Word | None, int]:
        """Return the longest term of the tree that begins at a token, and its number of tokens."""
        node = self._words.get(self[index][3])
        return self.longest_from(node, index) if node is not None else (None, 0)

    def longest_from(self, node: Node | None, index: int) -> tuple[Word | None, int]:
        """Return the same, given where the word of the token leads in the tree."""
        found, end = None, index
        at = index + 1
        while node is not None:
            if node.gap is not None:
                branch, behind = self._across_gaps(node, at)
                return (branch, behind - index) if branch is not None else (found, end - index)
            if node.word is not None:
                found, end = node.word, at
            node = node.after.get(self[at][3]) if node.after else None
            at += 1
        return found, end - index

    def _across_gaps(self, node: Node, index: int) -> tuple[Word | None, int]:
        """Return the longest term that goes on from a place in the tree with a token, and where it ends."""
        found: tuple[Word | None, int] = (None, index - 1)
        nodes = [(node, index)]
        while nodes:
            node, at = nodes.pop()
            if node.word is not None and at > found[1]:
                found = (node.word, at)
            if node.gap is not None:
                nodes.append((node.gap, at))
                nodes.append((node.gap, self._behind_separators(at)))
            child = node.after.get(self[at][3]) if node.after else None
            if child is not None:
                nodes.append((child, at + 1))
        return found

    def _behind_separators(self, index: int) -> int:
        while self[index][3] in self._separators:
            index += 1
        return index
