"""Public ids and instants: what must come out the same on every machine and in every run."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime


def public_id(*parts: object) -> str:
    """A stable id, 16 hexadecimal digits, of what identifies a row: addresses, hashes, offsets; never a row number."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def utc_now() -> str:
    """The present instant in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def utc(instant: str) -> str:
    """An ISO 8601 instant in UTC, to the second; one without an offset is taken for UTC.

    >>> utc("2024-09-24T23:30:00-04:00")
    '2024-09-25T03:30:00+00:00'
    """
    when = datetime.fromisoformat(instant)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")


def day(instant: str | None) -> str | None:
    """The calendar day at the place of an ISO 8601 instant or date; None when it is neither."""
    try:
        return date.fromisoformat((instant or "")[:10]).isoformat()
    except ValueError:
        return None
