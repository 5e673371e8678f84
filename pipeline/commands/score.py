"""`score`: a run's tables against gold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def score(
    gold: Annotated[Path, typer.Argument(help="Gold, JSON lines")],
    out: Annotated[Path, typer.Argument(help="Folder of the run")],
    errors: Annotated[str | None, typer.Option(help="Print the errors of this table, or of `all`")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON")] = False,
) -> None:
    """Score the tables in OUT against GOLD: precision, recall and F1 of every table."""
    from pipeline.evaluate import evaluate
    from pipeline.extractor import default_rules
    from pipeline.grammar.rules import RuleBook
    from pipeline.scoring import Normaliser

    try:
        report = evaluate(gold, out, Normaliser(RuleBook(default_rules())))
    except (OSError, ValueError, KeyError) as error:
        typer.echo(f"vifacts: cannot score {out} against {gold}: {error}", err=True)
        raise typer.Exit(2) from error
    for item in sorted(report.errors):
        if errors in {"all", item.table}:
            typer.echo("\t".join(item))
    typer.echo(json.dumps(figures(report), indent=2) if as_json else _page(figures(report)))


def figures(report: Any) -> dict[str, Any]:
    """Return the figures of a `Report` as plain data, shares rounded to four places."""
    from pipeline.evaluate import ARTICLE_FIELDS, SCOPED, SPAN_TABLES

    tables = {}
    for table in ("dates", "officials", *SPAN_TABLES[1:]):
        for measure in ("value", "span"):
            s = report.score(table, measure)
            tables[f"{table}.{measure}"] = {
                "precision": round(s.precision, 4),
                "recall": round(s.recall, 4),
                "f1": round(s.f1, 4),
                "gold": s.right + s.missed,
                "rows": s.right + s.extra,
            }
    names = [f"articles.{name}" for name in ARTICLE_FIELDS] + [f"{table}.scope" for table in SCOPED]
    shares = {name: None if (share := report.share(name)) is None else round(share, 4) for name in names}
    return {
        "documents": report.documents,
        "wrong_offsets": report.wrong_offsets,
        "tables": tables,
        "shares": shares,
        "macro_f1": round(report.macro_f1, 4),
    }


def _page(data: dict[str, Any]) -> str:
    lines = [f"{'table':20} {'P':>7} {'R':>7} {'F1':>7} {'gold':>6} {'rows':>6}"]
    for name, s in data["tables"].items():
        lines.append(f"{name:20} {s['precision']:7.4f} {s['recall']:7.4f} {s['f1']:7.4f} {s['gold']:6d} {s['rows']:6d}")
    lines += [f"{name:20} {'-' if share is None else share}" for name, share in data["shares"].items()]
    lines.append(
        f"macro F1 (values) {data['macro_f1']}   documents {data['documents']}   wrong offsets {data['wrong_offsets']}"
    )
    return "\n".join(lines)
