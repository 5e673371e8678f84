"""Words that bound a number: `hơn`, `ít nhất`, `gần`, `khoảng` before it, `trở lên` after its noun."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pipeline.grammar.numbers import NumbersFile
from pipeline.grammar.rules import RuleBook, alternatives, endings, whole_words

_LONGEST: Final = 40
"""Code points before a number in which its qualifiers are looked for; longer than any run of them."""


class Qualifiers:
    """Reads the qualifiers of `numbers.yaml`; words without a code (`dưới`, `tối đa`) only widen the span."""

    def __init__(self, book: RuleBook) -> None:
        file = book.load("numbers.yaml", NumbersFile)
        self._codes = _by_word(file.qualifiers)
        self._before = re.compile(rf"({whole_words(self._codes)}) \Z")
        self._endings = endings(self._codes)
        self._codes_after = _by_word(file.qualifiers_after)
        self._after = re.compile(rf"[ ,]{{0,2}}({alternatives(self._codes_after)})(?!\w)")

    def before(self, text: str, start: int) -> tuple[int, str | None]:
        """Return where the phrase of the number at `start` begins and the code of the qualifier next to it."""
        found: str | None = None
        begin = start
        while text.endswith(self._endings, 0, begin):  # few words end a qualifier, and the search for one is slow
            match = self._before.search(text, max(0, begin - _LONGEST), begin)
            if match is None:
                break
            begin = match.start(1)
            found = found or self._codes[match[1]]
        return begin, found

    def after(self, text: str, end: int) -> str | None:
        """Return the code of a qualifier that follows the phrase ending at `end` (`50 triệu đồng trở lên`)."""
        match = self._after.match(text, end)
        return self._codes_after[match[1]] if match else None


def _by_word(codes: Mapping[str, list[str]]) -> dict[str, str | None]:
    return {word: None if code == "none" else code for code, words in codes.items() for word in words}
