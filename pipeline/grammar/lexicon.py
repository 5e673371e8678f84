"""All literal terms of all rules in one automaton: a text is walked once, whatever the number of terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any, Final

import ahocorasick_rs

from pipeline import alphabet
from pipeline.document import View, fold

Hit = tuple[int, int, Any]
"""A term found in a view: half-open offsets of the view and the value that the rules give the term."""


class LexiconBuilder:
    """Collects terms while the stages prepare; `build` freezes them into a `Lexicon`."""

    def __init__(self) -> None:
        self._values: dict[str, list[tuple[str, Any]]] = {}
        self._overlapping: set[str] = set()

    def add(self, kind: str, terms: Mapping[str, Any] | Iterable[str], *, overlapping: bool = False) -> None:
        """Register terms under `kind`; the hit's value is the mapping's value, or the term itself.

        Matching ignores case and spelling variants (as `View` does) and asks for word boundaries. Within a
        kind the leftmost longest hit wins unless `overlapping` asks for all of them.

        Raises:
            ValueError: If a term is empty (it would match everywhere).
        """
        items = dict(terms) if isinstance(terms, Mapping) else {term: term for term in terms}
        for key, value in zip(_keys(items), items.values(), strict=True):
            if not key.strip():
                raise ValueError(f"lexicon: empty term under {kind}; delete it or write the term")
            entries = self._values.setdefault(key, [])
            if (kind, value) not in entries:  # two stages may register the same words
                entries.append((kind, value))
        if overlapping:
            self._overlapping.add(kind)

    def build(self) -> Lexicon:
        """Return the automaton over all terms registered so far."""
        return Lexicon(self._values, frozenset(self._overlapping))


def _keys(terms: Iterable[str]) -> list[str]:
    """Return the form in which each term is looked for; one view over all of them costs a tenth of one for each."""
    terms = list(terms)
    keys = fold(View("\n".join(terms)).text).split("\n")
    return keys if len(keys) == len(terms) else [fold(View(term).text) for term in terms]


_WORDS: Final = alphabet.table(lambda char: char.lower() if char.isalnum() else " ")
"""Lower case, and a space for all that is no letter or digit: terms looked for between two spaces are whole words."""
_START: Final = itemgetter(1)

_Entry = tuple[int, int, Any, str]
"""A term of a kind: where the kind's hits go, where it notes how far they reach (of overlapping ones nobody reads it),
the value, and the term itself where its words do not tell it from others."""


class Lexicon:
    """The frozen automaton. `scan` gives, for each kind, its hits in reading order."""

    def __init__(self, values: Mapping[str, list[tuple[str, Any]]], overlapping: frozenset[str]) -> None:
        self._kinds = sorted({kind for entries in values.values() for kind, _ in entries})
        slots = {kind: slot for slot, kind in enumerate(self._kinds)}
        self._entries: list[_Entry] = []
        self._marks: list[tuple[bytes, int]] = []
        """Terms without a letter or digit, with their entries: as words they would be found between any two marks."""
        patterns: list[bytes] = []
        for term in sorted(values, key=lambda term: (not any(map(str.isalnum, term)), term)):
            codes = alphabet.encode(term)
            words = codes.translate(_WORDS)
            written = term if b" " in words or alphabet.has_strange(codes) else ""
            for kind, value in values[term]:
                if words.isspace():
                    self._marks.append((codes, len(self._entries)))
                else:
                    patterns.append(b" %b " % words)
                self._entries.append((slots[kind], len(slots) if kind in overlapping else slots[kind], value, written))
        self._automaton = ahocorasick_rs.BytesAhoCorasick(patterns)

    def scan(self, view: View) -> dict[str, list[Hit]]:
        """Return kind → hits of `view`; every registered kind has an entry, possibly empty."""
        words = b" %b " % view.codes.translate(_WORDS)
        matches = self._automaton.find_matches_as_indexes(words, overlapping=True)
        matches.reverse()
        matches += self._find_marks(view.codes, words)
        matches.sort(key=_START)  # leftmost first; they came by their ends, so of those that begin together the longest
        found: list[list[Hit]] = [[] for _ in self._kinds]
        add = [hits.append for hits in found]
        reach = [0] * (len(found) + 1)
        entries, folded = self._entries, view.folded
        for index, start, end in matches:
            slot, guard, value, written = entries[index]
            if start >= reach[slot] and (not written or folded.startswith(written, start)):
                reach[guard] = behind = end - 2  # without the spaces
                add[slot]((start, behind, value))  # a plain tuple: a named one takes three times as long
        return dict(zip(self._kinds, found, strict=True))

    def _find_marks(self, codes: bytes, words: bytes) -> list[tuple[int, int, int]]:
        """Return the terms without a letter or digit, as the automaton would: from space to space."""
        matches: list[tuple[int, int, int]] = []
        for mark, index in self._marks:
            at = codes.find(mark)
            while at >= 0:
                end = at + len(mark) + 2
                if words[at] == words[end - 1] == _SPACE:
                    matches.append((index, at, end))
                at = codes.find(mark, at + 1)
        return matches


_SPACE: Final = ord(" ")


class Phrases:
    """Terms to be looked for in a few stretches only, beside what has been found there, not in the whole text."""

    def __init__(self, terms: Mapping[str, Any]) -> None:
        values: dict[str, Any] = {}
        for key, value in zip(_keys(terms), terms.values(), strict=True):
            values.setdefault(key, value)
        codes = [alphabet.encode(term) for term in values]
        words = [term.translate(_WORDS) for term in codes]
        self._entries = [
            (value, term if b" " in word or alphabet.has_strange(code) else "")
            for (term, value), code, word in zip(values.items(), codes, words, strict=True)
        ]
        self._automaton = ahocorasick_rs.BytesAhoCorasick([b" %b " % word for word in words])

    def within(self, view: View, start: int, end: int) -> list[tuple[int, int, Any]]:
        """Return start, end and value of the leftmost longest terms in a stretch of `view`, in reading order."""
        words = b" %b " % view.codes[start:end].translate(_WORDS)
        matches = self._automaton.find_matches_as_indexes(words, overlapping=True)
        matches.reverse()
        matches.sort(key=_START)
        found: list[tuple[int, int, Any]] = []
        entries = self._entries
        reach = 0
        for index, first, last in matches:
            if first >= reach:
                value, written = entries[index]
                if not written or view.folded.startswith(written, start + first):
                    reach = last - 2  # without the spaces
                    found.append((start + first, start + reach, value))
        return found
