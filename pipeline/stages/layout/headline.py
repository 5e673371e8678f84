"""Headline, kicker and lead, and what the lines are that no rule named."""

from __future__ import annotations

import itertools

from pipeline.document import View
from pipeline.stages.layout.lines import Line, ends_open, ends_sentence, is_capitals, is_paragraph, same

HEADLINE_LIMIT = 250
"""Code points of the longest headline; kicker and headline run together reach 150."""

KICKER_LIMIT = 45
"""Code points of the longest kicker."""

SHORT_HEADLINE = 20
"""Code points below which a line above longer headline-like lines is a menu item or a kicker."""

HEADING_LIMIT = 140
"""Code points of the longest heading inside an article."""


_MAYBE_TITLE = ("", "caption", "credit")
"""Kinds that the first line read may have and be the headline all the same (`Toàn cảnh …`, `Clip: …`)."""


def find(lines: list[Line], first: int, metadata: str | None) -> int | None:
    """Name kicker and title among the lines above the first paragraph; return the index of the title, or None.

    A line equal to the title that came as metadata is the title wherever it stands.
    """
    if metadata:
        given = " ".join(View(metadata).folded.split())
        for number, line in enumerate(lines):
            if same(line.folded, given) and line.kind in ("", "caption"):
                line.become("title", "layout.title.metadata")
                return number
    candidates = _candidates(lines, first)
    if not candidates or not _has_text_below(lines, candidates[0]):
        return None
    chosen = _choose(lines, candidates)
    for number in candidates[: candidates.index(chosen)]:
        lines[number].become("kicker", "layout.kicker.line")
    lines[chosen].become("title", "layout.title.line")
    for line in lines[chosen + 1 : first]:
        if not line.kind and same(line.folded, lines[chosen].folded):
            line.become("title", "layout.title.again")
    return chosen


def _candidates(lines: list[Line], first: int) -> list[int]:
    """Return the indexes of the lines above the first paragraph that read as headlines."""
    found: list[int] = []
    top: int | None = None
    for number in range(first):
        line = lines[number]
        if top is None and line.kind in _MAYBE_TITLE:
            top = number
        elif line.kind:
            continue
        if _is_headline(line.text) and (number == top or not _runs_on(lines, number)):
            found.append(number)
    return found


def _is_headline(text: str) -> bool:
    if len(text) > HEADLINE_LIMIT or text[-1] in ",;" or is_paragraph(text):
        return False
    return text[-1] != "." or text[-2:] == ".."


def _runs_on(lines: list[Line], number: int) -> bool:
    """Say whether a line is broken off in the middle of a sentence."""
    return number + 1 < len(lines) and lines[number + 1].text[0].islower()


def _has_text_below(lines: list[Line], number: int) -> bool:
    for line in lines[number + 1 :]:  # noqa: SIM110 - most often the first one ends it
        if not line.kind:
            return True
    return False


def _choose(lines: list[Line], candidates: list[int]) -> int:
    """Return the title among headline-like lines: the first, unless that is a kicker or a stray menu item."""
    for place, number in enumerate(candidates[:-1]):
        text, following = lines[number].text, lines[candidates[place + 1]].text
        kicker = text[-1] == ":" or (len(text) <= KICKER_LIMIT and is_capitals(text) and not is_capitals(following))
        stray = len(text) < SHORT_HEADLINE and any(len(lines[i].text) >= SHORT_HEADLINE + 5 for i in candidates)
        if not kicker and not stray:
            return number
    return candidates[-1]


def name_the_rest(lines: list[Line], title: int | None, first: int, last: int) -> None:
    """Name the lines that no rule named: lead, headings, doubled captions, body."""
    _name_doubles(lines)
    if title is not None and first < len(lines) and not lines[first].kind and _has_text_below(lines, first):
        lines[first].become("lead", "layout.lead")
    for number, line in enumerate(lines):
        if line.kind:
            continue
        if _is_heading(lines, number, title, last):
            line.become("heading", "layout.heading")
        else:
            line.become("body", "layout.body")


def _name_doubles(lines: list[Line]) -> None:
    """Name as captions two equal lines in a row: a picture's caption and the text that stands in for the picture."""
    for one, other in itertools.pairwise(lines):
        if not one.kind and not other.kind and len(one.text) <= PARAGRAPH_OF_CAPTION and same(one.folded, other.folded):
            one.become("caption", "layout.caption.double")
            other.become("caption", "layout.caption.double")


PARAGRAPH_OF_CAPTION = 300
"""Code points of the longest line that may be a doubled caption."""


def _is_heading(lines: list[Line], number: int, title: int | None, last: int) -> bool:
    text = lines[number].text
    if number >= last or len(text) > HEADING_LIMIT or not (ends_open(text) or text[-1] in "?!"):
        return False
    below = next((line for line in lines[number + 1 :] if line.kind not in ("furniture", "caption", "credit")), None)
    if below is None or not is_paragraph(below.text) or below.text[0].islower():
        return False
    above = lines[number - 1] if number else None
    return title is not None and above is not None and (above.kind != "" or ends_sentence(above.text))
