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
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from operator import itemgetter
from typing import Final

from pipeline import alphabet
from pipeline.document import View, fold
from pipeline.grammar.lexicon import Phrases
from pipeline.stages.officials.model import Office
from pipeline.stages.officials.names import Name
from pipeline.stages.officials.scene import Scene

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
_ITEM: Final = ord("I")
"""What stands for a name, an office or a cue among the classes of the characters between them."""
_PIECES: Final = re.compile(rb"(?:w[w .&/-]*(?<=w)|[^w _])[ _]*+")
"""Items, stretches of words and single marks, each with the spaces behind it."""
_UNREAD_PIECES: Final = re.compile(rb"I|[^I ][^I]*")
"""Items, and all that stands between two of them as one."""
_FIRM: Final = frozenset("NT")
"""Labels that cues give way to."""
_AGE: Final = re.compile(r"(?:(?:năm nay )?\d+ tuổi|SN \d{4}|sinh (?:năm|ngày|tháng) .{0,24}|sinh \d{4})$")
_AGE_BEGINS: Final = frozenset("0123456789Ssn")
_NO_NAME: Final = frozenset("laq.,x&+buegpfhkzA")
"""Labels that no name begins behind: a form of address before one stands for a person."""
_WATCHED: Final = frozenset("NFfjhpkzZmH.;")
"""Labels that depend on their neighbours, and the semicolon, which ends clauses."""
_BEHIND_THEN: Final = frozenset("lN-,(HR")
_BEHIND_INITIAL: Final = frozenset("(,-")
_PASSIVE_BY: Final = frozenset("THRN")
_COUNTED: Final = frozenset("TH")
_CONCURRENT: Final = frozenset("NOx")
"""Labels that support one of these: behind `khi đó`, an initial, `được` and a number, and before `kiêm`."""
_DROPPING: Final = frozenset("Ffjh")
"""Those of them that may go."""
_STOPS: Final = frozenset(".;")
_SHORTENED: Final = frozenset("RN")
_TELLING: Final = frozenset("FfwW")
"""Cues that say something of an office though its sentence names and means nobody."""
_CAPTION: Final = 3
"""Labels of a caption that a byline may follow: a person, a mark, an office."""
_CLOSE: Final = 30
"""Code points after `Ảnh` within which a name is a photographer's."""
_BEHIND: Final = 40
"""Code points of a sentence that are read behind its last name, office or form of address."""


_CLASS_TABLE: Final = alphabet.table(
    lambda char: "w" if char.isalnum() else "_" if char in "_\n" else _CLASSES.get(char, "x")
)

Label = tuple[int, int, str]
"""Start, end and label."""
_LABEL: Final = itemgetter(2)
_PLAIN: Final = (0, 0, "x")
"""Words that say nothing: nobody asks where they stand."""
_CUT: Final = (0, 0, "X")
_NOTHING: Final = (-1, -1, ".")
"""What stands before the first label and behind the last."""


class Row:
    """The labels of a sentence, and the same as a string, a character each, in which titles given away are `t`."""

    __slots__ = ("labels", "string")

    def __init__(self, labels: list[Label]) -> None:
        self.labels = labels
        self.string = "".join(map(_LABEL, labels))

    def alone(self) -> list[int]:
        """Return the starts of the titles that are given to nobody."""
        if "T" not in self.string:
            return []
        return [start for (start, _, _), label in zip(self.labels, self.string, strict=True) if label == "T"]


class Cues:
    """The words between persons and titles, of which an office without a person is told something by some only."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.phrases = Phrases(labels)
        self.telling = tuple([f"{fold(View(cue).text)} " for cue, label in labels.items() if label in _TELLING])


class Labeller:
    """Reads the sentences of a view, between whose names, offices and cues it looks at classes of characters only."""

    def __init__(self, scene: Scene, cues: Cues, names: list[Name], offices: Mapping[int, Office]) -> None:
        self.scene = scene
        self.text = scene.text
        self.folded = scene.folded
        self.classes = scene.document.view.codes.translate(_CLASS_TABLE)
        self.cues = cues
        self.offices = offices
        self.items: list[Label] = [(name.start, name.end, "N") for name in names]
        self.items += [(office.start, office.behind, "T") for office in offices.values()]
        self.items.sort()

    def read(self, start: int, end: int) -> Row:
        """Return the labels of a sentence that has an office, as far as they may tell of a person or an office.

        Of a sentence that names and means nobody they are its offices alone, unless a cue says something of these.
        """
        items = self.items[bisect_left(self.items, (start,)) : bisect_left(self.items, (end,))]
        addressed = self._last_address(end)
        named = "N" in map(_LABEL, items)
        if not named and addressed <= start and not self._tells_of_any(items, start):
            return Row(items)
        end = self._last_word(max(items[-1][1], addressed), end)
        cues = self.scene.outside_dates(self.cues.phrases.within(self.scene.document.view, start, end), start, end)
        heard = list(map(_LABEL, cues))
        anybody = named or "H" in heard
        if not anybody and _TELLING.isdisjoint(heard):
            return Row(items)
        items, gaps = self._merged(items, cues, start, end)
        joined = b"I".join(gaps)
        classes = joined.lstrip(b" _")
        if anybody:
            labels = self._with_gaps(items, start + len(joined) - len(classes), _PIECES.findall(classes))
        else:
            waiting = iter(items)
            labels = [next(waiting) if piece[0] == _ITEM else _PLAIN for piece in _UNREAD_PIECES.findall(classes)]
        return Row(self._attach(labels, credited="c" in heard))

    def _last_address(self, end: int) -> int:
        """Return the end of the last form of address, rank or degree before a position, 0 where there is none."""
        address = self.scene.address
        at = bisect_right(address, end)
        return address[at - 1] if at else 0

    def _tells_of_any(self, items: list[Label], start: int) -> bool:
        """Tell whether right before one of the offices of a sentence a cue may say something of it."""
        endswith, telling = self.folded.endswith, self.cues.telling
        return True in [endswith(telling, start, at) for at, _, _ in items]

    def _last_word(self, last: int, end: int) -> int:
        """Return where a sentence has been read far enough, given where its last item and itself end."""
        space = self.text.find(" ", last + _BEHIND, end)
        return space if space >= 0 else end

    def _merged(self, items: list[Label], cues: list[Label], start: int, end: int) -> tuple[list[Label], list[bytes]]:
        """Return names, offices and the cues that stand in none of them, and the classes of what stands between."""
        classes = self.classes
        merged: list[Label] = []
        gaps: list[bytes] = []
        at = start
        for item in sorted(items + cues):
            first, last, label = item
            if first < at:
                if label not in _FIRM:
                    continue
                if merged[-1][2] not in _FIRM:  # a cue that reaches into a name or an office
                    merged.pop()
                    gaps.pop()
                    at = merged[-1][1] if merged else start
            merged.append(item)
            gaps.append(classes[at:first])
            at = last
        gaps.append(classes[at:end])
        return merged, gaps

    def _with_gaps(self, items: list[Label], at: int, pieces: list[bytes]) -> list[Label]:
        """Return the items with the labels of what stands between them, given all pieces from a place on."""
        text = self.text
        row: list[Label] = []
        waiting = iter(items)
        behind_office = False
        for piece in pieces:
            mark = piece[0]
            if mark == _ITEM:
                item = next(waiting)
                row.append(item)
                behind_office = item[2] == "T"
                at = item[1] - 1
            else:
                label = _LABELS.get(mark)
                if label is not None:
                    row.append((at, at + 1, label))
                elif text[at] in _AGE_BEGINS and (age := _AGE.match(text, at, at + len(piece.rstrip(b" _")))):
                    row.append((at, age.end(), "y"))
                else:
                    cut = behind_office and text[at].isupper() and not self.offices[row[-1][0]].complete
                    row.append(_CUT if cut else _PLAIN)
                behind_office = False
            at += len(piece)
        return row

    def _attach(self, row: list[Label], *, credited: bool) -> list[Label]:
        """Settle the labels that depend on their neighbours, and drop those that only colour an office.

        Only where somebody is `credited`, by `Ảnh:` and the like, names are looked for that belong to these.
        """
        kept: list[Label] = []
        last = ""
        passive = False
        for index, item in enumerate(row, 1):
            label = item[2]
            if label not in _WATCHED:
                if label != "x" or last != "x":
                    kept.append(item)
                    last = label
                continue
            following = row[index] if index < len(row) else _NOTHING
            if label == "N":
                passive = False
                if (credited and _is_credit(kept, item)) or (last == "T" and _is_byline(kept, item, self.folded)):
                    label = "C"
            elif label in _STOPS:
                passive = False
                if label == "." and last in _SHORTENED and self._shortens(kept[-1], item[0], following[2]):
                    continue
            else:
                passive = passive or label == "p"
                if label in _DROPPING and self._drops(label, following, last):
                    continue
                label = _settled(label, following[2], last, passive=passive)
            if label != "x" or last != "x":
                kept.append(item if label == item[2] else (item[0], item[1], label))
                last = label
        return [item for item in kept if item[2] != "c"] if credited else kept

    def _drops(self, label: str, following: Label, last: str) -> bool:
        """Tell whether a label goes: `nguyên` and `tân` before an office, `khi đó` behind one."""
        ahead = following[2]
        if label in "Ff" and ahead == "T":
            self.offices[following[0]].former = True
            return label == "F"
        return ahead == "T" if label == "j" else label == "h" and last == "T" and ahead in _BEHIND_THEN

    def _shortens(self, before: Label, at: int, ahead: str) -> bool:
        """Tell whether a stop is the one of `ThS.` or of an initial (`Nguyễn Văn M. (Bí thư …)`)."""
        _, end, last = before
        return end == at and (last == "R" or (self.folded[at - 2] == " " and ahead in _BEHIND_INITIAL))


def _settled(label: str, ahead: str, last: str, *, passive: bool) -> str:
    """Return what a label that depends on its neighbours comes to; `x` where they do not support it."""
    if label == "H":
        return "O" if ahead in _NO_NAME else label
    if label == "m":
        return label if ahead in _COUNTED else "x"
    if label in "jh" or (label == "z" and passive) or (label == "p" and ahead not in _PASSIVE_BY):
        return "x"
    if label == "f":
        return "l" if ahead == "T" else "x"
    if label == "k" and last in _CONCURRENT:  # `Ông … kiêm Chủ tịch …`
        return "l"
    return "x" if label == "Z" and ahead != "T" else label


def _is_credit(before: list[Label], name: Label) -> bool:
    for _, end, label in reversed(before):
        if name[0] - end > _CLOSE or label in "TP":
            return False
        if label == "c":
            return True
        if label not in ":-,NC&/":
            return False
    return False


def _is_byline(before: list[Label], name: Label, folded: str) -> bool:
    """Tell whether a name closes a text behind a person and an office (`… Bí thư Huyện ủy` of a caption)."""
    if len(before) < _CAPTION:
        return False
    person, mark, _ = [label for _, _, label in before[-_CAPTION:]]
    return person == "N" and mark in ",-(" and not folded[name[1] :].strip()
