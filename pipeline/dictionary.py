"""The data dictionary: `docs/tables.md`, written from the declarations of `pipeline.tables`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa

from pipeline.tables import REJECTS, STAGE_TABLES, TABLES

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "tables.md"

_HEAD: Final = """\
# Tables

Written from `pipeline/tables.py` by `python -m pipeline.dictionary`; do not edit it by hand.

Every table has `article_id` and joins on it. `start` and `end` are code points of `articles.text`, half open, so
that `articles.text[start:end] == text` in every row. A value that the text does not decide is null. Paths of
localities go from the province down. The same descriptions stand in the metadata of the Parquet columns.
"""

_STAGES: Final = """\
## Stage outputs

What the stages saw on the way, under `OUT/stages/`. They join on `article_id` and offsets like the tables above.
"""


def markdown() -> str:
    """Return the page: every table with its columns, their types and descriptions."""
    sections = [_section(name, table.description, table.schema) for name, table in TABLES.items()]
    stages = [
        _section(f"stages/{name}", table.description, table.schema, "###") for name, table in STAGE_TABLES.items()
    ]
    rejects = _section("rejects", REJECTS.metadata[b"description"].decode(), REJECTS)
    return "\n".join([_HEAD, *sections, rejects, _STAGES, *stages])


def _section(name: str, description: str, schema: pa.Schema, mark: str = "##") -> str:
    return "\n".join([f"{mark} {name}", "", f"{description.rstrip('.')}.", "", *_table(schema), ""])


def _table(schema: pa.Schema) -> Iterator[str]:
    yield "| column | type | what it holds |"
    yield "| --- | --- | --- |"
    for column in schema:
        about = column.metadata[b"description"].decode().replace("|", "\\|")
        yield f"| `{column.name}` | `{_type(column.type)}` | {about} |"


def _type(arrow: pa.DataType) -> str:
    return re.sub(r"^list<\w+: (\w+)>$", r"list<\1>", str(arrow))


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(markdown(), encoding="utf-8")
