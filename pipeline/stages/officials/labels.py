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

from pipeline.document import View
from pipeline.grammar.lexicon import Hit

_GAP: Final = re.compile(r"[^\W_]++(?:[ .'’&/-]++[^\W_]++)*+|[^\w\s]")
_MARKS: Final = {
    "–": "-",
    "—": "-",
    "-": "-",
    "[": "(",
    "]": ")",
    "…": ".",
    "!": ".",
    "?": ".",
    "“": '"',
    "”": '"',
    '"': '"',
    "/": "/",
    ",": ",",
    ";": ";",
    ":": ":",
    "(": "(",
    ")": ")",
    ".": ".",
}
_SHORT: Final = 4
"""Code points within which a stretch is at most a mark and the spaces around it."""
_AGE: Final = re.compile(r"(?:(?:năm nay )?\d+ tuổi|SN \d{4}|sinh (?:năm|ngày|tháng) .{0,24}|sinh \d{4})$")
_AGE_BEGINS: Final = frozenset("0123456789Ssn")
_NO_NAME: Final = frozenset("laq.,x&+buegpfhkzA")
"""Labels that no name begins behind: a form of address before one stands for a person."""
_UNSETTLED: Final = frozenset("FfjhpkzZmHN.")
"""Labels that depend on their neighbours."""
_TELLING: Final = frozenset("FfwW")
"""Cues that say something of an office though its sentence names and means nobody."""
_CAPTION: Final = 3
"""Labels of a caption that a byline may follow: a person, a mark, an office."""
_CLOSE: Final = 30
"""Code points after `Ảnh` within which a name is a photographer's."""


GapReader = Callable[[list["Item"], str, int, int], None]


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


def label_sentence(cues: list[Hit], view: View, start: int, end: int, items: list[Item]) -> list[Item]:
    """Return the labels of a sentence whose names and offices are `items`, in reading order.

    Of a sentence that names and means nobody they are its offices alone, unless a cue says something of these.
    """
    values = {cue.value for cue in cues}
    anybody = "H" in values or "N" in [item.label for item in items]
    if not anybody and _TELLING.isdisjoint(values):
        return items
    add_gap = _add_gap if anybody else _add_unread
    row = _attach(_with_gaps(_with_cues(items, cues), view.text, start, end, add_gap), view.folded)
    return [item for item in row if item.label != "c"] if "c" in values else row


def _with_cues(items: list[Item], cues: list[Hit]) -> list[Item]:
    """Add the cues that stand in no name or office."""
    merged: list[Item] = []
    at = free = 0
    for item in items:
        while at < len(cues) and cues[at].start < item.start:
            begin, end, label = cues[at]
            if free <= begin and end <= item.start:
                merged.append(Item(label, begin, end))
                free = end
            at += 1
        merged.append(item)
        free = item.end
    return merged + [Item(label, begin, end) for begin, end, label in cues[at:] if free <= begin]


def _with_gaps(items: list[Item], text: str, start: int, end: int, add_gap: GapReader) -> list[Item]:
    row: list[Item] = []
    at = start
    for item in items:
        if item.start > at + 1 or (item.start > at and text[at] != " "):
            add_gap(row, text, at, item.start)
        row.append(item)
        at = item.end
    if at < end:
        add_gap(row, text, at, end)
    return row


def _add_unread(row: list[Item], _text: str, _start: int, _end: int) -> None:
    """Add one label for a stretch: in a sentence that names and means nobody, it is not read."""
    row.append(_PLAIN)


def _add_gap(row: list[Item], text: str, start: int, end: int) -> None:
    """Add the labels of a stretch without names, offices and cues to those of what stands in front of it."""
    at = start + (text[start] == " ")
    stretch = text[at:end].rstrip(" ")
    if end - start < _SHORT and (label := _MARKS.get(stretch)):
        row.append(Item(label, at, at + 1))
        return
    cut = row and text[at].isupper() and row[-1].label == "T" and not row[-1].ref.complete
    words = Item("X", at, at + 1) if cut else _PLAIN
    if stretch.replace(" ", "").isalnum():
        row.append(Item("y", at, at + len(stretch)) if _is_age(stretch) else words)
        return
    for match in _GAP.finditer(text, start, end):
        piece = match[0]
        if label := _MARKS.get(piece) or ("y" if _is_age(piece) else None):
            row.append(Item(label, *match.span()))
        else:
            row.append(words)
        words = _PLAIN


def _is_age(words: str) -> bool:
    return words[0] in _AGE_BEGINS and _AGE.match(words) is not None


def _attach(row: list[Item], folded: str) -> list[Item]:
    """Settle the labels that depend on their neighbours, and drop those that only colour an office."""
    kept: list[Item] = []
    last = ""
    passive = False
    for index, item in enumerate(row):
        label = item.label
        if label in _UNSETTLED:
            following = row[index + 1] if index + 1 < len(row) else None
            passive = label == "p" or (passive and label not in "N.")
            if _drops(item, following, kept, folded):
                continue
            if label == "H" and (following is None or following.label in _NO_NAME):
                item.label, item.ref = "O", folded[item.start : item.end]
            elif label == "N" and (_is_credit(kept, item) or _is_byline(kept, item, folded)):
                item.label = "C"
            else:
                item.label = _settled(label, following, kept, passive=passive)
            label = item.label
        elif label == ";":
            passive = False
        if label != "x" or last != "x":
            kept.append(item)
            last = label
    return kept


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
    if len(before) < _CAPTION or before[-1].label != "T":
        return False
    person, mark, _ = (item.label for item in before[-_CAPTION:])
    return person == "N" and mark in ",-(" and not folded[name.end :].strip()


def as_string(row: list[Item]) -> str:
    """Return the labels as one string, a character each."""
    return "".join([item.label for item in row])
