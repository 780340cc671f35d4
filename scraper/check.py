"""Is a source alive? What `onrecord sources check` prints."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.discover import discover
from scraper.errors import ScrapeError
from scraper.fetch import Fetcher
from scraper.instants import sort_key
from scraper.sources import Source, matches


@dataclass(frozen=True, slots=True)
class SourceReport:
    """`items` found, `on_topic` of them by title and summary, `newest` the latest date among them; `error` when it
    did not answer or not with what it should."""

    source: Source
    items: int = 0
    on_topic: int = 0
    newest: str | None = None
    error: ScrapeError | None = None

    @property
    def ok(self) -> bool:
        return self.error is None and self.items > 0

    def __str__(self) -> str:
        if self.error is not None:
            return f"{self.source.name}: FAILED {self.error}"
        newest = f", newest {self.newest}" if self.newest else ""
        return f"{self.source.name}: {self.items} items, {self.on_topic} on topic{newest}"


def check(fetcher: Fetcher, source: Source) -> SourceReport:
    """Ask the source once for its items (of single pages, for the pages themselves); never raises a ScrapeError."""
    try:
        items = list(discover(fetcher, source))
        if source.kind == "pages":
            for item in items:
                fetcher.get(item.url, source=source)
    except ScrapeError as error:
        return SourceReport(source, error=error)
    on_topic = sum(matches(source, item.title, item.summary) for item in items)
    dates = [item.published for item in items if item.published]
    return SourceReport(source, len(items), on_topic, max(dates, key=sort_key, default=None))
