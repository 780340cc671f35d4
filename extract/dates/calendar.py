"""Calendar cells (a day, a week, a fiscal year …): their TIMEX3 value, their days, their neighbours."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Unit = Literal["D", "W", "WE", "M", "Q", "H", "S", "Y", "FY", "DE", "CE"]

MONTHS_IN = {"M": 1, "Q": 3, "H": 6, "S": 3, "Y": 12, "FY": 12, "DE": 120, "CE": 1200}
SEASONS = {3: "SP", 6: "SU", 9: "FA", 12: "WI"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the calendar, by its first day: Cell("W", 2024-09-16) is ISO week 38 of 2024."""

    unit: Unit
    first: date

    @property
    def last(self) -> date:
        """The last day, inclusive."""
        return shift(self, 1).first - timedelta(days=1) if self.unit != "WE" else self.first + timedelta(days=1)

    @property
    def value(self) -> str:
        """The cell as TIMEX3 writes it: 2024-09-24, 2024-W38, 2024-W38-WE, 2024-09, 2024-Q3, 2024-H2, 2024-SU, 2024,
        2023/2024 (a fiscal year), 199 (the 1990s), 19 (the 20th century)."""
        year, month = self.first.year, self.first.month
        iso = self.first.isocalendar()
        return {
            "D": self.first.isoformat(),
            "W": f"{iso.year:04d}-W{iso.week:02d}",
            "WE": f"{iso.year:04d}-W{iso.week:02d}-WE",
            "M": f"{year:04d}-{month:02d}",
            "Q": f"{year:04d}-Q{(month + 2) // 3}",
            "H": f"{year:04d}-H{(month + 5) // 6}",
            "S": f"{year:04d}-{SEASONS.get(month, '')}",
            "Y": f"{year:04d}",
            "FY": f"{year:04d}/{year + 1:04d}",
            "DE": f"{year:04d}"[:3],
            "CE": f"{year:04d}"[:2],
        }[self.unit]


def cell_of(unit: Unit, day: date, fiscal_month: int = 4) -> Cell:
    """The cell of that unit which contains `day`; a weekend belongs to the week that it ends."""
    if unit == "D":
        return Cell(unit, day)
    if unit in ("W", "WE"):
        monday = day - timedelta(days=day.weekday())
        return Cell(unit, monday if unit == "W" else monday + timedelta(days=5))
    if unit == "S":
        return Cell(unit, season_start(day))
    if unit == "FY":
        return Cell(unit, date(day.year - (day.month < fiscal_month), fiscal_month, 1))
    months = MONTHS_IN[unit]
    if months <= 12:
        return Cell(unit, date(day.year, (day.month - 1) // months * months + 1, 1))
    years = months // 12
    return Cell(unit, date(max(1, day.year // years * years), 1, 1))


def season_start(day: date) -> date:
    """First day of the meteorological season (March, June, September, December) of `day`."""
    first = date(day.year, day.month, 1)
    return add_months(first, -(day.month % 3))


def shift(cell: Cell, n: int) -> Cell:
    """The n-th cell after it (before, when negative). Raises OverflowError or ValueError out of years 1 to 9999."""
    if cell.unit == "D":
        return Cell("D", cell.first + timedelta(days=n))
    if cell.unit in ("W", "WE"):
        return Cell(cell.unit, cell.first + timedelta(weeks=n))
    return Cell(cell.unit, add_months(cell.first, n * MONTHS_IN[cell.unit]))


def add_months(day: date, n: int) -> date:
    """The same day n months on, the month's last day where it has no such day."""
    total = day.year * 12 + day.month - 1 + n
    year, month = divmod(total, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"year {year}")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add(day: date, unit: str, n: float) -> date:
    """`day` plus n units (D, W, M, Y; clock units move no day before they make one)."""
    if unit in ("M", "Y"):
        return add_months(day, round(n * (12 if unit == "Y" else 1)))
    days = {"D": 1.0, "W": 7.0, "WE": 7.0, "TH": 1 / 24, "TM": 1 / 1440, "TS": 1 / 86400}[unit]
    return day + timedelta(days=int(n * days))


def length(unit: str, n: float | None, per: int = 1) -> str:
    """A TIMEX3 duration: P6M, PT5H30M, P10Y, PXW (`n` None: nobody said how many)."""
    prefix, letter = ("PT", unit[1:]) if unit.startswith("T") else ("P", unit)
    if n is None:
        return f"{prefix}X{letter}"
    n *= per
    if unit == "TH" and n != int(n) and n < 100:
        whole, minutes = int(n), round((n % 1) * 60)
        return f"PT{whole}H{minutes}M" if whole else f"PT{minutes}M"
    if unit == "Y" and n == 0.5:
        return "P6M"
    return f"{prefix}{n:g}{letter}" if n < 1e6 else f"{prefix}{int(n)}{letter}"


def joined(longer: str, shorter: str) -> str:
    """Two durations as one: P2Y and P3M are P2Y3M, P1D and PT12H are P1DT12H, PT1H and PT30M are PT1H30M."""
    clock = "T" in longer
    return longer + shorter.removeprefix("PT" if clock else "P")


def easter(year: int) -> date:
    """Western Easter Sunday (the anonymous Gregorian algorithm, Nature 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def holiday(rule: str, year: int) -> date:
    """The day of a holiday: "12-25", "easter-2", "11:4:4" (month, weekday, nth; -1 the last; "+1" a day later),
    "victoria" (the last Monday before 25 May)."""
    if rule == "victoria":
        before = date(year, 5, 24)
        return before - timedelta(days=before.weekday())
    if rule.startswith("easter"):
        return easter(year) + timedelta(days=int(rule[6:]))
    if ":" in rule:
        place, _, more = rule.partition("+")
        month, weekday, nth = (int(part) for part in place.split(":"))
        return nth_weekday(year, month, weekday, nth) + timedelta(days=int(more or 0))
    month, day = (int(part) for part in rule.split("-"))
    return date(year, month, day)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (1) … Sunday (7) of a month; nth -1 is the last."""
    if nth < 0:
        end = date(year, month, monthrange(year, month)[1])
        return end - timedelta(days=(end.isoweekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
