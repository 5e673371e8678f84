"""The scanner: finds all mentions of a page."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from pipeline.document import Document
from pipeline.grammar.lexicon import Hit
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.names import Name, Types
from pipeline.stages.localities.open_names import OpenNames
from pipeline.stages.localities.page import LONGEST_GAP, Page
from pipeline.stages.localities.rules import Knowledge, TypeWord

_INTRO_REACH: Final = 70
_COMMUNES: Final = frozenset(("commune",))
_SHORT: Final = 3
"""Letters below which a name must be a unit's of the level that its type word says."""


class Scanner:
    """Finds the mentions of one document."""

    def __init__(self, document: Document, known: Knowledge) -> None:
        self.page = Page(document, known)
        self.text, self.folded, self.known = self.page.text, self.page.folded, known
        self.crossing = False
        """Whether the type word of a name begins in the name before it."""

    def mentions(self) -> list[Mention]:
        """Return all mentions in reading order, none overlapping."""
        found = self._named()
        names = OpenNames(self.page)
        hamlets = names.hamlets()
        others = self._numbered() + hamlets if self.page.before_numbers else hamlets
        if others or self.crossing:
            found = self._merge(found, others, {hamlet for hamlet in hamlets if hamlet.head is not None})
        more = names.communes({mention.start for mention in found})
        if hamlets:
            more += names.repeated(hamlets, found)
        if more:
            found = self._merge(found, more)
        self._share_types(found)
        return found

    def _named(self) -> list[Mention]:
        """Return the leftmost longest hits that are written as names, each with its type word where it has one."""
        text, page, done = self.text, self.page, 0
        type_words, word_before = page.type_words, page.word_before
        found: list[Mention] = []
        for hit in page.hits["place"]:
            start, end, name = hit
            if text[start].islower():  # a third of them are common words
                continue
            if start < done:
                if end <= done or not self._hides_province(found[-1], hit):
                    continue
                done = found.pop().start
            else:
                written = text[start:end]
                if not (written.istitle() or written.isupper() or self._is_written_so(written, hit)):
                    continue
                if not (page.is_whole or page.inside(start)):
                    continue
            typed = type_words.get(start)
            if typed is None or not _fits(typed[2], end - start, name):
                mention = Mention(start, end, start, name.written, name)
                mention.before = word_before(start)
            else:
                type_start, _, word = typed
                first = start if word.office or text.endswith(": ", 0, start) else type_start
                mention = Mention(first, end, start, name.written, name, word.types, "localities.typed")
                mention.word_start = type_start
                if first < done:
                    self.crossing = True
            done = end
            found.append(mention)
        return found

    def _is_written_so(self, written: str, hit: Hit) -> bool:
        """Tell whether it is a name still: each word with a capital, or one behind its type word: `tỉnh Lai châu`."""
        if _capitalised(written):
            return True
        start, _, name = hit
        found = self.page.type_words.get(start)
        if found is None:
            return False
        return not name.types.isdisjoint(found[2].types)

    def _hides_province(self, kept: Mention, hit: Hit) -> bool:
        """Tell whether a name that only crosses a province's name hides it: `Việt Minh Sơn La` names no Minh Sơn."""
        start, end, name = hit
        if not name.is_province or kept.named.is_province or not _capitalised(self.text[start:end]):
            return False
        return kept.name_start not in self.page.type_words

    def _numbered(self) -> list[Mention]:
        """Return `quận 1`, `P.5` and the numbers that follow them in a list."""
        found: list[Mention] = []
        number, following = self.known.patterns["number"], self.known.patterns["next_number"]
        for start, end, word in self.page.before_numbers:
            match = number.match(self.folded, end)
            if match is None or (word.dotted and match[0][0] != ".") or not self.page.inside(start):
                continue
            types = word.types
            first = self._number(start, match, types, "localities.typed")
            first.word_start = start
            found.append(first)
            at = match.end()
            while (more := following.match(self.folded, at)) is not None:
                item = self._number(more.start(1), more, types, "localities.list")
                item.head = first
                found.append(item)
                at = more.end()
        return found

    def _number(self, start: int, match: re.Match[str], types: Types, rule: str) -> Mention:
        written = str(int(match[1]))
        name = self.known.numbers[written]
        return Mention(start, match.end(1), match.start(1), written, name, types, rule)

    @staticmethod
    def _merge(first: list[Mention], second: list[Mention], listed: Container[Mention] = ()) -> list[Mention]:
        """Join two lists in reading order; where mentions overlap, the longer wins, then the typed one.

        Where a name that is `listed` with hamlets is also a commune's, it is the hamlet's; a district ends the list.
        """
        everything = sorted(first + second, key=lambda m: (m.start, bool(m.hamlet), -m.end, not m.types))
        kept: list[Mention] = []
        for mention in everything:
            if kept and mention.start < kept[-1].end:
                commune = mention in listed and all(unit.level == "commune" for unit in kept[-1].named.units)
                if mention.start == kept[-1].start and mention.hamlet and not commune:
                    continue  # `Sóc Trăng`, `Buôn Hồ`: the hamlet word is part of a name
                if not kept[-1].types and mention.types and mention.end >= kept[-1].end:
                    kept[-1] = mention
                continue
            kept.append(mention)
        return kept

    def _share_types(self, mentions: list[Mention]) -> None:
        """Let bare names after a typed one in a list, or after `các xã như`, share its type word, where they can."""
        text, is_list_gap, list_openers = self.text, self.known.is_list_gap, self.known.list_openers
        before: Mention | None = None
        for mention in mentions:
            if not mention.types:
                start = mention.start
                if before is not None and before.types and not before.hamlet and before.end + LONGEST_GAP > start:
                    if is_list_gap(text[before.end : start]):
                        before.plural = before.plural or self._opens_list(before)
                        if _can_share(before, mention):
                            mention.types, mention.rule = before.types, "localities.list"
                            mention.head, mention.plural = before.head or before, before.plural
                elif mention.before in list_openers:
                    self._open_list(mention)
            before = mention

    def _opens_list(self, mention: Mention) -> bool:
        """Tell whether the type word of a mention stands for several units: `các huyện`."""
        return mention.head is None and self.page.is_plural(mention.word_start)

    def _open_list(self, mention: Mention) -> None:
        """Give a name the type word that announces a list from afar: `các xã vùng biên như A, B`."""
        match = self.known.list_intro.search(self.folded, max(0, mention.start - _INTRO_REACH), mention.start)
        word = self.page.type_ending(match.end(1)) if match else None
        if word is None or mention.named.types.isdisjoint(word.types):
            return
        mention.types, mention.rule, mention.plural = word.types, "localities.list", True


def _fits(word: TypeWord, length: int, name: Name) -> bool:
    """Tell whether a type word is one here: `TT` is also a rank, `P.` an initial, `Ba` the start of a name."""
    return (word.plain and length >= _SHORT) or not word.levels.isdisjoint(name.levels)


def _can_share(before: Mention, mention: Mention) -> bool:
    """Tell whether a name is a further member of a list and not the parent of the name before it."""
    name = mention.named
    if name.types.isdisjoint(before.types):
        return False
    if before.plural:
        return True
    if name.is_province:
        return any(level == "province" and (level, kind) in before.types for level, kind in name.types)
    if not before.named.units and name.levels != _COMMUNES:
        return False
    codes = {unit.code for unit in name.units}
    return not any(unit.parent in codes for unit in before.named.units)


def _capitalised(name: str) -> bool:
    """Tell whether every word of a name begins with a capital (`Hòa bình` is peace)."""
    words = name.replace("-", " ").replace("–", " ").split(" ")
    return all(word[:1].isupper() or not word[:1].isalpha() for word in words)
