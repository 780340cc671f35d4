"""When to ask for an address again: often while a story is young, seldom later, with growing pauses after failures."""

from __future__ import annotations

from datetime import datetime, timedelta

from scraper.errors import NotFound, ScrapeError, TryLater

SOONEST = timedelta(minutes=10)
YOUNG = timedelta(days=14)
SELDOM = timedelta(days=30)
FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=1)
HOPELESS = timedelta(days=7)
SLIP = timedelta(hours=1)  # between the two 404s that it takes to call an article removed


def after_answer(now: datetime, changed: datetime | None) -> datetime:
    """When to look for corrections next: after half of the time that has passed since the page last `changed` (None:
    never, it is not on the topic), at least ten minutes; monthly once it has stood still for two weeks. An article is
    so asked for some twenty times, most of them on its first day, when most corrections are made.

    >>> from datetime import datetime
    >>> after_answer(datetime(2024, 1, 2), datetime(2024, 1, 1)).isoformat()
    '2024-01-02T12:00:00'
    >>> after_answer(datetime(2024, 1, 1, 8, 5), datetime(2024, 1, 1, 8)).isoformat()
    '2024-01-01T08:15:00'
    """
    if changed is None or now - changed > YOUNG:
        return now + SELDOM
    return now + max(SOONEST, (now - changed) / 2)


def after_failure(now: datetime, error: Exception, failures: int, chance: float = 0.0) -> datetime:
    """When to try again after `failures` failures in a row, this one included: when the host says so; in 15 minutes,
    30, 60, ... up to a day while the failure may pass, each up to a quarter longer by `chance` (0 to 1), so that what
    failed together is not asked for together; after a first 404 in an hour, as it may be an outlet's slip; in a week
    when it will not pass by itself."""
    if isinstance(error, TryLater):
        return error.until
    if isinstance(error, NotFound) and failures == 1:
        return now + SLIP
    if isinstance(error, ScrapeError) and error.soft:
        pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
        return now + pause * (1 + chance / 4)
    return now + HOPELESS
