"""Mentions: spans that may name a unit, with what stands around them; nothing is decided here but the spans."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import regex

from pipeline.document import Document
from pipeline.gazetteer import Chain, Unit, strip_marks
from pipeline.grammar.lexicon import Hit
from pipeline.stages.localities.rules import Knowledge, Types, TypeWord

MAX_NAME = 40
"""Characters in the longest open name; the longest name of the gazetteer has 25."""

_WORD: Final = r"\p{Lu}[\p{L}\p{M}’'’]*"
_OPEN_NAME = regex.compile(rf"{_WORD}(?: {_WORD}){{0,3}}(?: \d{{1,2}}[A-Z]?(?![\w/.,]\d))?")
_ROMAN = regex.compile(r"[IVX]{1,4}[A-Z]?(?!\w)")
_ROMAN_NUMERALS: Final = dict(zip("1234567", ("i", "ii", "iii", "iv", "v", "vi", "vii"), strict=True))
_VOWELS: Final = "aeiouyàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_SYLLABLE = regex.compile(rf"[^{_VOWELS}fjwz]*[{_VOWELS}]{{1,3}}[bcdghklmnprstxq']*")
"""One group of vowels, no f, j, w, z: `Assabu` and `Maoxian` are not Vietnamese. In lower case."""
_DOTTED_GAPS: Final = frozenset((".", ". ", ".\n", ".\n\n", ".  "))


@dataclass(slots=True, eq=False)
class Mention:
    """A span that may name a unit.

    Attributes:
        start, end: Half-open offsets of the view, type word included.
        name_start: Where the name begins.
        name: The name in lower case.
        units: Units that bear the name.
        types: Levels and types that the type word or office allows; empty for a bare name.
        rule: Id of the rule that found it.
        hamlet: The hamlet word, where there is one.
        plural: Whether the type word opens a list (`các huyện`).
        head: The mention whose type word this one shares.
        candidates: Chains that it may mean, best first once resolved.
        chosen: The chain decided on, possibly cut short.
        path: Names from the province down, as far as they are certain.
        by: What decided it.
        dropped: Why it is no row, or empty.
    """

    start: int
    end: int
    name_start: int
    name: str
    units: list[Unit]
    types: Types = frozenset()
    rule: str = "localities.bare"
    hamlet: str = ""
    plural: bool = False
    head: Mention | None = None
    candidates: list[Chain] = field(default_factory=list)
    chosen: Chain | None = None
    path: list[str] = field(default_factory=list)
    level: str = ""
    by: str = ""
    dropped: str = ""

    @property
    def bare(self) -> bool:
        """Tell whether nothing before the name says what it is."""
        return self.rule == "localities.bare"


class Scanner:
    """Finds the mentions of one document."""

    def __init__(self, document: Document, knowledge: Knowledge) -> None:
        self.text = document.view.text
        self.folded = document.view.folded
        self.hits = document.hits
        self.known = knowledge
        self.patterns = knowledge.patterns
        self.parts = [p for p in document.rows.get("01_layout", []) if p.kind != "furniture"]
        self.type_ends: dict[int, Hit] = {}
        for hit in self.hits["place_type"]:
            if self.folded.endswith(knowledge.type_compounds, 0, hit.start):
                continue
            if hit.end not in self.type_ends:  # hits come longest first: `thành phố` before `phố`
                self.type_ends[hit.end] = hit

    def mentions(self) -> list[Mention]:
        """Return all mentions in reading order, none overlapping."""
        named = [self._mention(hit) for hit in self._names()]
        found = self._merge(named, self._numbered() + self._hamlets())
        found = self._merge(found, self._open_communes(found))
        self._share_types(found)
        return found

    def _names(self) -> list[Hit]:
        """Return the leftmost longest hits that are written as names and stand in a part of the article."""
        kept: list[Hit] = []
        end = part = 0
        text, parts = self.text, self.parts
        for hit in self.hits["place"]:
            start = hit.start
            if start < end or not (text[start].isupper() or text[start].isdigit()):
                continue
            while part < len(parts) and parts[part].end <= start:
                part += 1
            if part == len(parts):
                break
            if start < parts[part].start or not _capitalised(text[start : hit.end]):
                continue
            kept.append(hit)
            end = hit.end
        return kept

    def _mention(self, hit: Hit) -> Mention:
        name = self.folded[hit.start : hit.end]
        mention = Mention(hit.start, hit.end, hit.start, name, hit.value)
        found = self._type_before(hit.start)
        if found and not self._fits(found[1], hit):
            found = None
        if found:
            start, word = found
            mention.types, mention.rule = word.types, "localities.typed"
            colon = self.text[hit.start - 2 : hit.start] == ": "
            mention.start = hit.start if word.office or colon else start
            mention.plural = self.is_plural(start)
        return mention

    def _fits(self, word: TypeWord, hit: Hit) -> bool:
        """Tell whether an abbreviated type word is one here: `TT` is also a rank, `P.` an initial."""
        if hit.end - hit.start < 3:
            return False
        if len(word.word.rstrip(".")) > 1 and word.word.rstrip(".") != "tt":
            return True
        levels = {level for level, _ in word.types}
        return any(unit.level in levels for unit in hit.value)

    def _type_before(self, at: int) -> tuple[int, TypeWord] | None:
        """Return where the type word of a name at `at` begins, and the word."""
        for back in range(1, 4):
            hit = self.type_ends.get(at - back)
            if hit is None:
                continue
            gap = self.text[hit.end : at]
            listed = gap == ": " and self.is_plural(hit.start)  # `các phường: A, B`
            if (gap == " " and not hit.value.dotted) or listed or (gap in _DOTTED_GAPS and len(hit.value.word) <= 4):
                return hit.start, hit.value
        if self.text[at - 1 : at] == " ":
            match = self.known.modifiers.search(self.folded, max(0, at - 32), at)
            if match:
                hit = self.type_ends.get(match.end(1))
                return (hit.start, hit.value) if hit else None
        return None

    def is_plural(self, start: int) -> bool:
        """Tell whether what stands before a type word makes a list of it."""
        return self.known.plurals.search(self.folded, max(0, start - 8), start) is not None

    def _inside(self, start: int) -> bool:
        return any(part.start <= start < part.end for part in self.parts)

    def _numbered(self) -> list[Mention]:
        """Return `quận 1`, `P.5` and the numbers that follow them in a list."""
        found: list[Mention] = []
        for match in self.patterns["numbered"].finditer(self.folded):
            if not self._inside(match.start()):
                continue
            letter = (match[1] or match[2])[0].lower()
            types: Types = frozenset({("district", "quận")} if letter == "q" else {("commune", "phường")})
            first = self._number(match.start(), match, 3, types, "localities.typed")
            first.plural = self.is_plural(match.start())
            found.append(first)
            at = match.end()
            while (more := self.patterns["next_number"].match(self.folded, at)) is not None:
                item = self._number(more.start(1), more, 1, types, "localities.list")
                item.head = first
                found.append(item)
                at = more.end()
        return found

    def _number(self, start: int, match: regex.Match[str], group: int, types: Types, rule: str) -> Mention:
        name = str(int(match[group]))
        units = self.known.units(name) + self.known.units(_ROMAN_NUMERALS.get(name, "-"))
        return Mention(start, match.end(group), match.start(group), name, units, types, rule)

    def _hamlets(self) -> list[Mention]:
        """Return hamlet words with a number or an open name, and the names listed after them."""
        found: list[Mention] = []
        for hit in self.hits["place_hamlet"]:
            at = hit.end
            if hit.value.endswith(".") and self.text[at : at + 1] == ".":
                at += 1
            if self.text[at : at + 1] == " ":
                at += 1
            word = hit.value.rstrip(".")
            if at == hit.end or not self._inside(hit.start) or self._is_compound(hit, word):
                continue
            match = self.patterns["hamlet_number"].match(self.folded, at) or _ROMAN.match(self.text, at)
            if match is None and (hit.value not in self.known.numbered or word in ("tdp", "kp")):
                match = self._open_name(at)
            if match is None or (hit.value in self.known.numbered and not self._is_address(hit.start, match.end())):
                continue
            first = self._hamlet(hit.start, at, match.end(), word)
            first.plural = self.is_plural(hit.start)
            found.append(first)
            found += self._listed(first) if first.plural else []
        return found

    def _is_address(self, start: int, end: int) -> bool:
        """Tell whether a numbered group (`tổ 5`, `khối 11`) is a place: a place word before it, or a unit after it."""
        before = self.patterns["place_cue"].search(self.folded, max(0, start - 12), start)
        after = {end + 1, end + 2, end + 3}
        return before is not None or any(hit.start in after for hit in self.hits["place_type"])

    def _hamlet(self, start: int, name_start: int, end: int, word: str) -> Mention:
        name = self.folded[name_start:end]
        return Mention(start, end, name_start, name, [], frozenset({("hamlet", word)}), "localities.hamlet", word)

    def _is_compound(self, hit: Hit, word: str) -> bool:
        """Tell whether the hamlet word is the end of another word: `nông thôn`, `cơ bản`, `quân khu`."""
        before = self.folded[max(0, hit.start - 8) : hit.start]
        if word in self.known.common_hamlets and self.text[hit.start].isupper() and before[-2:-1].isalpha():
            return True  # `dự án Làng Chài Xưa`
        return before.endswith(self.known.hamlet_compounds) or (
            word == "bản" and before.endswith(self.known.text_compounds)
        )

    def _open_name(self, at: int) -> regex.Match[str] | None:
        """Match a capitalised name that the gazetteer need not know, cut before a person's name or an office."""
        folded = self.folded[at : at + MAX_NAME]
        if folded.startswith((*self.known.not_hamlet, *self.known.not_names)):
            return None
        match = _OPEN_NAME.match(self.text, at)
        if match is None:
            return None
        words = match[0].split(" ")
        if not all(_SYLLABLE.fullmatch(word.lower()) or word.isdigit() or word[:-1].isdigit() for word in words):
            return None
        for index in range(1, len(words)):
            person = words[index].lower() in self.known.surnames and len(words) - index >= 2
            if person or (words[index].isupper() and words[index].isalpha()):
                shorter = " ".join(words[:index])
                return _OPEN_NAME.fullmatch(self.text, at, at + len(shorter))
        return match

    def _listed(self, first: Mention) -> list[Mention]:
        found: list[Mention] = []
        at = first.end
        while (gap := self.patterns["separator"].match(self.folded, at)) is not None:
            match = self.patterns["hamlet_number"].match(self.folded, gap.end()) or self._open_name(gap.end())
            if match is None or self._type_starts(gap.end()):
                break
            item = self._hamlet(gap.end(), gap.end(), match.end(), first.hamlet)
            item.head = first
            found.append(item)
            at = match.end()
        return found

    def _type_starts(self, at: int) -> bool:
        return any(hit.start == at for hit in self.hits["place_type"])

    def _open_communes(self, known: list[Mention]) -> list[Mention]:
        """Return commune type words followed by a name that the gazetteer does not know."""
        taken = {mention.start for mention in known}
        found: list[Mention] = []
        for hit in self.hits["place_type"]:
            word = hit.value
            if word.office or word.dotted or hit.start in taken or self.text[hit.end : hit.end + 1] != " ":
                continue
            longest = self.type_ends.get(hit.end)
            if longest is None or longest.start != hit.start or not self._inside(hit.start):
                continue
            if self.text[hit.start].isupper() and self.text[max(0, hit.start - 2) : hit.start].strip().isalpha():
                continue  # `phố Xã Đàn`: a capital inside a sentence makes the type word a part of a name
            match = self._open_name(hit.end + 1)
            if match is None or self.folded.startswith(self.known.not_names, hit.end + 1):
                continue
            name = match[0].lower()
            units = self._misspelt(name, word.types)
            if units or next(iter(word.types))[0] == "commune":
                item = Mention(hit.start, match.end(), hit.end + 1, name, units, word.types, "localities.typed")
                item.plural = self.is_plural(hit.start)
                found.append(item)
        return found

    def _misspelt(self, name: str, types: Types) -> list[Unit]:
        """Return units of those types whose names differ from a name by marks only."""
        if name in self.known.foreign or self.text.isupper():
            return []
        return [u for u in self.known.gazetteer.by_plain_name.get(strip_marks(name), []) if (u.level, u.type) in types]

    def _merge(self, first: list[Mention], second: list[Mention]) -> list[Mention]:
        """Join two lists in reading order; where mentions overlap, the longer wins, then the typed one."""
        everything = sorted(first + second, key=lambda m: (m.start, bool(m.hamlet), -m.end, m.bare))
        kept: list[Mention] = []
        for mention in everything:
            if kept and mention.start < kept[-1].end:
                if mention.start == kept[-1].start and mention.hamlet:
                    continue  # `Sóc Trăng`, `Buôn Hồ`: the hamlet word is part of a name
                if kept[-1].bare and not mention.bare and mention.end >= kept[-1].end:
                    kept[-1] = mention
                continue
            kept.append(mention)
        return kept

    def _share_types(self, mentions: list[Mention]) -> None:
        """Let bare names after a typed one in a list share its type word, where they can."""
        for before, mention in pairwise(mentions):
            if not mention.bare or not before.types or before.hamlet or not before.rule.endswith(("typed", "list")):
                continue
            gap = self.text[before.end : mention.start]
            if self.patterns["list_gap"].fullmatch(gap) and self._can_share(before, mention):
                mention.types, mention.rule = before.types, "localities.list"
                mention.head = before.head or before
                mention.plural = before.plural

    def _can_share(self, before: Mention, mention: Mention) -> bool:
        """Tell whether a name is a further member of a list and not the parent of the name before it."""
        if not any((unit.level, unit.type) in before.types for unit in mention.units):
            return False
        if before.plural:
            return True
        if any(unit.level == "province" for unit in mention.units):
            return any((unit.level, unit.type) in before.types for unit in mention.units if unit.level == "province")
        if not before.units and any(unit.level != "commune" for unit in mention.units):
            return False
        codes = {unit.code for unit in mention.units}
        return not any(unit.parent in codes for unit in before.units)


def _capitalised(name: str) -> bool:
    """Tell whether every word of a name begins with a capital (`Hòa bình` is peace)."""
    words = name.replace("-", " ").replace("–", " ").split(" ")
    return all(word[:1].isupper() or not word[:1].isalpha() for word in words)
