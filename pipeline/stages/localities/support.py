"""Support: what makes a name without a type word a unit, once all readings are chosen."""

from __future__ import annotations

from typing import Final

from pipeline.stages.localities.links import Links
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.page import Page

UNDECIDED: Final = "undecided"
EITHER: Final = "path shared by several units"  # the town of Kỳ Anh and the district around it: no code
CITIES: Final = frozenset(("thành phố", "thị xã"))
NOTHING: Final = "nothing beside it supports it"


class Article:
    """What an article says around its bare names.

    Attributes:
        page: The text with its rules.
        linked: Child mentions and the parents that stand beside them.
        siblings: Mentions and their right neighbours in a list.
        live: The mentions that are not dropped when the bare ones are judged.
    """

    def __init__(self, page: Page, links: Links, mentions: list[Mention]) -> None:
        self.page = page
        self.linked, self.siblings = links.linked, links.siblings
        self.live = [mention for mention in mentions if not mention.dropped]
        self._named: set[str] | None = None

    @property
    def named(self) -> set[str]:
        """Return the codes of units that stand with a type word or beside their parent."""
        if self._named is None:  # most articles have bare names of provinces only, which need none
            told = [m for m in self.live if (m.types or m in self.linked) and m.by != UNDECIDED]
            self._named = {mention.chosen.code for mention in told if mention.chosen}
        return self._named

    def names_province(self, code: str) -> bool:
        """Tell whether the article names a province, or units of it with a type word."""
        chains = [(mention.chosen, mention.types) for mention in self.live]
        return any(chain.codes[0] == code and (types or chain.depth == 1) for chain, types in chains if chain)


def keep_bare(page: Page, links: Links, mentions: list[Mention]) -> None:
    """Set `dropped` on every bare mention that nothing makes a unit."""
    article = Article(page, links, mentions)
    for mention in reversed(article.live):  # the last of a list stands beside the parent that supports all of it
        if not mention.types:
            mention.dropped = _unsupported(mention, article)


def _unsupported(mention: Mention, article: Article) -> str:
    """Return why nothing supports a bare name, or an empty string."""
    chain = mention.chosen
    if chain is None or mention.by == UNDECIDED:
        return "no reading stands out"
    parent = article.linked.get(mention)
    if parent is not None and parent.chosen and not parent.dropped:
        return ""
    name, known, level = mention.name, article.page.known, chain.level
    if name in known.eponyms or (name in known.needs_type and chain.code not in article.named):
        above = any(right is mention and not left.dropped for left, right in article.linked.items())
        return "" if above and level == "province" else "needs a type word"
    if level == "province" or chain.code in article.named or _beside_kept(mention, article):
        return ""
    return "" if level == "district" and _district_stands(mention, article) else NOTHING


def _beside_kept(mention: Mention, article: Article) -> bool:
    """Tell whether its neighbour in a list is kept and belongs to the same parent."""
    other = article.siblings.get(mention)
    if other is None or other.dropped or not other.chosen or not mention.chosen or mention.chosen.depth < 2:
        return False
    return mention.chosen.units[:-1] == other.chosen.units[:-1]


def _district_stands(mention: Mention, article: Article) -> bool:
    """Tell whether a district's bare name stands where a place stands, in an article of its province."""
    assert mention.chosen is not None
    unit, province = mention.chosen.units[-1], mention.chosen.units[0]
    before = max(0, mention.start - 12)
    match = article.page.known.patterns["place_cue"].search(article.page.folded, before, mention.start)
    cue = match is not None
    at_home = article.names_province(province.code)
    single = " " not in mention.name and "-" not in mention.name
    headline = mention.end < len(article.page.text) and article.page.text[mention.end] == ":"  # `Huế: Xe khách …`
    if single:
        known = mention.name in article.page.known.short_names
        word = match is not None and match[0][0].isalpha()  # `, Vinh mượn xe` is a person
        given = mention.name in article.page.known.given_names
        return known and unit.type in CITIES and (word or headline or (at_home and not given))
    if unit.type in CITIES:
        return cue or at_home
    return cue and (at_home or (len(mention.candidates) == 1 and not _fills_line(mention, article.page.text)))


def _fills_line(mention: Mention, text: str) -> bool:
    """Tell whether the name fills its line, as a byline does."""
    begin = text.rfind("\n", 0, mention.start) + 1
    end = text.find("\n", mention.end)
    return len(text[begin : end if end >= 0 else len(text)].strip()) <= mention.end - mention.start + 2
