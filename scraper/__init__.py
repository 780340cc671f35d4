"""From sources to articles.

    with Fetcher(contact="news-desk@example.org") as fetcher:
        for source in load_sources("sources.yml"):
            for item in discover(fetcher, source):
                if matches(source, item.title, item.summary):
                    article = read(fetcher.get(item.url, source=source), source)

Errors are in `scraper.errors`; each is a ScrapeError and prints the URL and the cause.
"""

from scraper.article import Article, read
from scraper.check import SourceReport, check
from scraper.clock import Clock
from scraper.discover import Item, discover
from scraper.errors import (
    DiscoveryError,
    FetchError,
    NotAnArticle,
    ScrapeError,
    SourcesError,
    TryLater,
)
from scraper.fetch import Fetcher, Limits
from scraper.page import Page, page_from_bytes, page_from_file
from scraper.sources import Keywords, Source, load_sources, matches

__all__ = [
    "Article",
    "Clock",
    "DiscoveryError",
    "FetchError",
    "Fetcher",
    "Item",
    "Keywords",
    "Limits",
    "NotAnArticle",
    "Page",
    "ScrapeError",
    "Source",
    "SourceReport",
    "SourcesError",
    "TryLater",
    "check",
    "discover",
    "load_sources",
    "matches",
    "page_from_bytes",
    "page_from_file",
    "read",
]
