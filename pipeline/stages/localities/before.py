"""Words before bare names: what each says of the name by itself; worked out once for all articles."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Final

LONGER: Final = "end of a longer name"
_SEPARATORS: Final = frozenset(",;")
_MOST: Final = 16384
"""Words that are kept: more than a thousand articles have."""


@dataclass(frozen=True, slots=True)
class WordBefore:
    """What a word says of a name directly behind it.

    Attributes:
        quiet: Whether it says nothing, and nothing before it matters.
        reason: Why the name is no unit, where the word alone decides it.
        spares_provinces: Whether that leaves provinces open.
        is_word: Whether it has letters only.
        is_lower: Whether it is such a word and begins with a small letter.
    """

    quiet: bool = False
    reason: str = ""
    spares_provinces: bool = False
    is_word: bool = False
    is_lower: bool = False


class WordsBefore(dict[str, WordBefore]):
    """The words met so far, as written.

    Args:
        quiet: Words that say nothing of a name directly behind them but where their phrase ends.
        heads: Words, and phrases, that make something else of the name behind them, with its kind.
        compounds: Phrases that end in such a word and mean something else.
        openers: Words that may stand before a name with a capital.
        office_ends: Last words of offices.
    """

    def __init__(
        self,
        quiet: Set[str],
        heads: Mapping[str, str],
        compounds: Set[str],
        openers: Set[str],
        office_ends: Set[str],
    ) -> None:
        super().__init__()
        self._quiet, self._heads = quiet, heads
        self._compound_ends = frozenset([compound.rpartition(" ")[2] for compound in compounds])
        self._excused = openers | office_ends | heads.keys()

    def __missing__(self, word: str) -> WordBefore:
        if len(self) >= _MOST:
            self.clear()
        found = self[word] = self._judged(word)
        return found

    def _judged(self, word: str) -> WordBefore:
        if word in self._quiet or word[-1:] in _SEPARATORS:
            return WordBefore(quiet=True)
        if not word.isalpha():
            return WordBefore()
        low, is_lower = word.lower(), word[0].islower()
        if word[0].isupper() and not word.isupper() and low not in self._excused:
            return WordBefore(reason=LONGER, spares_provinces=True, is_word=True)
        if low in self._heads and low not in self._compound_ends:
            return WordBefore(reason=after_head(self._heads[low]), is_word=True, is_lower=is_lower)
        return WordBefore(is_word=True, is_lower=is_lower)


def after_head(kind: str) -> str:
    """Return the reason why a name behind a word of a kind is no unit."""
    return f"after a word of kind {kind}"
