"""A site's address → what of it can be read: its feeds and sitemaps, each tried out. For `onrecord sources add`.

Looked for where sites say so (links in the page, `Sitemap:` lines of robots.txt) and, only when nothing is found there,
at the few addresses where they stand by custom; all of it under robots.txt and with a pause after each request.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup

from scraper import urls
from scraper.check import SourceReport, check
from scraper.errors import RobotsDisallowed, ScrapeError
from scraper.fetch import Fetcher
from scraper.page import Page
from scraper.sources import Keywords, Kind, Source

log = logging.getLogger(__name__)

DELAY = 1.0
MOST = 6  # feeds, and sitemaps, that are tried
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_FEED_LINK = re.compile(r"\b(?:rss|atom|feeds?)\b", re.I)
_COMMENTS = re.compile(r"comment|/author/|/tag/", re.I)
_CUSTOMARY: Mapping[Kind, tuple[str, ...]] = {
    "feed": ("/feed/", "/rss.xml", "/rss", "/feed.xml", "/atom.xml"),
    "sitemap": ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml"),
}


class NothingFound(ScrapeError):
    """A site of which neither a feed nor a sitemap can be read."""


@dataclass(frozen=True, slots=True)
class Found:
    """A source as it could be listed, with what a first look at it gave."""

    source: Source
    report: SourceReport

    @property
    def rank(self) -> tuple[bool, bool, bool, int]:
        """Better first when sorted downwards: something on the topic, dates, a feed (short, with summaries), items."""
        report = self.report
        return report.on_topic > 0, report.newest is not None, self.source.kind == "feed", min(report.items, 50)


def seek(fetcher: Fetcher, url: str, name: str, keywords: Keywords, *, allow_private: bool = False) -> list[Found]:
    """What can be read of the site at `url`, the best first. Raises a FetchError when the site does not answer or does
    not allow to be asked, NothingFound when it has nothing that can be read."""
    url = url if "://" in url else f"https://{url}"
    asked = Source(name, name, "pages", (url,), keywords=keywords, delay=DELAY, allow_private=allow_private)
    try:
        page = fetcher.get(url, source=asked)
    except RobotsDisallowed:
        if not fetcher.sitemaps(url):
            raise
        page = Page(url, url)  # what robots.txt itself names may be asked for
    asked = replace(asked, outlet=_outlet(page) or name, lang=_language(page) or asked.lang)
    found = list(_tried(fetcher, asked, _stated(fetcher, page)))
    for kind, paths in _CUSTOMARY.items():
        if not any(one.source.kind == kind for one in found):
            guesses = ((kind, urls.join(page.final_url, path) or "") for path in paths)
            found += list(_tried(fetcher, asked, guesses, first=True))
    if not found:
        raise NothingFound(
            url, "no feed and no sitemap can be read; list its section page under `listing` with a `selector` instead"
        )
    return sorted(found, key=lambda one: one.rank, reverse=True)


def entry(source: Source, topic: str | None) -> str:
    """The source as an entry of `sources.yml`, as it stands under `sources:`."""
    settings: dict[str, object] = {"outlet": source.outlet, source.kind: source.url}
    if topic:
        settings["topic"] = topic
    if source.lang != "en":
        settings["lang"] = source.lang
    if source.allow_private:
        settings["allow_private"] = True
    return yaml.safe_dump({source.name: settings}, sort_keys=False, allow_unicode=True, width=1000)


def name_for(url: str) -> str:
    """A key for a site: its host without what many share.

    >>> name_for("https://www.northern-ledger.ca/news"), name_for("news.example.co.uk")
    ('northern-ledger', 'news-example')
    """
    host = (urlsplit(url if "://" in url else f"https://{url}").hostname or "").removeprefix("www.")
    labels = host.split(".")
    kept = labels if len(labels) < 2 else labels[:-1]
    if len(kept) > 1 and len(kept[-1]) <= 3 and len(labels[-1]) == 2:
        kept = kept[:-1]  # co.uk, gc.ca
    return re.sub(r"[^a-z0-9-]+", "-", "-".join(kept).lower()).strip("-") or "source"


def _stated(fetcher: Fetcher, page: Page) -> Iterator[tuple[Kind, str]]:
    """Where the site says that its feeds and sitemaps are; the address itself when it is one."""
    head = page.body[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if b"<urlset" in head or b"<sitemapindex" in head or page.body.startswith(b"\x1f\x8b"):
        yield "sitemap", page.final_url
    elif head.startswith(b"{") or b"<rss" in head or b"<feed" in head or b"<rdf:rdf" in head:
        yield "feed", page.final_url
    else:
        soup = BeautifulSoup(page.text, "lxml")
        for link in soup.select("link[rel~=alternate][href]"):
            if str(link.get("type", "")).split(";")[0].strip().lower() in _FEED_TYPES:
                yield "feed", urls.join(page.final_url, str(link["href"])) or ""
        for link in soup.select("a[href]"):
            href = str(link["href"])
            if _FEED_LINK.search(urlsplit(href).path) and href.rstrip("/").rpartition("/")[2] not in ("rss", "feeds"):
                yield "feed", urls.join(page.final_url, href) or ""
    for url in fetcher.sitemaps(page.final_url):
        yield "sitemap", url


def _tried(
    fetcher: Fetcher, asked: Source, candidates: Iterator[tuple[Kind, str]], *, first: bool = False
) -> Iterator[Found]:
    """The candidates that hold items, each asked for once; with `first` the first of them only."""
    seen: set[str] = set()
    tried: Counter[Kind] = Counter()
    for kind, url in candidates:
        if not url or url in seen or _COMMENTS.search(url) or tried[kind] >= MOST:
            continue
        seen.add(url)
        tried[kind] += 1
        report = check(fetcher, replace(asked, kind=kind, urls=(url,)))
        if report.ok:
            yield Found(report.source, report)
            if first:
                return
        else:
            log.info("%s: %s", url, report.error or "no items")


def _outlet(page: Page) -> str | None:
    """What the site calls itself."""
    xml = page.text.lstrip("\ufeff \r\n")[:5] == "<?xml" or "xml" in (page.content_type or "")
    soup = BeautifulSoup(page.text[:200_000], "lxml-xml" if xml else "lxml")
    stated = soup.select_one("meta[property='og:site_name'][content], meta[name='application-name'][content]")
    if stated:
        return " ".join(str(stated["content"]).split()) or None
    title = soup.select_one("channel > title, feed > title") or soup.title
    return re.split(r"\s+[|–—·-]\s+", " ".join(title.get_text(" ").split()))[0] or None if title else None


def _language(page: Page) -> str | None:
    match = re.search(r"<html[^>]*\blang=[\"']?([a-zA-Z]{2})\b", page.text[:5000])
    return match.group(1).lower() if match else None
