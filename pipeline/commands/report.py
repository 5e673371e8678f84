"""`report`: a run as a page to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands._common import DEFAULT_OUT, RulesOption, fail, open_output


def report(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of the run")] = DEFAULT_OUT,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every article, not a sample")] = False,
    sample: Annotated[int | None, typer.Option(min=1, help="How many articles, spread evenly over the run")] = None,
    rules: RulesOption = None,
) -> None:
    """Write OUT/report/index.html: the run's figures, and its articles with every mention and its rule."""
    from pipeline.extractor import default_rules
    from pipeline.grammar.rules import RuleBook
    from pipeline.report import SAMPLE, write_report

    size = None if everything else sample or SAMPLE
    output = open_output(out)
    try:
        path = write_report(output, RuleBook(default_rules(), rules), size=size)
    except OSError as error:
        fail(f"cannot write the report under {out}: {error.strerror}")
    typer.echo(path)
