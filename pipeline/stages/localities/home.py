"""The home unit: the lowest single unit that covers what an article tells of; none for national news.

Every mention speaks for its unit and for all above it, with a weight: more in headline and lead, and where an office of
the unit acts; less where it only says where a person lives, where something of the whole country was held, or where it
is one of many. From the province down, the unit follows that most of the weight lies in, as long as the article does
not speak of the unit above at least as much.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Final

from pipeline.document import Document
from pipeline.gazetteer import NOWHERE, Chain, Unit
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.page import LONGEST_GAP, Page
from pipeline.stages.localities.roles import Role, Roles

TITLE: Final = 2.5  # a mention in the headline
LEAD: Final = 1.5  # in the first paragraph below it
ACTS: Final = 1.5  # times, where an office of the unit stands before it
RESIDENCE: Final = 0.3  # times, where somebody lives there
VENUE: Final = 0.3  # times, where it is a capital in which something of the whole country was held
BRACKETS: Final = 0.6  # times, for a province in brackets
LEAD_MOST: Final = 400  # characters of a first paragraph that count as lead
PROVINCE_PART: Final = 0.6  # of the article's weight that one province must have
ACTOR_SHARE: Final = 0.45  # the same for a province that alone speaks in the opening
CHILD_PART: Final = {"district": 0.8, "commune": 0.7}  # of the weight below a unit that one child must have
ACTOR_PART: Final = 0.6  # the same for a child whose office, and not the unit's, acts in the opening
CHILD_TO_OWN: Final = 1.0  # weight of that child against mentions of the unit itself
ENOUGH: Final = 1.75  # weight below which an article is about no place: one office that acts is not enough
GENERIC: Final = 0.5  # a type word alone (`tỉnh`, `thành phố`), for the unit of that type
GENERIC_MOST: Final = 6.0  # what all of them together can weigh
OPENING: Final = 300  # characters after the lead that still open the article
MANY: Final = 3  # provinces in the opening that make an article one of no single province ...
FIRST: Final = 0.5  # ... unless one of them has more of its weight

_BEFORE: Final = 60


def home_of(document: Document, page: Page, mentions: list[Mention], linked: set[Mention]) -> Chain | None:
    """Return the chain of the article's home unit, or None.

    `linked` are mentions that stand as the parent beside their child: an address is one mention, not four.
    """
    evidence = Evidence(document, page, mentions, linked)
    provinces = evidence.below.get("")
    if not provinces or evidence.opens_with_many():
        return None
    best = _heaviest(provinces)
    acts = best in evidence.acting_below
    part = ACTOR_SHARE if acts and len(evidence.opening) == 1 else PROVINCE_PART
    if best not in evidence.solid or provinces[best] < part * sum(provinces.values()):
        return None
    home = evidence.chain(best)
    evidence.generic = _generic(page, mentions)
    if provinces[best] + evidence.generic.get(home.units[0].type, 0.0) < ENOUGH:
        return None
    while (child := evidence.main_child(home.units[-1])) is not None:
        home = child
    return home


class Evidence:
    """What the mentions of an article weigh.

    Attributes:
        below: Code of a unit → codes of the units in it → weight of those with all below them; provinces under "".
        own: Code → weight of the unit alone.
        early: Codes of units that the opening speaks of.
        leading: Codes of units that headline and lead speak of.
        acting: Codes of units whose offices act in the opening.
        acting_below: The same, with all units above them.
        opening: Code → weight of provinces in the opening, but for those where somebody lives.
        solid: Codes of provinces that are more than the place where something was held.
        generic: Type word → weight of its uses without a name; weighed last, where it can decide something.
    """

    def __init__(self, document: Document, page: Page, mentions: list[Mention], linked: set[Mention]) -> None:
        self.page = page
        self.mentions = mentions
        self.early: set[str] = set()
        self.leading: set[str] = set()
        self.acting: set[str] = set()
        self.acting_below: set[str] = set()
        self.opening: defaultdict[str, float] = defaultdict(float)
        self.solid: set[str] = set()
        self.generic: dict[str, float] = {}
        self.title_end, self.lead_end = _opening(document, page)
        self._sum_up(self._weigh_chains(linked))

    def _weigh_chains(self, linked: set[Mention]) -> dict[Chain, float]:
        """Return the chains that the mentions mean, the last named last, with the weight of those that speak."""
        found: dict[Chain, float] = {}
        live = [(m, m.chosen) for m in self.mentions if m.chosen and not m.dropped]
        provinces = [mention for mention, _ in live if mention.level == "province"]
        sizes = _list_sizes(provinces, self.page) if len(provinces) > 1 else {}
        role_of, lead_end, opening_end = Roles(self.page).of, self.lead_end, self.lead_end + OPENING
        for mention, chain in live:
            before = found.pop(chain, 0.0)
            if mention in linked:
                found[chain] = before
                continue
            at = mention.start
            role = role_of(at)
            weight = self._weigh(mention, chain, role)
            if sizes and mention in sizes:
                weight /= sizes[mention]
            found[chain] = before + weight
            if at < opening_end:
                self._open(chain.codes, role, weight, at < lead_end)
        return found

    def _sum_up(self, weights: dict[Chain, float]) -> None:
        self.below: dict[str, dict[str, float]] = {}
        self.own: dict[str, float] = {}
        self._chains = list(weights)
        below = self.below
        for chain, weight in weights.items():
            if weight:
                above = ""
                for code in chain.codes:
                    inside = below.get(above)
                    if inside is None:
                        below[above] = {code: weight}
                    else:
                        inside[code] = inside.get(code, 0.0) + weight
                    above = code
                self.own[above] = self.own.get(above, 0.0) + weight

    def chain(self, code: str) -> Chain:
        """Return the chain of a unit that a mention means or that a meant one belongs to, as it was named last."""
        chain = NOWHERE
        for chain in reversed(self._chains):
            if code in chain.codes:
                break
        return chain.cut(chain.codes.index(code) + 1)

    def _open(self, codes: tuple[str, ...], role: Role, weight: float, leads: bool) -> None:
        if role != "lives":
            self.opening[codes[0]] += weight
            self.early.update(codes)
            if leads:
                self.leading.update(codes)
        if role == "acts":
            self.acting.add(codes[-1])
            self.acting_below.update(codes)

    def _weigh(self, mention: Mention, chain: Chain, role: Role) -> float:
        """Return a mention's weight, and note provinces that are more than where something was held."""
        at = mention.start
        weight = 1.0 if at >= self.lead_end else TITLE if at < self.title_end else LEAD
        if role:
            weight = RESIDENCE if role == "lives" else weight * ACTS
        elif mention.level == "province":
            folded, known = self.page.folded, self.page.known
            if at and folded[at - 1] == "(":
                weight *= BRACKETS
            if mention.name in known.capitals and known.patterns["venue"].search(folded, max(0, at - _BEFORE), at):
                return weight * VENUE
        self.solid.add(chain.codes[0])
        return weight

    def opens_with_many(self) -> bool:
        """Tell whether the opening names several provinces and none of them above all."""
        weights = self.opening.values()
        return len(weights) >= MANY and max(weights) <= FIRST * sum(weights)

    def main_child(self, parent: Unit) -> Chain | None:
        """Return the one child unit that the article is about, if there is one."""
        children = self.below.get(parent.code)
        if not children:
            return None
        best = _heaviest(children)
        if parent.code in self.early and best not in self.early:
            return None  # the opening speaks of the parent only
        acts = parent.code in self.acting
        if acts and best not in self.leading and best not in self.acting_below:
            return None
        child = self.chain(best)
        kind = child.units[-1].type
        part = ACTOR_PART if best in self.acting_below and not acts else CHILD_PART[child.level]
        ours = self.own.get(parent.code, 0.0) + self.generic.get(parent.type, 0.0)
        theirs = children[best] + self.generic.get(kind, 0.0) * (kind != parent.type)
        if children[best] < part * sum(children.values()) or theirs < CHILD_TO_OWN * ours:
            return None
        return child


def _heaviest(weights: dict[str, float]) -> str:
    """Return the code that weighs most, of several the last one."""
    return max([(weight, code) for code, weight in weights.items()])[1]


def _opening(document: Document, page: Page) -> tuple[int, int]:
    """Return where the headline and where the first paragraph below it end; 0 for a headline that is missing."""
    title = lead = 0
    for part in document.rows.get("01_layout", []):
        if part.kind == "title" and not title:
            title = part.end
        elif part.kind in ("lead", "body") and part.start >= title:
            lead = min(part.end, part.start + LEAD_MOST)
            break
    return title, max(title, lead)


def _list_sizes(provinces: list[Mention], page: Page) -> dict[Mention, int]:
    """Return, for provinces that stand in a list, how many there are."""
    sizes: dict[Mention, int] = {}
    goes_on = page.known.is_list_gap
    run = provinces[:1]
    for left, right in pairwise(provinces):
        if right.start - left.end < LONGEST_GAP and goes_on(page.text[left.end : right.start]):
            run.append(right)
            sizes.update(dict.fromkeys(run, len(run)))
        else:
            run = [right]
    return sizes


def _generic(page: Page, mentions: list[Mention]) -> dict[str, float]:
    """Return, by type word, the weight of its uses without a name: `lãnh đạo tỉnh`, `Thành ủy yêu cầu`."""
    counts: defaultdict[str, float] = defaultdict(float)
    if not page.alone:
        return counts
    named = {mention.start for mention in mentions}
    named.update([mention.name_start for mention in mentions])
    for start, end, word in page.alone:
        if not (start in named or end + 1 in named or page.is_plural(start)):
            for kind in word.kinds:
                counts[kind] += GENERIC
    return {kind: min(weight, GENERIC_MOST) for kind, weight in counts.items()}
