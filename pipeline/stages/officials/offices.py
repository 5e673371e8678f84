"""From a role to the end of its title: what body, field and locality follow, and where the title stops.

The walk has a state, what it has read last: `role` (anything may follow), `need` (a body must follow), `open` (a
body whose field of work or name follows), `closed` (a body that only a place or a parent body follows), `generic`
(a type word without a name: `tỉnh`), `local` (a named place).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final

from pipeline.document import View
from pipeline.grammar.lexicon import Hit
from pipeline.stages.officials.asides import OPENINGS, behind
from pipeline.stages.officials.model import LINK, PROPER, Office, Piece, Surroundings
from pipeline.stages.officials.places import known_length, name_length, with_number
from pipeline.stages.officials.rules import Node, RoleTerm, SmallWords, Word, WordTree
from pipeline.stages.officials.tokens import END, MARKS, Token, Tokens

_WINDOW: Final = 240
"""Code points read after a role; the longest titles in newspapers have about 150."""

_SHORT_ROLE: Final = 3
"""Letters of roles that are in capitals without being shouted (`PGĐ`)."""

_STRANGERS: Final = 5
"""Unknown words in lower case that a field of work may have before a boundary."""

_ASSEMBLIES: Final = frozenset({"council", "government", "front"})
_BOUNDARIES: Final = frozenset(',;:().-–…"”“\n')
_DASHES: Final = "-–"
_INSIDE: Final = frozenset("(-–,/&")
"""Marks that may stand inside a title; before all others it ends."""
_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")
_FIRST_MARKS: Final = "(&"
"""Those of them that may stand right behind the role."""
_FIRST_STATE: Final = {"any": "role", "field": "open", "body": "need", "none": "closed"}
_SHORTEST_BODY: Final = 5
"""Letters from which a body of one word in lower case is no common word (`công đoàn`, but not `ban`, `hội`)."""
_PARENT: Final = RoleTerm("", "body")  # stands for the role where a body is read by itself


@lru_cache(maxsize=16)
def _place(level: str) -> Word:
    return Word("place", level=level)


class OfficeParser:
    """Parses titles with the word tree and the small words of `offices.yaml`."""

    def __init__(self, tree: WordTree, words: SmallWords) -> None:
        self.tree = tree
        self.words = tree.root.after
        self.hamlets = tuple(f" {term}" for term in words.hamlets)
        self.joins = frozenset(words.joins)
        self.of = frozenset(words.of)
        self.plural = frozenset(words.plural)
        self.at = frozenset(words.at)
        self.number = frozenset(words.number)
        for word in self.joins.union(words.of, words.plural, words.at) & self.words.keys():
            self.words[word].stops = False  # they may link what follows to the title
        self.common_nouns = frozenset(words.common_nouns)
        self.abroad = tuple(words.abroad)
        self.term = re.compile(words.term)
        self.separators = MARKS | self.joins
        self.loose = self.separators.union(words.trailing)

    def parse(self, view: View, around: Surroundings, hit: Hit) -> Office | None:
        """Return the office whose role is `hit`, or None where the body that it needs is missing."""
        text, (start, end, role) = view.text, hit
        limit = end + _WINDOW
        if self._may_go_on(view, around, hit):
            office = _Walk(self, view, around, hit, limit).run()
        else:
            office = Office(start, end, end, role.text) if role.after != "body" else None
        if office is not None:
            at = office.end
            if at + 1 not in around.names:  # else nothing stands between
                term = self.term.match(view.folded, at, limit)
                at = term.end() if term else at
                if text[at : at + 2] in OPENINGS:
                    at = behind(text, around, at, partial(self._body_end, view, around, limit))
                office.complete = office.complete or at > office.end
            office.behind = at
        return office

    def _may_go_on(self, view: View, around: Surroundings, hit: Hit) -> bool:
        """Tell whether what stands right behind a role may belong to its title: most names, marks and verbs do not."""
        _, end, role = hit
        at = end + view.text.startswith(" ", end)
        first = view.text[at : at + 1]
        if at in around.names:
            return False
        if not first.islower() or role.after == "field":
            return first.isalnum() or first in _FIRST_MARKS or first.isspace()
        word = _WORD.match(view.folded, at)
        low = word[0] if word is not None else ""
        node = self.words.get(low)
        return (node is not None and not node.stops) or low in self.number or at in around.localities

    def _body_end(self, view: View, around: Surroundings, limit: int, start: int) -> int:
        """Return the end of the body that begins at a position, 0 where none does."""
        walk = _Walk(self, view, around, (start - 1, start - 1, _PARENT), limit)
        word, _ = walk.tokens.longest(0)
        if word is None or word.kind != "body":
            return 0
        body = walk.run()
        return body.end if body is not None else 0


class _Walk:
    """One walk from a role to the end of its title."""

    __slots__ = ("around", "at", "known", "office", "shouted", "state", "text", "tokens")

    def __init__(self, parser: OfficeParser, view: View, around: Surroundings, hit: Hit, limit: int) -> None:
        start, end, role = hit
        self.text = view.text
        self.known = parser
        self.around = around
        self.tokens = Tokens(view, end, limit, parser.tree, parser.separators)
        self.office = Office(start, end, end, role.text)
        self.state = _FIRST_STATE[role.after]
        self.shouted = end - start > _SHORT_ROLE and self.text[start:end].isupper()
        self.at = 0

    def run(self) -> Office | None:
        tokens = self.tokens
        while self._step(tokens[self.at]):
            pass
        if self.state == "need":
            return None
        office = self.office
        if office.pieces:
            self._drop_links()
            office.complete = self.state == "local" or office.last_kind == "suffix"
        return office

    def _drop_links(self) -> None:
        """Give back separators and prepositions that nothing followed."""
        office, folded = self.office, self.tokens.folded
        pieces = office.pieces
        while pieces and folded[pieces[-1].start : pieces[-1].end] in self.known.loose:
            pieces.pop()
            office.end = pieces[-1].end if pieces else office.role_end

    def take(self, count: int, word: Word, state: str) -> bool:
        """Add the next `count` tokens to the title."""
        at, tokens, office = self.at, self.tokens, self.office
        end = office.end = tokens[at + count - 1][1]
        office.pieces.append(tuple.__new__(Piece, (tokens[at][0], end, word)))  # the constructor takes twice as long
        self.at = at + count
        self.state = state
        return True

    def _step(self, token: Token) -> bool:
        """Take what stands at a token, or return False where the title ends before it."""
        start, _, text, low = token
        around = self.around
        if start in around.names:
            return False
        if not text[0].isalnum():
            return text in _INSIDE and self._punctuation(token)
        if (start in around.localities and self._locality(token)) or (low in self.known.number and self._numbered()):
            return True
        node = self.known.words.get(low)
        word, count = None, 0
        if node is not None:
            if node.stops and self._is_stop(node, token):
                return False
            word, count = self.tokens.longest_from(node, self.at)
        if start in around.roles and not self._outranks_role(word):
            return False
        return self._unknown(token) if word is None else _HANDLERS[word.kind](self, token, word, count)

    def _is_stop(self, node: Node, token: Token) -> bool:
        """Tell whether a word that only ends titles does so here, whatever follows it."""
        return (node.word is not None or self.state != "open") and not self._capital(token)

    def _outranks_role(self, word: Word | None) -> bool:
        if word is None:
            return False
        return word.kind == "body" or (word.kind == "modifier" and not self.office.pieces)

    def _capital(self, token: Token) -> bool:
        return not self.shouted and token[2][0].isupper()

    def _numbered(self) -> bool:
        """Take `số 7`."""
        counts = self.state not in {"local", "need"} and self.tokens[self.at + 1][2][0].isdigit()
        return counts and self.take(2, PROPER, "generic")

    # -- words of the tree

    def _locality(self, token: Token) -> bool:
        """Take a locality that an earlier stage found here."""
        start, first_end, _, _ = token
        end, level = self.around.localities[start]
        if self.state == "need" or first_end > end or not self.around.names.isdisjoint(range(start, end)):
            return False
        self.tokens.join(self.at, end)
        return self.take(1, _place(level), "local")

    def _stop(self, token: Token, _word: Word, _count: int) -> bool:
        low = token[3]
        if self._capital(token) and self.state == "open" and low not in self.known.joins:
            return self._proper(token)
        after = self.tokens[self.at + 1]
        if after is END or self.around.begins(after[0]):
            return False
        following, _ = self.tokens.longest(self.at + 1)
        if low in self.known.joins:
            return self._join(after, following)
        state = self._linked(low, following.kind if following is not None else "")
        return bool(state) and self.take(1, LINK, state)

    def _linked(self, low: str, kind: str) -> str:
        """Return the state behind a small word that links what follows to the title, empty where it links nothing."""
        known = self.known
        if low in known.plural and self.state == "open" and kind == "field":
            return "open"
        belongs = low in known.of and self.state != "need" and kind in {"body", "type"}
        several = low in known.plural and self.state == "role" and kind == "body"
        abroad = low in known.at and self.office.role.endswith(known.abroad)
        return "role" if belongs or several or abroad else ""

    def _join(self, after: Token, following: Word | None) -> bool:
        if self.state == "open" and self.office.last_kind == "field":
            goes_on = following.kind == "field" if following is not None else self._capital(after)
            if goes_on:
                return self.take(1, LINK, "open")
        if self._joins_schools(following):
            return self.take(1, LINK, "open")
        return self._joins_assemblies() and self.take(1, LINK, "role")

    def _joins_schools(self, following: Word | None) -> bool:
        """Tell whether two kinds of school stand side by side (`Trường Tiểu học và THCS`)."""
        last = self.office.pieces[-1].word if self.office.pieces else None
        return all(w is not None and w.kind == "body" and w.branch == "public_body" for w in (last, following))

    def _field(self, token: Token, word: Word, count: int) -> bool:
        fits = self.state == "open" or (self.state == "role" and self._capital(token))
        return fits and self.take(count, word, "open")

    def _body(self, token: Token, word: Word, count: int) -> bool:
        state, text = self.state, token[2]
        single = count == 1 and not self.shouted and not text[0].isupper()
        if state == "local" and (single or text.islower() or word.branch == "party"):
            return False
        if single and state in {"closed", "generic"} and len(text) < _SHORTEST_BODY:
            return False
        if single and state == "open" and text in self.known.common_nouns and self.office.pieces:
            return False
        return self.take(count, word, "open" if word.tail == "field" else "closed")

    def _modifier(self, _token: Token, word: Word, count: int) -> bool:
        return not self.office.pieces and self.take(count, word, self.state)

    def _suffix(self, token: Token, word: Word, count: int) -> bool:
        if self.state == "local" and not token[2][0].isupper():
            return False
        return self.take(count, word, self.state if self.state in {"open", "closed"} else "closed")

    def _type(self, _token: Token, word: Word, count: int) -> bool:
        named = name_length(self.tokens, self.around, self.at + count, shouted=self.shouted)
        if named and word.level == "hamlet":
            named = with_number(self.tokens, self.at + count, named)
        bare_hamlet = word.level == "hamlet" and self.state not in {"closed", "need"}
        if self.state == "need" or (not named and (self.state == "local" or bare_hamlet)):
            return False
        self.take(count, word, "generic")
        if named:
            self.take(named, PROPER, "local")
        return True

    # -- words the tree does not have

    def _unknown(self, token: Token) -> bool:
        if token[2][0].isdigit():
            return self._number()
        return self._proper(token) if self._capital(token) else self._strangers()

    def _proper(self, token: Token) -> bool:
        if self.state in {"local", "need"} or token[3] in self.around.not_in_name:
            return False
        if self.state in {"closed", "generic"}:
            hamlet = self.office.role.endswith(self.known.hamlets)
            length = (not hamlet and known_length(self.tokens, self.around, self.at)) or name_length(
                self.tokens, self.around, self.at, shouted=self.shouted
            )
            if length and hamlet:
                length = with_number(self.tokens, self.at, length)
            return bool(length) and self.take(length, PROPER, "local")
        return self.take(known_length(self.tokens, self.around, self.at) or 1, PROPER, "open")

    def _number(self) -> bool:
        kind = self.office.last_kind or ("type" if self.office.role.endswith(self.known.hamlets) else "")
        if self.state == "local" or kind not in {"body", "type", "field"}:
            return False
        return self.take(1, PROPER, "local" if kind == "type" else "closed")

    def _strangers(self) -> bool:
        """Take unknown words in lower case where a boundary shows that they belong to the field of a body."""
        if self.state != "open":
            return False
        for count in range(1, _STRANGERS + 1):
            token = self.tokens[self.at + count]
            if token[2] in _BOUNDARIES or token[0] in self.around.names:
                return self.take(count, LINK, "open")
            word, _ = self.tokens.longest(self.at + count)
            if word is not None and word.kind == "stop":
                return False
            if word is not None or self._capital(token):
                return self.take(count, LINK, "open")
        return False

    # -- punctuation

    def _joins_assemblies(self) -> bool:
        """Tell whether two elected or executive bodies stand side by side (`HĐND, UBND xã`)."""
        pieces = self.office.pieces
        return bool(pieces) and _is_assembly(pieces[-1].word) and _is_assembly(self.tokens.longest(self.at + 1)[0])

    def _punctuation(self, token: Token) -> bool:
        mark, office = token[2], self.office
        listed = self.state == "open" and office.last_kind == "field"
        if mark == "," and not listed and not (office.pieces and _is_assembly(office.pieces[-1].word)):
            return False
        after = self.tokens[self.at + 1]
        if after is END or self.around.begins(after[0]):
            return False
        if mark == "(":
            return self._bracketed_acronym()
        if self._joins_assemblies():
            return self.take(1, LINK, "role")
        if mark in _DASHES:
            return self._dash(token, after)
        inside = (mark == "&" and self.state == "open") or (mark == "," and listed and self._ends_in_join())
        return inside and self.take(1, LINK, "open")

    def _dash(self, token: Token, after: Token) -> bool:
        kind = self.office.last_kind
        if self.state == "open" and kind in {"field", "body", "place"}:
            following, _ = self.tokens.longest(self.at + 1)
            tight = token[1] == after[0] and self.text[token[0] - 1] != " "
            if (following is not None and following.kind == "field") or (tight and self._capital(after)):
                return self.take(1, LINK, "open")
        if kind in {"place", "suffix"} and (length := known_length(self.tokens, self.around, self.at + 1)):
            last = self.office.pieces[-1]
            if self.tokens.folded[last.start : last.end] in self.around.places:
                return self.take(1 + length, PROPER, "local")
        return False

    def _ends_in_join(self) -> bool:
        """Tell whether `, field (, field) và field` follows: the commas are then inside one body's name."""
        at = self.at
        for _ in range(3):
            mark = self.tokens[at][3]
            if mark != "," and mark not in self.known.joins:
                return False
            word, count = self.tokens.longest(at + 1)
            if word is None or word.kind != "field":
                return False
            if mark != ",":
                return True
            at += 1 + count
        return False

    def _bracketed_acronym(self) -> bool:
        """Take `(PCCC)` where the body's name goes on behind it."""
        for count in range(1, 7):
            _, end, text, _ = self.tokens[self.at + count]
            if not (text.isupper() or text in "&-)"):
                return False
            if text == ")":
                after = self.tokens[self.at + count + 1]
                if after[0] in self.around.names or after[0] != end + 1:
                    return False
                word, _ = self.tokens.longest(self.at + count + 1)
                goes_on = word.kind in {"type", "body", "suffix"} if word is not None else self._capital(after)
                return goes_on and self.take(count + 1, LINK, "generic")
        return False


def _is_assembly(word: Word | None) -> bool:
    return word is not None and word.tail == "place" and word.branch in _ASSEMBLIES


_HANDLERS: Final[dict[str, Callable[[_Walk, Token, Word, int], bool]]] = {
    "stop": _Walk._stop,
    "field": _Walk._field,
    "body": _Walk._body,
    "type": _Walk._type,
    "suffix": _Walk._suffix,
    "modifier": _Walk._modifier,
}
