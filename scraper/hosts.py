"""Politeness: one request at a time to a host, with a pause after each."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scraper.clock import Clock
from scraper.errors import TryLater
from scraper.urls import host_of


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    last_answer: float | None = None
    not_before: datetime | None = None


class Hosts:
    """The queue before each host. `patience` is the longest pause, in seconds, that is waited for and not put off."""

    def __init__(self, clock: Clock, patience: float) -> None:
        self._clock = clock
        self._patience = patience
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._guard = threading.Lock()

    @contextmanager
    def turn(self, url: str, delay: float) -> Iterator[None]:
        """Wait for our turn at the host of `url`: nobody else is asking, and `delay` seconds have passed since it
        last answered. Raises TryLater when it asked for a pause that is not over, or the wait is beyond patience."""
        host = self._host(url)
        with host.lock:
            self._wait(url, host, delay)
            try:
                yield
            finally:
                host.last_answer = self._clock.monotonic()

    def pause(self, url: str, until: datetime) -> None:
        """Leave the host of `url` alone until then."""
        host = self._host(url)
        host.not_before = max(until, host.not_before or until)

    def pauses(self) -> dict[str, datetime]:
        """Until when each host that asked for a pause is to be left alone, those that are over left out."""
        now = self._clock.now()
        with self._guard:
            asked = {name: host.not_before for name, host in self._hosts.items() if host.not_before}
        return {name: until for name, until in asked.items() if until > now}

    def restore(self, pauses: Mapping[str, datetime], longest: timedelta) -> None:
        """Keep the pauses of an earlier run, each for `longest` at most: a clock that jumped must silence nobody."""
        latest = self._clock.now() + longest
        with self._guard:
            for name, until in pauses.items():
                self._hosts[name].not_before = min(until, latest)

    def _host(self, url: str) -> _Host:
        with self._guard:
            return self._hosts[host_of(url)]

    def _wait(self, url: str, host: _Host, delay: float) -> None:
        now = self._clock.now()
        if host.not_before and now < host.not_before:
            raise TryLater(url, host.not_before)
        if host.last_answer is None:
            return
        wait = host.last_answer + delay - self._clock.monotonic()
        if wait > self._patience:
            raise TryLater(url, now + timedelta(seconds=wait), f"crawl-delay of {delay:g} s")
        if wait > 0:
            self._clock.sleep(wait)
