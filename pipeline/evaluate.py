"""Scoring a run against hand-made gold.

Gold is JSON lines, one annotated document a line (`tests/gold/README.md` has the format). Gold and system rows are
matched one to one inside an article by overlapping spans: right values first, then the larger overlap, in reading
order. Officials need no span: a person's name and title must be equal after normalising. A gold row marked `ignore`
costs nothing either way.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow.parquet as pq

from pipeline.scoring import Normaliser

SPAN_TABLES: Final = ("dates", "localities", "model_counts", "money")
SCOPED: Final = ("model_counts", "money")
ARTICLE_FIELDS: Final = ("title", "author", "published_on", "home_unit")

Row = Mapping[str, Any]


class Score(NamedTuple):
    """Right rows, wrong or extra rows, and wrong or missed gold rows."""

    right: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of system rows that are right; 1 where there is none."""
        return self.right / (self.right + self.extra) if self.right + self.extra else 1.0

    @property
    def recall(self) -> float:
        """Share of gold rows that were found right; 1 where there is none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


class Error(NamedTuple):
    """A row that is not as the gold has it."""

    table: str
    article_id: str
    kind: str
    detail: str


@dataclass
class Report:
    """What a run scored: counts by (table, measure), articles and scope as (right, all), and every error."""

    documents: int = 0
    wrong_offsets: int = 0
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    shares: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: list[Error] = field(default_factory=list)

    def score(self, table: str, measure: str) -> Score:
        """Return the score of a table by `value` (span overlaps and value is right) or `span` (overlap alone)."""
        return Score(*(self.counts[table, measure, kind] for kind in ("right", "extra", "missed")))

    def share(self, name: str) -> float | None:
        """Return the share right of `articles.title` … or `money.scope` …; None where nothing was compared."""
        compared = self.shares[name, "all"]
        return self.shares[name, "right"] / compared if compared else None

    @property
    def macro_f1(self) -> float:
        """Mean of the value F1 of the five fact tables."""
        tables = (*SPAN_TABLES, "officials")
        return sum(self.score(table, "value").f1 for table in tables) / len(tables)

    def count(self, table: str, measure: str, kind: str, by: int = 1) -> None:
        """Add to a count."""
        self.counts[table, measure, kind] += by

    def compare(self, name: str, article_id: str, want: object, got: object) -> None:
        """Count one comparison towards a share."""
        self.shares[name, "all"] += 1
        if want == got:
            self.shares[name, "right"] += 1
        else:
            self.errors.append(Error(name, article_id, "WRONG", f"want {want!r} got {got!r}"))


def evaluate(gold: Path, out: Path, normaliser: Normaliser) -> Report:
    """Score the tables in folder `out` against the gold file.

    Raises:
        FileNotFoundError: If a table is missing.
    """
    tables = {name: _by_article(out / f"{name}.parquet") for name in (*SPAN_TABLES, "officials", "articles")}
    report = Report()
    with gold.open(encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            document = json.loads(line)
            rows = {name: table.get(document["doc"], []) for name, table in tables.items()}
            _Judge(document["doc"], normaliser, report).document(document, rows)
    return report


def _by_article(path: Path) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in pq.read_table(path).to_pylist():
        rows[row["article_id"]].append(row)
    return rows


class _Judge:
    """Compares one article's gold with its rows and writes what it finds into the report."""

    def __init__(self, article_id: str, norm: Normaliser, report: Report) -> None:
        self.article_id = article_id
        self.norm = norm
        self.report = report

    def document(self, gold: Row, rows: Mapping[str, list[Row]]) -> None:
        """Compare every table."""
        self.report.documents += 1
        article = rows["articles"][0] if rows["articles"] else {}
        text = article.get("text", "")
        self._article(gold["article"], article)
        for name in SPAN_TABLES:
            found = [row for row in rows[name] if row.get("kind", "DATE") == "DATE"]
            self.report.wrong_offsets += sum(text[row["start"] : row["end"]] != row["text"] for row in rows[name])
            self._spans(name, gold[name], found)
        self._officials(gold["officials"], rows["officials"])

    def _article(self, gold: Row, row: Row) -> None:
        compare, norm = self.report.compare, self.norm
        compare("articles.title", self.article_id, norm.text(gold.get("title")), norm.text(row.get("title")))
        compare("articles.author", self.article_id, norm.author(gold.get("author")), norm.author(row.get("author")))
        if gold.get("published_on"):
            compare("articles.published_on", self.article_id, gold["published_on"], _day(row.get("published_on")))
        want, got = (norm.path(path) for path in (gold.get("home_unit"), row.get("home_unit_path")))
        compare("articles.home_unit", self.article_id, want, got)

    def _spans(self, table: str, golds: Sequence[Row], rows: Sequence[Row]) -> None:
        report = self.report
        pairs, missed, extra = _pair(golds, rows, lambda gold, row: self._value(table, gold) == self._value(table, row))
        for gold, row, right in pairs:
            if gold.get("ignore"):
                continue
            report.count(table, "span", "right")
            if right:
                report.count(table, "value", "right")
                self._scope(table, gold, row)
                continue
            report.count(table, "value", "extra")
            report.count(table, "value", "missed")
            want, got = self._value(table, gold), self._value(table, row)
            self._error(table, "WRONG", f"{row['text']!r} at {row['start']}: want {want} got {got}")
        ignored = [gold for gold in golds if gold.get("ignore")]
        extra = [row for row in extra if not any(g["start"] < row["end"] and row["start"] < g["end"] for g in ignored)]
        self._unpaired(table, "missed", [gold for gold in missed if not gold.get("ignore")])
        self._unpaired(table, "extra", extra)

    def _unpaired(self, table: str, kind: str, rows: Sequence[Row]) -> None:
        for row in rows:
            self.report.count(table, "span", kind)
            self.report.count(table, "value", kind)
            self._error(table, kind.upper(), f"{row['text']!r} at {row['start']}: {self._value(table, row)}")

    def _value(self, table: str, row: Row) -> object:
        """Return what must be equal; gold has short names for some columns (`from`, `min`)."""
        if table == "dates":
            return (row["from"], row["to"]) if "from" in row else (_day(row["date_from"]), _day(row["date_to"]))
        if table == "money":
            ends = (row["min"], row["max"]) if "min" in row else (row["amount_min"], row["amount_max"])
            return *map(_number, ends), row["currency"]
        if table == "model_counts":
            return _number(row.get("count")), self.norm.text(row.get("unit"))
        path = self.norm.path(row.get("path"))
        return row.get("level"), path[-1:] if row.get("level") == "hamlet" else path

    def _scope(self, table: str, gold: Row, row: Row) -> None:
        if table not in SCOPED or "unit_path" not in gold:
            return
        want = (tuple(gold.get("period") or (None, None)), self.norm.path(gold["unit_path"]))
        got = ((_day(row["period_from"]), _day(row["period_to"])), self.norm.path(row["unit_path"]))
        self.report.compare(f"{table}.scope", self.article_id, want, got)

    def _officials(self, golds: Sequence[Row], rows: Sequence[Row]) -> None:
        norm, report = self.norm, self.report
        ignored = {norm.text(gold["name"]) for gold in golds if gold.get("ignore")}
        kept = [gold for gold in golds if not gold.get("ignore")]
        want = {norm.text(gold["name"]): set(map(norm.title, gold.get("titles", []))) for gold in kept}
        also = {norm.text(gold["name"]): set(map(norm.title, gold.get("also", []))) for gold in kept}
        got: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            name = norm.text(row["name"])
            unscored = row["branch"] in {"foreign", "business"} and name not in want
            if name not in ignored and not unscored:
                got[name].add(norm.title(row["title"]))
        for name in sorted(want.keys() | got.keys()):
            titles = want.get(name, set())
            found = got.get(name, set()) - (also.get(name, set()) - titles)
            report.count("officials", "span", _presence(name in want, name in got))
            report.count("officials", "value", "right", len(titles & found))
            for kind, wrong in (("missed", titles - found), ("extra", found - titles)):
                report.count("officials", "value", kind, len(wrong))
                for title in sorted(wrong):
                    self._error("officials", kind.upper(), f"{name} | {title}")

    def _error(self, table: str, kind: str, detail: str) -> None:
        self.report.errors.append(Error(table, self.article_id, kind, detail))


def _day(value: Any) -> str | None:
    return None if value is None else value.isoformat()[:10]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _presence(wanted: bool, found: bool) -> str:
    if wanted and found:
        return "right"
    return "missed" if wanted else "extra"


class _Pair(NamedTuple):
    gold: Row
    row: Row
    right: bool


def _pair(
    golds: Sequence[Row], rows: Sequence[Row], same: Callable[[Row, Row], bool]
) -> tuple[list[_Pair], list[Row], list[Row]]:
    """Match gold and system rows one to one; return pairs, gold rows left over, system rows left over."""
    candidates = []
    for i, gold in enumerate(golds):
        for j, row in enumerate(rows):
            overlap = min(gold["end"], row["end"]) - max(gold["start"], row["start"])
            if overlap > 0:
                candidates.append((not gold.get("ignore") and same(gold, row), overlap, -i, -j))
    pairs, used_gold, used_rows = [], set(), set()
    for right, _, i, j in sorted(candidates, reverse=True):
        if -i not in used_gold and -j not in used_rows:
            used_gold.add(-i)
            used_rows.add(-j)
            pairs.append(_Pair(golds[-i], rows[-j], right))
    left = [gold for i, gold in enumerate(golds) if i not in used_gold]
    return pairs, left, [row for j, row in enumerate(rows) if j not in used_rows]
