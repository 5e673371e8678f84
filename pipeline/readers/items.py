"""What reading gives, and what it may be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MEGABYTE: Final = 1_000_000

FIELDS: Final = ("text", "id", "url", "title", "author", "published_at")
"""What a record may hold; a column mapping names them on its left."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document as read, before it is normalised: cheap to send to a worker.

    `note` says what of its metadata could not be used; the document is extracted all the same.
    """

    article_id: str
    text: str
    source: str
    url: str | None = None
    title: str | None = None
    author: str | None = None
    published_at: dt.datetime | dt.date | None = None
    note: str | None = None

    def anywhere(self) -> Source:
        """Return the document without where it was read: what its rows depend on."""
        return Source(self.article_id, self.text, "", self.url, self.title, self.author, self.published_at)


@dataclass(frozen=True, slots=True)
class Rejected:
    """Input that gave no document: where it stands, a short reason, and one line that says what to do."""

    source: str
    reason: str
    detail: str
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How to read.

    Attributes:
        columns: Field → name of the column or key that holds it, for files whose names differ (see `FIELDS`).
        max_bytes: Largest document, in bytes of UTF-8 (for a page: of the page).
        max_decompressed: Largest total that one compressed file may unfold to, in bytes.
        max_ratio: Largest unfolded size for each compressed byte once a file is past 16 MB. Text reaches 30; a
            bomb 1,000.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    max_bytes: int = 5 * MEGABYTE
    max_decompressed: int = 200_000 * MEGABYTE
    max_ratio: int = 200


def parse_columns(value: str) -> dict[str, str]:
    """Return the column mapping that `text=content,id=doc_id` writes; `date` is another name of `published_at`.

    Raises:
        ValueError: If a part is not `field=column`, or names an unknown field.
    """
    columns: dict[str, str] = {}
    for part in filter(None, map(str.strip, value.split(","))):
        name, equals, column = (piece.strip() for piece in part.partition("="))
        name = "published_at" if name == "date" else name
        if not equals or not column:
            raise ValueError(f"{part!r} is not a mapping; write field=column, such as text=content,id=doc_id")
        if name not in FIELDS:
            raise ValueError(f"{name!r} is no field of a document; known: {', '.join(FIELDS)} (or date)")
        columns[name] = column
    return columns


class Refusal(ValueError):  # noqa: N818 - not an error of the program: it becomes a row of the rejects
    """Why an input cannot be read: a short `reason`, and what to do about it."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(advice)
        self.reason = reason
        self.advice = advice

    def at(self, where: str | Path, article_id: str | None = None) -> Rejected:
        """Return the reject of this refusal at a place."""
        return Rejected(clean(str(where)), self.reason, clean(f"{where}: {self.advice}"), article_id)


def clean(text: str) -> str:
    r"""Return `text` without a BOM, with `\r\n` as `\n`, and lone surrogates (UTF-8 has none) as U+FFFD."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    try:
        text.encode("utf-16-le")  # refuses what UTF-8 does, in a third of the time
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def too_large(size: int, limit: int) -> Refusal:
    """Return the refusal of a document of `size` bytes."""
    return Refusal("too_large", f"{size / MEGABYTE:.1f} MB; documents may have {limit / MEGABYTE:g} MB, split it")


def checked(source: Source, options: Options) -> Source | Rejected:
    """Return the document, or why there is nothing to extract from it or too much."""
    if len(source.text) * 4 > options.max_bytes:
        size = len(source.text.encode())
        if size > options.max_bytes:
            return too_large(size, options.max_bytes).at(source.source, source.article_id)
    if source.text.strip("\ufeff\u200b \t\n\r\f\v\x00\u00a0"):
        return source
    return Refusal("empty", "no text; nothing to extract").at(source.source, source.article_id)
