"""What a job did, in counts and failures; and the progress that a command shows while it does it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from scraper import ScrapeError

log = logging.getLogger(__name__)

Progress = Callable[..., Any]
ORDER = (
    "discovered", "not_due", "put_off", "off_topic", "too_old", "fetched", "new", "changed", "unchanged", "stub",
    "removed", "returned", "extracted", "skipped",
)  # fmt: skip


@dataclass
class Summary:
    """What a job did: counts by name, each failure with the address, file or article it happened to, and the sources
    that yield less than they used to."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """The counts in the order in which things happen, noughts left out; failures are always told."""
        names = [*ORDER, *sorted(set(self.counts) - {*ORDER, "failed"})]
        told = [(name, self.counts[name]) for name in names if self.counts[name]]
        return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in [*told, ("failed", self.counts["failed"])])

    def add(self, other: Summary) -> None:
        self.counts.update(other.counts)
        self.failures += other.failures
        self.alarms += other.alarms

    def fail(self, what: str, error: Exception) -> str:
        """Note a failure; returns it in words: the cause of a known kind, else the exception by name."""
        known = isinstance(error, ScrapeError)
        reason = error.reason if isinstance(error, ScrapeError) else f"{type(error).__name__}: {error}"
        what = error.url if isinstance(error, ScrapeError) else what
        self.counts["failed"] += 1
        self.failures.append((what, reason))
        log.debug("%s: %s", what, reason, exc_info=None if known else error)
        return f"{type(error).__name__}: {reason}" if known else reason


def plain(things: Iterable[Any], **_: Any) -> Iterable[Any]:
    """The progress bar that shows nothing."""
    return things
