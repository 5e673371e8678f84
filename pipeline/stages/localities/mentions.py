"""Mentions: spans that may name a unit, with what stands around them; nothing is decided here but the spans."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.gazetteer import Chain, Unit
from pipeline.stages.localities.rules import Types


@dataclass(slots=True, eq=False)
class Mention:
    """A span that may name a unit.

    Attributes:
        start, end: Half-open offsets of the view, type word included.
        name_start: Where the name begins.
        name: The name in lower case.
        units: Units that bear the name.
        types: Levels and types that the type word or office allows; empty for a bare name.
        rule: Id of the rule that found it.
        hamlet: The hamlet word, where there is one.
        plural: Whether the type word opens a list (`các huyện`).
        head: The mention whose type word this one shares.
        penalties: Code → how badly the unit of that code fits day, name and type.
        candidates: Chains that it may mean, best first once resolved.
        chosen: The chain decided on, possibly cut short.
        path: Names from the province down, as far as they are certain.
        by: What decided it.
        dropped: Why it is no row, or empty.
    """

    start: int
    end: int
    name_start: int
    name: str
    units: list[Unit]
    types: Types = frozenset()
    rule: str = "localities.bare"
    hamlet: str = ""
    plural: bool = False
    head: Mention | None = None
    penalties: dict[str, float] = field(default_factory=dict)
    candidates: list[Chain] = field(default_factory=list)
    chosen: Chain | None = None
    path: list[str] = field(default_factory=list)
    level: str = ""
    by: str = ""
    dropped: str = ""

    @property
    def bare(self) -> bool:
        """Tell whether nothing before the name says what it is."""
        return not self.types
