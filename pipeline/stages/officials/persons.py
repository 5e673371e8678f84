"""Persons of an article: which names are one person, which titles are one office, and every mention of both."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final, NamedTuple

from pipeline.grammar.rules import alternatives
from pipeline.memo import Memo
from pipeline.stages.officials.model import Office
from pipeline.stages.officials.names import NAME_KEYS, Name
from pipeline.stages.officials.scene import Scene

_RECENT: Final = 400
"""Code points within which `ông` stands for the person named last, behind that name or another `ông`."""
_REMEMBERED: Final = 4096
"""Titles whose words are kept: the same ones come again and again."""
_TOKENS: Final = re.compile(r"\w+")
_FIRST: Final = attrgetter("first")


@dataclass(slots=True)
class Holding:
    """An office that the text gives to a person, and by which construction."""

    office: Office
    rule: str
    key: frozenset[str]
    role: str
    former: bool
    marks: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    """Bodies that make another office of a title, if both name a body."""
    spelled: bool = True
    """Whether the title is written without abbreviations."""

    def agrees(self, other: Holding) -> bool:
        """Tell whether nothing makes another office of two titles of one role."""
        if self.marks != other.marks:
            return False
        return self.bodies == other.bodies or not (_names_body(self.office) and _names_body(other.office))


def _names_body(office: Office) -> bool:
    return "body" in [word.kind for _, _, word in office.pieces]


@dataclass(slots=True)
class Person:
    """A person of the article: the fullest name, every naming, every office."""

    name: str
    key: str
    first: int
    honorific: str | None = None
    namings: list[Name] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)


class Address(NamedTuple):
    """Forms of address: those for men, for women, and all that call by the given name."""

    masculine: frozenset[str]
    feminine: frozenset[str]
    familiar: frozenset[str]


class People:
    """Collects the persons of one article.

    Args:
        scene: The article.
        address: The forms of address.
    """

    def __init__(self, scene: Scene, address: Address) -> None:
        self.scene = scene
        self.text = scene.text
        self.masculine, self.feminine, self.familiar = address
        self.persons: list[Person] = []
        self._by_key: dict[str, Person] = {}
        self._keys = ""
        """All of them in a row: what is nowhere in it is no part of one."""
        self._by_given: defaultdict[str, list[Person]] = defaultdict(list)
        """Persons by the last syllable of their names, by which Vietnamese call each other, in lower case."""
        self.of: dict[int, Person] = {}
        self._starts: list[int] = []
        self._meant: dict[int, int] = {}

    def add_names(self, names: list[Name]) -> None:
        """Make persons of full names, the longest first, then give the short ones to those named last before them.

        Args:
            names: All names in reading order.
        """
        scene = self.scene
        by_writing: defaultdict[str, list[Name]] = defaultdict(list)
        for name in names:
            if name.full:
                by_writing[self.text[name.start : name.end]].append(name)
        for written in sorted(by_writing, key=len, reverse=True):
            namings = by_writing[written]
            person = self._person_of(namings[0], written)
            person.first = min(person.first, namings[0].start)
            person.namings += namings
            for start, _, _ in namings:
                self.of[start] = person
                if person.honorific is None and start in scene.addressed:
                    person.honorific = scene.honorific(start)
        self.persons.sort(key=_FIRST)
        short = [name for name in names if not name.full]
        if short:
            for person in self.persons:
                self._by_given[person.key.rsplit(" ", 1)[-1]].append(person)
            for name in short:
                self._add_short(name, scene.honorific(name.start))
            self.persons.sort(key=_FIRST)

    def _person_of(self, name: Name, written: str) -> Person:
        """Return the person of a name that is written so for the first time."""
        key = NAME_KEYS[written]
        person = self._by_key.get(key)
        if person is None and key in self._keys:
            person = self._longer(key, cut=not self._goes_on(name))
        if person is None:
            person = Person(_proper_case(written), key, name.start)
            self._by_key[key] = person
            self._keys += f"{key}\n"
            self.persons.append(person)
        elif person.key == key and person.name != written and not written.isupper() and name.start < person.first:
            person.name = _proper_case(written)
        return person

    def _goes_on(self, name: Name) -> bool:
        """Tell whether a name of two syllables has another capitalised word behind it, which may belong to it."""
        text, end = self.text, name.end
        return (
            text.count(" ", name.start, end) == 1 and text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()
        )

    def _longer(self, key: str, *, cut: bool) -> Person | None:
        """Return the only person whose name ends in `key`, without its surname, or begins with it, cut short."""
        end, start = f" {key}", f"{key} "
        fits = [p for p in self.persons if p.key.endswith(end) or (cut and p.key.startswith(start))]
        return fits[0] if len(fits) == 1 else None

    def _add_short(self, name: Name, honorific: str | None) -> None:
        written = self.text[name.start : name.end]
        given = NAME_KEYS[written]
        fits = [person for person in self._by_given[given] if self._may_be(person, honorific)]
        before = [person for person in fits if person.first < name.start]
        if before:
            person = max(before, key=lambda person: _last_before(person, name.start)) if len(before) > 1 else before[0]
        elif len(fits) == 1:
            person = fits[0]
        else:
            if honorific is None or honorific.lower() not in self.familiar or len(written) == 1:
                return
            person = Person(written, given, name.start, honorific)
            self.persons.append(person)
            self._by_given[given].append(person)
        person.honorific = person.honorific or honorific
        person.namings.append(name)
        self.of[name.start] = person

    def meant_by(self, begin: int, end: int) -> Person | None:
        """Return the person named last before a pronoun (`ông`, `bà`), where the form of address agrees."""
        if not self._starts:
            self._starts = sorted(self.of)
        at = bisect_left(self._starts, begin)
        if not at:
            return None
        start = self._starts[at - 1]
        person = self.of[start]
        told = max(start, self._meant.get(start, 0))
        if begin - told > _RECENT or not self._may_be(person, self.text[begin:end]):
            return None
        self._meant[start] = begin
        return person

    def _may_be(self, person: Person, honorific: str | None) -> bool:
        if honorific is None or person.honorific is None:
            return True
        word, known = honorific.lower(), person.honorific.lower()
        return not (
            (word in self.masculine and known in self.feminine) or (word in self.feminine and known in self.masculine)
        )


def _last_before(person: Person, position: int) -> int:
    return max((n.start for n in person.namings if n.start < position), default=-1)


def _proper_case(name: str) -> str:
    """Return a name in capitals, or with a syllable in lower case by mistake, as names are written."""
    if name.istitle():
        return name
    if name.isupper() and " " in name:
        return " ".join(word.capitalize() for word in name.split(" "))
    return " ".join(word[:1].upper() + word[1:] for word in name.split(" "))


class Words(NamedTuple):
    """What the words of a spelled-out title say of its office.

    Attributes:
        key: Those that tell one office from another.
        marks: Those that make another office of it, whatever else agrees.
        bodies: The bodies that do so where both titles name one.
    """

    key: frozenset[str]
    marks: frozenset[str]
    bodies: frozenset[str]


class Ledger:
    """Gives offices to persons, each office once.

    Args:
        deputies: How the roles of deputies begin.
        weightless: Words whose absence does not make another office of a title.
        distinct: Words whose absence does, whatever else agrees.
        bodies: Bodies whose absence does, where both titles name a body.

    Attributes:
        words: Spelled-out title → what its words say of its office.
    """

    def __init__(self, deputies: list[str], weightless: list[str], distinct: list[str], bodies: list[str]) -> None:
        self.deputies = tuple(deputies)
        self.weightless = frozenset(weightless)
        self.distinct = re.compile(alternatives(distinct))
        self.bodies = re.compile(alternatives(bodies))
        self.words = Memo(self._find_words, _REMEMBERED)

    def _find_words(self, norm: str) -> Words:
        low = norm.lower()
        tokens = low.split() if low.replace(" ", "").isalnum() else _TOKENS.findall(low)
        return Words(
            frozenset(tokens) - self.weightless,
            frozenset(self.distinct.findall(low)),
            frozenset(self.bodies.findall(low)),
        )

    def hold(self, person: Person, office: Office, rule: str, norm: str, role: str) -> None:
        """Give a person an office, unless the same one is there; the fuller form stays, and the one spelled out.

        Args:
            person: The person.
            office: The office.
            rule: The construction that gives it.
            norm: Its title spelled out.
            role: Its role spelled out, in lower case.
        """
        key, marks, bodies = self.words[norm]
        spelled = office.end - office.start == len(norm)
        new = Holding(office, rule, key, role, office.former, marks, bodies, spelled)
        if not person.holdings:
            person.holdings.append(new)
            return
        same = [held for held in person.holdings if self._same_role(held.role, role) and held.agrees(new)]
        if not same:
            person.holdings.append(new)
            return
        for holding in same:
            if new.key <= holding.key:
                holding.former = holding.former or (office.former and new.key == holding.key)
                if new.key == holding.key and new.spelled and not holding.spelled:  # `Giám đốc Sở` over `GĐ Sở`
                    holding.office, holding.rule, holding.spelled = office, rule, True
                return
        shorter = [holding for holding in same if holding.key < new.key]
        place = person.holdings.index(shorter[0]) if shorter else len(person.holdings)
        person.holdings.insert(place, new)
        person.holdings = [holding for holding in person.holdings if holding not in shorter]

    def _same_role(self, first: str, second: str) -> bool:
        if first == second:
            return True
        if first.startswith(self.deputies) != second.startswith(self.deputies):
            return False
        return first.rsplit(" ", 1)[-1] == second.rsplit(" ", 1)[-1] or first in second or second in first
