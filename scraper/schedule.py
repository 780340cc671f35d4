"""When to ask for an address again: often while a story is young, seldom later, with growing pauses after failures."""

from __future__ import annotations

from datetime import datetime, timedelta

from scraper.errors import ScrapeError, TryLater

SOONEST = timedelta(hours=1)
YOUNG = timedelta(days=14)
SELDOM = timedelta(days=30)
FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=1)
HOPELESS = timedelta(days=7)


def after_answer(now: datetime, changed: datetime | None) -> datetime:
    """When to look for corrections next: after half of the time that has passed since the page last `changed` (None:
    never, it is not on the topic), at least an hour; monthly once it has stood still for two weeks.

    >>> from datetime import datetime
    >>> after_answer(datetime(2024, 1, 2), datetime(2024, 1, 1)).isoformat()
    '2024-01-02T12:00:00'
    """
    if changed is None or now - changed > YOUNG:
        return now + SELDOM
    return now + max(SOONEST, (now - changed) / 2)


def after_failure(now: datetime, error: Exception, failures: int) -> datetime:
    """When to try again after `failures` failures in a row, this one included: when the host says so; in 15 minutes,
    30, 60, ... up to a day while the failure may pass; in a week when it will not pass by itself."""
    if isinstance(error, TryLater):
        return error.until
    if isinstance(error, ScrapeError) and error.soft:
        return now + min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    return now + HOPELESS
