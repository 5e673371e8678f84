"""Localities: named administrative units, resolved together, and the unit that the article is about."""

from __future__ import annotations

from typing import Any

from pipeline.document import Document
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
    return {
        "localities": [_row(mention) for mention in mentions if not mention.dropped],
        "04_localities": [_candidate(mention) for mention in mentions],
    }


def describe(row: LocalityRow) -> str:
    """Return the short form of a row, as rule examples write it: level and path."""
    return f"{row.level} {' / '.join(row.path or [])}"


def _row(mention: Mention) -> LocalityRow:
    chain = mention.chosen
    if chain is None or chain.level != mention.level or mention.by == EITHER:  # not decided down to its own level
        path, code, current = mention.path or None, None, None
    else:
        path, code, current = mention.path, chain.code, chain.current
    return LocalityRow(mention.start, mention.end, mention.level, path, code, current, mention.by, mention.rule)


def _candidate(mention: Mention) -> CandidateRow:
    candidates, chosen, dropped = mention.candidates, mention.chosen, mention.dropped
    if dropped and not candidates:
        return CandidateRow(mention.start, mention.end, False, None, dropped, mention.rule)
    few = len(candidates) == 1
    readings = candidates[0].written if few else "; ".join([chain.written for chain in candidates[:3]])
    path = chosen.written if chosen is not None and mention.path is chosen.path else " / ".join(mention.path or ())
    reason = dropped or f"{mention.by}; readings: {readings}"
    return CandidateRow(mention.start, mention.end, not dropped, path or readings or None, reason, mention.rule)
