"""Why a row is there: its rule, what it beat, and what the stages saw at its place."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.inspection import STAGE_FACTS, STAGE_OUTPUT, Inspection, Row, jsonable, overlapping
from pipeline.rulecards import RuleCard


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row and everything that speaks for it; all rows have offsets in the text as received."""

    article_id: str
    table: str
    row: Row
    rule: RuleCard | None
    """None where the rule's file is not at hand, or the rule is code (a gazetteer's, a grammar's)."""
    part: Row | None
    sentence: Row | None
    decided: list[Row]
    """What the stage notes of the candidate that became the row."""
    beaten: list[Row]
    """Candidates of the same stage at the same place that did not become rows, with the reason."""
    labels: list[Row]
    """What the office grammar read in the sentence (officials only)."""
    links: list[Row]
    """What governs an amount or a count."""
    others: dict[str, list[Row]]
    """Rows of other tables at the same place."""

    def as_json(self) -> dict[str, Any]:
        """Return it ready for `json.dumps`."""
        found: dict[str, Any] = jsonable(dataclasses.asdict(self))
        return found


class NoSuchRowError(ValueError):
    """No row of the table starts there; says where rows start."""


def evidence(inspection: Inspection, table: str, start: int, cards: Mapping[str, RuleCard]) -> Evidence:
    """Return the evidence for the row of `table` that starts at `start`, the longest where several do.

    Raises:
        NoSuchRowError: If no row starts there.
    """
    row = _row(inspection, table, start)
    place = (row["start"], row["end"])
    sentence = next(iter(overlapping(inspection.tables["02_sentences"], *place)), None)
    near = _candidates(inspection, table, place)
    around = (sentence["start"], sentence["end"]) if sentence else place
    facts = {name for names in STAGE_FACTS.values() for name in names} - {table}
    return Evidence(
        article_id=inspection.article_id,
        table=table,
        row=row,
        rule=cards.get(row.get("rule") or ""),
        part=next(iter(overlapping(inspection.tables["01_layout"], *place)), None),
        sentence=sentence,
        decided=[item for item in near if item["kept"] and (item["start"], item["end"]) == place],
        beaten=[item for item in near if not item["kept"]],
        labels=overlapping(inspection.tables["05_officials"], *around) if table.startswith("official") else [],
        links=[item for item in overlapping(inspection.tables["08_scope"], *place) if item["table"] == table],
        others={name: rows for name in sorted(facts) if (rows := overlapping(inspection.tables[name], *place))},
    )


def _row(inspection: Inspection, table: str, start: int) -> Row:
    rows = inspection.tables[table]
    here = [row for row in rows if row["start"] == start]
    if here:
        return max(here, key=lambda row: int(row["end"]))
    nearest = sorted({row["start"] for row in rows}, key=lambda at: abs(at - start))[:5]
    known = f"the nearest start at {', '.join(map(str, sorted(nearest)))}" if nearest else "it has none"
    raise NoSuchRowError(f"{inspection.article_id}: no row of {table} starts at {start}; {known}")


def _candidates(inspection: Inspection, table: str, place: tuple[int, int]) -> list[Row]:
    stage = next((stage for stage, names in STAGE_FACTS.items() if table in names), None)
    rows = inspection.tables[STAGE_OUTPUT[stage]] if stage else []
    return [row for row in overlapping(rows, *place) if "kept" in row]
