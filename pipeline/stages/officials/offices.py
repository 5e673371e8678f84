"""From a role to the end of its title: what body, field and locality follow, and where the title stops."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import regex

from pipeline.grammar.lexicon import Hit
from pipeline.stages.officials.names import UPPER
from pipeline.stages.officials.rules import SEPARATOR, Tree, Word, WordTree

_TOKEN: Final = regex.compile(
    rf"(?:[{UPPER}]\w*(?:[.&/-][{UPPER}]{{2,}}\w*)+|T\.Ư|T\.W|(?:TP|TX|TT|[QHPX])\.(?= ?[{UPPER}\d])|\w+(?:['’]\w+)*|[^\w\s])"
)
_SEPARATORS: Final = frozenset({",", "-", "–", "&", "và", "/"})
_PREPOSITIONS: Final = frozenset({"về", "của", "tại", "các"})
_WINDOW: Final = 240
"""Code points read after a role; the longest titles of the corpus have about 150."""

_PLACE_WORDS: Final = 4
"""Syllables of the longest names of places without a dash."""

_STRANGERS: Final = 5
"""Unknown words in lower case that a field of work may have before a boundary."""

_ASSEMBLIES: Final = frozenset({"council", "government", "front"})
_BOUNDARIES: Final = frozenset(',;:().-–…"”“')
_CASE_WORDS: Final = frozenset({"vụ"})
"""Bodies whose name in lower case is a common noun."""

_ABROAD: Final = (
    "đại sứ",
    "tổng lãnh sự",
    "tham tán",
    "trưởng đại diện",
    "đại diện thường trực",
    "tùy viên",
    "công sứ",
)


class Token(NamedTuple):
    """A word or a mark of punctuation."""

    start: int
    end: int
    text: str
    low: str


class Piece(NamedTuple):
    """A part of a title that the word tree knows, or a proper noun (kind `proper`)."""

    start: int
    end: int
    word: Word


PROPER: Final = Word("place")


@dataclass(slots=True)
class Office:
    """A title in the view: the role, and the pieces that follow it."""

    start: int
    role_end: int
    end: int
    role: str
    pieces: list[Piece] = field(default_factory=list)
    former: bool = False
    complete: bool = False
    """Whether it ends in a named place, so that a capitalised word behind it is no part of it."""


class OfficeParser:
    """Parses titles in one view.

    Args:
        text, folded: The view.
        tree: Words that titles are built of.
        roles: Starts of roles: a title ends before the next one.
        names: Starts of persons' names.
        localities: Start → end of the localities that an earlier stage found.
        places: Names of places in lower case, for text in capitals.
        not_in_name: Capitalised words that open a sentence.
    """

    def __init__(
        self,
        text: str,
        folded: str,
        tree: WordTree,
        roles: Container[int],
        names: Container[int],
        localities: Mapping[int, tuple[int, str]],
        places: Container[str],
        not_in_name: Container[str],
    ) -> None:
        self.text = text
        self.folded = folded
        self.tree = tree
        self.roles = roles
        self.names = names
        self.localities = localities
        self.places = places
        self.not_in_name = not_in_name

    def parse(self, hit: Hit, limit: int) -> Office | None:
        """Return the office whose role is `hit`, read up to `limit` at most, or None where a body is missing."""
        return _Reading(self, hit, min(limit, hit.end + _WINDOW)).run()


class _Reading:
    """One walk from a role to the end of its title."""

    def __init__(self, parser: OfficeParser, hit: Hit, limit: int) -> None:
        self.parser = parser
        self.office = Office(hit.start, hit.end, hit.end, hit.value.text)
        self.state = {"any": "role", "field": "open", "body": "need", "none": "closed"}[hit.value.after]
        self.shouted = parser.text[hit.start : hit.end].isupper() and hit.end - hit.start > 3
        line_end = parser.text.find("\n", hit.end, limit)
        limit = line_end if line_end >= 0 else limit
        self._matches = _TOKEN.finditer(parser.text, hit.end, limit)
        self._tokens: list[Token] = []
        self.at = 0

    def token(self, index: int) -> Token | None:
        while len(self._tokens) <= index:
            match = next(self._matches, None)
            if match is None:
                return None
            start, end = match.span()
            text = match.group()
            self._tokens.append(Token(start, end, text, self.parser.folded[start:end]))
        return self._tokens[index]

    def run(self) -> Office | None:
        while (token := self.token(self.at)) is not None and self._step(token):
            pass
        if self.state == "need":
            return None
        self._drop_links()
        self.office.complete = self.state == "local"
        return self.office

    def _drop_links(self) -> None:
        """Give back separators that nothing followed."""
        pieces = self.office.pieces
        while pieces and self.parser.folded[pieces[-1].start : pieces[-1].end] in _SEPARATORS | _PREPOSITIONS:
            pieces.pop()
            self.office.end = pieces[-1].end if pieces else self.office.role_end

    def take(self, count: int, word: Word, state: str) -> bool:
        first, last = self._tokens[self.at], self._tokens[self.at + count - 1]
        self.office.pieces.append(Piece(first.start, last.end, word))
        self.office.end = last.end
        self.at += count
        self.state = state
        return True

    def _step(self, token: Token) -> bool:
        parser = self.parser
        if token.start in parser.names:
            return False
        if not token.text[0].isalnum():
            return self._punctuation(token)
        if token.start in parser.localities and self._locality(token):
            return True
        word, count = self.longest(self.at)
        modifier = word is not None and word.kind == "modifier" and not self.office.pieces
        if word is None or (word.kind != "body" and not modifier):
            if token.start in parser.roles:
                return False
            if token.text[0].isdigit():
                return self._number()
        if word is not None:
            return self._known(token, word, count)
        if self._capital(token):
            return self._proper(token)
        return self._strangers()

    def _locality(self, token: Token) -> bool:
        """Take a locality that an earlier stage found here."""
        end, level = self.parser.localities[token.start]
        count = 0
        while (last := self.token(self.at + count)) is not None and last.end <= end:
            if last.start in self.parser.names:
                return False
            count += 1
        if not count or self.state == "need":
            return False
        self.take(count, Word("place", level=level), "local")
        return True

    # -- words of the tree

    def longest(self, index: int) -> tuple[Word | None, int]:
        """Return the longest term of the tree that begins at a token, and its number of tokens."""
        found: tuple[Word | None, int] = (None, 0)
        nodes: list[tuple[Tree, int]] = [(self.parser.tree.root, index)]
        while nodes:
            node, at = nodes.pop()
            word = node.get(WordTree.WORD)
            if isinstance(word, Word) and at - index > found[1]:
                found = (word, at - index)
            token = self.token(at)
            if token is None:
                continue
            gap = node.get(SEPARATOR)
            if isinstance(gap, dict):
                nodes.append((gap, at))
                step = at
                while (next_token := self.token(step)) is not None and next_token.low in _SEPARATORS:
                    step += 1
                if step > at:
                    nodes.append((gap, step))
            child = node.get(token.low)
            if isinstance(child, dict):
                nodes.append((child, at + 1))
        return found

    def _known(self, token: Token, word: Word, count: int) -> bool:
        handler = {
            "stop": self._stop,
            "field": self._field,
            "body": self._body,
            "type": self._type,
            "suffix": self._suffix,
            "modifier": self._modifier,
        }[word.kind]
        return handler(token, word, count)

    def _stop(self, token: Token, word: Word, count: int) -> bool:
        if self._capital(token) and self.state == "open" and token.low not in _SEPARATORS:
            return self._proper(token)
        following, _ = self.longest(self.at + 1)
        after = self.token(self.at + 1)
        if after is None or after.start in self.parser.names or after.start in self.parser.roles:
            return False
        if token.low in {"và", "&"}:
            if self.state == "open" and self._last_kind() == "field":
                if following is not None and following.kind == "field":
                    return self.take(1, Word("field"), "open")
                if following is None and self._capital(after):
                    return self.take(1, Word("field"), "open")
            return self._joins_assemblies(following) and self.take(1, Word("field"), "role")
        if token.low == "của" and self.state != "need" and following is not None and following.kind in {"body", "type"}:
            return self.take(1, Word("field"), "role")
        if token.low == "các" and self.state == "role" and following is not None and following.kind == "body":
            return self.take(1, Word("field"), "role")
        if token.low == "tại" and self.office.role.endswith(_ABROAD):
            return self.take(1, Word("field"), "role")
        return False

    def _field(self, token: Token, word: Word, count: int) -> bool:
        if self.state == "open" or (self.state == "role" and self._capital(token)):
            return self.take(count, word, "open")
        return False

    def _body(self, token: Token, word: Word, count: int) -> bool:
        single = count == 1 and not self._capital(token) and not self.shouted
        if self.state == "local" and (single or token.text.islower()):
            return False
        if self.state in {"closed", "generic"} and single and len(token.low) < 5:
            return False
        if self.state == "open" and single and token.low in _CASE_WORDS and self.office.pieces:
            return False
        return self.take(count, word, "open" if word.tail == "field" else "closed")

    def _modifier(self, token: Token, word: Word, count: int) -> bool:
        if not self.office.pieces:
            return self.take(count, word, self.state)
        return False

    def _suffix(self, token: Token, word: Word, count: int) -> bool:
        if token.low in {"khóa", "nhiệm"}:
            after = self.token(self.at + count)
            if after is None or not (after.text[0].isdigit() or after.text.isupper()):
                return False
            count += 1
            dash, last = self.token(self.at + count), self.token(self.at + count + 1)
            if dash and last and dash.text in "-–" and last.text[0].isdigit():
                count += 2
            return self.take(count, word, "local")
        if not self.parser.text[token.start].isupper() and self.state == "local":
            return False
        return self.take(count, word, self.state if self.state in {"open", "closed"} else "closed")

    def _type(self, token: Token, word: Word, count: int) -> bool:
        named = self._place_length(self.at + count)
        if not named and (self.state == "local" or (word.level == "hamlet" and self.state not in {"closed", "need"})):
            return False
        if self.state == "need":
            return False
        self.take(count, word, "generic")
        if named:
            self.take(named, PROPER, "local")
        return True

    def _place_length(self, index: int) -> int:
        """Return the number of tokens of a place's own name at a token."""
        token = self.token(index)
        if token is None or self.parser.text[token.start - 1] == "\n":
            return 0
        if token.text[0].isdigit():
            return 1
        if self.shouted:
            return self._known_place(index)
        length = 0
        while length < _PLACE_WORDS and (token := self.token(index + length)) is not None:
            if not self._capital(token) or token.start in self.parser.names or token.start in self.parser.roles:
                break
            if token.low in self.parser.not_in_name:
                break
            word, _ = self.longest(index + length)
            if length and word is not None and word.kind == "body":
                break
            length += 1
        return self._across_dash(index, length)

    def _across_dash(self, index: int, length: int) -> int:
        """Return the length with ` - Vũng Tàu`, where the whole is the name of a place."""
        first, dash = self.token(index), self.token(index + length)
        if not length or first is None or dash is None or dash.text not in "-–":
            return length
        for more in (2, 1):
            last = self.token(index + length + more)
            if (
                last is not None
                and self.parser.folded[first.start : last.end].replace(" - ", "-") in self.parser.places
            ):
                return length + 1 + more
        return length

    def _known_place(self, index: int) -> int:
        """Return the number of tokens of the longest known place that begins at a token."""
        first = self.token(index)
        for length in range(_PLACE_WORDS, 0, -1):
            last = self.token(index + length - 1)
            if first and last and self.parser.folded[first.start : last.end] in self.parser.places:
                return length
        return 0

    # -- words the tree does not have

    def _capital(self, token: Token) -> bool:
        return token.text[0].isupper() and not self.shouted

    def _proper(self, token: Token) -> bool:
        if self.state in {"local", "need"} or token.low in self.parser.not_in_name:
            return False
        if self.state in {"closed", "generic"}:
            length = self._known_place(self.at) or self._place_length(self.at)
            return bool(length) and self.take(length, PROPER, "local")
        return self.take(self._known_place(self.at) or 1, PROPER, "open")

    def _number(self) -> bool:
        last = self.office.pieces[-1] if self.office.pieces else None
        if last is None or self.state == "local" or last.word.kind not in {"body", "type", "field"}:
            return False
        return self.take(1, PROPER, "local" if last.word.kind == "type" else "closed")

    def _strangers(self) -> bool:
        """Take unknown words in lower case where a boundary shows that they belong to the field of a body."""
        if self.state != "open":
            return False
        for count in range(1, _STRANGERS + 1):
            token = self.token(self.at + count)
            if token is None or token.text in _BOUNDARIES or token.start in self.parser.names:
                return self.take(count, Word("field"), "open")
            word, _ = self.longest(self.at + count)
            if word is not None and word.kind == "stop":
                return False
            if word is not None or self._capital(token):
                return self.take(count, Word("field"), "open")
        return False

    # -- punctuation

    def _last_kind(self) -> str:
        return self.office.pieces[-1].word.kind if self.office.pieces else ""

    def _joins_assemblies(self, following: Word | None) -> bool:
        last = self.office.pieces[-1].word if self.office.pieces else None
        return (
            last is not None
            and following is not None
            and last.kind == following.kind == "body"
            and last.tail == following.tail == "place"
            and last.branch in _ASSEMBLIES
            and following.branch in _ASSEMBLIES
        )

    def _punctuation(self, token: Token) -> bool:
        following, count = self.longest(self.at + 1)
        after = self.token(self.at + 1)
        if after is None or after.start in self.parser.names or after.start in self.parser.roles:
            return False
        if token.text in "-–,/&" and self._joins_assemblies(following):
            return self.take(1, Word("field"), "role")
        if token.text in "-–" and self.state == "open" and self._last_kind() in {"field", "body", "place"}:
            tight = token.end == after.start and self.parser.text[token.start - 1] != " "
            if following is not None and following.kind == "field" or (tight and self._capital(after)):
                return self.take(1, Word("field"), "open")
        if token.text in "-–" and self._last_kind() in {"place", "suffix"} and (length := self._known_place(self.at + 1)):
            last = self.office.pieces[-1]
            if self.parser.folded[last.start : last.end] in self.parser.places:
                return self.take(1 + length, PROPER, "local")
        if token.text == "&" and self.state == "open":
            return self.take(1, Word("field"), "open")
        if token.text == "," and self.state == "open" and self._last_kind() == "field" and self._closes_with_link():
            return self.take(1, Word("field"), "open")
        if token.text == "(":
            return self._bracketed_acronym()
        return False

    def _closes_with_link(self) -> bool:
        """Tell whether `, field (, field) và field` follows: the commas are then inside one body's name."""
        at = self.at
        for _ in range(3):
            mark = self.token(at)
            if mark is None or mark.low not in {",", "và", "&"}:
                return False
            word, count = self.longest(at + 1)
            if word is None or word.kind != "field":
                return False
            if mark.low != ",":
                return True
            at += 1 + count
        return False

    def _bracketed_acronym(self) -> bool:
        """Take `(PCCC)` where the body's name goes on behind it."""
        for count in range(1, 7):
            token = self.token(self.at + count)
            if token is None or not (token.text.isupper() or token.text in "&-) "):
                return False
            if token.text == ")":
                after = self.token(self.at + count + 1)
                if after is None or after.start in self.parser.names or after.start != token.end + 1:
                    return False
                word, _ = self.longest(self.at + count + 1)
                goes_on = word.kind in {"type", "body"} if word is not None else self._capital(after)
                return goes_on and self.take(count + 1, Word("field"), "generic")
        return False
