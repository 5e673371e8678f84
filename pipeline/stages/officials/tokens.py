"""The words behind a role, one after another, with the longest term of the word tree at each."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipeline.document import View
from pipeline.stages.officials.runs import UPPER
from pipeline.stages.officials.rules import SEPARATOR, Tree, Word, WordTree

_ACRONYM: Final = rf"[{UPPER}]\w*(?:[.&/-][{UPPER}]{{2,}}\w*)+"
_SHORTENED: Final = rf"T\.Ư|T\.W|(?:TP|TX|TT|[QHPX])\.(?= ?[{UPPER}\d])"
_TOKEN: Final = re.compile(rf"{_ACRONYM}|{_SHORTENED}|\w+(?:['’]\w+)*|[^\w\s]")
_MARKS: Final = frozenset({",", "-", "–", "/"})


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
        joins: Words that join two parts of a name (`và`).
    """

    def __init__(self, view: View, start: int, limit: int, tree: WordTree, joins: frozenset[str]) -> None:
        line_end = view.text.find("\n", start, limit)
        self.folded = view.folded
        self.tree = tree
        self.separators = _MARKS | joins
        self._matches = _TOKEN.finditer(view.text, start, line_end if line_end >= 0 else limit)
        self._cut: list[Token] = []

    def at(self, index: int) -> Token | None:
        """Return the token of a number, from 0, or None behind the last."""
        cut = self._cut
        while len(cut) <= index:
            match = next(self._matches, None)
            if match is None:
                return None
            start, end = match.span()
            cut.append(Token(start, end, match[0], self.folded[start:end]))
        return cut[index]

    def longest(self, index: int) -> tuple[Word | None, int]:
        """Return the longest term of the tree that begins at a token, and its number of tokens."""
        found: tuple[Word | None, int] = (None, 0)
        nodes: list[tuple[Tree, int]] = [(self.tree.root, index)]
        while nodes:
            node, at = nodes.pop()
            word = node.get(WordTree.WORD)
            if isinstance(word, Word) and at - index > found[1]:
                found = (word, at - index)
            token = self.at(at)
            if token is None:
                continue
            gap = node.get(SEPARATOR)
            if isinstance(gap, dict):
                nodes.append((gap, at))
                nodes.append((gap, self._behind_separators(at)))
            child = node.get(token.low)
            if isinstance(child, dict):
                nodes.append((child, at + 1))
        return found

    def _behind_separators(self, index: int) -> int:
        while (token := self.at(index)) is not None and token.low in self.separators:
            index += 1
        return index
