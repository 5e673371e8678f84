"""What a document's earlier stages and the lexicon say about it, in the shape that this stage asks for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Final

from pipeline.document import Document
from pipeline.grammar.lexicon import Hit

ROLES: Final = "officials.role"
CUES: Final = "officials.cue"
_ADDRESS: Final = frozenset("HRP")
"""Labels of forms of address, of ranks and degrees, and of forms of address to several."""


_BEFORE_NAME: Final = frozenset(" \n.")
"""What may stand between a form of address and the name."""


class Scene:
    """A document with its roles, cues and localities.

    Attributes:
        roles: Roles in reading order, without what only looks like one.
        role_starts, role_ends: Where they begin and end.
        blocks: Starts of what only looks like a role.
        cues: Words between persons and titles, in reading order.
        dates: Dates in reading order, whose numbers and prepositions are no cues.
        address: End → hit of the cues that ask for a name.
        localities: Start → end and level of the localities found before, as far as they are known units. What only
            looks like one (`xã Nguyễn …`) may be the beginning of a name.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.view.text
        self.folded = document.view.folded
        hits = document.hits[ROLES]
        self.roles: list[Hit] = [hit for hit in hits if hit.value.after != "block"]
        self.blocks = {hit.start for hit in hits if hit.value.after == "block"}
        self.cues: list[Hit] = document.hits[CUES]
        self.address = {hit.end: hit for hit in self.cues if hit.value in _ADDRESS}
        self.dates = document.rows.get("dates") or ()
        self.localities = {
            row.start: (row.end, row.level) for row in document.rows.get("localities") or () if row.unit_code
        }
        self.role_starts = {hit.start for hit in self.roles}
        self.role_ends = {hit.end for hit in self.roles}
        self._locality_starts = list(self.localities)
        self._date_starts = [date.start for date in self.dates]
        self._cue_starts = [hit.start for hit in self.cues]
        self._addressed = sorted(self.address)
        self._cuts = sorted(self.role_starts | {end + 1 for end in self.role_ends})

    def locality_end(self, position: int) -> int:
        """Return the end of the locality that a position is in, 0 where it is in none."""
        at = bisect_right(self._locality_starts, position)
        end = self.localities[self._locality_starts[at - 1]][0] if at else 0
        return end if end > position else 0

    @cached_property
    def parts(self) -> list[tuple[int, int]]:
        """Return the spans of the lines that are no furniture, those that follow each other as one."""
        joined: list[tuple[int, int]] = []
        for part in self.document.rows["01_layout"]:
            if part.kind == "furniture":
                continue
            if joined and not self.text[joined[-1][1] : part.start].strip():
                joined[-1] = (joined[-1][0], part.end)
            else:
                joined.append((part.start, part.end))
        return joined

    def is_cut_by_role(self, start: int, end: int) -> bool:
        """Tell whether a role begins or ends inside a stretch."""
        at = bisect_right(self._cuts, start)
        return at < len(self._cuts) and self._cuts[at] < end

    def asks_for_name(self, start: int, end: int, *, behind_role: bool) -> bool:
        """Tell whether a form of address, or a role where `behind_role`, stands right before a stretch or inside it."""
        at = bisect_left(self._addressed, start - 2)
        addressed = at < len(self._addressed) and self._addressed[at] < end
        return addressed or (behind_role and self.is_cut_by_role(start - 1, end))

    def addressed(self, start: int) -> Hit | None:
        """Return the form of address, rank or degree that stands right before a position (`TS. Nguyễn …`)."""
        hit = self.address.get(start - 1)
        if hit is not None and self.text[start - 1] in _BEFORE_NAME:
            return hit
        hit = self.address.get(start - 2)
        return hit if hit is not None and self.text.startswith(". ", start - 2) else None

    def sentences(self, positions: list[int]) -> list[tuple[int, int]]:
        """Return the spans of the sentences that hold one of the positions."""
        rows = self.document.rows["02_sentences"]
        starts = [row.start for row in rows]
        found = {bisect_right(starts, position) - 1 for position in positions}
        return [(rows[at].start, rows[at].end) for at in sorted(found) if at >= 0]

    def cues_between(self, start: int, end: int) -> list[Hit]:
        """Return the cues that begin in a stretch, without the numbers and prepositions of dates."""
        cues = self.cues[bisect_left(self._cue_starts, start) : bisect_left(self._cue_starts, end)]
        first = bisect_left(self._date_starts, start)
        if first and self.dates[first - 1].end > start:
            first -= 1
        for date in self.dates[first : bisect_left(self._date_starts, end)]:
            cues = [cue for cue in cues if not date.start <= cue.start < date.end]
        return cues
