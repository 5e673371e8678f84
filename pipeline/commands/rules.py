"""`rules check` and `rules test`: for those who edit rule files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands._common import PublishedOption, RulesOption, fail, inspect, make_extractor, moment_of

if TYPE_CHECKING:
    from pipeline.grammar.rules import RuleBook

rules = typer.Typer(no_args_is_help=True, help="Check the rule files, or try them on a text.")


@rules.command()
def check(rules: RulesOption = None) -> None:
    """Check every rule file: its shape, its examples and counter-examples, terms that are shadowed or never used.

    Mistakes end the command with status 1; notes do not.
    """
    from pipeline import rulecheck
    from pipeline.extractor import default_rules
    from pipeline.grammar.rules import RuleBook
    from pipeline.rulelint import lint

    if rules is not None and not rules.is_dir():
        fail(f"{rules}: no such folder; --rules takes a folder of rule files")
    book = RuleBook(default_rules(), rules)
    shape = list(_misshapen(book))
    for problem in shape:
        typer.echo(f"wrong  {problem}")
    if shape:
        raise typer.Exit(1)
    extractor = make_extractor(rules)
    failures = list(rulecheck.check(extractor))
    for failure in failures:
        typer.echo(f"wrong  {book.path(failure.file).parent / str(failure)}")
    notes = [*lint(book), *rulecheck.idle_terms(extractor)]
    for note in notes:
        typer.echo(f"note   {note}")
    files = [source.file for source in rulecheck.sources()]
    number = sum(len(rulecheck.rules_of(book, source)) for source in rulecheck.sources())
    typer.echo(f"{number} rules in {len(files)} files: {len(failures)} wrong, {len(notes)} notes")
    if failures:
        raise typer.Exit(1)


def _misshapen(book: RuleBook) -> Iterator[str]:
    """Yield what is wrong with the shape of each file, all files read, not only up to the first mistake."""
    from pipeline import rulecheck
    from pipeline.grammar.rules import RuleError

    for source in rulecheck.sources():
        try:
            book.load(source.file, source.shape)
        except RuleError as error:
            yield str(error)


@rules.command("test")
def try_on(
    text: Annotated[str, typer.Argument(help="The text to try the rules on")],
    *,
    stage: Annotated[str | None, typer.Option(help="One stage: its rows and what it leaves for inspection")] = None,
    rules: RulesOption = None,
    published_at: PublishedOption = None,
) -> None:
    """Try the rules on a text: which rows they make, by which rule, and what was dropped on the way."""
    from rich.console import Console

    from pipeline.document import Document
    from pipeline.inspection import STAGE_OUTPUT
    from pipeline.terminal import dropped, render

    if stage is not None and stage not in STAGE_OUTPUT:
        fail(f"--stage {stage!r}: no such stage; there are {', '.join(STAGE_OUTPUT)}")
    document = Document("text", text, published_at=moment_of(published_at))
    inspection = inspect(document, make_extractor(rules))
    console = Console(highlight=False)
    console.print(render(inspection, stage))
    if stage is None:
        console.print(dropped(inspection))
