"""The command line: what commands there are. Each stands in a file of its own under `pipeline.commands`."""

from __future__ import annotations

import typer

from pipeline.commands.diff import diff
from pipeline.commands.extract import extract
from pipeline.commands.labelstudio import labelstudio
from pipeline.commands.report import report
from pipeline.commands.rules import rules
from pipeline.commands.score import score
from pipeline.commands.show import show
from pipeline.commands.why import why

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Facts out of Vietnamese public-affairs news, as Parquet tables that join on article_id.",
)
app.command()(extract)
app.command()(report)
app.command()(score)
app.command()(show)
app.command()(why)
app.command()(diff)
app.add_typer(rules, name="rules")
app.add_typer(labelstudio, name="labelstudio")


@app.callback()
def _several_commands() -> None:
    """Keep the command's name in the call even while there is only one."""
