"""The words behind a role, one after another, with the longest term of the word tree at each."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipeline.document import View
from pipeline.stages.officials.rules import Node, Word, WordTree
from pipeline.stages.officials.runs import UPPER

_ACRONYM: Final = rf"[{UPPER}]\w*+(?:[.&/-][{UPPER}]{{2,}}+\w*+)++"
_SHORTENED: Final = rf"T\.Ư|T\.W|(?:TP|TX|TT|[QHPX])\.(?= ?[{UPPER}\d])"
_TOKEN: Final = re.compile(rf"{_ACRONYM}|{_SHORTENED}|\w++(?:['’]\w++)*+|[^\w\s]")
MARKS: Final = frozenset({",", "-", "–", "/"})
"""What may stand where the word tree has a gap, besides words that join."""


class Token(NamedTuple):
    """A word or a mark of punctuation; `low` is the word in lower case."""

    start: int
    end: int
    text: str
    low: str


class Tokens:
    """The tokens of one line of a view from a position on, cut on demand.

    Args:
        view: The view.
        start, limit: Where to begin and where to stop at the latest.
        tree: The word tree.
        separators: Marks and words that may stand where the tree has a gap.
    """

    __slots__ = ("_cut", "_longest", "_matches", "_separators", "_tree", "folded")

    def __init__(self, view: View, start: int, limit: int, tree: WordTree, separators: frozenset[str]) -> None:
        line_end = view.text.find("\n", start, limit)
        self.folded = view.folded
        self._tree = tree
        self._separators = separators
        self._matches = _TOKEN.finditer(view.text, start, line_end if line_end >= 0 else limit)
        self._cut: list[Token] = []
        self._longest: dict[int, tuple[Word | None, int]] = {}

    def at(self, index: int) -> Token | None:
        """Return the token of a number, from 0, or None behind the last."""
        cut = self._cut
        while len(cut) <= index:
            match = next(self._matches, None)
            if match is None:
                return None
            start, end = match.span()
            cut.append(tuple.__new__(Token, (start, end, match[0], self.folded[start:end])))
        return cut[index]

    def longest(self, index: int) -> tuple[Word | None, int]:
        """Return the longest term of the tree that begins at a token, and its number of tokens."""
        found = self._longest.get(index)
        if found is None:
            token = self.at(index)
            node = self._tree.root.after.get(token.low) if token is not None else None
            word, end = self._search(node, index + 1) if node is not None else (None, index)
            found = self._longest[index] = (word, end - index)
        return found

    def _search(self, node: Node, index: int) -> tuple[Word | None, int]:
        """Return the longest term that goes on from a place in the tree with a token, and where it ends."""
        found: tuple[Word | None, int] = (None, index - 1)
        nodes = [(node, index)]
        while nodes:
            node, at = nodes.pop()
            if node.word is not None and at > found[1]:
                found = (node.word, at)
            token = self.at(at) if node.after or node.gap else None
            if token is None:
                continue
            if node.gap is not None:
                nodes.append((node.gap, at))
                nodes.append((node.gap, self._behind_separators(at)))
            child = node.after.get(token.low)
            if child is not None:
                nodes.append((child, at + 1))
        return found

    def _behind_separators(self, index: int) -> int:
        while (token := self.at(index)) is not None and token.low in self._separators:
            index += 1
        return index
