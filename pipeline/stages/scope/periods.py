"""When: the date that governs an amount or a count.

In its own sentence it is a stretch that ends its noun phrase or stands in brackets behind it (`… tỷ đồng (năm 2022)`),
else the nearest date before it, else a date behind it in its clause. A date that is compared with, begins or ends
something, is part of a law's name, or tells when somebody spoke governs nothing. Beyond the sentence these reach:

- a frame: a stretch that opens a clause of an earlier sentence of the paragraph (`Năm 2023, …`, `cho biết 6 tháng đầu
  năm 2023 …`); one that opens its sentence reaches the next paragraphs too, until somebody is named who speaks;
- the day that opens the sentence before (`Sáng 20/5, đoàn trao 12 căn nhà. Mỗi nhà trị giá …`);
- any stretch or day of the sentence before that the next one goes on with (`Tại hiện trường, công an thu giữ …`);
- the day of a deed that is named again (`trao`, `tặng`, an arrest), that of the event at which one is done (`Tại buổi
  lễ, …`), and the term of a project told right after its cost;
- the period of the same amount told before: an amount that is repeated is the same one (`value`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from pipeline.stages.scope.context import PERIODS, Context, Fact
from pipeline.stages.scope.rules import Prepared
from pipeline.tables import DateRow, MoneyRow, SentenceRow

Value = tuple[Decimal, Decimal, str]
"""Bounds and currency of an amount."""

_BEFORE: Final = 24
"""Code points before a date that can hold the words that keep it from governing."""

_AFTER: Final = 60
"""Code points behind a fact within which a date of its clause still governs it."""

_FRAME_SENTENCES: Final = 8
_FRAME_PARAGRAPHS: Final = 2
"""How far a framing date reaches: sentences, and paragraphs behind its own."""

_CLOSE: Final = 40
"""Code points behind a fact within which a stretch may end its noun phrase."""

_OPENING: Final = 80
"""Code points before a date that can hold the words with which it opens a clause."""

_LAW: Final = 60
"""Code points before a date that can hold the name of a law."""

_TERM_SENTENCES: Final = 2
"""Sentences behind an amount in which the term of its project may be told."""

_ARREST: Final = frozenset({"arrest"})
_ARREST_SENTENCES: Final = 4
"""Sentences between the day of an arrest and what was found."""

_CLAUSE_MARK = re.compile(r"[;:()\n]|[,.](?![0-9])")


def period(context: Context, fact: Fact, number: int, words: Prepared) -> tuple[DateRow, str] | None:
    """Return the date that governs a fact and where it stands (`sentence` or `paragraph`); None if there is none."""
    if not context.dates:
        return None
    dates = context.dates_in(context.sentences[number])
    if dates:
        own = (
            _close(context, fact, dates, words)
            or _before(context, fact, dates, words)
            or _behind(context, fact, dates, words)
        )
        if own is not None:
            return own, "sentence"
    far = (
        _frame_of(context, number, words)
        or _continued(context, number, words)
        or _deed(context, fact, number, words)
        or _occasion(context, fact, number, words)
        or _term(context, fact, number, words)
    )
    return None if far is None else (far, "paragraph")


def value(fact: Fact) -> Value | None:
    """Return what an amount is known by when repeated; None for vague ones, and for counts, often equal by chance."""
    if not isinstance(fact, MoneyRow) or fact.amount_min is None or fact.amount_max is None:
        return None
    return fact.amount_min, fact.amount_max, fact.currency


def last_day(context: Context, date: DateRow, published_on: dt.date | None, words: Prepared) -> dt.date | None:
    """Return the last day of a governing date: that of publication for `từ tháng 3 đến nay`, where it is known."""
    opens = context.text.endswith("từ ", 0, date.start) or context.text.startswith("từ ", date.start)
    until_now = opens and words.until_now.match(context.text, date.end) is not None
    return published_on if until_now and published_on is not None else date.date_to


def _close(context: Context, fact: Fact, dates: Sequence[DateRow], words: Prepared) -> DateRow | None:
    """Return the stretch that ends the noun phrase of a fact (`60 điển hình tiên tiến năm 2022`) or is bracketed."""
    date = next((date for date in dates if date.start >= fact.end), None)
    if date is None or date.start > fact.end + _CLOSE or date.granularity not in PERIODS:
        return None
    close = words.close.fullmatch(context.text, fact.end, date.start)
    return date if close and not _is_aside(context, date, words) else None


def _before(context: Context, fact: Fact, dates: Sequence[DateRow], words: Prepared) -> DateRow | None:
    for date in reversed(dates):
        if date.end > fact.start or _is_aside(context, date, words):
            continue
        if date.granularity in PERIODS or not words.reporting.search(context.text, date.end, fact.start):
            return date
    return None


def _behind(context: Context, fact: Fact, dates: Sequence[DateRow], words: Prepared) -> DateRow | None:
    for date in dates:
        if date.start < fact.end:
            continue
        if date.start > fact.end + _AFTER or _CLAUSE_MARK.search(context.text, fact.end, date.start):
            return None
        governs = date.granularity in PERIODS or context.text.endswith(words.day_cues, 0, date.start)
        if governs and not _is_aside(context, date, words):
            return date
    return None


def _is_aside(context: Context, date: DateRow, words: Prepared) -> bool:
    """Tell whether a date is of birth, is compared with, begins or ends something, or belongs to a document's name."""
    if words.birth.match(context.text, date.start, date.end):
        return True
    if words.law.search(context.text, max(0, date.start - _LAW), date.start):
        return True
    return words.date_not_after.search(context.text, max(0, date.start - _BEFORE), date.start) is not None


def _frame_of(context: Context, number: int, words: Prepared) -> DateRow | None:
    if number not in context.frames:
        context.frames[number] = _frame(context, number, words)
    return context.frames[number]


def _frame(context: Context, number: int, words: Prepared) -> DateRow | None:
    """Return the framing date of an earlier sentence that still holds for sentence `number`."""
    earliest = context.first_dated(max(0, number - _FRAME_SENTENCES + 1))
    paragraph = context.sentences[number].paragraph
    for back in range(number, earliest - 1, -1):
        sentence = context.sentences[back]
        if paragraph - sentence.paragraph > _FRAME_PARAGRAPHS:
            return None
        if back < number and (opener := _opener_of(context, back, words, near=sentence.paragraph == paragraph)):
            if opener.granularity in PERIODS:
                return opener if _is_recent(context, opener) else None
            return opener if back == number - 1 and _is_event(context, opener, sentence, paragraph, words) else None
        if _ends_frames(context, back, words):
            return None
    return None


def _ends_frames(context: Context, number: int, words: Prepared) -> bool:
    """Tell whether no frame reaches beyond a sentence: it leaves the frame, or opens what somebody else says."""
    known = context.ends.get(number)
    if known is None:
        sentence = context.sentences[number]
        opens_paragraph = number == 0 or context.sentences[number - 1].paragraph != sentence.paragraph
        resets = words.frame_reset.match(context.text, sentence.start, sentence.end)
        speaks = opens_paragraph and words.speaker.match(context.text, sentence.start, sentence.end)
        known = context.ends[number] = bool(resets or speaks)
    return known


def _is_event(context: Context, day: DateRow, sentence: SentenceRow, paragraph: int, words: Prepared) -> bool:
    """Tell whether a day that opens a sentence of the paragraph is that of an event, not of speaking."""
    said = words.reporting.search(context.text, day.end, sentence.end)
    return sentence.paragraph == paragraph and said is None


def _opener_of(context: Context, number: int, words: Prepared, *, near: bool) -> DateRow | None:
    if (number, near) not in context.openers:
        context.openers[number, near] = _opener(context, context.sentences[number], words, near=near)
    return context.openers[number, near]


def _opener(context: Context, sentence: SentenceRow, words: Prepared, *, near: bool) -> DateRow | None:
    """Return the first date that opens a clause (`near`) or the sentence, and so frames what follows."""
    for date in context.dates_in(sentence):
        opening = words.frame_opening.match(context.text, sentence.start, date.start)
        if opening is not None and opening.end() == date.start:
            return date
        if near and _opens_clause(context, date, sentence, words):
            return date
    return None


def _opens_clause(context: Context, date: DateRow, sentence: SentenceRow, words: Prepared) -> bool:
    """Tell whether a date stands between commas (`…, năm 2023, …`) or right behind words of reporting."""
    begin = max(sentence.start, date.start - _OPENING)
    between = context.text.startswith(",", date.end) and words.comma.search(context.text, begin, date.start)
    return bool(between) or words.said.search(context.text, begin, date.start) is not None


def _continued(context: Context, number: int, words: Prepared) -> DateRow | None:
    """Return the last stretch or event of the sentence before, where the sentence goes on with it (`Qua đó, …`)."""
    sentence = context.sentences[number]
    if number == 0 or not words.continuation.match(context.text, sentence.start):
        return None
    before = context.sentences[number - 1]
    if before.paragraph != sentence.paragraph:
        return None
    for date in reversed(context.dates_in(before)):
        governs = date.granularity in PERIODS or _is_event(context, date, before, sentence.paragraph, words)
        if governs and not _is_aside(context, date, words):
            return date
    return None


def _is_recent(context: Context, frame: DateRow) -> bool:
    """Tell whether a frame is at most a year older than the article's latest date: a report, no stage of a story."""
    years = [date.date_from.year for date in context.dates if date.date_from is not None]
    return frame.date_to is not None and frame.date_to.year >= max(years) - 1


def _deed(context: Context, fact: Fact, number: int, words: Prepared) -> DateRow | None:
    """Return the day of the nearest earlier sentence of the paragraph that names the deed of the fact's sentence.

    An arrest governs only where no other date stands between.
    """
    sentence = context.sentences[number]
    for nearer, back in enumerate(context.dated_before(number)):
        earlier = context.sentences[back]
        if earlier.paragraph != sentence.paragraph:
            return None
        day = next((date for date in context.dates_in(earlier) if date.granularity == "day"), None)
        if day is None:
            continue
        deeds = context.deeds.get(back)
        if deeds is None:
            deeds = context.deeds[back] = _deeds(context, earlier.start, earlier.end, words) - words.not_deeds
        shared = deeds and deeds & _deeds(context, sentence.start, fact.start, words)
        if shared - _ARREST:
            return day
        if shared and not nearer and number - back <= _ARREST_SENTENCES:
            return day if _is_event(context, day, earlier, earlier.paragraph, words) else None
    return None


def _occasion(context: Context, fact: Fact, number: int, words: Prepared) -> DateRow | None:
    """Return the day of the event at which something is done (`Tại buổi lễ, …`): the last that opens a sentence."""
    sentence = context.sentences[number]
    if words.occasion.match(context.text, sentence.start) is None:
        return None
    if words.occasion_deed.search(context.text, sentence.start, fact.start) is None:
        return None
    for back in context.dated_before(number):
        day = _opener_of(context, back, words, near=False)
        if day is not None and day.granularity == "day":
            return day
    return None


def _deeds(context: Context, start: int, end: int, words: Prepared) -> frozenset[str]:
    """Return the deeds that a text names; all those of the police are one."""
    told = frozenset(words.deed.findall(context.text, start, end))
    return told if words.arrests.isdisjoint(told) else (told - words.arrests) | _ARREST


def _term(context: Context, fact: Fact, number: int, words: Prepared) -> DateRow | None:
    """Return the term of years that one of the next sentences gives for the project that the fact belongs to."""
    sentence = context.sentences[number]
    for later in context.sentences[number : number + 1 + _TERM_SENTENCES]:
        for date in context.dates_in(later):
            if date.granularity == "range" and words.term_cue.search(context.text, later.start, date.start):
                told = words.term_subject.search(context.text, sentence.start, fact.start)
                return date if told else None
    return None
