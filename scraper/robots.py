"""robots.txt (RFC 9309), read by Protego and kept for a day."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from scraper.clock import Clock
from scraper.errors import (
    FetchError,
    HttpError,
    RedirectRefused,
    RobotsDisallowed,
    ServerError,
    TooLarge,
    TooSlow,
    Truncated,
    TryLater,
)
from scraper.page import Page

log = logging.getLogger(__name__)

KEEP = timedelta(hours=24)
KEEP_FAILURE = timedelta(minutes=30)
MAX_BYTES = 500 * 1024  # RFC 9309 asks crawlers to read at least this much

Ask = Callable[[str], Page]


@dataclass(frozen=True, slots=True)
class _Entry:
    until: datetime
    rules: Protego | None = None
    text: str | None = None
    failure: FetchError | None = None


class Robots:
    """What each host allows to `agent`, the product token of our User-Agent."""

    def __init__(self, agent: str, clock: Clock) -> None:
        self._agent = agent
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._guard = threading.Lock()

    def check(self, url: str, ask: Ask) -> float:
        """The crawl-delay of the host of `url` in seconds (0 when it states none); `ask` fetches its robots.txt.

        Raises RobotsDisallowed; TryLater when robots.txt answers 5xx or not in time, as nothing is then known to be
        allowed; whatever `ask` raises for a host that cannot be reached. 4xx means that all is allowed.
        """
        entry = self._entry(url, ask)
        if entry.failure is not None:
            raise self._failure(url, entry)
        if entry.rules is None:
            return 0.0
        if not entry.rules.can_fetch(url, self._agent):
            raise RobotsDisallowed(url, "robots.txt does not allow it")
        rate = entry.rules.request_rate(self._agent)
        per_request = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(float(entry.rules.crawl_delay(self._agent) or 0.0), per_request)

    def known(self) -> dict[str, tuple[datetime, str | None]]:
        """Origin → until when its robots.txt is good, and its text (None: it has none, all is allowed). What could not
        be had is left out: the next run may ask again."""
        now = self._clock.now()
        with self._guard:
            entries = list(self._entries.items())
        return {at: (e.until, e.text) for at, e in entries if e.failure is None and e.until > now}

    def restore(self, known: Mapping[str, tuple[datetime, str | None]]) -> None:
        """Go on with the rules that an earlier run was given, each for a day at most."""
        latest = self._clock.now() + KEEP
        for origin, (until, text) in known.items():
            rules = None if text is None else Protego.parse(text)
            self._entries[origin] = _Entry(min(until, latest), rules=rules, text=text)

    def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that robots.txt of the host of `url` names, as far as it was asked for already."""
        parts = urlsplit(url)
        entry = self._entries.get(f"{parts.scheme}://{parts.netloc}")
        return list(entry.rules.sitemaps) if entry and entry.rules else []

    def crawl_delay(self, url: str) -> float:
        """The pause between two requests that robots.txt of the host of `url` asks for, 0 where it does not or is not
        known yet."""
        parts = urlsplit(url)
        entry = self._entries.get(f"{parts.scheme}://{parts.netloc}")
        return float(entry.rules.crawl_delay(self._agent) or 0.0) if entry and entry.rules else 0.0

    def _entry(self, url: str, ask: Ask) -> _Entry:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._guard:
            lock = self._locks[origin]
        with lock:  # two sources of one host ask for it once
            entry = self._entries.get(origin)
            if entry is None or entry.until <= self._clock.now():
                entry = self._entries[origin] = self._load(f"{origin}/robots.txt", ask)
            return entry

    def _load(self, address: str, ask: Ask) -> _Entry:
        now = self._clock.now()
        try:
            page = ask(address)
        except TryLater as error:
            return _Entry(error.until, failure=error)
        except (ServerError, TooSlow, Truncated) as error:
            return _Entry(now + KEEP_FAILURE, failure=error)
        except (HttpError, TooLarge, RedirectRefused) as error:
            log.info("no usable robots.txt: %s", error)
            return _Entry(now + KEEP)
        except FetchError as error:
            return _Entry(now + KEEP_FAILURE, failure=error)
        # A byte-order mark would hide the first "User-agent" line.
        text = page.body[:MAX_BYTES].decode("utf-8", errors="replace").lstrip("\ufeff")
        return _Entry(now + KEEP, rules=Protego.parse(text), text=text)

    def _failure(self, url: str, entry: _Entry) -> FetchError:
        failure = entry.failure
        if isinstance(failure, ServerError | TooSlow | Truncated | TryLater):
            return TryLater(url, entry.until, f"robots.txt is not available ({failure.reason})")
        assert failure is not None
        # The same kind of failure, told of the page that was asked for.
        return type(failure)(url, failure.reason)
