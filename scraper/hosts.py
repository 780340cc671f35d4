"""Politeness: one request at a time to a host, with a pause after each."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scraper.clock import Clock
from scraper.errors import NotYet
from scraper.urls import host_of


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    last_answer: float | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class HostMemory:
    """Of a host, in wall-clock time: when it last answered, and until when it asked to be left alone."""

    last_answer: datetime | None
    not_before: datetime | None


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
        last answered. Raises NotYet when it asked for a pause that is not over, or the wait is beyond patience."""
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

    def known(self) -> dict[str, HostMemory]:
        """What is to be kept of each host beyond this run."""
        now, ticks = self._clock.now(), self._clock.monotonic()
        with self._guard:
            hosts = list(self._hosts.items())
        return {
            name: HostMemory(
                None if host.last_answer is None else now - timedelta(seconds=ticks - host.last_answer),
                host.not_before if host.not_before and host.not_before > now else None,
            )
            for name, host in hosts
        }

    def restore(self, known: Mapping[str, HostMemory], longest: timedelta) -> None:
        """Go on from an earlier run. A pause lasts `longest` at most, and an answer in the future was none: a clock
        that jumped must silence nobody."""
        now, ticks = self._clock.now(), self._clock.monotonic()
        with self._guard:
            for name, kept in known.items():
                host = self._hosts[name]
                if kept.not_before:
                    host.not_before = min(kept.not_before, now + longest)
                if kept.last_answer and kept.last_answer <= now:
                    host.last_answer = ticks - (now - kept.last_answer).total_seconds()

    def _host(self, url: str) -> _Host:
        with self._guard:
            return self._hosts[host_of(url)]

    def _wait(self, url: str, host: _Host, delay: float) -> None:
        now = self._clock.now()
        if host.not_before and now < host.not_before:
            raise NotYet(url, host.not_before)
        if host.last_answer is None:
            return
        wait = host.last_answer + delay - self._clock.monotonic()
        if wait > self._patience:
            raise NotYet(url, now + timedelta(seconds=wait), f"crawl-delay of {delay:g} s")
        if wait > 0:
            self._clock.sleep(wait)
