"""What a figure inherits from where it stands: the claim it belongs to, and its period."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from extract.findings import Claim, DateMention, Interval

from .frame import Frame

_NEAR_WORDS = 4
_BESIDE = 40  # characters
_NEWS_DAYS = timedelta(days=8)


class Contents:
    """The contents of a document's claims, asked about from the left to the right: each is looked at once."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.claims = claims
        pieces = ((s, e, n) for n, c in enumerate(claims) for s, e in c.parts or ((c.content.start, c.content.end),))
        self._ahead = sorted(pieces, reverse=True)
        self._open: list[tuple[int, int, int]] = []

    def around(self, start: int, end: int) -> list[Claim]:
        """The claims with a piece that holds `start`..`end`; `start` never goes back."""
        while self._ahead and self._ahead[-1][0] <= start:
            self._open.append(self._ahead.pop())
        self._open = [piece for piece in self._open if piece[1] > start]
        return [self.claims[n] for n in sorted({n for _, e, n in self._open if end <= e})]


def claim_of(start: int, end: int, contents: Contents, frame: Frame) -> Claim | None:
    """The innermost claim whose content holds the figure; reported speech does not reach past its own sentence."""
    holding = [
        c
        for c in contents.around(start, end)
        if c.kind != "indirect" or frame.sentence(c.content.start) == frame.sentence(start)
    ]
    return min(holding, key=lambda c: (c.content.end - c.content.start, -c.content.start), default=None)


class Periods:
    """The dates of a document that can be a figure's period, found by position."""

    def __init__(self, dates: Sequence[DateMention], published: str | None) -> None:
        known = [d for d in dates if d.from_ and d.to and d.type in ("DATE", "DURATION")]
        self.all = sorted(known, key=lambda d: d.start)
        self.lasting = [d for d in self.all if not _is_news_day(d, published)]

    def near(self, low: int, high: int) -> list[DateMention]:
        """Those that begin in `low`..`high`, with a neighbour on either side."""
        first, last = (bisect_left(self.all, at, key=lambda d: d.start) for at in (low, high))
        return self.all[max(0, first - 1) : last + 1]

    def before(self, low: int, start: int, claim: Claim | None) -> DateMention | None:
        """The last one between `low` and `start` that is more than the day of some news."""
        n = bisect_left(self.lasting, start, key=lambda d: d.start)
        while n and self.lasting[n - 1].start >= low:
            n -= 1
            if self.lasting[n].end <= start and not _said_when(self.lasting[n], claim, start):
                return self.lasting[n]
        return None


def period_of(
    start: int,
    end: int,
    clause: tuple[int, int],
    frame: Frame,
    dates: Periods,
    claim: Claim | None,
    earlier: Interval | None,
) -> Interval | None:
    """The date right behind the figure, else the nearest in its clause, else in its sentence; else `earlier` (the
    period of the figure it takes its noun from); else the last date before it in the paragraph. `basis`: words and
    scope."""
    sentence, text = frame.sentence(start), frame.text
    low, high = min(clause[0], sentence[0]), max(clause[1], sentence[1], end + _BESIDE + 1)
    known = [d for d in dates.near(low, high) if not _said_when(d, claim, start)]
    behind = next((d for d in known if _adjacent(text, end, d)), None)
    if behind is not None:
        return _whole(behind, known, text)
    for (low, high), scope in ((clause, ""), (sentence, " (sentence)")):
        near = [d for d in known if low <= d.start < high]
        if near:
            found = min(near, key=lambda d: _distance(d, start, end))
            whole = _whole(found, known, text)
            return replace(whole, basis=whole.basis + scope)
    if earlier is not None:
        return replace(earlier, basis=earlier.basis.removesuffix(" (figure before)") + " (figure before)")
    low, _ = frame.paragraph(start)
    before = dates.before(low, start, claim)
    return Interval(before.from_, before.to, before.text + " (paragraph)") if before else None


def _whole(date_: DateMention, dates: Sequence[DateMention], text: str) -> Interval:
    """The interval of a date with the one joined to it: "$455 million in 2022 and 2023" is one sum."""
    first = next((d for d in dates if text[d.end : date_.start] == " and " and str(d.from_) < str(date_.from_)), date_)
    last = next((d for d in dates if text[date_.end : d.start] == " and " and str(d.to) > str(date_.to)), date_)
    return Interval(first.from_, last.to, text[first.start : last.end])


def _adjacent(text: str, end: int, date_: DateMention) -> bool:
    """Whether a date follows a figure with a few words and no mark between them ("260 in 2016")."""
    between = text[end : date_.start] if end <= date_.start <= end + _BESIDE else ",,"
    return (
        len(between.split()) <= _NEAR_WORDS
        and not any(c in ",;.:()" or c.isdigit() for c in between)
        and " and " not in between
    )


def _said_when(date_: DateMention, claim: Claim | None, start: int) -> bool:
    """The day or the week in which something was said is not the period of what was said."""
    if claim is None:
        return False
    inside = any(s <= date_.start < e for s, e in claim.parts or ((claim.content.start, claim.content.end),))
    return not inside and date_.type == "DATE" and _days(date_) <= 7


def _is_news_day(date_: DateMention, published: str | None) -> bool:
    """A day of the last week: when it was said or happened, not the period of the next sentence's figures."""
    if published is None or _days(date_) > 7:
        return False
    return abs(date.fromisoformat(published) - date.fromisoformat(str(date_.from_)[:10])) <= _NEWS_DAYS


def _days(date_: DateMention) -> int:
    try:
        return (date.fromisoformat(str(date_.to)[:10]) - date.fromisoformat(str(date_.from_)[:10])).days + 1
    except ValueError:
        return 10**6


def _distance(date_: DateMention, start: int, end: int) -> int:
    """Characters between; a date behind the figure is nearer than one before it."""
    return date_.start - end if date_.start >= end else 3 * (start - date_.end) + 5
