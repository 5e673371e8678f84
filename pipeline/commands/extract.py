"""`extract`: documents in, tables out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.extractor import Extractor
from pipeline.grammar.rules import RuleError
from pipeline.run import extract_to


def extract(
    inputs: Annotated[list[Path], typer.Argument(help="Files (.txt, .jsonl) and folders")],
    out: Annotated[Path, typer.Option(help="Folder for the tables")] = Path("data/out"),
) -> None:
    """Extract the facts of INPUTS into tables under OUT."""
    try:
        run = extract_to(inputs, out, Extractor())
    except RuleError as error:
        typer.echo(f"vifacts: {error}", err=True)
        raise typer.Exit(2) from error
    except OSError as error:
        typer.echo(f"vifacts: cannot write to {out}: {error.strerror}", err=True)
        raise typer.Exit(2) from error
    for item in run.rejects:
        typer.echo(f"rejected ({item.reason}) {item.detail}", err=True)
    for name, rows in run.rows.items():
        typer.echo(f"{name:18} {rows:8d}")
    if not run.rows["articles"]:
        typer.echo("vifacts: no readable input; give .txt or .jsonl files, or a folder of them", err=True)
        raise typer.Exit(2)
