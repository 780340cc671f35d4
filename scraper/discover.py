"""Source → the addresses of its articles, newest knowledge first: title, summary and date where the source has them."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import feedparser
from bs4 import BeautifulSoup

from scraper import instants, urls
from scraper.errors import NotAFeed, ScrapeError, SelectorFailed
from scraper.fetch import Fetcher
from scraper.page import Page
from scraper.sitemaps import EVERYTHING, GZIP, from_sitemap, is_index, unpack
from scraper.sources import Source

log = logging.getLogger(__name__)

Validators = Callable[[str], tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class Item:
    """An address that a source announced. `published` and `changed` are ISO 8601, the second what a sitemap calls
    `lastmod`: the page may be older; title and summary are plain text."""

    url: str
    title: str | None = None
    summary: str | None = None
    published: str | None = None
    changed: str | None = None


def discover(
    fetcher: Fetcher,
    source: Source,
    validators: Validators | None = None,
    on_page: Callable[[Page], None] | None = None,
    since: str | None = None,
) -> Iterator[Item]:
    """The articles that `source` announces, each address once, at most `source.max_items`.

    `validators` gives (etag, last_modified) of the last answer for an address: a feed that has not changed then costs
    one small request and yields nothing. `on_page` is called with each answer, to store its validators. `since` is a
    day (ISO 8601): old parts of a sitemap index are not asked for, and there is no limit to what is newer.
    Of several addresses, one that fails is logged and the others count. Raises a FetchError, or a DiscoveryError when
    the source's page is not what `sources.yml` says, when all of them fail.
    """
    if source.kind == "pages":
        yield from (Item(url) for url in source.urls[: source.max_items])
        return
    seen: set[str] = set()
    for item in _announced(fetcher, source, validators, on_page, since):
        key = urls.normalise(item.url)
        if key not in seen and (since or len(seen) < source.max_items):
            seen.add(key)
            yield item


def _announced(
    fetcher: Fetcher,
    source: Source,
    validators: Validators | None,
    on_page: Callable[[Page], None] | None,
    since: str | None,
) -> Iterator[Item]:
    def get(url: str) -> Page:
        etag, last_modified = validators(url) if validators else (None, None)
        page = fetcher.get(url, etag, last_modified, source=source)
        # An index that stands still says nothing of its parts: it is asked for anew each time.
        if on_page and not (source.kind == "sitemap" and is_index(page)):
            on_page(page)
        return page

    failures: list[ScrapeError] = []
    for url in source.urls:
        try:
            yield from _of_page(get(url), source, get, since)
        except ScrapeError as error:
            failures.append(error)
            if len(failures) == len(source.urls):
                raise
            log.warning("%s: one of its addresses fails: %s", source.name, error)


def _of_page(page: Page, source: Source, get: Callable[[str], Page], since: str | None) -> Iterator[Item]:
    if page.not_modified:
        return
    if source.kind == "feed":
        yield from from_feed(page)
    elif source.kind == "sitemap":
        limit = EVERYTHING if since else source.max_items
        for entry in from_sitemap(page, get, limit, since=since):
            yield Item(entry.url, entry.title, entry.keywords, entry.published, entry.changed)
    else:
        yield from from_listing(page, source.selector or "a")


def from_feed(page: Page) -> list[Item]:
    """The entries of an RSS, Atom or JSON feed, in its order. Raises NotAFeed."""
    if page.body.startswith(GZIP):  # sent without saying so
        page = replace(page, body=unpack(page))
    if page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _from_json_feed(page)
    headers = {"content-type": page.content_type or "", "content-location": page.final_url}
    feed = feedparser.parse(io.BytesIO(page.body), response_headers=headers)
    if not feed.get("version"):
        raise NotAFeed(page.url, f"neither RSS nor Atom, but {_kind_of(page)}")
    found = (_from_entry(entry, page.final_url) for entry in feed.entries)
    items = [item for item in found if item is not None]
    if feed.bozo and not items:
        raise NotAFeed(page.url, f"a broken feed without a readable entry ({feed.bozo_exception})")
    if feed.bozo:
        log.info("%s: not well-formed, read as far as possible (%s)", page.url, feed.bozo_exception)
    return items


def _from_entry(entry: Any, base: str) -> Item | None:
    link = urls.join(base, entry.get("link") or "") or urls.join(base, entry.get("id") or "")
    if link is None:
        return None
    stamp: time.struct_time | None = entry.get("published_parsed") or entry.get("updated_parsed")
    published = datetime(*stamp[:6], tzinfo=UTC).isoformat() if stamp and stamp[0] >= instants.EARLIEST else None
    return Item(link, _plain(entry.get("title")), _plain(entry.get("summary")), published)


def _from_json_feed(page: Page) -> list[Item]:
    try:
        feed = json.loads(page.text)
    except ValueError as error:
        raise NotAFeed(page.url, f"broken JSON ({error})") from error
    if "jsonfeed.org" not in str(feed.get("version")) or not isinstance(feed.get("items"), list):
        raise NotAFeed(page.url, "JSON, but not a JSON feed")
    items = []
    for entry in feed["items"]:
        if not isinstance(entry, dict):
            continue
        link = urls.join(page.final_url, str(entry.get("url") or "")) or urls.join("", str(entry.get("id") or ""))
        if link:
            instant = instants.parse(entry.get("date_published"))
            summary = entry.get("summary") or entry.get("content_text")
            items.append(Item(link, _plain(entry.get("title")), _plain(summary), instant.iso if instant else None))
    return items


def from_listing(page: Page, selector: str) -> list[Item]:
    """The links that `selector` (CSS: links, or elements with links in them) finds on a listing page.

    Raises SelectorFailed when it matches nothing, as then the page has changed and silence would look like no news.
    """
    soup = BeautifulSoup(page.text, "lxml")
    base_tag = soup.find("base", href=True)
    base = urls.join(page.final_url, str(base_tag["href"])) if base_tag else None
    items = []
    for element in soup.select(selector):
        for link in [element] if element.name == "a" else element.find_all("a", href=True):
            url = urls.join(base or page.final_url, str(link.get("href") or ""))
            if url:
                items.append(Item(url, " ".join(link.get_text(" ").split()) or None))
    if not items:
        raise SelectorFailed(page.url, f"selector {selector!r} finds no link; was the page redesigned?")
    return items


def _plain(markup: Any) -> str | None:
    if not isinstance(markup, str) or not markup:
        return None
    text = BeautifulSoup(markup, "lxml").get_text(" ") if "<" in markup or "&" in markup else markup
    return " ".join(text.split()) or None


def _kind_of(page: Page) -> str:
    head = page.body[:1024].lstrip().lower()
    if not head:
        return "an empty answer"
    if b"<!doctype html" in head or b"<html" in head or "text/html" in (page.content_type or ""):
        return "an HTML page; look there for the feed's new address"
    return f"content of type {page.content_type or 'unknown'}"
