"""What a figure inherits from where it stands: the claim it belongs to, and its period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from extract.findings import Claim, DateMention, Interval

from .frame import Frame

_NEAR_WORDS = 4
_NEWS_DAYS = timedelta(days=8)


def claim_of(start: int, end: int, claims: Sequence[Claim], frame: Frame) -> Claim | None:
    """The innermost claim whose content holds the figure; reported speech does not reach past its own sentence."""
    holding = [
        c
        for c in claims
        if any(s <= start and end <= e for s, e in c.parts or ((c.content.start, c.content.end),))
        and (c.kind != "indirect" or frame.sentence(c.content.start) == frame.sentence(start))
    ]
    return min(holding, key=lambda c: (c.content.end - c.content.start, -c.content.start), default=None)


def period_of(
    start: int,
    end: int,
    clause: tuple[int, int],
    frame: Frame,
    dates: Sequence[DateMention],
    claim: Claim | None,
    earlier: Interval | None,
    published: str | None,
) -> Interval | None:
    """The date right behind the figure, else the nearest in its clause, else in its sentence; else `earlier` (the
    period of the figure it takes its noun from); else the last date before it in the paragraph. `basis`: words and
    scope."""
    known = [d for d in dates if d.from_ and d.to and d.type in ("DATE", "DURATION")]
    known = [d for d in known if not _said_when(d, claim, start)]
    sentence, text = frame.sentence(start), frame.doc.text
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
    before = [d for d in known if low <= d.start and d.end <= start and not _is_news_day(d, published)]
    return Interval(before[-1].from_, before[-1].to, before[-1].text + " (paragraph)") if before else None


def _whole(date_: DateMention, dates: Sequence[DateMention], text: str) -> Interval:
    """The interval of a date with the one joined to it: "$455 million in 2022 and 2023" is one sum."""
    first = next((d for d in dates if text[d.end : date_.start] == " and " and str(d.from_) < str(date_.from_)), date_)
    last = next((d for d in dates if text[date_.end : d.start] == " and " and str(d.to) > str(date_.to)), date_)
    return Interval(first.from_, last.to, text[first.start : last.end])


def _adjacent(text: str, end: int, date_: DateMention) -> bool:
    """Whether a date follows a figure with a few words and no mark between them ("260 in 2016")."""
    between = text[end : date_.start] if end <= date_.start <= end + 40 else ",,"
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
