"""Sentences inside the parts of a document, by underthesea's sentence tokenizer, with its abbreviations widened.

The tokenizer (Punkt, trained on Vietnamese) is its list of abbreviations: a full stop ends a sentence unless one of
them stands before it. That list is read from its own file: importing the package `underthesea` also loads its word
segmenter, scikit-learn and joblib, which costs more than a second at every start. Where a sentence ends is settled
here, so that offsets are exact and a megabyte without spaces takes no longer than a megabyte of prose.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import regex

from pipeline import alphabet
from pipeline.document import Document, View, fold
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook, RuleFile
from pipeline.memo import Memo
from pipeline.tables import PartRow, SentenceRow

ABBREVIATION_LIMIT: Final = 16
"""Code points of the longest word that can be an abbreviation."""

_ENDING: Final = 3
"""Characters before a full stop that tell nearly all words from abbreviations."""

PROSE: Final = frozenset({"lead", "body"})
"""Kinds of part that a broken line may run on in."""

_CLOSING: Final = '"”’»)]'


def _mark(char: str) -> str:
    if char in ".?!…":
        return "."
    if char in _CLOSING:
        return '"'
    return "0" if char.isdecimal() else " " if char in " \n" else "x"


_MARKS: Final = alphabet.table(_mark)
"""Of a text it leaves the marks that may end a sentence, what closes it, figures and blanks."""
_STOPS = re.compile(rb'\.(?!0)\.*"*')
"""Marks with what closes them; most full stops of news stand inside numbers."""
_BLANK: Final = ord(" ")
_WORD_BEFORE = regex.compile(r"[\p{L}\p{N}./-]+$")
_INITIALS = regex.compile(r"(?:\p{Lu}\.)+\p{Lu}")
_NEXT_WORD = regex.compile(r"\s*[\"“‘'(\[]*(\w*)")
_RUNS_ON = regex.compile(r"(?=\p{Ll})(?!\p{Ll}[).])")


class AbbreviationFile(RuleFile):
    """`abbreviations.yaml`: what may end in a full stop without ending a sentence."""

    before_names: list[str]
    before_small: list[str]
    openers: list[str]

    @property
    def sentence(self) -> list[str]:
        """Return all the abbreviations."""
        return [*self.before_names, *self.before_small]


class Prepared(NamedTuple):
    """The tokenizer's abbreviations and those of the rule file, folded; `abbreviations` has them all."""

    abbreviations: frozenset[str]
    before_names: frozenset[str]
    before_small: frozenset[str]
    openers: frozenset[str]
    is_plain: Memo[str, bool]
    """Whether a mark, with three characters before it, is the full stop of a word that is no abbreviation."""


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Prepared:
    """Load the abbreviations of the tokenizer and of Vietnamese offices, degrees and places."""
    module = _tokenizer_module()
    module._load_model()
    file = book.load("abbreviations.yaml", AbbreviationFile)
    before_names, before_small = frozenset(map(fold, file.before_names)), frozenset(map(fold, file.before_small))
    known = frozenset(module.sentence_tokenizer.abbrev_types) | before_names | before_small
    endings = frozenset(f" {word}"[-_ENDING:] for word in known)
    is_plain = Memo(partial(_is_plain, endings))
    return Prepared(known, before_names, before_small, frozenset(file.openers), is_plain)


def _is_plain(endings: frozenset[str], ending: str) -> bool:
    """Say so of one mark and what stands before it; `endings` are the last three characters of abbreviations."""
    before = ending[:-1]
    if not before or ending[-1] != "." or _mark(before[-1]) == ".":
        return False
    found = _WORD_BEFORE.search(before)
    written = found[0] if found else ""
    if not written or len(written) < len(before.lstrip(" ")):
        return not written
    return before not in endings and (written.isalpha() or not written[-1].isalpha())


@cache
def _tokenizer_module() -> ModuleType:
    package = importlib.util.find_spec("underthesea")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("underthesea is not installed; run `make extract`, which installs it")
    name = "underthesea_sent_tokenize"
    path = Path(package.origin).parent / "pipeline" / "sent_tokenize" / "__init__.py"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"underthesea has no sentence tokenizer at {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def run(document: Document, prepared: Prepared) -> dict[str, list[Any]]:
    """Return the sentences of every part but furniture, as spans of the view.

    A sentence that a line break cut in two is one row; it belongs to the part that it begins in.
    """
    view = document.view
    marks = view.codes.translate(_MARKS)
    rows: list[SentenceRow] = []
    for passage in _passages(view, document.rows["01_layout"], prepared):
        rows += _read(view, marks, passage, prepared)
    return {"02_sentences": rows}


def _passages(view: View, parts: list[PartRow], prepared: Prepared) -> Iterator[tuple[int, PartRow, int]]:
    """Yield number and row of each part to read, and the end of the last part that it runs on into."""
    number = 0
    while number < len(parts):
        first = number
        while number + 1 < len(parts) and _runs_on(view, parts[number], parts[number + 1], prepared):
            number += 1
        if parts[first].kind != "furniture":
            yield first, parts[first], parts[number].end
        number += 1


def _runs_on(view: View, part: PartRow, following: PartRow, prepared: Prepared) -> bool:
    """Say whether the line break after a part stands inside a sentence."""
    if part.kind not in PROSE or following.kind not in PROSE:
        return False
    text, end = view.text, part.end
    last = text[end - 1]
    if last == ".":
        plain = prepared.is_plain[view.folded[end - _ENDING - 1 : end]]
        return not plain and _is_before_name(text, end - 1, following.end, prepared)
    if last in '!?…:;"”' or text.count("\n", end, following.start) != 1:
        return False
    return _RUNS_ON.match(text, following.start) is not None


def _read(view: View, marks: bytes, passage: tuple[int, PartRow, int], prepared: Prepared) -> list[SentenceRow]:
    """Return the sentences of a passage, without the spaces around them."""
    number, part, end = passage
    text, folded, is_plain, kind, at = view.text, view.folded, prepared.is_plain, part.kind, part.start
    if end - at <= LONGEST and marks.find(b".", at, end) < 0:  # headings and captions
        return [SentenceRow(at, end, kind, number)]
    found: list[SentenceRow] = []
    for match in _STOPS.finditer(marks, at, end):
        after = match.end()
        if after < end:
            plain = marks[after] == _BLANK and is_plain[folded[after - _ENDING - 1 : after]]
            if not plain and not _ends_sentence(text, match.start(), after, end, prepared):
                continue
        if text[at] == " ":
            at += 1
        if after - at > LONGEST or text[at].isspace():
            found += [SentenceRow(start, stop, kind, number) for start, stop in _trimmed(text, at, after)]
        else:
            found.append(SentenceRow(at, after, kind, number))
        at = after
    if at < end:
        found += [SentenceRow(start, stop, kind, number) for start, stop in _trimmed(text, at, end)]
    return found


LONGEST: Final = 2_000
"""Code points of the longest sentence; what runs on is cut between words. Sentences of news reach 1,300. Stages read
sentences whole and more than once: the bound keeps their time linear in the length of a text without full stops."""


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a stretch without the spaces around it, cut where it is longer than a sentence may be."""
    piece = text[start:end]
    bare = piece.strip()
    start += len(piece) - len(piece.lstrip())
    end = start + len(bare)
    while end - start > LONGEST:
        space = text.rfind(" ", start + 1, start + LONGEST)
        stop = space if space > 0 else start + LONGEST
        yield start, stop
        start = stop + (space > 0)
    if start < end:
        yield start, end


def _ends_sentence(text: str, start: int, after: int, end: int, prepared: Prepared) -> bool:
    """Say whether marks with what closes them, `text[start:after]`, end a sentence of a passage that ends at `end`."""
    follower = text[after]
    if after - start == 1 and text[start] == ".":
        return _ends_in_word(text, start, end, prepared) if follower.isspace() else _is_glued(text, start, follower)
    marks = text[start:after].rstrip(_CLOSING)
    if marks != "." or follower.isspace():
        return _ends_loudly(text, after, end)
    return follower.isupper() or _is_glued(text, start, follower)


def _ends_loudly(text: str, after: int, end: int) -> bool:
    """Say whether a sentence ends at `?`, `!`, an ellipsis or a closing quote: not if it goes on in small letters."""
    rest = text[after : after + 40].lstrip()
    if not rest or after + len(text[after : after + 40]) - len(rest) >= end:
        return True
    return text[after].isspace() and not rest[0].islower() and rest[0] not in ",;:)-–"


def _is_glued(text: str, stop: int, follower: str) -> bool:
    """Say whether a full stop without a space after it ends a sentence: `khu phố.Ông` does, `baodientu.vn` does not."""
    return (
        follower.isupper()
        and stop >= 2
        and text[stop - 1].islower()
        and text[stop - 2].isalpha()
        and len(_word(text, stop)) > 2
    )


def _ends_in_word(text: str, stop: int, end: int, prepared: Prepared) -> bool:
    """Say whether the single full stop at `stop`, with a space behind it, ends a sentence."""
    written = _word(text, stop)
    word = written.lower()
    if word not in prepared.abbreviations and "." not in word:
        return True
    if word in prepared.before_names:
        return not _is_before_name(text, stop, end, prepared)
    if word in prepared.before_small or _INITIALS.fullmatch(written):
        following = _NEXT_WORD.match(text, stop + 1, end)
        return following is not None and following[1][:1].isupper()
    return word not in prepared.abbreviations


def _is_before_name(text: str, stop: int, end: int, prepared: Prepared) -> bool:
    """Say whether the full stop at `stop` belongs to an abbreviation that a name follows."""
    if fold(_word(text, stop)) not in prepared.before_names:
        return False
    following = _NEXT_WORD.match(text, stop + 1, end)
    return following is None or following[1] not in prepared.openers


def _word(text: str, stop: int) -> str:
    """Return the word that ends at `stop`, no longer than an abbreviation can be."""
    lead = max(0, stop - ABBREVIATION_LIMIT)
    written = text[text.rfind(" ", lead, stop) + 1 or lead : stop]
    if written.isalpha():
        return written
    found = _WORD_BEFORE.search(written)
    return found[0] if found else ""
