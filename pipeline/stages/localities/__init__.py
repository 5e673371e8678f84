"""Localities: named administrative units, resolved together, and the unit that the article is about."""

from __future__ import annotations

from typing import Any

from pipeline.document import Document
from pipeline.gazetteer import Chain, path_of
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
        article.home_unit_path = path_of(home) if home else None
        article.home_unit_code = home[-1].code if home else None
    return {
        "localities": [_row(mention) for mention in mentions if not mention.dropped],
        "04_localities": [_candidate(mention) for mention in mentions],
    }


def describe(row: LocalityRow) -> str:
    """Return the short form of a row, as rule examples write it: level and path."""
    return f"{row.level} {' / '.join(row.path or [])}"


def _unit(mention: Mention) -> Chain | None:
    """Return the chain of a mention that is decided down to its own level."""
    chain = mention.chosen
    return chain if chain and chain[-1].level == mention.level and mention.by != EITHER else None


def _row(mention: Mention) -> LocalityRow:
    chain = _unit(mention)
    return LocalityRow(
        start=mention.start,
        end=mention.end,
        level=mention.level,
        path=mention.path or None,
        unit_code=chain[-1].code if chain else None,
        current_code=chain[-1].current if chain else None,
        resolved_by=mention.by,
        rule=mention.rule,
    )


def _candidate(mention: Mention) -> CandidateRow:
    value: str | None = " / ".join(mention.path)
    only = len(mention.candidates) == 1 and mention.chosen is mention.candidates[0]
    readings = value if only else "; ".join(" / ".join(path_of(chain)) for chain in mention.candidates[:3])
    value = value or readings or None
    reason = mention.dropped or f"{mention.by}; readings: {readings}"
    return CandidateRow(mention.start, mention.end, not mention.dropped, value, reason, mention.rule)
