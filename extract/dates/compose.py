"""Dates made of dates: "9 a.m. Tuesday", "June last year", "the end of April", "from 2021 to 2023", "since 2021"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from extract.dates import expression as ex
from extract.dates.calendar import Unit
from extract.dates.found import Found
from extract.dates.lexicon import Lexicon

Join = Callable[[ex.Expression, ex.Expression], ex.Expression | None]
WINDOW = 40  # characters in front that a prefix can take
GAP = 20  # characters that can lie between two that are one


@dataclass(frozen=True)
class Composer:
    """Joins the single dates of one text; `joins` are the compiled patterns of that name in the rules file."""

    text: str
    words: Lexicon
    joins: dict[str, re.Pattern[str]]

    def compose(self, found: list[Found], ranges: bool) -> list[Found]:
        """Join neighbours, then take in the words before each, then join ranges."""
        joined = self._pairs(found)
        ends = [0, *(f.end for f in joined)]  # no prefix may reach into the date before it
        modified = [self._prefixed(one, end) for one, end in zip(joined, ends, strict=False)]
        return self._ranges(modified) if ranges else modified

    def _pairs(self, found: list[Found]) -> list[Found]:
        out: list[Found] = []
        for one in found:
            while out and (said := self._joined(out[-1], one)):
                one = Found(out.pop().start, one.end, said, "joined")
            out.append(one)
        return out

    def _joined(self, first: Found, second: Found) -> ex.Expression | None:
        gap = self.text[first.end : second.start]
        if len(gap) > GAP:
            return None
        for name, join in PAIRS:
            if self.joins[name].fullmatch(gap) and (said := join(first.says, second.says)):
                return said
        return None

    def _prefixed(self, one: Found, floor: int) -> Found:
        """The date with the words in front that belong to it: "early", "the end of", "the week of", "since"."""
        before = self.text[max(floor, one.start - WINDOW) : one.start]
        if one.weak or not before or isinstance(one.says, ex.Length | ex.Repeat | ex.Vague | ex.Ago | ex.Clock):
            return one
        says, start = one.says, one.start
        if week := self.joins["week_of"].search(before):
            says, start = ex.WeekOf(says), start - len(week[0])
        elif part := self._part(one, before):
            says, start = ex.Part(says, part[0]), start - part[1]
        before = self.text[max(floor, start - WINDOW) : start]
        if self.joins["since"].search(before) and not isinstance(says, ex.Between):
            says = ex.Since(says)
        return replace(one, start=start, says=says, rule="prefixed" if start < one.start else one.rule)

    def _part(self, one: Found, before: str) -> tuple[ex.Mod, int] | None:
        """The part of a date that the words before it name, and how many characters they take."""
        match = self.words.before("parts").search(before)
        if not match:
            return None
        word = re.sub(r"\s+", " ", match["word"].lower())
        said = self.text[one.start : one.end].lower()
        if word in self.words["parts_not_of_days"] and _is_day(one.says) and not said.startswith("that"):
            return None
        article = re.search(r"\b(?i:the)\s$", before[: match.start()]) if _takes_article(one.says) else None
        return self.words["parts"][word], len(match[0]) + (len(article[0]) if article else 0)

    def _ranges(self, found: list[Found]) -> list[Found]:
        out: list[Found] = []
        for one in map(self._opened_range, found):
            joined = self._range(out[-1], one) if out else None
            if joined:
                out[-1] = joined
            else:
                out.append(one)
        return out

    def _opened_range(self, one: Found) -> Found:
        """ "from Oct. 3 to 7": the opening word of a range that one rule found."""
        before = self.text[max(0, one.start - WINDOW) : one.start]
        opening = self.joins["from"].search(before) if isinstance(one.says, ex.Between) else None
        return replace(one, start=one.start - len(opening[0])) if opening else one

    def _range(self, first: Found, last: Found) -> Found | None:
        """ "between A and B", "from A to B", "A to B", A–B: one date, its opening word in the span."""
        gap = self.text[first.end : last.start]
        if len(gap) > GAP or first.weak or last.weak:
            return None
        before = self.text[max(0, first.start - WINDOW) : first.start]
        between, source = self.joins["between"].search(before), self.joins["from"].search(before)
        begin = _now_as_day(first.says) if between or source else first.says
        kind, end = _kind(begin), _now_as_day(last.says)
        fits = self.joins["between_and" if between else "range"].fullmatch(gap)
        if not fits or kind is None or not (kind == _kind(end) or _reaches(begin, end)):
            return None
        if self.joins["dash"].fullmatch(gap) and not isinstance(last.says, ex.Calendar | ex.Within):
            return None  # a dash before "today" parts, it does not join
        opening = between or source
        says = ex.Between(_with_year_of(_opened(begin), end), end)
        return Found(first.start - (len(opening[0]) if opening else 0), last.end, says, "range")


def _clock_after(day: ex.Expression, clock: ex.Expression) -> ex.Expression | None:
    return ex.At(day, clock) if isinstance(clock, ex.Clock) and clock.hour is not None and _is_day(day) else None


def _clock_before(clock: ex.Expression, day: ex.Expression) -> ex.Expression | None:
    return ex.At(day, clock) if isinstance(clock, ex.Clock) and _is_day(day) else None


def _clock_and_part(clock: ex.Expression, day: ex.Expression) -> ex.Expression | None:
    """ "9 a.m. tomorrow morning": the hour says the part."""
    hour = isinstance(clock, ex.Clock) and clock.hour is not None
    return ex.At(day.day, clock) if hour and isinstance(clock, ex.Clock) and isinstance(day, ex.At) else None


def _part_after(day: ex.Expression, part: ex.Expression) -> ex.Expression | None:
    return ex.At(day, part) if isinstance(part, ex.Clock) and part.part and _is_day(day) else None


def _within(part: ex.Expression, whole: ex.Expression) -> ex.Expression | None:
    named = isinstance(part, ex.Calendar) and part.year is None and part.shift is None and not part.weekday
    return ex.Within(part, whole) if named and isinstance(part, ex.Calendar) and _is_year(whole) else None


def _part_of_year(year: ex.Expression, part: ex.Expression) -> ex.Expression | None:
    """ "Last year's third quarter"."""
    named = isinstance(part, ex.Calendar) and (part.quarter or part.half) and part.year is None and part.shift is None
    told = isinstance(year, ex.Offset) and year.unit == "Y"
    return ex.Within(part, year) if named and told and isinstance(part, ex.Calendar) else None


def _weekday_of(day: ex.Expression, week: ex.Expression) -> ex.Expression | None:
    """ "Friday of last week", "Tuesday next week": the day of that week."""
    bare = isinstance(day, ex.Calendar) and day.weekday and not day.day and day.shift is None
    whole = isinstance(week, ex.Offset) and week.unit == "W" and not week.exact
    return ex.Within(day, week) if bare and whole and isinstance(day, ex.Calendar) else None


def _lengths(longer: ex.Expression, shorter: ex.Expression) -> ex.Expression | None:
    """ "Two years and three months": one length, of a unit and a finer one."""
    if not isinstance(longer, ex.Length) or not isinstance(shorter, ex.Length):
        return None
    plain = all(x.n is not None and x.least is None and x.window is None for x in (longer, shorter))
    ranks = [UNITS.index(x.unit) if x.unit in UNITS and x.per == 1 else -1 for x in (longer, shorter)]
    whole = longer.n is not None and float(longer.n).is_integer()
    return replace(longer, more=shorter) if plain and whole and -1 < ranks[0] < ranks[1] and not longer.more else None


CELL_UNITS: dict[tuple[str, int], Unit] = {("D", 1): "D", ("W", 1): "W", ("M", 1): "M", ("M", 3): "Q", ("Y", 1): "Y"}
UNITS = ("Y", "M", "W", "D", "TH", "TM", "TS")  # from the longest


def _portion(part: ex.Expression, whole: ex.Expression) -> ex.Expression | None:
    if isinstance(whole, ex.Clock | ex.Length | ex.Repeat | ex.Vague):
        return None
    if isinstance(part, ex.Offset) and part.unit in ("W", "M", "Q") and (part.n, part.base) == (-1, "anchor"):
        return ex.Portion(whole, part.unit, -1, ordinal=True)  # "the last quarter of 2023"
    if isinstance(part, ex.Length) and part.window == -1 and part.n:
        unit = CELL_UNITS.get((part.unit, part.per))
        return ex.Portion(whole, unit, -int(part.n)) if unit else None  # "the last four months of 2021"
    return replace(part, of=whole) if isinstance(part, ex.Portion) else None


PAIRS: tuple[tuple[str, Join], ...] = (
    ("day_to_clock", _clock_after),
    ("clock_to_day", _clock_before),
    ("clock_to_day", _clock_and_part),
    ("clock_to_day", _part_after),
    ("into_year", _within),
    ("possessive", _part_of_year),
    ("portion_of", _portion),
    ("week_day", _weekday_of),
    ("lengths", _lengths),
)


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


def _takes_article(said: ex.Expression) -> bool:
    """ "the early 1990s", "the late summer", but the [late-November] trip."""
    return isinstance(said, ex.CellOf) or (isinstance(said, ex.Calendar) and said.season is not None)


def _now_as_day(said: ex.Expression) -> ex.Expression:
    """ "Now" as an end of a range is the day of writing."""
    return ex.Offset("D", 0) if said == ex.Vague("PRESENT_REF") else said


def _reaches(first: ex.Expression, last: ex.Expression) -> bool:
    """Whether a range can end in a cell of another kind: "from 2015 until now", "from 2021 to May 2023"."""
    if last == ex.Offset("D", 0):
        return True
    named = isinstance(first, ex.Calendar) and isinstance(last, ex.Calendar) and first.year and last.year
    return bool(named and first != last and not isinstance(first, ex.Since))


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
    """The year printed once, behind the second: "from March to June 2023", "from November to March 2024"."""
    if not isinstance(first, ex.Calendar) or first.year or first.shift is not None or first.weekday:
        return first
    if isinstance(last, ex.Calendar) and last.year:
        over = (first.month or 0) > (last.month or 0) > 0
        return replace(first, year=last.year - over)
    return ex.Within(first, last.whole) if isinstance(last, ex.Within) else first
