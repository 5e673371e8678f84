"""`show`: one article in the terminal."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipeline.commands._common import DEFAULT_OUT, OutOption, PublishedOption, RulesOption, fail, inspections


def show(
    target: Annotated[
        str, typer.Argument(metavar="ARTICLE_ID|FILE|-", help="An article of a run, a file, or - to paste")
    ],
    *,
    stage: Annotated[str | None, typer.Option(help="One stage: its rows and what it leaves for inspection")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON, one line an article")] = False,
    out: OutOption = DEFAULT_OUT,
    rules: RulesOption = None,
    published_at: PublishedOption = None,
) -> None:
    """Show an article: its text with the mentions in colour, and its rows. A pasted text needs no run."""
    from rich.console import Console

    from pipeline.inspection import STAGE_OUTPUT
    from pipeline.terminal import render

    if stage is not None and stage not in STAGE_OUTPUT:
        fail(f"--stage {stage!r}: no such stage; there are {', '.join(STAGE_OUTPUT)}")
    console = Console(highlight=False)
    for inspection in inspections(target, out, rules, published_at):
        if as_json:
            typer.echo(json.dumps(inspection.as_json(), ensure_ascii=False))
        else:
            console.print(render(inspection, stage))
