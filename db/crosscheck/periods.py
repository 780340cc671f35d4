"""Whether two figures speak of the same time. The rules, in words, since a reader will ask:

- Both name a period: they meet when the periods are equal, or nearly so (the overlap is nine tenths of the longer).
- One names a period: they meet when the day the other speaks for (its claim's, else its article's) lies in it, or
  within a month of its end.
- Neither does: they meet when the days they speak for lie within two weeks of each other.
Whatever does not meet is another point of a series, and no conflict.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from .records import Figure

NEARLY = 0.9
AFTERMATH = timedelta(days=31)
SAME_TIME = timedelta(days=14)

Meeting = Literal["equal", "near", "inferred", "undated", "apart", "other"]


def meeting(a: Figure, b: Figure) -> Meeting:
    """`equal`, `near`, `inferred` (one period is not printed) and `undated` (neither is) meet.

    `apart`: at least one period is not printed, and the days are too far from each other. `other`: two printed periods.
    """
    if a.period and b.period:
        if a.period == b.period:
            return "equal"
        return "near" if overlap(a, b) >= NEARLY else "other"
    if a.period or b.period:
        dated, undated = (a, b) if a.period else (b, a)
        start, end = bounds(dated)
        return "inferred" if start <= undated.as_of <= end + min(AFTERMATH, date.max - end) else "apart"
    return "undated" if abs(a.as_of - b.as_of) <= SAME_TIME else "apart"


def overlap(a: Figure, b: Figure) -> float:
    """The common days of two printed periods as a share of the longer one."""
    (a_start, a_end), (b_start, b_end) = bounds(a), bounds(b)
    common = (min(a_end, b_end) - max(a_start, b_start)).days + 1
    longer = max((a_end - a_start).days, (b_end - b_start).days) + 1
    return max(0, common) / longer


def bounds(figure: Figure) -> tuple[date, date]:
    """The period's days, an open end taken as far as dates go; the day a figure speaks for when it names no period."""
    if figure.period is None:
        return figure.as_of, figure.as_of
    start, end = figure.period
    return start or date.min, end or date.max


def period_text(figure: Figure) -> str:
    """The period as an explanation prints it: `2023`, `2024-04-01`, `2021-01-01 to 2023-12-31`, `undated (as of …)`."""
    if figure.period is None:
        return f"undated, printed for {figure.as_of}"
    start, end = figure.period
    if start and end and start == end:
        return str(start)
    if start and end and start.year == end.year and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year)
    return f"{start or '…'} to {end or '…'}"
