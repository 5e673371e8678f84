"""Localities: named administrative units, resolved together, and the unit that the article is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.document import Document
from pipeline.gazetteer import Chain
from pipeline.stages.localities.home import home_of
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.resolve import Resolver
from pipeline.stages.localities.rules import FILE, Knowledge, LocalityFile, prepare
from pipeline.stages.localities.scanner import Scanner
from pipeline.stages.localities.support import EITHER
from pipeline.tables import CandidateRow, LocalityRow

__all__ = ["FILE", "LocalityFile", "describe", "prepare", "run"]


def run(document: Document, prepared: Knowledge) -> dict[str, list[Any]]:
    """Return the localities, every candidate with what decided it, and set the article's home unit."""
    scanner = Scanner(document, prepared)
    mentions = scanner.mentions()
    resolver = Resolver(document, scanner.page, mentions)
    resolver.resolve()
    home = home_of(document, scanner.page, mentions, set(resolver.linked.values()))
    for article in document.rows.get("articles", []):
        article.home_unit_path = home.path if home else None
        article.home_unit_code = home.code if home else None
    return _rows(mentions)


def describe(row: LocalityRow) -> str:
    """Return the short form of a row, as rule examples write it: level and path."""
    return f"{row.level} {' / '.join(row.path or [])}"


def _rows(mentions: list[Mention]) -> dict[str, list[Any]]:
    """Return the rows of the units, and of every mention with what decided it."""
    kept: list[LocalityRow] = []
    judged: list[CandidateRow] = []
    for mention in mentions:
        start, end, rule, dropped = mention.start, mention.end, mention.rule, mention.dropped
        candidates, chain, path = mention.candidates, mention.chosen, mention.path
        readings = candidates[0].written if len(candidates) == 1 else _listed(candidates)
        value = chain.written if chain is not None and path is chain.path else " / ".join(path or ()) or readings
        if dropped:
            judged.append(CandidateRow(start, end, False, value or None, dropped, rule))
            continue
        by, level = mention.by, mention.level
        judged.append(CandidateRow(start, end, True, value or None, f"{by}; readings: {readings}", rule))
        if chain is None or chain.level != level or by == EITHER:  # not decided down to its own level
            kept.append(LocalityRow(start, end, level, path or None, None, None, by, rule))
        else:
            kept.append(LocalityRow(start, end, level, path, chain.code, chain.current, by, rule))
    return {"localities": kept, "04_localities": judged}


def _listed(candidates: Sequence[Chain]) -> str:
    return "; ".join([chain.written for chain in candidates[:3]]) if candidates else ""
