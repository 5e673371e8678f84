"""Roles: what the words before a unit say it is there for."""

from __future__ import annotations

from enum import Enum
from typing import Final

from pipeline.stages.localities.page import Page

_REACH: Final = 60
_MARKS: Final = "(),\"“”'–-"
_SENTENCE_ENDS: Final = (".", ";", ":", "!", "?")
_PHRASE_ENDS: Final = (",", ")")
_PLACE_WORDS: Final = 6


class Role(Enum):
    """What a unit is there for."""

    LIVES = "somebody lives there"
    ACTS = "its office acts"
    OTHER = "anything else"


def role_of(page: Page, at: int) -> Role:
    """Return the role of the unit named at an offset: the nearest word before it that tells one."""
    low = max(at - _REACH, page.text.rfind("\n", 0, at) + 1)
    words = page.folded[low:at].split()
    words.reverse()
    bares = [word.strip(_MARKS) for word in words]
    if page.known.role_words.isdisjoint(bares):
        return Role.OTHER
    in_office, after = True, ""
    for back, (word, bare, before) in enumerate(zip(words, bares, [*words[1:], ""], strict=True)):
        if _lives_at(page, bare, before, back):
            return Role.LIVES
        if word.endswith(_SENTENCE_ENDS):
            break
        in_office = in_office and not word.endswith(_PHRASE_ENDS) and bare not in page.known.office_breaks
        if in_office and _is_office(page, bare, before, after, back):
            return Role.ACTS
        after = bare
    return Role.OTHER


def _lives_at(page: Page, word: str, before: str, back: int) -> bool:
    """Tell whether a word says that somebody lives there: `trú`, `41 tuổi`, the `ở` of `Ông Tư, ở ấp Bình Hòa`."""
    known = page.known
    if word in known.ages:
        return before.strip(_MARKS).isdigit()
    behind_comma = word in known.residence_after_comma and before.endswith(",") and back < _PLACE_WORDS
    return behind_comma or word in known.residence


def _is_office(page: Page, word: str, before: str, after: str, back: int) -> bool:
    """Tell whether a word ends an office before the unit (`UBND`, `Công an`) or begins one (`Sở Y tế`)."""
    known = page.known
    if word in known.acting_heads and back:
        return f"{word} {after}" not in known.not_acting
    return after in ("", *known.of) and (word in known.acting or f"{before} {word}" in known.acting)
