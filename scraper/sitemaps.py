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
GZIP = b"\x1f\x8b"
EVERYTHING = 100_000  # addresses of a sitemap, where no other limit is given
MAX_DEPTH = 2
MAX_CHILDREN = 8
MAX_SINCE = 100  # children, when the days asked for may be in any of them


@dataclass(frozen=True, slots=True)
class Entry:
    """A `<url>` or `<sitemap>`. Title, keywords and `published` are of the news extension, `changed` is `lastmod`."""

    url: str
    title: str | None = None
    published: str | None = None
    changed: str | None = None
    keywords: str | None = None

    @property
    def date(self) -> str | None:
        return self.published or self.changed


def is_index(page: Page) -> bool:
    """Whether a page is an index of sitemaps, by its beginning."""
    return b"<sitemapindex" in (page.body[:4096] if not page.body.startswith(GZIP) else unpack(page)[:4096])


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
            children = [child for child in children if not child.date or child.date[:10] >= since]
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
        root = etree.fromstring(unpack(page).lstrip(), parser)
    except etree.XMLSyntaxError as error:
        raise NotASitemap(page.url, f"not XML ({error})") from error
    if root is None:
        raise NotASitemap(page.url, "not XML")
    return root


def unpack(page: Page) -> bytes:
    if not page.body.startswith(GZIP):
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
            published, changed = (instants.parse(_text(node, tag)) for tag in ("publication_date", "lastmod"))
            found.append(
                Entry(
                    url,
                    _text(node, "title"),
                    published.iso if published else None,
                    changed.iso if changed else None,
                    _text(node, "keywords"),
                )
            )
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
    return sorted(entries, key=lambda entry: instants.sort_key(entry.date), reverse=True)
