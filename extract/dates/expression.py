"""What a date expression says, before anybody knows the day it was written: the output of recognition.

A recognised text is one of these small trees; `resolve` turns it into a TIMEX3 value against an anchor. Keeping the two
apart is what lets a mention in a quoted letter be resolved again against the letter's own date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extract.dates.calendar import Unit

Mod = Literal["START", "MID", "END"]
Base = Literal["anchor", "reference"]  # the day of writing, or the date last spoken of


@dataclass(frozen=True, slots=True)
class Calendar:
    """A date by its names: "June 10, 2024", "October", "Tuesday", "last June", "2021".

    `shift` is the word before it: -1 last, 0 this, 1 next, None nothing (the tense decides). `era` is BC.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    season: int | None = None  # its first month
    quarter: int | None = None
    half: int | None = None
    holiday: str | None = None  # rule, see calendar.holiday
    shift: int | None = None
    era: Literal["BC"] | None = None


@dataclass(frozen=True, slots=True)
class CellOf:
    """A cell named whole: "the 1990s", "the 20th century", "2023-24" (fiscal)."""

    unit: Unit
    year: int


@dataclass(frozen=True, slots=True)
class Offset:
    """The cell n units from the base's: "today", "last week", "three days ago", "the next day", "that year"."""

    unit: Unit
    n: float
    base: Base = "anchor"
    exact: bool = False  # "a year earlier" than a day is a day, "the previous year" is a year


@dataclass(frozen=True, slots=True)
class Length:
    """A duration. `n` None: "several". `window` -1 ends at the anchor ("the past six months"), 1 starts there.

    `least` is the lower of two ends ("5 to 10 days"), `more` what a longer unit leaves ("two years and three months").
    """

    unit: str  # TS TM TH D W WE M Y
    n: float | None
    per: int = 1  # a decade is 10 Y
    window: int | None = None
    least: float | None = None
    more: Length | None = None


@dataclass(frozen=True, slots=True)
class Ago:
    """An unspecified length from the base: "several weeks ago" (PXW)."""

    unit: str
    n: int  # direction
    per: int = 1
    base: Base = "anchor"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A set: "every Sunday", "daily", "each quarter", "every spring" (`season` as TIMEX3 writes it: SP)."""

    unit: str = "D"
    n: float | None = 1
    per: int = 1
    weekday: int | None = None
    season: str | None = None


@dataclass(frozen=True, slots=True)
class Vague:
    value: Literal["PRESENT_REF", "PAST_REF", "FUTURE_REF"]


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour of the day, or a part of it ("MO"); `zone` is kept for the reader, not for the value."""

    hour: int | None = None
    minute: int = 0
    part: str | None = None


@dataclass(frozen=True, slots=True)
class At:
    """A time on a day: "Tuesday night", "9 a.m. Tuesday"."""

    day: Expression
    clock: Clock


@dataclass(frozen=True, slots=True)
class Within:
    """A named part of a year given by another expression: "June last year", "the third quarter of 2023"."""

    part: Calendar
    whole: Expression


@dataclass(frozen=True, slots=True)
class Portion:
    """The first or last n units of a cell: "the first 11 months of 2023"; `ordinal`: "the second week of March"."""

    of: Expression
    unit: Unit
    n: int
    ordinal: bool = False  # n-th one rather than n of them; negative counts from the end


@dataclass(frozen=True, slots=True)
class Part:
    """The start, middle or end of a date: "early next week", "mid-March", "the end of the year"."""

    of: Expression
    mod: Mod


@dataclass(frozen=True, slots=True)
class WeekOf:
    """The week that holds a day, or the weekend beside it: "the week of March 6", "Labour Day weekend"."""

    day: Expression
    unit: Literal["W", "WE"] = "W"


@dataclass(frozen=True, slots=True)
class Since:
    """A start; it lasts until the anchor: "since 2021"."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Between:
    """A range, both ends in: "from 2021 to 2023"."""

    first: Expression
    last: Expression


Expression = (
    Calendar
    | CellOf
    | Offset
    | Length
    | Ago
    | Repeat
    | Vague
    | Clock
    | At
    | Within
    | Portion
    | Part
    | WeekOf
    | Since
    | Between
)


def is_absolute(expression: Expression) -> bool:
    """Whether it means the same whenever it was written."""
    match expression:
        case Calendar(year=year, shift=shift):
            return year is not None and shift is None
        case CellOf() | Repeat():
            return True
        case Length(window=window):
            return window is None
        case At(day=of) | Portion(of=of) | Part(of=of) | WeekOf(day=of) | Within(whole=of):
            return is_absolute(of)
        case Between(first=first, last=last):
            return is_absolute(first) and is_absolute(last)
    return False
