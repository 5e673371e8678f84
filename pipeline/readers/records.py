"""Records (a JSON object, a row of a Parquet file) → documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import regex

from pipeline.readers import legacy
from pipeline.readers.items import Options, Refusal, Rejected, Source, checked, clean

VIETNAM: Final = dt.timezone(dt.timedelta(hours=7))

_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "text": ("text",),
    "id": ("id",),
    "url": ("url",),
    "title": ("title",),
    "author": ("author",),
    "published_at": ("published_at", "date"),
}
"""Field → names it has where no mapping says otherwise, first come first served."""

_DAY_FIRST = regex.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(\d{1,2}:\d{2}(?::\d{2})?))?")
_EPOCH: Final = (100_000_000, 5_000_000_000)
"""Seconds from 1973 to 2128: smaller numbers are no moments, larger ones are milliseconds."""


def names(options: Options) -> dict[str, tuple[str, ...]]:
    """Return field → column names to look under, by the mapping where it names the field."""
    if not options.columns:
        return _NAMES
    return {field: (options.columns[field],) if field in options.columns else known for field, known in _NAMES.items()}


def from_record(record: Mapping[str, Any], where: str, options: Options) -> Source | Rejected:
    """Return the document of a record, or why it holds none."""
    values = {field: _first(record, known) for field, known in names(options).items()}
    text, key = values["text"], values["id"]
    article_id = clean(str(key)).strip() if isinstance(key, (str, int)) and not isinstance(key, bool) else ""
    if not isinstance(text, str):
        column = names(options)["text"][0]
        return Refusal("missing_text", f"no text under {column!r}; name its column with --columns text=NAME").at(
            where, article_id or None
        )
    if not article_id:
        column = names(options)["id"][0]
        return Refusal("missing_id", f"no id under {column!r}; name its column with --columns id=NAME").at(where)
    when, note = _moment_or_note(values["published_at"], where)
    return checked(
        Source(
            article_id,
            clean(legacy.recognise(text) or text),
            where,
            _string(values["url"]),
            _string(values["title"]),
            _string(values["author"]),
            when,
            note,
        ),
        options,
    )


def _first(record: Mapping[str, Any], known: tuple[str, ...]) -> Any:
    """Return what the record has under the first of the names that it has anything under."""
    for name in known:
        value = record.get(name)
        if value is not None:
            return value
    return None


def _string(value: Any) -> str | None:
    return (" ".join(clean(value).split()) or None) if isinstance(value, str) else None


def _moment_or_note(value: Any, where: str) -> tuple[dt.datetime | dt.date | None, str | None]:
    when = moment(value)
    if when is None and value not in (None, ""):
        return None, clean(f"{where}: {str(value)[:40]!r} is no date; the document is read without it")
    return when, None


def moment(value: Any) -> dt.datetime | dt.date | None:
    """Return a day or a moment (in Vietnam's time zone) from metadata, None where it is neither.

    Known: dates and datetimes, ISO 8601, day first with four digits of year, seconds or milliseconds since 1970.
    A moment without a time zone is taken as Vietnam's time.
    """
    try:
        return _moment(value)
    except (ValueError, OverflowError, OSError):
        return None


def _moment(value: Any) -> dt.datetime | dt.date | None:
    if isinstance(value, dt.datetime):
        return value.astimezone(VIETNAM) if value.tzinfo else value.replace(tzinfo=VIETNAM)
    if isinstance(value, dt.date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value / 1000 if value > _EPOCH[1] else value
        return dt.datetime.fromtimestamp(seconds, VIETNAM) if _EPOCH[0] <= seconds <= _EPOCH[1] else None
    if not isinstance(value, str):
        return None
    return _written(value.strip())


def _written(value: str) -> dt.datetime | dt.date | None:
    day_first = _DAY_FIRST.fullmatch(value)
    if day_first:
        day, month, year, time = day_first.groups()
        date = dt.date(int(year), int(month), int(day))
        return dt.datetime.combine(date, dt.time.fromisoformat(time.zfill(5)), VIETNAM) if time else date
    value = value.replace("/", "-")
    return dt.date.fromisoformat(value) if len(value) <= 10 else _moment(dt.datetime.fromisoformat(value))
