"""The shapes of `offices.yaml` and `names.yaml`, and what the stage makes of them once per process."""

from __future__ import annotations

from typing import Literal, NamedTuple

import regex
from pydantic import BaseModel, ConfigDict

from pipeline.grammar.rules import Rule, RuleFile

Branch = Literal[
    "party",
    "government",
    "council",
    "front",
    "mass_organization",
    "military",
    "police",
    "judiciary",
    "public_body",
    "residential",
    "business",
    "foreign",
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoleGroup(_Part):
    """Roles that ask for the same thing next: any body, a field of work, a body without fail, or nothing."""

    after: Literal["any", "field", "body", "none"]
    deputies: bool = True
    terms: list[str]


class BodyGroup(_Part):
    """Bodies of one branch; `tail` says whether a field of work or only a place may follow."""

    tail: Literal["place", "field"]
    branch: Branch
    terms: list[str]


class Construction(Rule):
    """A pattern over labels that ties titles to persons.

    Its groups: `t` titles, `n` persons; `o` titles that are left to other constructions. `shared` constructions
    give every title of `t` to every person of `n`.
    """

    pattern: str
    needs: str = ""
    """Labels of which a line has at least one where the pattern holds; without them it is not even tried."""
    roles: Literal["all", "several", "uncrowded", "spelled"] = "all"
    """Whether it holds only for titles that several persons have at a time, or not for those
    that alone mean nobody (`crowd_roles`), or not for a bare abbreviation."""
    repeats: bool = False
    """Whether it is tried again on what it has given, step by step."""
    again: bool = False
    """Whether its titles stay for later constructions, which give them to another person too."""


class SmallWords(_Part):
    """Words that the parser of titles knows by their work."""

    joins: list[str]
    of: list[str]
    plural: list[str]
    at: list[str]
    term: str
    number: list[str]
    hamlets: list[str]
    trailing: list[str]
    common_nouns: list[str]
    abroad: list[str]


class BranchPattern(_Part):
    """A branch and what in a title shows it; `first` ones decide before the title's bodies do."""

    branch: Branch
    first: bool = False
    pattern: str


class LevelPattern(_Part):
    """A level, what in a title shows it, and what shows that it is not so."""

    level: Literal["central", "province", "district", "commune", "hamlet"]
    pattern: str
    unless: str = ""


class UnitWord(_Part):
    """Types of unit, their level, and what in a title says that its unit is one of them."""

    level: Literal["province", "district", "commune"]
    types: list[str]
    pattern: str


class OfficeFile(RuleFile):
    """`offices.yaml`."""

    roles: list[RoleGroup]
    role_prefixes: list[str]
    role_modifiers: list[str]
    role_blocks: list[str]
    bodies: list[BodyGroup]
    fields: list[str]
    links: list[str]
    locality_types: dict[Literal["province", "district", "commune", "hamlet"], list[str]]
    suffixes: list[str]
    stops: list[str]
    words: SmallWords
    cues: dict[str, list[str]]
    generic_after: list[str]
    deputies: list[str]
    weightless: list[str]
    distinct: list[str]
    distinct_bodies: list[str]
    branches: list[BranchPattern]
    levels: list[LevelPattern]
    unit_words: list[UnitWord]
    shares_place: list[Branch]
    youth_bodies: str
    generic_before: list[str]
    crowd_roles: list[str]
    shared_roles: list[str]
    home_country: str
    countries: list[str]
    business_words: list[str]
    business_roles: list[str]
    abbreviations: dict[str, str]
    capitals: list[str]
    role_heads: list[str]
    rules: list[Construction]  # type: ignore[assignment]


class Surnames(_Part):
    """Surnames by how surely they begin a name."""

    common: list[str]
    other: list[str]


class NameFile(RuleFile):
    """`names.yaml`."""

    surnames: Surnames
    name_prefixes: list[str]
    honorifics: list[str]
    plural_honorifics: list[str]
    ranks: list[str]
    degrees: list[str]
    feminine: list[str]
    masculine: list[str]
    feminine_middle: list[str]
    comrades: list[str]
    not_in_name: list[str]
    given_names: list[str]
    predicates: list[str]
    places: list[str]
    historical: list[str]
    named_after: list[str]
    syllable: str


class RoleTerm(NamedTuple):
    """What the lexicon gives for a role found in a text; `after` is `block` for what only looks like one."""

    text: str
    after: str


class Word(NamedTuple):
    """What a path through the word tree stands for."""

    kind: Literal["body", "field", "type", "suffix", "stop", "modifier", "place"]
    tail: str = ""
    branch: str = ""
    level: str = ""


class Node:
    """A place in the word tree: the words that go on, what has been read so far, and a gap for a separator."""

    __slots__ = ("after", "gap", "stops", "word")

    def __init__(self) -> None:
        self.after: dict[str, Node] = {}
        self.gap: Node | None = None
        """Where a comma, dash, ampersand or `và` may stand before the next word."""
        self.word: Word | None = None
        self.stops = False
        """Whether all terms that come by here end a title."""

    def mark_stops(self) -> bool:
        """Find out where only terms that end a title go on."""
        ahead = [node.mark_stops() for node in self.after.values()]
        if self.gap is not None:
            ahead.append(self.gap.mark_stops())
        self.stops = all(ahead) and (self.word is None or self.word.kind == "stop")
        return self.stops


class WordTree:
    """Terms word by word, so that the longest one at a place is found without trying each."""

    def __init__(self) -> None:
        self.root = Node()

    def add(self, term: str, word: Word, *, keep: bool = False) -> None:
        """Add a term; a comma in it parts words between which a separator may stand. `keep` leaves earlier ones."""
        node = self.root
        for piece in regex.findall(r",|[^\s,]+", term.lower()):
            if piece in ",-–":
                node.gap = node.gap or Node()
                node = node.gap
            else:
                node = node.after.setdefault(piece, Node())
        if not (keep and node.word is not None):
            node.word = word


def build_tree(offices: OfficeFile) -> WordTree:
    """Return the tree of all words that may stand in a title after its role, and of those that end it."""
    tree = WordTree()
    for term in offices.stops:
        tree.add(term, Word("stop"))
    for term in offices.fields:
        tree.add(term, Word("field"), keep=False)
    for body in offices.bodies:
        for term in body.terms:
            tree.add(term, Word("body", body.tail, body.branch))
    for term in offices.suffixes:
        tree.add(term, Word("suffix"))
    for level, terms in offices.locality_types.items():
        for term in terms:
            tree.add(term, Word("type", level=level), keep=term in {"đội", "tổ", "khối", "làng"})
    for term in offices.role_modifiers:
        tree.add(term, Word("modifier"), keep=True)
    tree.root.mark_stops()
    return tree


def role_terms(offices: OfficeFile) -> dict[str, RoleTerm]:
    """Return every role, with its deputies and acting forms, and what it asks for next."""
    terms: dict[str, RoleTerm] = {}
    for group in offices.roles:
        for stem in group.terms:
            prefixes = ["", *(f"{prefix} " for prefix in offices.role_prefixes)] if group.deputies else [""]
            for prefix in prefixes:
                terms.setdefault(prefix + stem, RoleTerm(prefix + stem, group.after))
    for term in offices.role_blocks:
        terms[term] = RoleTerm(term, "block")
    return terms
