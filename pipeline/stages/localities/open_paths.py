"""Paths of what the gazetteer lacks: misspelt communes, hamlets, unknown communes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.gazetteer import NOWHERE, Chain, strip_marks
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.names import Name, reading
from pipeline.stages.localities.page import Page

RESPELT: Final = "nearest name in the unit beside it"
SHORTEST_RESPELT: Final = 5
"""Letters of the shortest name that is corrected: of shorter ones too many differ by one letter."""

_AFTER: Final = 3  # mentions behind a hamlet that may be its commune
_LONGEST_GAP: Final = 60


def respell_strangers(page: Page, mentions: list[Mention], day: str, strangers: list[Mention]) -> None:
    """Take from communes what they mean elsewhere, and give them the one commune beside that differs by marks only."""
    for mention in strangers:
        mention.candidates = ()
    respell(page, mentions, day, str.__eq__)


def respell(page: Page, mentions: list[Mention], day: str, alike: Callable[[str, str], bool] | None = None) -> None:
    """Give misspelt communes the one commune of the unit beside them whose name is alike: differs by one letter.

    Where no unit stands beside, of the only district that the article names.
    """
    alike = alike or _one_apart
    unknown = [at for at, m in enumerate(mentions) if not m.candidates and _is_unknown(m)]
    gazetteer, is_link = page.known.gazetteer, page.known.is_link
    named = [m.candidates[0].code for m in mentions if len(m.candidates) == 1 and m.candidates[0].depth == 2]
    for at in unknown:
        mention, parent = mentions[at], mentions[at + 1] if at + 1 < len(mentions) else None
        above = {named[0]} if len(set(named)) == 1 else set()
        if parent is not None and parent.candidates and parent.start - mention.end < _LONGEST_GAP:
            beside = is_link(page.text[mention.end : parent.start])
            above = {chain.code for chain in parent.candidates} if beside else above
        name = strip_marks(mention.name)
        known = [unit for code in above for unit in gazetteer.communes(code, day)]
        near = [unit for unit in known if alike(name, strip_marks(unit.name))]
        if len(near) == 1:
            mention.named, mention.candidates = Name(mention.name, near), [gazetteer.chain(near[0], day)]
            mention.reading = reading(mention.candidates, {}, {})


def _is_unknown(mention: Mention) -> bool:
    """Tell whether a mention without readings is a commune, with a name long enough to correct."""
    return not (mention.dropped or mention.hamlet) and len(mention.name) >= SHORTEST_RESPELT


def _one_apart(left: str, right: str) -> bool:
    """Tell whether two names differ by one letter put in, left out or replaced, or not at all."""
    if abs(len(left) - len(right)) > 1:
        return False
    same = 0
    while same < min(len(left), len(right)) and left[same] == right[same]:
        same += 1
    rest, other = left[same:], right[same:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]


def name_open(text: str, mentions: list[Mention]) -> None:
    """Give hamlets and unknown communes the path of the unit beside them, else of the last one before.

    What a unit stood beside once belongs to it further on.
    """
    if not [mention for mention in mentions if not mention.chosen and not mention.dropped]:
        return
    live = [mention for mention in mentions if not mention.dropped]
    named: list[tuple[int, Mention, Chain]] = []
    told: dict[str, Chain] = {}
    for index, mention in enumerate(live):
        if mention.chosen or (not mention.hamlet and mention.candidates):
            continue
        mention.level = _level(mention)
        beside = _beside(text, live, index)
        named.append((index, mention, beside))
        if beside.depth > told.get(mention.name, NOWHERE).depth:
            told[mention.name] = beside
    for index, mention, beside in named:
        above, same = beside, told.get(mention.name, NOWHERE)
        if same.depth > above.depth and same.units[: above.depth] == above.units:
            above = same
        if above.depth < 2:
            last = _before(live, index)
            above = last if last.units[: above.depth] == above.units else above
        label = _label(text, mention)
        mention.path = [label] if mention.level == "province" else [*above.path, label]
        mention.by = "open name"


def _level(mention: Mention) -> str:
    """Return the level of a name that the gazetteer lacks: a hamlet, a commune, a province of long ago."""
    if mention.hamlet:
        return "hamlet"
    return "commune" if any(level == "commune" for level, _ in mention.types) else "province"


def _beside(text: str, live: list[Mention], index: int) -> Chain:
    mention = live[index]
    wanted = 3 if mention.hamlet else 2
    for other in live[index + 1 : index + 1 + _AFTER]:
        gap = text[mention.end : other.start]
        if other.chosen and not other.hamlet and len(gap) < _LONGEST_GAP and not set(gap) & set(".;\n"):
            return other.chosen.cut(wanted)
    return NOWHERE


def _before(live: list[Mention], index: int) -> Chain:
    mention = live[index]
    wanted = 3 if mention.hamlet else 2
    for other in reversed(live[:index]):
        if other.chosen and (other.chosen.depth == wanted or not mention.hamlet):
            return other.chosen.cut(wanted)
    return NOWHERE


def _label(text: str, mention: Mention) -> str:
    name = text[mention.name_start : mention.end]
    return f"{mention.hamlet.capitalize()} {name}" if mention.hamlet and name[:1].isdigit() else name
