"""The author of an article: its byline on a line of its own, behind the last sentence, or beside the date line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from pipeline.document import fold
from pipeline.stages.layout.byline import OWN_LINE_LIMIT, Byline, BylineGrammar
from pipeline.stages.layout.lines import Line, ends_sentence

BELOW_BYLINE = 0.4
"""Largest share of an article's characters below its byline: long rows of captions reach a third."""


LONGEST_CAPTION = 260
"""Code points from which a line below a name is a paragraph, and the name a heading."""


GAP = 2
"""Code points between a line and the next one from which there is an empty line between them."""

_FIGURES = regex.compile(r"(?P<before>\D*).*\d(?P<behind>\D*)")


class Found(NamedTuple):
    """A byline and the line that it stands in."""

    line: int
    byline: Byline


def find(lines: list[Line], grammar: BylineGrammar, title: int | None) -> str | None:
    """Return the author, and name the lines or the end of the paragraph that say so; None where nobody is named."""
    found = [*_own_lines(lines, grammar, title)]
    for item in found:
        lines[item.line].become("author", "layout.author.cue" if item.byline.cued else "layout.author.line")
    if not any(item.byline.person for item in found):
        closing = _closing(lines, grammar)
        if closing is not None:
            found.append(Found(_cut(lines, closing), closing.byline))
    if not found:
        found = [*_in_date_lines(lines, grammar)]
    if not found:
        return None
    best = max(found, key=lambda item: (item.byline.person, item.byline.cued))  # the first of equal ones
    return best.byline.author


def _own_lines(lines: list[Line], grammar: BylineGrammar, title: int | None) -> list[Found]:
    found: list[Found] = []
    short = [n for n, line in enumerate(lines) if len(line.text) <= OWN_LINE_LIMIT and not line.kind and n != title]
    if not short:
        return found
    total = sum(len(line.text) for line in lines if line.kind != "furniture")
    above = 0
    for number, line in enumerate(lines):
        if line.kind == "furniture":
            continue
        above += len(line.text)
        if line.kind or number == title or len(line.text) > OWN_LINE_LIMIT:
            continue
        low = total - above <= BELOW_BYLINE * total
        in_tail = low and (_closes_text(lines, number) or _closes_block(lines, number))
        noted = low and line.text.endswith(")")
        in_head = _beside_date(lines, number) or (number - 1 == title and grammar.has_degree(line.text))
        if not (in_tail or in_head or noted or grammar.has_cue(line.text)):
            continue
        byline = grammar.own_line(line.text, line.folded)
        if byline is not None and (byline.cued or in_head or in_tail or byline.end < len(line.text)):
            found.append(Found(number, byline))
    return found


def _in_date_lines(lines: list[Line], grammar: BylineGrammar) -> Iterator[Found]:
    """Yield the names that stand before or behind the figures of date lines; before a comma stands a place."""
    for number, line in enumerate(lines):
        ends = _FIGURES.fullmatch(line.text) if line.kind == "date_line" else None
        for piece in (ends["before"], ends["behind"]) if ends else ():
            name = piece.strip(" |•·–—-") if not piece.rstrip().endswith(",") else ""
            byline = grammar.own_line(name, fold(name)) if name else None
            if byline is not None:
                yield Found(number, byline)


def _beside_date(lines: list[Line], number: int) -> bool:
    if number == 0:
        return False
    following = number + 1 < len(lines) and lines[number + 1].kind == "date_line"
    return following or lines[number - 1].kind == "date_line"


def _closes_text(lines: list[Line], number: int) -> bool:
    """Say whether a name stands where an article ends: below a sentence, and not above a long paragraph."""
    if number == 0:
        return False
    above = lines[number - 1]
    if not (ends_sentence(above.text) or above.text[-1] in "!?" or above.kind in ("caption", "credit", "author")):
        return False
    below = lines[number + 1].text if number + 1 < len(lines) else ""
    return len(below) < LONGEST_CAPTION


def _closes_block(lines: list[Line], number: int) -> bool:
    """Say whether a name stands right below a line, with nothing but captions below it and a gap before them."""
    line, below = lines[number], lines[number + 1 :]
    if number == 0 or line.start - lines[number - 1].end > 1 or not below or below[0].start - line.end < GAP:
        return False
    return all(len(caption.text) < LONGEST_CAPTION for caption in below)


def _closing(lines: list[Line], grammar: BylineGrammar) -> Found | None:
    """Return the byline behind the last paragraph's last sentence."""
    for number in range(len(lines) - 1, -1, -1):
        if lines[number].kind:
            continue
        byline = grammar.at_end(lines[number].text, lines[number].folded)
        return Found(number, byline) if byline else None
    return None


def _cut(lines: list[Line], found: Found) -> int:
    """Make the byline at the end of a paragraph a line of its own; return its index."""
    line, byline = lines[found.line], found.byline
    rest = line.text[byline.end :].strip()
    head = line.text[: byline.start].rstrip()
    pieces = [
        _part(line, 0, len(head), line.kind, line.rule),
        _part(line, byline.start, byline.end, "author", "layout.author.end"),
    ]
    if any(map(str.isalnum, rest)):
        pieces.append(_part(line, len(line.text) - len(rest), len(line.text), "body", "layout.body"))
    lines[found.line : found.line + 1] = pieces
    return found.line + 1


def _part(line: Line, start: int, end: int, kind: str, rule: str) -> Line:
    return Line(line.start + start, line.start + end, line.text[start:end], line.folded[start:end], kind, rule)
