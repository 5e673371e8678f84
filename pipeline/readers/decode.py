"""Bytes → text: UTF-8, UTF-16, Windows-1258, and the font encodings TCVN3 and VNI."""

from __future__ import annotations

import codecs
from typing import Final

from pipeline.readers import legacy
from pipeline.readers.items import Refusal

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_BINARY: Final = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
    b"{\\rtf",
)
"""First bytes of PDF, ZIP (also DOCX), PNG, JPEG, GIF, old Office, RAR, 7z, ELF and RTF files."""

_CONTROLS: Final = bytes([*range(9), *range(14, 27), *range(28, 32), 127])

_CONTROL_SHARE: Final = 0.02
"""Share of control characters from which bytes that are not UTF-8 are no text either; texts have stray ones only.
Bytes that are UTF-8 may have ten times as many."""

_SAMPLE: Final = 200_000


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of `data`; `declared` is an encoding that the file itself names (a page's `charset`).

    Raises:
        Refusal: `binary` if it is no text, `undecodable` if it is text in no known encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    if data.startswith(_BINARY):
        raise _binary()
    bare = _without_mark(data)
    if bare is not None:
        return bare
    controls = _controls(data[:_SAMPLE])
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        if controls > _CONTROL_SHARE * min(len(data), _SAMPLE):
            raise _binary() from error
        return _single_byte(data, declared, error)
    if controls > 10 * _CONTROL_SHARE * min(len(data), _SAMPLE) + 2:
        raise _binary()
    return legacy.recognise(text) or text


def _controls(data: bytes) -> int:
    return len(data) - len(data.translate(None, _CONTROLS))


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        raise Refusal(
            "undecodable", f"marked as {encoding.upper()} but broken at byte {error.start}; save it as UTF-8"
        ) from error


def _without_mark(data: bytes) -> str | None:
    """Return UTF-16 text that has no mark: every other byte of its ASCII letters is zero."""
    head = data[:4000]
    if len(head) < 4 or head.count(0) < len(head) * 0.2:
        return None
    odd = head[1::2].count(0) > head[0::2].count(0)
    try:
        text = data.decode("utf-16-le" if odd else "utf-16-be")
    except UnicodeDecodeError:
        return None
    sample = text[:2000]
    return text if sum(char.isprintable() or char.isspace() for char in sample) > 0.98 * len(sample) else None


def _single_byte(data: bytes, declared: str | None, error: UnicodeDecodeError) -> str:
    """Return text of one byte a letter, by whichever encoding makes Vietnamese of it."""
    western = data.decode("cp1252", "replace")
    tried = {
        "windows-1258": data.decode("cp1258", "replace"),
        "tcvn3": legacy.from_tcvn3(western),
        "vni": legacy.from_vni(western),
    }
    shares = {name: legacy.vietnamese_share(text) for name, text in tried.items()}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= legacy.SURE:
        return tried[best]
    if declared:
        try:
            return data.decode(declared)
        except (LookupError, ValueError):
            pass
    advice = f"not UTF-8 (byte {error.start}), and no Vietnamese in Windows-1258, TCVN3 or VNI; save it as UTF-8"
    raise Refusal("undecodable", advice) from error


def _binary() -> Refusal:
    return Refusal("binary", "not text; give .txt, .html, .jsonl or .parquet files")
