"""Dates and times as pages write them. No date rather than a wrong one: `03/04/2024` is nobody's date for certain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

_ISO = re.compile(
    r"""(?P<day>\d{4}-\d{2}-\d{2})
        (?:[T\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?
           \s*(?P<half>[ap]\.?m\b\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}\b)?)?""",
    re.X | re.I,
)
_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})?)?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv", "february feb février fevrier févr", "march mar mars", "april apr avril avr",
            "may mai", "june jun juin", "july jul juillet juil", "august aug août aout", "september sep sept septembre",
            "october oct octobre", "november nov novembre", "december dec décembre decembre déc",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CLOCK = (
    r"(?P<hour>\d{1,2})(?::|\s?h\s?)(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]\.?\s?m\b\.?)?"
    r"\s*\(?(?P<zone>[A-Z]{2,4}\b|[+-]\d{2}:?\d{2})?"
)
_WORDS = re.compile(
    rf"""(?<![\w/-])(?:(?P<month_first>{_MONTH})\.?\s+(?P<day_second>\d{{1,2}})(?:st|nd|rd|th)?,?
        | (?P<day_first>\d{{1,2}})(?:st|nd|rd|th|er)?\s+(?P<month_second>{_MONTH})\.?,?)
        \s+(?P<year>\d{{4}})(?!\d)(?:[\s,|•·–—-]*(?:at|à|@)?\s*{_CLOCK})?""",
    re.X | re.I,
)
# Abbreviations of the zones that outlets we read print; ambiguous ones elsewhere, clear in North America and Europe.
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "BST": 1, "CET": 1, "CEST": 2,
    "NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "HNE": -5, "HAE": -4,
    "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_REGIONS = {"ET": "America/Toronto", "CT": "America/Winnipeg", "MT": "America/Edmonton", "PT": "America/Vancouver"}
EARLIEST = 1990


@dataclass(frozen=True, slots=True)
class Instant:
    """A day, with the time and its offset where they are known. `iso` is how it is stored."""

    day: date
    moment: datetime | None = None

    @property
    def iso(self) -> str:
        return self.moment.isoformat() if self.moment else self.day.isoformat()


def parse(value: Any, zone: str | None = None) -> Instant | None:
    """The instant that `value` states: ISO 8601, RFC 5322 or words ("September 24, 2024 at 5:01 p.m. EDT").

    A time without an offset is one in `zone` (a name such as America/Toronto); without that only its day is kept.

    >>> parse("2024-09-24T17:01:00-0400").iso
    '2024-09-24T17:01:00-04:00'
    >>> parse("Sept. 24, 2024 5:01 p.m.").iso
    '2024-09-24'
    >>> parse("03/04/2024") is None
    True
    """
    if not isinstance(value, str):
        return None
    text = " ".join(value.split())
    try:
        found = _iso(text, zone) or _basic(text, zone) or _rfc5322(text) or _words(text, zone)
    except (ValueError, OverflowError):
        return None
    return found if found and found.day.year >= EARLIEST else None


def is_future(instant: Instant, now: datetime) -> bool:
    """Whether it lies more than a day ahead: a page cannot have been published then."""
    return instant.day > (now + timedelta(days=1)).date()


def is_before(one: Instant, other: Instant) -> bool:
    """Whether `one` lies before `other`, by the instant where both have one, else by the day."""
    if one.moment and other.moment and one.moment.tzinfo and other.moment.tzinfo:
        return one.moment < other.moment
    return one.day < other.day


def sort_key(iso: str | None) -> tuple[bool, datetime]:
    """Orders ISO dates and instants, absent ones first."""
    if not iso:
        return (False, datetime.min.replace(tzinfo=UTC))
    moment = datetime.fromisoformat(iso)
    return (True, moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _iso(text: str, zone: str | None) -> Instant | None:
    match = _ISO.match(text)
    if not match:
        return None
    day = date.fromisoformat(match["day"])
    return _at(day, _hour(match), match["minute"], match["second"], match["zone"], zone)


def _basic(text: str, zone: str | None) -> Instant | None:
    match = _BASIC.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second, offset = match.groups()
    return _at(date(int(year), int(month), int(day)), hour, minute, second, offset, zone)


def _rfc5322(text: str) -> Instant | None:
    if not re.match(r"(?:[A-Z][a-z]{2},\s*)?\d{1,2} [A-Z][a-z]{2} \d{4} \d", text):
        return None
    moment = parsedate_to_datetime(text)
    return Instant(moment.date(), moment if moment.tzinfo else None)


def _words(text: str, zone: str | None) -> Instant | None:
    match = _WORDS.search(text)
    if not match:
        return None
    month = _MONTHS[(match["month_first"] or match["month_second"]).lower()]
    day = date(int(match["year"]), month, int(match["day_second"] or match["day_first"]))
    return _at(day, _hour(match), match["minute"], match["second"], match["zone"], zone)


def _hour(match: re.Match[str]) -> int | None:
    """The hour of 24, from "4 … p.m." as well."""
    if match["hour"] is None:
        return None
    hour = int(match["hour"])
    return hour % 12 + (12 if match["half"].lower().startswith("p") else 0) if match["half"] else hour


def _at(day: date, hour: Any, minute: Any, second: Any, stated: str | None, zone: str | None) -> Instant:
    if hour is None:
        return Instant(day)
    moment = datetime(day.year, day.month, day.day, int(hour), int(minute), int(second or 0))
    offset = _offset(stated, moment)
    if offset is not None:
        return Instant(day, moment.replace(tzinfo=offset))
    if zone and not stated:
        # Pinned to the offset of that day, so that what is stored needs no table of zones to be read.
        shift = moment.replace(tzinfo=ZoneInfo(zone)).utcoffset()
        assert shift is not None
        return Instant(day, moment.replace(tzinfo=timezone(shift)))
    return Instant(day)


def _offset(stated: str | None, moment: datetime) -> timezone | None:
    if not stated:
        return None
    name = stated.upper()
    if name in _REGIONS:
        shift = moment.replace(tzinfo=ZoneInfo(_REGIONS[name])).utcoffset()
        assert shift is not None
        return timezone(shift)
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name])) if _ZONES[name] else UTC
    match = re.fullmatch(r"([+-])(\d{2}):?(\d{2})?", stated)
    if not match:
        return None
    shift = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-shift if match[1] == "-" else shift)
