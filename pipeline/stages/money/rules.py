"""The rules of `money.yaml`: currencies, bank-notes, what makes a plain amount, what an amount is paid for."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pydantic import Field

from pipeline import alphabet
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.numbers import NumberGrammar
from pipeline.grammar.qualifiers import Qualifiers
from pipeline.grammar.rules import Rule, RuleBook, RuleFile, alternatives, compile_plain


class MoneyRule(Rule):
    """A currency: its ISO 4217 code, and how it is written after and before a number."""

    currency: str
    terms: list[str] = Field(default=[])
    prefixes: list[str] = Field(default=[])
    least: int = 0
    not_before: list[str] = Field(default=[])
    weak: list[str] = Field(default=[])


class MoneyFile(RuleFile):
    """`money.yaml`."""

    rules: list[MoneyRule]  # type: ignore[assignment]  # narrower than the base, and only read
    note_before: list[str]
    per_after: str
    per_before: str
    plain_before_words: list[str]
    plain_cues: list[str]
    plain_against: list[str]
    plain_against_thousands: list[str]
    split_after: list[str]
    plain_money: list[str]
    plain_counted: list[str]
    plain_scales: list[str]


class Currency(NamedTuple):
    """A currency rule with its compiled exclusions: words that follow always, and after small numbers only."""

    rule: MoneyRule
    never: re.Pattern[str] | None
    weak: re.Pattern[str] | None


class Prepared(NamedTuple):
    """What the stage matches with; every pattern reads the folded view."""

    numbers: NumberGrammar
    qualifiers: Qualifiers
    glued: re.Pattern[str]
    """A currency written against a number."""
    before: re.Pattern[str]
    prefix_ends: frozenset[str]
    by_term: dict[str, Currency]
    by_prefix: dict[str, Currency]
    plain: Currency
    note: re.Pattern[str]
    note_ends: tuple[str, ...]
    per_after: re.Pattern[str]
    per_before: re.Pattern[str]
    plain_next: re.Pattern[str]
    split_after: re.Pattern[str]
    money_next: re.Pattern[str]
    plain_counted: re.Pattern[str]
    plain_scales: frozenset[str]
    symbols: list[bytes]
    """What currencies are written with that is no letter, as bytes of a view."""
    evidence: re.Pattern[str]
    evidence_thousands: re.Pattern[str]


LEXICON_KIND: Final = "currency"
"""Lexicon kind of the words for currencies; sentences without one, and without a scale, are not read for numbers."""

PLAIN = "money.plain"
"""Id of the rule for amounts without a currency."""


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Prepared:
    """Compile `money.yaml`.

    Raises:
        RuleError: If the file is broken.
    """
    file = book.load("money.yaml", MoneyFile)
    currencies = {rule.id: Currency(rule, _follows(rule.not_before), _follows(rule.weak)) for rule in file.rules}
    by_term = {term: currencies[rule.id] for rule in file.rules for term in rule.terms}
    by_prefix = {prefix: currencies[rule.id] for rule in file.rules for prefix in rule.prefixes}
    words = [*by_term, *by_prefix]
    lexicon.add(LEXICON_KIND, words)
    return Prepared(
        numbers=NumberGrammar(book, lexicon),
        qualifiers=Qualifiers(book),
        glued=re.compile(rf"{alternatives(by_term)}(?!\w)"),
        before=re.compile(rf"(?<!\w)({alternatives(by_prefix)}) ?\Z"),
        prefix_ends=frozenset(prefix[-1] for prefix in by_prefix),
        by_term=by_term,
        by_prefix=by_prefix,
        plain=currencies[PLAIN],
        note=re.compile(rf"(?<!\w){alternatives(file.note_before)} \Z"),
        note_ends=tuple(f"{word} " for word in file.note_before),
        per_after=compile_plain(file.per_after, file.atoms),
        per_before=compile_plain(file.per_before, file.atoms),
        plain_next=re.compile(rf" ?(?:$|[^\w\s]|\n|{alternatives(file.plain_before_words)}(?!\w))"),
        split_after=re.compile(rf"(?<!\w){alternatives(file.split_after)} \Z"),
        money_next=re.compile(rf"[ “\"']{{0,2}}{alternatives(file.plain_money)}(?!\w)"),
        plain_counted=re.compile(rf" {alternatives(file.plain_counted)}(?!\w)"),
        plain_scales=frozenset(file.plain_scales),
        symbols=[alphabet.encode(char) for char in _symbols(words)],
        evidence=_evidence(file.plain_cues, file.plain_against),
        evidence_thousands=_evidence(file.plain_cues, file.plain_against + file.plain_against_thousands),
    )


def _symbols(words: list[str]) -> list[str]:
    return sorted({char for word in words for char in word if not (char.isalnum() or char in " -")})


def _follows(words: list[str]) -> re.Pattern[str] | None:
    return re.compile(rf" {alternatives(words)}(?!\w)") if words else None


def _evidence(cues: list[str], against: list[str]) -> re.Pattern[str]:
    """Return a pattern whose last match before an amount tells: group `cue` for money, `against` for other things."""
    return re.compile(rf"(?<!\w)(?:(?P<cue>{alternatives(cues)})|(?P<against>{alternatives(against)}))(?!\w)")
