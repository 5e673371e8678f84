"""The lines of a document and where they stand: above the first paragraph, among the paragraphs, below the last."""

from __future__ import annotations

from dataclasses import dataclass

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
    folded: str
    kind: str = ""
    rule: str = ""

    def become(self, kind: str, rule: str) -> None:
        """Settle what the line is."""
        self.kind, self.rule = kind, rule


def split_lines(text: str, folded: str) -> list[Line]:
    """Return the lines of a view that are not blank, in order; `folded` is the view in lower case."""
    lines: list[Line] = []
    at = 0
    for raw in text.split("\n"):
        bare = raw.strip()
        if bare:
            start = at if len(bare) == len(raw) else at + len(raw) - len(raw.lstrip())
            end = start + len(bare)
            lines.append(Line(start, end, bare, folded[start:end]))
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


def apply_rules(lines: list[Line], rules: LineRules) -> tuple[int, int]:
    """Give every line that meets a rule its kind; return the index of the first and of the last paragraph.

    Without a paragraph both are `len(lines)`, and every line stands above it.
    """
    known: dict[int, Match | None] = {}
    first = _find_paragraph(lines, "head", rules, known)
    last = max(first, len(lines) - 1 - _find_paragraph(lines[:first:-1], "tail", rules, known))
    opened: Match | None = None
    for number, line in enumerate(lines):
        if line.start in known:
            found = known[line.start]
        else:
            where: Where = "head" if number < first else "tail" if number > last else "anywhere"
            found = rules.match(line.text, line.folded, where)
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


def _find_paragraph(lines: list[Line], where: Where, rules: LineRules, known: dict[int, Match | None]) -> int:
    """Return the index of the first paragraph that meets no rule, or `len(lines)`.

    What rule each paragraph up to it meets is noted in `known`, by its start.
    """
    for number, line in enumerate(lines):
        if is_paragraph(line.text):
            known[line.start] = found = rules.match(line.text, line.folded, where)
            if found is None:
                return number
    return len(lines)


def same(one: str, other: str) -> bool:
    """Say whether two lines in lower case are the same but for a full stop."""
    return one[:1] == other[:1] and one.rstrip(". ") == other.rstrip(". ")
