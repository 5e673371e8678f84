"""The setting: the day whose country an article lives in, and the province of its outlet."""

from __future__ import annotations

from typing import Final

from pipeline.document import Document
from pipeline.gazetteer import strip_marks
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.rules import Knowledge

EARLIEST: Final = "2008-08-01"  # dates before are history, not the day of the text
LATEST: Final = "2025-06-30"  # the last day of the country with districts
UNDATED: Final = "2019-06-30"  # before districts and communes were merged, which later texts show by their names


def outlet(document: Document, knowledge: Knowledge) -> str:
    """Return the code of the province whose name stands in the address of the page, if any."""
    host = (document.url or "").partition("://")[2].partition("/")[0].lower()
    if not host:
        return ""
    plain = host.replace(".", "").replace("-", "")
    found = [u for u in knowledge.gazetteer.provinces if strip_marks(u.name) in plain]
    return max(found, key=lambda u: len(u.name)).code if found else ""


def day_of(document: Document, mentions: list[Mention]) -> str:
    """Return the day whose country the article lives in.

    Without a day of publication it is the last day that the text names, held before the reform where a district is
    named; without that, a day on which all districts stood that the text names by their type.
    """
    when = document.published_on
    if when is not None:
        return when.isoformat()
    written = [
        row.date_to
        for row in document.rows.get("dates", [])
        if row.date_to is not None and row.resolved_from == "text" and row.granularity in ("day", "month")
    ]
    last = max(written).isoformat() if written else ""
    if EARLIEST <= last <= LATEST:
        return last
    if last > LATEST:
        types = {pair for types in {mention.types for mention in mentions} for pair in types}
        if not any(level == "district" and kind != "thành phố" for level, kind in types):
            return last
    return _while_they_stood(mentions)


def _while_they_stood(mentions: list[Mention]) -> str:
    """Return the day nearest to `UNDATED` on which all districts stood that the text names by their type.

    Where they never stood together (`quận 9, nay là thành phố Thủ Đức`), the text tells of the past.
    """
    first, last = "", LATEST
    for named, types in {(mention.named, mention.types) for mention in mentions if mention.types}:
        begun, ended = named.stood(types)
        if ended >= EARLIEST:
            first, last = max(first, begun), min(last, ended)
    return max(first, min(last, UNDATED)) if first <= last else max(first, UNDATED)
