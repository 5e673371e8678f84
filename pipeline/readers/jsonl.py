"""JSON Lines: one document a line."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterator
from typing import IO, Any, Final

from pipeline.readers import legacy
from pipeline.readers.decode import decode
from pipeline.readers.items import Options, Refusal, Rejected, Source, too_large
from pipeline.readers.records import from_record
from pipeline.readers.streams import BROKEN, broken, lines

_JSON: Final = json.JSONDecoder(strict=False)
"""Lets raw control characters stand in strings, as some exports have them."""


def read_jsonl(stream: IO[bytes], where: str, options: Options) -> Iterator[Source | Rejected]:
    r"""Yield the documents of a stream of lines; a line of JSON may be six times its text (`\uXXXX`) and then some."""
    limit = 6 * options.max_bytes + 100_000
    number = 0
    try:
        for number, line in enumerate(lines(_as_utf8(stream), limit), 1):
            place = f"{where}:{number}"
            if isinstance(line, int):
                yield too_large(line, options.max_bytes).at(place)
            elif line.strip():
                yield read_line(line, place, options)
    except BROKEN as error:
        yield broken(error).at(f"{where}:{number + 1}")
    except Refusal as refusal:
        yield refusal.at(f"{where}:{number + 1}")


def read_line(line: bytes, where: str, options: Options) -> Source | Rejected:
    """Return the document of one line of JSON, or why it holds none."""
    try:
        record = _parse(line)
    except Refusal as refusal:
        return refusal.at(where)
    except (ValueError, RecursionError) as error:
        return Refusal("broken_json", f"not JSON ({error}); mend or remove the line").at(where)
    if not isinstance(record, dict):
        return Refusal("broken_json", "not a JSON object; every line needs one, with 'id' and 'text'").at(where)
    return from_record(record, where, options)


def _parse(line: bytes) -> Any:
    """Return what a line of JSON says: as UTF-8, which nearly all are, else in the encoding that `decode` finds out."""
    try:
        text = line.decode()
        return _JSON.decode(legacy.recognise(text) or text)
    except ValueError:
        return _JSON.decode(decode(line))


class _Utf16(io.RawIOBase):
    """UTF-16 bytes as UTF-8 bytes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            piece = self._stream.read(1 << 16)
            self._left = self._decoder.decode(piece, final=not piece).encode()
            if not piece:
                break
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def _as_utf8(stream: IO[bytes]) -> IO[bytes]:
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    if buffered.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return io.BufferedReader(_Utf16(buffered))
    return buffered
