"""An article in the terminal: its text with the mentions in colour, and its rows as tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table as Grid
from rich.text import Text

from pipeline.inspection import FACTS, STAGE_FACTS, STAGE_OUTPUT, Inspection, Row, path_of, value_of

STYLES: Final = {
    "dates": "bold blue",
    "localities": "bold green",
    "officials": "bold magenta",
    "official_mentions": "underline magenta",
    "money": "bold yellow",
    "model_counts": "bold red",
}
_STAGE_STYLES: Final = ("on grey23", "on grey35")
"""Neighbouring rows of a stage output, so that the border between them is seen."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters but tab and line feed: in a document they could steer the terminal."""


def harmless(text: str) -> str:
    """Return the text with control characters as `\ufffd`, of the same length."""
    return _CONTROL.sub("\ufffd", text)


def render(inspection: Inspection, stage: str | None = None) -> RenderableType:
    """Return an article's head, its text in colour and its rows: of all facts, or of one stage and its output."""
    names = [*STAGE_FACTS.get(stage, ()), STAGE_OUTPUT[stage]] if stage else list(FACTS)
    rows = {name: inspection.tables[name] for name in names}
    if "official_mentions" in rows:
        people = {row["person_id"]: row["name"] for row in inspection.tables["officials"]}
        rows["official_mentions"] = [row | {"name": people.get(row["person_id"])} for row in rows["official_mentions"]]
    body = highlighted(inspection.text, rows)
    return Group(
        _head(inspection.article),
        Padding(body, (1, 0)),
        *(_grid(name, found) for name, found in rows.items() if found),
        Text("" if any(rows.values()) else "nothing found", style="dim"),
    )


def dropped(inspection: Inspection) -> RenderableType:
    """Return the candidates of all stages that did not become rows, with the reason."""
    found = {name: [row for row in rows if row.get("kept") is False] for name, rows in inspection.tables.items()}
    return Group(*(_grid(f"{name}, dropped", rows) for name, rows in found.items() if rows))


def highlighted(text: str, rows: dict[str, list[Row]]) -> Text:
    """Return the text with every mention in its table's style; later tables paint over earlier ones."""
    shown = Text(harmless(text))
    for name in sorted(rows, key=lambda name: name in STYLES):
        for number, row in enumerate(rows[name]):
            shown.stylize(STYLES.get(name) or _STAGE_STYLES[number % 2], row["start"], row["end"])
    return shown


def _head(article: Row) -> RenderableType:
    title = harmless(article["title"] or article["article_id"])
    about = (article["author"], article["published_on"], path_of(article["home_unit_path"]), article["url"])
    line = " · ".join(harmless(str(item)) for item in about if item)
    return Group(Line(Text(title, style="bold")), Text(line, style="dim", justify="center"))


def _grid(name: str, rows: Sequence[Row]) -> RenderableType:
    grid = Grid(title=Text(f"{name} ({len(rows)})", style=STYLES.get(name, "bold")), title_justify="left", box=None)
    for heading in ("start", "text", "value", "rule"):
        grid.add_column(heading, style="dim" if heading in ("start", "rule") else None, overflow="fold")
    for row in rows:
        value, rule = Text(harmless(value_of(name, row))), Text(row.get("rule") or "")
        grid.add_row(str(row["start"]), _short(row["text"]), value, rule)  # a plain string would be read as markup
    return Padding(grid, (0, 0, 1, 0))


def _short(text: str, limit: int = 70) -> Text:
    line = harmless(text).replace("\n", "⏎")
    return Text(line if len(line) <= limit else line[: limit - 1] + "…")


def in_context(text: str, start: int, end: int, *, style: str = "bold reverse", width: int = 60) -> Text:
    """Return a mention in its text, with up to `width` code points either side, on one line."""
    before, mention, after = (harmless(part).replace("\n", "⏎") for part in _cut(text, start, end, width))
    return Text.assemble(("…" if start > width else "") + before, (mention, style), after + "…")


def _cut(text: str, start: int, end: int, width: int) -> Iterator[str]:
    yield text[max(0, start - width) : start]
    yield text[start:end]
    yield text[end : end + width]


def fields(items: Iterable[tuple[str, Any]]) -> Grid:
    """Return names and values in two columns, empty values left out."""
    grid = Grid(box=None, show_header=False, padding=(0, 2, 0, 0))
    grid.add_column(style="dim")
    grid.add_column(overflow="fold")
    for name, value in items:
        if value not in (None, "", []):
            grid.add_row(Text(harmless(name)), Text(harmless(str(value))))
    return grid
