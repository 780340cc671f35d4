"""From what an expression says to the days it means: resolution against an anchor.

Values follow TimeML's TIMEX3 (ISO 8601 with its extensions: 2024-09-24TNI, 2024-SU, P6M, PXW, PRESENT_REF).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from extract.dates import calendar
from extract.dates.calendar import Cell, cell_of, shift
from extract.dates.expression import (
    Ago,
    At,
    Between,
    Calendar,
    CellOf,
    Clock,
    Expression,
    Length,
    Offset,
    Part,
    Portion,
    Repeat,
    Since,
    Vague,
    WeekOf,
    Within,
)

Direction = Literal["past", "future"]
UNKNOWN = {"D": "XXXX-XX-XX", "W": "XXXX-WXX", "WE": "XXXX-WXX-WE", "M": "XXXX-XX", "Q": "XXXX-QX", "H": "XXXX-HX"}
LEAP_YEAR = 2000
FINENESS = {unit: rank for rank, unit in enumerate(["D", "WE", "W", "M", "S", "Q", "H", "Y", "FY", "DE", "CE"])}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A TIMEX3 type and value with its days (ISO, inclusive, None where open); `cell` is what a later "that year" can
    refer to, None for what names no cell."""

    type: str
    value: str
    from_: str | None = None
    to: str | None = None
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the words alone do not say.

    `anchor` is the day of writing; `direction` where the tense points, None when it does not; `reference` the cell last
    spoken of; `narrative` tells a history, in which a month without a year belongs to the year last spoken of.
    """

    anchor: date | None
    direction: Direction | None = None
    reference: Cell | None = None
    narrative: bool = False
    fiscal_month: int = 4


def resolve(
    expression: Expression,
    anchor: date | None,
    direction: Direction | None = None,
    reference: Cell | None = None,
    narrative: bool = False,
    fiscal_month: int = 4,
) -> Resolved | None:
    """The TIMEX3 value of an expression written on `anchor` (None: not known), or None when there is no such day.

    >>> resolve(Calendar(weekday=2), date(2024, 9, 25)).value
    '2024-09-24'
    """
    try:
        return _resolve(expression, Context(anchor, direction, reference, narrative, fiscal_month))
    except (ValueError, OverflowError):  # 30 February, ten thousand years ago
        return None


def _resolve(expression: Expression, context: Context) -> Resolved | None:
    match expression:
        case Calendar(era="BC", year=int(year)):
            return Resolved("DATE", f"BC{year:04d}")
        case Calendar():
            cell = _calendar(expression, context)
            return _dated(cell) if cell else _undated(expression)
        case CellOf(unit=unit, year=year):
            return _dated(Cell(unit, date(max(year, 1), context.fiscal_month if unit == "FY" else 1, 1)))
        case Offset():
            cell = _offset(expression, context)
            return _dated(cell) if cell else Resolved("DATE", UNKNOWN.get(expression.unit, "XXXX"))
        case Length():
            return _length(expression, context.anchor)
        case Ago():
            return _ago(expression, context.anchor)
        case Repeat():
            return Resolved("SET", _repeated(expression))
        case Vague(value=value):
            return _vague(value, context.anchor)
        case Clock():
            day = context.reference if context.reference and context.reference.unit == "D" else None
            cell = day or (Cell("D", context.anchor) if context.anchor else None)
            return _timed(_dated(cell) if cell else Resolved("DATE", UNKNOWN["D"]), expression)
        case At(day=day, clock=clock):
            inner = _resolve(day, context)
            return inner and _timed(inner, clock)
    return _composed(expression, context)


def _composed(expression: Expression, context: Context) -> Resolved | None:
    match expression:
        case Within(part=part, whole=whole):
            outer = _resolve(whole, context)
            cell = outer.cell if outer else None
            if cell and cell.unit == "W" and part.weekday:
                return _dated(Cell("D", cell.first + timedelta(days=part.weekday - 1)))
            month = cell.first.month if cell and cell.unit == "M" else part.month
            return _resolve(replace(part, year=cell.first.year if cell else None, month=month), context)
        case Portion(of=of):
            outer = _resolve(of, context)
            return _portion(expression, outer.cell) if outer and outer.cell else None
        case Part(of=of):
            return _resolve(of, context)
        case WeekOf(day=day, unit=unit):
            inner = _resolve(day, context)
            if not inner or not inner.cell:
                return inner
            first = inner.cell.first
            early = unit == "WE" and first.isoweekday() <= 2  # the weekend before a holiday Monday
            return _dated(cell_of(unit, first - timedelta(days=7 if early else 0)))
        case Since(of=of):
            inner = _resolve(of, context)
            return inner and replace(inner, to=context.anchor.isoformat() if context.anchor else None)
        case Between(first=first, last=last):
            end = _resolve(last, context)
            return _between(_start(first, end, context), end)
    return None


def _dated(cell: Cell) -> Resolved:
    return Resolved("DATE", cell.value, cell.first.isoformat(), cell.last.isoformat(), cell)


def _calendar(expression: Calendar, context: Context) -> Cell | None:
    """The cell that the names stand for; without a year, the instance that context points to."""
    if expression.year is not None:
        return _instance(expression, expression.year)
    told = context.reference if context.narrative else None
    anchor = told.first if told else context.anchor
    if expression.weekday and not expression.day and not expression.month:
        return _weekday(expression.weekday, expression.shift, anchor, context.direction) if anchor else None
    if not anchor:
        return None
    if told and expression.shift is None:
        return _instance(expression, anchor.year)
    near = [cell for year in range(anchor.year - 5, anchor.year + 5) if (cell := _possible(expression, year))]
    return _nearest(near, anchor, expression.shift, context.direction)


def _instance(names: Calendar, year: int) -> Cell:
    """The cell that the names stand for in a given year. Raises ValueError when the year has no such day."""
    if names.holiday:
        return Cell("D", calendar.holiday(names.holiday, year))
    if names.season:
        return Cell("S", date(year, names.season, 1))
    if names.quarter:
        return Cell("Q", date(year, names.quarter * 3 - 2, 1))
    if names.half:
        return Cell("H", date(year, names.half * 6 - 5, 1))
    if names.day:
        return Cell("D", date(year, names.month or 1, names.day))
    return Cell("M", date(year, names.month, 1)) if names.month else Cell("Y", date(year, 1, 1))


def _possible(names: Calendar, year: int) -> Cell | None:
    try:
        return _instance(names, year)
    except ValueError:  # 29 February of most years
        return None


def _nearest(cells: list[Cell], anchor: date, step: int | None, direction: Direction | None) -> Cell | None:
    """Which of the yearly instances is meant: "last June" ended before the anchor, "next June" begins after it, "this
    June" is the anchor's year's. A bare one is the nearer, days against the tense counting several times: newspapers
    print the year of a date that is far away, so a near date is right even where the tense was misread."""
    if step == 0:
        return next((c for c in cells if c.first <= anchor <= c.last or c.first.year == anchor.year), None)
    past = [c for c in cells if (c.last < anchor if step else c.first <= anchor)]
    future = [c for c in cells if (c.first > anchor if step else c.last >= anchor)]
    if step:
        return (past[-1] if step < 0 else future[0]) if past and future else None
    back, ahead = {"past": (1, 6), "future": (6, 1), None: (1, 2)}[direction]
    costs = [(abs((c.first - anchor).days) * back, c) for c in past[-1:]]
    costs += [(max(0, (c.first - anchor).days) * ahead, c) for c in future[:1]]
    return min(costs, key=lambda cost: cost[0])[1] if costs else None


def _weekday(weekday: int, step: int | None, anchor: date, direction: Direction | None) -> Cell:
    """The nearest such day in the direction of the tense, the anchor's own day included unless "last" or "next"."""
    if step == 0:
        return Cell("D", anchor - timedelta(days=anchor.isoweekday() - weekday))
    if step == 1 or (step is None and direction == "future"):
        ahead = (weekday - anchor.isoweekday()) % 7
        return Cell("D", anchor + timedelta(days=ahead or (7 if step else 0)))
    back = (anchor.isoweekday() - weekday) % 7
    return Cell("D", anchor - timedelta(days=back or (7 if step else 0)))


def _undated(names: Calendar) -> Resolved | None:
    """A date whose year nobody can tell; None where no year has it (30 February)."""
    exists = names.holiday or not names.day or _possible(names, LEAP_YEAR)
    return Resolved("DATE", _unknown(names)) if exists else None


def _unknown(names: Calendar) -> str:
    if names.season:
        return f"XXXX-{calendar.SEASONS[names.season]}"
    if names.quarter or names.half:
        return f"XXXX-Q{names.quarter}" if names.quarter else f"XXXX-H{names.half}"
    if names.weekday and not names.day:
        return f"XXXX-WXX-{names.weekday}"
    if names.month:
        return f"XXXX-{names.month:02d}" + (f"-{names.day:02d}" if names.day else "")
    return UNKNOWN["D"]


def _offset(expression: Offset, context: Context) -> Cell | None:
    reference = context.reference if expression.base == "reference" else None
    if reference is None and context.anchor is None:
        return None
    base = reference or Cell("D", context.anchor or date.min)
    n, unit = round(expression.n), expression.unit
    if reference and unit == "Y" and base.unit == "FY":
        return shift(base, n)
    if reference and expression.exact and unit != base.unit and FINENESS[base.unit] < FINENESS[unit]:
        return replace(
            base, first=calendar.add(base.first, "M" if unit == "Q" else unit, n * (3 if unit == "Q" else 1))
        )
    if unit == "WE" and reference is None and n == 0 and context.direction == "past" and base.first.isoweekday() < 6:
        n = -1  # "over the weekend", told on a weekday
    day = base.last if n > 0 and FINENESS[base.unit] > FINENESS[unit] else base.first
    return shift(cell_of(unit, day, context.fiscal_month), n)


def _length(expression: Length, anchor: date | None) -> Resolved:
    n, unit, window = expression.n, expression.unit, expression.window
    value = calendar.length("D" if unit == "WE" else unit, n and (n * 2 if unit == "WE" else n), expression.per)
    if expression.least is not None:
        value = f"{calendar.length(unit, expression.least, expression.per)}/{value}"
    if expression.more is not None:
        value = calendar.joined(value, _length(expression.more, None).value)
    if not window or anchor is None:
        return Resolved("DURATION", value)
    far = calendar.add(anchor, unit, window * n * expression.per).isoformat() if n is not None else None
    near = anchor.isoformat()
    return Resolved("DURATION", value, *((far, near) if window < 0 else (near, far)))


def _ago(expression: Ago, anchor: date | None) -> Resolved:
    if expression.base == "reference":
        return Resolved("DATE", "PAST_REF" if expression.n < 0 else "FUTURE_REF")
    value = calendar.length(expression.unit, None, expression.per)
    if anchor is None:
        return Resolved("DATE", value)
    one = timedelta(days=1)
    if expression.n < 0:
        return Resolved("DATE", value, None, (anchor - one).isoformat())
    return Resolved("DATE", value, (anchor + one).isoformat(), None)


def _vague(value: str, anchor: date | None) -> Resolved:
    day = anchor.isoformat() if anchor else None
    return Resolved("DATE", value, None if value == "PAST_REF" else day, None if value == "FUTURE_REF" else day)


def _timed(day: Resolved, clock: Clock) -> Resolved:
    if clock.hour is None:
        return replace(day, type="TIME", value=f"{day.value}T{clock.part}")
    return replace(day, type="TIME", value=f"{day.value}T{clock.hour:02d}:{clock.minute:02d}")


def _portion(expression: Portion, whole: Cell) -> Resolved:
    unit, n = expression.unit, expression.n
    first = cell_of(unit, whole.first) if n > 0 else cell_of(unit, whole.last)
    if unit == "W" and n < 0 and first.first > whole.last - timedelta(days=3):
        first = shift(first, -1)
    if unit == "W" and n > 0 and first.first < whole.first - timedelta(days=3):
        first = shift(first, 1)  # ISO's own rule: a week belongs to the month that has its Thursday
    if expression.ordinal:
        return _dated(shift(first, n - 1 if n > 0 else n + 1))
    other = shift(first, n - 1 if n > 0 else n + 1)
    return _between(_dated(min(first, other, key=_first)), _dated(max(first, other, key=_first))) or _dated(first)


def _repeated(said: Repeat) -> str:
    """A set as TIMEX3 writes it: of weekdays, of seasons, of weekends, else its period."""
    if said.weekday or said.season:
        return f"XXXX-WXX-{said.weekday}" if said.weekday else f"XXXX-{said.season}"
    return "XXXX-WXX-WE" if (said.unit, said.n) == ("WE", 1) else calendar.length(said.unit, said.n, said.per)


def _start(first: Expression, end: Resolved | None, context: Context) -> Resolved | None:
    """The first end of a range: where it would come after the last, the one before the last is meant ("from Jan. 1 to
    March 31", printed in September)."""
    start = _resolve(first, context)
    if start and start.from_ and end and end.to and end.from_ and start.from_ > end.to:
        before = replace(context, anchor=date.fromisoformat(end.from_), direction="past", narrative=False)
        return _resolve(first, before)
    return start


def _first(cell: Cell) -> date:
    return cell.first


def _between(first: Resolved | None, last: Resolved | None) -> Resolved | None:
    """Both ends in: "between 2021 and 2022" is the two years together."""
    if first is None or last is None:
        return None
    start, end = first.value.partition("/")[0], last.value.rpartition("/")[2]  # of two fiscal years: 2021/2024
    return Resolved("DATE", f"{start}/{end}", first.from_, last.to, last.cell)
