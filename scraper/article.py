"""What the scraper makes of a page: an Article, the object that `onrecord import` reads as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree, html
from lxml.html import HtmlElement

from scraper import access, jsonld, live
from scraper.blocks import lines_of
from scraper.body import paragraphs, prose_of, take_out_hidden
from scraper.credit import origin
from scraper.errors import NotHtml
from scraper.gate import refuse_by_address, refuse_by_content, refuse_non_html
from scraper.metadata import CONFIDENCE, metadata
from scraper.page import Page
from scraper.recurring import edge_lines, without_recurring
from scraper.sources import Source
from scraper.templates import template_for
from scraper.tidy import LeftOut, tidy
from scraper.urls import canonical, is_home, is_web, normalise

Recurring = Callable[[str, Sequence[str]], Collection[str]]
MOST_OUTSIDE = 100  # paragraphs beside the article that are told of: a page of lists is not copied


@dataclass(frozen=True, slots=True)
class Segment:
    """One update of a live blog: `article.text[start:end]`, with its headline, when it was published (ISO 8601) and its
    place on the page (`#anchor`), each None where the page does not say."""

    start: int
    end: int
    title: str | None = None
    published: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One version of one article.

    `text` is the body: paragraphs parted by one blank line, typographic quotes as printed. Every offset that the
    project stores counts characters (Python code points) into it.
    `published` and `fetched_at` are ISO 8601; `published` keeps the offset that the page states and is a bare date
    where the page knows only the day. `published_source` says where it was found (`json-ld`, `meta`, `time`, ...),
    `published_confidence` how often a day found there was right; `modified` with its source is the same of the last
    change that the page states.
    `origin` is the credited agency ("The Canadian Press"), None for an outlet's own copy. `paywalled` is what the page
    declares (None: nothing), `truncated` why the text is held to break off; the one often goes without the other.
    `segments` are the updates of a live blog, `left_out` the (reason, text) of paragraphs that are not the article's;
    `missed` the selectors of the outlet's template that found nothing.
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
    published_confidence: float | None = None
    modified: str | None = None
    modified_source: str | None = None
    section: str | None = None
    paywalled: bool | None = None
    truncated: str | None = None
    segments: tuple[Segment, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    missed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The article object of the contract (`onrecord read --json`, `onrecord import`)."""
        return {name: value for name, value in asdict(self).items() if name not in ("left_out", "missed")}


def read(page: Page, source: Source | None = None, recurring: Recurring | None = None) -> Article:
    """The article on a page. `source` gives its outlet's name and templates, the zone of times without one, and the
    language. `recurring(url, lines)` says which of `lines` other pages of the site have too (see scraper.recurring).

    Raises NotHtml, HomePage, ErrorPage, WallPage or NoBody, all of them NotAnArticle, when there is none.
    """
    address = page.final_url or page.url
    refuse_non_html(page)
    tree = parse(page)
    now = datetime.fromisoformat(page.fetched_at) if page.fetched_at else datetime.now(UTC)
    zone, site = (source.timezone, source.site) if source else (None, None)
    found = metadata(tree, now, zone, address)
    items = jsonld.objects(tree)
    paywalled = access.paywalled(items, tree)
    template = template_for(f"https://{site}" if site else address, now.date(), source.templates if source else ())
    left_out: list[LeftOut] = []
    if template:
        left_out += template.take_out(tree)
        found = template.corrected(tree, found, zone)
    refuse_by_address(address, found)
    url = canonical(address, found.canonical, site) if is_web(address) else _own_address(found.canonical)
    updates = live.take_updates(items, tree, now, zone) if live.is_live(items, tree) else []
    printed = prose_of(tree)
    elements = template.narrowed(tree) if template else []
    left_out += take_out_hidden(tree)
    lines = [line for e in elements for line in lines_of(e)] if elements else paragraphs(tree, address)
    body, untidy = tidy(lines, found.title, found.authors)
    broken_off = None if updates else access.truncated(items, lines, body)
    offered = access.offers(body)
    told = {line for update in updates for line in update.paragraphs}
    body = [line for line in body if line not in offered and line not in told]
    body, recurred = without_recurring(body, recurring(url, edge_lines(body)) if recurring and url else ())
    left_out += [*(("offer", line) for line in offered), *(("recurring", line) for line in recurred), *untidy]
    parts = [body]
    for update in updates:
        kept, untidy = tidy(update.paragraphs, None, ())
        parts.append(kept)
        left_out += untidy
    refuse_by_content(address, found.title, [line for part in parts for line in part])
    return Article(
        text="\n\n".join(line for part in parts for line in part),
        url=url,
        title=found.title,
        published=found.published.iso if found.published else None,
        outlet=source.outlet if source else found.site,
        byline=", ".join(found.authors) or None,
        origin=origin(found.authors, body, source.outlet if source else found.site, found.credits),
        lang=found.lang or (source.lang if source else None),
        fetched_at=page.fetched_at,
        published_source=found.published_source,
        published_confidence=CONFIDENCE.get(found.published_source or ""),
        modified=found.modified.iso if found.modified else None,
        modified_source=found.modified_source,
        section=found.section,
        paywalled=paywalled,
        truncated=broken_off,
        segments=_segments(parts, updates),
        left_out=_left_out(printed, [line for part in parts for line in part], left_out),
        missed=tuple(template.missed) if template else (),
    )


def _left_out(printed: Sequence[str], kept: Sequence[str], known: Sequence[LeftOut]) -> tuple[LeftOut, ...]:
    """Every paragraph that was taken out, once, with its reason; behind them those that stand in another part of the
    page, which trafilatura did not hold for the article: "outside the article", at most `MOST_OUTSIDE`."""
    text, stays = "\n".join(kept), set(kept)
    reasons = {line: reason for reason, line in reversed(known) if line not in stays}
    taken_out = [(reasons[line], line) for line in dict.fromkeys(line for _, line in known) if line in reasons]
    outside = [("outside the article", line) for line in printed if line not in reasons and line not in text]
    return (*taken_out, *outside[:MOST_OUTSIDE])


def _segments(parts: Sequence[Sequence[str]], updates: Sequence[live.Update]) -> tuple[Segment, ...]:
    """Where the updates stand in the text, of which `parts` are the paragraphs, the introduction's first."""
    start, found = 0, []
    for part, update in zip(parts, [None, *updates], strict=True):
        length = sum(map(len, part)) + 2 * max(len(part) - 1, 0)  # a blank line between two paragraphs
        if update and part:
            found.append(Segment(start, start + length, update.title, update.published, update.anchor))
        start += length + 2 if part else 0
    return tuple(found)


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
