"""Sentences inside the parts of a document, by underthesea's sentence tokenizer, with its abbreviations widened.

The tokenizer (Punkt, trained on Vietnamese) is its list of abbreviations: a full stop ends a sentence unless one of
them stands before it. That list is read from its own file: importing the package `underthesea` also loads its word
segmenter, scikit-learn and joblib, which costs more than a second at every start. Where a sentence ends is settled
here, so that offsets are exact and a megabyte without spaces takes no longer than a megabyte of prose.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import regex

from pipeline.document import Document, fold
from pipeline.grammar.lexicon import LexiconBuilder
from pipeline.grammar.rules import RuleBook, RuleFile
from pipeline.tables import PartRow, SentenceRow

ABBREVIATION_LIMIT: Final = 16
"""Code points of the longest word that can be an abbreviation."""

PROSE: Final = frozenset({"lead", "body"})
"""Kinds of part that a broken line may run on in."""

_STOP = regex.compile(r"[.?!…]+")
_CLOSING = regex.compile(r"[\"”’»)\]]*")
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
    """The tokenizer's abbreviations and those of the rule file, folded."""

    abbreviations: frozenset[str]
    before_names: frozenset[str]
    before_small: frozenset[str]
    openers: frozenset[str]


def prepare(book: RuleBook, lexicon: LexiconBuilder) -> Prepared:
    """Load the abbreviations of the tokenizer and of Vietnamese offices, degrees and places."""
    module = _tokenizer_module()
    module._load_model()
    file = book.load("abbreviations.yaml", AbbreviationFile)
    return Prepared(
        frozenset(module.sentence_tokenizer.abbrev_types),
        frozenset(map(fold, file.before_names)),
        frozenset(map(fold, file.before_small)),
        frozenset(file.openers),
    )


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
    text = document.view.text
    rows: list[SentenceRow] = []
    for number, part, end in _passages(text, document.rows["01_layout"], prepared):
        rows += (SentenceRow(start, stop, part.kind, number) for start, stop in spans(text, part.start, end, prepared))
    return {"02_sentences": rows}


def _passages(text: str, parts: list[PartRow], prepared: Prepared) -> Iterator[tuple[int, PartRow, int]]:
    """Yield number and row of each part to read, and the end of the last part that it runs on into."""
    number = 0
    while number < len(parts):
        first = last = number
        while last + 1 < len(parts) and _runs_on(text, parts[last], parts[last + 1], prepared):
            last += 1
        if parts[first].kind != "furniture":
            yield first, parts[first], parts[last].end
        number = last + 1


def _runs_on(text: str, part: PartRow, following: PartRow, prepared: Prepared) -> bool:
    """Say whether the line break after a part stands inside a sentence."""
    if part.kind not in PROSE or following.kind not in PROSE:
        return False
    if text[part.end - 1] == ".":
        return _is_before_name(text, part.end - 1, following.end, prepared)
    broken = text.count("\n", part.end, following.start) == 1 and text[part.end - 1] not in '.!?…:;"”'
    return broken and _RUNS_ON.match(text, following.start) is not None


def spans(text: str, start: int, end: int, prepared: Prepared) -> Iterator[tuple[int, int]]:
    """Yield the half-open spans of the sentences of `text[start:end]`, without the spaces around them."""
    at = start
    for stop in _STOP.finditer(text, start, end):
        if not _ends_sentence(text, stop.start(), stop.end(), end, prepared):
            continue
        closing = _CLOSING.match(text, stop.end(), end)
        after = closing.end() if closing else stop.end()
        yield from _trimmed(text, at, after)
        at = after
    yield from _trimmed(text, at, end)


LONGEST: Final = 2_000
"""Code points of the longest sentence; what runs on is cut between words. Sentences of news reach 1,300. Stages read
sentences whole and more than once: the bound keeps their time linear in the length of a text without full stops."""


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
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


def _ends_sentence(text: str, start: int, stop: int, end: int, prepared: Prepared) -> bool:
    """Say whether the marks `text[start:stop]` end a sentence of a passage that ends at `end`."""
    closing = _CLOSING.match(text, stop, end)
    after = closing.end() if closing else stop
    if after >= end:
        return True
    follower = text[after]
    if stop - start > 1 or text[start] != ".":
        return _ends_loudly(text, after, end)
    if not follower.isspace():
        return (after > stop and follower.isupper()) or _is_glued(text, start, follower)
    if follower.isspace() and after > stop:
        return _ends_loudly(text, after, end)
    return _ends_in_word(text, start, stop, end, prepared)


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


def _ends_in_word(text: str, start: int, stop: int, end: int, prepared: Prepared) -> bool:
    """Say whether the single full stop at `start`, with a space behind it, ends a sentence."""
    written = _word(text, start)
    word = fold(written)
    if word in prepared.before_names:
        return not _is_before_name(text, start, end, prepared)
    if word in prepared.before_small or _INITIALS.fullmatch(written):
        following = _NEXT_WORD.match(text, stop, end)
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
    found = _WORD_BEFORE.search(text[lead:stop])
    return found[0] if found else ""
