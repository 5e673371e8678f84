"""Calendar expressions: candidates from the rules, the competition among them, and their days.

Reads `rules/dates.yaml`; leaves the table `dates` and the stage output `03_dates`.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.grammar.sentence_index import sentence_starts
from pipeline.stages.dates.joins import Joiner, compete, explains
from pipeline.stages.dates.patterns import Candidate, DateFile, Matcher
from pipeline.stages.dates.resolve import Resolver
from pipeline.stages.dates.surroundings import Surroundings
from pipeline.tables import CandidateRow, DateRow

__all__ = ["DateFile", "describe", "prepare", "run"]


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Matcher:
    """Compile the rules and register the words that a date can start with."""
    matcher = Matcher(book.load("dates.yaml", DateFile))
    lexicon.add("dates", matcher.starts, overlapping=True)
    return matcher


def run(document: Document, prepared: Matcher) -> dict[str, list[Any]]:
    """Return the dates of the document outside its furniture, and every candidate with what became of it."""
    view, around = document.view, prepared.around
    found, openers = prepared.candidates(document)
    furniture = [part for part in document.rows["01_layout"] if part.kind == "furniture"]
    if furniture:
        starts, ends = [part.start for part in furniture], [0, *(part.end for part in furniture)]
        found = [each for each in found if each[2] >= ends[bisect_right(starts, each[2])]]
    reading = compete(found, len(view.text), prepared.read)
    resolver = Resolver(document.published_on, sentence_starts(document), view.folded, around)
    rows = _rows(Joiner(reading, openers, prepared, view).join(), resolver, view.folded, around)
    stage = [CandidateRow(row.start, row.end, True, describe(row), row.resolved_from, row.rule) for row in rows]
    stage += reading.losers
    stage.sort(key=_PLACE)
    return {"dates": rows, "03_dates": stage}


_PLACE: Final = attrgetter("start", "end", "rule")


def describe(row: DateRow) -> str:
    """Return the short form of a date: ISO 8601 day or interval, `?` where undecided; the kind where no DATE."""
    if row.kind != "DATE":
        return row.kind
    return span_text(row.date_from, row.date_to)


@lru_cache(1 << 14)
def span_text(first: dt.date | None, last: dt.date | None) -> str:
    """Return a day or an interval in ISO 8601, `?` where it is not known."""
    if first is None or last is None:
        return "?"
    return first.isoformat() if first == last else f"{first}/{last}"


def _rows(dates: list[Candidate], resolver: Resolver, folded: str, around: Surroundings) -> list[DateRow]:
    rows = []
    for candidate, after in zip(dates, [*dates[1:], None], strict=False):
        kind = candidate.rule.kind
        if (candidate.last or candidate.first).lacks_year and around.every.match(folded, candidate.end):
            kind = "SET"  # it comes round again: `ngày 5/6 hằng năm`
        if kind == "DATE":
            apposed = after if after and explains(candidate, after, folded, around) else None
            rows.append(_row(candidate, resolver, apposed))
        else:
            rows.append(DateRow(candidate.start, candidate.end, kind, rule=candidate.rule.id))
    return rows


def _row(candidate: Candidate, resolver: Resolver, apposed: Candidate | None) -> DateRow:
    span, by = resolver.resolve(candidate, apposed)
    first, last = candidate.first, candidate.last
    lunar = first.calendar == "lunar" or (last is not None and last.calendar == "lunar")
    begin, end = span or (None, None)
    granularity = first.granularity if last is None else "range"
    return DateRow(
        candidate.start,
        candidate.end,
        "DATE",
        begin,
        end,
        "day" if begin is not None and begin == end else granularity,
        first.part,
        "lunar" if lunar else "gregorian",
        by,
        candidate.rule.id,
    )
