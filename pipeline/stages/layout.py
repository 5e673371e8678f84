"""What each line of a document is: title, date line, body, caption, furniture."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipeline.document import Document
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.tables import ArticleRow, PartRow


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> None:
    """Nothing to prepare yet."""


def run(document: Document, prepared: None) -> dict[str, list[Any]]:
    """Return the parts of the document, a line each, and its article row."""
    parts: list[PartRow] = []
    at = 0
    for line in document.view.text.split("\n"):
        if line.strip():
            start = at + len(line) - len(line.lstrip())
            parts.append(PartRow(start, at + len(line.rstrip()), "body", "layout.line"))
        at += len(line) + 1
    when = document.published_at
    return {
        "01_layout": parts,
        "articles": [
            ArticleRow(
                source=document.source,
                url=document.url,
                title=document.title,
                author=document.author,
                published_at=when if isinstance(when, dt.datetime) else None,
                published_on=when.date() if isinstance(when, dt.datetime) else when,
            )
        ],
    }
