"""Correcting mentions in Label Studio: a run goes out as tasks with predictions, annotations come back as gold.

A mention is a region with one label; its values are text areas of that region, named `LABEL_FIELD`. What is known
of the article as a whole (title, author, day, home unit) are text areas of the task. Label Studio counts offsets in
code points, as the tables do; versions before 1.5 counted UTF-16 units, which import recognises and converts.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from pipeline import __version__
from pipeline.inspection import Inspection, Row, jsonable, path_of

Task = dict[str, Any]


class AnnotationError(ValueError):
    """An annotation that cannot become gold: which task, which words, what is wrong."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a mention: its name in gold, the column that it comes from, and how it is written."""

    name: str
    column: str
    kind: str = "text"
    """text, day, number, amount or path (`Cần Thơ / Phong Điền`)."""


@dataclass(frozen=True, slots=True)
class Label:
    """A kind of mention: its label, the table it comes from, its colour and its values."""

    name: str
    table: str
    colour: str
    fields: tuple[Field, ...]


_SCOPE: Final = (
    Field("period_from", "period_from", "day"),
    Field("period_to", "period_to", "day"),
    Field("unit_path", "unit_path", "path"),
)

LABELS: Final = (
    Label("date", "dates", "#1d5b9f", (Field("from", "date_from", "day"), Field("to", "date_to", "day"))),
    Label("locality", "localities", "#2b6b39", (Field("level", "level"), Field("path", "path", "path"))),
    Label("official", "officials", "#743a94", (Field("name", "name"),)),
    Label(
        "model_count",
        "model_counts",
        "#a5382a",
        (
            Field("count", "count", "number"),
            Field("unit", "unit"),
            Field("name", "name"),
            Field("qualifier", "qualifier"),
            Field("status", "status"),
            *_SCOPE,
        ),
    ),
    Label(
        "money",
        "money",
        "#855600",
        (
            Field("min", "amount_min", "amount"),
            Field("max", "amount_max", "amount"),
            Field("currency", "currency"),
            Field("qualifier", "qualifier"),
            Field("per", "per"),
            *_SCOPE,
        ),
    ),
)

_ARTICLE: Final = (
    Field("title", "title"),
    Field("author", "author"),
    Field("published_on", "published_on", "day"),
    Field("home_unit", "home_unit_path", "path"),
)
_BY_NAME: Final = {label.name: label for label in LABELS}


def config() -> str:
    """Return the labelling configuration that the tasks need, to paste into the project's settings."""
    lines = ["<View>", "  <Style>.htx-text { white-space: pre-wrap; }</Style>", '  <Labels name="kind" toName="text">']
    lines += [f'    <Label value="{label.name}" background="{label.colour}"/>' for label in LABELS]
    lines += ["  </Labels>", '  <Text name="text" value="$text" granularity="symbol"/>']
    for label in LABELS:
        lines.append(f'  <View visibleWhen="region-selected" whenTagName="kind" whenLabelValue="{label.name}">')
        lines += [_area(f"{label.name}_{field.name}", field, per_region=True) for field in label.fields]
        lines.append("  </View>")
    lines += [_area(f"article_{field.name}", field, per_region=False) for field in _ARTICLE]
    return "\n".join([*lines, "</View>", ""])


_HINTS: Final = {
    "day": "2023-09-20",
    "path": "Cần Thơ / Phong Điền",
    "number": "12",
    "amount": "3600000000",
    "text": "",
}


def _area(name: str, field: Field, *, per_region: bool) -> str:
    region = ' perRegion="true"' if per_region else ""
    hint = quoteattr(f"{field.name} {_HINTS[field.kind]}".strip())
    return f'    <TextArea name="{name}" toName="text" maxSubmissions="1" editable="true" placeholder={hint}{region}/>'


def export(inspections: Iterable[Inspection]) -> Iterator[Task]:
    """Yield a task with its prediction for every article; ready for `json.dumps`."""
    for inspection in inspections:
        results = list(_results(inspection))
        yield {
            "data": {"article_id": inspection.article_id, "text": inspection.text},
            "predictions": [{"model_version": f"vifacts {__version__}", "result": results}],
        }


def _results(inspection: Inspection) -> Iterator[Task]:
    for field in _ARTICLE:
        value = _written(inspection.article[field.column], field)
        if value is not None:
            name = f"article_{field.name}"
            yield {"id": name, "from_name": name, "to_name": "text", "type": "textarea", "value": {"text": [value]}}
    for label in LABELS:
        rows = [row for row in inspection.tables[label.table] if row.get("kind", "DATE") == "DATE"]
        for number, row in enumerate(rows):
            yield from _region(f"{label.name}-{number}", label, row)


def _region(region: str, label: Label, row: Row) -> Iterator[Task]:
    span = {"start": row["start"], "end": row["end"]}
    value = {**span, "text": row["text"], "labels": [label.name]}
    yield {"id": region, "from_name": "kind", "to_name": "text", "type": "labels", "value": value}
    for field in label.fields:
        written = _written(row[field.column], field)
        if written is not None:
            name = f"{label.name}_{field.name}"
            value = {**span, "text": [written]}
            yield {"id": region, "from_name": name, "to_name": "text", "type": "textarea", "value": value}


def _written(value: Any, field: Field) -> str | None:
    if value is None or value in ("", []):
        return None
    return path_of(value) if field.kind == "path" else str(jsonable(value))


def gold(tasks: Iterable[Task]) -> Iterator[dict[str, Any]]:
    """Yield a gold document, as `score` reads it, for every annotated task of a Label Studio export (JSON).

    The newest annotation that was not cancelled counts; tasks without one are left out.

    Raises:
        AnnotationError: If a task lacks its text or id, a region lies outside the text or on other words than it
            says, or a value is not what its field takes.
    """
    for task in tasks:
        data = task.get("data") or {}
        if not isinstance(data.get("text"), str) or not data.get("article_id"):
            raise AnnotationError(
                f"task {task.get('id')}: no text or article_id in its data; export the tasks with their data"
            )
        kept = [item for item in task.get("annotations") or [] if not item.get("was_cancelled")]
        if kept:
            newest = max(kept, key=lambda item: str(item.get("updated_at") or item.get("created_at") or ""))
            yield _document(data, newest["result"])


def _document(data: dict[str, Any], results: list[Task]) -> dict[str, Any]:
    regions, article = _gather(str(data["article_id"]), data["text"], results)
    record: dict[str, Any] = {"doc": data["article_id"], "article": {**article, "dct": article["published_on"]}}
    for label in LABELS:
        rows = [row for name, row in regions if name == label.name]
        record[label.table] = _people(rows) if label.name == "official" else [_scoped(row) for row in rows]
    return record


def _gather(doc: str, text: str, results: list[Task]) -> tuple[list[tuple[str, Row]], Row]:
    """Return the regions (label and gold row, in reading order) and the article's fields."""
    values: dict[tuple[str, str], str] = {}
    spans: dict[str, tuple[str, int, int]] = {}
    for item in results:
        if item.get("type") == "labels":
            name = (item["value"].get("labels") or [""])[0]
            if name not in _BY_NAME:
                raise AnnotationError(f"{doc}: label {name!r}; there are {', '.join(_BY_NAME)}")
            spans[item["id"]] = (name, *_span(doc, text, item["value"]))
        elif item.get("type") == "textarea":
            region = "" if item["from_name"].startswith("article_") else item["id"]
            values[region, item["from_name"]] = " ".join(item["value"].get("text") or []).strip()
    article = {field.name: _read(doc, field, values.get(("", f"article_{field.name}"))) for field in _ARTICLE}
    regions = []
    for region, (name, start, end) in sorted(spans.items(), key=lambda item: item[1][1:]):
        row: Row = {"text": text[start:end], "start": start, "end": end}
        for field in _BY_NAME[name].fields:
            row[field.name] = _read(f"{doc}: {row['text']!r}", field, values.get((region, f"{name}_{field.name}")))
        regions.append((name, row))
    return regions, article


def _span(doc: str, text: str, value: dict[str, Any]) -> tuple[int, int]:
    """Return the region's span in code points."""
    start, end = int(value["start"]), int(value["end"])
    said = value.get("text")
    for first, last in ((start, end), (_from_utf16(text, start), _from_utf16(text, end))):
        if 0 <= first < last <= len(text) and (said is None or _words(text[first:last]) == _words(said)):
            return first, last
    raise AnnotationError(
        f"{doc}: region {start}–{end} does not stand on {said!r}; was the text changed in Label Studio?"
    )


def _words(text: str) -> str:
    r"""Return the text without white space and literal `\n`: in these Label Studio does not keep to the original."""
    return "".join(text.replace("\\n", " ").split())


def _from_utf16(text: str, offset: int) -> int:
    encoded = text.encode("utf-16-le")[: 2 * offset]
    return len(encoded.decode("utf-16-le", "ignore"))


def _read(where: str, field: Field, value: str | None) -> Any:
    """Return a field's value as gold has it, None where it is empty."""
    if not value:
        return None
    try:
        if field.kind == "path":
            return [part.strip() for part in value.split("/")]
        if field.kind == "number":
            return int(value)
        if field.kind == "amount":
            return _number(Decimal(value))
        if field.kind == "day":
            return _day(value)
    except (ValueError, InvalidOperation):
        raise AnnotationError(f"{where}: {field.name} is {value!r}; write it like {_HINTS[field.kind]}") from None
    return value


def _day(value: str) -> str:
    return dt.date.fromisoformat(value).isoformat()


def _number(value: Decimal) -> int | float:
    """Return an amount as JSON has numbers: whole ones exactly."""
    if not value.is_finite():
        raise ValueError(value)
    return int(value) if value == value.to_integral_value() else float(value)


def _scoped(row: Row) -> Row:
    """Return the row with both ends of its period in one value, as gold has it."""
    if "period_from" not in row:
        return row
    first, last = row.pop("period_from"), row.pop("period_to")
    return {**row, "period": [first, last] if first and last else None}


def _people(rows: list[Row]) -> list[Row]:
    titles: dict[str, list[str]] = {}
    for row in rows:
        if not row["name"]:
            raise AnnotationError(f"office {row['text']!r} at {row['start']}: no name; fill in whose office it is")
        held = titles.setdefault(row["name"], [])
        if row["text"] not in held:
            held.append(row["text"])
    return [{"name": name, "titles": held} for name, held in titles.items()]


def read_export(text: str) -> list[Task]:
    """Return the tasks of a Label Studio export in JSON.

    Raises:
        AnnotationError: If it is not a JSON list of tasks.
    """
    try:
        tasks = json.loads(text)
    except ValueError as error:
        raise AnnotationError(f"not JSON ({error}); export in the format JSON") from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise AnnotationError("not a list of tasks; export in the format JSON, not JSON-MIN or CONLL")
    return tasks
