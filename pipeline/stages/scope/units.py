"""Where: the locality that governs an amount or a count.

Localities that stand together (`xã A, huyện B`; `xã A và xã B`) are read as one place: the most exact of a chain, or
what several have in common. In the fact's own sentence the place nearest before it governs, else one close behind it;
else the nearest place of the last sentences of the paragraph; else the article's home unit. The whole country as the
subject of a clause takes all places away (`…, cả nước xây dựng`), and a level without a name cuts the place to that
level (`tỉnh bố trí …`).

Places that do not reach beyond their sentence: where people met, where somebody comes from, what is passed or left
(`sang huyện A xin việc`); in an article with a home unit also what stands in brackets, and what lies elsewhere. Between
a place and a fact, words of saying tell that the place is the speaker's: a more exact one of the paragraph wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.stages.scope.context import Context, Fact, Place
from pipeline.stages.scope.rules import Prepared
from pipeline.tables import LocalityRow, SentenceRow

_AFTER: Final = 110
"""Code points behind a fact within which a place still governs it (`… đồng xây khu dân cư tại phường A`)."""

_RESIDENCE: Final = 50
"""Code points before a place that hold the words for living there."""

_NATIONAL_AFTER: Final = 30
_SENTENCES: Final = 4
"""Sentences back that a place still governs; pages without line breaks make one paragraph of a whole article."""

_PARAGRAPHS: Final = 3
"""Paragraphs of one sentence back that a place still governs in an article without a home unit."""

_SPREAD: Final = 3
"""Provinces, or units of the home unit, in a sentence from which on none of them governs what follows."""

_PASSING: Final = 24
"""Code points before a place that hold the words for passing it."""

_VENUE: Final = 120
"""Code points before a place that hold the words for meeting there."""

_AT: Final = "tại "
"""What always stands between those words and the place."""

_BETWEEN = re.compile(r"[ ,(\-–]{1,3}(?:và |(?:cũng |cùng )?thuộc |cùng )?|\) và ")
"""What stands between localities that are read as one place."""

_CLAUSE_MARK = re.compile(r"[;:\n]|\.(?![0-9])")


def place(
    context: Context, fact: Fact, number: int, words: Prepared, home: list[str] | None
) -> tuple[Place, str] | None:
    """Return the place that governs a fact and where it comes from; None if the home unit as it is stands in.

    It comes from the `sentence`, the `paragraph`, or is the `home` unit cut to a level without a name.
    """
    sentence = context.sentences[number]
    if context.national and _is_national(context, fact, sentence, words):
        return Place(None, None, fact.start, fact.end), "sentence"
    own = _in_sentence(context, fact, sentence, words)
    if own is not None and not _is_speakers(context, own, fact, words):
        return own, "sentence"
    if number not in context.carried:
        context.carried[number] = _carried(context, number, words, home)
    far = context.carried[number]
    if own is not None:
        inside = far is not None and _prefix(own.path or [], far.path or []) == own.path
        return (far, "paragraph") if far is not None and inside else (own, "sentence")
    if far is not None:
        return _cut(context, far, fact, sentence.start, words), "paragraph"
    level = _cut(context, Place(home, None, fact.start, fact.end), fact, sentence.start, words)
    return None if level.path == home else (level, "home")


def _is_speakers(context: Context, own: Place, fact: Fact, words: Prepared) -> bool:
    """Tell whether words of saying stand between a place and a fact."""
    return own.end <= fact.start and words.reporting.search(context.text, own.end, fact.start) is not None


def _carried(context: Context, number: int, words: Prepared, home: list[str] | None) -> Place | None:
    """Return the nearest place of the earlier sentences that still governs sentence `number`."""
    sentence = context.sentences[number]
    for back in range(number - 1, max(-1, number - 1 - _SENTENCES), -1):
        earlier = context.sentences[back]
        if sentence.paragraph - earlier.paragraph > (0 if home else _PARAGRAPHS):
            return None
        if sentence.paragraph != earlier.paragraph and _has_neighbours(context, back):
            return None
        places = _places(context, earlier, words)
        if _spread(places, len(home or ())) >= _SPREAD:
            return None
        for found in reversed(places):
            if found.path and _carries(context, found, earlier, words, home):
                return found
    return None


def _spread(places: Sequence[Place], level: int) -> int:
    """Return how many units below a level are named; provinces that are read as one place count as two."""
    named = {tuple(found.path[: level + 1]) for found in places if found.path and len(found.path) > level}
    return len(named) + (0 if level else sum(2 for found in places if found.path is None))


def _has_neighbours(context: Context, number: int) -> bool:
    """Tell whether the paragraph of a sentence has others: a page of single sentences has no paragraphs to speak of."""
    around = context.sentences[max(0, number - 1) : number + 2]
    return sum(other.paragraph == context.sentences[number].paragraph for other in around) > 1


def _carries(context: Context, found: Place, sentence: SentenceRow, words: Prepared, home: list[str] | None) -> bool:
    """Tell whether a place reaches beyond its sentence."""
    if _is_venue(context, found, sentence, words):
        return False
    passed = context.text.endswith(words.passing_ends, sentence.start, found.start)
    if passed and words.passing.search(context.text, max(sentence.start, found.start - _PASSING), found.start):
        return False
    if not home or not found.path:
        return True
    before = context.text[sentence.start : found.start]
    shared = min(len(home), len(found.path))
    return before.count("(") <= before.count(")") and found.path[:shared] == home[:shared]


def _cut(context: Context, found: Place, fact: Fact, begin: int, words: Prepared) -> Place:
    """Return the place cut to the last level without a name before a fact (`toàn tỉnh`, `UBND huyện`), if any."""
    if found.path is None or len(found.path) <= 1:
        return found
    levels = [
        words.levels[match[0]]
        for match in words.whole.finditer(context.text, begin, fact.start)
        if not any(row.start <= match.start() < row.end for row in context.localities if begin <= row.start)
    ]
    if not levels or len(found.path) <= levels[-1]:
        return found
    path = found.path[: levels[-1]]
    code = next((row.unit_code for row in context.localities if row.path == path), None)
    return found._replace(path=path, code=code)


def _is_venue(context: Context, found: Place, sentence: SentenceRow, words: Prepared) -> bool:
    """Tell whether a place is where people met (`hội nghị diễn ra tại …`): it does not reach beyond its sentence."""
    begin = max(sentence.start, found.start - _VENUE)
    if context.text.find(_AT, begin, found.start) < 0:  # the search is slow, and few places stand behind such a word
        return False
    return words.venue.search(context.text, begin, found.start) is not None


def _is_national(context: Context, fact: Fact, sentence: SentenceRow, words: Prepared) -> bool:
    """Tell whether the whole country opens the sentence or follows the fact (`377 điển hình tiên tiến toàn quốc`)."""
    behind = words.national.search(context.text, fact.end, fact.end + _NATIONAL_AFTER)
    if behind and "," not in context.text[fact.end : behind.start()]:
        return True
    if words.national.match(context.text, sentence.start):
        return True
    subjects = list(words.national_subject.finditer(context.text, sentence.start, fact.start))
    end = subjects[-1].end() if subjects else fact.start
    return end < fact.start and not any(end <= row.start < fact.start for row in context.localities_in(sentence))


def _in_sentence(context: Context, fact: Fact, sentence: SentenceRow, words: Prepared) -> Place | None:
    places = _places(context, sentence, words)
    if not places:
        return None
    before = [found for found in places if found.end <= fact.start]
    if before:
        return _cut(context, before[-1], fact, before[-1].end, words)
    behind = next((found for found in places if found.start >= fact.end), None)
    if behind is None or behind.path is None or behind.start > fact.end + _AFTER:
        return None
    return None if _CLAUSE_MARK.search(context.text, fact.end, behind.start) else behind


def _places(context: Context, sentence: SentenceRow, words: Prepared) -> list[Place]:
    """Return the places of a sentence; where a person lives is none."""
    known = context.places.get(sentence.start)
    if known is not None:
        return known
    rows = context.localities_in(sentence)
    if not rows:
        return []
    groups: list[list[LocalityRow]] = []
    for row in rows:
        if groups and _BETWEEN.fullmatch(context.text, groups[-1][-1].end, row.start):
            groups[-1].append(row)
        else:
            groups.append([row])
    places = [_join(group) for group in groups if not _is_residence(context, group[0].start, words)]
    context.places[sentence.start] = places
    return places


def _is_residence(context: Context, start: int, words: Prepared) -> bool:
    """Tell whether a place is where a person lives, or whom a delegate stands for."""
    if context.text.endswith("(", 0, start):
        return words.delegate.search(context.text, max(0, start - _RESIDENCE), start) is not None
    if not context.text.endswith(words.residence_ends, 0, start):  # most places stand behind no such word
        return False
    return words.residence.search(context.text, max(0, start - _RESIDENCE), start) is not None


def _join(group: Sequence[LocalityRow]) -> Place:
    """Read localities as one place; a hamlet stands for its commune, whose code it does not have."""
    if len(group) == 1:
        (row,) = group
        path, code = _unit(row)
        return Place(path or None, code if path else None, row.start, row.end)
    units = [_unit(row) for row in group]
    longest, code = max(units, key=lambda unit: len(unit[0]))
    common = longest
    for path, _ in units:
        shared = min(len(path), len(common))
        if path[:shared] != common[:shared]:
            common = _prefix(path, common)
    if common != longest:
        code = next((code for path, code in units if path == common), None)
    return Place(common or None, code if common else None, group[0].start, group[-1].end)


def _unit(row: LocalityRow) -> tuple[list[str], str | None]:
    path = row.path or []
    return (path[:-1], None) if row.level == "hamlet" else (path, row.unit_code)


def _prefix(first: list[str], second: list[str]) -> list[str]:
    shared = []
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        shared.append(left)
    return shared
