"""Font encodings of Vietnamese from before Unicode: TCVN3 (ABC) and VNI, recognised by their letters."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

import regex
import yaml

SURE: Final = 0.85
"""Share of the words with marks that must be Vietnamese syllables. Right decodings give 0.95 and more, wrong ones
0.6 at most; names and misprints lie between."""

FEWEST_WORDS: Final = 3
"""Words with marks below which statistics say nothing."""

_SAMPLE: Final = 20_000
"""Code points that are judged: enough for hundreds of words."""

_ONSET = "(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
_RIME = regex.compile(
    r"(?P<nucleus>[aeiouyâêôăơư]{1,3})(?P<mark>[\u0300\u0301\u0303\u0309\u0323]?)(?P<rest>[aeiouy]?)(?P<coda>ng|nh|ch|[cmnpt])?"
)
_SYLLABLE = regex.compile(_ONSET + _RIME.pattern)
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_ASCII_ONLY = regex.compile(r"[\x00-\x7f]*")
_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
_UNICODE_VIETNAMESE = regex.compile(r"[ĂăĐđƠơƯư\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")
_HIGH = regex.compile(r"[\u00a1-\u00ff]")


class Tables(NamedTuple):
    """The encodings as the data file gives them: TCVN3 as a translation, VNI as pairs to replace."""

    tcvn3: dict[int, str]
    vni: dict[str, str]


@cache
def tables() -> Tables:
    """Read `encodings.yaml`."""
    data: Any = yaml.safe_load(resources.files(__package__).joinpath("encodings.yaml").read_text(encoding="utf-8"))
    tcvn3 = dict(zip(map(ord, data["tcvn3"]["from"]), data["tcvn3"]["to"], strict=True))
    return Tables(tcvn3, _vni_pairs(data["vni"]))


def _vni_pairs(data: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return VNI letter → Unicode letter for both cases."""
    pairs = dict(data["single"])
    for mark, tone in data["tones"].items():
        pairs |= {base + mark: letter + tone for base, letter in zip("aeouyôö", "aeouyơư", strict=True)}
    for mark, tone in data["circumflex"].items():
        pairs |= {base + mark: f"{base}\u0302{tone}" for base in "aeo"}
    for mark, tone in data["breve"].items():
        pairs["a" + mark] = f"a\u0306{tone}"
    composed = {key: unicodedata.normalize("NFC", letter) for key, letter in pairs.items()}
    upper = {key.upper(): letter.upper() for key, letter in composed.items()}
    title = {key[0].upper() + key[1:]: letter.upper() for key, letter in composed.items() if len(key) > 1}
    return title | upper | composed


def from_tcvn3(text: str) -> str:
    """Return a TCVN3 text (its bytes read as Windows-1252) in Unicode; what is in capitals gets capitals with marks."""
    plain = text.translate(tables().tcvn3)
    lines = (line.upper() if _in_capitals(line, 4) else _WORD.sub(_word, line) for line in plain.split("\n"))
    return "\n".join(lines)


def _word(match: regex.Match[str]) -> str:
    return match[0].upper() if _in_capitals(match[0], 2) else match[0]


def _in_capitals(text: str, fewest: int) -> bool:
    """Say whether the letters without marks are all capitals, and `fewest` at least: one may begin a name."""
    letters = [char for char in text if char.isascii() and char.isalpha()]
    return len(letters) >= fewest and all(map(str.isupper, letters))


def from_vni(text: str) -> str:
    """Return a VNI text (its bytes read as Windows-1252) in Unicode."""
    return _vni_pattern().sub(lambda match: tables().vni[match[0]], text)


@cache
def _vni_pattern() -> regex.Pattern[str]:
    keys = sorted(tables().vni, key=lambda key: (-len(key), key))
    return regex.compile("|".join(map(regex.escape, keys)))


def vietnamese_share(text: str) -> float:
    """Return the share of the words with marks that can be Vietnamese syllables; 0.0 where there are too few."""
    words = [word for word in _WORD.findall(text[:_SAMPLE]) if not word.isascii()]
    if len(words) < FEWEST_WORDS:
        return 0.0
    return sum(map(is_syllable, words)) / len(words)


def is_syllable(word: str) -> bool:
    """Say whether a word can be a Vietnamese syllable: onset, rime, one tone (before c, ch, p, t: sắc or nặng)."""
    spread = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in spread if char in _TONES]
    bare = unicodedata.normalize("NFC", "".join(char for char in spread if char not in _TONES))
    found = _SYLLABLE.fullmatch(bare)
    if found is None or len(tones) > 1:
        return False
    closed = found["coda"] in ("c", "ch", "p", "t")
    return not closed or tones in (["\u0301"], ["\u0323"])


def recognise(text: str) -> str | None:
    """Return a text that a font encoding wrote (its bytes read as Windows-1252) in Unicode, or None if it is none.

    Text with a letter that only Unicode has is left alone at once.
    """
    sample = text[:_SAMPLE]
    if _ASCII_ONLY.fullmatch(sample) or _UNICODE_VIETNAMESE.search(sample) or not _HIGH.search(sample):
        return None
    best = max((from_tcvn3, from_vni), key=lambda convert: vietnamese_share(convert(sample)))
    converted = vietnamese_share(best(sample))
    if converted >= SURE and converted > vietnamese_share(sample):
        return best(text)
    return None
