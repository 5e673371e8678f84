"""What the localities stage knows: the shape of its rule file, and the same made ready for look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import regex
from pydantic import BaseModel, ConfigDict

from pipeline.gazetteer import Gazetteer, Unit
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook, RuleFile, compile_pattern

FILE: Final = "localities.yaml"
_NUMERAL = regex.compile(r"\d+|[ivx]+")
Types = frozenset[tuple[str, str]]
"""Pairs of level and type that a type word stands for; an empty type means any of that level."""


class Patterns(BaseModel):
    """Patterns around names, as written in the rule file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    link: str
    list_gap: str
    separator: str
    place_cue: str
    venue: str
    route: str
    credit: str
    house: str
    numbered: str
    next_number: str
    hamlet_number: str


class LocalityFile(RuleFile):
    """`localities.yaml`."""

    types: dict[str, list[str]]
    offices: dict[str, list[str]]
    hamlets: list[str]
    numbered_hamlets: list[str]
    not_hamlet: list[str]
    modifiers: list[str]
    not_names: list[str]
    openers: list[str]
    heads: dict[str, list[str]]
    name_heads: list[str]
    office_ends: list[str]
    after_provinces: list[str]
    bodies: list[str]
    compounds: list[str]
    phrase_ends: list[str]
    decoys: list[str]
    needs_type: list[str]
    historical: list[str]
    foreign: list[str]
    surnames: list[str]
    short_names: list[str]
    given_names: list[str]
    type_compounds: list[str]
    common_hamlets: list[str]
    hamlet_compounds: list[str]
    text_compounds: list[str]
    plurals: list[str]
    patterns: Patterns


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A type word or office: what it stands for, whether it needs a full stop, whether it is in the span."""

    word: str
    types: Types
    dotted: bool = False
    office: bool = False


@dataclass(frozen=True)
class Knowledge:
    """The rules of the stage with the gazetteer, ready for look-ups; all words in lower case."""

    gazetteer: Gazetteer
    numbered: frozenset[str]
    not_hamlet: tuple[str, ...]
    modifiers: regex.Pattern[str]
    not_names: tuple[str, ...]
    openers: frozenset[str]
    heads: dict[str, str]
    name_heads: frozenset[str]
    office_ends: frozenset[str]
    after_provinces: frozenset[str]
    bodies: frozenset[str]
    compounds: frozenset[str]
    phrase_ends: frozenset[str]
    needs_type: frozenset[str]
    historical: frozenset[str]
    foreign: frozenset[str]
    surnames: frozenset[str]
    short_names: frozenset[str]
    given_names: frozenset[str]
    type_compounds: tuple[str, ...]
    common_hamlets: frozenset[str]
    hamlet_compounds: tuple[str, ...]
    text_compounds: tuple[str, ...]
    plurals: regex.Pattern[str]
    patterns: Mapping[str, regex.Pattern[str]]

    def units(self, name: str) -> list[Unit]:
        """Return the units that a name in lower case may mean."""
        return self.gazetteer.by_name.get(name, [])


def _types(pairs: list[str]) -> Types:
    return frozenset((pair.partition(" ")[0], pair.partition(" ")[2]) for pair in pairs)


def _alternatives(words: list[str]) -> str:
    return "|".join(regex.escape(word) for word in sorted(words, key=len, reverse=True))


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Knowledge:
    """Read the rule file and the gazetteer, and register their terms with the lexicon."""
    file = book.load(FILE, LocalityFile)
    gazetteer = Gazetteer(book.path("gazetteer"))
    names: dict[str, Any] = {name: units for name, units in gazetteer.by_name.items() if not _NUMERAL.fullmatch(name)}
    names |= {name: [] for name in (*file.foreign, *file.historical) if name not in names}
    lexicon.add("place", names, overlapping=True)
    words = {w.rstrip("."): TypeWord(w, _types(t), dotted=w.endswith(".")) for w, t in file.types.items()}
    words |= {w: TypeWord(w, _types(t), office=True) for w, t in file.offices.items()}
    lexicon.add("place_type", words, overlapping=True)
    lexicon.add("place_hamlet", {word.rstrip("."): word for word in file.hamlets})
    lexicon.add("place_decoy", file.decoys)
    types = [word for word, kind in words.items() if not kind.office and len(word) > 1]
    return Knowledge(
        gazetteer=gazetteer,
        numbered=frozenset(file.numbered_hamlets),
        not_hamlet=tuple(file.not_hamlet),
        modifiers=regex.compile(rf"(?<!\w)({_alternatives(types)})((?: (?:{_alternatives(file.modifiers)})){{1,2}}) $"),
        not_names=tuple(file.not_names),
        openers=frozenset(file.openers),
        heads={word: kind for kind, group in file.heads.items() for word in group},
        name_heads=frozenset(file.name_heads),
        after_provinces=frozenset(file.after_provinces),
        office_ends=frozenset(file.office_ends),
        bodies=frozenset(file.bodies),
        compounds=frozenset(file.compounds),
        phrase_ends=frozenset(file.phrase_ends),
        needs_type=frozenset(file.needs_type),
        historical=frozenset(file.historical),
        foreign=frozenset(file.foreign),
        surnames=frozenset(file.surnames),
        given_names=frozenset(file.given_names),
        short_names=frozenset(file.short_names),
        type_compounds=tuple(f"{word} " for word in file.type_compounds),
        common_hamlets=frozenset(file.common_hamlets),
        hamlet_compounds=tuple(f"{word} " for word in file.hamlet_compounds),
        text_compounds=tuple(f"{word} " for word in file.text_compounds),
        patterns={name: compile_pattern(pattern, {}, flags=0) for name, pattern in file.patterns},
        plurals=regex.compile(rf"(?<!\w)(?:\d+|{_alternatives(file.plurals)}) $"),
    )
