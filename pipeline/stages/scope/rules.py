"""The words of `scope.yaml`, compiled."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook, RuleFile, alternatives, endings, whole_words

NATIONAL_KIND: Final = "national"
"""Lexicon kind of the words for the whole country."""

_WITHIN = r"(?:[^;.]|\.(?=[0-9]))"
"""A character inside a sentence; the stop of `10.6` does not end one."""

_DATELINE = r"[^\s,;()]+(?: [^\s,;()]+){0,2}\)? ?[-–] "
"""What newspapers put before the first words (`(TTXVN) - `)."""

_DOCUMENT = r"[0-9]+/[0-9]{4}/[\w–-]+"
"""The number of a document of general force (`46/2016/NĐ-CP`)."""


class ScopeFile(RuleFile):
    """`scope.yaml`."""

    date_not_after: list[str]
    day_cues: list[str]
    birth: list[str]
    phrase_stops: list[str]
    laws: list[str]
    reporting: list[str]
    frame_openings: list[str]
    clock: str
    frame_reports: list[str]
    continuations: list[str]
    frame_resets: list[str]
    speakers: list[str]
    deeds: list[str]
    not_deeds: list[str]
    arrests: list[str]
    occasions: list[str]
    occasion_deeds: list[str]
    term_cues: list[str]
    term_subjects: list[str]
    national: list[str]
    passing: list[str]
    residence: list[str]
    age: list[str]
    delegates: list[str]
    venue: list[str]
    whole: list[str]
    levels: dict[str, int]
    until_now: list[str]


class Prepared(NamedTuple):
    """Patterns over the folded view."""

    date_not_after: re.Pattern[str]
    day_cues: tuple[str, ...]
    birth: re.Pattern[str]
    law: re.Pattern[str]
    close: re.Pattern[str]
    reporting: re.Pattern[str]
    frame_opening: re.Pattern[str]
    comma: re.Pattern[str]
    said: re.Pattern[str]
    speaker: re.Pattern[str]
    continuation: re.Pattern[str]
    frame_reset: re.Pattern[str]
    deed: re.Pattern[str]
    not_deeds: frozenset[str]
    arrests: frozenset[str]
    occasion: re.Pattern[str]
    occasion_deed: re.Pattern[str]
    term_cue: re.Pattern[str]
    term_subject: re.Pattern[str]
    national: re.Pattern[str]
    national_subject: re.Pattern[str]
    passing: re.Pattern[str]
    passing_ends: tuple[str, ...]
    residence: re.Pattern[str]
    residence_ends: tuple[str, ...]
    delegate: re.Pattern[str]
    venue: re.Pattern[str]
    whole: re.Pattern[str]
    levels: dict[str, int]
    until_now: re.Pattern[str]


def compile_words(book: RuleBook, lexicon: LexiconBuilder) -> Prepared:
    """Compile `scope.yaml` and register the words for the whole country.

    Raises:
        RuleError: If the file is broken.
    """
    file = book.load("scope.yaml", ScopeFile)
    lexicon.add(NATIONAL_KIND, file.national)
    openings = alternatives(file.frame_openings)
    return Prepared(
        date_not_after=re.compile(rf"(?<!\w){alternatives(file.date_not_after)}(?: (?:năm|ngày|là|của))?[ (]*\Z"),
        day_cues=tuple(f"{cue} " for cue in file.day_cues),
        birth=_word(file.birth),
        law=re.compile(rf"(?<!\w){alternatives(file.laws)}(?: (?:(?!ngày )[^\W_]+|{_DOCUMENT})){{0,6}} \Z"),
        close=re.compile(
            rf" \((?:vào |trong |tính đến )?|(?: (?!{alternatives(file.phrase_stops)}(?!\w))[^\W\d_]+){{0,6}} "
        ),
        reporting=_word(file.reporting),
        frame_opening=re.compile(
            rf"\W*(?:{_DATELINE})?(?:theo [^,.;]{{2,80}}, )?(?:{openings}[ ,:]*)*(?:{file.clock})?"
        ),
        comma=re.compile(rf"(?<!rằng)(?<!là)[,:] (?:{openings} )*(?:{file.clock})?\Z"),
        said=re.compile(rf"(?<!\w){alternatives(file.frame_reports)}[ ,:“\"]+(?:rằng,? |là )?(?:{openings} )*\Z"),
        speaker=re.compile(rf"\W*{alternatives(file.speakers)}(?!\w)"),
        continuation=re.compile(rf"\W*{alternatives(file.continuations)}(?!\w)"),
        frame_reset=re.compile(rf"\W*{alternatives(file.frame_resets)}(?!\w)"),
        deed=_word([*file.deeds, *file.not_deeds, *file.arrests]),
        not_deeds=frozenset(file.not_deeds),
        arrests=frozenset(file.arrests),
        occasion_deed=_word(file.occasion_deeds),
        occasion=re.compile(rf"\W*{alternatives(file.occasions)}(?!\w)"),
        term_cue=_word(file.term_cues),
        term_subject=_word(file.term_subjects),
        national=_word(file.national),
        national_subject=re.compile(rf"(?<=[,;:.] ){alternatives(file.national)}(?!\w)"),
        passing=re.compile(rf"(?<!\w){alternatives(file.passing)} \Z"),
        passing_ends=endings(file.passing),
        residence=re.compile(rf"(?:[(,] ?{alternatives(file.residence)} |{alternatives(file.age)})\Z"),
        residence_ends=endings([*file.residence, *file.age]),
        delegate=re.compile(rf"(?<!\w){alternatives(file.delegates)}(?: [^\W\d_]+){{2,5}} ?\(\Z"),
        venue=re.compile(
            rf"(?<!\w){alternatives(file.venue)}(?!\w){_WITHIN}{{0,60}}(?<!\w)tại (?!\w*\.){_WITHIN}{{0,40}}\Z"
        ),
        whole=re.compile("|".join(_level(level, file.whole) for level in file.levels)),
        levels=file.levels,
        until_now=re.compile(rf",? {alternatives(file.until_now)}(?!\w)"),
    )


def _level(level: str, before: list[str]) -> str:
    """Return a pattern of a level without a name; it looks behind only where the engine has skipped to the level."""
    places = [rf"(?<=[,;.] {level})", rf"(?<![\w ]{level})", *(rf"(?<=\b{word} {level})" for word in before)]
    return rf"{level}(?= (?!ủy|đoàn|hội)[^\W_])(?:{'|'.join(places)})"


def _word(words: list[str]) -> re.Pattern[str]:
    return re.compile(whole_words(words))
