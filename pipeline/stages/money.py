"""Stage money."""

from __future__ import annotations

from typing import Any

from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> None:
    """Nothing to prepare yet."""


def run(document: Document, prepared: None) -> dict[str, list[Any]]:
    """Return no rows yet."""
    return {}
