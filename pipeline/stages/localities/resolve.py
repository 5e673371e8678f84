"""Resolution: all mentions of an article decided together, each by what the others make likely."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Set
from operator import itemgetter
from typing import Final

from pipeline.document import Document
from pipeline.gazetteer import Chain
from pipeline.stages.localities.decoys import Decoys
from pipeline.stages.localities.links import Links, drop_abroad, goes_on, link, prefer_province
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.names import Reading, certain_codes
from pipeline.stages.localities.open_paths import name_open, respell, respell_strangers
from pipeline.stages.localities.page import Page
from pipeline.stages.localities.setting import day_of, outlet
from pipeline.stages.localities.support import EITHER, UNDECIDED, keep_bare

# Weights of the evidence. They only order readings; what must win over what is said beside each. What a reading has by
# itself is in `names`.
PARENT_BESIDE: Final = 8.0  # the parent's name beside it beats everything
CHILD_BESIDE: Final = 4.0  # so does a child's
SIBLING: Final = 4.0  # the parent of its neighbour in a list beats what the article says at large
PROVINCE_SHARE: Final = 3.0  # times the share of the article's mentions in that province
DISTRICT_SHARE: Final = 3.0
SAME_SENTENCE: Final = 1.5
OUTLET: Final = 1.0
SAME_NAME: Final = 3.0  # a name means what it meant where its parent stood beside it
MARGIN: Final = 0.4  # below this difference two readings are undecided

_UNSURE_ANCHOR: Final = 0.3  # what a bare name of no province says for its unit where nothing is decided yet ...
_UNSURE: Final = 0.5  # ... and once all are

BESIDE: Final = "unit beside it"
_NEIGHBOURS: Final = 4  # mentions to either side
_NEAR: Final = 160  # characters


class Resolver:
    """Decides the mentions of one document."""

    def __init__(self, document: Document, page: Page, mentions: list[Mention]) -> None:
        self.page = page
        self.mentions = mentions
        self.day = day_of(document, mentions)
        self.outlet = outlet(document, page.known) if document.url else ""
        self.weights: defaultdict[str, float] = defaultdict(float)
        self.told: dict[str, str] = {}
        self.sure: dict[Chain, int] = {}
        self.unsure: dict[Chain, int] = {}
        """How many mentions can mean that chain only: with a type word or as a province, and otherwise."""
        self.unknown = False
        """Whether a name has no reading."""
        self.unread = False
        """Whether a hamlet or a unit is left without one."""

    def resolve(self) -> None:
        """Give every mention its path or the reason why it is no row."""
        self._read(Decoys(self.page))
        if self.unknown:
            respell(self.page, self.mentions, self.day)
        if self.page.hits["place_abroad"]:
            drop_abroad(self.page, self.mentions)
        links = link(self.page, self.mentions)
        if links.strangers:  # the district beside a commune beats what its name means elsewhere
            respell_strangers(self.page, self.mentions, self.day, links.strangers)
        self.linked, self.children, self.siblings = links.linked, links.children, links.siblings
        if open_ones := self._settle_certain(links):
            self._anchor(open_ones)
            self._choose(open_ones)
            self._weigh(open_ones)  # what was chosen says more than what was certain
            self._choose(open_ones)
        keep_bare(self.page, links, self.mentions)
        if open_ones or self.unread:
            name_open(self.page.text, self.mentions)

    def _read(self, decoys: Decoys) -> None:
        """Give every mention what it may mean, or the reason why it means no unit."""
        gazetteer, day = self.page.known.gazetteer, self.day
        epoch = gazetteer.epoch(day)
        previous: Mention | None = None
        for mention in self.mentions:
            types, named = mention.types, mention.named
            if not types and (reason := decoys.reason(mention)):
                mention.dropped = reason
            elif not mention.hamlet:
                reading = named.last
                if named.last_types is not types or named.last_epoch != epoch:
                    reading = named.read(gazetteer, types, day, epoch)
                mention.reading = reading
                mention.candidates = chains = reading.chains
                if not chains:
                    mention.dropped = self._unknown(mention)
                    self.unknown = True
                elif not types:
                    mention.dropped = goes_on(self.page, decoys, mention, previous)
            previous = mention

    def _unknown(self, mention: Mention) -> str:
        """Return why a name that no unit of the day and type bears is no row: communes and old provinces may be."""
        levels = {level for level, _ in mention.types}
        if "commune" in levels or ("province" in levels and mention.name in self.page.known.historical):
            return ""
        return "no such unit"

    def _settle_certain(self, links: Links) -> list[int]:
        """Decide the mentions of one reading; returns where those of several are, first to last."""
        open_ones: list[int] = []
        sure, unsure = self.sure, self.unsure
        for index, mention in enumerate(self.mentions):
            candidates, typed = mention.candidates, mention.types
            if candidates and not typed and mention.reading.provinces:
                prefer_province(self.page, links, mention)
                candidates = mention.candidates
            if mention.dropped:
                continue
            if len(candidates) == 1:
                mention.chosen = chain = candidates[0]
                mention.level, mention.path = chain.level, chain.path
                mention.by = "type word" if typed else "name"
                told = sure if typed or chain.depth == 1 else unsure
                told[chain] = told.get(chain, 0) + 1
            elif candidates:
                open_ones.append(index)
            else:
                self.unread = True
        return open_ones

    def _anchor(self, open_ones: list[int]) -> None:
        """Weigh units by the mentions that can mean one thing only, and by what the open ones have in common."""
        self._weigh_certain(_UNSURE_ANCHOR)
        weights = self.weights
        for index in open_ones:
            mention = self.mentions[index]
            candidates, reading = mention.candidates, mention.reading
            whole = candidates is reading.chains
            certain = reading.certain if whole else certain_codes(candidates, reading.penalties)
            sure = 1.0 if mention.types or candidates[0].depth == 1 else _UNSURE_ANCHOR
            for code in certain:
                weights[code] += sure
            if not certain and not mention.types:
                for chain in candidates:
                    if chain.depth == 1:
                        weights[chain.code] += 1.0

    def _weigh(self, open_ones: list[int]) -> None:
        """Weigh units by all mentions as they are decided now."""
        self.weights.clear()
        self._weigh_certain(_UNSURE)
        weights = self.weights
        self.told = {m.name: m.chosen.code for m in self.linked if m.chosen and m.by == BESIDE}
        for index in open_ones:
            mention = self.mentions[index]
            chain = mention.chosen
            if chain:
                weight = _UNSURE if not mention.types and chain.depth > 1 else 1.0
                for code in chain.codes:
                    weights[code] += weight

    def _weigh_certain(self, unsure: float) -> None:
        """Weigh units by the mentions of one reading; `unsure` is what a bare name of no province weighs."""
        weights = self.weights
        for told, weight in (self.sure, 1.0), (self.unsure, unsure):
            for chain, number in told.items():
                for code in chain.codes:
                    weights[code] += weight * number

    def _choose(self, open_ones: list[int]) -> None:
        """Choose for the mentions of several readings, last to first: parents are decided before their children."""
        total = max(self.weights.values(), default=0.0) or 1.0  # a province's: it weighs what all in it do
        mentions = self.mentions
        at_large: dict[int, dict[Chain, float]] = {}
        near = {index: self._near_provinces(index) for index in open_ones if mentions[index].by != BESIDE}
        for index in reversed(near):
            mention = mentions[index]
            reading = mention.reading
            said = at_large.get(id(reading))
            if said is None:
                said = at_large[id(reading)] = self._at_large(reading, self.told.get(mention.name), total)
            scored = self._score(mention, said, near[index])
            scored.sort(key=itemgetter(0), reverse=True)
            mention.candidates = [chain for _, chain in scored]
            self._decide(mention, scored)

    def _near_provinces(self, index: int) -> set[str]:
        """Return the codes of provinces that are certain in the neighbourhood of a mention."""
        mention, found = self.mentions[index], set()
        low, high = mention.start - _NEAR, mention.start + _NEAR
        for other in self.mentions[max(0, index - _NEIGHBOURS) : index + _NEIGHBOURS + 1]:
            if low < other.start < high and not other.dropped and other is not mention:
                chosen = other.chosen
                found.add(chosen.codes[0] if chosen else _certain_province(other))
        return found

    def _at_large(self, reading: Reading, told: str | None, total: float) -> dict[Chain, float]:
        """Return what the article at large says for what a name may mean, wherever the name stands."""
        weights, by_itself = self.weights, reading.weights
        scores: dict[Chain, float] = {}
        for chain in reading.chains:
            codes, code = chain.codes, chain.code
            province = codes[0]
            score = by_itself[code]
            if province in weights:  # else nothing in it has a weight
                score += PROVINCE_SHARE * weights[province] / total
                if chain.depth > 2 and codes[1] in weights:  # else it has none
                    score += DISTRICT_SHARE * weights[codes[1]] / total
                if chain.depth > 1 and code in weights:
                    score += min(2.0, weights[code]) / 2
            if told == code:
                score += SAME_NAME
            if province == self.outlet:
                score += OUTLET
            scores[chain] = score
        return scores

    def _score(self, mention: Mention, at_large: dict[Chain, float], near: Set[str]) -> list[tuple[float, Chain]]:
        """Return the readings of a mention, each with what the article says for it."""
        beside = self._beside(mention)
        scored: list[tuple[float, Chain]] = []
        for chain in mention.candidates:
            score = at_large[chain]
            if beside:
                score += beside(chain)
            if chain.codes[0] in near:
                score += SAME_SENTENCE
            scored.append((score, chain))
        return scored

    def _beside(self, mention: Mention) -> Callable[[Chain], float] | None:
        """Return what the parent, the child and the neighbour in a list say for a reading, if there are any."""
        parent, child = self.linked.get(mention), self.children.get(mention)
        sibling = self.siblings.get(mention)
        if parent is None and child is None and sibling is None:
            return None
        above: set[str] = set()
        if parent is not None:
            above = {chain.code for chain in ([parent.chosen] if parent.chosen else parent.candidates)}
        below = {id(unit) for chain in child.candidates for unit in chain.units} if child is not None else set()
        beside = sibling.chosen.codes if sibling is not None and sibling.chosen else ()

        def score(chain: Chain) -> float:
            codes = chain.codes
            found = 0.0 if above.isdisjoint(codes[:-1]) else PARENT_BESIDE
            if id(chain.units[-1]) in below:
                found += CHILD_BESIDE
            if len(beside) > 1 and len(codes) > 1:
                found += SIBLING if codes[-2] == beside[-2] else 0.0
                found += SAME_SENTENCE if codes[0] == beside[0] else 0.0
            return found

        return score

    def _decide(self, mention: Mention, scored: list[tuple[float, Chain]]) -> None:
        """Take the best reading, or what the best readings share."""
        best, chain = scored[0]
        mention.chosen, mention.level, mention.path = chain, chain.level, chain.path
        if len(scored) == 1 or best - scored[1][0] >= MARGIN:
            mention.by = self._reason(mention)
            return
        rivals = [other for score, other in scored if best - score < MARGIN]
        if all(other.path == chain.path for other in rivals):
            mention.by = EITHER
        else:
            shared = _shared(rivals)
            mention.chosen, mention.path, mention.by = (shared if shared.depth else None), shared.path, UNDECIDED

    def _reason(self, mention: Mention) -> str:
        if mention in self.linked:
            return BESIDE
        if mention in self.siblings:
            return "list"
        return "article" if self.weights else "type word"


def _certain_province(mention: Mention) -> str:
    """Return the code of the province that an open mention lies in whatever it means, if there is one."""
    first = mention.candidates[0].codes[0] if mention.candidates else ""
    for chain in mention.candidates:
        if chain.codes[0] != first:
            return ""
    return first


def _shared(chains: list[Chain]) -> Chain:
    """Return what chains have in common from the province down."""
    shared = 0
    for codes in zip(*[chain.codes for chain in chains], strict=False):
        if len(set(codes)) > 1:
            break
        shared += 1
    return chains[0].cut(shared)
