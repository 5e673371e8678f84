"""What commands share: options, how they fail, and how they find the articles they are asked about."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from pipeline.document import Document
    from pipeline.extractor import Extractor
    from pipeline.inspection import Inspection
    from pipeline.output import Output

RulesOption = Annotated[
    Path | None,
    typer.Option("--rules", metavar="DIR", help="Folder of rule files that replace shipped ones of the same name"),
]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the run to look into")]
PublishedOption = Annotated[
    str | None, typer.Option("--published-at", metavar="ISO", help="Day or moment of publication of a given text")
]
DEFAULT_OUT = Path("data/out")


def fail(message: object) -> NoReturn:
    """End the command with one line on the error stream and exit status 2."""
    typer.echo(f"vifacts: {message}", err=True)
    raise typer.Exit(2)


def make_extractor(rules: Path | None) -> Extractor:
    """Return the extractor with the user's rules laid over the shipped ones, or end with what is wrong in them."""
    from pipeline.extractor import Extractor
    from pipeline.grammar.rules import RuleError

    if rules is not None and not rules.is_dir():
        fail(f"{rules}: no such folder; --rules takes a folder of rule files")
    try:
        return Extractor(overlay=rules)
    except RuleError as error:
        from pipeline.extractor import default_rules
        from pipeline.grammar.rules import RuleBook
        from pipeline.rulelint import locate

        fail(locate(error, RuleBook(default_rules(), rules)))


def inspections(target: str, out: Path, rules: Path | None, published_at: str | None) -> Iterator[Inspection]:
    """Yield the article of a run that has the id `target`, else the documents of the file (or `-`) of that name."""
    if target != "-" and not Path(target).exists():
        yield _from_run(target, out)
        return
    from pipeline.columns import leave_pandas_out

    leave_pandas_out()
    extractor = make_extractor(rules)
    for document in _documents(target, published_at):
        yield inspect(document, extractor)


def inspect(document: Document, extractor: Extractor) -> Inspection:
    """Return what the stages find in the document, or end with the stage that failed."""
    from pipeline.extractor import StageError
    from pipeline.inspection import from_document

    try:
        return from_document(document, extractor)
    except StageError as error:
        fail(f"{document.article_id}: {error}")


def _from_run(article_id: str, out: Path) -> Inspection:
    from pipeline.columns import leave_pandas_out
    from pipeline.inspection import from_output
    from pipeline.output import Output, OutputError

    leave_pandas_out()
    try:
        return next(from_output(Output(out), [article_id]))
    except OutputError as error:
        fail(f"{article_id!r} is no file, and: {error}")


def open_output(out: Path) -> Output:
    """Return the run in a folder, or end with what to do where there is none."""
    from pipeline.columns import leave_pandas_out
    from pipeline.output import Output, OutputError

    leave_pandas_out()
    try:
        return Output(out)
    except OutputError as error:
        fail(error)


def _documents(target: str, published_at: str | None) -> Iterator[Document]:
    from pipeline.document import Document

    when = moment_of(published_at)
    if target == "-":
        yield Document("-", sys.stdin.read().removeprefix("\ufeff").replace("\r\n", "\n"), "-", published_at=when)
        return
    from pipeline.extractor import to_document
    from pipeline.readers import Rejected, read

    for item in read([Path(target)]):
        if isinstance(item, Rejected):
            typer.echo(f"rejected ({item.reason}) {item.detail}", err=True)
        else:
            document = to_document(item)
            document.published_at = document.published_at or when
            yield document


def moment_of(value: str | None) -> dt.date | dt.datetime | None:
    """Return the day or moment that `--published-at` names, or end with how to write it."""
    from pipeline.api import moment

    if value is None:
        return None
    try:
        return moment(value)
    except ValueError:
        fail(f"--published-at {value!r}: give a day as 2023-09-21 or a moment as 2023-09-21T08:30:00+07:00")
