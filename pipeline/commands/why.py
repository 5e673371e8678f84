"""`why`: what stands behind one row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands._common import DEFAULT_OUT, OutOption, PublishedOption, RulesOption, fail, inspections

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pipeline.evidence import Evidence
    from pipeline.rulecards import RuleCard


def why(
    target: Annotated[
        str, typer.Argument(metavar="ARTICLE_ID|FILE|-", help="An article of a run, a file, or - to paste")
    ],
    table: Annotated[str, typer.Argument(metavar="TABLE", help="dates, officials, localities, model_counts, money …")],
    start: Annotated[int, typer.Argument(metavar="START", help="Where the row starts, as `show` prints it")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON")] = False,
    out: OutOption = DEFAULT_OUT,
    rules: RulesOption = None,
    published_at: PublishedOption = None,
) -> None:
    """Say why a row is there: its rule and the rule's examples, what it beat, what the stages saw."""
    from rich.console import Console

    from pipeline.evidence import NoSuchRowError, evidence
    from pipeline.extractor import default_rules
    from pipeline.grammar.rules import RuleBook
    from pipeline.inspection import FACTS
    from pipeline.rulecards import rule_cards

    if table not in FACTS:
        fail(f"no table {table!r}; there are {', '.join(FACTS)}")
    inspection = next(inspections(target, out, rules, published_at), None)
    if inspection is None:
        raise typer.Exit(2)
    try:
        found = evidence(inspection, table, start, rule_cards(RuleBook(default_rules(), rules)))
    except NoSuchRowError as error:
        fail(error)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    for block in _blocks(found, inspection.text):
        console.print(block)


def _blocks(found: Evidence, text: str) -> Iterator[RenderableType]:
    from rich.text import Text

    from pipeline.inspection import value_of
    from pipeline.terminal import STYLES, fields, in_context

    row = found.row
    yield in_context(text, row["start"], row["end"], style=f"{STYLES[found.table]} reverse", width=100)
    yield fields((name, value) for name, value in row.items() if name not in ("article_id", "text"))
    yield from _rule(found.rule, row.get("rule"))
    sections = {
        "Decided": [("candidate", item) for item in found.decided if item["reason"]],
        "Beaten": [("candidate", item) for item in found.beaten],
        "Governed by": [("link", item) for item in found.links],
        "Also here": [(name, item) for name, rows in found.others.items() for item in rows],
        "Labels of the sentence": [("label", item) for item in found.labels],
        "Stands in": [(kind, item) for kind, item in (("part", found.part), ("sentence", found.sentence)) if item],
    }
    for title, items in sections.items():
        if items:
            yield Text(f"\n{title}", style="bold")
            yield fields(
                (f"{item['start']} {item['text'][:50]}", f"{value_of(name, item)} {item.get('rule') or ''}".strip())
                for name, item in items
            )


def _rule(rule: RuleCard | None, rule_id: str | None) -> Iterator[RenderableType]:
    from rich.text import Text

    from pipeline.terminal import fields

    if rule is None:
        if rule_id:
            yield Text(f"\nRule {rule_id}", style="bold")
        return
    yield Text(f"\nRule {rule.id}  ({rule.file}:{rule.line})", style="bold")
    if rule.note:
        yield Text(rule.note)
    yield fields(rule.says.items())
    yield fields((f"“{text}”", f"→ {value}") for text, value in rule.examples)
    yield fields((f"“{text}”", "→ nothing") for text in rule.refuses)
