"""Counts by day put into weeks, months or years, whichever gives a chart of a readable width."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from db.site.words import period

WIDEST = 60  # columns of a chart


@dataclass(frozen=True, slots=True)
class Bin:
    """`count` within the days from `start` to `end` (ISO 8601, both inclusive)."""

    start: str
    end: str
    count: int

    @property
    def name(self) -> str:
        return period(self.start, self.end)


def binned(days: Mapping[str, int]) -> list[Bin]:
    """Days (ISO 8601) and their counts as bins in order, empty ones between included; what is no day is left out.

    >>> [(bin.name, bin.count) for bin in binned({"2031-05-06": 2, "2031-05-20": 1})]
    [('2031-05-05 – 2031-05-11', 2), ('2031-05-12 – 2031-05-18', 0), ('2031-05-19 – 2031-05-25', 1)]
    """
    counts = {found: count for day, count in days.items() if (found := _day(day))}
    if not counts:
        return []
    span = (max(counts) - min(counts)).days
    first = _week if span <= 7 * WIDEST else _month if span <= 30 * WIDEST else _year
    sums: dict[date, int] = {}
    for day, count in counts.items():
        sums[first(day)] = sums.get(first(day), 0) + count
    return _filled(sums, first)


def mondays(last: str, most: int, first: str = "") -> list[str]:
    """The newest `most` weeks up to the day `last` (ISO 8601) by their Mondays, none before that of the day `first`.

    >>> mondays("2024-09-24", 52, "2024-09-09"), mondays("2024-09-24", 2)
    (['2024-09-09', '2024-09-16', '2024-09-23'], ['2024-09-16', '2024-09-23'])
    """
    newest = _week(date.fromisoformat(last[:10]))
    days = ((newest - timedelta(weeks=n)).isoformat() for n in reversed(range(most)))
    return [day for day in days if not first or day >= _week(date.fromisoformat(first[:10])).isoformat()]


def _filled(sums: Mapping[date, int], first: Callable[[date], date]) -> list[Bin]:
    found, start, last = [], min(sums), max(sums)
    while start <= last:
        after = _after(start, first)
        found.append(Bin(start.isoformat(), (after - timedelta(days=1)).isoformat(), sums.get(start, 0)))
        start = after
    return found


def _after(start: date, first: Callable[[date], date]) -> date:
    """The first day of the period behind the one that begins on `start`: the first that belongs to another."""
    days = (start + timedelta(days=n) for n in (7, 31, 366))
    return next(first(day) for day in days if first(day) > start)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)


def _year(day: date) -> date:
    return day.replace(month=1, day=1)
