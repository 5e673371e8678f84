"""What stands around dates: the words that join two of them, and those that say how one is told."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from pipeline.grammar.patterns import with_branches
from pipeline.grammar.rules import RuleError


class SurroundingsFile(BaseModel):
    """`surroundings` of `dates.yaml`: patterns of the lower-case view, described there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str
    also: str
    also_word: str
    whole: str
    weak: str
    opening: str
    range_lead: str
    every: str
    apposed: str
    aside: str
    bound: str
    earlier: str
    adverbial: str
    next_day: str
    recent: str


class Surroundings(NamedTuple):
    """The same compiled; `also_word`, `whole` and `opening` are plain words."""

    to: re.Pattern[str]
    also: re.Pattern[str]
    joint: re.Pattern[str]
    """`to` or `also`."""
    joint_and_weak: re.Pattern[str]
    """The same before what a weak date begins with."""
    also_word: str
    whole: str
    opening: str
    weak: re.Pattern[str]
    range_lead: re.Pattern[str]
    every: re.Pattern[str]
    apposed: re.Pattern[str]
    aside: re.Pattern[str]
    bound: re.Pattern[str]
    earlier: re.Pattern[str]
    adverbial: re.Pattern[str]
    next_day: re.Pattern[str]
    recent: re.Pattern[str]


def compile_surroundings(file: SurroundingsFile) -> Surroundings:
    """Return the patterns compiled.

    Raises:
        RuleError: If one does not compile.
    """
    patterns = {name: _compile(name, pattern) for name, pattern in file if name not in _WORDS}
    return Surroundings(
        joint=_compile("also", f"{file.to}|{file.also}"),
        joint_and_weak=_compile("weak", f"(?:{file.to}|{file.also})(?={file.weak})"),
        also_word=file.also_word,
        whole=file.whole,
        opening=file.opening,
        **patterns,
    )


_WORDS: Final = frozenset({"also_word", "whole", "opening"})


def _compile(name: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(with_branches(pattern))
    except re.error as error:
        raise RuleError(f"dates.yaml: surroundings.{name}: {pattern!r} does not compile: {error}") from error
