"""Counted models: practices, exemplars, works and tasks of a movement, ways of doing, self-managed groups, clubs."""

from __future__ import annotations

from typing import Any, Final

from pipeline.document import Document
from pipeline.grammar.sentence_index import SentenceIndex
from pipeline.stages.model_counts.counts import Count, candidates
from pipeline.stages.model_counts.details import link_parts, name, status
from pipeline.stages.model_counts.rules import LEXICON_KIND, ModelFile, Prepared, prepare
from pipeline.tables import CandidateRow, ModelCountRow

__all__ = ["ModelFile", "Prepared", "describe", "prepare", "run"]

_LIMIT: Final = 2**63
"""Counts from here on do not fit the column."""


def run(document: Document, prepared: Prepared) -> dict[str, list[Any]]:
    """Return the counts (`model_counts`) and every candidate with why it was dropped (`07_model_counts`)."""
    if not document.hits.get(LEXICON_KIND):
        return {"model_counts": [], "07_model_counts": []}
    sentences = SentenceIndex(document)
    found = candidates(document, sentences, prepared)
    kept = [count for count in found if count.dropped is None]
    rows = [_row(document, sentences, count, prepared) for count in kept]
    link_parts(document.view.folded, sentences, rows, prepared)
    return {"model_counts": rows, "07_model_counts": [_candidate(document, count) for count in found]}


def _row(document: Document, sentences: SentenceIndex, count: Count, prepared: Prepared) -> ModelCountRow:
    text = document.view.folded
    start, qualifier = prepared.qualifiers.before(text, count.start)
    return ModelCountRow(
        start=start,
        end=count.end,
        count=_whole(count),
        qualifier=qualifier or prepared.qualifiers.after(text, count.end),
        unit=document.view.text[count.unit_start : count.end],
        name=name(document, count.end, prepared),
        status=status(text, sentences, count, prepared),
        rule=count.kind.rule.id,
    )


def _whole(count: Count) -> int | None:
    return None if count.value is None or count.value >= _LIMIT else int(count.value)


def _candidate(document: Document, count: Count) -> CandidateRow:
    value = _short(_whole(count), document.view.text[count.unit_start : count.end])
    return CandidateRow(count.start, count.end, count.dropped is None, value, count.dropped, count.kind.rule.id)


def _short(count: int | None, unit: str) -> str:
    return f"{'null' if count is None else count} {unit}"


def describe(row: ModelCountRow) -> str:
    """Return a row in the short form of the rules' examples: `2391 mô hình`, `null mô hình`."""
    return _short(row.count, row.unit)
