"""Which candidates win, and how neighbours join: ranges (`từ … đến …`) and lists (`ngày 3, 4 và 5/6`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from operator import attrgetter, itemgetter
from typing import Final

from pipeline.document import View
from pipeline.stages.dates.patterns import Candidate, Found, Matcher
from pipeline.stages.dates.surroundings import Surroundings
from pipeline.stages.dates.values import Partial
from pipeline.tables import CandidateRow

_LEAD_REACH = 24

_LONGEST_JOINT: Final = len(" cho đến hết  ")
"""Dates are joined by no more characters; the next one further on need not be looked at."""

LONGEST_LIST: Final = 31
"""How many bare numbers may follow each other in a list of days before one of them states its month."""


@dataclass(slots=True)
class Reading:
    """What became of the candidates: the dates in reading order, and the losers with the reason."""

    dates: list[Candidate] = field(default_factory=list)
    losers: list[CandidateRow] = field(default_factory=list)
    decoys: set[int] = field(default_factory=set)
    """Where decoys that won stand."""


def compete(found: Iterable[Found], length: int, read: Callable[[Found], Candidate]) -> Reading:
    """Return the winners: the longest first, decoys among them; each loser with the rule that beat it.

    Args:
        found: All candidates of a text of `length` code points.
        length: Size of the text.
        read: What makes a candidate of a winner.
    """
    taken, ones = bytearray(length), b"\x01" * length
    reading = Reading()
    won: list[Found] = []
    for each in sorted(found):
        size, _, start, _, rule, _ = each
        end = start - size
        if taken.find(1, start, end) >= 0:
            reason = "inside or across a longer expression"
            reading.losers.append(CandidateRow(start, end, False, None, reason, rule.id))
            continue
        taken[start:end] = ones[:-size]
        if rule.drop:
            reading.losers.append(CandidateRow(start, end, False, None, rule.drop, rule.id))
            reading.decoys.add(start)
        else:
            won.append(each)
    won.sort(key=_START)
    reading.dates = list(map(read, won))
    return reading


_START: Final = itemgetter(2)


class Joiner:
    """Joins the winners of one text with their neighbours, weak ones included."""

    def __init__(self, reading: Reading, openers: list[int], matcher: Matcher, view: View) -> None:
        self._reading = reading
        self._matcher = matcher
        self._around = matcher.around
        self._openers = openers
        self._folded = view.folded
        self._text = view.text
        self._strong = {c.start: c for c in reading.dates if c.rule.kind == "DATE"}

    def join(self) -> list[Candidate]:
        """Return the dates with ranges made one candidate and lists completed."""
        joined: list[Candidate] = []
        end = -1
        heads = self._with_weak_heads()
        for candidate, after in zip_longest(heads, heads[1:]):
            if candidate.start < end:
                continue
            if candidate.rule.kind != "DATE":
                joined.append(candidate)
                continue
            if self._goes_on(candidate, after):
                run = self._run(candidate)
                joined += [member if member.last is None else self._led(member) for member in run]
                end = run[-1].end
            else:
                joined.append(candidate if candidate.last is None else self._led(candidate))
                end = candidate.end
        return joined

    def _with_weak_heads(self) -> list[Candidate]:
        """Return the winners, and weak candidates after `từ` that a strong or weak end makes a range."""
        heads = list(self._reading.dates)
        for position in self._openers:
            begin = position - len(self._around.opening)
            if begin < 0 or self._folded[max(0, begin - 1) : begin].isalnum():
                continue
            if position in self._strong or position in self._reading.decoys:
                continue
            for weak in self._matcher.weak_at(self._folded, self._text, position):
                if not _is_bare(weak.first) and self._range(weak) is not None:
                    heads.append(weak)
                    break
        if len(heads) > len(self._reading.dates):
            heads.sort(key=attrgetter("start"))
        return heads

    def _goes_on(self, head: Candidate, after: Candidate | None) -> bool:
        """Return whether something that could be a date, such as the date `after` it, is joined to `head`."""
        if self._around.joint_and_weak.match(self._folded, head.end):
            return True
        if after is None or after.start - head.end > _LONGEST_JOINT:
            return False
        joint = self._around.joint.match(self._folded, head.end)
        if joint is None:
            return False
        return joint.end() in self._strong or joint.end() - len(self._around.whole) in self._strong

    def _run(self, head: Candidate) -> list[Candidate]:
        """Return the list that `head` begins; bare numbers count only if what follows them bears them out."""
        run = [self._range(head) or head]
        sure = 1
        while len(run) - sure < LONGEST_LIST:
            following = self._next(run[-1], self._around.also)
            if following is None:
                break
            bare = following.rule.weak and _is_bare(following.first)
            if not bare or self._closes(run[-1], following):
                sure = len(run) + 1
            run.append(following if bare else self._range(following) or following)
        return _complete(run[:sure])

    def _range(self, head: Candidate) -> Candidate | None:
        """Return `head` and the date after a dash or `đến` as one candidate, or None where they make no range."""
        if head.last is not None:
            return None
        tail = self._next(head, self._around.to)
        if tail is None or tail.last is not None or not _spans(head.first, tail.first):
            return None
        rule = head.rule if not head.rule.weak else tail.rule
        return Candidate(head.start, tail.end, rule, head.first, tail.first)

    def _led(self, candidate: Candidate) -> Candidate:
        """Return a range with the words that open it, if any do (`từ`, `giai đoạn từ`)."""
        lead = self._around.range_lead.search(self._folded[max(0, candidate.start - _LEAD_REACH) : candidate.start])
        return replace(candidate, start=candidate.start - len(lead[0])) if lead else candidate

    def _next(self, before: Candidate, connector: re.Pattern[str]) -> Candidate | None:
        match = connector.match(self._folded, before.end)
        if match is None:
            return None
        position = match.end()
        strong = self._strong.get(position) or self._strong.get(position - len(self._around.whole))
        if strong is not None and strong.start > before.end:
            return strong
        if position in self._reading.decoys:
            return None
        shape = (before.last or before.first).granularity
        listed = connector is self._around.also
        for weak in self._matcher.weak_at(self._folded, self._text, position):
            if weak.first.granularity == shape and (listed or _could_end(before.first, weak.first)):
                return weak
        return None

    def _closes(self, before: Candidate, weak: Candidate) -> bool:
        """Return whether a bare number ends its list: `tháng 10 và 11,`."""
        joined = self._folded[before.end : weak.start]
        return self._around.also_word in joined and _CLOSES.match(self._folded, weak.end) is not None


_CLOSES = re.compile(r"\s?(?:[.,;:)”\n]|$)(?!\d)")


def _could_end(first: Partial, last: Partial) -> bool:
    """Return whether a weak candidate could end the range that `first` begins: `tháng 3 - 5`, not `ngày 3 - 5`."""
    return not _is_bare(last) or (first.granularity != "day" and first.year is None)


def _is_bare(states: Partial) -> bool:
    """Return whether a weak candidate is but one number of a day or month."""
    return states.granularity != "year" and states.year is None and (states.month is None or states.day is None)


def _spans(first: Partial, last: Partial) -> bool:
    """Return whether two ends make one stretch; an anniversary (`15-10-1930 – 15-10-2017`) does not."""
    if first.year and last.year:
        if first.day and last.day and (first.day, first.month) == (last.day, last.month):
            return False
        return (first.year, first.month or 0) <= (last.year, last.month or 12)
    return True


def explains(candidate: Candidate, after: Candidate, folded: str, around: Surroundings) -> bool:
    """Return whether `after` says in numbers which day `candidate` means: `sáng nay (14/6)`, `thứ sáu (26/5)`."""
    if not candidate.first.names_day or candidate.last is not None:
        return False
    stated = after.first
    if stated.day is None or stated.month is None or stated.calendar or after.last is not None:
        return False
    return around.apposed.fullmatch(folded, candidate.end, after.start) is not None


def _complete(run: list[Candidate]) -> list[Candidate]:
    """Give each member of a list the month and year that the next one states."""
    for here, after in zip(reversed(run[:-1]), reversed(run[1:]), strict=True):
        end = here.last or here.first
        if end.granularity != after.first.granularity and not (end.lacks_month and after.first.month):
            continue
        if here.last is None:
            here.first = here.first.filled(after.first)
        else:
            here.last = here.last.filled(after.first)
    return run
