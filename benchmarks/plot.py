"""The plot of a benchmark's results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt


def draw(results: dict[str, Any], path: Path) -> None:
    """Write articles a second of each way to read the same text, on one core, as SVG (log scale)."""
    rows = [{"what": "vifacts: all five kinds of facts", "rate": results["runs"]["1"]["articles_a_second_and_core"]}]
    for name, item in [("floor: read and write", results["floor"]), *results["others"].items()]:
        rows.append({"what": name, "rate": round(1000 / item["cpu_milliseconds_an_article"], 1)})
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("what:N", sort="-x", title=None, axis=alt.Axis(labelLimit=260, labelFontSize=13)),
        x=alt.X("rate:Q", scale=alt.Scale(type="log"), title="articles a second on one core (log scale)"),
    )
    bars = base.mark_bar(cornerRadius=2, height=18).encode(
        color=alt.condition("indexof(datum.what, 'vifacts') == 0", alt.value("#0b7a75"), alt.value("#b8c4c2"))
    )
    labels = base.mark_text(align="left", dx=4, fontSize=12).encode(text=alt.Text("rate:Q", format=",.0f"))
    (bars + labels).properties(width=520, height=170).save(str(path))
