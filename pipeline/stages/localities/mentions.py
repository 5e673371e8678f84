"""Mentions: spans that may name a unit, with what stands around them; nothing is decided here but the spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.gazetteer import Chain
from pipeline.stages.localities.names import NO_READING, Name, Reading, Types

BARE: Types = frozenset()
"""What a name without a type word may be by it: anything."""


@dataclass(slots=True, eq=False)
class Mention:
    """A span that may name a unit.

    Attributes:
        start, end: Half-open offsets of the view, type word included.
        name_start: Where the name begins.
        name: The name in lower case.
        named: The same with the units that bear it.
        types: Levels and types that the type word or office allows; empty for a bare name.
        rule: Id of the rule that found it.
        hamlet: The hamlet word, where there is one.
        word_start: Where its type word begins, be that outside of the span.
        before: The word before a bare name, as written.
        plural: Whether a type word that opens a list is known to stand before it.
        head: The mention whose type word this one shares.
        reading: What name and type word may mean.
        candidates: Chains that it may mean here, best first once resolved.
        chosen: The chain decided on, possibly cut short.
        path: Names from the province down, as far as they are certain.
        by: What decided it.
        dropped: Why it is no row, or empty.
    """

    start: int
    end: int
    name_start: int
    name: str
    named: Name
    types: Types = BARE
    rule: str = "localities.bare"
    hamlet: str = ""
    word_start: int = 0
    before: str = ""
    plural: bool = False
    head: Mention | None = None
    reading: Reading = NO_READING
    candidates: Sequence[Chain] = ()
    chosen: Chain | None = None
    path: list[str] | None = None
    level: str = ""
    by: str = ""
    dropped: str = ""
