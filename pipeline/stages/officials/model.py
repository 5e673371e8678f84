"""What a title is made of, and what is known of a text before its titles are read."""

from __future__ import annotations

from collections.abc import Container, Mapping, Set
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pipeline.stages.officials.rules import Word


class Piece(NamedTuple):
    """A part of a title that the word tree knows, or a proper noun (kind `place`)."""

    start: int
    end: int
    word: Word


PROPER: Final = Word("place")
LINK: Final = Word("field")


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
    behind: int = 0
    """Where the sentence goes on: behind the term of office (`khóa XV`), which is no part of the title."""

    @property
    def last_kind(self) -> str:
        """Return the kind of the last piece, empty where there is none."""
        return self.pieces[-1].word.kind if self.pieces else ""


class Surroundings(NamedTuple):
    """What is known of a view before its titles are read.

    Attributes:
        roles: Starts of roles: a title ends before the next one.
        names: Starts of persons' names.
        localities: Start → end and level of the localities that an earlier stage found.
        places: Names of places in lower case.
        not_in_name: Words in lower case that open a sentence where they are capitalised.
    """

    roles: Container[int]
    names: Set[int]
    localities: Mapping[int, tuple[int, str]]
    places: Container[str]
    not_in_name: Container[str]

    def begins(self, position: int) -> bool:
        """Tell whether a name or a role begins at a position."""
        return position in self.names or position in self.roles
