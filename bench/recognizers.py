"""Microsoft's Recognizers-Text (PyPI, 1.0.2a2) as a system of `run_figures` and `run_dates` (extra `bench`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from extract.evaluate.newsquant import Item
from extract.findings import DateMention

CULTURE = "en-us"
DATE = Item(0.0, 0.0, "a date")
LENGTH = re.compile(r"P(T)?([\d.]+)([YMWDHS])")
LENGTHS = {"Y": "year", "M": "month", "W": "week", "D": "day", "TH": "hour", "TM": "minute", "TS": "second"}
# Its names of units in NewsQuant's; a unit of no such name keeps its own, in lower case.
UNITS = {"united states dollar": "dollar", "pound": "pound sterling", "british pound": "pound sterling"}


def quantities(text: str) -> list[Item]:
    """Percentages, currencies, ages, dimensions and durations, and the numbers that stand in none of these."""
    from recognizers_date_time import recognize_datetime
    from recognizers_number import recognize_number, recognize_percentage
    from recognizers_number_with_unit import recognize_age, recognize_currency, recognize_dimension

    taken: list[tuple[int, int]] = []
    items: list[Item] = []
    models = (recognize_percentage, recognize_currency, recognize_age, recognize_dimension, recognize_datetime)
    for recognize in (*models, recognize_number):
        for result in recognize(text, CULTURE):
            item = _item(result)
            if item is None or any(result.start <= last and first <= result.end for first, last in taken):
                continue
            taken.append((result.start, result.end))
            items += [] if item == DATE else [item]
    return items


def _item(result: Any) -> Item | None:
    """A result as NewsQuant counts; a date takes its place and counts nothing."""
    if result.type_name.startswith("datetimeV2"):
        span = LENGTH.fullmatch(((result.resolution or {}).get("values") or [{}])[0].get("timex", ""))
        return Item(float(span[2]), float(span[2]), LENGTHS[(span[1] or "") + span[3]]) if span else DATE
    value = _value(result.resolution)
    return None if value is None else Item(value, value, _unit(result))


def _value(resolution: dict[str, Any] | None) -> float | None:
    try:
        return float(str((resolution or {})["value"]).rstrip("%"))
    except (KeyError, ValueError):  # "a percentage" has no value
        return None


def _unit(result: Any) -> str:
    if result.type_name == "percentage":
        return "percentage"
    if result.type_name == "age":
        return "year of age"
    unit = str(result.resolution.get("unit") or "-").lower()
    return UNITS.get(unit, unit)


def dates(text: str, published: date | None) -> list[DateMention]:
    """Its dates with TIMEX values. It reads line by line: on whole articles its regular expressions take minutes."""
    from recognizers_date_time import recognize_datetime

    base = datetime.combine(published, time()) if published else datetime.now()
    out, at = [], 0
    for line in text.splitlines(keepends=True):
        for result in recognize_datetime(line, CULTURE, reference=base):
            for kind, value in _first_reading(result, base):
                start, end = at + result.start, at + result.end + 1
                out.append(DateMention(start, end, text[start:end], kind, value))
        at += len(line)
    return out


def _first_reading(result: Any, base: datetime) -> Iterator[tuple[str, str]]:
    """Type and TIMEX of the first candidate, which is the one in the past where it gives one on either side."""
    values = (result.resolution or {}).get("values") or []
    if not values:
        return
    first = values[0]
    timex, kind = first.get("timex", ""), first.get("type", "")
    if kind in ("duration", "set"):
        yield kind.upper(), timex
    elif kind == "date":
        yield "DATE", first.get("value", timex)
    elif kind == "datetime":
        yield "TIME", first.get("value", timex).replace(" ", "T")[:16]
    elif kind == "time":
        yield "TIME", f"{base.date().isoformat()}{timex}"
    else:
        yield _range(timex, first.get("start", ""), first.get("end", ""), base.date().isoformat())


def _range(timex: str, start: str, end: str, today: str) -> tuple[str, str]:
    """Its range as TimeML has it: a window is its length, quarters and decades have names, an open year is told."""
    span = timex.strip("()").rpartition(",")[2]
    if not timex.startswith("("):
        return "DATE", start[:4] + timex[4:] if timex.startswith("XXXX-") and start else timex
    if today in (start, end) or span[-1:] == "D":
        return "DURATION", span
    if span == "P3M" and start[5:] in ("01-01", "04-01", "07-01", "10-01"):
        return "DATE", f"{start[:4]}-Q{int(start[5:7]) // 3 + 1}"
    return "DATE", start[:3] if span == "P10Y" else f"{start}/{end}"
