"""The grammar: patterns over labels that tie titles to persons.

The constructions of `offices.yaml` are tried in their order. A title that one of them has given to a person is
relabelled `t`, so that later ones see it but cannot give it again.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipeline.grammar.rules import RuleError
from pipeline.stages.officials.labels import Item, as_string
from pipeline.stages.officials.rules import Construction, OfficeFile


class Link(NamedTuple):
    """A title tied to a person: their items and the construction that tied them."""

    name: Item
    title: Item
    rule: str


_PERSONS: Final = "NO"
"""Labels of persons: without one, only constructions that give a title to nobody can hold."""
_STEPS: Final = 6
"""How often a construction that repeats is tried: the steps of a career that one sentence tells in clauses."""


class Compiled(NamedTuple):
    """A compiled construction, the labels of which a line must have one, and how often it is tried on a line."""

    rule: Construction
    pattern: re.Pattern[str]
    needs: str
    steps: int


class Grammar:
    """Compiled constructions.

    Raises:
        RuleError: If a pattern does not compile.
    """

    def __init__(self, offices: OfficeFile) -> None:
        self.rules = [
            Compiled(rule, _compile(rule, offices.atoms), rule.needs or "T", _STEPS if rule.repeats else 1)
            for rule in offices.rules
        ]
        self.personless = [each for each in self.rules if "(?P<n>)" in each.rule.pattern]
        self.several = tuple(offices.shared_roles)
        self.crowd = tuple(offices.crowd_roles)

    def links(self, row: list[Item]) -> list[Link]:
        """Return the links of one line; titles that are given away become `t`."""
        string = as_string(row)
        links: list[Link] = []
        if "T" not in string:
            return links
        letters = set(string)
        for rule, pattern, needs, steps in self.personless if letters.isdisjoint(_PERSONS) else self.rules:
            if letters.isdisjoint(needs):
                continue
            match, tries = pattern.search(string), 0
            while match is not None:
                found, given = self._matches(rule, match, string, row)
                links += found
                if not given or rule.again:
                    break
                for title in given:
                    title.label = "t"
                string = as_string(row)
                if "T" not in string:
                    return links
                tries += 1
                match = pattern.search(string) if tries < steps else None
        return links

    def _matches(
        self, rule: Construction, match: re.Match[str] | None, string: str, row: list[Item]
    ) -> tuple[list[Link], list[Item]]:
        """Return the links that one construction makes from its first match on, and the titles that it gives away."""
        links: list[Link] = []
        given: list[Item] = []
        while match is not None:
            titles = _members(match, "t", row)
            if self._fits(rule, titles):
                persons = _members(match, "n", row)
                links += [Link(person, title, rule.id) for person in persons for title in titles]
                given += titles
            match = match.re.search(string, match.end())
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
