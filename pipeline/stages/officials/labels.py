"""Each line of a document as a row of labels: what the grammar of offices reads.

One character a label:

    N name   T office   t office already given to a person   C name of a photographer, author or source
    O form of address that stands for a person (`Ông là …`)   H form of address   R rank or degree
    P form of address to several   m words of number (`các`, `hai`)
    F `nguyên`, `cựu` that no office follows   k `kiêm`   & `và`   + `cùng`   l `là`   b `khi còn là`
    a `giữ chức`   q `thôi giữ chức`   e `chức vụ`   d `đối với`   u `từ`   s `sang`   w `thay mặt`   g `theo`
    v `phụ trách`   z a verb whose subject acts on others (`ký`, `trao`)   y age or year of birth
    f `nguyên là`   h `khi đó` behind an office   A a verb of saying   p `được` before who does it
    K kin (`em trai`)   W `thay`: who comes after whom   Z `sau đó là`   i `như`, `gồm`
    j `tân`, `nữ`, left out before an office
    X a capitalised word of no known kind right behind an office
    , ; : - ( ) . " punctuation   / slash   x anything else
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pipeline import alphabet
from pipeline.document import View
from pipeline.stages.officials.scene import Cue

_CLASSES: Final = {
    **dict.fromkeys("–—", "="),
    **dict.fromkeys("…!?", "!"),
    **dict.fromkeys("“”", '"'),
    **dict.fromkeys("'’&", "&"),
    "[": "(",
    "]": ")",
    **{mark: mark for mark in '.-/",;:() '},
}
"""What a mark is when gaps are read. Those of the classes `.-/&` join the words on both sides of them, as spaces do."""
_LABELS: Final = {ord(mark): label for mark, label in zip('=!.-/",;:()', '-..-/",;:()', strict=True)}
"""Class of a mark → label, of the marks that have one."""
_PIECE: Final = re.compile(rb"w(?:[w .&/-]*w)?|[^w _]")
_SPACE: Final = ord(" ")
_AGE: Final = re.compile(r"(?:(?:năm nay )?\d+ tuổi|SN \d{4}|sinh (?:năm|ngày|tháng) .{0,24}|sinh \d{4})$")
_AGE_BEGINS: Final = frozenset("0123456789Ssn")
_NO_NAME: Final = frozenset("laq.,x&+buegpfhkzA")
"""Labels that no name begins behind: a form of address before one stands for a person."""
_UNSETTLED: Final = frozenset("FfjhpkzZmH.")
"""Labels that depend on their neighbours, besides names."""
_DROPPING: Final = frozenset("Ffjh.")
"""Those of them that may go."""
_TELLING: Final = frozenset("FfwW")
"""Cues that say something of an office though its sentence names and means nobody."""
_CAPTION: Final = 3
"""Labels of a caption that a byline may follow: a person, a mark, an office."""
_CLOSE: Final = 30
"""Code points after `Ảnh` within which a name is a photographer's."""


_CLASS_TABLE: Final = alphabet.table(
    lambda char: "w" if char.isalnum() else "_" if char in "_\n" else _CLASSES.get(char, "x")
)
GapReader = Callable[[list["Item"], int, int], None]


class Given(NamedTuple):
    """The first person that a label went to, and the construction that gave it."""

    person: Any
    rule: str


@dataclass(slots=True)
class Item:
    """A label with its span; `ref` is the name or office it stands for, `given` what the grammar made of it."""

    label: str
    start: int
    end: int
    ref: Any = None
    given: Given | None = None


_PLAIN: Final = Item("x", 0, 0)
"""Words that say nothing: nobody asks where they stand."""


class Gaps:
    """Reads what stands between the names, offices and cues of a view, by the classes of its characters."""

    def __init__(self, view: View) -> None:
        self.text = view.text
        self.folded = view.folded
        self.classes = view.codes.translate(_CLASS_TABLE)

    def add_unread(self, row: list[Item], _start: int, _end: int) -> None:
        """Add one label for a stretch: in a sentence that names and means nobody, it is not read."""
        row.append(_PLAIN)

    def add(self, row: list[Item], start: int, end: int) -> None:
        """Add the labels of a stretch without names, offices and cues to those of what stands in front of it."""
        text, classes = self.text, self.classes
        first = start + (classes[start] == _SPACE)
        gap = classes[first:end].rstrip()
        label = _LABELS.get(gap[0]) if len(gap) == 1 else None
        if label is not None:
            row.append(Item(label, first, first + 1))
            return
        cut = row and row[-1].label == "T" and text[first].isupper() and not row[-1].ref.complete
        words = Item("X", first, first + 1) if cut else _PLAIN
        if not gap.strip(b"w "):  # most have no marks
            last = first + len(gap)
            row.append(Item("y", first, last) if self._is_age(first, last) else words)
            return
        for match in _PIECE.finditer(classes, first, end):
            first, last = match.span()
            label = _LABELS.get(classes[first]) or ("y" if self._is_age(first, last) else None)
            row.append(words if label is None else Item(label, first, last))
            words = _PLAIN

    def _is_age(self, start: int, end: int) -> bool:
        return self.text[start] in _AGE_BEGINS and _AGE.match(self.text, start, end) is not None


def label_sentence(gaps: Gaps, cues: list[Cue], start: int, end: int, items: list[Item]) -> list[Item]:
    """Return the labels of a sentence whose names and offices are `items`, in reading order.

    Of a sentence that names and means nobody they are its offices alone, unless a cue says something of these.
    """
    values = {label for _, _, label in cues}
    anybody = "H" in values or "N" in [item.label for item in items]
    if not anybody and _TELLING.isdisjoint(values):
        return items
    add_gap = gaps.add if anybody else gaps.add_unread
    row = _with_gaps(_with_cues(items, cues), gaps.classes, start, end, add_gap)
    return _attach(row, gaps.folded, credited="c" in values)


def _with_cues(items: list[Item], cues: list[Cue]) -> list[Item]:
    """Add the cues that stand in no name or office."""
    merged: list[Item] = []
    waiting = iter(items)
    following = next(waiting, None)
    free = 0
    for begin, end, label in cues:
        while following is not None and following.start <= begin:
            merged.append(following)
            free = following.end
            following = next(waiting, None)
        if free <= begin and (following is None or end <= following.start):
            merged.append(Item(label, begin, end))
    if following is not None:
        merged.append(following)
        merged += waiting
    return merged


def _with_gaps(items: list[Item], classes: bytes, start: int, end: int, add_gap: GapReader) -> list[Item]:
    row: list[Item] = []
    at = start
    for item in items:
        if item.start > at + 1 or (item.start > at and classes[at] != _SPACE):
            add_gap(row, at, item.start)
        row.append(item)
        at = item.end
    if at < end:
        add_gap(row, at, end)
    return row


def _attach(row: list[Item], folded: str, *, credited: bool) -> list[Item]:
    """Settle the labels that depend on their neighbours, and drop those that only colour an office.

    Only where somebody is `credited`, by `Ảnh:` and the like, names are looked for that belong to these.
    """
    kept: list[Item] = []
    last = ""
    passive = False
    for index, item in enumerate(row):
        label = item.label
        if label == "N":
            passive = False
            if (credited and _is_credit(kept, item)) or (last == "T" and _is_byline(kept, item, folded)):
                item.label = label = "C"
        elif label in _UNSETTLED:
            following = row[index + 1] if index + 1 < len(row) else None
            passive = label == "p" or (passive and label != ".")
            if label in _DROPPING and _drops(item, following, kept, folded):
                continue
            if label == "H" and (following is None or following.label in _NO_NAME):
                item.label, item.ref = "O", folded[item.start : item.end]
            else:
                item.label = _settled(label, following, kept, passive=passive)
            label = item.label
        elif label == ";":
            passive = False
        if label != "x" or last != "x":
            kept.append(item)
            last = label
    return [item for item in kept if item.label != "c"] if credited else kept


def _drops(item: Item, following: Item | None, kept: list[Item], folded: str) -> bool:
    """Tell whether a label goes: `nguyên` and `tân` before an office, `khi đó` behind one, the stop of `ThS.`."""
    before_office = following is not None and following.label == "T"
    if item.label in "Ff" and following is not None and before_office:
        following.ref.former = True
        return item.label == "F"
    if item.label == "j":
        return before_office
    if item.label == "h":
        return bool(kept) and kept[-1].label == "T" and following is not None and following.label in "lN-,(HR"
    if item.label != "." or not kept or item.start != kept[-1].end:
        return False
    initial = kept[-1].label == "N" and folded[item.start - 2] == " "  # `Nguyễn Văn M. (Bí thư …)`
    return kept[-1].label == "R" or (initial and following is not None and following.label in "(,-")


def _settled(label: str, following: Item | None, kept: list[Item], *, passive: bool) -> str:
    """Return what a label that depends on its neighbours comes to; `x` where they do not support it."""
    ahead = following.label if following is not None else "."
    if label in "jh" or (label == "z" and passive) or (label == "p" and ahead not in "THRN"):
        return "x"
    if label == "f":
        return "l" if ahead == "T" else "x"
    if label == "k" and kept and kept[-1].label in "NOx":  # `Ông … kiêm Chủ tịch …`
        return "l"
    if (label == "Z" and ahead != "T") or (label == "m" and ahead not in "TH"):
        return "x"
    return label


def _is_credit(before: list[Item], name: Item) -> bool:
    for item in reversed(before):
        if name.start - item.end > _CLOSE or item.label in "TP":
            return False
        if item.label == "c":
            return True
        if item.label not in ":-,NC&/":
            return False
    return False


def _is_byline(before: list[Item], name: Item, folded: str) -> bool:
    """Tell whether a name closes a text behind a person and an office (`… Bí thư Huyện ủy` of a caption)."""
    if len(before) < _CAPTION:
        return False
    person, mark, _ = (item.label for item in before[-_CAPTION:])
    return person == "N" and mark in ",-(" and not folded[name.end :].strip()


def as_string(row: list[Item]) -> str:
    """Return the labels as one string, a character each."""
    return "".join([item.label for item in row])
