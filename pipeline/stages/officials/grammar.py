"""The grammar: patterns over labels that tie titles to persons.

The constructions of `offices.yaml` are tried in their order. A title that one of them has given to a person is
relabelled `t`, so that later ones see it but cannot give it again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pipeline.grammar.rules import RuleError
from pipeline.stages.officials.labels import Label, Row
from pipeline.stages.officials.model import Office
from pipeline.stages.officials.rules import Construction, OfficeFile

Link = tuple[Label, Label, str]
"""The labels of a person and of a title that is tied to the person, and the construction that ties them."""
_PERSONS: Final = "NO"
"""Labels of persons: without one, only constructions that give a title to nobody can hold."""
_STEPS: Final = 6
"""How often a construction that repeats is tried: the steps of a career that one sentence tells in clauses."""


class Compiled(NamedTuple):
    """A compiled construction, and how often it is tried on a line."""

    rule: Construction
    pattern: re.Pattern[str]
    steps: int


class Grammar:
    """Compiled constructions.

    Raises:
        RuleError: If a pattern does not compile.
    """

    def __init__(self, offices: OfficeFile) -> None:
        self.rules = [
            Compiled(rule, _compile(rule, offices.atoms), _STEPS if rule.repeats else 1) for rule in offices.rules
        ]
        numbers = range(len(self.rules))
        self.needing = self._by_label(numbers)
        self.personless = self._by_label([at for at in numbers if "(?P<n>)" in self.rules[at].rule.pattern])
        self.several = tuple(offices.shared_roles)
        self.crowd = tuple(offices.crowd_roles)

    def links(self, row: Row, offices: Mapping[int, Office]) -> list[Link]:
        """Return the links of one sentence, given the offices by their starts; titles given away become `t`."""
        links: list[Link] = []
        if not row.string.strip("T"):  # offices alone
            return links
        for rule, pattern, steps in self._possible(set(row.string)):
            match, tries = pattern.search(row.string), 0
            while match is not None:
                found, given = self._matches(rule, match, row, offices)
                links += found
                if not given or rule.again:
                    break
                for at in given:
                    row.string = f"{row.string[:at]}t{row.string[at + 1 :]}"
                if "T" not in row.string:
                    return links
                tries += 1
                match = pattern.search(row.string) if tries < steps else None
        return links

    def _by_label(self, numbers: Iterable[int]) -> dict[str, set[int]]:
        """Return label → those of the constructions that need it or another label; all need a title."""
        found: dict[str, set[int]] = defaultdict(set)
        for number in numbers:
            for label in self.rules[number].rule.needs or "T":
                found[label].add(number)
        return found

    def _possible(self, labels: set[str]) -> list[Compiled]:
        """Return the constructions that may hold where these labels are, in their order."""
        needing = self.personless if labels.isdisjoint(_PERSONS) else self.needing
        numbers: set[int] = set().union(*[needing[label] for label in labels if label in needing])
        rules = self.rules
        return [rules[number] for number in sorted(numbers)]

    def _matches(
        self, rule: Construction, match: re.Match[str] | None, row: Row, offices: Mapping[int, Office]
    ) -> tuple[list[Link], list[int]]:
        """Return the links that one construction makes from its first match on, and where titles are given away."""
        links: list[Link] = []
        given: list[int] = []
        labels = row.labels
        while match is not None:
            titles = _members(match, "t", "T")
            if rule.roles == "all" or self._fits(rule, [offices[labels[at][0]] for at in titles]):
                persons = _members(match, "n", _PERSONS)
                links += [(labels[person], labels[title], rule.id) for person in persons for title in titles]
                given += titles
            end = match.end()
            match = match.re.search(row.string, end) if row.string.find("T", end) >= 0 else None
        return links, given

    def _fits(self, rule: Construction, titles: list[Office]) -> bool:
        if rule.roles == "several":
            return any(office.former or office.role.startswith(self.several) for office in titles)
        if rule.roles == "spelled":
            return all(bool(office.pieces) or " " in office.role for office in titles)
        return not any(office.role.endswith(self.crowd) for office in titles)


def _members(match: re.Match[str], group: str, wanted: str) -> list[int]:
    """Return where the labels that are `wanted` stand in a group of a match."""
    start, end = match.span(group)
    if start < 0:  # the other branch of a pattern writes its group `t_`
        start, end = match.span(f"{group}_")
    string = match.string
    if end == start + 1:
        return [start] if string[start] in wanted else []
    return [at for at in range(start, end) if string[at] in wanted]


def _compile(rule: Construction, atoms: dict[str, str]) -> re.Pattern[str]:
    source = rule.pattern
    for _ in range(8):
        source = re.sub(r"\{([a-z_]+)\}", lambda match: f"(?:{atoms[match[1]]})", source)
    try:
        return re.compile(source)
    except re.error as error:
        raise RuleError(f"offices.yaml: {rule.id}: {source!r} does not compile: {error}") from error
