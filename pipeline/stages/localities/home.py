"""The home unit: the lowest single unit that covers what an article tells of; none for national news."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from pipeline.document import Document
from pipeline.gazetteer import Chain, Unit
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.rules import Knowledge

TITLE: Final = 3.0  # a mention in the headline
LEAD: Final = 1.5  # in the first paragraph below it
VENUE: Final = 0.3  # in brackets or as the place where something national was held
PROVINCE_PART: Final = 0.6  # of the article's weight that one province must have
CHILD_PART: Final = 0.7  # of the weight below a unit that one child must have
CHILD_TO_OWN: Final = 1.0  # weight of that child against mentions of the unit itself
ENOUGH: Final = 2.0  # weight below which an article is about no place
GENERIC: Final = 0.5  # a type word alone (`tỉnh`, `thành phố`), for the unit of that type
GENERIC_MOST: Final = 6.0  # what all of them together can weigh

_LISTED: Final = frozenset((", ", "/t", "/h", "/x"))


def home_of(document: Document, mentions: list[Mention], linked: set[Mention], knowledge: Knowledge) -> Chain | None:
    """Return the chain of the article's home unit, or None.

    `linked` are mentions that stand as the parent beside their child: an address is one mention, not four.
    """
    weights, units, own, early = _weigh(document, mentions, linked, knowledge)
    generic = _generic(document, mentions, knowledge)
    provinces = {code: weight for code, weight in weights.items() if len(code) == 2}
    if not provinces:
        return None
    best = max(provinces, key=lambda code: (provinces[code], code))
    total = provinces[best] + generic.get(units[best].type, 0.0)
    if total < ENOUGH or provinces[best] < PROVINCE_PART * sum(provinces.values()):
        return None
    chain: list[Unit] = [units[best]]
    while (child := _main_child(chain, weights, units, own, generic)) is not None:
        if chain[-1].code in early and child.code not in early:
            break  # headline and lead speak of the parent only
        chain.append(child)
    return tuple(chain)


def _weigh(
    document: Document, mentions: list[Mention], linked: set[Mention], knowledge: Knowledge
) -> tuple[dict[str, float], dict[str, Unit], dict[str, float], set[str]]:
    """Return, by code: the weight of a unit with all below it, the unit, its weight alone; and who stands early."""
    text, folded = document.view.text, document.view.folded
    title_end = text.find("\n")
    lead_end = text.find("\n", title_end + 2) if title_end > 0 else -1
    venue = knowledge.patterns["venue"]
    weights: defaultdict[str, float] = defaultdict(float)
    own: defaultdict[str, float] = defaultdict(float)
    units: dict[str, Unit] = {}
    early: set[str] = set()
    for mention in mentions:
        if mention.dropped or not mention.chosen:
            continue
        weight = TITLE if mention.start < title_end else LEAD if mention.start < lead_end else 1.0
        if (
            weight < TITLE
            and mention.level == "province"
            and venue.search(folded, max(0, mention.start - 14), mention.start)
        ):
            weight *= VENUE
        if mention in linked:
            weight = 0.0
        if mention.start < max(title_end, lead_end):
            early.update(unit.code for unit in mention.chosen)
        for unit in mention.chosen:
            weights[unit.code] += weight
            units[unit.code] = unit
        own[mention.chosen[-1].code] += weight
    return weights, units, own, early


def _main_child(
    chain: list[Unit],
    weights: dict[str, float],
    units: dict[str, Unit],
    own: dict[str, float],
    generic: dict[str, float],
) -> Unit | None:
    """Return the one child unit that the article is about, if there is one."""
    parent = chain[-1]
    children = {code: weight for code, weight in weights.items() if units[code].parent == parent.code}
    if not children:
        return None
    best = max(children, key=lambda code: (children[code], code))
    ours = own[parent.code] + generic.get(parent.type, 0.0)
    theirs = children[best] + generic.get(units[best].type, 0.0) * (units[best].type != parent.type)
    if children[best] < CHILD_PART * sum(children.values()) or theirs < CHILD_TO_OWN * ours:
        return None
    return units[best]


def _generic(document: Document, mentions: list[Mention], knowledge: Knowledge) -> dict[str, float]:
    """Return, by type word, the weight of its uses without a name: `lãnh đạo tỉnh`, `Thành ủy yêu cầu`."""
    text, folded = document.view.text, document.view.folded
    named = {mention.start for mention in mentions} | {mention.name_start for mention in mentions}
    counts: defaultdict[str, float] = defaultdict(float)
    done = -1
    for hit in document.hits["place_type"]:
        if hit.start < done or hit.value.dotted or hit.end - hit.start < 3:
            continue
        done = hit.end
        follows = text[hit.end : hit.end + 2]
        if hit.start in named or hit.end + 1 in named or follows[1:].isupper():
            continue
        if knowledge.plurals.search(folded, max(0, hit.start - 8), hit.start) or follows in _LISTED:
            continue
        for kind in {kind for _, kind in hit.value.types}:
            counts[kind] += GENERIC
    return {kind: min(weight, GENERIC_MOST) for kind, weight in counts.items()}
