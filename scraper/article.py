"""What the scraper makes of a page: an Article, the object that `onrecord import` reads as well."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree, html
from lxml.html import HtmlElement

from scraper.body import paragraphs
from scraper.credit import origin
from scraper.errors import NotHtml
from scraper.gate import refuse_by_address, refuse_by_content, refuse_non_html
from scraper.metadata import metadata
from scraper.page import Page
from scraper.sources import Source
from scraper.tidy import tidy
from scraper.urls import canonical, is_home, is_web, normalise


@dataclass(frozen=True, slots=True)
class Article:
    """One version of one article.

    `text` is the body: paragraphs parted by one blank line, typographic quotes as printed. Every offset that the
    project stores counts characters (Python code points) into it.
    `published` and `fetched_at` are ISO 8601; `published` keeps the offset that the page states and is a bare date
    where the page knows only the day. `published_source` says where it was found (`json-ld`, `meta`, `time`, ...).
    `origin` is the credited agency ("The Canadian Press"), None for an outlet's own copy.
    """

    text: str
    url: str | None = None
    id: str | None = None
    title: str | None = None
    published: str | None = None
    outlet: str | None = None
    byline: str | None = None
    origin: str | None = None
    lang: str | None = None
    fetched_at: str | None = None
    published_source: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The article object of the contract (`onrecord read --json`, `onrecord import`)."""
        return asdict(self)


def read(page: Page, source: Source | None = None) -> Article:
    """The article on a page. `source` gives its outlet's name, the zone of times without one, and the language.

    Raises NotHtml, HomePage, ErrorPage, WallPage or NoBody, all of them NotAnArticle, when there is none.
    """
    url = page.final_url or page.url
    refuse_non_html(page)
    tree = parse(page)
    now = datetime.fromisoformat(page.fetched_at) if page.fetched_at else datetime.now(UTC)
    found = metadata(tree, now, source.timezone if source else None, url)
    refuse_by_address(url, found)
    body = tidy(paragraphs(tree, url), found.title, found.authors)
    refuse_by_content(url, found.title, body)
    outlet, site = (source.outlet, source.site) if source else (found.site, None)
    byline = ", ".join(found.authors) or None
    return Article(
        text="\n\n".join(body),
        url=canonical(url, found.canonical, site) if is_web(url) else _own_address(found.canonical),
        title=found.title,
        published=found.published.iso if found.published else None,
        outlet=outlet,
        byline=byline,
        origin=origin(found.authors, body, outlet, found.credits),
        lang=found.lang or (source.lang if source else None),
        fetched_at=page.fetched_at,
        published_source=found.published_source,
    )


def parse(page: Page) -> HtmlElement:
    """The tree of an HTML page. Raises NotHtml."""
    # NUL and other control characters cannot stand in a tree.
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", page.text)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        tree = html.document_fromstring(text, parser=html.HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise NotHtml(page.final_url or page.url, f"cannot be read as HTML ({error})") from error
    return tree


def _own_address(declared: str | None) -> str | None:
    """Of a saved page whose address is not known: what it declares itself, unless that is a home page."""
    return normalise(declared) if declared and is_web(declared) and not is_home(declared) else None
