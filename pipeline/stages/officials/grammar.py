"""The grammar: patterns over labels that tie titles to persons.

The constructions of `offices.yaml` are tried in their order. A title that one of them has given to a person is
relabelled `t`, so that later ones see it but cannot give it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from pipeline.grammar.rules import RuleError
from pipeline.stages.officials.labels import Item, as_string
from pipeline.stages.officials.rules import Construction, OfficeFile


class Link(NamedTuple):
    """A title tied to a person: their items and the construction that tied them."""

    name: Item
    title: Item
    rule: str


_STEPS: Final = 6
"""How often a construction that repeats is tried: the steps of a career that one sentence tells in clauses."""


class Grammar:
    """Compiled constructions.

    Raises:
        RuleError: If a pattern does not compile.
    """

    def __init__(self, offices: OfficeFile) -> None:
        compiled = [(rule, _compile(rule, offices.atoms)) for rule in offices.rules]
        self.rules = [pair for pair in compiled for _ in range(_STEPS if pair[0].repeats else 1)]
        self.personless = [pair for pair in self.rules if "(?P<n>)" in pair[0].pattern]
        self.several = tuple(offices.shared_roles)
        self.crowd = tuple(offices.crowd_roles)

    def links(self, row: list[Item]) -> Iterator[Link]:
        """Yield the links of one line; titles that are given away become `t`."""
        string = as_string(row)
        if "T" not in string:
            return
        rules = self.rules if "N" in string or "O" in string else self.personless
        missed: Construction | None = None
        for rule, pattern in rules:
            if rule is missed or pattern.search(string) is None:
                missed = rule  # its next steps would find nothing either
                continue
            links, given = self._matches(rule, pattern, string, row)
            yield from links
            if given and not rule.again:
                for title in given:
                    title.label = "t"
                string = as_string(row)
                if "T" not in string:
                    return

    def _matches(
        self, rule: Construction, pattern: re.Pattern[str], string: str, row: list[Item]
    ) -> tuple[list[Link], list[Item]]:
        """Return the links that one construction makes, and the titles that it gives away."""
        links: list[Link] = []
        given: list[Item] = []
        for match in pattern.finditer(string):
            titles = _members(match, "t", row)
            if self._fits(rule, titles):
                persons = _members(match, "n", row)
                links += [Link(person, title, rule.id) for person in persons for title in titles]
                given += titles
        return links, given

    def _fits(self, rule: Construction, titles: list[Item]) -> bool:
        if rule.roles == "several":
            return any(item.ref.former or item.ref.role.startswith(self.several) for item in titles)
        if rule.roles == "spelled":
            return all(bool(item.ref.pieces) or " " in item.ref.role for item in titles)
        return rule.roles == "all" or not any(item.ref.role.endswith(self.crowd) for item in titles)


def _members(match: re.Match[str], group: str, row: list[Item]) -> list[Item]:
    wanted = "T" if group == "t" else "NO"
    if match.start(group) < 0:  # the other branch of a pattern writes its group `t_`
        group += "_"
    return [item for item in row[match.start(group) : match.end(group)] if item.label in wanted]


def _compile(rule: Construction, atoms: dict[str, str]) -> re.Pattern[str]:
    source = rule.pattern
    for _ in range(8):
        source = re.sub(r"\{([a-z_]+)\}", lambda match: f"(?:{atoms[match[1]]})", source)
    try:
        return re.compile(source)
    except re.error as error:
        raise RuleError(f"offices.yaml: {rule.id}: {source!r} does not compile: {error}") from error
