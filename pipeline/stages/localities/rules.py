"""What the localities stage knows: the shape of its rule file, and the same made ready for look-ups."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from pipeline.gazetteer import Gazetteer, Unit, load
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook, RuleFile, alternatives, compile_plain
from pipeline.stages.localities.before import WordsBefore
from pipeline.stages.localities.names import Name, Types, numbers

FILE: Final = "localities.yaml"
_SETS: Final = (
    "numbered_hamlets", "common_hamlets", "text_words", "list_openers", "openers", "name_heads",
    "office_ends", "after_provinces", "bodies", "compounds", "phrase_ends", "needs_type", "eponyms", "historical",
    "foreign", "surnames", "short_names", "given_names", "capitals", "residence",
    "ages", "residence_after_comma", "acting", "of", "acting_heads", "not_acting", "hamlet_compounds",
    "hamlet_heads",
)  # fmt: skip
"""Word lists that are looked up as they are."""
MARKS: Final = "(),\"“”'–-"
"""What may stand around a word."""
_SHORTEST_LONE: Final = 3
"""Letters of a type word that tells something without a name: `xã`, `TP` do not."""
_NUMERAL = re.compile(r"\d+|[ivx]+")


class Patterns(BaseModel):
    """Patterns around names, as written in the rule file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    link: str
    list_gap: str
    separator: str
    abroad: str
    place_cue: str
    venue: str
    route: str
    credit: str
    house: str
    number: str
    next_number: str
    hamlet_number: str
    syllable: str


class LocalityFile(RuleFile):
    """`localities.yaml`."""

    types: dict[str, list[str]]
    offices: dict[str, list[str]]
    numbered_types: list[str]
    ranks: list[str]
    capitals: list[str]
    residence: list[str]
    ages: list[str]
    residence_after_comma: list[str]
    acting: list[str]
    of: list[str]
    acting_heads: list[str]
    not_acting: list[str]
    office_breaks: list[str]
    typed_aliases: list[str]
    hamlets: list[str]
    numbered_hamlets: list[str]
    named_groups: dict[str, list[str]]
    text_words: list[str]
    hamlet_heads: list[str]
    not_hamlet: list[str]
    not_common: list[str]
    list_openers: list[str]
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
    eponyms: list[str]
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
    countries: list[str]
    number_words: list[str]
    patterns: Patterns


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A type word or office.

    Attributes:
        word: As the rules write it, in lower case, without a full stop at the end.
        types: What it stands for.
        dotted: Whether it needs a full stop.
        office: Whether the span of the mention leaves it out.
        plain: Whether it can be nothing else than a type word.
        numbered: Whether a number after it is a name.
        lone: Whether it tells something without a name too.
        commune: Whether it stands for a commune.
        levels: The levels of what it stands for.
        kinds: The types of what it stands for.
    """

    word: str
    types: Types
    dotted: bool = False
    office: bool = False
    plain: bool = True
    numbered: bool = False
    lone: bool = True
    commune: bool = False
    levels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Knowledge:
    """The rules of the stage with the gazetteer, ready for look-ups; all words in lower case.

    `ends_office` has the last words of offices that may act, and, true, the words that no office's name goes on behind.
    Of `modifier_starts` two letters, of `plural_ends` the last two and the space behind are kept: a quick first look.
    """

    gazetteer: Gazetteer
    numbers: Mapping[str, Name]
    typed_aliases: tuple[str, ...]
    numbered_hamlets: frozenset[str]
    number_words: tuple[str, ...]
    named_groups: Mapping[str, list[str]]
    common_hamlets: frozenset[str]
    hamlet_compounds: frozenset[str]
    hamlet_heads: frozenset[str]
    text_words: frozenset[str]
    text_compounds: tuple[str, ...]
    not_hamlet: re.Pattern[str]
    not_common: re.Pattern[str]
    not_names: re.Pattern[str]
    modifier: re.Pattern[str]
    modifier_starts: frozenset[str]
    list_openers: frozenset[str]
    list_intro: re.Pattern[str]
    plurals: re.Pattern[str]
    plural_ends: frozenset[str]
    openers: frozenset[str]
    heads: dict[str, str]
    head_ends: frozenset[str]
    words_before: WordsBefore
    name_heads: frozenset[str]
    name_head_ends: frozenset[str]
    office_ends: frozenset[str]
    after_provinces: frozenset[str]
    bodies: frozenset[str]
    compounds: frozenset[str]
    phrase_ends: frozenset[str]
    needs_type: frozenset[str]
    eponyms: frozenset[str]
    historical: frozenset[str]
    foreign: frozenset[str]
    surnames: frozenset[str]
    short_names: frozenset[str]
    given_names: frozenset[str]
    capitals: frozenset[str]
    residence: frozenset[str]
    ages: frozenset[str]
    residence_after_comma: frozenset[str]
    acting: frozenset[str]
    of: frozenset[str]
    acting_heads: frozenset[str]
    not_acting: frozenset[str]
    ends_office: Mapping[str, bool]
    patterns: Mapping[str, re.Pattern[str]]
    is_link: Callable[[str], bool]
    is_list_gap: Callable[[str], bool]
    is_syllable: Callable[[str], bool]

    def units(self, name: str) -> list[Unit]:
        """Return the units that a name in lower case may mean."""
        return self.gazetteer.by_name.get(name, [])


@cache
def _types(pairs: tuple[str, ...]) -> Types:
    """Return levels and types; one and the same object for the same ones, which are then alike at a glance."""
    return frozenset((pair.partition(" ")[0], pair.partition(" ")[2]) for pair in pairs)


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _last_words(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(term.rpartition(" ")[2] for term in terms)


def _start_with(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{_alternatives(words)})(?!\w)")


def _type_words(file: LocalityFile) -> dict[str, TypeWord]:
    words: dict[str, TypeWord] = {}
    for written, pairs in file.types.items():
        word = written.rstrip(".")
        plain = len(word) > 1 and word not in file.ranks
        numbered = written in file.numbered_types
        dotted = written.endswith(".")
        lone = len(word) >= _SHORTEST_LONE and not dotted
        words[word] = _type_word(word, pairs, dotted=dotted, plain=plain, numbered=numbered, lone=lone)
    return words | {word: _type_word(word, pairs, office=True) for word, pairs in file.offices.items()}


def _type_word(word: str, pairs: list[str], **uses: bool) -> TypeWord:
    types = _types(tuple(sorted(pairs)))
    levels = frozenset(level for level, _ in types)
    return TypeWord(
        word, types, commune="commune" in levels, levels=levels, kinds=frozenset(kind for _, kind in types), **uses
    )


def _register(file: LocalityFile, gazetteer: Gazetteer, words: dict[str, TypeWord], lexicon: LexiconBuilder) -> None:
    known = {name: units for name, units in gazetteer.by_name.items() if not _NUMERAL.fullmatch(name)}
    names = {name: list[Unit]() for name in (*file.foreign, *file.historical)} | known
    lexicon.add("place", {name: Name(name, units) for name, units in names.items()}, overlapping=True)
    lexicon.add("place_type", words, overlapping=True)
    lexicon.add("place_no_type", [f"{before} {word}" for before in file.type_compounds for word in words])
    lexicon.add("place_hamlet", {word.rstrip("."): word for word in file.hamlets})
    lexicon.add("place_decoy", file.decoys)
    lexicon.add("place_abroad", file.countries)
    lexicon.add("place_residence", {*file.residence, *file.ages, *file.residence_after_comma})


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Knowledge:
    """Read the rule file and the gazetteer, and register their terms with the lexicon."""
    file = book.load(FILE, LocalityFile)
    gazetteer = load(book.path("gazetteer"))
    words = _type_words(file)
    _register(file, gazetteer, words, lexicon)
    types = _alternatives([word for word, kind in words.items() if not kind.office and len(word) > 1])
    plural = rf"(?<!\w)(?:\d+|{_alternatives(file.plurals)}) "
    opener = rf"(?: (?:{_alternatives(file.list_openers)})|:) $"
    ready: dict[str, Any] = {name: frozenset(getattr(file, name)) for name in _SETS}
    heads = {word: kind for kind, group in file.heads.items() for word in group}
    head_ends = _last_words(heads)
    atoms = {"country": alternatives(file.countries), "number_word": alternatives(file.number_words)}
    patterns = {name: compile_plain(pattern, atoms) for name, pattern in file.patterns}
    return Knowledge(
        gazetteer=gazetteer,
        numbers=numbers(gazetteer.by_name),
        typed_aliases=tuple(file.typed_aliases),
        number_words=tuple(file.number_words),
        text_compounds=tuple(f"{word} " for word in file.text_compounds),
        named_groups=file.named_groups,
        not_hamlet=_start_with(file.not_hamlet),
        not_common=_start_with(file.not_common),
        not_names=_start_with(file.not_names),
        modifier=re.compile(rf"(?:{_alternatives(file.modifiers)}) "),
        modifier_starts=frozenset(words[:2] for words in file.modifiers),
        list_intro=re.compile(rf"{plural}({types})(?!\w)[^.;:\n]{{0,40}}{opener}"),
        plurals=re.compile(rf"{plural}$"),
        plural_ends=frozenset(f"{words} "[-3:] for words in file.plurals),
        name_head_ends=_last_words(file.name_heads),
        ends_office=dict.fromkeys(_last_words((*file.acting, *file.acting_heads)), False)
        | dict.fromkeys(file.office_breaks, True),
        heads=heads,
        head_ends=head_ends,
        words_before=WordsBefore(
            ready["phrase_ends"] - head_ends, heads, ready["compounds"], ready["openers"], ready["office_ends"]
        ),
        patterns=patterns,
        is_link=_remembered(patterns["link"]),
        is_list_gap=_remembered(patterns["list_gap"]),
        is_syllable=_remembered(patterns["syllable"]),
        **ready,
    )


def _remembered(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Return what tells whether a pattern fits a whole text, for short texts that articles repeat (`, `, ` và `)."""

    @lru_cache(maxsize=4096)
    def fits(text: str) -> bool:
        return pattern.fullmatch(text) is not None

    return fits
