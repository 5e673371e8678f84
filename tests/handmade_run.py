"""A run made by hand: hostile, nested and crossing texts, so that the report is tested apart from the stages."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import columns
from pipeline.document import Document
from pipeline.tables import (
    REJECTS,
    STAGE_TABLES,
    ArticleRow,
    CandidateRow,
    DateRow,
    LinkRow,
    LocalityRow,
    MoneyRow,
    OfficialMentionRow,
    OfficialRow,
    PartRow,
    SentenceRow,
)

RULES = """\
rules:
  - id: money.amount
    note: A number and a unit of money.
    pattern: "{number} <b>đồng</b>"
    examples:
      - {text: "ủng hộ 5 triệu <i>đồng</i>", value: "5000000 VND"}
    not: ["5 triệu lượt </script> khách"]
"""

HOSTILE = (
    "Xã đón đoàn </script><script>window.hacked = 1</script><!-- lúc sáng\n"
    'Ông <img src=x onerror="window.hacked=2"> nói: {{ 7*7 }} &amp; "\'` dòng\u2028mới\u2029hết\n'
    "Quỹ có <b>5 triệu đồng</b> năm 2022."
)
NESTED = "🎉 Sáng 3/2 🎊, Chủ tịch UBND huyện Kim Bôi Đinh Thị Lụa trao 5 triệu đồng.\n\nHuyện Kim\nBôi vui."


def _find(text, part):
    start = text.index(part)
    return start, start + len(part)


def _document(article_id, text, title, rows, day, **article):
    document = Document(article_id, text)
    parts = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            parts.append(PartRow(at, at + len(line), "body", "layout.line"))
        at += len(line) + 1
    sentences = [SentenceRow(part.start, part.end, "body", number) for number, part in enumerate(parts)]
    document.rows = {"articles": [ArticleRow(title=title, published_on=day, **article)], "01_layout": parts}
    document.rows |= {"02_sentences": sentences, **rows}
    return document


def _hostile():
    money = _find(HOSTILE, "5 triệu đồng")
    name = '<img src=x onerror="window.hacked=3">'
    rows = {
        "money": [MoneyRow(*money, Decimal(5_000_000), Decimal(5_000_000), rule="money.amount")],
        "officials": [
            OfficialRow(*_find(HOSTILE, "Ông"), "p1", name, title="Ông", title_norm="<u>Trưởng thôn</u>", rule="x")
        ],
        "dates": [DateRow(*_find(HOSTILE, "năm 2022"), rule='"><script>window.hacked=4</script>')],
    }
    return _document(
        'a/b"><script>window.hacked=5</script>?#%', HOSTILE, "</script><script>window.hacked=6</script>", rows,
        dt.date(2022, 5, 1), url="javascript:window.hacked=7", author="<script>window.hacked=8</script>",
        home_unit_path=["<s>Hòa Bình"],
    )  # fmt: skip


def _nested():
    office = _find(NESTED, "Chủ tịch UBND huyện Kim Bôi")
    crossing = _find(NESTED, "Bôi Đinh Thị Lụa")
    name = _find(NESTED, "Đinh Thị Lụa")
    day = _find(NESTED, "Sáng 3/2")
    place = _find(NESTED, "huyện Kim Bôi")
    money = _find(NESTED, "5 triệu đồng")
    path = ["Hòa Bình", "Kim Bôi"]
    rows = {
        "dates": [DateRow(*day, "DATE", dt.date(2023, 2, 3), dt.date(2023, 2, 3), "day", resolved_from="publication")],
        "03_dates": [
            CandidateRow(*day, True, "2023-02-03", "nearest to the day of publication", "date.day_month"),
            CandidateRow(*_find(NESTED, "3/2"), False, "1.5", "a ratio", "number.ratio"),
        ],
        "localities": [
            LocalityRow(*place, "district", path, "14950", ["14950"], "type word"),
            LocalityRow(*_find(NESTED, "Huyện Kim\nBôi"), "district", path),
        ],
        "officials": [
            OfficialRow(
                *office, "p1", "Đinh Thị Lụa", None, NESTED[slice(*office)], "Chủ tịch Ủy ban nhân dân huyện Kim Bôi"
            )
        ],
        "official_mentions": [OfficialMentionRow(*name, "p1", "name"), OfficialMentionRow(*crossing, "p2", "name")],
        "money": [MoneyRow(*money, Decimal(5_000_000), Decimal(5_000_000), rule="money.amount", unit_path=path)],
        "08_scope": [LinkRow(*money, "money", day[0], place[0], "sentence", "sentence")],
    }
    rows["money"][0].period_from = rows["money"][0].period_to = dt.date(2023, 2, 3)
    return _document("nested", NESTED, "Ngày hội ở Kim Bôi", rows, dt.date(2023, 2, 4), url="https://example.org/a")


def _plain(number):
    text = f"Bản tin số {number}: xã Mường So họp."
    return _document(f"plain-{number:02}", text, f"Bản tin số {number}", {}, dt.date(2023, 1, 1 + number))


def write_run(folder):
    documents = [_hostile(), _nested(), *map(_plain, range(23))]
    (folder / "stages").mkdir(parents=True)
    for name, table in columns.build(documents).items():
        pq.write_table(table, folder / ("stages" if name in STAGE_TABLES else "") / f"{name}.parquet")
    reject = {"source": "x.txt", "reason": "empty", "detail": "x.txt: empty <script>window.hacked=9</script>"}
    pq.write_table(pa.Table.from_pylist([{**reject, "article_id": None}], schema=REJECTS), folder / "rejects.parquet")
    (folder / "run.json").write_text(
        '{"versions": {"vifacts": "1.2"}, "seconds": {"lexicon": 0.25, "dates": 0.5}, "inputs": ["<b>in</b>"]}'
    )
