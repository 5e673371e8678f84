"""Links: which mentions stand as child and parent, and which are neighbours in a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pipeline.gazetteer import Chain
from pipeline.stages.localities.decoys import Decoys
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.page import LONGEST_GAP, Page

_ISLES: Final = "decoy phrase"
_TRADE: Final = "after a word of kind trade"
_ROADS: Final = frozenset(("route", "after a word of kind road", "after a word of kind street"))
_LISTED: Final = frozenset((_ISLES, _TRADE))
_GO_ON: Final = _ROADS | _LISTED
_DASHES: Final = frozenset(("-", "–"))
_LONGEST_GAP: Final = 30


@dataclass
class Links:
    """Pairs of neighbours.

    Attributes:
        linked: Child mentions and the parents that stand beside them.
        children: The same the other way round.
        siblings: Mentions and their right neighbours in a list.
        strangers: Communes beside a district that no commune of that name belongs to.
    """

    linked: dict[Mention, Mention] = field(default_factory=dict)
    children: dict[Mention, Mention] = field(default_factory=dict)
    siblings: dict[Mention, Mention] = field(default_factory=dict)
    strangers: list[Mention] = field(default_factory=list)


def goes_on(page: Page, decoys: Decoys, mention: Mention, previous: Mention | None) -> str:
    """Return why a bare name goes on a list of what is no unit, or an empty string.

    Such are ends of roads, islands, branches of a bank.
    """
    text, padded = page.text, page.padded
    dropped = previous.dropped if previous is not None else ""
    gap = text[previous.end : mention.start] if previous is not None and dropped in _GO_ON else "."
    behind = mention.end + 1 if padded[mention.end] == " " else mention.end
    if dropped in _ROADS and gap.strip() in _DASHES:
        return "route"
    if padded[behind] in _DASHES and decoys.on_route(mention):
        return "route"
    if dropped in _LISTED and not mention.named.is_province:
        comma = "," in gap or ";" in gap  # `siêu thị Big C, Long Biên` is an address
        if len(gap) < LONGEST_GAP and page.known.is_list_gap(gap) and not (comma and dropped == _TRADE):
            return dropped
    return ""


def drop_abroad(page: Page, mentions: list[Mention]) -> None:
    """Drop places of other countries that are called like ours (`tỉnh Hà Nam, Trung Quốc`), in the whole article."""
    pattern, folded = page.known.patterns["abroad"], page.folded
    names: set[str] = set()
    live = [mention for mention in mentions if mention.candidates or mention.hamlet]
    for mention, following in pairwise((*live, None)):
        if mention is None or not mention.types or "district" in {level for level, _ in mention.types}:
            continue
        match = pattern.match(folded, mention.end)
        if match and (following is None or match.end() <= following.start or following.name in names):
            names.add(mention.name)
    for mention in mentions:
        if mention.name in names and not mention.dropped:
            mention.dropped, mention.candidates = "abroad", ()


def link(page: Page, mentions: list[Mention]) -> Links:
    """Return the links of the mentions that have readings.

    Neighbours that can stand as child and parent are linked, the others are members of a list.
    """
    text, is_link, links = page.text, page.known.is_link, Links()
    for left, right in pairwise([mention for mention in mentions if mention.candidates]):
        if right.start - left.end > _LONGEST_GAP:
            continue
        gap = text[left.end : right.start]
        if "\n\n" in gap:
            continue
        if right.head is not None and (right.head is left or right.head is left.head):
            links.siblings[left] = right
        elif is_link(gap):
            if ("\n" not in gap or "," in gap) and not left.reading.above.isdisjoint(right.reading.codes):
                links.linked[left], links.children[right] = right, left
            elif left.types and _is_stranger(left, right):
                links.strangers.append(left)
            elif "\n" not in gap or "," in gap:
                links.siblings[left] = right
        elif gap in (" và ", "; "):
            links.siblings[left] = right
    return links


def _is_stranger(left: Mention, right: Mention) -> bool:
    """Tell whether a commune stands beside a district that it cannot mean, the name being no one commune's nearby."""
    if right.head is not None or any(chain.depth != 2 for chain in right.candidates):
        return False
    if not (right.types or len(right.candidates) == 1) or any(chain.depth != 3 for chain in left.candidates):
        return False
    provinces = {chain.codes[0] for chain in right.candidates}
    return len(left.candidates) > 1 or provinces.isdisjoint(left.candidates[0].codes[:1])


def prefer_province(page: Page, links: Links, mention: Mention) -> None:
    """Read a bare name that can be a province as one.

    Not where its parent stands in brackets behind it, nor where it stands between a commune and the province of the
    same name (`xã Đông Thọ, Thái Bình, Thái Bình`; but in `về Thái Bình, Thái Bình có …` a clause begins).
    """
    parent = links.linked.get(mention)
    if parent is None:
        mention.candidates = mention.reading.provinces
    elif "(" not in page.text[mention.end : parent.start]:
        if _holds_left(links, mention, parent):
            below: list[Chain] = [chain for chain in mention.candidates if chain.depth == 2]
            mention.candidates = below or mention.reading.provinces
        else:
            mention.candidates = mention.reading.provinces
            del links.linked[mention]


def _holds_left(links: Links, mention: Mention, parent: Mention) -> bool:
    """Tell whether a bare name is the district between its commune and its province."""
    left = links.children.get(mention)
    districts = {chain.code for chain in mention.candidates if chain.depth == 2}
    above = {chain.code for chain in parent.candidates}
    return left is not None and any(
        chain.depth == 3 and chain.codes[1] in districts and chain.codes[0] in above for chain in left.candidates
    )
