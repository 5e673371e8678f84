"""All literal terms of all rules in one automaton: a text is walked once, whatever the number of terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

import ahocorasick_rs

from pipeline.document import View, fold


class Hit(NamedTuple):
    """A term found in a view: half-open offsets of the view and the value that the rules give the term."""

    start: int
    end: int
    value: Any


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


def tailed(text: str) -> str:
    """Return folded text with a capital at the end of each word, every offset kept.

    Most terms end with a letter: looked for in this form they are found at ends of words only, not in the midst of
    the thousands of syllables that begin with an `h`. With a capital at the head a third more would be found in vain.
    """
    capitalised = text[::-1].title()[::-1]
    if len(capitalised) == len(text):
        return capitalised
    return _TAIL.sub(lambda match: high if len(high := match[0].title()) == 1 else match[0], text)


_START = itemgetter(1)
_TAIL = re.compile(r"[^\W\d_](?![^\W\d_])")


class Lexicon:
    """The frozen automaton. `scan` gives, for each kind, its hits in reading order."""

    def __init__(self, values: Mapping[str, list[tuple[str, Any]]], overlapping: frozenset[str]) -> None:
        terms = sorted(values)
        self._kinds = sorted({kind for entries in values.values() for kind, _ in entries})
        slots = {kind: slot for slot, kind in enumerate(self._kinds)}
        guards = {kind: len(slots) if kind in overlapping else slot for kind, slot in slots.items()}
        entries = [tuple((slots[kind], guards[kind], value) for kind, value in values[term]) for term in terms]
        """For each term: its kinds, where each notes how far its hits reach (nobody reads the last), its values."""
        self._alone = [entry[0] if len(entry) == 1 else None for entry in entries]
        """The entries of terms of one kind, which most are: one look-up less for each hit."""
        self._together = {index: entry for index, entry in enumerate(entries) if len(entry) > 1}
        self._automaton = ahocorasick_rs.AhoCorasick(map(tailed, terms), store_patterns=False) if terms else None

    def scan(self, view: View) -> dict[str, list[Hit]]:
        """Return kind → hits of `view`; every registered kind has an entry, possibly empty."""
        found: list[list[Hit]] = [[] for _ in self._kinds]
        if self._automaton is None:
            return {}
        padded = f" {view.folded} "  # so that what stands before and after a hit can be asked without bounds
        matches = [
            match
            for match in reversed(self._automaton.find_matches_as_indexes(tailed(view.folded), overlapping=True))
            if not (padded[match[2] + 1].isalnum() or padded[match[1]].isalnum())
        ]
        matches.sort(key=_START)  # leftmost first; they came by their ends, so of those that begin together the longest
        reach = [0] * (len(found) + 1)
        new, alone, together = tuple.__new__, self._alone, self._together
        for index, start, end in matches:
            entry = alone[index]
            for slot, guard, value in (entry,) if entry else together[index]:
                if start >= reach[slot]:
                    found[slot].append(new(Hit, (start, end, value)))  # the constructor takes twice as long
                    reach[guard] = end
        return dict(zip(self._kinds, found, strict=True))
