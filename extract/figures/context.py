"""What a figure inherits from where it stands: the claim it belongs to, and its period."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from extract.findings import Claim, DateMention, Interval

from .frame import Frame

_NEAR_WORDS = 4
_BESIDE = 40  # characters
_CROSSED = 1000
_BASE = frozenset({"from", "than", "on", "over", "against", "versus", "to", "of"})
_LEFT_OUT = re.compile(r"\b(?:not (?:counting|including)|excluding|except(?: for)?|without)\s+$")
_COMMA_IN_NUMBER = re.compile(r"(?<=\d),(?=\d)")
_NEWS_DAYS = timedelta(days=8)


class Contents:
    """The contents of a document's claims, asked about from the left to the right: each is looked at once."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.claims = claims
        pieces = ((s, e, n) for n, c in enumerate(claims) for s, e in _pieces(c))
        self._ahead = sorted(pieces, reverse=True)
        self._open: list[tuple[int, int, int]] = []

    def around(self, start: int, end: int) -> list[Claim]:
        """The claims with a piece that holds `start`..`end`; `start` never goes back."""
        while self._ahead and self._ahead[-1][0] <= start:
            self._open.append(self._ahead.pop())
        self._open = [piece for piece in self._open if piece[1] > start]
        return [self.claims[n] for n in sorted({n for _, e, n in self._open if end <= e})]


def _pieces(claim: Claim) -> tuple[tuple[int, int], ...]:
    """Where a figure is the claim's: the pieces of a quotation; reported speech from end to end, for what an encoder
    leaves out in its middle is words it missed."""
    return claim.parts if claim.parts and claim.kind != "indirect" else ((claim.content.start, claim.content.end),)


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

    def __init__(self, dates: Sequence[DateMention], published: str | None, text: str) -> None:
        self.published = published
        self.open = [d for d in dates if d.type == "DURATION" and not d.from_]
        known = [_since_unknown(d, published, text) for d in dates if d.type in ("DATE", "DURATION")]
        known = [d for d in known if d.to and (d.from_ or d.value.startswith("PX"))]
        self.all = sorted(known, key=lambda d: d.start)
        self.lasting = [d for d in self.all if not _is_news_day(d, published)]
        self.bases: set[int] = set()  # where the dates start that an earlier figure was measured against

    def near(self, low: int, high: int) -> list[DateMention]:
        """Those that begin in `low`..`high`, with a neighbour on either side."""
        first, last = (bisect_left(self.all, at, key=lambda d: d.start) for at in (low, high))
        return self.all[max(0, first - 1) : last + 1]

    def horizon(self, figure: Standing, text: str) -> Interval | None:
        """ "within a year", "$5 million over five years": from the day of publication on, for what is yet to happen."""
        if self.published is None or not (figure.money or figure.kind.startswith("change")):
            return None
        for d in self.open:
            between = text[figure.end : d.start].split() if 0 < d.start - figure.end <= _BESIDE else []
            days = _length(d.value)
            if days and between and between[-1] in ("within", "over") and len(between) <= _NEAR_WORDS:
                first = date.fromisoformat(self.published)
                return Interval(
                    self.published, (first + timedelta(days=days - 1)).isoformat(), f"{between[-1]} {d.text}"
                )
        return None

    def before(self, low: int, start: int, claim: Claim | None) -> DateMention | None:
        """The last one between `low` and `start` that is more than the day of some news."""
        n = bisect_left(self.lasting, start, key=lambda d: d.start)
        while n and self.lasting[n - 1].start >= low:
            n -= 1
            if self.lasting[n].end <= start and not _said_when(self.lasting[n], claim, start):
                return self.lasting[n]
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """A figure as its period is sought: its characters, its clause, its kind and modality; `others` are the characters
    of all figures of the document, in order."""

    start: int
    end: int
    clause: tuple[int, int]
    kind: str
    modality: str
    money: bool
    others: Sequence[tuple[int, int]]

    def pair_end(self, text: str) -> int:
        """The end of the figure that "and" joins to this one ("7,483 and 12% in 2022"), else its own."""
        n = bisect_left(self.others, (self.end, 0))
        joined = n < len(self.others) and text[self.end : self.others[n][0]] == " and "
        return self.others[n][1] if joined else self.end


def period_of(
    figure: Standing,
    frame: Frame,
    dates: Periods,
    claim: Claim | None,
    earlier: Interval | None,
    latest: Interval | None,
) -> Interval | None:
    """The date right behind the figure, else the nearest in its clause, else in its sentence; else `earlier` (the
    period of the figure it takes its noun from); else the last date before it in the paragraph. `basis`: words and
    scope.

    A date that a change or a share is measured against ("from 2023", "of the 2023 count") is no period; a change for
    which there is no other runs from it to `latest`, the period of the paragraph's level. What is to come does not
    inherit a period that is over.
    """
    start, end, text = figure.start, figure.end, frame.text
    sentence = frame.sentence(start)
    low, high = min(figure.clause[0], sentence[0]), max(figure.clause[1], sentence[1], end + _BESIDE + 1)
    near = [d for d in dates.near(low, high) if not _said_when(d, claim, start)]
    bases = [d for d in near if _is_base(d, figure, text)]
    known = [d for d in near if d not in bases and (d.start not in dates.bases or _adjacent(text, end, d))]
    known = [d for d in known if not _LEFT_OUT.search(text, max(0, d.start - _BESIDE), d.start)]
    if bases:
        dates.bases.update(d.start for d in bases)
        known = [d for d in known if d.start < bases[0].start]
    last = figure.pair_end(text)
    behind = next((d for d in known if _adjacent(text, last, d)), None)
    if behind is not None:
        return _whole(behind, known, text)
    for (low, high), scope in ((figure.clause, ""), (sentence, " (sentence)")):
        here = [d for d in known if low <= d.start < high]
        here = [d for d in here if d.end > start or not _is_over(d.to, figure, dates.published)]
        if here:
            found = min(here, key=lambda d: _distance(d, figure))
            whole = _without(_whole(found, known, text), near, text)
            return replace(whole, basis=whole.basis + scope)
    if bases and figure.kind.startswith("change"):
        base = min(bases, key=lambda d: _distance(d, figure))
        later = latest is not None and str(latest.start) > str(base.to)
        return Interval(base.from_, latest.end if latest and later else base.to, base.text)
    before = dates.before(frame.paragraph(start)[0], start, claim) if earlier is None else None
    if before is not None:
        earlier, scope = Interval(before.from_, before.to, before.text), " (paragraph)"
    elif earlier is None and figure.kind in ("level", "share"):
        earlier, scope = latest, " (figure before)"
    else:
        scope = " (figure before)"
    if earlier is None or _is_over(earlier.end, figure, dates.published):
        return None
    return replace(earlier, basis=earlier.basis.removesuffix(scope) + scope)


def _is_base(date_: DateMention, figure: Standing, text: str) -> bool:
    """Whether a date is what a change ("up 35 per cent from 2023") or a share ("of the 2023 count") is measured by."""
    if date_.start < figure.end or date_.start - figure.end > 2 * _BESIDE:
        return False
    between = _COMMA_IN_NUMBER.sub("", text[figure.end : date_.start])
    if figure.kind == "share":
        return bool(re.fullmatch(r"\s+of (?:the|all) ", between)) and text[date_.end : date_.end + 2].strip().isalpha()
    if not figure.kind.startswith("change") or any(mark in between for mark in ",;:"):
        return False
    return between.split()[-1:] != ["in"] and not _BASE.isdisjoint(between.lower().split())


def _is_over(end: str | None, figure: Standing, published: str | None) -> bool:
    """Whether a period named before the figure is over at publication: what is planned or demanded lies ahead."""
    future = figure.modality in ("projected", "demanded")
    return bool(future and published and str(end) < published)


def _without(period: Interval, dates: Sequence[DateMention], text: str) -> Interval:
    """The period less its last part, where the text leaves that out: "last year, not counting December"."""
    for d in dates:
        ends = d.to == period.end and str(d.from_) > str(period.start)
        if ends and _LEFT_OUT.search(text, max(0, d.start - _BESIDE), d.start):
            day = date.fromisoformat(str(d.from_)) - timedelta(days=1)
            return Interval(period.start, day.isoformat(), f"{period.basis} without {d.text}")
    return period


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
    said = claim.said_on is not None and (claim.said_on.start, claim.said_on.end) == (date_.from_, date_.to)
    return not inside and date_.type == "DATE" and (said or _days(date_) <= 7)


def _is_news_day(date_: DateMention, published: str | None) -> bool:
    """A day of the last week: when it was said or happened, not the period of the next sentence's figures."""
    if published is None or _days(date_) > 7:
        return False
    return abs(date.fromisoformat(published) - date.fromisoformat(str(date_.from_)[:10])) <= _NEWS_DAYS


def _since_unknown(date_: DateMention, published: str | None, text: str) -> DateMention:
    """ "several weeks ago" ends at the day of publication though nobody knows when it began."""
    ago = date_.value.startswith("PX") and text.startswith(" ago", date_.end)
    return replace(date_, to=published) if ago and not date_.to else date_


def _length(value: str) -> int:
    """Days of a TIMEX3 duration of whole years, months, weeks and days ("P2Y3M"); 0 of any other."""
    match = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", value)
    counts = match.groups(default="0") if match else ()
    return round(sum(int(n) * days for n, days in zip(counts, (365.2425, 30.436875, 7, 1), strict=False)))


def _days(date_: DateMention) -> int:
    try:
        return (date.fromisoformat(str(date_.to)[:10]) - date.fromisoformat(str(date_.from_)[:10])).days + 1
    except ValueError:
        return 10**6


def _distance(date_: DateMention, figure: Standing) -> int:
    """Characters between; a date behind the figure is nearer than one before it, one behind another figure far off."""
    if date_.start >= figure.end:
        n = bisect_left(figure.others, (figure.end, 0))
        crossed = n < len(figure.others) and figure.others[n][0] < date_.start
        return date_.start - figure.end + (_CROSSED if crossed else 0)
    return 3 * (figure.start - date_.end) + 5
