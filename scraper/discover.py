"""Source → the addresses of its articles, newest knowledge first: title, summary and date where the source has them."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser
from bs4 import BeautifulSoup

from scraper import instants, urls
from scraper.errors import NotAFeed, SelectorFailed
from scraper.fetch import Fetcher
from scraper.page import Page
from scraper.sitemaps import from_sitemap
from scraper.sources import Source

log = logging.getLogger(__name__)

Validators = Callable[[str], tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class Item:
    """An address that a source announced. `published` is ISO 8601; title and summary are plain text."""

    url: str
    title: str | None = None
    summary: str | None = None
    published: str | None = None


def discover(
    fetcher: Fetcher,
    source: Source,
    validators: Validators | None = None,
    on_page: Callable[[Page], None] | None = None,
    since: str | None = None,
) -> Iterator[Item]:
    """The articles that `source` announces, each address once, at most `source.max_items`. `since` is a day (ISO 8601):
    what is announced with an older date is left out, and old parts of a sitemap index are not even asked for.

    `validators` gives (etag, last_modified) of the last answer for an address: a feed that has not changed then costs
    one small request and yields nothing. `on_page` is called with each answer, to store its validators.
    Raises a FetchError, or a DiscoveryError when the source's page is not what `sources.yml` says.
    """
    if source.kind == "pages":
        yield from (Item(url) for url in source.urls[: source.max_items])
        return
    seen: set[str] = set()
    for item in _announced(fetcher, source, validators, on_page, since):
        if since and item.published and item.published[:10] < since:
            continue
        key = urls.normalise(item.url)
        if key not in seen and len(seen) < source.max_items:
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
        if on_page:
            on_page(page)
        return page

    for url in source.urls:
        page = get(url)
        if page.not_modified:
            continue
        if source.kind == "feed":
            yield from from_feed(page)
        elif source.kind == "sitemap":
            for entry in from_sitemap(page, get, source.max_items, since=since):
                yield Item(entry.url, entry.title, None, entry.published)
        else:
            yield from from_listing(page, source.selector or "a")


def from_feed(page: Page) -> list[Item]:
    """The entries of an RSS, Atom or JSON feed, in its order. Raises NotAFeed."""
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
    published = datetime(*stamp[:6], tzinfo=UTC).isoformat() if stamp else None
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
        link = urls.join(page.final_url, str(entry.get("url") or "")) if isinstance(entry, dict) else None
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


def _plain(markup: str | None) -> str | None:
    if not markup:
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
