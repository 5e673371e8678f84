"""The lines of a document and where they stand: above the first paragraph, among the paragraphs, below the last."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from pipeline.document import fold
from pipeline.stages.layout.shapes import LineRules, Match, Where

PARAGRAPH_LENGTH = 200
"""Code points from which a line is a paragraph whatever it ends in: headlines reach 150."""

SENTENCE_LENGTH = 30
"""Code points from which a line that ends in a full stop is a paragraph."""

_FULL_STOP = regex.compile(r"[.…][\"”’»)\]]*\s*$")
_STOP = regex.compile(r"(?:[.…]|[.!?…][\"”’»)\]]+|[\"”»])\s*$")
_TERMINAL = regex.compile(r"[.!?…:;,\"”»]\s*$")


@dataclass(slots=True)
class Line:
    """A line that is not blank: half-open span of the view without the spaces around it, and what it is taken for."""

    start: int
    end: int
    text: str
    kind: str = ""
    rule: str = ""

    def become(self, kind: str, rule: str) -> None:
        """Settle what the line is."""
        self.kind, self.rule = kind, rule


def split_lines(text: str) -> list[Line]:
    """Return the lines of a view that are not blank, in order."""
    lines: list[Line] = []
    at = 0
    for raw in text.split("\n"):
        bare = raw.strip()
        if bare:
            start = at + len(raw) - len(raw.lstrip())
            lines.append(Line(start, start + len(bare), bare))
        at += len(raw) + 1
    return lines


def is_paragraph(text: str) -> bool:
    """Say whether a line reads as prose: long, or a sentence with its full stop."""
    if len(text) >= PARAGRAPH_LENGTH:
        return True
    return len(text) >= SENTENCE_LENGTH and _FULL_STOP.search(text[-6:]) is not None and not text.endswith("..")


def ends_sentence(text: str) -> bool:
    """Say whether a line ends as a sentence does."""
    return _STOP.search(text[-6:]) is not None


def ends_open(text: str) -> bool:
    """Say whether a line ends without any punctuation, as headings and names do."""
    return _TERMINAL.search(text[-3:]) is None


def is_capitals(text: str) -> bool:
    """Say whether a line is set in capitals."""
    return text.isupper() and any(map(str.isalpha, text))


def apply_rules(lines: list[Line], rules: LineRules) -> tuple[int, int]:
    """Give every line that meets a rule its kind; return the index of the first and of the last paragraph.

    Without a paragraph both are `len(lines)`, and every line stands above it.
    """
    size = len(lines)
    first = next(
        (i for i, line in enumerate(lines) if is_paragraph(line.text) and not rules.match(line.text, "head")), size
    )
    last = next(
        (
            i
            for i in range(size - 1, first, -1)
            if is_paragraph(lines[i].text) and not rules.match(lines[i].text, "tail")
        ),
        first,
    )
    opened: Match | None = None
    for number, line in enumerate(lines):
        where: Where = "head" if number < first else "tail" if number > last else "anywhere"
        match = rules.match(line.text, where)
        if match is not None:
            line.become(match.kind, match.rule)
            if match.opens:
                opened = match
        if opened is None or line.kind == "furniture":
            continue
        if is_paragraph(line.text):
            opened = None
        else:
            line.become(opened.kind, opened.rule)
    return first, last


def same(one: str, other: str) -> bool:
    """Say whether two lines are the same but for case and a full stop."""
    one, other = one.rstrip(". "), other.rstrip(". ")
    return len(one) == len(other) and fold(one) == fold(other)
