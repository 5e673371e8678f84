"""What a document's earlier stages and the lexicon say about it, in the shape that this stage asks for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from operator import attrgetter, itemgetter
from typing import Final

from pipeline.document import Document
from pipeline.grammar.lexicon import Hit

ROLES: Final = "officials.role"
ADDRESS: Final = "officials.address"
_LABELS: Final = frozenset("HRP")
"""Labels of forms of address, of ranks and degrees, and of forms of address to several."""
Words = tuple[str, ...]
Cue = tuple[int, int, str]
"""A word between persons and titles: start, end and label."""
_START: Final = attrgetter("start")
_FIRST: Final = itemgetter(0)
_END: Final = itemgetter(1)
_BEFORE_NAME: Final = frozenset(" \n.")
"""What may stand between a form of address and the name."""


def address_terms(cues: Mapping[str, str]) -> dict[str, str]:
    """Return the cues to be sought in whole texts: forms of address, ranks, degrees, and what wins over one of them.

    A cue wins over another one that it holds (`em trai` over `em`), or before which it begins and into which it
    reaches (`cùng các` over `các đồng chí`). What wins over such a cue in its turn is sought as well.
    """
    words = {cue: tuple(cue.lower().split()) for cue in cues}
    wanted = {words[cue] for cue, label in cues.items() if label in _LABELS}
    known = 0
    while len(wanted) > known:
        known = len(wanted)
        beginnings = {form[:length] for form in wanted for length in range(1, len(form))}
        wanted |= {parts for parts in words.values() if _reaches(parts, wanted, beginnings)}
    return {cue: label for cue, label in cues.items() if words[cue] in wanted}


def _reaches(parts: Words, wanted: set[Words], beginnings: set[Words]) -> bool:
    for start in range(len(parts)):
        if start and parts[start:] in beginnings:
            return True
        if any(parts[start:end] in wanted for end in range(start + 1, len(parts) + 1)):
            return True
    return False


class Scene:
    """A document with its roles, forms of address and localities.

    Attributes:
        roles: Roles in reading order, without what only looks like one.
        role_starts, role_ends: Where they begin and end.
        claimed: Where roles begin and what only looks like one.
        cuts: Starts of roles and where words behind one begin, in reading order, and a place behind the text.
        dates: Dates in reading order, whose numbers and prepositions are no cues.
        address: Ends of the forms of address, ranks and degrees, in reading order, and a place behind the text.
        addressed: Start of what one of them stands right before (`TS. Nguyễn …`) → that one.
        localities: Start → end and level of the localities found before, as far as they are known units. What only
            looks like one (`xã Nguyễn …`) may be the beginning of a name.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = text = document.view.text
        self.folded = document.view.folded
        beyond = len(text) + 1
        hits = document.hits[ROLES]
        self.roles: list[Hit] = [hit for hit in hits if hit[2].after != "block"]
        self.claimed = set(map(_FIRST, hits))
        self.dates = document.rows.get("dates") or ()
        self.localities = {
            row.start: (row.end, row.level) for row in document.rows.get("localities") or () if row.unit_code
        }
        self.role_starts = set(map(_FIRST, self.roles))
        self.role_ends = set(map(_END, self.roles))
        self.cuts = sorted(self.role_starts.union([end + 1 for end in self.role_ends]))
        self.cuts.append(beyond)
        address = [hit for hit in document.hits[ADDRESS] if hit[2] in _LABELS]
        self.address = list(map(_END, address))
        self.address.append(beyond)
        self.addressed: dict[int, Hit] = {}
        for hit in address:
            end = hit[1]
            mark = text[end : end + 1]
            if mark in _BEFORE_NAME:
                self.addressed[end + 1] = hit
                if mark == "." and text.startswith(" ", end + 1):
                    self.addressed[end + 2] = hit
        self._locality_starts = [-1, *self.localities]
        self._locality_ends = [0, *map(_FIRST, self.localities.values())]
        self._date_starts = list(map(_START, self.dates))

    def locality_end(self, position: int) -> int:
        """Return the end of the locality that a position is in, 0 where it is in none."""
        end = self._locality_ends[bisect_right(self._locality_starts, position) - 1]
        return end if end > position else 0

    def parts(self) -> list[tuple[int, int]]:
        """Return the spans of the lines that are no furniture, those that follow each other as one."""
        layout = self.document.rows["01_layout"]
        if "furniture" not in [part.kind for part in layout]:
            return [(layout[0].start, layout[-1].end)] if layout else []
        joined: list[tuple[int, int]] = []
        for part in layout:
            if part.kind == "furniture":
                continue
            if joined and not self.text[joined[-1][1] : part.start].strip():
                joined[-1] = (joined[-1][0], part.end)
            else:
                joined.append((part.start, part.end))
        return joined

    def honorific(self, start: int) -> str | None:
        """Return the form of address, rank or degree right before a position, of those that mean one person."""
        hit = self.addressed.get(start)
        return None if hit is None or hit[2] == "P" else self.text[hit[0] : hit[1]]

    def sentences(self, positions: list[int]) -> list[tuple[int, int]]:
        """Return the spans of the sentences that hold one of the positions."""
        rows = self.document.rows["02_sentences"]
        found = {bisect_right(rows, position, key=_START) - 1 for position in positions}
        return [(rows[at].start, rows[at].end) for at in sorted(found) if at >= 0]

    def outside_dates(self, cues: list[Cue], start: int, end: int) -> list[Cue]:
        """Return the cues of a stretch, in reading order, without the numbers and prepositions of dates."""
        first = bisect_left(self._date_starts, start)
        if first and self.dates[first - 1].end > start:
            first -= 1
        for date in self.dates[first : bisect_left(self._date_starts, end)]:
            del cues[bisect_left(cues, (date.start,)) : bisect_left(cues, (date.end,))]
        return cues
