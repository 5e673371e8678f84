"""The rules of `model_counts.yaml`: heads that are counted, and what tells a practice from other things so called."""

from __future__ import annotations

import re
from typing import NamedTuple

from pydantic import Field

from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.numbers import NumberGrammar
from pipeline.grammar.qualifiers import Qualifiers
from pipeline.grammar.rules import Rule, RuleBook, RuleFile, alternatives, compile_plain

LEXICON_KIND = "model_head"
"""Lexicon kind of the heads; an article without a hit is not read for numbers at all."""


class ModelRule(Rule):
    """A kind of head: its nouns, the cues for and against it, and what holds without a cue."""

    heads: list[str] = Field(default=[])
    open_head: str | None = None
    open_needs: list[str] = Field(default=[])
    """Words without one of which `open_head` is not looked for."""
    sure: list[str] = Field(default=[])
    after: list[str] = Field(default=[])
    before: list[str] = Field(default=[])
    never_after: list[str] = Field(default=[])
    never_before: list[str] = Field(default=[])
    never_next: list[str] = Field(default=[])
    never_directly_after: list[str] = Field(default=[])
    assume: bool
    vote: bool = False


class ModelFile(RuleFile):
    """`model_counts.yaml`."""

    rules: list[ModelRule]  # type: ignore[assignment]  # narrower than the base, and only read
    leaders: list[str]
    partners: list[str]
    joints: list[str]
    one: str
    one_counts_after: list[str]
    one_counts_before: list[str]
    one_counts_for_each: list[str]
    one_is_article_after: list[str]
    series_joints: list[str]
    year: str
    year_after: list[str]
    part_cues: list[str]
    status: dict[str, list[str]]
    name_stops: list[str]


class Kind(NamedTuple):
    """A rule with its compiled cues; `after` and `never_after` are groups of one pattern, the earliest wins."""

    rule: ModelRule
    sure: re.Pattern[str] | None
    after: re.Pattern[str] | None
    before: re.Pattern[str] | None
    never_before: re.Pattern[str] | None
    never_next: re.Pattern[str] | None
    never_directly_after: re.Pattern[str] | None


class OneCounts(NamedTuple):
    """What tells `một` that counts from the article: words before it, words after the head, `mỗi … một`.

    `article` holds the words right before `một` that make it an article after all (`mỗi người là một tấm gương`);
    `series` matches what parts it from the count before it.
    """

    word: str
    after: re.Pattern[str]
    before: re.Pattern[str]
    for_each: re.Pattern[str]
    article: re.Pattern[str]
    series: re.Pattern[str]


class Prepared(NamedTuple):
    """What the stage matches with; every pattern reads the folded view."""

    numbers: NumberGrammar
    qualifiers: Qualifiers
    head: re.Pattern[str]
    by_head: dict[str, Kind]
    open_heads: tuple[tuple[re.Pattern[str], Kind], ...]
    one: OneCounts
    year: str
    year_after: re.Pattern[str]
    part_cue: re.Pattern[str]
    status: re.Pattern[str]
    status_of: dict[str, str]
    name_stop: re.Pattern[str]


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Prepared:
    """Compile `model_counts.yaml` and register its heads.

    Raises:
        RuleError: If the file is broken.
    """
    file = book.load("model_counts.yaml", ModelFile)
    kinds = [_kind(rule) for rule in file.rules]
    by_head = {head: kind for kind in kinds for head in kind.rule.heads}
    lexicon.add(LEXICON_KIND, [*by_head, *(word for kind in kinds for word in kind.rule.open_needs)])
    status_of = {verb: code for code, verbs in file.status.items() for verb in verbs}
    return Prepared(
        numbers=NumberGrammar(book, lexicon),
        qualifiers=Qualifiers(book),
        head=compile_plain(_head_pattern(file, by_head), file.atoms),
        by_head=by_head,
        open_heads=tuple(
            (compile_plain(kind.rule.open_head, file.atoms), kind) for kind in kinds if kind.rule.open_head
        ),
        one=OneCounts(
            file.one,
            re.compile(rf"(?<!\w){alternatives(file.one_counts_after)} \Z"),
            re.compile(rf"[^.;:\n]{{0,20}} {alternatives(file.one_counts_before)}(?!\w)"),
            re.compile(rf"(?<!\w){alternatives(file.one_counts_for_each)} [^.;:\n]*\Z"),
            re.compile(rf"(?<!\w){alternatives(file.one_is_article_after)} \Z"),
            re.compile(rf"[^,.;:()\n]*{alternatives(file.series_joints)}"),
        ),
        year=file.year,
        year_after=re.compile(rf"(?<!\w){alternatives(file.year_after)} \Z"),
        part_cue=re.compile(rf"(?<!\w){alternatives(file.part_cues)}(?!\w)"),
        status=re.compile(rf"(?<!\w){alternatives(status_of)}(?!\w)"),
        status_of=status_of,
        name_stop=re.compile(rf"[^\w\s]|\n| (?:{alternatives(file.name_stops)}|[0-9]+)(?!\w)"),
    )


def _head_pattern(file: ModelFile, by_head: dict[str, Kind]) -> str:
    """Return the pattern of a unit: a head, nouns that lead to it, heads and partners joined to it."""
    heads = alternatives(by_head)
    joint = "(?:" + "|".join(map(re.escape, file.joints)) + ")"
    leaders = rf"(?:{alternatives(file.leaders)}{joint}){{0,3}}"
    joined = rf"(?:{joint}(?:{heads}|{alternatives(file.partners)})(?!\w)){{0,4}}"
    return rf"{leaders}(?P<head>{heads})(?!\w){joined}"


def _kind(rule: ModelRule) -> Kind:
    after = [f"(?P<for>{alternatives(rule.after)})"] if rule.after else []
    against = [f"(?P<against>{alternatives(rule.never_after)})"] if rule.never_after else []
    return Kind(
        rule,
        _words(rule.sure),
        re.compile(rf"(?<!\w)(?:{'|'.join(after + against)})(?:(?!\w)|(?<=\W))") if after or against else None,
        _words(rule.before),
        _words(rule.never_before),
        re.compile(rf",? [“\"]?{alternatives(rule.never_next)}(?!\w)") if rule.never_next else None,
        re.compile(rf"(?<!\w){alternatives(rule.never_directly_after)} \Z") if rule.never_directly_after else None,
    )


def _words(words: list[str]) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w){alternatives(words)}(?!\w)") if words else None
