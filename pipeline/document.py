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
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cache
from operator import lt
from typing import Any, Final

import ahocorasick_rs

from pipeline import alphabet

_SPACES: Final = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE: Final = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
"""Soft hyphen, zero-width characters and direction marks: they never carry meaning in Vietnamese text."""

_MARKS: Final = "\u0300-\u036f"
"""Combining marks of the Latin script; marks of other scripts are left as they came, no rule reads them."""

_MARK_SET: Final = frozenset(map(chr, range(0x300, 0x370)))
_UNEVEN = re.compile(rf"[ {_MARKS}{_INVISIBLE}](?:(?<=[{_MARKS}])[{_MARKS}]*|(?<! )[ {_INVISIBLE}]*|[ {_INVISIBLE}]+)")
"""Marks (the letter before them belongs to the stretch), runs of spaces, and what is dropped, in between too. It begins
with one set of characters, to whose next one `re` gets at once."""
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


_SPELLINGS: Final = {**_tone_pairs(), "tỉ": "tỷ", "Tỉ": "Tỷ", "TỈ": "TỶ", "tỈ": "tỶ"}
"""What is written otherwise where a word ends with it; but `quý` stays, and `tỉ` must be the whole word."""


def _is_in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


_OUTSIDE: Final = [byte for byte, inside in enumerate(alphabet.table_of(_is_in_word)) if not inside]
_ENDINGS: Final = [(old, new, outside) for old, new in _SPELLINGS.items() for outside in _OUTSIDE]


@cache
def _uneasy() -> ahocorasick_rs.BytesAhoCorasick:
    """Return what finds all that a view writes otherwise in a known text: two spaces, and the spellings above.

    It takes some hundredths of a second to build: not at import, which commands that read no text pay for too.
    """
    endings = [alphabet.encode(old) + bytes([outside]) for old, _, outside in _ENDINGS]
    return ahocorasick_rs.BytesAhoCorasick([b"  ", *endings], implementation=ahocorasick_rs.Implementation.DFA)


def _replace_lookalikes(text: str) -> str:
    """Return `text` with look-alike letters and spaces made uniform; same length."""
    for odd, plain in _SAME_LENGTH.items():
        if odd in text:  # a scan in C; `str.translate` looks up every character
            text = text.replace(odd, plain)
    return text


def _respell(text: str, found: list[tuple[int, int, int]]) -> str:
    """Return `text` (NFC) with the spellings that were found made uniform; same length."""
    parts: list[str] = []
    done = 0
    for index, start, end in found:
        old, new, _ = _ENDINGS[index - 1]
        before = text[start - 1] if start else " "
        if _is_in_word(before) if old[0] in "tT" else before in "qQ":
            continue
        parts += (text[done:start], new)
        done = end - 1
    return "".join([*parts, text[done:]]) if parts else text


def _find_uneasy(codes: bytes) -> list[tuple[int, int, int]]:
    return _uneasy().find_matches_as_indexes(codes + b"\n", overlapping=True)


def _rows_of_spaces(found: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Return the spans of the rows of spaces, which are found two by two."""
    rows: list[tuple[int, int]] = []
    for index, start, end in found:
        if index == 0:
            first = rows.pop()[0] if rows and start < rows[-1][1] else start
            rows.append((first, end))
    return rows


def _with_one_space(codes: bytes, rows: list[tuple[int, int]]) -> bytes:
    starts, ends = zip(*rows, strict=True)
    return b" ".join([codes[done:start] for done, start in zip((0, *ends), (*starts, None), strict=True)])


def fold(text: str) -> str:
    """Return `text` in lower case with every offset kept (`İ` and its like, which would grow, stay as they are)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


class View:
    """The normalised copy of a text: NFC, one kind of space, no invisible characters, one tone placement.

    `text` is the copy, `folded` the same in lower case, `codes` the same with one byte a character (`alphabet`); all
    have the same length and offsets.
    """

    __slots__ = ("_before", "_behind", "_pieces", "codes", "folded", "text")

    def __init__(self, original: str) -> None:
        self._pieces: list[int] = []
        """Where pieces of the view begin; none where every offset of the view is an offset of the original."""
        self._before: list[int] = []
        """For each piece, what is added to an offset in it where a span begins there."""
        self._behind: list[int] = []
        """For each piece, what is added to an offset where a span ends with a character of it."""
        codes = alphabet.encode_known(original)
        text = original
        if codes is None:
            text = _replace_lookalikes(original)
            if "  " in text or _ODD.search(text):
                text = self._even_out(text, [match.span() for match in _UNEVEN.finditer(text)])
            codes = alphabet.encode(text)
        uneasy = _find_uneasy(codes)
        if uneasy and (rows := _rows_of_spaces(uneasy)):
            text = self._even_out(text, rows)
            codes = _with_one_space(codes, rows)
            uneasy = _find_uneasy(codes)
        if uneasy and (respelt := _respell(text, uneasy)) is not text:
            text = respelt
            codes = alphabet.encode(text)
        self.text = text
        self.codes = codes
        self.folded = fold(text) if alphabet.has_strange(codes) else alphabet.lowered(codes)

    def _even_out(self, original: str, uneven: list[tuple[int, int]]) -> str:
        """Return the text with marks composed, rows of spaces made one, and what is invisible dropped."""
        parts: list[str] = []
        at = done = 0
        for first, end in uneven:
            start = first - (first > done and original[end - 1] in _MARK_SET)
            if start > done:
                parts.append(original[done:start])
                self._add(at, done - at, done - at)
                at += start - done
            stretch = _normalise_stretch(original[start:end])
            parts.append(stretch)
            at = self._add_stretch(at, start, end, len(stretch))
            done = end
        parts.append(original[done:])
        self._add(at, done - at, done - at)
        return "".join(parts)

    def _add(self, at: int, before: int, behind: int) -> None:
        self._pieces.append(at)
        self._before.append(before)
        self._behind.append(behind)

    def _add_stretch(self, at: int, start: int, end: int, length: int) -> int:
        """Note that `length` characters from `at` on stand for start … end of the original; returns what follows."""
        if length == end - start:
            self._add(at, start - at, start - at)
        else:
            for here in range(at, at + length):  # each of them stands for the whole stretch
                self._add(here, start - here, end - here - 1)
        return at + length

    @property
    def is_aligned(self) -> bool:
        """Say whether every offset of the view is the same offset of the original."""
        return not self._pieces

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Map a non-empty half-open span of the view to the code points of the original it stands for."""
        if not 0 <= start < end <= len(self.text):
            self._refuse([start], [end])
        pieces = self._pieces
        if not pieces:
            return start, end
        first, last = bisect_right(pieces, start) - 1, bisect_left(pieces, end) - 1
        return start + self._before[first], end + self._behind[last]

    def to_originals(self, starts: list[int], ends: list[int]) -> tuple[list[int], list[int]]:
        """Map many spans at once: their starts and their ends."""
        if starts and not (min(starts) >= 0 and max(ends) <= len(self.text) and all(map(lt, starts, ends))):
            self._refuse(starts, ends)
        pieces = self._pieces
        if not pieces:
            return starts, ends
        before, behind = self._before, self._behind
        return (
            [start + before[bisect_right(pieces, start) - 1] for start in starts],
            [end + behind[bisect_left(pieces, end) - 1] for end in ends],
        )

    def _refuse(self, starts: list[int], ends: list[int]) -> None:
        size = len(self.text)
        for start, end in zip(starts, ends, strict=True):
            if not 0 <= start < end <= size:
                raise ValueError(f"span [{start}, {end}) is empty or outside a view of {size} code points")


def _normalise_stretch(stretch: str) -> str:
    if stretch[-1] in _MARK_SET:
        return unicodedata.normalize("NFC", stretch)
    return " " if " " in stretch else ""


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
