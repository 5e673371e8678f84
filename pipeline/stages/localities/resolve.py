"""Resolution: all mentions of an article decided together, each by what the others make likely."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Final

from pipeline.document import Document
from pipeline.gazetteer import Chain, Unit, path_of, strip_marks
from pipeline.stages.localities.decoys import Decoys
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.rules import Knowledge
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

EARLIEST: Final = "2008-08-01"  # dates before are history, not the day of the text
UNDATED: Final = "2024-06-30"  # the country with districts, before the last changes in it

BESIDE: Final = "unit beside it"
_ISLES: Final = "decoy phrase"
_ROADS: Final = ("route", "after a word of kind road", "after a word of kind street")


class Resolver:
    """Decides the mentions of one document."""

    def __init__(self, document: Document, knowledge: Knowledge, mentions: list[Mention]) -> None:
        self.text = document.view.text
        self.folded = document.view.folded
        self.known = knowledge
        self.gazetteer = knowledge.gazetteer
        self.mentions = mentions
        self.day = day_of(document, mentions)
        self.decoys = Decoys(document, knowledge)
        self.chains: dict[Unit, Chain] = {}
        self.weights: defaultdict[str, float] = defaultdict(float)
        self.told: dict[str, str] = {}
        self.outlet = outlet(document, knowledge)
        title_end = self.text.find("\n")
        self.title_end = title_end if title_end > 0 else 0

    def resolve(self) -> None:
        """Give every mention its path or the reason why it is no row."""
        for mention in self.mentions:
            if mention.bare:
                mention.dropped = self.decoys.reason(mention)
            if not mention.dropped and not mention.hamlet:
                mention.candidates = self._candidates(mention)
                if not mention.candidates:
                    mention.dropped = self._unknown(mention)
        self._routes()
        self._links()
        self._prefer_provinces()
        self._anchor()
        for _ in range(2):
            self._choose()
            self._weigh()
        keep_bare(Article(self.text, self.folded, self.known, self.linked, self.siblings), self.mentions)
        self._name_hamlets()

    def _unknown(self, mention: Mention) -> str:
        """Return why a name that no unit of the day and type bears is no row: communes and old provinces may be."""
        levels = {level for level, _ in mention.types}
        if "commune" in levels or ("province" in levels and mention.name in self.known.historical):
            return ""
        return "no such unit"

    def chain(self, unit: Unit) -> Chain:
        """Return a unit's chain on the article's day."""
        found = self.chains.get(unit)
        if found is None:
            found = self.chains[unit] = self.gazetteer.chain(unit, self.day)
        return found

    def _candidates(self, mention: Mention) -> list[Chain]:
        """Return what a mention may mean; units that no longer stand, or of another type, are worse readings."""
        units = [u for u in mention.units if u.start <= self.day]
        if mention.types:
            levels = {level for level, _ in mention.types}
            units = [u for u in units if u.level in levels]
            exact = [u for u in units if (u.level, u.type) in mention.types]
            units = exact if exact and "commune" not in levels else units
        elif any(u.level == "province" for u in units):
            units = [u for u in units if u.level != "commune"]  # `Bình Dương` after 2025 is the former province
        best: dict[str, Unit] = {}
        for unit in units:  # one stretch of a code: the one that stands, else the last of the right type
            rival = best.get(unit.code)
            if rival is None or self._fitness(unit, mention) >= self._fitness(rival, mention):
                best[unit.code] = unit
        return [self.chain(unit) for unit in best.values()]

    def _fitness(self, unit: Unit, mention: Mention) -> float:
        """Return the penalty of a unit that does not stand on the day or is not of the type written."""
        fitness = 0.0 if unit.stands(self.day) else FORMER
        if unit.name.lower() != mention.name:
            fitness += ALIAS
        if mention.types and (unit.level, unit.type) not in mention.types:
            fitness += MISTYPED
        return fitness

    def _routes(self) -> None:
        """Drop the ends of roads and lines: names joined by dashes after `cao tốc` and the like."""
        previous: Mention | None = None
        for mention in self.mentions:
            joined = previous is not None and self.text[previous.end : mention.start].strip() in ("-", "–")
            if mention.bare and not mention.dropped:
                after = self.text[mention.end : mention.end + 3].strip()[:1]
                follows = joined and previous is not None and previous.dropped in _ROADS
                if follows or (after in ("-", "–") and self.decoys.on_route(mention)):
                    mention.dropped = "route"
                elif previous is not None and previous.dropped == _ISLES and self._listed(previous, mention):
                    mention.dropped = previous.dropped
            previous = mention

    def _listed(self, left: Mention, right: Mention) -> bool:
        """Tell whether a district goes on a list of islands (`Hoàng Sa, Trường Sa và Côn Đảo`)."""
        if any(unit.level == "province" for unit in right.units):
            return False
        return self.text[left.end : right.start] in (", ", " và ", " - ", " – ", "-")

    def _links(self) -> None:
        """Keep, of neighbours that stand as child and parent, the readings in which they are."""
        link = self.known.patterns["link"]
        live = [m for m in self.mentions if m.candidates]
        self.linked: dict[Mention, Mention] = {}
        self.siblings: dict[Mention, Mention] = {}
        self.children: dict[Mention, Mention] = {}
        for left, right in pairwise(live):
            gap = self.text[left.end : right.start]
            if len(gap) > 30 or "\n\n" in gap:
                continue
            if right.head is not None and (right.head is left or right.head is left.head):
                self.siblings[left] = right
            elif link.fullmatch(gap):
                if self._parents(left, right):
                    self.linked[left], self.children[right] = right, left
                else:
                    self.siblings[left] = right
            elif gap in (" và ", "; "):
                self.siblings[left] = right

    def _prefer_provinces(self) -> None:
        """Read a bare name as the province wherever it can be one.

        Not where its parent stands in brackets behind it, nor where the province of the same name does (`xã Đông
        Thọ, Thái Bình, Thái Bình`).
        """
        for mention in self.mentions:
            parent = self.linked.get(mention)
            if not mention.bare or (parent is not None and "(" in self.text[mention.end : parent.start]):
                continue
            provinces: list[Chain] = [chain for chain in mention.candidates if len(chain) == 1]
            below: list[Chain] = [chain for chain in mention.candidates if len(chain) == 2]
            if provinces and parent is not None and (parent.name == mention.name or self._holds_left(mention, parent)):
                mention.candidates = below or provinces
            elif provinces:
                mention.candidates = provinces
                self.linked.pop(mention, None)

    def _holds_left(self, mention: Mention, parent: Mention) -> bool:
        """Tell whether a bare name is the district between its commune and its province."""
        left = self.children.get(mention)
        districts = {chain[-1].code for chain in mention.candidates if len(chain) == 2}
        above = {chain[-1].code for chain in parent.candidates}
        return left is not None and any(
            len(chain) == 3 and chain[1].code in districts and chain[0].code in above for chain in left.candidates
        )

    @staticmethod
    def _parents(left: Mention, right: Mention) -> bool:
        codes = {chain[-1].code for chain in right.candidates}
        return any(unit.code in codes for chain in left.candidates for unit in chain[:-1])

    def _anchor(self) -> None:
        """Weigh units by the mentions that can mean one thing only."""
        for mention in self.mentions:
            standing = [chain for chain in mention.candidates if self._fitness(chain[-1], mention) >= ALIAS]
            provinces = {chain[0].code for chain in standing or mention.candidates}
            if len(provinces) == 1 and not mention.dropped:
                sure = 1.0 if not mention.bare or mention.candidates[0][-1].level == "province" else 0.3
                first = (standing or mention.candidates)[0]
                for unit in first if len(standing or mention.candidates) == 1 else first[:1]:
                    self.weights[unit.code] += sure
            elif mention.bare and any(len(chain) == 1 for chain in mention.candidates) and not mention.dropped:
                for chain in mention.candidates:
                    if len(chain) == 1:
                        self.weights[chain[0].code] += 1.0

    def _weigh(self) -> None:
        self.weights.clear()
        self.told = {m.name: m.chosen[-1].code for m in self.linked if m.chosen and m.by == BESIDE}
        for mention in self.mentions:
            if mention.chosen and not mention.dropped:
                for unit in mention.chosen:
                    self.weights[unit.code] += 0.5 if mention.bare and len(mention.chosen) > 1 else 1.0

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
            for other in self.mentions[max(0, index - 4) : index + 5]:
                if other is not mention and abs(other.start - mention.start) < 160 and not other.dropped:
                    found = {chain[0].code for chain in ([other.chosen] if other.chosen else other.candidates)}
                    codes |= found if len(found) == 1 else set()
            near[mention] = codes
        return near

    def _score(self, mention: Mention, chain: Chain, total: float, near: dict[Mention, set[str]]) -> float:
        unit = chain[-1]
        score = BARE_LEVEL[unit.level] if mention.bare else 0.0
        score += self._fitness(unit, mention)
        if mention.bare and len(chain) > 1 and chain[-2].name == unit.name and unit.level == "commune":
            score += SEAT
        parent = self.linked.get(mention)
        if parent is not None:
            above = [parent.chosen[-1].code] if parent.chosen else [c[-1].code for c in parent.candidates]
            score += PARENT_BESIDE if any(u.code in above for u in chain[:-1]) else 0.0
        child = self.children.get(mention)
        if child is not None and any(unit in above for above in child.candidates):
            score += CHILD_BESIDE
        sibling = self.siblings.get(mention)
        if sibling is not None and sibling.chosen and len(sibling.chosen) > 1 and len(chain) > 1:
            score += SIBLING if chain[-2].code == sibling.chosen[-2].code else 0.0
            score += SAME_SENTENCE if chain[0].code == sibling.chosen[0].code else 0.0
        score += PROVINCE_SHARE * self.weights.get(chain[0].code, 0.0) / total
        if len(chain) > 1:
            score += DISTRICT_SHARE * self.weights.get(chain[1].code, 0.0) / total if len(chain) > 2 else 0.0
            score += min(2.0, self.weights.get(unit.code, 0.0)) / 2
        if self.told.get(mention.name) == unit.code:
            score += SAME_NAME
        if chain[0].code in near.get(mention, ()):
            score += SAME_SENTENCE
        if chain[0].code == self.outlet:
            score += OUTLET
        return score

    def _decide(self, mention: Mention, scored: list[tuple[float, Chain]]) -> None:
        """Take the best reading, or what the best readings share."""
        best, chain = scored[0]
        rivals = [other for score, other in scored if best - score < MARGIN]
        if len(rivals) > 1 and all(path_of(other) == path_of(chain) for other in rivals):
            mention.chosen, mention.level, mention.path = chain, chain[-1].level, path_of(chain)
            mention.by = EITHER
            return
        if len(rivals) > 1:
            shared = _shared(rivals)
            mention.chosen, mention.by = (shared or None), UNDECIDED
            mention.level = chain[-1].level
            mention.path = path_of(shared)
            return
        mention.chosen, mention.level, mention.path = chain, chain[-1].level, path_of(chain)
        if len(scored) == 1:
            mention.by = "name" if mention.bare else "type word"
        elif mention in self.linked:
            mention.by = BESIDE
        elif mention in self.siblings:
            mention.by = "list"
        else:
            mention.by = "article" if self.weights else "type word"

    def _name_hamlets(self) -> None:
        """Give hamlets and unknown communes the path of the unit beside them, else of the last one before."""
        live = [m for m in self.mentions if not m.dropped]
        for index, mention in enumerate(live):
            if mention.chosen or (not mention.hamlet and mention.candidates):
                continue
            if mention.hamlet:
                mention.level, label = "hamlet", self._hamlet_label(mention)
            else:
                mention.level, label = next(iter(mention.types))[0], self.text[mention.name_start : mention.end]
            above = self._above(live, index, mention)
            mention.path = [*(path_of(above) if above and mention.level != "province" else []), label]
            mention.by = "open name"

    def _above(self, live: list[Mention], index: int, mention: Mention) -> Chain | None:
        wanted = 3 if mention.hamlet else 2
        for other in live[index + 1 : index + 4]:
            gap = self.text[mention.end : other.start]
            if other.chosen and not other.hamlet and len(gap) < 60 and not set(gap) & set(".;\n"):
                return other.chosen[:wanted]
        for other in reversed(live[:index]):
            if other.chosen and (len(other.chosen) == wanted or not mention.hamlet):
                return other.chosen[:wanted]
        return None

    def _hamlet_label(self, mention: Mention) -> str:
        name = self.text[mention.name_start : mention.end]
        return f"{mention.hamlet.capitalize()} {name}" if name[:1].isdigit() else name


def _shared(chains: list[Chain]) -> Chain:
    """Return what chains have in common from the province down."""
    shared: list[Unit] = []
    for units in zip(*chains, strict=False):
        if len({unit.code for unit in units}) > 1:
            break
        shared.append(units[0])
    return tuple(shared)


def outlet(document: Document, knowledge: Knowledge) -> str:
    """Return the code of the province whose name stands in the address of the page, if any."""
    host = (document.url or "").partition("://")[2].partition("/")[0].lower()
    if not host:
        return ""
    plain = host.replace(".", "").replace("-", "")
    found = [u for u in knowledge.gazetteer.provinces if strip_marks(u.name) in plain]
    return max(found, key=lambda u: len(u.name)).code if found else ""


def day_of(document: Document, mentions: list[Mention]) -> str:
    """Return the day whose country the article lives in.

    Without a day of publication it is the last day that the text names, held before the reform where a district is
    named; without that, the country with districts, which most undated texts tell of.
    """
    when = document.published_on
    if when is not None:
        return when.isoformat()
    written = [
        row.date_to.isoformat()
        for row in document.rows.get("dates", [])
        if row.date_to is not None and row.resolved_from == "text" and row.granularity in ("day", "month")
    ]
    day = max((d for d in written if d >= EARLIEST), default=UNDATED)
    districts = any(level == "district" and kind != "thành phố" for m in mentions for level, kind in m.types)
    return min(day, UNDATED) if districts else day
