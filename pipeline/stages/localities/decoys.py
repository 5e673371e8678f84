"""Decoys: why a name without a type word is no unit where it stands."""

from __future__ import annotations

import re
from typing import Final

from pipeline import alphabet
from pipeline.stages.localities.before import LONGER, after_head
from pipeline.stages.localities.mentions import Mention
from pipeline.stages.localities.page import CAPITAL, LETTER, Page

_BREAKS: Final = frozenset('\n,;:.!?()[]“”"…–')
_SHAPES: Final = alphabet.table(
    lambda char: "a" if char.isalnum() else "\n" if char in _BREAKS else " " if char == " " else "-"
)
"""A line break for what ends a phrase, a letter for letters and digits, a dash for all else but spaces."""
_TOKEN = re.compile(rf"[{LETTER}\d&.’']+")
_NEXT_WORD = re.compile(rf" ([{CAPITAL}][{LETTER}]*)")
_LOOK_BACK: Final = 70
_MAX_HEAD_WORDS: Final = 3
_TITLE = re.compile(r"[“\"‘] ?[^”\"’\n]{1,40}[”\"’]")
_QUOTES: Final = frozenset('“"‘')
_HOUSE: Final = 24
_BLANK: Final = frozenset(("", " ", "\n"))


class Decoys:
    """Judges the bare names of one document by the words around them."""

    def __init__(self, page: Page) -> None:
        self.text, self.folded, self.padded, self.known = page.text, page.folded, page.padded, page.known
        self.page = page
        self.codes = page.codes
        self.phrases = page.hits["place_decoy"]

    def reason(self, mention: Mention) -> str:
        """Return why a bare mention is no unit, or an empty string."""
        if self.phrases and any(start < mention.end and mention.start < end for start, end, _ in self.phrases):
            return "decoy phrase"
        if not mention.named.units:
            return "foreign"
        word = self.known.words_before[mention.before]
        if word.quiet:
            found = ""
        elif word.reason and not (word.spares_provinces and mention.named.is_province):
            return word.reason
        elif word.is_word:
            found = self._by_words(mention, word.is_lower)
        else:
            found = self._by_marks(mention, mention.before)
        return found or (self._after(mention) if self.padded[mention.end + 1].isupper() else "")

    def _by_marks(self, mention: Mention, word: str) -> str:
        """Judge by a mark or number directly before the name."""
        start, text = mention.start, self.text
        before, further = text[start - 1 : start], text[start - 2 : start - 1]
        if (before in _QUOTES or further in _QUOTES) and self._is_title(start):
            return "inside a quoted title"
        if not mention.named.is_province and self._after_number(start):
            return "street of an address"
        if before not in _BLANK:
            return self._glued(mention)
        low = max(0, start - _LOOK_BACK)
        if further in (":", " ") and self.known.patterns["credit"].search(self.folded, low, start):
            return "credit"
        return "" if not word or word[-1] in _BREAKS else self._by_words(mention, is_lower=False)

    def _by_words(self, mention: Mention, is_lower: bool) -> str:
        """Judge by the words before the name, up to the last break; `is_lower` says what the last one is."""
        known = self.known
        words = self._phrase(self.folded, mention.start)
        if not words:
            return ""
        found = self._head(words) if words[-1] in known.head_ends else ""
        if not found and not is_lower:
            found = self._name_before(mention, words)
        return found or ("" if known.name_head_ends.isdisjoint(words) else self._proper_name(mention, words))

    def _phrase(self, text: str, start: int) -> list[str]:
        """Return the words of the text or its copy from the last break to a name, as far as they matter."""
        low = start - _LOOK_BACK if start > _LOOK_BACK else 0
        shape = self.codes[low:start].translate(_SHAPES)
        begin = shape.rfind(b"\n") + 1
        phrase = text[low + begin : start]
        if shape.find(b"-", begin) < 0:
            return phrase.split()
        if "-" in phrase:
            phrase = f" {phrase}".rpartition(" - ")[2]
        return phrase.split() if phrase.replace(" ", "").isalnum() else _TOKEN.findall(phrase)

    def _after_number(self, start: int) -> bool:
        """Tell whether a house number stands before: `12 `, `12A `."""
        if not (self.text[start - 2 : start - 1].isdigit() or self.text[start - 3 : start - 2].isdigit()):
            return False
        return self.known.patterns["house"].search(self.folded, max(0, start - _HOUSE), start) is not None

    def _is_title(self, start: int) -> bool:
        return any(_TITLE.match(self.text, start - back) for back in (1, 2))

    def _glued(self, mention: Mention) -> str:
        """Judge a name that no space parts from what stands before."""
        before = self.text[mention.start - 1]
        if before in "-–" and self.text[mention.start - 2 : mention.start - 1].isalnum():
            known = any(end == mention.start - 1 for _, end, _ in self.page.hits["place"])
            return "" if known else LONGER
        return "" if before in "(/-–“\"'‘[:,;.…" else "inside a word"

    def _head(self, words: list[str]) -> str:
        """Judge by the word or words directly before: `đường`, `ông`, `nhãn lồng`."""
        two, three = " ".join(words[-2:]), " ".join(words[-3:])
        compounds, heads = self.known.compounds, self.known.heads
        if two in compounds or three in compounds:
            return ""
        kind = heads.get(words[-1]) or heads.get(two) or heads.get(three)
        return after_head(kind) if kind else ""

    def _name_before(self, mention: Mention, words: list[str]) -> str:
        """Judge by a capitalised word before: the name is then the end of a longer one, unless that is an opener."""
        if self.text[mention.start - 2] == "-" or self.text[mention.start - 1 - len(words[-1])].islower():
            return ""  # `Đắk Lắk- Đắk Nông`: another name of its own
        raw = self._phrase(self.text, mention.start)
        last = raw[-1]
        if not last[0].isupper() or (last.isupper() and len(last) > 1) or self._in_capitals(mention, raw):
            return ""
        size = len(raw)
        opens = size == 1 or (size == 2 and raw[0][:1].isupper()) or not raw[-2][:1].isupper()
        if opens and (words[-1] in self.known.openers or " ".join(words[-2:]) in self.known.openers):
            return ""
        if words[-1] in self.known.office_ends or " ".join(words[-2:]) in self.known.office_ends:
            return ""
        person = self.known.heads.get(words[-2] if len(words) > 1 else "") == "person"
        if mention.named.is_province and not person and (self._typed(mention) or self._is_body(words, raw)):
            return ""
        return LONGER

    def _in_capitals(self, mention: Mention, raw: list[str]) -> bool:
        """Tell whether the words before a name and the rest of its line are in capitals."""
        if not all(word.isupper() or word.isdigit() for word in raw):
            return False
        end = self.text.find("\n", mention.start)
        return self.text[mention.start : end if end > 0 else len(self.text)].isupper()

    def _is_body(self, words: list[str], raw: list[str]) -> bool:
        return any(
            word in self.known.bodies and as_written[0].isupper() for word, as_written in zip(words, raw, strict=True)
        )

    def _typed(self, mention: Mention) -> bool:
        """Tell whether the name is an alias with its type word in it: `TP.HCM` counts in any proper name."""
        return mention.named.is_province and mention.name.startswith(self.known.typed_aliases)

    def _proper_name(self, mention: Mention, words: list[str]) -> str:
        """Judge by a school, hospital, company or zone whose proper name the place ends."""
        if self._typed(mention):
            return ""
        phrase_ends, head_ends, heads = self.known.phrase_ends, self.known.name_head_ends, self.known.name_heads
        for index in range(len(words) - 1, max(-1, len(words) - 9), -1):
            word = words[index]
            if word in phrase_ends:
                return ""
            if word in head_ends and not self._is_compound(words, index):
                for first in range(index, max(-1, index - _MAX_HEAD_WORDS), -1):
                    if " ".join(words[first : index + 1]) in heads:
                        return "inside a proper name"
        return ""

    def _is_compound(self, words: list[str], index: int) -> bool:
        """Tell whether a word makes another one with that before or behind it: `hiện trường`, `cảng vụ`."""
        pairs = " ".join(words[max(0, index - 1) : index + 1]), " ".join(words[index : index + 2])
        return not self.known.compounds.isdisjoint(pairs)

    def _after(self, mention: Mention) -> str:
        """Judge by a capitalised word after: it must start a person's name or an office."""
        end = mention.end
        match = _NEXT_WORD.match(self.text, end)
        if match is None or self.text[mention.start : end].isupper():
            return ""
        word = match[1].lower()
        if mention.named.is_province:
            foreign = not match[1].isupper() and not self.known.is_syllable(word)
            longer = foreign or word in self.known.after_provinces or self._is_byline(mention, match.end())
            return "start of a longer name" if longer else ""
        if word in self.known.surnames or word in self.known.openers or match[1].isupper():
            return ""
        return "start of a longer name"

    def _is_byline(self, mention: Mention, end: int) -> bool:
        """Tell whether the name and one more word fill a line, as the name of an author does."""
        begins = mention.start == 0 or self.text[mention.start - 1] == "\n"
        return begins and self.text[end : end + 1] in ("", "\n")

    def on_route(self, mention: Mention) -> bool:
        """Tell whether the name is an end of a road or line: `cao tốc Hà Nội - Hải Phòng`."""
        low = max(0, mention.start - _LOOK_BACK)
        return self.known.patterns["route"].search(self.folded, low, mention.start) is not None
