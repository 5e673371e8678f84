"""The lines of a document and where they stand: above the first paragraph, among the paragraphs, below the last."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.document import fold
from pipeline.stages.layout.shapes import LineRules, Match, Where

PARAGRAPH_LENGTH = 200
"""Code points from which a line is a paragraph whatever it ends in: headlines reach 150."""

SENTENCE_LENGTH = 30
"""Code points from which a line that ends in a full stop is a paragraph."""

_CLOSING = '"”’»)]'
"""Marks that may stand behind the one that ends a sentence."""
_TAIL = 6
"""Code points at the end of a line that tell how it ends."""
_FULL_STOPS = frozenset(".…")
_STOPS = frozenset(".!?…")
_ENDS = frozenset('.…"”»')
_TERMINAL = frozenset('.!?…:;,"”»')


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
    if len(text) < SENTENCE_LENGTH or text.endswith(".."):
        return False
    return text[-_TAIL:].rstrip(_CLOSING)[-1:] in _FULL_STOPS


def ends_sentence(text: str) -> bool:
    """Say whether a line ends as a sentence does."""
    if text[-1:] in _ENDS:
        return True
    bare = text[-_TAIL:].rstrip(_CLOSING)
    return text[-1:] in _CLOSING and bare[-1:] in _STOPS


def ends_open(text: str) -> bool:
    """Say whether a line ends without any punctuation, as headings and names do."""
    return text[-1:] not in _TERMINAL


def is_capitals(text: str) -> bool:
    """Say whether a line is set in capitals."""
    return text.isupper() and any(map(str.isalpha, text))


def apply_rules(lines: list[Line], folded: str, rules: LineRules) -> tuple[int, int]:
    """Give every line that meets a rule its kind; return the index of the first and of the last paragraph.

    Without a paragraph both are `len(lines)`, and every line stands above it. `folded` is the view in lower case.
    """
    size = len(lines)
    known: dict[int, Match | None] = {}

    def match(number: int, where: Where) -> Match | None:
        line = lines[number]
        known[number] = found = rules.match(line.text, folded[line.start : line.end], where)
        return found

    first = next((i for i, line in enumerate(lines) if is_paragraph(line.text) and not match(i, "head")), size)
    backwards = range(size - 1, first, -1)
    last = next((i for i in backwards if is_paragraph(lines[i].text) and not match(i, "tail")), first)
    opened: Match | None = None
    for number, line in enumerate(lines):
        where: Where = "head" if number < first else "tail" if number > last else "anywhere"
        found = known[number] if number in known else match(number, where)
        if found is not None:
            line.become(found.kind, found.rule)
            if found.opens:
                opened = found
        if opened is None or line.kind == "furniture":
            continue
        if is_paragraph(line.text):
            opened = None
        else:
            line.become(opened.kind, opened.rule)
    return first, last


def same(one: str, other: str) -> bool:
    """Say whether two lines are the same but for case and a full stop."""
    if one[:1].lower() != other[:1].lower():
        return False
    one, other = one.rstrip(". "), other.rstrip(". ")
    return len(one) == len(other) and fold(one) == fold(other)
