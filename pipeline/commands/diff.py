"""`diff`: what changed between two runs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands._common import fail, open_output

if TYPE_CHECKING:
    from rich.text import Text

    from pipeline.diff import TableDiff
    from pipeline.output import Output


def diff(
    out_a: Annotated[Path, typer.Argument(metavar="OUT_A", help="Folder of the run before")],
    out_b: Annotated[Path, typer.Argument(metavar="OUT_B", help="Folder of the run after")],
    *,
    table: Annotated[str | None, typer.Option(help="One table only")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Rows to show of each kind and table; 0 for all")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Every row, one JSON object a line")] = False,
) -> None:
    """Show which rows appeared, vanished or changed between two runs, in the text they stand in."""
    from rich.console import Console

    from pipeline.diff import diff_table
    from pipeline.tables import TABLES

    if table is not None and table not in TABLES:
        fail(f"--table {table!r}: no such table; there are {', '.join(TABLES)}")
    before, after = open_output(out_a), open_output(out_b)
    console = Console(highlight=False)
    for name in [table] if table else TABLES:
        found = diff_table(name, before, after)
        if as_json:
            for record in _json_lines(found):
                typer.echo(record)
            continue
        counts = f"{len(found.appeared)} appeared, {len(found.vanished)} vanished, {len(found.changed)} changed"
        console.print(f"[bold]{name:18}[/] {counts}, {found.same} the same" if found else f"[dim]{name:18} the same[/]")
        for line in _lines(found, before, after, limit):
            console.print(line)


def _json_lines(found: TableDiff) -> Iterator[str]:
    from pipeline.inspection import jsonable

    kinds: dict[str, list[Any]] = {"appeared": found.appeared, "vanished": found.vanished}
    for kind, rows in kinds.items():
        for row in rows:
            yield json.dumps(jsonable({"table": found.table, "kind": kind, "row": row}), ensure_ascii=False)
    for change in found.changed:
        line = {"table": found.table, "kind": "changed", **dataclasses.asdict(change)}
        yield json.dumps(jsonable(line), ensure_ascii=False)


def _lines(found: TableDiff, before: Output, after: Output, limit: int) -> Iterator[Text]:
    from rich.text import Text

    from pipeline.inspection import value_of
    from pipeline.terminal import harmless

    last = limit or None
    shown = [("+", "green", row, value_of(found.table, row), after) for row in found.appeared[:last]]
    shown += [("-", "red", row, value_of(found.table, row), before) for row in found.vanished[:last]]
    for change in found.changed[:last]:
        values = "; ".join(
            f"{name}: {_short(old)} → {_short(new)}" for name, (old, new) in change.columns.items() if name != "text"
        )
        shown.append(("~", "yellow", change.after, values or "text", after))
    texts = {
        id(output): _texts(output, [row for *_, row, _, origin in shown if origin is output])
        for output in (before, after)
    }
    for sign, style, row, value, origin in shown:
        yield Text.assemble(
            (f"  {sign} ", style), (f"{row['article_id']} ", "dim"), _context(row, texts[id(origin)], style)
        )
        yield Text(f"      {harmless(value)}", style="dim")
    hidden = sum(max(0, len(rows) - limit) for rows in (found.appeared, found.vanished, found.changed)) if limit else 0
    if hidden:
        yield Text(f"  … and {hidden} more; --limit 0 shows all", style="dim")


def _texts(output: Output, rows: list[dict[str, Any]]) -> dict[str, str]:
    ids = sorted({row["article_id"] for row in rows})
    found = output.table("articles", ids, ["article_id", "text"])
    return dict(zip(found["article_id"].to_pylist(), found["text"].to_pylist(), strict=True))


def _context(row: dict[str, Any], texts: dict[str, str], style: str) -> Text:
    from rich.text import Text

    from pipeline.terminal import harmless, in_context

    if "start" not in row:
        return Text(harmless(row.get("title") or ""))
    return in_context(texts[row["article_id"]], row["start"], row["end"], style=f"bold {style}", width=40)


def _short(value: Any, limit: int = 60) -> str:
    text = "null" if value is None else str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
