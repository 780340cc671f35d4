"""Sitemaps and news sitemaps, plain or gzipped, and the indexes that point to them."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from scraper import instants, urls
from scraper.errors import NotASitemap, ScrapeError, TooLarge
from scraper.page import Page

log = logging.getLogger(__name__)

MAX_BYTES = 50 * 1024 * 1024  # what sitemaps.org allows a sitemap to have, unpacked
MAX_DEPTH = 2
MAX_CHILDREN = 8
MAX_SINCE = 100  # children, when the days asked for may be in any of them


@dataclass(frozen=True, slots=True)
class Entry:
    """A `<url>` or `<sitemap>`. `published` is the news extension's date, else `lastmod`."""

    url: str
    title: str | None = None
    published: str | None = None


def from_sitemap(
    page: Page, get: Callable[[str], Page], limit: int, depth: int = 0, since: str | None = None
) -> Iterator[Entry]:
    """The newest `limit` addresses of a sitemap. Of an index, the newest children are fetched with `get`; one that
    fails is logged and the others still count. With `since` (a day) all children are fetched that may hold something
    that was published on it or later. Raises NotASitemap."""
    root = _parse(page)
    kind = etree.QName(root).localname
    if kind == "urlset":
        yield from _newest(_entries(root, "url", page.final_url))[:limit]
    elif kind == "sitemapindex" and depth < MAX_DEPTH:
        children = _newest(_entries(root, "sitemap", page.final_url))
        if since:
            children = [child for child in children if not child.published or child.published[:10] >= since]
        for child in children[: MAX_SINCE if since else MAX_CHILDREN]:
            try:
                answer = get(child.url)
                if not answer.not_modified:
                    yield from from_sitemap(answer, get, limit, depth + 1, since)
            except ScrapeError as error:
                log.warning("left out of the index %s: %s", page.url, error)
    else:
        raise NotASitemap(page.url, f"its outermost element is <{kind}>, not <urlset> or <sitemapindex>")


def _parse(page: Page) -> etree._Element:
    # No entities, no DTD, no network: a sitemap comes from strangers.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(_unpack(page).lstrip(), parser)
    except etree.XMLSyntaxError as error:
        raise NotASitemap(page.url, f"not XML ({error})") from error
    if root is None:
        raise NotASitemap(page.url, "not XML")
    return root


def _unpack(page: Page) -> bytes:
    if not page.body.startswith(b"\x1f\x8b"):
        return page.body
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        body = decoder.decompress(page.body, MAX_BYTES + 1)
    except zlib.error as error:
        raise NotASitemap(page.url, f"its gzip is broken ({error})") from error
    if len(body) > MAX_BYTES:
        raise TooLarge(page.url, f"more than {MAX_BYTES:,} bytes when unpacked")
    return body


def _entries(root: etree._Element, name: str, base: str) -> list[Entry]:
    found = []
    for node in root.iterchildren(f"{{*}}{name}"):
        url = urls.join(base, _text(node, "loc") or "")
        if url:
            instant = instants.parse(_text(node, "publication_date") or _text(node, "lastmod"))
            found.append(Entry(url, _text(node, "title"), instant.iso if instant else None))
    return found


def _text(node: etree._Element, name: str) -> str | None:
    for child in node.iter(f"{{*}}{name}"):
        # <image:title> and <video:title> are not the article's.
        if not isinstance(child.tag, str) or any(word in child.tag for word in ("image", "video")):
            continue
        return " ".join((child.text or "").split()) or None
    return None


def _newest(entries: list[Entry]) -> list[Entry]:
    """Dated entries first, the newest foremost; undated ones keep their order."""
    return sorted(entries, key=lambda entry: instants.sort_key(entry.published), reverse=True)
