"""A document: its text as received, the normalised view that stages match on, and the rows found so far.

There are two texts and one map between them. `Document.text` is what arrived; every published offset points
into it. `Document.view` is a copy in which spelling variants are made one: stages match on it and give spans
in it. Only `View.to_original` knows how the two relate, and only the column builder of `pipeline.columns`
calls it, so no stage can mix them up.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Final

_SPACES: Final = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE: Final = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
"""Soft hyphen, zero-width characters and direction marks: they never carry meaning in Vietnamese text."""

_MARKS: Final = "\u0300-\u036f"
"""Combining marks of the Latin script; marks of other scripts are left as they came, no rule reads them."""

_MARK_SET: Final = frozenset(map(chr, range(0x300, 0x370)))
_UNEVEN = re.compile(rf"[{_MARKS}]+|[ {_INVISIBLE}]{{2,}}|[{_INVISIBLE}]")
"""Marks (the letter before them belongs to the stretch), runs of spaces, and what is dropped, in between too."""
_ODD = re.compile(rf"[{_MARKS}{_INVISIBLE}]")

_SAME_LENGTH: Final = {
    "Ð": "Đ",  # U+00D0 ETH, what several newsroom systems write for U+0110
    "ð": "đ",
    "Ɖ": "Đ",
    **dict.fromkeys(map(chr, [9, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]), " "),
}

_TONES: Final = "\u0300\u0301\u0309\u0303\u0323"


def _tone_pairs() -> dict[str, str]:
    """Return `oà` → `òa` and its like for every tone and case: both spellings are taught, one must win."""
    pairs = {}
    for first, second in ("oa", "oe", "uy"):
        for left, right in ((first, second), (first.upper(), second.upper()), (first.upper(), second)):
            for tone in _TONES:
                new = left + unicodedata.normalize("NFC", right + tone)
                pairs[new] = unicodedata.normalize("NFC", left + tone) + right
    return pairs


_TONE_PLACEMENT: Final = _tone_pairs()
_TONED: Final = "".join(sorted({pair[1] for pair in _TONE_PLACEMENT}))
_TONE = re.compile(rf"[oOuU](?<![Qq].)[{_TONED}](?!\w)")
_TI = re.compile(r"([Tt])(?<!\w.)([ỉỈ])(?!\w)")
"""Both begin with the letters to look for: the engine skips to those, and looks behind only there."""


def _replace_lookalikes(text: str) -> str:
    """Return `text` with look-alike letters and spaces made uniform; same length."""
    for odd, plain in _SAME_LENGTH.items():
        if odd in text:  # a scan in C; `str.translate` looks up every character
            text = text.replace(odd, plain)
    return text


def _respell(text: str) -> str:
    """Return `text` (NFC) with tone placement and `tỉ` made uniform; same length."""
    text = _TONE.sub(lambda match: _TONE_PLACEMENT.get(match[0], match[0]), text)
    return _TI.sub(lambda match: match[1] + ("ỷ" if match[2] == "ỉ" else "Ỷ"), text)


def fold(text: str) -> str:
    """Return `text` in lower case with every offset kept (`İ` and its like, which would grow, stay as they are)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of the view and the stretch of the original that it stands for."""

    view_start: int
    view_end: int
    start: int
    end: int


class View:
    """The normalised copy of a text: NFC, one kind of space, no invisible characters, one tone placement.

    `text` is the copy, `folded` the same in lower case; both have the same length and offsets.
    """

    __slots__ = ("_same", "_segments", "_starts", "folded", "text")

    def __init__(self, original: str) -> None:
        self._segments: list[_Segment] = []
        self._starts: list[int] = []
        text = _replace_lookalikes(original)
        self._same = "  " not in text and not _ODD.search(text)
        """Whether every offset of the view is an offset of the original."""
        if not self._same:
            text = self._even_out(text)
        self.text = _respell(text)
        self.folded = fold(self.text)

    def _even_out(self, original: str) -> str:
        """Return the text with marks composed, runs of spaces made one, and what is invisible dropped."""
        pieces: list[str] = []
        at = done = 0
        for match in _UNEVEN.finditer(original):
            start, end = match.span()
            if original[end - 1] in _MARK_SET and start > done:
                start -= 1
            new = self._normalise_stretch(original[start:end])
            pieces.append(original[done:start])
            at = self._add(at, done, start, start - done)
            pieces.append(new)
            at = self._add(at, start, end, len(new))
            done = end
        pieces.append(original[done:])
        self._add(at, done, len(original), len(original) - done)
        return "".join(pieces)

    @staticmethod
    def _normalise_stretch(stretch: str) -> str:
        if stretch[-1] in _MARK_SET:
            return unicodedata.normalize("NFC", stretch)
        return " " if " " in stretch else ""

    def _add(self, at: int, start: int, end: int, length: int) -> int:
        if length:
            self._segments.append(_Segment(at, at + length, start, end))
            self._starts.append(at)
        return at + length

    def _segment(self, position: int) -> _Segment:
        return self._segments[bisect_right(self._starts, position) - 1]

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Map a non-empty half-open span of the view to the code points of the original it stands for."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"span [{start}, {end}) is empty or outside a view of {len(self.text)} code points")
        if self._same:
            return start, end
        first = self._segment(start)
        last = self._segment(end - 1)
        even_first = first.end - first.start == first.view_end - first.view_start
        even_last = last.end - last.start == last.view_end - last.view_start
        return (
            first.start + (start - first.view_start if even_first else 0),
            last.start + end - last.view_start if even_last else last.end,
        )


@dataclass(slots=True)
class Document:
    r"""One document on its way through the stages.

    Attributes:
        article_id: Key of every row of this document.
        text: The text as received (decoded, `\r\n` read as `\n`, BOM dropped, nothing else changed).
        source: Where it was read from, as the reader names it (file, or file and line).
        url, title, author, published_at: Metadata that came with it; they beat what the text says.
        view: The normalised copy of `text`.
        rows: Table name → rows, as the stages so far have left them; spans are offsets of the view.
        hits: Lexicon kind → hits in reading order; filled once, before the first stage.
    """

    article_id: str
    text: str
    source: str = ""
    url: str | None = None
    title: str | None = None
    author: str | None = None
    published_at: dt.datetime | dt.date | None = None
    view: View = field(init=False, repr=False)
    rows: dict[str, list[Any]] = field(default_factory=dict, repr=False)
    hits: dict[str, list[Any]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.view = View(self.text)

    @property
    def published_on(self) -> dt.date | None:
        """Return the publication day: of the metadata, else of the date line that layout found, else None."""
        articles = self.rows.get("articles")
        if articles:
            day: dt.date | None = articles[0].published_on
            return day
        when = self.published_at
        return when.date() if isinstance(when, dt.datetime) else when
