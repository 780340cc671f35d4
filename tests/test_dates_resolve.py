"""What expressions mean against an anchor, apart from how they are written."""

from __future__ import annotations

from datetime import date

import pytest

from extract.dates.calendar import Cell, cell_of, easter, holiday, length, shift
from extract.dates.expression import (
    Between,
    Calendar,
    CellOf,
    Expression,
    Length,
    Offset,
    Portion,
    Repeat,
    Since,
    is_absolute,
)
from extract.dates.resolve import resolve

LEAP_DAY = date(2024, 2, 29)

RESOLVED = [
    (Calendar(weekday=4), None, "2024-02-29", "the anchor is a Thursday"),
    (Calendar(weekday=4, shift=-1), None, "2024-02-22", "last Thursday is not today"),
    (Calendar(weekday=4, shift=1), None, "2024-03-07", "nor is next Thursday"),
    (Calendar(weekday=5), "future", "2024-03-01", "over the end of the month"),
    (Calendar(month=12), "past", "2023-12", "over New Year"),
    (Calendar(month=2, day=29, shift=-1), None, "2020-02-29", "the leap day before this one"),
    (Calendar(month=3, day=1), "past", "2024-03-01", "tomorrow, though the tense was misread"),
    (Offset("M", -1), None, "2024-01", "last month"),
    (Offset("Y", -1), None, "2023", "last year"),
    (Offset("D", 1), None, "2024-03-01", "tomorrow"),
    (Offset("Q", 0), None, "2024-Q1", "this quarter"),
    (Length("Y", 1, window=-1), None, "P1Y", "the past year"),
    (Since(Calendar(year=2021)), None, "2021", "since 2021"),
    (Between(CellOf("FY", 2021), CellOf("FY", 2023)), None, "2021/2024", "two fiscal years"),
    (Portion(Calendar(year=2024, month=1), "W", 1, ordinal=True), None, "2024-W01", "first week of January"),
    (Repeat("W", 2), None, "P2W", "every two weeks"),
]


@pytest.mark.parametrize(("says", "direction", "value", "why"), RESOLVED, ids=[r[3] for r in RESOLVED])
def test_resolve(says: Expression, direction: str | None, value: str, why: str) -> None:
    resolved = resolve(says, LEAP_DAY, direction)  # type: ignore[arg-type]
    assert resolved is not None
    assert resolved.value == value, why


@pytest.mark.parametrize(
    "says",
    [Calendar(month=2, day=30), Calendar(year=2023, month=2, day=29), Offset("Y", -10_000), Length("Y", 1e9, window=1)],
)
def test_days_that_are_none(says: Expression) -> None:
    assert resolve(says, LEAP_DAY) is None


def test_the_past_year_ends_today_and_began_on_the_last_day_of_february() -> None:
    resolved = resolve(Length("Y", 1, window=-1), LEAP_DAY)
    assert resolved is not None
    assert (resolved.from_, resolved.to) == ("2023-02-28", "2024-02-29")


def test_every_cell_begins_where_the_one_before_it_ends() -> None:
    for unit in ("D", "W", "M", "Q", "H", "S", "Y", "FY", "DE", "CE"):
        cell = cell_of(unit, LEAP_DAY)  # type: ignore[arg-type]
        assert cell.first <= LEAP_DAY <= cell.last, unit
        assert (shift(cell, 1).first - cell.last).days == 1, unit
        assert shift(shift(cell, 3), -3) == cell, unit


def test_weeks_are_iso_weeks() -> None:
    assert cell_of("W", date(2021, 1, 3)).value == "2020-W53"
    assert Cell("WE", date(2021, 1, 2)).last == date(2021, 1, 3)


@pytest.mark.parametrize(
    ("rule", "year", "day"),
    [
        ("easter+0", 2024, date(2024, 3, 31)),
        ("10:1:2", 2024, date(2024, 10, 14)),
        ("5:1:-1", 2024, date(2024, 5, 27)),
        ("victoria", 2024, date(2024, 5, 20)),
        ("victoria", 2026, date(2026, 5, 18)),
        ("12-25", 2024, date(2024, 12, 25)),
        ("11:4:4+1", 2024, date(2024, 11, 29)),
    ],
)
def test_holidays(rule: str, year: int, day: date) -> None:
    assert holiday(rule, year) == day


def test_easter_of_known_years() -> None:
    assert [easter(y) for y in (1961, 2000, 2038)] == [date(1961, 4, 2), date(2000, 4, 23), date(2038, 4, 25)]


@pytest.mark.parametrize(
    ("unit", "n", "per", "value"),
    [
        ("M", 6, 1, "P6M"),
        ("Y", 2, 10, "P20Y"),
        ("TH", 5.5, 1, "PT5H30M"),
        ("TH", 0.5, 1, "PT30M"),
        ("W", None, 1, "PXW"),
    ],
)
def test_lengths(unit: str, n: float | None, per: int, value: str) -> None:
    assert length(unit, n, per) == value


def test_absolute_expressions_need_no_anchor() -> None:
    assert is_absolute(Between(Calendar(year=2021), CellOf("FY", 2022)))
    assert not is_absolute(Calendar(month=3))
    assert not is_absolute(Since(Calendar(year=2021))), "its end is the anchor"
