"""Vietnamese text with one byte a character, at the offsets of the text.

The letters of Vietnamese in both cases, ASCII and the marks of newspapers are fewer than 256. What is asked of a whole
text (its lower case, where words end, which spellings it has) takes a fraction of the time on such bytes: a table of
256 entries says all there is to say of a character.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable
from typing import Final, TypeVar

Value = TypeVar("Value")

_VOWELS: Final = "aăâeêioôơuưy"
_TONES: Final = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_LETTERS: Final = "đ" + "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES)
_MARKS: Final = "“”‘’…–—•°²³«»§·€£¥©®×½¼"
_UNUSED: Final = "\ufffe"
"""What an entry of a codec holds that stands for no character."""

STRANGE_WORD: Final = 1
"""The byte of a letter or digit that is in no table."""
STRANGE: Final = 2
"""The byte of any other character that is in no table; spaces and marks that a view replaces are among them."""


def _characters() -> str:
    """Return the character of each byte; ASCII stands for itself."""
    others = iter(sorted({char for char in _LETTERS + _LETTERS.upper() + _MARKS if not char.isascii()}))
    own = {"\0", "\n", *map(chr, range(32, 127))}
    return "".join(
        char if (char := chr(byte)) in own else _UNUSED if byte in (STRANGE_WORD, STRANGE) else next(others, _UNUSED)
        for byte in range(256)
    )


_CHARACTERS: Final = _characters()
_LOWERED: Final = "".join(map(str.lower, _CHARACTERS))
_ENCODING: Final = codecs.charmap_build(_CHARACTERS)
_HANDLER: Final = "vifacts.strange"


def _strange(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    stretch = error.object[error.start : error.end]
    return bytes([STRANGE_WORD if char.isalnum() else STRANGE for char in stretch]), error.end


codecs.register_error(_HANDLER, _strange)


def encode(text: str) -> bytes:
    """Return one byte for each code point of a text."""
    return codecs.charmap_encode(text, _HANDLER, _ENCODING)[0]


def encode_known(text: str) -> bytes | None:
    """Return the same, or None for a text with a character that is in no table."""
    try:
        return codecs.charmap_encode(text, "strict", _ENCODING)[0]
    except UnicodeEncodeError:
        return None


def has_strange(codes: bytes) -> bool:
    """Say whether a byte stands for a character that is in no table."""
    return STRANGE in codes or STRANGE_WORD in codes


def lowered(codes: bytes) -> str:
    """Return the text in lower case; it must have no strange character."""
    return codecs.charmap_decode(codes, "strict", _LOWERED)[0]


def table_of(of: Callable[[str], Value]) -> list[Value]:
    """Return what `of` says of the character of each byte; strange ones are `中` and `☆` to it."""
    strange = {STRANGE_WORD: "中", STRANGE: "☆"}
    return [of(strange.get(byte, char)) for byte, char in enumerate(_CHARACTERS)]


def table(of: Callable[[str], str]) -> bytes:
    """Return the same as a table for `bytes.translate`: each character is made the one that `of` returns."""
    return encode("".join(table_of(of)))
