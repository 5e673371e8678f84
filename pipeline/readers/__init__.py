"""Inputs (files, folders, globs, `-`) → `Source` or `Rejected`, one document in memory at a time.

Every input gives a document or a reason; nothing ends the run. Reasons: `empty`, `missing`, `unreadable`,
`unsupported`, `binary`, `undecodable`, `too_large`, `compression_bomb`, `broken_archive`, `broken_json`,
`missing_text`, `missing_id`, `repeated_id`. An id is a label: it is never used as a path.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from pipeline.readers.decode import decode
from pipeline.readers.items import FIELDS, Options, Refusal, Rejected, Source, checked, clean, parse_columns
from pipeline.readers.jsonl import read_jsonl
from pipeline.readers.streams import open_bytes, read_document, read_rest
from pipeline.readers.walk import Input, expand

__all__ = ["FIELDS", "Options", "Rejected", "Source", "parse_columns", "read"]


def read(inputs: Iterable[Path | str], options: Options | None = None) -> Iterator[Source | Rejected]:
    """Yield the documents of the inputs in order (folders: in order of name); the first of a repeated id wins.

    Ids are remembered as 16-byte digests: about 80 bytes a document.
    """
    seen: set[bytes] = set()
    for item in _read_all(inputs, options or Options()):
        if isinstance(item, Source):
            digest = hashlib.blake2b(item.article_id.encode(), digest_size=16).digest()
            if digest in seen:
                advice = f"id {item.article_id!r} was read before; give each document its own"
                yield Refusal("repeated_id", advice).at(item.source, item.article_id)
                continue
            seen.add(digest)
        yield item


def _read_all(inputs: Iterable[Path | str], options: Options) -> Iterator[Source | Rejected]:
    for found in expand(inputs):
        if isinstance(found, Rejected):
            yield found
            continue
        try:
            yield from _read_one(found, options)
        except Refusal as refusal:
            yield refusal.at(found.path, found.article_id)
        except OSError as error:
            advice = f"cannot be read ({error.strerror or error}); check the file and its rights"
            yield Refusal("unreadable", advice).at(found.path, found.article_id)


def _read_one(found: Input, options: Options) -> Iterator[Source | Rejected]:
    where = str(found.path)
    if found.kind == "stdin":
        yield from _read_stdin(options)
    elif found.kind == "jsonl":
        with open_bytes(found.path, options) as stream:
            yield from read_jsonl(stream, where, options)
    elif found.kind == "parquet":
        from pipeline.readers.parquet import read_parquet  # noqa: PLC0415 - pyarrow is not needed for text

        yield from read_parquet(found.path, options)
    elif found.kind == "page":
        yield _read_page(read_document(found.path, options), found.article_id, where, options)
    else:
        yield _read_text(read_document(found.path, options), found.article_id, where, options)


def _read_text(data: bytes, article_id: str, where: str, options: Options) -> Source | Rejected:
    if not data.strip():
        raise Refusal("empty", "no text; nothing to extract")
    return checked(Source(article_id, clean(decode(data)), clean(where)), options)


def _read_page(data: bytes, article_id: str, where: str, options: Options) -> Source | Rejected:
    from pipeline.readers.page import read_page  # noqa: PLC0415 - its libraries take half a second to load

    return read_page(data, article_id, where, options)


def _read_stdin(options: Options) -> Iterator[Source | Rejected]:
    """Read standard input as what it starts like: JSON Lines, a page, or one text."""
    stream: IO[bytes] = sys.stdin.buffer
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    start = buffered.peek(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        yield from read_jsonl(buffered, "-", options)
    elif start[:1] == b"<":
        yield _read_page(read_rest(buffered, options), "stdin", "-", options)
    else:
        yield _read_text(read_rest(buffered, options), "stdin", "-", options)
