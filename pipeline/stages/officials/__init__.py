"""Persons and their positions; every mention of them.

Roles found by the lexicon are read on to the end of their titles (`offices`), persons' names are found beside them
(`names`), each sentence becomes a row of labels (`labels`), and a grammar over labels ties titles to persons
(`grammar`). `persons` makes one person of all namings, `titles` says what a title means, `mentions` finds whom a
title means that stands alone.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from typing import Any, Final, NamedTuple

from pipeline.document import Document
from pipeline.gazetteer import load
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.stages.officials.grammar import Grammar
from pipeline.stages.officials.labels import Cues, Labeller, Row
from pipeline.stages.officials.mentions import MentionFinder
from pipeline.stages.officials.model import Office, Surroundings
from pipeline.stages.officials.names import Name, NameFinder
from pipeline.stages.officials.offices import OfficeParser
from pipeline.stages.officials.persons import Address, Ledger, People, Person
from pipeline.stages.officials.publish import Given, label_rows, mention_rows, number, official_row
from pipeline.stages.officials.rules import NameFile, OfficeFile, build_tree, role_terms
from pipeline.stages.officials.scene import ADDRESS, ROLES, Scene, address_terms
from pipeline.stages.officials.titles import TitleReader
from pipeline.stages.officials.units import UnitFinder
from pipeline.tables import OfficialRow

__all__ = ["OfficeFile", "describe", "prepare", "run"]

_START: Final = itemgetter(0)
_END: Final = itemgetter(1)
_RANK: Final = "R"
"""The label of ranks and degrees, which belong to the name behind them and to no title before."""
_TIES: Final = frozenset(",-–(")
_TIES_OR_SPACE: Final = " ,-–("


class Prepared(NamedTuple):
    """What `run` needs of the rules."""

    names: NameFinder
    offices: OfficeParser
    grammar: Grammar
    titles: TitleReader
    ledger: Ledger
    mentions: MentionFinder
    address: Address
    historical: frozenset[str]
    cues: Cues
    """Words between persons and titles, forms of address among them: sought in sentences with an office only."""


def describe(row: OfficialRow) -> str:
    """Return the short form of a row: `name | title`."""
    return f"{row.name} | {row.title}"


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Prepared:
    """Read the offices and names, register roles and cues with the lexicon, compile the constructions."""
    offices = book.load("offices.yaml", OfficeFile)
    names = book.load("names.yaml", NameFile)
    lexicon.add(ROLES, role_terms(offices))
    cues = {term: label for label, terms in offices.cues.items() for term in terms}
    for label, terms in (("H", names.honorifics), ("P", names.plural_honorifics), ("R", names.ranks + names.degrees)):
        cues |= dict.fromkeys(terms, label)
    lexicon.add(ADDRESS, address_terms(cues))
    titles = TitleReader(offices, UnitFinder(offices, load(book.path("gazetteer")).units))
    ledger = Ledger(offices.deputies, offices.weightless, offices.distinct, offices.distinct_bodies)
    return Prepared(
        names=NameFinder(names, offices, _places(book, names)),
        offices=OfficeParser(build_tree(offices), offices.words),
        grammar=Grammar(offices),
        titles=titles,
        ledger=ledger,
        mentions=MentionFinder(offices, names, ledger.words, titles),
        address=Address(
            frozenset(names.masculine),
            frozenset(names.feminine),
            frozenset(names.masculine + names.feminine + names.comrades),
        ),
        historical=frozenset(name.lower() for name in names.historical),
        cues=Cues(cues),
    )


def _places(book: RuleBook, names: NameFile) -> frozenset[str]:
    """Return the names of provinces and districts of all times, and of other places, in lower case."""
    units = load(book.path("gazetteer")).units
    known = [unit.name for unit in units if unit.level != "commune"]
    return frozenset(name.lower() for name in known + names.places)


def run(document: Document, prepared: Prepared) -> dict[str, list[Any]]:
    """Return the officials, their mentions, and the labels of every sentence that has an office."""
    scene = Scene(document) if document.hits[ROLES] else None
    if scene is None or not scene.roles:
        return {"officials": [], "official_mentions": [], "05_officials": []}
    names = prepared.names.find(scene)
    starts = set(map(_START, names))
    offices = _offices(scene, prepared, names, starts)
    names = _outside(names, offices)
    names += _names_behind(scene, prepared.names, starts, offices)
    names.sort()
    by_start = {office.start: office for office in offices}
    labelled = _label(scene, prepared.cues, names, by_start)
    links = [link for row in labelled for link in prepared.grammar.links(row, by_start)]
    people = People(scene, prepared.address)
    if links:
        people.add_names(names)
    titles = prepared.titles
    given: dict[int, Given] = {}
    for link in links:
        (start, end, label), title, rule = link
        person = people.of.get(start) if label == "N" else people.meant_by(start, end)
        if person is not None:
            office = by_start[title[0]]
            norm = titles.spelled[scene.text[office.start : office.end]]
            prepared.ledger.hold(person, office, rule, norm, titles.plain[office.role])
            gift = (person, rule)
            given.setdefault(start, gift)
            given.setdefault(office.start, gift)
    holders = [p for p in people.persons if p.holdings and p.name.lower() not in prepared.historical]
    ids = number(holders)
    alone = [by_start[at] for row in labelled for at in row.alone()] if holders else []
    rows = _rows(document, prepared, holders, ids)
    abroad = {row.person_id for row in rows if row.branch == "foreign"}
    foreign = {at for at in ids if ids[at] in abroad}
    standing = prepared.mentions.find(scene.text, alone, holders, foreign) if alone else []
    return {
        "officials": rows,
        "official_mentions": mention_rows(holders, standing, ids),
        "05_officials": label_rows(labelled, by_start, given, people.of, ids),
    }


def _offices(scene: Scene, prepared: Prepared, names: list[Name], starts: set[int]) -> list[Office]:
    """Return the offices in reading order, none inside another, given the names and where they start."""
    finder = prepared.names
    ranks = {begin for at, (begin, _, label) in scene.addressed.items() if label == _RANK and at in starts}
    days = {date.start for date in scene.dates if scene.text[date.start].isupper()}  # `Trưởng ban Sáng 10/5, ông …`
    bounds = starts | ranks | days
    around = Surroundings(scene.role_starts, bounds, scene.localities, finder.places, finder.not_in_name)
    addressed = [name for name in names if name.start in scene.addressed]
    ends = set(map(_END, addressed))
    doubtful: Surroundings | None = None
    text, view = scene.text, scene.document.view
    offices: list[Office] = []
    end = -1
    for hit in scene.roles:
        start = hit[0]
        if start < end:
            continue
        known = around
        if not _TIES.isdisjoint(text[start - 2 : start]) and _tied_to(text, start) in ends:
            known = doubtful = doubtful or around._replace(names=_sure(scene, names, addressed))
        office = prepared.offices.parse(view, known, hit)
        if office is not None:
            offices.append(office)
            end = office.end
    return offices


def _tied_to(text: str, start: int) -> int:
    """Return the end of what a comma, dash or bracket ties a role to."""
    begin = max(0, start - 3)
    return begin + len(text[begin:start].rstrip(_TIES_OR_SPACE))


def _sure(scene: Scene, names: list[Name], addressed: list[Name]) -> set[int]:
    """Return the starts of the names that end a title even behind a person addressed, where a place may end it.

    A name of two syllables that are nowhere addressed as a person may be a place's or a school's.
    """
    folded = scene.folded
    persons = {folded[start:end] for start, end, _ in addressed}
    return {
        start
        for start, end, full in names
        if not full or folded.count(" ", start, end) != 1 or folded[start:end] in persons
    }


def _outside(names: list[Name], offices: list[Office]) -> list[Name]:
    """Return the names that are no part of a title."""
    starts = list(map(_START, names))
    for office in reversed(offices):
        first, behind = bisect_left(starts, office.start), bisect_left(starts, office.end)
        if first < behind:
            names = names[:first] + names[behind:]
    return names


def _names_behind(scene: Scene, finder: NameFinder, starts: set[int], offices: list[Office]) -> list[Name]:
    """Return the names of no known surname that stand right behind a complete title, where no other name starts."""
    text = scene.text
    found = []
    for office in offices:
        start = office.behind + 1
        if office.complete and text[start : start + 1].isupper() and text[start - 1] == " " and start not in starts:
            free = start not in scene.role_starts and not scene.locality_end(start)
            if free and (name := finder.behind(text, start)):
                found.append(name)
    return found


def _label(scene: Scene, cues: Cues, names: list[Name], offices: dict[int, Office]) -> list[Row]:
    """Return the labels of every sentence that has an office."""
    labeller = Labeller(scene, cues, names, offices)
    return [labeller.read(start, end) for start, end in scene.sentences(list(offices))]


def _rows(document: Document, prepared: Prepared, holders: list[Person], ids: dict[int, str]) -> list[OfficialRow]:
    """Return the offices of the persons that hold one, with what each title means."""
    text = document.view.text
    rows: list[OfficialRow] = []
    for person in holders:
        meanings = prepared.titles.read([holding.office for holding in person.holdings], document)
        if prepared.names.is_foreign(person.name.lower()) or "foreign" in [m.branch for m in meanings]:
            meanings = [meaning._replace(branch="foreign") for meaning in meanings]
        for holding, meaning in zip(person.holdings, meanings, strict=True):
            title = text[holding.office.start : holding.office.end]
            rows.append(official_row(person, ids[id(person)], holding, meaning, title))
    return rows
