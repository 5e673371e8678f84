"""Resolution: all mentions of an article decided together, each by what the others make likely."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from pipeline.document import Document
from pipeline.gazetteer import Chain, Unit, path_of
from pipeline.stages.localities.decoys import Decoys
from pipeline.stages.localities.links import drop_abroad, drop_lists, link, prefer_provinces
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.open_paths import name_open, respell
from pipeline.stages.localities.page import Page
from pipeline.stages.localities.rules import Types
from pipeline.stages.localities.setting import day_of, outlet
from pipeline.stages.localities.support import EITHER, UNDECIDED, Article, keep_bare

# Weights of the evidence. They only order readings; what must win over what is said beside each.
PARENT_BESIDE: Final = 8.0  # the parent's name beside it beats everything
CHILD_BESIDE: Final = 4.0  # so does a child's
SIBLING: Final = 4.0  # the parent of its neighbour in a list beats what the article says at large
PROVINCE_SHARE: Final = 3.0  # times the share of the article's mentions in that province
DISTRICT_SHARE: Final = 3.0
SAME_SENTENCE: Final = 1.5
OUTLET: Final = 1.0
FORMER: Final = -2.0  # a unit that no longer stands loses to one that does
MISTYPED: Final = -2.5  # as does one of another type (`xã` of what has become a `phường`)
ALIAS: Final = -0.5  # a unit that is only sometimes spelt so loses to one of that very name
SEAT: Final = -4.0  # a bare name is the district, not the commune of the same name in it
SAME_NAME: Final = 3.0  # a name means what it meant where its parent stood beside it
BARE_LEVEL: Final = {"province": 4.0, "district": 1.0, "commune": 0.0}  # a bare name means the higher unit
MARGIN: Final = 0.4  # below this difference two readings are undecided

BESIDE: Final = "unit beside it"
_NEIGHBOURS: Final = 4  # mentions to either side
_NEAR: Final = 160  # characters


class Resolver:
    """Decides the mentions of one document."""

    def __init__(self, document: Document, page: Page, mentions: list[Mention]) -> None:
        self.page = page
        self.gazetteer = page.known.gazetteer
        self.mentions = mentions
        self.day = day_of(document, mentions)
        self.outlet = outlet(document, page.known)
        self.weights: defaultdict[str, float] = defaultdict(float)
        self.told: dict[str, str] = {}
        self._readings: dict[tuple[str, Types], tuple[list[Chain], dict[str, float]]] = {}

    def resolve(self) -> None:
        """Give every mention its path or the reason why it is no row."""
        decoys = Decoys(self.page)
        for mention in self.mentions:
            if not mention.types:
                mention.dropped = decoys.reason(mention)
            if not mention.dropped and not mention.hamlet:
                mention.candidates, mention.penalties = self._read(mention)
                if not mention.candidates:
                    mention.dropped = self._unknown(mention)
        respell(self.page, self.mentions, self.day)
        drop_lists(self.page, decoys, self.mentions)
        drop_abroad(self.page, self.mentions)
        links = link(self.page, self.mentions)
        prefer_provinces(self.page, links, self.mentions)
        self.linked, self.children, self.siblings = links.linked, links.children, links.siblings
        self._anchor()
        for _ in range(2):
            self._choose()
            self._weigh()
        keep_bare(Article(self.page, self.linked, self.siblings), self.mentions)
        name_open(self.page.text, self.mentions)

    def _unknown(self, mention: Mention) -> str:
        """Return why a name that no unit of the day and type bears is no row: communes and old provinces may be."""
        levels = {level for level, _ in mention.types}
        if "commune" in levels or ("province" in levels and mention.name in self.page.known.historical):
            return ""
        return "no such unit"

    def _read(self, mention: Mention) -> tuple[list[Chain], dict[str, float]]:
        """Return what a mention may mean, and the penalty of each by code; the same for the same name and type."""
        key = mention.name, mention.types
        found = self._readings.get(key)
        if found is None:
            found = self._readings[key] = self._readings_of(mention)
        return found

    def _readings_of(self, mention: Mention) -> tuple[list[Chain], dict[str, float]]:
        units = [unit for unit in mention.units if unit.start <= self.day]
        types = mention.types
        if types:
            levels = {level for level, _ in types}
            units = [unit for unit in units if unit.level in levels]
            exact = [unit for unit in units if (unit.level, unit.type) in types]
            units = exact if exact and "commune" not in levels else units
        elif any(unit.level == "province" for unit in units):
            units = [unit for unit in units if unit.level != "commune"]  # `Bình Dương` after 2025 is the old province
        best: dict[str, tuple[float, Unit]] = {}
        for unit in units:  # one stretch of a code: the one that stands, else the last of the right type
            fitness = self._fitness(unit, mention.name, types)
            rival = best.get(unit.code)
            if rival is None or fitness >= rival[0]:
                best[unit.code] = fitness, unit
        chains = [self.gazetteer.chain(unit, self.day) for _, unit in best.values()]
        return chains, {code: fitness for code, (fitness, _) in best.items()}

    def _fitness(self, unit: Unit, name: str, types: Types) -> float:
        """Return the penalty of a unit that does not stand on the day or is not of the name and type written."""
        fitness = 0.0 if unit.stands(self.day) else FORMER
        if unit.name.lower() != name:
            fitness += ALIAS
        if types and (unit.level, unit.type) not in types:
            fitness += MISTYPED
        return fitness

    def _anchor(self) -> None:
        """Weigh units by the mentions that can mean one thing only."""
        for mention in self.mentions:
            if mention.dropped or not mention.candidates:
                continue
            standing = [c for c in mention.candidates if mention.penalties.get(c[-1].code, ALIAS) >= ALIAS]
            certain = standing or mention.candidates
            if len({chain[0].code for chain in certain}) == 1:
                sure = 1.0 if mention.types or mention.candidates[0][-1].level == "province" else 0.3
                for unit in certain[0] if len(certain) == 1 else certain[0][:1]:
                    self.weights[unit.code] += sure
            elif not mention.types:
                for chain in mention.candidates:
                    if len(chain) == 1:
                        self.weights[chain[0].code] += 1.0

    def _weigh(self) -> None:
        self.weights.clear()
        self.told = {m.name: m.chosen[-1].code for m in self.linked if m.chosen and m.by == BESIDE}
        for mention in self.mentions:
            if mention.chosen and not mention.dropped:
                for unit in mention.chosen:
                    self.weights[unit.code] += 0.5 if not mention.types and len(mention.chosen) > 1 else 1.0

    def _choose(self) -> None:
        """Choose for every mention, last to first, so that parents are decided before their children."""
        total = max([w for code, w in self.weights.items() if len(code) == 2], default=0.0) or 1.0
        sentence = self._sentence_provinces()
        for index in range(len(self.mentions) - 1, -1, -1):
            mention = self.mentions[index]
            if not mention.candidates or mention.dropped or mention.by == BESIDE:
                continue
            if len(mention.candidates) == 1:
                if mention.chosen is None:
                    self._decide(mention, [(0.0, mention.candidates[0])])
                continue
            scored = [(self._score(mention, chain, total, sentence), chain) for chain in mention.candidates]
            scored.sort(key=lambda item: -item[0])
            mention.candidates = [chain for _, chain in scored]
            self._decide(mention, scored)

    def _sentence_provinces(self) -> dict[Mention, set[str]]:
        """Return, by mention, the codes of provinces that are certain in its neighbourhood."""
        near: dict[Mention, set[str]] = {}
        for index, mention in enumerate(self.mentions):
            if len(mention.candidates) < 2:
                continue
            codes: set[str] = set()
            for other in self.mentions[max(0, index - _NEIGHBOURS) : index + _NEIGHBOURS + 1]:
                if other is not mention and abs(other.start - mention.start) < _NEAR and not other.dropped:
                    found = {chain[0].code for chain in ([other.chosen] if other.chosen else other.candidates)}
                    codes |= found if len(found) == 1 else set()
            near[mention] = codes
        return near

    def _score(self, mention: Mention, chain: Chain, total: float, near: dict[Mention, set[str]]) -> float:
        unit, depth, weights = chain[-1], len(chain), self.weights
        score = mention.penalties.get(unit.code, ALIAS) + self._beside(mention, chain)
        if not mention.types:
            score += BARE_LEVEL[unit.level]
            if depth > 1 and unit.level == "commune" and chain[-2].name == unit.name:
                score += SEAT
        score += PROVINCE_SHARE * weights.get(chain[0].code, 0.0) / total
        if depth > 2:
            score += DISTRICT_SHARE * weights.get(chain[1].code, 0.0) / total
        if depth > 1:
            score += min(2.0, weights.get(unit.code, 0.0)) / 2
        if self.told.get(mention.name) == unit.code:
            score += SAME_NAME
        if chain[0].code in near.get(mention, ()):
            score += SAME_SENTENCE
        if chain[0].code == self.outlet:
            score += OUTLET
        return score

    def _beside(self, mention: Mention, chain: Chain) -> float:
        """Return what the parent, the child and the neighbour in a list say for a reading."""
        score = 0.0
        parent = self.linked.get(mention)
        if parent is not None:
            above = [parent.chosen[-1].code] if parent.chosen else [c[-1].code for c in parent.candidates]
            score += PARENT_BESIDE if any(u.code in above for u in chain[:-1]) else 0.0
        child = self.children.get(mention)
        if child is not None and any(chain[-1] in above for above in child.candidates):
            score += CHILD_BESIDE
        sibling = self.siblings.get(mention)
        if sibling is not None and sibling.chosen and len(sibling.chosen) > 1 and len(chain) > 1:
            score += SIBLING if chain[-2].code == sibling.chosen[-2].code else 0.0
            score += SAME_SENTENCE if chain[0].code == sibling.chosen[0].code else 0.0
        return score

    def _decide(self, mention: Mention, scored: list[tuple[float, Chain]]) -> None:
        """Take the best reading, or what the best readings share."""
        best, chain = scored[0]
        mention.chosen, mention.level, mention.path = chain, chain[-1].level, path_of(chain)
        rivals = [other for score, other in scored if best - score < MARGIN]
        if len(rivals) == 1:
            mention.by = self._reason(mention, len(scored))
        elif all(path_of(other) == mention.path for other in rivals):
            mention.by = EITHER
        else:
            shared = _shared(rivals)
            mention.chosen, mention.path, mention.by = (shared or None), path_of(shared), UNDECIDED

    def _reason(self, mention: Mention, readings: int) -> str:
        if readings == 1:
            return "type word" if mention.types else "name"
        if mention in self.linked:
            return BESIDE
        if mention in self.siblings:
            return "list"
        return "article" if self.weights else "type word"


def _shared(chains: list[Chain]) -> Chain:
    """Return what chains have in common from the province down."""
    shared: list[Unit] = []
    for units in zip(*chains, strict=False):
        if len({unit.code for unit in units}) > 1:
            break
        shared.append(units[0])
    return tuple(shared)
