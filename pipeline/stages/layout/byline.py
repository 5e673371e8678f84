"""Bylines: who wrote an article, from a line of its own or from the end of its last paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import regex

from pipeline.document import fold
from pipeline.stages.layout.shapes import Bylines

BYLINE_LIMIT = 90
"""Code points of the longest byline; four names with an agency need about 80."""

OWN_LINE_LIMIT = 2 * BYLINE_LIMIT
"""Code points of the longest line that can be a byline with its notes."""

NOTE_WINDOW = 200
"""Code points at the end of a paragraph that are searched for notes behind a byline."""

NOTES_LIMIT = 3
"""Notes that may stand behind one another."""

_INITIALS = r"(?:\p{Lu}\p{L}{0,3}\.\s?){1,4}(?:\p{Lu}[\p{L}]*)?"
_WORD = r"\p{Lu}[\p{L}’']*"
_PERSON = rf"(?>(?:{_INITIALS}|{_WORD})(?:\s(?:{_INITIALS}|{_WORD})){{0,5}})"
_PERSONS = regex.compile(rf"{_PERSON}(?:\s?(?:[-–—,;&+]|\bvà\b)\s?{_PERSON}){{0,5}}")
_LONE_INITIALS = regex.compile(r"(?:\p{Lu}\p{L}{0,2}\.\s?)+\p{Lu}?\p{L}{0,6}|\p{Lu}{2,3}")
_INITIALS_ROW = regex.compile(r"(?:\p{Lu}\.)+\p{Lu}?(?:\s(?:\p{Lu}\.)+\p{Lu}?)+")
_PAREN = regex.compile(r"\s*[(\[]\s*([^()\[\]]{0,70}?)\s*[)\]]$")
_STOPS = ".!?…"
_QUOTES = "\"”’'»)]"
_BORDER = re.compile(rf"[{re.escape(_STOPS + _QUOTES)}]\s+")
_APOSTROPHES = "’'"
_RUN_BEFORE_AGENCY = regex.compile(
    r"(?<=\p{Ll}\s)(?P<name>\p{Lu}\p{L}*(?:\s\p{Lu}\p{L}*){1,3})\s*(?:/\s*|\()(?P<agency>[^/()]{2,40}?)\)?$"
)
_PHOTO_CREDIT = regex.compile(r"[\s,;.–-]+(?:ảnh|clip|video|đồ họa)\s*:.*$", regex.IGNORECASE)
_WORD_BEFORE = regex.compile(r"[\p{L}.]*$")
_AGENCY_PART = re.compile(r"[/–-]")
_NAME_PART = re.compile(r"[\s,;&+–—-]+")
_LONGEST_ABBREVIATION = 12
_TRIM = " \t-–—|,;:*"
_CLOSING = (")", "]")


class Byline(NamedTuple):
    """An author: half-open offsets of the byline in the text searched, the name, whether it is a person's."""

    start: int
    end: int
    author: str
    person: bool
    cued: bool = False


class BylineGrammar:
    """The byline rules compiled; `own_line` and `at_end` are the two places where bylines stand."""

    def __init__(self, rules: Bylines, abbreviations: Iterable[str]) -> None:
        self._cue = regex.compile(rf"(?:{rules.cues})\s*", regex.IGNORECASE)
        self._source = regex.compile(rf"(?:{rules.sources})\s*", regex.IGNORECASE)
        self._agency_source = regex.compile(rf"(?:{rules.agency_sources})\s*", regex.IGNORECASE)
        self._staff = regex.compile(rf"(?:{rules.staff})\s+(?=\p{{Lu}})", regex.IGNORECASE)
        openings = (rules.sources, rules.agency_sources, rules.staff, rules.desks)
        self._opens = regex.compile("|".join(openings), regex.IGNORECASE)
        """What none of these opens is not looked at for each of them."""
        self._sources_at_end = rules.sources_at_end
        at_end = "|".join(map(regex.escape, rules.sources_at_end))
        self._before_source = regex.compile(rf"\s(?=(?:{at_end})\s?:?\s\p{{Lu}})")
        self._degree = regex.compile(rules.degrees)
        self._desk = regex.compile(rules.desks, regex.IGNORECASE)
        self._note = regex.compile(rf"(?<!\w)(?=\S)(?:{rules.notes})\s*$", regex.IGNORECASE)
        self._note_needs = rules.note_needs
        self._note_ends = tuple(rules.note_ends)
        self._longest_end = max(map(len, rules.note_ends))
        self._agencies = {_key(name) for name in rules.agencies}
        self._not_first = {word for word in rules.not_first if " " not in word}
        self._not_opening = tuple(f"{word} " for word in rules.not_first)
        self._not_token = set(rules.not_token)
        self._abbreviations = {fold(term).rstrip(".") for term in abbreviations}

    def own_line(self, line: str, folded: str) -> Byline | None:
        """Return the byline that a whole line is, or None; `folded` is the line in lower case."""
        if len(line) > OWN_LINE_LIMIT:
            return None
        body = self._without_note(line, folded)
        if len(body) > BYLINE_LIMIT:
            return None
        found = self._parse(line, 0, len(body))
        if found is not None and not found.cued and found.author.endswith("."):
            return found if _LONE_INITIALS.fullmatch(found.author) else None  # a name with a full stop is a caption
        return found

    def has_cue(self, line: str) -> bool:
        """Say whether a line begins with words that open a byline."""
        return self._cue.match(line.strip(_TRIM)) is not None

    def has_degree(self, line: str) -> bool:
        """Say whether a line begins with an academic degree."""
        return self._degree.match(line) is not None

    def at_end(self, paragraph: str, folded: str) -> Byline | None:
        """Return the byline behind the last sentence of a paragraph, or None; `folded` is it in lower case."""
        body = self._without_note(paragraph, folded)
        size = len(body.rstrip(_TRIM))
        window = max(0, size - BYLINE_LIMIT)
        for start in self._sentence_starts(paragraph, window, size):
            found = self._parse(paragraph, start, size)
            if found is not None:
                return found
        return self._before_agency(paragraph, window, size)

    def _sentence_starts(self, paragraph: str, window: int, size: int) -> list[int]:
        """Return where a byline may begin at the end of a paragraph: behind a sentence or a quotation, at a source."""
        starts: list[int] = []
        for border in _BORDER.finditer(paragraph, window, size):
            marks = paragraph[window : border.start() + 1]
            bare = marks.rstrip(_QUOTES)
            words = bare.rstrip(_STOPS)
            if self._ends_sentence(paragraph, window + len(words)) if words != bare else marks[-1] not in _APOSTROPHES:
                starts.append(border.end())
        tail = paragraph[window:size]
        for source in self._sources_at_end:
            if source in tail:
                starts += [found.end() for found in self._before_source.finditer(paragraph, window, size)]
                starts.sort()
                break
        return starts

    def _before_agency(self, paragraph: str, window: int, size: int) -> Byline | None:
        """Return a name with its agency at the end of a paragraph that lacks its full stop."""
        if paragraph.find("/", window, size) < 0 and paragraph.find("(", window, size) < 0:
            return None
        run = _RUN_BEFORE_AGENCY.search(paragraph, window, size)
        if run is None or not self._is_agency(run["agency"]):
            return None
        return Byline(run.start(), size, run["name"], person=True)

    def _is_agency(self, name: str) -> bool:
        if _key(name) in self._agencies:
            return True
        first = _AGENCY_PART.search(name)
        return first is not None and _key(name[: first.start()]) in self._agencies

    def _without_note(self, text: str, folded: str) -> str:
        for _ in range(NOTES_LIMIT):
            start = self._note_start(folded[max(0, len(text) - NOTE_WINDOW) : len(text)])
            note = None if start is None else self._note.search(text, max(0, len(text) - NOTE_WINDOW) + start)
            if note is None or note.start() == 0:
                break
            text = text[: note.start()]
        return text

    def _note_start(self, tail: str) -> int | None:
        """Return from where on a note may stand at the end of a text, or None where there is none."""
        for piece in self._note_needs:
            if piece in tail:
                return 0
        bare = tail.rstrip()
        if bare.endswith(_CLOSING):
            return max(0, bare.rfind("(") if "(" in bare else bare.rfind("["))
        return max(0, len(bare) - self._longest_end) if bare.endswith(self._note_ends) else None

    def _ends_sentence(self, text: str, stop: int) -> bool:
        """Say whether the full stop at `stop` ends a sentence: `TP.` and initials do not."""
        if text[stop] != ".":
            return True
        last = text[text.rfind(" ", 0, stop) + 1 : stop]
        if not last.isalpha():
            word = _WORD_BEFORE.search(last[-_LONGEST_ABBREVIATION:])
            last = word[0] if word else ""
        return fold(last) not in self._abbreviations and not (len(last) == 1 and last.isascii() and last.isupper())

    def _parse(self, text: str, start: int, end: int) -> Byline | None:
        piece = text[start:end]
        trimmed = piece.strip(_TRIM)
        if not trimmed:
            return None
        start += piece.index(trimmed[0])
        end = start + len(trimmed)
        cue = self._cue.match(trimmed)
        if cue:
            trimmed = trimmed[cue.end() :].strip(_TRIM)
        found = self._author(trimmed, cued=cue is not None)
        if found is None:
            return None
        author, person = found
        return Byline(start, end, author, person, cue is not None)

    def _author(self, piece: str, *, cued: bool) -> tuple[str, bool] | None:
        """Return the author that a piece names and whether that is a person, or None."""
        inner = _PAREN.fullmatch(piece) if piece.endswith(_CLOSING) else None
        if inner:
            piece = inner[1]
        opens = self._opens.match(piece) is not None
        stated = self._agency_source.match(piece) if opens else None
        if stated:
            outlet = piece[stated.end() :].rstrip(". ")
            return (outlet, False) if self._is_agency(outlet) else None
        source = self._source.match(piece) if opens else None
        if source:
            piece = piece[source.end() :].strip(_TRIM)
            cued = True
        piece = _halved((_PHOTO_CREDIT.sub("", piece) if ":" in piece else piece).strip(_TRIM))
        whole = piece.rstrip(". ")
        if self._is_agency(whole) or (opens and self._desk.fullmatch(whole)):
            return whole, False
        head = piece
        while head.endswith(_CLOSING) and (tail := _PAREN.search(head)):
            head = head[: tail.start()].strip(_TRIM)
        head = head.partition("/")[0].strip(_TRIM)
        staff = self._staff.match(head) if opens else None
        if staff:
            rest = head[staff.end() :]
            if _key(rest.split()[0]) in self._agencies:
                return whole, False
            head, cued = rest, True
        if self._is_persons(head, cued=cued):
            return _last_initials(head), True
        return (whole, False) if source and piece and piece[0].isupper() and len(whole) <= 40 else None

    def _is_persons(self, head: str, *, cued: bool) -> bool:
        for word in head.split():
            if word[0].islower() and word != "và":  # most of what ends a paragraph is a sentence, not a name
                return False
        if not _PERSONS.fullmatch(head):
            return False
        words = _NAME_PART.split(head)
        if words[0] in self._not_first or head.startswith(self._not_opening):
            return False
        if not self._not_token.isdisjoint(words):
            return False
        if len(words) == 1:
            return cued or _LONE_INITIALS.fullmatch(head) is not None
        return True


def _halved(piece: str) -> str:
    """Return a byline that some page has set twice in a row once; `Linh Linh` is a name."""
    half = len(piece) // 2
    if piece[half : half + 1] != " " or piece[:half] != piece[half + 1 :] or piece[:half].isalpha():
        return piece
    return piece[:half]


def _key(name: str) -> str:
    return fold(name).strip(" .()")


def _last_initials(head: str) -> str:
    """Return the last of several dotted signatures in a row: the ones before it sign earlier items of a digest."""
    return head.rsplit(maxsplit=1)[-1] if _INITIALS_ROW.fullmatch(head) and len(head.split(maxsplit=1)[0]) > 2 else head
