"""Is a source alive? What `onrecord sources check` prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from scraper.discover import discover
from scraper.errors import (
    AddressRefused,
    HttpError,
    NotAFeed,
    NotASitemap,
    RedirectRefused,
    RobotsDisallowed,
    ScrapeError,
    SelectorFailed,
    TlsFailed,
    TooLarge,
    TooSlow,
    Truncated,
    TryLater,
    Unreachable,
)
from scraper.fetch import Fetcher
from scraper.instants import sort_key
from scraper.page import Page
from scraper.sources import Source, matches

STALE = 14  # days without anything new after which a feed is worth a look
_HELP: dict[type[ScrapeError], str] = {
    NotAFeed: "find its present address with `onrecord sources add SITE`",
    NotASitemap: "find its present address with `onrecord sources add SITE`",
    SelectorFailed: "look at the page and write another `selector`",
    RobotsDisallowed: "switch it off (`enabled: false`), or ask the outlet for leave",
    TryLater: "nothing to do; it is left alone until then",
    TlsFailed: "tell the outlet; the certificate is not passed over",
    Unreachable: "see whether the site is there, and whether this machine has a network",
    TooSlow: "ask again later; a site that is slow for days may have shut scrapers out",
    Truncated: "ask again later; its server breaks off",
    TooLarge: "list a smaller feed, or a section's",
    RedirectRefused: "see in a browser where it leads, and write that address into sources.yml",
    AddressRefused: "an address in your own network needs `allow_private: true`",
    HttpError: "see in a browser what stands there; the feed may have moved or shut scrapers out",
}


@dataclass(frozen=True, slots=True)
class SourceReport:
    """`items` found, `on_topic` of them by title and summary, `dated` of them with a date, `newest` the latest date
    among them; `moved` is where a permanent redirect leads, `crawl_delay` the seconds that robots.txt asks for, `stale`
    the days since `newest` when they are many; `error` when the source did not answer, or not with what it should."""

    source: Source
    items: int = 0
    on_topic: int = 0
    newest: str | None = None
    error: ScrapeError | None = None
    dated: int = 0
    moved: str | None = None
    crawl_delay: float = 0.0
    stale: int | None = None

    @property
    def ok(self) -> bool:
        return self.error is None and self.items > 0

    @property
    def advice(self) -> list[str]:
        """What is to be done about it, nothing for a source that is well."""
        if self.error is not None:
            return [help for kind, help in _HELP.items() if isinstance(self.error, kind)][:1]
        found = []
        if not self.items:
            found.append("it announces nothing: see in a browser whether it still does")
        if self.moved:
            found.append(f"it moved: write {self.moved} into sources.yml")
        if self.stale:
            found.append(f"nothing new for {self.stale} days: the outlet may have another feed now")
        if self.items and not self.dated and self.source.kind == "feed":
            found.append("its entries have no dates: --since and the order rest on the pages alone")
        if self.items and not self.on_topic and self.source.keywords.include:
            found.append("nothing of it is on the topic just now")
        if self.crawl_delay > self.source.delay:
            found.append(f"its robots.txt asks for {self.crawl_delay:g} s between requests, which is obeyed")
        return found

    def __str__(self) -> str:
        if self.error is not None:
            told = f"{self.source.name}: FAILED {self.error}"
        else:
            newest = f", newest {self.newest}" if self.newest else ""
            told = f"{self.source.name}: {self.items} items, {self.on_topic} on topic{newest}"
        return "\n       ".join([told, *self.advice])


def check(fetcher: Fetcher, source: Source, today: date | None = None) -> SourceReport:
    """Ask the source once for its items (of single pages, for the pages themselves); never raises a ScrapeError."""
    pages: list[Page] = []
    try:
        items = list(discover(fetcher, source, on_page=pages.append))
        if source.kind == "pages":
            pages = [fetcher.get(item.url, source=source) for item in items]
    except ScrapeError as error:
        return SourceReport(source, error=error)
    dates = [date for item in items if (date := item.published or item.changed)]
    today = today or fetcher.clock.now().date()
    newest = max((day for day in dates if day[:10] <= today.isoformat()), key=sort_key, default=None)
    age = (today - datetime.fromisoformat(newest).date()).days if newest else 0
    moved = next((page.final_url for page in pages if page.moved), None) if source.kind != "pages" else None
    return SourceReport(
        source,
        len(items),
        sum(matches(source, item.title, item.summary) for item in items),
        newest,
        dated=len(dates),
        moved=moved,
        crawl_delay=fetcher.crawl_delay(source.url) if source.kind != "pages" or pages else 0.0,
        stale=age if age > STALE else None,
    )
