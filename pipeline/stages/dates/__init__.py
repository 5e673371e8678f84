"""Calendar expressions: candidates from the rules, the competition among them, and their days.

Reads `rules/dates.yaml`; leaves the table `dates` and the stage output `03_dates`.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from functools import lru_cache
from typing import Any

from pipeline.document import Document
from pipeline.grammar.calendar import Span
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.stages.dates.joins import Joiner, compete, explains, recurs
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
    view = document.view
    candidates = prepared.candidates(document)
    furniture = [part for part in document.rows["01_layout"] if part.kind == "furniture"]
    if furniture:
        starts, ends = [part.start for part in furniture], [0, *(part.end for part in furniture)]
        candidates = [c for c in candidates if c.start >= ends[bisect_right(starts, c.start)]]
    reading = Joiner(compete(candidates, len(view.text)), prepared, document).join()
    resolver = Resolver(
        document.published_on,
        [sentence.start for sentence in document.rows["02_sentences"]],
        view.folded,
        prepared.around,
    )
    rows = _rows(reading.dates, resolver, view.folded, prepared.around)
    stage = [CandidateRow(row.start, row.end, True, describe(row), row.resolved_from, row.rule) for row in rows]
    stage += [CandidateRow(c.start, c.end, False, None, reason, c.rule.id) for c, reason in reading.others]
    stage.sort(key=lambda row: (row.start, row.end, row.rule))
    return {"dates": rows, "03_dates": stage}


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
        kind = "SET" if recurs(candidate, folded, around) else candidate.rule.kind
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
    return DateRow(
        candidate.start,
        candidate.end,
        "DATE",
        None if span is None else span.first,
        None if span is None else span.last,
        _granularity(candidate, span),
        first.part,
        "lunar" if lunar else "gregorian",
        by,
        candidate.rule.id,
    )


def _granularity(candidate: Candidate, span: Span | None) -> str:
    if span is not None and span.first == span.last:
        return "day"
    return "range" if candidate.last is not None else candidate.first.granularity
