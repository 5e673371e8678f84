"""Files as streams of bytes: unpacked as they are read, with limits."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, cast

import zstandard

from pipeline.readers.items import MEGABYTE, Options, Refusal, too_large

BROKEN: Final = (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError)
"""What reading a damaged or cut-off compressed file raises."""

_RATIO_FROM: Final = 16 * MEGABYTE


def open_bytes(path: Path, options: Options) -> IO[bytes]:
    """Open a file (`-`: standard input) for reading, unpacked by the ending of its name.

    Raises:
        OSError: If it cannot be opened.
    """
    if str(path) == "-":
        return sys.stdin.buffer
    if path.suffix.lower() in (".gz", ".zst"):
        return io.BufferedReader(_Unpacked(path, options), 1 << 18)
    return path.open("rb")


class _Unpacked(io.RawIOBase):
    """A compressed file, unpacked; refuses to unfold without end."""

    def __init__(self, path: Path, options: Options) -> None:
        self._file = path.open("rb")
        self._size = max(1, path.stat().st_size)
        self._options = options
        self._read = 0
        zipped = path.suffix.lower() == ".gz"
        self._stream = cast(
            IO[bytes],
            gzip.GzipFile(fileobj=self._file)
            if zipped
            else zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(self._file, read_across_frames=True),
        )

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        piece = self._stream.read(len(view))
        view[: len(piece)] = piece
        self._read += len(piece)
        self._check()
        return len(piece)

    def _check(self) -> None:
        if self._read > self._options.max_decompressed:
            limit = self._options.max_decompressed // MEGABYTE
            raise Refusal("compression_bomb", f"unfolds to more than {limit:,} MB; split the file")
        if self._read > _RATIO_FROM and self._read > self._options.max_ratio * self._size:
            advice = f"unfolds to {self._read // self._size} times its size, as no text does; unpack it yourself"
            raise Refusal("compression_bomb", advice)

    def close(self) -> None:
        self._file.close()
        super().close()


def read_document(path: Path, options: Options) -> bytes:
    """Return all bytes of a file that holds one document.

    Raises:
        OSError: If it cannot be read.
        Refusal: If it is larger than a document may be, or a broken compressed file.
    """
    with open_bytes(path, options) as stream:
        return read_rest(stream, options)


def read_rest(stream: IO[bytes], options: Options) -> bytes:
    """Return all bytes left in a stream; see `read_document`."""
    try:
        data = stream.read(options.max_bytes + 1)
    except BROKEN as error:
        raise broken(error) from error
    if len(data) > options.max_bytes:
        raise too_large(len(data), options.max_bytes)
    return data


def broken(error: BaseException) -> Refusal:
    """Return the refusal of a damaged compressed file."""
    return Refusal("broken_archive", f"cannot be unpacked ({error}); fetch the file again")


def lines(stream: IO[bytes], limit: int) -> Iterator[bytes | int]:
    """Yield the lines of a stream without their ends; for a line of more than `limit` bytes, its length instead."""
    while line := stream.readline(limit + 2):
        if len(line) <= limit + 1 and (line.endswith(b"\n") or len(line) <= limit):
            yield line.rstrip(b"\r\n")
            continue
        size = len(line)
        while not line.endswith(b"\n") and (line := stream.readline(1 << 20)):
            size += len(line)
        yield size
