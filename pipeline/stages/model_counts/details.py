"""What is said of a count: the model's name, its status, and the whole that it is a part of."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from pipeline.document import Document
from pipeline.grammar.sentence_index import SentenceIndex
from pipeline.stages.model_counts.counts import Count
from pipeline.stages.model_counts.rules import Prepared
from pipeline.tables import ModelCountRow

_QUOTED = re.compile(r"[^“\"'‘.;:\n]{0,60}?[“\"'‘] ?([^”\"’“\n]{2,120}?) ?[”\"’]")
"""A quoted name in the head's clause."""

_NAME_LIMIT: Final = 60
_STATUS_BEFORE: Final = 60
_STATUS_AFTER: Final = 50


def name(document: Document, end: int, prepared: Prepared) -> str | None:
    """Return the name that follows a head: in quotes, else the words up to a verb, a preposition or a mark."""
    text = document.view.text
    if quoted := _QUOTED.match(text, end):
        return quoted[1].strip(" ,.")
    limit = min(len(text), end + _NAME_LIMIT)
    stop = prepared.name_stop.search(document.view.folded, end, limit)
    following = text[end : stop.start() if stop else end].strip()
    return following or None


def status(text: str, sentences: SentenceIndex, count: Count, prepared: Prepared) -> str | None:
    """Return the status that the nearest verb gives: the last before the number, else the first after the head."""
    sentence = sentences.at(count.start)
    if sentence is None:
        return None
    begin = max(sentence.start, count.start - _STATUS_BEFORE)
    verbs = prepared.status.findall(text, begin, count.start)
    if not verbs:
        verbs = prepared.status.findall(text, count.end, min(sentence.end, count.end + _STATUS_AFTER))[:1]
    return prepared.status_of[verbs[-1]] if verbs else None


def link_parts(text: str, sentences: SentenceIndex, rows: list[ModelCountRow], prepared: Prepared) -> None:
    """Set `part_of` on the rows that follow a whole in its sentence behind `trong đó`, `gồm` and the like."""
    whole: ModelCountRow | None = None
    end = 0
    for before, row in pairwise(rows):
        if whole is None or row.start >= end:
            whole = None
            sentence = sentences.at(before.start)
            end = sentence.end if sentence else before.end
            if row.start < end and prepared.part_cue.search(text, before.end, row.start):
                whole = before
        if whole is not None and row.count is not None and whole.count is not None and row.count <= whole.count:
            row.part_of = whole.start
