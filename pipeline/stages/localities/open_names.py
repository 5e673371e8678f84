"""Open names: what stands after a hamlet or commune word and need not be in the gazetteer."""

from __future__ import annotations

import re
from typing import Final

from pipeline.gazetteer import strip_marks
from pipeline.grammar.lexicon import Hit
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.names import Name, Types
from pipeline.stages.localities.page import CAPITAL, LETTER, Page

MAX_NAME: Final = 40
"""Characters in the longest open name; the longest name of the gazetteer has 25."""

_WORD: Final = rf"[{CAPITAL}][{LETTER}’']*"
_TAIL: Final = r"(?: (?:\d{1,2}[A-Z]?|[IVX]{1,4})(?![\w/]|[.,]\d))?"
_OPEN_NAME = re.compile(rf"{_WORD}(?: {_WORD}){{0,3}}{_TAIL}")
_ROMAN = re.compile(r"[IVX]{1,4}[A-Z]?(?!\w)")
_LETTER_OR_ROMAN = re.compile(rf"{_ROMAN.pattern}|[{CAPITAL}]")
"""What stands in capitals at the end of a hamlet's name: `Hòa Bình A`, `Mù U`."""
_CUE_REACH: Final = 12
_UNKNOWN: Final = Name("", [])
"""A name that the gazetteer need not have."""


class OpenNames:
    """Finds hamlets and unknown communes of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text, self.folded, self.known = page.text, page.folded, page.known
        self.hamlet_starts: set[int] = set()

    def hamlets(self) -> list[Mention]:
        """Return hamlet words with a number or an open name, and the names listed after them, in reading order."""
        found: list[list[Mention]] = []
        padded, folded, number_words = self.page.padded, self.folded, self.known.number_words
        for hit in reversed(self.page.hits["place_hamlet"]):
            # from the last to the first: `tổ 1, tổ 2, phường` is one address
            start, end, _ = hit
            if padded[end] == " " and padded[end + 1].islower() and not folded.startswith(number_words, end + 1):
                continue  # nearly all: the word as a common noun
            mentions = self._hamlet_at(hit)
            if mentions:
                self.hamlet_starts.add(start)
                found.append(mentions)
        return [mention for mentions in reversed(found) for mention in mentions]

    def _hamlet_at(self, hit: Hit) -> list[Mention]:
        start, end, term = hit
        at = end + (term.endswith(".") and self.text[end : end + 1] == ".")
        at += self.text[at : at + 1] == " "
        first, known = self.text[at : at + 1], self.known
        if at == end or not first.isalnum():
            return []
        match: re.Match[str] | None = known.patterns["hamlet_number"].match(self.folded, at)
        if match is None and not first.isupper():
            return []
        if not self.page.inside(start) or self._is_compound(start, term):
            return []
        word = term.rstrip(".")
        by_number, numbered = match is not None, term in known.numbered_hamlets
        match = match or _ROMAN.match(self.text, at)
        if match is None and (not numbered or self._may_be_named(word)):
            match = self.match(at, *self._stops(word, numbered))
        if match is None or (numbered and not self._is_address(start, match.end(), by_number)):
            return []
        return [] if self._is_person(match[0], start) else self._hamlets(start, at, match.end(), word)

    def _hamlets(self, start: int, at: int, end: int, word: str) -> list[Mention]:
        """Return the hamlet whose name stands there, and those listed after it."""
        hamlet = self._hamlet(start, at, end, word)
        listed = self._listed(hamlet)
        if listed and (self.page.is_plural(start) or self._are_pair(hamlet, listed)):
            return [hamlet, *listed]
        return [hamlet]

    def _is_person(self, name: str, start: int) -> bool:
        """Tell whether a name is that of the head of a hamlet: `Trưởng thôn Lê Đức An`."""
        words = name.split(" ")
        return len(words) > 2 and self._begins_person(words) and self.page.last_word(start) in self.known.hamlet_heads

    def _begins_person(self, words: list[str]) -> bool:
        return words[0].lower() in self.known.surnames and words[-1].isalpha()

    def _are_pair(self, first: Mention, listed: list[Mention]) -> bool:
        """Tell whether a hamlet and one more share their word and their commune: `thôn A và B thuộc xã C`."""
        if len(listed) != 1 or "," in self.text[first.end : listed[0].start]:
            return False
        link = self.known.patterns["link"].match(self.folded, listed[0].end)
        return link is not None and link.end() in self.page.commune_starts

    def _may_be_named(self, word: str) -> bool:
        """Tell whether a word that wants a number may have a name: `khu vực` where that is what hamlets are called."""
        where = self.known.named_groups.get(word)
        return where is not None and (not where or any(province in self.folded for province in where))

    def _stops(self, word: str, numbered: bool) -> tuple[re.Pattern[str], ...]:
        """Return what starts no name after a hamlet word: more where the word is a common noun (`bản`: a text)."""
        common = numbered or word in self.known.common_hamlets
        return (self.known.not_hamlet, self.known.not_common) if common else (self.known.not_hamlet,)

    def _is_address(self, start: int, end: int, by_number: bool) -> bool:
        """Tell whether a group is a place: a unit follows, or (`tổ 5`) it has a number and a place word before it."""
        behind = (end + 1, end + 2, end + 3)
        if not by_number:
            return not self.page.commune_starts.isdisjoint(behind)
        if not (self.page.type_starts.isdisjoint(behind) and self.hamlet_starts.isdisjoint(behind)):
            return True
        cue = self.known.patterns["place_cue"]
        return cue.search(self.folded, max(0, start - _CUE_REACH), start) is not None

    def _hamlet(self, start: int, name_start: int, end: int, word: str) -> Mention:
        written, types = self.folded[name_start:end], frozenset({("hamlet", word)})
        return Mention(start, end, name_start, written, _UNKNOWN, types=types, rule="localities.hamlet", hamlet=word)

    def _is_compound(self, start: int, term: str) -> bool:
        """Tell whether the hamlet word is the end of another word or name: `nông thôn`, `quân khu`, `đường Ấp Bắc`."""
        before = self.folded[max(0, start - _CUE_REACH) : start]
        if self.text[start].isupper() and before[-2:-1].isalpha():
            if term in self.known.common_hamlets:
                return True  # `dự án Làng Chài Xưa`
            words = before[:-1].rpartition("\n")[2].split(" ")
            if words[-1] in self.known.heads or " ".join(words[-2:]) in self.known.heads:
                return True
        if term in self.known.text_words and before.endswith(self.known.text_compounds):
            return True
        return f"{self.page.last_word(start)} {term}" in self.known.hamlet_compounds

    def match(self, at: int, *stops: re.Pattern[str]) -> re.Match[str] | None:
        """Match a capitalised name that the gazetteer need not know, cut before a person's name or an office.

        `stops` match what starts no name.
        """
        known = self.known
        if any(stop.match(self.folded, at) for stop in stops):
            return None
        match = _OPEN_NAME.match(self.text, at)
        if match is None:
            return None
        words = match[0].split(" ")
        if not all(map(self._is_syllable, words)) and strip_marks(match[0]) not in known.gazetteer.by_plain_name:
            return None
        for index in range(1, len(words)):
            person = words[index].lower() in known.surnames and words[-1].isalpha() and len(words) - index >= 2
            office = words[index].isupper() and words[index].isalpha() and not _LETTER_OR_ROMAN.fullmatch(words[index])
            if person and index == 1 and self._begins_person(words):
                return None  # `xã Lê Văn An`: the person alone
            if person or office:
                return _OPEN_NAME.fullmatch(self.text, at, at + len(" ".join(words[:index])))
        return match

    def _is_syllable(self, word: str) -> bool:
        return self.known.is_syllable(word.lower()) or word[:1].isdigit()

    def _listed(self, first: Mention) -> list[Mention]:
        found: list[Mention] = []
        at = first.end
        while (gap := self.known.patterns["separator"].match(self.folded, at)) is not None:
            match: re.Match[str] | None = self.known.patterns["hamlet_number"].match(self.folded, gap.end())
            match = match or self.match(gap.end(), self.known.not_hamlet)
            if match is None or gap.end() in self.page.type_starts:
                break
            item = self._hamlet(gap.end(), gap.end(), match.end(), first.hamlet)
            item.head = first
            found.append(item)
            at = match.end()
        return found

    def repeated(self, hamlets: list[Mention], others: list[Mention]) -> list[Mention]:
        """Return the names of hamlets where they stand again without their word, after a word that takes a place."""
        found: list[Mention] = []
        told = {mention.name for mention in others if mention.types and not mention.hamlet}
        for name, first in {m.name: m for m in hamlets if " " in m.name and m.name not in told}.items():
            if any(unit.level != "commune" for unit in self.known.units(name)):
                continue
            written = self.text[first.name_start : first.end]
            at = self.text.find(written)
            while at >= 0:
                end = at + len(written)
                if self._stands_as_place(at, end):
                    item = self._hamlet(at, at, end, first.hamlet)
                    item.head = first
                    found.append(item)
                at = self.text.find(written, end)
        return found

    def _stands_as_place(self, start: int, end: int) -> bool:
        if not self.page.inside(start) or self.text[end : end + 1].isalnum() or self.text[end + 1 : end + 2].isupper():
            return False
        return self.known.patterns["place_cue"].search(self.folded, max(0, start - _CUE_REACH), start) is not None

    def communes(self, taken: set[int]) -> list[Mention]:
        """Return commune type words, but those at `taken` offsets, followed by a name that the gazetteer lacks."""
        found: list[Mention] = []
        for hit in self.page.before_names:
            start = hit[0]
            if start in taken or not self.page.inside(start):
                continue
            if self.text[start].isupper() and self.text[max(0, start - 2) : start].strip().isalpha():
                continue  # `phố Xã Đàn`: a capital inside a sentence makes the type word a part of a name
            item = self._commune(hit)
            if item is not None:
                found.append(item)
        return found

    def _commune(self, hit: Hit) -> Mention | None:
        start, end, word = hit
        at = end + 1
        if self.folded[at : at + 2] in self.known.modifier_starts:
            at = max(self.page.behind_modifiers(at), default=at)
        if not self.text[at : at + 1].isupper():
            return None
        match = self.match(at, self.known.not_names, self.known.not_hamlet)
        if match is None:
            return None
        written = match[0].lower()
        name = self._misspelt(written, word.types)
        if not name.units and (not word.commune or not self._may_be_commune(match[0])):
            return None
        item = Mention(start, match.end(), at, written, name, types=word.types, rule="localities.typed")
        item.word_start = start
        return item

    def _may_be_commune(self, name: str) -> bool:
        """Tell whether an unknown name can be a commune's: not one syllable, not a person's full name."""
        words = name.split(" ")
        return len(words) > 1 and (len(words) == 2 or not self._begins_person(words))

    def _misspelt(self, written: str, types: Types) -> Name:
        """Return a name with the units of those types whose names differ from it by marks only."""
        if written in self.known.foreign or self.text.isupper():
            return _UNKNOWN
        alike = self.known.gazetteer.by_plain_name.get(strip_marks(written), [])
        return Name(written, [unit for unit in alike if (unit.level, unit.type) in types])
