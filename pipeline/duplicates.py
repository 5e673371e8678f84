"""Near-duplicates across a run: the same article again, perhaps under another headline or with a few words changed.

A text becomes a MinHash signature (by `rensa`) of its shingles. A shingle is twelve letters or digits in a row, some
three words, that begin with one of certain consonants; case, marks, spaces and punctuation are left out before, so that
neither the placement of tones nor a newsroom's dashes matter. Articles whose signatures agree in one band of four
values are compared; those that agree in `SAME` of all values are the same article.

How a run uses it, in memory of 250 bytes an article:

    finder = DuplicateFinder()
    finder.add(article_id, signature(text), published_on)    # `signature` may run in a worker
    earliest = finder.find()                                 # article_id → article_id of the earliest it repeats
"""

from __future__ import annotations

import datetime as dt
import struct
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt
import rensa

from pipeline import alphabet
from pipeline.document import View

BAND_ROWS: Final = 4
BANDS: Final = 63
"""Bands of four values: a pair that shares 0.72 of its shingles meets in one of them but for once in 10^8."""

VALUES: Final = BAND_ROWS * BANDS
SIGNATURE_BYTES: Final = VALUES
"""One byte of each value is kept: two texts that differ in a value agree in its byte once in 256, which is far
below the statistical error of 0.03."""

SAME: Final = 0.72
"""Share of equal values from which two articles are one. Calibrated on 1,852 news articles of 2017 to 2019: pairs from
0.75 on are one text re-edited, pairs up to 0.69 share an agency's paragraphs but tell other news. It leaves room for
another headline and one changed word in twenty-five."""

SHINGLE: Final = 12
"""Letters of a shingle. Longer ones weigh a changed word as much as a new paragraph, of shorter ones two articles on
the same matter share too many: either way the two kinds of pair run together."""

NEIGHBOURS: Final = 8
"""Articles before it in a band that each is compared with, besides the band's first: ten thousand copies of one text
would make fifty million pairs."""

_SEED: Final = 20170101
_CHUNK: Final = 1 << 15
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
"""Odd constant of 64 bits (golden ratio): it spreads the letters of a shingle over all bits."""
_START: Final = b"\n"
_OPENERS: Final = frozenset(b"bcdklmstvx" + _START + bytes(range(0xC0, 0x100)))
"""What a shingle begins with: consonants that mostly stand at the beginning of a syllable, so that there are somewhat
fewer shingles than words; the start of the text; and any letter of other scripts in UTF-8."""
_OPENS: Final = bytes(byte in _OPENERS for byte in range(256))
_PACK: Final = struct.Struct(f"<{VALUES}I").pack


def _bare(char: str) -> str:
    """Return the small letter of ASCII or the digit that is left of a character without marks, or a space."""
    bare = unicodedata.normalize("NFD", char.lower().replace("đ", "d"))[0]
    return bare if bare.isascii() and bare.isalnum() else " "


_BARE: Final = alphabet.table(_bare)
_DROPPED: Final = bytes(byte for byte, bare in enumerate(_BARE) if bare == ord(" "))


def signature(text: str) -> bytes:
    """Return the MinHash signature of a text: `SIGNATURE_BYTES` bytes."""
    return signatures([View(text)])[0]


def signatures(views: Sequence[View]) -> list[bytes]:
    """Return the signature of each text."""
    if not views:
        return []
    lines = [b"%b%b%b" % (_START, _letters(view), bytes(SHINGLE - 1)) for view in views]
    text = b"".join(lines)
    places = np.flatnonzero(np.frombuffer(text.translate(_OPENS), np.bool_))
    bounds = np.searchsorted(places, list(accumulate(map(len, lines), initial=0))).tolist()
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(_hashes(text, places), bounds, VALUES, _SEED)
    return [_PACK(*row)[::4] for row in matrix.to_rows()]


def _letters(view: View) -> bytes:
    """Return the letters and digits of a text without marks; of one with few Latin ones, all that is no space."""
    letters = view.codes.translate(_BARE, _DROPPED)
    if 2 * len(letters) >= len(view.codes):
        return letters
    return b"".join(view.folded.encode("utf-8", "replace").split())


def _hashes(text: bytes, places: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Return a hash for the `SHINGLE` bytes from each place on: eight and four of them, read as numbers."""
    size = len(text) - SHINGLE + 1
    hashes: npt.NDArray[np.uint64] = np.ndarray((size,), "<u8", text, strides=(1,))[places]
    hashes *= _SPREAD
    hashes += np.ndarray((size,), "<u4", text, offset=8, strides=(1,))[places]
    return hashes ^ (hashes >> np.uint64(32))


class DuplicateFinder:
    """Collects signatures, then finds for each article the earliest that it repeats."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._days: list[int] = []
        self._signatures = bytearray()

    def add(self, article_id: str, signature: bytes, published_on: dt.date | None) -> None:
        """Add an article; articles are added in reading order.

        Raises:
            ValueError: If `signature` has not `SIGNATURE_BYTES` bytes.
        """
        if len(signature) != SIGNATURE_BYTES:
            raise ValueError(f"a signature has {SIGNATURE_BYTES} bytes, not {len(signature)}; make it with `signature`")
        self._ids.append(article_id)
        self._days.append((published_on or dt.date.max).toordinal())
        self._signatures += signature

    def find(self) -> dict[str, str]:
        """Return article_id → article_id of the earliest article that it repeats, for those that repeat one.

        Earlier is who was published earlier, then who was read earlier; articles without a day come last.
        """
        size = len(self._ids)
        if size < 2:
            return {}
        rank = np.lexsort((np.arange(size), np.array(self._days)))
        values = np.frombuffer(bytes(self._signatures), np.uint8).reshape(size, VALUES)[rank]
        earliest = np.arange(size)
        for band in range(BANDS):
            _link(values, values[:, band * BAND_ROWS : (band + 1) * BAND_ROWS], earliest)
        return {self._ids[rank[late]]: self._ids[rank[early]] for late, early in enumerate(earliest) if early < late}


def _link(values: npt.NDArray[np.uint8], band: npt.NDArray[np.uint8], earliest: npt.NDArray[np.int64]) -> None:
    """Lower `earliest` of the articles that are the same as an earlier one with which they agree in `band`."""
    keys = np.ascontiguousarray(band).view(np.uint32).ravel()
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    begins = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    first = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    later = np.flatnonzero(~begins)
    _compare(values, order[first[later]], order[later], earliest)
    for distance in range(1, NEIGHBOURS + 1):
        near = later[later - distance > first[later]]
        if not len(near):
            break
        _compare(values, order[near - distance], order[near], earliest)


def _compare(
    values: npt.NDArray[np.uint8],
    early: npt.NDArray[np.int64],
    late: npt.NDArray[np.int64],
    earliest: npt.NDArray[np.int64],
) -> None:
    news = early < earliest[late]  # the others repeat an earlier one already
    early, late = early[news], late[news]
    for start in range(0, len(early), _CHUNK):
        one, other = early[start : start + _CHUNK], late[start : start + _CHUNK]
        same = (values[one] == values[other]).mean(axis=1) >= SAME
        np.minimum.at(earliest, other[same], one[same])


def find_duplicates(articles: Iterable[tuple[str, str, dt.date | None]]) -> dict[str, str]:
    """Return article_id → earliest article that it repeats, for (article_id, text, published_on) in reading order."""
    finder = DuplicateFinder()
    for article_id, text, published_on in articles:
        finder.add(article_id, signature(text), published_on)
    return finder.find()
