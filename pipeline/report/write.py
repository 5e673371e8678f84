"""Writing the report: one page that needs nothing else, and pages of further articles beside it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import jinja2

from pipeline.grammar.rules import RuleBook
from pipeline.inspection import FACTS, sampled
from pipeline.output import Output
from pipeline.report.escape import script_json
from pipeline.report.pages import PAGE, entry, packed, pages, shown_columns
from pipeline.report.summary import Summary, summarise
from pipeline.rulecards import rule_cards

SAMPLE: Final = 200
"""Articles of a report unless all are asked for; they stand inside `index.html`, about 3 MB."""

_INLINE = SAMPLE // PAGE
"""Pages of articles inside `index.html`; further ones stand in files beside it."""

_ENTRIES = 5000
"""Entries of the article list in one file."""

_SCRIPTS: Final = ("spans.js", "store.js", "detail.js", "article.js", "list.js", "app.js")
_ASSETS: Final = files("pipeline.report") / "assets"


def write_report(output: Output, book: RuleBook, *, size: int | None = SAMPLE) -> Path:
    """Write `report/` into the folder of a run and return its `index.html`.

    The folder appears whole: it is written aside and then takes the place of the one before.

    Args:
        output: A finished run.
        book: The rules that the run was made with; their examples are shown beside the mentions.
        size: How many articles to show, spread evenly over the run; None for all.

    Raises:
        OSError: If the report cannot be written.
    """
    work = Path(tempfile.mkdtemp(prefix=".report-", dir=output.folder))
    try:
        _write(work, output, book, size)
        final = output.folder / "report"
        shutil.rmtree(final, ignore_errors=True)
        work.chmod(0o755)
        work.rename(final)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return final / "index.html"


def _write(folder: Path, output: Output, book: RuleBook, size: int | None) -> None:
    every = output.article_ids()
    chosen = sampled(every, size)
    inline: list[str] = []
    entries: list[list[Any]] = []
    for number, page in enumerate(pages(output, chosen)):
        entries += [entry(item) for item in page]
        content = script_json([packed(item) for item in page])
        if number < _INLINE:
            inline.append(content)
        else:
            _save(folder / "pages" / f"{number}.js", f"vifacts.page({number},{content});\n")
    lists = [entries[begin : begin + _ENTRIES] for begin in range(0, len(entries), _ENTRIES)]
    for number, chunk in enumerate(lists[1:], 1):
        _save(folder / "pages" / f"list-{number}.js", f"vifacts.list({number},{script_json(chunk)});\n")
    meta = {
        "perPage": PAGE,
        "lists": len(lists),
        "facts": FACTS,
        "columns": shown_columns(),
        "rules": {name: dataclasses.asdict(card) for name, card in rule_cards(book).items()},
    }
    blocks = {"meta": script_json(meta), "list-0": script_json(lists[0] if lists else [])}
    blocks |= {f"page-{number}": content for number, content in enumerate(inline)}
    _save(folder / "index.html", _index(summarise(output), blocks, shown=len(chosen), total=len(every)))


def _index(summary: Summary, blocks: dict[str, str], *, shown: int, total: int) -> str:
    script = "(() => {\n" + "\n".join(_asset(name) for name in _SCRIPTS) + "\n})();\n"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    template = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return template.from_string(_asset("index.html")).render(
        summary=summary,
        shown=shown,
        total=total,
        style=_asset("style.css"),
        script=script,
        digest=digest,
        blocks=blocks,
    )


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _save(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
