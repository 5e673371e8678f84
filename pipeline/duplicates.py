"""Near-duplicates across a run: the same article again, perhaps under another headline or with a few words changed.

A text becomes a MinHash signature (by `rensa`) of its three-word shingles, without case, marks and punctuation, so
that neither the placement of tones nor a newsroom's dashes matter. Articles whose signatures agree in one band of
four values are compared; those that agree in `SAME` of all values are the same article.

How a run uses it, in memory of 250 bytes an article:

    finder = DuplicateFinder()
    finder.add(article_id, signature(text), published_on)    # `signature` may run in a worker
    earliest = finder.find()                                 # article_id → article_id of the earliest it repeats
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt
import rensa

BAND_ROWS: Final = 4
BANDS: Final = 63
"""Bands of four values: a pair that shares 0.75 of its shingles meets in one of them but for once in 10^10."""

VALUES: Final = BAND_ROWS * BANDS
SIGNATURE_BYTES: Final = VALUES
"""One byte of each value is kept: two texts that differ in a value agree in its byte once in 256, which is far
below the statistical error of 0.03."""

SAME: Final = 0.75
"""Share of equal values from which two articles are one. Calibrated on 1,852 news articles of 2017 to 2019: pairs above
0.78 are one text re-edited, pairs up to 0.73 share an agency's paragraphs but tell other news. It leaves room for
another headline and one changed word in twenty."""

SHINGLE_WORDS: Final = 3
"""Longer shingles weigh a changed word as much as a new paragraph, and the two kinds of pair run together."""

NEIGHBOURS: Final = 8
"""Articles before it in a band that each is compared with, besides the band's first: ten thousand copies of one text
would make fifty million pairs."""

_SEED: Final = 20170101
_CHUNK: Final = 1 << 15
_LAST_LATIN: Final = 0x2300
"""No character from here on has a letter of ASCII as the base of its canonical decomposition."""
_ANY_WORD = re.compile(r"\w+")
_NO_WORD: Final = b"."
_MULTIPLIERS: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 1], np.uint64)
"""Odd constants of 64 bits (golden ratio, xxHash): they keep shingles with the same words in another order apart."""
_SPREAD: Final = np.uint64(0xFF51AFD7ED558CCD)
"""Odd constant of 64 bits (MurmurHash 3): it spreads the letters of a word over all bits."""
_HEAD: Final = 8
_HEAD_MASKS: Final = np.array([(1 << 8 * length) - 1 for length in range(_HEAD + 1)], np.uint64)
"""For each length the bits of a number of 64 bits that hold as many bytes. Syllables have seven letters at most."""


def signature(text: str) -> bytes:
    """Return the MinHash signature of a text: `SIGNATURE_BYTES` bytes."""
    return signatures([text])[0]


def signatures(texts: Sequence[str]) -> list[bytes]:
    """Return the signature of each text."""
    if not texts:
        return []
    hashes = list(map(_shingle_hashes, texts))
    bounds = list(accumulate(map(len, hashes), initial=0))
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(np.concatenate(hashes), bounds, VALUES, _SEED)
    return [row.tobytes() for row in np.array(matrix.to_rows(), np.uint32).astype(np.uint8)]


def _shingle_hashes(text: str) -> npt.NDArray[np.uint64]:
    """Return a hash for each run of three words; for a shorter text one hash of all of it."""
    words = _word_hashes(_bare(text))
    if len(words) < SHINGLE_WORDS:
        words = _word_hashes(_bare_of_any_script(text))
    count = len(words) - SHINGLE_WORDS + 1
    hashes = np.zeros(count, np.uint64)
    for place, multiplier in enumerate(_MULTIPLIERS):
        hashes += words[place : place + count] * multiplier
    hashes ^= hashes >> np.uint64(32)
    return hashes


def _word_hashes(bare: bytes) -> npt.NDArray[np.uint64]:
    """Return a hash for each word of a line of words and spaces: of its length and its first eight bytes."""
    line = b" " + bare + b" " * _HEAD
    letters = np.frombuffer(line, np.uint8) != ord(" ")
    borders = np.flatnonzero(letters[1:] != letters[:-1]) + 1
    starts, lengths = borders[::2], borders[1::2] - borders[::2]
    heads: npt.NDArray[np.uint64] = np.ndarray((len(bare) + 1,), "<u8", line, strides=(1,))[starts]
    heads = (heads & _HEAD_MASKS[np.minimum(lengths, _HEAD)]) + lengths.astype(np.uint64)
    heads *= _SPREAD
    return heads ^ (heads >> np.uint64(29))


def _bare(text: str) -> bytes:
    """Return a text in small letters of ASCII without marks, anything else as spaces."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    return _plain()[codes].tobytes().translate(None, b"\0")


def _bare_of_any_script(text: str) -> bytes:
    """Return the words of a text with few or no Latin ones, filled up to one shingle."""
    words = _bare(text).split() or [word.encode("utf-8", "replace") for word in _ANY_WORD.findall(text)]
    words = words or [b"%x" % zlib.crc32(text.encode("utf-8", "replace"))]
    return b" ".join(words + [_NO_WORD] * (SHINGLE_WORDS - len(words)))


@cache
def _plain() -> npt.NDArray[np.uint8]:
    """Return for each code of UTF-16 the small letter or digit that is left of it, a space, or 0 for nothing.

    Marks and letters of other scripts leave nothing, so that a mark of its own does not cut a word.
    """
    table = np.zeros(1 << 16, np.uint8)
    for code in range(_LAST_LATIN):
        bare = unicodedata.normalize("NFD", chr(code)).encode("ascii", "ignore").lower()[:1]
        table[code] = ord(bare if bare.isalnum() else b" ") if bare else 0
    for letter in "đĐÐ":
        table[ord(letter)] = ord("d")
    return table


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
