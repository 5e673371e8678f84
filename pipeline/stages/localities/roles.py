"""Roles: what the words before a unit say it is there for."""

from __future__ import annotations

from bisect import bisect_left
from enum import Enum
from typing import Final

from pipeline.stages.localities.page import Page
from pipeline.stages.localities.rules import MARKS

_REACH: Final = 60
_PLACE_WORDS: Final = 6


class Role(Enum):
    """What a unit is there for."""

    LIVES = "somebody lives there"
    ACTS = "its office acts"
    OTHER = "anything else"


def role_of(page: Page, at: int) -> Role:
    """Return the role of the unit named at an offset: the nearest word before it that tells one."""
    known = page.known
    low = max(0, at - _REACH)
    low = max(low, page.text.rfind("\n", low, at) + 1)
    first = bisect_left(page.residences, low)
    may_live = first < len(page.residences) and page.residences[first] < at
    words = page.folded[low:at].split()
    in_office, after = True, ""
    for index in range(len(words) - 1, -1, -1):
        bare, telling, ends_office, ends_sentence = known.role_word(words[index])
        if telling and may_live and _lives_at(page, bare, words, index):
            return Role.LIVES
        in_office = in_office and not ends_office
        if ends_sentence or not (in_office or may_live):
            break
        if in_office and telling and _is_office(page, bare, words, index, after):
            return Role.ACTS
        after = bare
    return Role.OTHER


def _lives_at(page: Page, word: str, words: list[str], index: int) -> bool:
    """Tell whether a word says that somebody lives there: `trú`, `41 tuổi`, the `ở` of `Ông Tư, ở ấp Bình Hòa`."""
    known = page.known
    before = words[index - 1] if index else ""
    if word in known.ages:
        return before.strip(MARKS).isdigit()
    if word in known.residence_after_comma and before.endswith(",") and len(words) - 1 - index < _PLACE_WORDS:
        return True
    return word in known.residence


def _is_office(page: Page, word: str, words: list[str], index: int, after: str) -> bool:
    """Tell whether a word ends an office before the unit (`UBND`, `Công an`) or begins one (`Sở Y tế`)."""
    known = page.known
    if word in known.acting_heads and index < len(words) - 1:
        return f"{word} {after}" not in known.not_acting
    if after and after not in known.of:
        return False
    return word in known.acting or f"{words[index - 1] if index else ''} {word}" in known.acting
