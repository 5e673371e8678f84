"""`labelstudio`: mentions out to be corrected, corrections back as gold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands._common import DEFAULT_OUT, fail, open_output

labelstudio = typer.Typer(no_args_is_help=True, help="Correct mentions in Label Studio and score against them.")

ToOption = Annotated[Path, typer.Option("--to", metavar="FILE", help="File to write")]


@labelstudio.command("config")
def config() -> None:
    """Print the labelling configuration: paste it into the settings of the Label Studio project."""
    from pipeline.labelstudio import config as text

    typer.echo(text(), nl=False)


@labelstudio.command("export")
def export(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of the run")] = DEFAULT_OUT,
    *,
    to: ToOption = Path("tasks.json"),
    sample: Annotated[int | None, typer.Option(min=1, help="How many articles, spread evenly over the run")] = None,
) -> None:
    """Write the articles of a run as tasks with predictions, to import into Label Studio."""
    from pipeline.inspection import from_output, sampled
    from pipeline.labelstudio import export as tasks

    output = open_output(out)
    try:
        found = list(tasks(from_output(output, sampled(output.article_ids(), sample))))
        to.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        fail(f"cannot write {to}: {error.strerror}")
    typer.echo(f"{to}: {len(found)} tasks")


@labelstudio.command("import")
def import_(
    exported: Annotated[Path, typer.Argument(metavar="EXPORT", help="Label Studio's export, format JSON")],
    *,
    to: ToOption = Path("gold.jsonl"),
) -> None:
    """Write the annotations of a Label Studio export as gold, for `score`."""
    from pipeline.labelstudio import AnnotationError, gold, read_export

    try:
        documents = list(gold(read_export(exported.read_text(encoding="utf-8"))))
        lines = "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
        to.write_text(lines, encoding="utf-8")
    except AnnotationError as error:
        fail(f"{exported}: {error}")
    except OSError as error:
        fail(f"cannot read {exported} or write {to}: {error.strerror}")
    typer.echo(f"{to}: {len(documents)} annotated documents")
