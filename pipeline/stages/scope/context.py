"""What scope reads: sentences with their dates and localities, and the amounts and counts to be placed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

from pipeline.document import Document
from pipeline.grammar.sentence_index import SentenceIndex
from pipeline.stages.scope.rules import NATIONAL_KIND
from pipeline.tables import DateRow, LocalityRow, ModelCountRow, MoneyRow, SentenceRow

T = TypeVar("T", DateRow, LocalityRow)

Fact = MoneyRow | ModelCountRow
"""An amount or a count."""

PERIODS: Final = frozenset({"month", "quarter", "year", "range"})
"""Granularities of stretches that things are reported for; days and weeks are when something happened."""


class Place(NamedTuple):
    """One or more localities read as one: its path and code (None if they have nothing in common), its start."""

    path: list[str] | None
    code: str | None
    start: int
    end: int


class Context:
    """A document's sentences, dates and localities, found by position.

    `places`, `frames`, `ends`, `openers`, `carried` and `deeds` keep what was found for a sentence, which often
    holds or precedes several facts; `national` tells whether the text names the whole country at all.
    """

    def __init__(self, document: Document) -> None:
        self.text = document.view.folded
        self.national = bool(document.hits.get(NATIONAL_KIND))
        self.index = SentenceIndex(document)
        self.sentences = self.index.rows
        rows: list[DateRow] = document.rows.get("dates") or []
        self.dates = [row for row in rows if row.kind == "DATE" and row.date_from and row.date_to]
        self.localities: list[LocalityRow] = [row for row in document.rows.get("localities") or [] if row.path]
        self.places: dict[int, list[Place]] = {}
        self.carried: dict[int, Place | None] = {}
        self.frames: dict[int, DateRow | None] = {}
        self.ends: dict[int, bool] = {}
        self.openers: dict[tuple[int, bool], DateRow | None] = {}
        self.deeds: dict[int, frozenset[str]] = {}
        self._dates = self._by_sentence(self.dates)
        self._localities = self._by_sentence(self.localities)
        self._dated = [bisect_left(self.index.starts, start) for start in self._dates]

    def _by_sentence(self, rows: Iterable[T]) -> dict[int, list[T]]:
        """Return the rows, which come in reading order, that each sentence holds, by its start."""
        starts, sentences = self.index.starts, self.sentences
        held: dict[int, list[T]] = {}
        inside: list[T] = []
        ends = 0
        for row in rows:
            if row.start < ends:
                inside.append(row)
                continue
            number = bisect_right(starts, row.start) - 1
            if number >= 0 and row.start < sentences[number].end:
                inside = held[starts[number]] = [row]
                ends = sentences[number].end
        return held

    def number(self, fact: Fact) -> int | None:
        """Return the number of the sentence that a fact stands in."""
        return self.index.number(fact.start)

    def first_dated(self, number: int) -> int:
        """Return the number of the first sentence with a date from `number` on; what is behind the last if none has."""
        at = bisect_left(self._dated, number)
        return self._dated[at] if at < len(self._dated) else len(self.sentences)

    def dated_before(self, number: int) -> Iterable[int]:
        """Return the numbers of the sentences before `number` that have dates, the nearest first."""
        return reversed(self._dated[: bisect_left(self._dated, number)])

    def dates_in(self, sentence: SentenceRow) -> Sequence[DateRow]:
        """Return the dates of a sentence in reading order."""
        return self._dates.get(sentence.start, ())

    def localities_in(self, sentence: SentenceRow) -> Sequence[LocalityRow]:
        """Return the localities of a sentence in reading order."""
        return self._localities.get(sentence.start, ())
