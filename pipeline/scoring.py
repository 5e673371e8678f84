"""What scoring treats as equal: spelling variants, abbreviations in titles, type words in places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from pipeline.document import View, fold
from pipeline.grammar.rules import RuleBook, RuleFile, alternatives


class Abbreviation(BaseModel):
    """Short forms of one full form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    short: list[str]
    full: str


class ScoringFile(RuleFile):
    """`scoring.yaml`."""

    abbreviations: list[Abbreviation]
    former: list[str]
    type_words: list[str]


class Normaliser:
    """Normal forms under which a value and its gold are compared."""

    def __init__(self, book: RuleBook) -> None:
        rules = book.load("scoring.yaml", ScoringFile)
        self._full = {self._fold(short): a.full for a in rules.abbreviations for short in a.short}
        self._short = re.compile(rf"(?<!\w){alternatives(self._full)}(?!\w)")
        self._former = re.compile(rf"^{alternatives(rules.former)} ")
        self._type_word = re.compile(rf"^{alternatives([self._fold(word) for word in rules.type_words])} *(?=\S)")

    @staticmethod
    def _fold(text: str | None) -> str:
        return fold(View(text or "").text).strip()

    def text(self, value: str | None) -> str:
        """Return `value` without case, tone placement, quotes, punctuation and runs of spaces."""
        return " ".join(re.sub(r"[“”\"'’‘.,;:()]", " ", self._fold(value)).split())

    def author(self, value: str | None) -> str:
        """Return a byline without its agency, unless the agency is all there is."""
        person = re.sub(r"\([^)]*\)|/?\bT?TXVN\b/?", " ", value or "")
        return self.text(person) or self.text(value)

    def title(self, value: str | None) -> str:
        """Return a title with its abbreviations spelled out and without `nguyên`, `cựu`."""
        folded = self._former.sub("", self._fold(value))
        full = self._short.sub(lambda match: self._full[match[0]], folded)
        return " ".join(re.sub(r"[\W_]+", " ", full).split())

    def path(self, value: Sequence[Any] | None) -> tuple[str, ...]:
        """Return a locality's path without type words, hyphens and leading zeros."""
        return tuple(self._place(str(name)) for name in value or ())

    def _place(self, name: str) -> str:
        folded = " ".join(re.sub(r"\s*[-–]\s*", " ", self._fold(name)).split())
        return self._type_word.sub("", folded).lstrip("0") or folded
