"""Dates made of dates: "9 a.m. Tuesday", "June last year", "the end of April", "from 2021 to 2023", "since 2021"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from extract.dates import expression as ex
from extract.dates.found import Found
from extract.dates.lexicon import Lexicon, any_of

SPACE = r"(?:[ \t\u00a0\u202f]{1,2}|[ \t]?\n[ \t]?)"
DAY_TO_CLOCK = re.compile(rf",?{SPACE}(?:(?:at|around|about|by|before|after){SPACE}(?:about{SPACE}|around{SPACE})?)?")
CLOCK_TO_DAY = re.compile(rf",?{SPACE}(?:on{SPACE}|of{SPACE})?")
DAY_TO_PART = re.compile(SPACE)
INTO = re.compile(rf",?{SPACE}(?:of{SPACE}|in{SPACE})?")
OF = re.compile(rf"{SPACE}(?:of|in){SPACE}")
AND = re.compile(rf"{SPACE}and{SPACE}")
TO = re.compile(rf"{SPACE}(?:to|until|till|through){SPACE}|{SPACE}?[–—-]{SPACE}?")
OPENING = re.compile(rf"\b(?i:(?P<word>between|from)){SPACE}$")
SINCE = re.compile(rf"\b(?i:since|ever since){SPACE}(?:(?i:early|late|mid|the){SPACE})?$")
WEEK_OF = re.compile(rf"\b(?i:(?:the )?week of){SPACE}$")
WINDOW = 40  # characters in front that a prefix can take


@dataclass(frozen=True)
class Pair:
    """Two neighbours, with what is between them; `join` gives the one expression they make, or None."""

    gap: re.Pattern[str]
    join: Callable[[ex.Expression, ex.Expression], ex.Expression | None]


def compose(found: list[Found], text: str, words: Lexicon, ranges: bool) -> list[Found]:
    """Join neighbours, then take in the words before each, then join ranges."""
    joined = _pairs(found, text)
    modified = [_prefixed(one, text, words, end) for one, end in zip(joined, _ends(joined), strict=True)]
    return _ranges(modified, text) if ranges else modified


def _ends(found: list[Found]) -> list[int]:
    """Where the previous one ends: no prefix may reach into it."""
    return [0, *(f.end for f in found)][: len(found)]


def _pairs(found: list[Found], text: str) -> list[Found]:
    out: list[Found] = []
    for one in found:
        while out and (said := _joined(out[-1], one, text)):
            one = Found(out.pop().start, one.end, said, "joined")
        out.append(one)
    return out


def _joined(first: Found, second: Found, text: str) -> ex.Expression | None:
    gap = text[first.end : second.start]
    if len(gap) > 16:
        return None
    for pair in PAIRS:
        if pair.gap.fullmatch(gap) and (said := pair.join(first.says, second.says)):
            return said
    return None


def _is_day(said: ex.Expression) -> bool:
    match said:
        case ex.Calendar(day=day, weekday=weekday, holiday=holiday):
            return bool(day or weekday or holiday)
        case ex.Offset(unit=unit):
            return unit == "D"
        case ex.Within(part=part):
            return part.day is not None
    return False


def _is_year(said: ex.Expression) -> bool:
    match said:
        case ex.Calendar(year=year, month=month, holiday=holiday, season=season, quarter=quarter, half=half):
            return year is not None and not (month or holiday or season or quarter or half)
        case ex.Offset(unit=unit):
            return unit == "Y"
        case ex.CellOf(unit=unit):
            return unit == "FY"
    return False


def _clock_after(day: ex.Expression, clock: ex.Expression) -> ex.Expression | None:
    return ex.At(day, clock) if isinstance(clock, ex.Clock) and clock.hour is not None and _is_day(day) else None


def _clock_before(clock: ex.Expression, day: ex.Expression) -> ex.Expression | None:
    return ex.At(day, clock) if isinstance(clock, ex.Clock) and _is_day(day) else None


def _part_after(day: ex.Expression, part: ex.Expression) -> ex.Expression | None:
    return ex.At(day, part) if isinstance(part, ex.Clock) and part.part and _is_day(day) else None


def _clock_then_part(day: ex.Expression, clock: ex.Expression) -> ex.Expression | None:
    """ "9 a.m. tomorrow morning": the hour says it already."""
    both = isinstance(day, ex.Clock) and day.hour is not None and isinstance(clock, ex.At)
    return ex.At(clock.day, day) if both and isinstance(clock, ex.At) and isinstance(day, ex.Clock) else None


def _within(part: ex.Expression, whole: ex.Expression) -> ex.Expression | None:
    named = isinstance(part, ex.Calendar) and part.year is None and part.shift is None and not part.weekday
    return ex.Within(part, whole) if named and isinstance(part, ex.Calendar) and _is_year(whole) else None


def _portion(part: ex.Expression, whole: ex.Expression) -> ex.Expression | None:
    dated = not isinstance(whole, (ex.Clock, ex.Length, ex.Repeat, ex.Vague))
    return replace(part, of=whole) if isinstance(part, ex.Portion) and dated else None


PAIRS = (
    Pair(DAY_TO_CLOCK, _clock_after),
    Pair(CLOCK_TO_DAY, _clock_before),
    Pair(CLOCK_TO_DAY, _clock_then_part),
    Pair(DAY_TO_PART, _part_after),
    Pair(INTO, _within),
    Pair(OF, _portion),
)


@cache
def _part_prefix(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?P<word>(?i:{any_of(phrases)}))(?P<gap>{SPACE}|-)$")


def _prefixed(one: Found, text: str, words: Lexicon, floor: int) -> Found:
    """The date with the words in front that belong to it: "early", "the end of", "the week of", "since"."""
    before = text[max(floor, one.start - WINDOW) : one.start]
    if one.weak or not before or isinstance(one.says, (ex.Length, ex.Repeat, ex.Vague, ex.Ago, ex.Clock)):
        return one
    says, start = one.says, one.start
    if week := WEEK_OF.search(before):
        says, start = ex.WeekOf(says), start - len(week[0])
    elif part := _part_prefix(tuple(words["parts"])).search(before):
        word = re.sub(r"\s+", " ", part["word"].lower())
        if (
            word in words["parts_not_of_days"]
            and _is_day(says)
            and not text[one.start : one.end].lower().startswith("that")
        ):
            return one
        says, start = ex.Part(says, words["parts"][word]), start - len(part[0])
        if text[max(floor, start - 4) : start].lower() == "the " and _takes_article(one.says):
            start -= 4
    if SINCE.search(text[max(floor, start - WINDOW) : start]) and not isinstance(says, ex.Between):
        says = ex.Since(says)
    return replace(one, start=start, says=says, rule="prefixed" if start < one.start else one.rule)


def _takes_article(said: ex.Expression) -> bool:
    """ "the early 1990s", "the late summer", but the [late-November] trip."""
    return isinstance(said, ex.CellOf) or (isinstance(said, ex.Calendar) and said.season is not None)


def _ranges(found: list[Found], text: str) -> list[Found]:
    out: list[Found] = []
    for one in found:
        if out and (joined := _range(out[-1], one, text)):
            out[-1] = joined
        else:
            out.append(one)
    return out


def _range(first: Found, last: Found, text: str) -> Found | None:
    """ "between A and B", "from A to B", "A to B", A–B: one date, its opening word in the span."""
    gap = text[first.end : last.start]
    if len(gap) > 12 or first.weak or last.weak:
        return None
    opening = OPENING.search(text[max(0, first.start - 12) : first.start])
    word = opening["word"].lower() if opening else ""
    fits = AND.fullmatch(gap) if word == "between" else TO.fullmatch(gap)
    kind = _kind(first.says)
    if gap.strip() in ("-", "–", "—") and not isinstance(last.says, (ex.Calendar, ex.Within)):
        return None  # a dash before "today" parts, it does not join
    if not fits or kind is None or kind != _kind(last.says):
        return None
    says = ex.Between(_with_year_of(_opened(first.says), last.says), last.says)
    return Found(first.start - (len(opening[0]) if opening else 0), last.end, says, "range")


def _opened(said: ex.Expression) -> ex.Expression:
    return said.of if isinstance(said, ex.Since) else said


def _kind(said: ex.Expression) -> str | None:
    """What the two ends of a range must have in common."""
    match said:
        case ex.Since(of=of) | ex.Part(of=of):
            return _kind(of)
        case ex.Within(part=part):
            return _kind(part)
        case ex.CellOf(unit=unit) | ex.Offset(unit=unit):
            return unit
        case ex.Calendar(weekday=weekday, day=day, season=season, quarter=quarter, month=month, holiday=holiday):
            if weekday and not day:
                return "weekday"
            return "D" if day or holiday else "S" if season else "Q" if quarter else "M" if month else "Y"
    return None


def _with_year_of(first: ex.Expression, last: ex.Expression) -> ex.Expression:
    """The year printed once, behind the second: "from March to June 2023"."""
    bare = isinstance(first, ex.Calendar) and first.year is None and first.shift is None and not first.weekday
    if bare and isinstance(first, ex.Calendar) and isinstance(last, ex.Calendar) and last.year:
        over = (first.month or 0) > (last.month or 0) > 0
        return replace(first, year=last.year - over)
    if bare and isinstance(first, ex.Calendar) and isinstance(last, ex.Within):
        return ex.Within(first, last.whole)
    return first
