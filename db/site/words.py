"""Small pieces of text for the pages: labels, numbers, days and links, as Jinja filters."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

LINK_LABELS = {
    "same_quote": "Same quotation",
    "same_figure": "Same figure",
    "conflicting_figure": "Conflicting figures",
    "apparent_conflict": "Apparent conflict",
    "derived": "Derived figure",
    "wire_copy": "Same wire copy",
    "role_conflict": "Conflicting offices",
    "revised": "Revised",
}
CURRENCIES = {"CAD": "CA$", "USD": "US$", "EUR": "€", "GBP": "£"}
MODIFIERS = {
    "approx": "about ",
    "at_least": "at least ",
    "at_most": "at most ",
    "just_under": "just under ",
    "just_over": "just over ",
}


def web_url(url: Any) -> str | None:
    """The address when it is an absolute http(s) one, else None: nothing else becomes a link on our pages.

    >>> web_url("javascript:alert(1)")
    """
    if not isinstance(url, str) or any(character <= " " for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def host(url: Any) -> str:
    return urlsplit(url).netloc.removeprefix("www.") if web_url(url) else ""


def day(instant: Any) -> str:
    """The day of an ISO 8601 instant, as stored: "" for None."""
    return str(instant)[:10] if instant else ""


def minute(instant: Any) -> str:
    """An ISO 8601 instant to the minute: "2031-05-06 07:08"."""
    return str(instant)[:16].replace("T", " ") if instant else ""


def number(value: Any) -> str:
    """A number with thousands separators and no noise behind the point: 1234.50 → "1,234.5"."""
    if not isinstance(value, (int, float)):
        return "" if value is None else str(value)
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4f}".rstrip("0").rstrip(".")


def names(json_list: Any) -> str:
    """A stored JSON list of names, spelled out: '["A", "B"]' → "A and B"; "" for an empty or broken one."""
    try:
        found = [str(name) for name in json.loads(json_list or "[]")]
    except (TypeError, ValueError):
        return ""
    return " and ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)


def quantity(figure: dict[str, Any]) -> str:
    """A figure as normalised: "about 17 %", "CA$1,200,000", "40–50 %", "3,000 people"."""
    value, low, high = figure.get("value"), figure.get("low"), figure.get("high")
    amount = number(value)
    if value is None:
        amount = "–".join(number(bound) for bound in (low, high) if bound is not None)
    if not amount:
        return ""
    unit = figure.get("unit") or ""
    if unit in CURRENCIES:
        amount = CURRENCIES[unit] + amount
    else:
        amount += " %" if unit == "percent" else " people" if unit == "person" else f" {unit}" if unit else ""
    return MODIFIERS.get(figure.get("modifier") or "", "") + amount


def period(start: Any, end: Any) -> str:
    """Days from and to; a whole year, a whole month and a day by their names.

    >>> period("2030-01-01", "2030-12-31"), period("2028-02-01", "2028-02-29"), period("2030-01-01", "2030-06-30")
    ('2030', '2028-02', '2030-01-01 – 2030-06-30')
    """
    if start and end:
        return str(start) if start == end else _whole(str(start), str(end)) or f"{start} – {end}"
    return f"since {start}" if start else f"until {end}" if end else ""


def _whole(start: str, end: str) -> str:
    """The year or the month that runs from the one day to the other, "" where none does."""
    if start.endswith("-01-01") and end == f"{start[:4]}-12-31":
        return start[:4]
    try:
        first, after = date.fromisoformat(start), date.fromisoformat(end) + timedelta(days=1)
    except (ValueError, OverflowError):
        return ""
    whole = first.day == after.day == 1 and (after.year - first.year) * 12 + after.month - first.month == 1
    return start[:7] if whole else ""


def spoken(claim: dict[str, Any]) -> str:
    """The words of a claim without what the reporter puts between its parts: "We housed them … and fed them".

    Takes `text`, `start` and the JSON list `parts`; a row without parts is its text.
    """
    text, start = claim.get("text") or "", claim.get("start") or 0
    parts = json.loads(claim.get("parts") or "[]")
    return " … ".join(text[left - start : right - start] for left, right in parts) or text


def sentence(parts: Iterable[Any]) -> str:
    return " · ".join(str(part) for part in parts if part)


def anchor(public_id: Any, kind: str) -> str:
    """Where a finding stands on its article's page: "c-…", "f-…" or "d-…"; "" for an article, which is the page."""
    return f"{kind[0]}-{public_id}" if kind in ("claim", "figure", "date") and public_id else ""


def label(name: Any) -> str:
    """A link's label, or any other stored key, in words."""
    return LINK_LABELS.get(str(name), str(name).replace("_", " ").capitalize())


def segment(name: Any) -> str:
    """A name as one segment of a path; Jinja's own `urlencode` lets a slash stand.

    >>> segment("part/time réfugiés")
    'part%2Ftime%20r%C3%A9fugi%C3%A9s'
    """
    return quote(str(name), safe="")


FILTERS = {
    "segment": segment,
    "anchor": anchor,
    "web_url": web_url,
    "host": host,
    "day": day,
    "minute": minute,
    "number": number,
    "names": names,
    "spoken": spoken,
    "quantity": quantity,
    "label": label,
}
