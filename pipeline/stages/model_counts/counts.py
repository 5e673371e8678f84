"""Candidates: a number directly before a head, and the judgement whether models are counted there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from pipeline.document import Document
from pipeline.grammar.numbers import Numeral, link
from pipeline.grammar.sentence_index import SentenceIndex
from pipeline.stages.model_counts.rules import LEXICON_KIND, Kind, Prepared
from pipeline.tables import SentenceRow

_AFTER: Final = 32
"""Code points after a head in which its kind shows (`mô hình … nuôi tôm`); about six words."""

_BEFORE: Final = 80
"""Code points before the number in which the sentence may say what is done with what is counted."""

_ONE: Final = 16
_EACH: Final = 60
"""Code points before `một` that hold the words right before it, and `mỗi` in its clause."""

_SERIES: Final = 40
"""Code points between counts that stand one after another (`18 tổ tự quản, một câu lạc bộ`)."""

_QUOTES: Final = frozenset("“\"‘'")
"""Marks that may stand between a number and a head: `13 “Tổ tự quản”`."""

_YEAR_BEFORE: Final = 8
"""Code points before `năm` that hold the word after which it is the year: `trong năm mô hình …`."""


@dataclass(slots=True)
class Count:
    """A candidate: its number, the span of the whole and of the unit, its kind, and why it was dropped."""

    start: int
    end: int
    unit_start: int
    value: Decimal | None
    kind: Kind
    dropped: str | None = None


class _Near(NamedTuple):
    """What stands before a number: the numeral and the candidate before it."""

    numeral: Numeral | None
    candidate: Count | None


def candidates(document: Document, sentences: SentenceIndex, prepared: Prepared) -> list[Count]:
    """Return the candidates of a document in reading order."""
    heads = [start for start, _, _ in document.hits.get(LEXICON_KIND) or ()]
    text = document.view.folded
    found: list[Count] = []
    before: Numeral | None = None
    votes = _Votes(document, sentences)
    for numeral in prepared.numbers.find(document, sentences.around(heads)):
        unit = _unit(text, numeral.end, prepared)
        sentence = sentences.at(numeral.start)
        if unit is not None and sentence is not None:
            unit_start, unit_end, kind = unit
            count = Count(numeral.start, unit_end, unit_start, numeral.low, kind)
            count.dropped = _read_number(
                text, count, numeral, _Near(before, found[-1] if found else None), prepared
            ) or _why_not(text, count, sentence, votes)
            found.append(count)
        before = numeral
    return found


def _unit(text: str, end: int, prepared: Prepared) -> tuple[int, int, Kind] | None:
    """Return the span of the unit that follows a number (`21 mô hình`, `hai mươi mốt (21) mô hình`), and its kind."""
    if text.startswith(") ", end):
        end += 1
    if end >= len(text) or text[end] not in " \n":
        return None
    start = end + 2 if text[end + 1 : end + 2] in _QUOTES else end + 1
    for pattern, kind in prepared.open_heads:
        if match := pattern.match(text, start):
            return start, match.end(), kind
    if match := prepared.head.match(text, start):
        return start, match.end(), prepared.by_head[match["head"]]
    return None


def _read_number(text: str, count: Count, numeral: Numeral, near: _Near, prepared: Prepared) -> str | None:
    """Settle the value and the start (ranges, ratios); return why the number is none of a count."""
    before = near.numeral
    how = None if before is None else link(text, before.end, numeral.start)
    if before is not None and how is not None and not prepared.numbers.is_label(text, before.start):
        count.start = before.start
        count.value = before.low if how == "ratio" else None
    elif prepared.numbers.is_label(text, numeral.start):
        return "a date or an ordinal"
    if numeral.low != numeral.high:
        count.value = None
    if numeral.words:
        return _why_word_is_none(text, count, numeral, near, prepared)
    if count.value is not None and count.value != count.value.to_integral_value():
        return "not a whole number"
    return None


def _one_counts(text: str, count: Count, numeral: Numeral, last: Count | None, prepared: Prepared) -> bool:
    """Tell whether `một` counts: after such words, for each of several, alone of its kind, or next in a count."""
    start, one = numeral.start, prepared.one
    if one.article.search(text, max(0, start - _ONE), start):
        return False
    if one.after.search(text, max(0, start - _ONE), start) or one.before.match(text, count.end):
        return True
    if one.for_each.search(text, max(0, start - _EACH), start):
        return True
    between = None if last is None or last.dropped else text[last.end : start]
    return between is not None and len(between) <= _SERIES and one.series.fullmatch(between) is not None


def _why_word_is_none(text: str, count: Count, numeral: Numeral, near: _Near, prepared: Prepared) -> str | None:
    word = text[numeral.start : numeral.end]
    if word == prepared.one.word and not _one_counts(text, count, numeral, near.candidate, prepared):
        return "an article"
    before = near.numeral
    counted = before is not None and text[before.end : numeral.start] == " "
    begin = max(0, numeral.start - _YEAR_BEFORE)
    if word == prepared.year and (counted or prepared.year_after.search(text, begin, numeral.start)):
        return "the year"
    if numeral.low is None and " " not in word:
        return "no number"
    return None


def _why_not(text: str, count: Count, sentence: SentenceRow, votes: _Votes) -> str | None:
    """Return why what is counted is no model, exemplar, work or group of a movement; None if it is one."""
    kind = count.kind
    if kind.sure is not None and kind.sure.search(text, count.unit_start, count.end):
        return None
    if kind.never_directly_after is not None and kind.never_directly_after.search(text, sentence.start, count.start):
        return "another sense of the word"
    verdict = _after(text, count.end, kind)
    if verdict is None:
        verdict = _before(text, sentence.start, count.start, kind)
    if verdict is None and kind.rule.vote:
        verdict = votes.verdict(text, kind)
    if verdict is None:
        verdict = kind.rule.assume
    return None if verdict else "another sense of the word"


def _after(text: str, end: int, kind: Kind) -> bool | None:
    """Return what the words after a head say: True for, False against, None if they are silent."""
    if kind.never_next is not None and kind.never_next.match(text, end):
        return False
    if kind.after is None:
        return None
    match = kind.after.search(text, end, _clause_end(text, end))
    return None if match is None else match.lastgroup == "for"


def _clause_end(text: str, end: int) -> int:
    limit = min(len(text), end + _AFTER)
    return min((at for mark in ".;:\n" if (at := text.find(mark, end, limit)) >= 0), default=limit)


def _before(text: str, begin: int, start: int, kind: Kind) -> bool | None:
    begin = max(begin, start - _BEFORE)
    if kind.never_before is not None and kind.never_before.search(text, begin, start):
        return False
    if kind.before is not None and kind.before.search(text, begin, start):
        return True
    return None


class _Votes:
    """What the article's other mentions of a head say of its sense; counted once per kind."""

    def __init__(self, document: Document, sentences: SentenceIndex) -> None:
        self._hits = document.hits[LEXICON_KIND]
        self._sentences = sentences
        self._verdicts: dict[str, bool | None] = {}

    def verdict(self, text: str, kind: Kind) -> bool | None:
        """Return the majority of the mentions; None if they are silent or balanced."""
        if kind.rule.id not in self._verdicts:
            balance = sum(1 if vote else -1 for vote in self._each(text, kind))
            self._verdicts[kind.rule.id] = None if balance == 0 else balance > 0
        return self._verdicts[kind.rule.id]

    def _each(self, text: str, kind: Kind) -> Iterator[bool]:
        for start, end, head in self._hits:
            sentence = self._sentences.at(start)
            if head not in kind.rule.heads or sentence is None:
                continue
            vote = _after(text, end, kind)
            if vote is None:
                vote = _before(text, sentence.start, start, kind)
            if vote is not None:
                yield vote
