"""`extract`: documents in, tables out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands._common import RulesOption, fail, make_extractor
from pipeline.garbage import lasting

if TYPE_CHECKING:
    from pipeline import readers
    from pipeline.extractor import Extractor
    from pipeline.run import Options, Summary


class Engine(StrEnum):
    """Where batches are extracted."""

    local = "local"
    ray = "ray"


class Format(StrEnum):
    """How tables are written."""

    parquet = "parquet"
    csv = "csv"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def extract(  # noqa: PLR0917 - the options of the command
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...", help="Files, folders and globs: .txt .html .jsonl[.gz|.zst] .parquet; - is stdin"
        ),
    ],
    out: Annotated[
        str, typer.Option("--out", metavar="DIR", help="Folder for the tables; with Ray also a URI such as s3://…")
    ] = "data/out",
    rules: RulesOption = None,
    workers: Annotated[
        int | None, typer.Option(min=0, help="Processes that extract (default: the cores); 0: in this one, unprotected")
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds a document may take before it is left out")] = 60.0,
    max_bytes: Annotated[int, typer.Option(min=1, help="Largest document, in bytes")] = 5_000_000,
    columns: Annotated[
        str, typer.Option(metavar="FIELD=COLUMN,…", help="Where records keep their fields, such as text=content,id=doc")
    ] = "",
    output_format: Annotated[
        Format, typer.Option("--format", help="csv: write the tables as CSV too, for spreadsheets")
    ] = Format.parquet,
    engine: Annotated[Engine, typer.Option(help="local: processes of this machine; ray: a Ray cluster")] = Engine.local,
    ray_address: Annotated[
        str | None, typer.Option(help="Address of the Ray cluster (default: one is started here)")
    ] = None,
    files: Annotated[int, typer.Option(min=1, help="Files that each table is written in, with Ray")] = 16,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what earlier runs into this folder finished")] = False,
) -> None:
    """Extract the facts of INPUTs into tables under DIR.

    Documents that have not changed since the last run into DIR are not extracted again; a run that was stopped goes on
    where it was. Exit status: 0 when something was extracted (rejects are listed), 2 when nothing could be.
    """
    with lasting():
        from pipeline import readers
        from pipeline.columns import leave_pandas_out
        from pipeline.run import Options, StoreError

        leave_pandas_out()
        try:
            reading = readers.Options(columns=readers.parse_columns(columns), max_bytes=max_bytes)
        except ValueError as error:
            fail(f"--columns: {error}")
        extractor = make_extractor(rules)
    options = Options(
        workers=_cores() if workers is None else workers,
        timeout=timeout,
        fresh=fresh,
        csv=output_format is Format.csv,
        inputs=tuple(inputs),
    )
    try:
        if engine is Engine.ray:
            from pipeline.run.ray import Cluster, extract_on_ray

            cluster = Cluster(workers or _cores(), files, ray_address, rules, tuple(inputs))
            summary = extract_on_ray(inputs, out, reading, cluster)
        else:
            summary = _extract_here(inputs, reading, Path(out), extractor, options)
    except StoreError as error:
        fail(error)
    except KeyboardInterrupt:
        typer.echo("\nvifacts: stopped; the same command goes on from here", err=True)
        raise typer.Exit(130) from None
    _report(summary, out)


def _extract_here(
    inputs: list[str], reading: readers.Options, out: Path, extractor: Extractor, options: Options
) -> Summary:
    from pipeline.readers import read
    from pipeline.run import extract_to

    with _progress() as progress:
        return extract_to(read(inputs, reading), out, extractor, replace(options, progress=progress))


@contextmanager
def _progress() -> Iterator[Callable[[int], None] | None]:
    """Show a bar on a terminal; yields what to call with the number of documents done."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    shown = (
        TextColumn("extracting"),
        BarColumn(),
        TextColumn("{task.completed:,} documents"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Progress(*shown, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("extract", total=None, rate="")

        def advance(done: int) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            bar.update(task, completed=done, rate=f"{done / elapsed:,.0f}/s" if elapsed > 1 else "")

        yield advance


def _report(summary: Summary, out: str) -> None:
    for note in summary.notes:
        typer.echo(_one_line(f"note: {note}"), err=True)
    for reject in summary.rejects:
        typer.echo(_one_line(f"rejected ({reject.reason}) {reject.detail}"), err=True)
    if not summary.tables:
        fail("no readable input; nothing was written")
    for line in _summary_lines(summary, out):
        typer.echo(line)
    if not summary.tables["articles"].rows:
        fail("no document could be extracted")


def _one_line(text: str) -> str:
    """Return the text without line ends and control characters, which could steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def _summary_lines(summary: Summary, out: str) -> Iterator[str]:
    """Yield the one-screen summary of a run."""
    articles = summary.tables["articles"].rows
    total = summary.seconds["total"]
    yield f"{articles:,} documents in {total:.1f} s ({articles / total:,.0f} a second)"
    if summary.reused:
        yield f"  {summary.reused:,} of them unchanged since the last run"
    if summary.duplicates:
        yield f"  {summary.duplicates:,} of them repeat an earlier one"
    if summary.rejects:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in summary.reasons.items())
        yield f"{len(summary.rejects):,} rejected: {reasons}"
    yield ""
    left = [f"{name:<18}{table.rows:>10,}" for name, table in summary.tables.items() if not name[0].isdigit()]
    stages = [(stage, seconds) for stage, seconds in summary.seconds.items() if stage != "total"]
    right = [f"{stage:<14}{seconds:>9.2f}" for stage, seconds in stages]
    yield f"{'table':<18}{'rows':>10}      {'stage':<14}{'seconds':>9}"
    for at in range(max(len(left), len(right))):
        rows = left[at] if at < len(left) else ""
        seconds = right[at] if at < len(right) else ""
        yield f"{rows:<28}      {seconds}".rstrip()
    yield ""
    yield f"tables, stages/ and run.json are in {out}"
