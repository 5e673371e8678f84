"""Persons and their positions; every mention of them.

Roles found by the lexicon are read on to the end of their titles (`offices`), persons' names are found beside them
(`names`), each line becomes a row of labels (`labels`), and a grammar over labels ties titles to persons
(`grammar`). `persons` makes one person of all namings, `titles` says what a title means.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from typing import Any, NamedTuple

from pipeline.document import Document
from pipeline.gazetteer import Gazetteer
from pipeline.grammar.lexicon import Hit, LexiconBuilder
from pipeline.grammar.rules import RuleBook
from pipeline.stages.officials.grammar import Grammar
from pipeline.stages.officials.labels import Item, label_line
from pipeline.stages.officials.mentions import MentionFinder
from pipeline.stages.officials.names import Name, NameFinder, Syllable, trim_to_known
from pipeline.stages.officials.offices import Office, OfficeParser
from pipeline.stages.officials.persons import People, Person, hold, name_key
from pipeline.stages.officials.rules import NameFile, OfficeFile, WordTree, build_tree, role_terms
from pipeline.stages.officials.titles import TitleReader
from pipeline.tables import LabelRow, OfficialMentionRow, OfficialRow

ADDRESS = frozenset("HRP")


class Prepared(NamedTuple):
    """What `run` needs of the rules."""

    names: NameFinder
    tree: WordTree
    grammar: Grammar
    titles: TitleReader
    mentions: MentionFinder
    types: frozenset[str]
    body_ends: tuple[str, ...]
    title_words: tuple[str, ...]
    masculine: tuple[str, ...]
    feminine: tuple[str, ...]
    historical: frozenset[str]
    named_after: tuple[str, ...]


def describe(row: OfficialRow) -> str:
    """Return the short form of a row: `name | title`."""
    return f"{row.name} | {row.title}"


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Prepared:
    """Read the offices and names, register roles and cues with the lexicon, compile the constructions."""
    offices = book.load("offices.yaml", OfficeFile)
    names = book.load("names.yaml", NameFile)
    lexicon.add("officials.role", role_terms(offices))
    cues = {term: label for label, terms in offices.cues.items() for term in terms}
    for label, terms in (("H", names.honorifics), ("P", names.plural_honorifics), ("R", names.ranks + names.degrees)):
        cues |= dict.fromkeys(terms, label)
    lexicon.add("officials.cue", cues)
    places = {unit.name.lower() for unit in Gazetteer(book.path("gazetteer")).units if unit.level != "commune"}
    places |= {place.lower() for place in names.places}
    types = frozenset(term for terms in offices.locality_types.values() for term in terms)
    finder = NameFinder(names.surnames.common, names.surnames.other, places, names.not_in_name)
    finder.bigrams = _bigrams(offices)
    finder.verbs = finder.not_in_name | {term.lower() for term in offices.stops if " " not in term}
    titles = TitleReader(offices)
    bodies = [term for body in offices.bodies for term in body.terms if " " in term]
    return Prepared(
        finder,
        build_tree(offices),
        Grammar(offices),
        titles,
        MentionFinder(offices.generic_before, offices.crowd_roles, titles.spell_out),
        types,
        tuple(f" {term}" for term in bodies if term.rsplit(" ", 1)[-1] in finder.surnames),
        tuple(offices.role_modifiers + bodies + [term for term in offices.fields if " " in term]),
        tuple(names.masculine),
        tuple(names.feminine),
        frozenset(name.lower() for name in names.historical),
        tuple(f" {word} " for word in names.named_after),
    )


def _bigrams(offices: OfficeFile) -> frozenset[tuple[str, str]]:
    """Return the first two words of bodies: a capital before the second word belongs to no name (`Quốc hội`)."""
    terms = [term.lower().split() for body in offices.bodies for term in body.terms]
    return frozenset((words[0], words[1]) for words in terms if len(words) > 1)


def run(document: Document, prepared: Prepared) -> dict[str, list[Any]]:
    """Return the officials, their mentions, and the labels of every line that has an office or a person."""
    return _Reading(document, prepared).rows()


class _Reading:
    """One document on its way through the stage."""

    def __init__(self, document: Document, prepared: Prepared) -> None:
        self.document = document
        self.prepared = prepared
        self.text = document.view.text
        self.roles: list[Hit] = [hit for hit in document.hits["officials.role"] if hit.value.after != "block"]
        self.blocks = {hit.start for hit in document.hits["officials.role"] if hit.value.after == "block"}
        self.cues: list[Hit] = document.hits["officials.cue"]
        self.address = {hit.end: hit for hit in self.cues if hit.value in ADDRESS}
        self.parts = [(p.start, p.end) for p in document.rows["01_layout"] if p.kind != "furniture"]
        rows = document.rows.get("localities") or ()
        self.localities = {row.start: (row.end, row.level) for row in rows}
        self.covered = {at: row.end for row in rows for at in range(row.start, row.end)}
        self.people = People(self.text, prepared.masculine, prepared.feminine)
        self.labels: list[LabelRow] = []

    def rows(self) -> dict[str, list[Any]]:
        names = self.find_names()
        offices = self.find_offices(names)
        names = self.names_behind(offices, names)
        self.people.add_names(names, self.honorific)
        labelled = [self.label(start, end, names, offices) for start, end in self.sentences_of(offices)]
        links = [link for row in labelled for link in self.prepared.grammar.links(row)]
        for link in links:
            person = self.person(link.name)
            if person is None:
                continue
            norm = self.prepared.titles.spell_out(self.text[link.title.start : link.title.end])
            hold(person, link.title, link.rule, norm, self.prepared.titles.spell_out(link.title.ref.role))
        return self.publish(labelled)

    def person(self, item: Item) -> Person | None:
        return self.people.meant_by(item) if item.label == "O" else self.people.of.get(item.start)

    # -- names

    def find_names(self) -> list[Name]:
        """Return all names in reading order, each in the extent that the article's other names support."""
        finder = self.prepared.names
        cuts = {hit.start for hit in self.roles}
        before = self.address.keys() | {hit.end for hit in self.roles}
        runs = [run for start, end in self.parts for run in finder.runs(self.text, start, end, cuts, before)]
        known: Counter[str] = Counter()
        direct = [self.is_addressed(run) for run in runs]
        for run, is_direct in zip(runs, direct, strict=True):
            if (is_direct or run[0].text.lower() in finder.surnames) and 1 < len(run) <= 4:
                known[self.text[run[0].start : run[-1].end].lower()] += 2 if is_direct else 1
        pairs = zip(runs, direct, strict=True)
        names = [name for run, is_direct in pairs if (name := self.name_of(run, is_direct, known)) is not None]
        names = [trim_to_known(name, self.text, known) for name in names]
        addressed = {name_key(self.text[r[0].start : r[-1].end]) for r, d in zip(runs, direct, strict=True) if d}
        names = [n for n in names if not self.names_a_thing(n, addressed)]
        return self.with_given_names(names, runs)

    def is_addressed(self, run: list[Syllable]) -> bool:
        """Tell whether a form of address, rank or degree stands right before the run."""
        start = run[0].start
        if self.text[start - 1 : start] in {" ", "\n", "."} and start - 1 in self.address:
            return True
        return self.text[start - 2 : start] == ". " and start - 2 in self.address

    def names_a_thing(self, name: Name, addressed: set[str]) -> bool:
        """Tell whether a school, street or award is called by the name, and nobody in the article is."""
        before = self.document.view.folded[max(0, name.start - 24) : name.start]
        if not before.endswith(self.prepared.named_after):
            return False
        return name_key(self.text[name.start : name.end]) not in addressed

    def name_of(self, run: list[Syllable], direct: bool, known: Counter[str]) -> Name | None:
        finder = self.prepared.names
        if run[0].start in self.blocks or (len(run) == 1 and run[0].start in self.covered):
            return None
        if len(run) > 1 and self.document.view.folded.endswith(self.prepared.body_ends, 0, run[0].end):
            run = run[1:]
        marked = self.marked(run) or finder.place_length(run)
        if direct:
            return finder.addressed(run) if marked < len(run) or len(run) == 1 else None
        if len(run) < 2:
            return None
        follows_type = self.after_type_word(run)
        return finder.split(run, known, marked=0 if follows_type and marked == 1 else marked, follows_type=follows_type)

    def after_type_word(self, run: list[Syllable]) -> bool:
        """Tell whether a type word (`tỉnh`, `xã`) stands before the run."""
        before = self.document.view.folded[max(0, run[0].start - 12) : run[0].start].split(" ")
        types = self.prepared.types
        return len(before) > 1 and (before[-2] in types or " ".join(before[-3:-1]) in types)

    def marked(self, run: list[Syllable]) -> int:
        """Return how many syllables of the run an earlier stage took for a locality."""
        end = self.covered.get(run[0].start)
        return sum(syllable.end <= end for syllable in run) if end else 0

    def with_given_names(self, names: list[Name], runs: list[list[Syllable]]) -> list[Name]:
        """Add single syllables after a role that are somebody's given name (`Bí thư Thăng`)."""
        given = {name_key(self.text[n.start : n.end]).rsplit(" ", 1)[-1] for n in names}
        taken = {name.start for name in names}
        ends = {hit.end + 1 for hit in self.roles}
        for run in runs:
            first = run[0]
            if first.start not in ends or first.start in taken or len(run) > 1 or name_key(first.text) not in given:
                continue
            if not self.document.view.folded.startswith(self.prepared.title_words, first.start):
                names.append(Name(first.start, first.end, False))
        return sorted(names)

    def honorific(self, name: Name) -> str | None:
        hit = self.address.get(name.start - 1) or self.address.get(name.start - 2)
        return self.text[hit.start : hit.end] if hit is not None and hit.value != "P" else None

    # -- offices

    def find_offices(self, names: list[Name]) -> list[Office]:
        """Return the offices in reading order, none inside another or inside a name."""
        prepared = self.prepared
        parser = OfficeParser(
            self.text,
            self.document.view.folded,
            prepared.tree,
            {hit.start for hit in self.roles},
            {name.start for name in names},
            self.localities,
            prepared.names.places,
            prepared.names.not_in_name,
        )
        inside = {at for name in names for at in range(name.start, name.end)}
        offices: list[Office] = []
        end = -1
        for hit in self.roles:
            if hit.start < end or hit.start in inside:
                continue
            office = parser.parse(hit, len(self.text))
            if office is not None:
                offices.append(office)
                end = office.end
        return offices

    def names_behind(self, offices: list[Office], names: list[Name]) -> list[Name]:
        """Return the names with those of no known surname that stand right behind a complete title."""
        starts = {name.start for name in names} | {hit.start for hit in self.roles} | self.covered.keys()
        finder = self.prepared.names
        ends = [office.end + 1 for office in offices if office.complete and office.end + 1 not in starts]
        found = [name for end in ends if self.text[end - 1 : end] == " " and (name := finder.behind(self.text, end))]
        return sorted(names + found)

    # -- sentences

    def sentences_of(self, offices: list[Office]) -> list[tuple[int, int]]:
        """Return the spans of the sentences that have an office."""
        sentences = self.document.rows["02_sentences"]
        starts = [row.start for row in sentences]
        found = {bisect_right(starts, office.start) - 1 for office in offices}
        return [(sentences[at].start, sentences[at].end) for at in sorted(found) if at >= 0]

    def label(self, start: int, end: int, names: list[Name], offices: list[Office]) -> list[Item]:
        return label_line(
            self.document,
            start,
            end,
            names[bisect_left(names, (start,)) : bisect_left(names, (end,))],
            [office for office in offices if start <= office.start < end],
            self.cues[bisect_left(self.cues, (start,)) : bisect_left(self.cues, (end,))],
        )

    # -- rows

    def publish(self, labelled: list[list[Item]]) -> dict[str, list[Any]]:
        officials: list[OfficialRow] = []
        mentions: list[OfficialMentionRow] = []
        holders = [p for p in self.people.persons if p.holdings and p.name.lower() not in self.prepared.historical]
        ids = {id(person): f"p{number}" for number, person in enumerate(holders, 1)}
        for person in holders:
            number = ids[id(person)]
            officials += [self.official(person, number, holding) for holding in person.holdings]
            for name in person.namings:
                kind = "name" if name.full else "short_name"
                mentions.append(OfficialMentionRow(name.start, name.end, number, kind))
        alone = [item.ref for row in labelled for item in row if item.label == "T"]
        for standing in self.prepared.mentions.find(self.text, alone, holders):
            mentions.append(OfficialMentionRow(standing.start, standing.end, ids[id(standing.person)], "title"))
        mentions.sort(key=lambda row: row.start)
        return {"officials": officials, "official_mentions": mentions, "05_officials": self.label_rows(labelled, ids)}

    def official(self, person: Person, number: str, holding: Any) -> OfficialRow:
        office = holding.office
        meaning = self.prepared.titles.read(office, self.document)
        return OfficialRow(
            start=office.start,
            end=office.end,
            person_id=number,
            name=person.name,
            honorific=person.honorific,
            title=self.text[office.start : office.end],
            title_norm=meaning.title_norm,
            role=meaning.role,
            organization=meaning.organization,
            branch=meaning.branch,
            level=meaning.level,
            unit_path=meaning.unit_path,
            unit_code=meaning.unit_code,
            former=holding.former,
            rule=holding.rule,
        )

    def label_rows(self, labelled: list[list[Item]], ids: dict[int, str]) -> list[LabelRow]:
        rows = []
        for row in labelled:
            for item in row:
                if item.label in "NTtHRPC":
                    person = self.people.of.get(item.start) if item.label == "N" else None
                    rows.append(LabelRow(item.start, item.end, item.label, ids.get(id(person)) if person else None))
        return rows
