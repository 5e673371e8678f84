"""Which day a text is narrating: what `cùng ngày` means."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pipeline.grammar import calendar
from pipeline.stages.dates.surroundings import Surroundings

NEWS_DAYS: Final = 3
"""How many days before the publication a day is still news: the event of the article, not its background."""

CLOCK_DAYS: Final = 1
"""How many days the day of publication may lag behind what the article tells: pages are dated by several clocks."""

OPENING: Final = 40
"""A day told at most so many characters behind the beginning of its sentence sets the scene for what follows."""

PASSING_REACH: Final = 300
SCENE_REACH: Final = 1000
STORY_REACH: Final = 1500
"""How many characters on a day is still narrated: one mentioned in passing, one that sets a scene, and any where the
story itself says `đến 22 giờ cùng ngày`."""

_BEFORE: Final = 16
_MARKS: Final = ' *+-–•“"(\n'


class Told(NamedTuple):
    """A day told: where in the text, and which day."""

    start: int
    day: dt.date


@dataclass(slots=True)
class Narration:
    """Follows the days of one text in reading order."""

    published: dt.date | None
    sentence_starts: Sequence[int]
    folded: str
    around: Surroundings
    _last: Told | None = None
    _scene: Told | None = None
    _event: dt.date | None = None

    def tell(self, start: int, end: int, day: dt.date) -> None:
        """Take note of a day, none that lies ahead, mentioned at the half-open offsets `start` to `end` of the view."""
        before = self.folded[max(0, start - _BEFORE) : start]
        if self.around.bound.search(before):
            return
        self._last = Told(start, day)
        opening, news = self._opening(start), self._is_news(day)
        sets_scene = news or (len(opening) <= OPENING and self.around.adverbial.search(opening))
        if not sets_scene or self.around.earlier.search(before) or self.around.recent.match(self.folded, end):
            return
        self._scene = self._last
        if news and (self._event is None or not opening):
            self._event = day

    def lies_ahead(self, day: dt.date) -> bool:
        """Return whether a day is still to come when the article appears: announced, not narrated."""
        return self.published is not None and (day - self.published).days > CLOCK_DAYS

    def same_day(self, start: int) -> dt.date | None:
        """Return the day that `cùng ngày` at offset `start` means: of the story it goes on with, else of the event."""
        if not self._opening(start):
            reaches = (self._last, PASSING_REACH), (self._scene, SCENE_REACH)
        else:
            reaches = (self._last, STORY_REACH), (None, 0)
        for told, reach in reaches:
            if told is not None and start - told.start <= reach:
                later = self.around.next_day.search(self.folded, told.start, start)
                return told.day + calendar.DAY if later else told.day
        return self._event or (self._last.day if self._last else self.published)

    def _is_news(self, day: dt.date) -> bool:
        return self.published is not None and -CLOCK_DAYS <= (self.published - day).days <= NEWS_DAYS

    def _opening(self, start: int) -> str:
        """Return what the sentence of the view's offset `start` says before it, marks of lists aside."""
        nearest = bisect_right(self.sentence_starts, start) - 1
        begin = self.sentence_starts[nearest] if nearest >= 0 else 0
        return self.folded[begin:start].lstrip(_MARKS)
