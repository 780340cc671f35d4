"""What a page says about its article: title, authors, when it was published, language, credited agency.

Each fact is taken from the most explicit place that has it: JSON-LD Article, then meta tags, then the visible page.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from htmldate import find_date
from lxml import etree
from lxml.html import HtmlElement

from scraper import instants, jsonld, visible
from scraper.instants import Instant

log = logging.getLogger(__name__)

_PUBLISHED_META = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time",
    "datepublished", "date_published", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "publish-date", "publish_date", "published_date", "publication_date", "pubdate", "publishdate", "article.published",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date", "article_date_original",
    "originalpublicationdate", "rnews:datepublished", "date", "last-published", "citation_date", "release_date",
)  # fmt: skip
_MODIFIED_META = (
    "article:modified_time", "article:modified", "og:updated_time", "datemodified", "last-modified", "dcterms.modified",
    "lastmod",
)  # fmt: skip
# How often the day was right by where it was found, on article_dates and article_metadata, one right and one wrong
# added (`python -m bench.run_publication_dates`). A template was written by somebody who looked; a listing: a guess.
CONFIDENCE = {"json-ld": 0.95, "meta": 0.96, "page": 0.75, "htmldate": 0.81, "template": 0.95, "listing": 0.75}
_AUTHOR_META = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
    "citation_author",
)  # fmt: skip
_TITLE_META = ("og:title", "twitter:title", "dcterms.title", "dc.title", "parsely-title", "citation_title")
_SECTION_META = ("article:section", "section", "parsely-section", "cxenseparse:section")
_NOT_A_NAME = re.compile(r"https?:|www\.|[@:()]|^\W*$|^(?:staff|admin|editor|newsroom|unknown|none|null)$", re.I)


@dataclass(frozen=True, slots=True)
class Metadata:
    """`published` with `published_source` ("json-ld", "meta", "page", "htmldate"); `credits` are further lines that
    may name an agency; `is_article` and `is_listing` are what the page declares itself to be."""

    title: str | None
    authors: tuple[str, ...]
    published: Instant | None
    published_source: str | None
    modified: Instant | None
    modified_source: str | None
    section: str | None
    lang: str | None
    site: str | None
    canonical: str | None
    credits: tuple[str, ...]
    is_article: bool
    is_listing: bool


def metadata(tree: HtmlElement, now: datetime, zone: str | None = None, url: str | None = None) -> Metadata:
    """What the page at `url` declares. `now` (aware) is when it was fetched: nothing was published after that.
    `zone` names the time zone of times without an offset."""
    items = jsonld.objects(tree)
    articles = jsonld.articles(items)
    metas = _metas(tree)
    article = articles[0] if articles else {}
    site = _first(metas, "og:site_name") or next(iter(jsonld.names(article.get("publisher"))), None)
    published, where = _published(tree, articles, metas, now, zone)
    modified, modified_where = _modified(article, metas, published, now, zone)
    kinds = set().union(*(jsonld.types(item) for item in items)) if items else set()
    return Metadata(
        title=_title(tree, article, metas, site),
        authors=_authors(tree, article, metas, site),
        published=published,
        published_source=where,
        modified=modified,
        modified_source=modified_where,
        section=jsonld.text(article.get("articleSection")) or _first(metas, *_SECTION_META),
        lang=_language(tree, article, metas),
        site=site,
        canonical=_canonical(tree, metas),
        credits=tuple(_credits(article)),
        is_article=bool(articles) or (_first(metas, "og:type") or "").lower() in ("article", "news"),
        is_listing=not articles and bool(kinds & jsonld.LISTING_TYPES),
    )


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    """Contents of the meta tags by lower-case name, property or itemprop."""
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _first(metas: dict[str, list[str]], *names: str) -> str | None:
    return next((metas[name][0] for name in names if name in metas), None)


def _title(tree: HtmlElement, article: dict[str, Any], metas: dict[str, list[str]], site: str | None) -> str | None:
    """The headline: a stated one that the page prints as its `h1`, else the first stated, else the `h1`.

    Sites state shortened or search-engine titles beside the headline; the one that is printed tells them apart.
    """
    stated = [jsonld.text(article.get("headline")), *(_first(metas, name) for name in _TITLE_META)]
    titles = [_without_site(title, site) for title in stated if title]
    headings = [text for heading in tree.iter("h1") if (text := " ".join(heading.text_content().split()))]
    printed = next((title for title in titles if title in headings), None)
    if printed or titles:
        return printed or titles[0]
    window = " ".join((tree.findtext(".//title") or "").split())
    # "Headline - Site": of a page without metadata the heading that opens the window's title.
    opening = next((text for text in headings if window.startswith(text)), None)
    return opening or (_without_site(window, site) if window else next(iter(headings), None))


def _key(title: str) -> str:
    return re.sub(r"\W+", "", title).casefold()


def _without_site(title: str, site: str | None) -> str:
    """ "Story | Section | The Example" without the site's name at its end."""
    parts = re.split(r"\s+[|–—·•-]\s+", title)
    if len(parts) < 2 or not site:
        return title
    last = _key(parts[-1])
    same = last and (last in _key(site) or _key(site) in last)
    return title[: title.rindex(parts[-1])].rstrip(" |–—·•-") if same else title


def _authors(
    tree: HtmlElement, article: dict[str, Any], metas: dict[str, list[str]], site: str | None
) -> tuple[str, ...]:
    found = jsonld.names(article.get("author"))
    if not found:
        found = next((metas[name] for name in _AUTHOR_META if name in metas), [])
    if not found:
        found = visible.bylines(tree)
    names = (name for line in found for name in _split_names(line))
    kept = [name for name in names if not _NOT_A_NAME.search(name) and len(name) <= 80 and name != site]
    return tuple(dict.fromkeys(kept))


def _split_names(line: str) -> list[str]:
    line = re.sub(r"^\s*(?:by|par|written by)\b:?\s+", "", line, flags=re.I)
    return [name.strip(" ,;|") for name in re.split(r"\s*(?:;|\||,|\band\b|\bet\b|&)\s*", line) if name.strip(" ,;|")]


def _published(
    tree: HtmlElement, articles: list[dict[str, Any]], metas: dict[str, list[str]], now: datetime, zone: str | None
) -> tuple[Instant | None, str | None]:
    """The instant and where it was found: the first explicit statement that can be true, with its time if any
    statement of the same day has one."""
    stated = [("json-ld", jsonld.text(article.get("datePublished"))) for article in articles]
    stated += [("meta", value) for name in _PUBLISHED_META for value in metas.get(name, ())]
    stated += [("page", value) for value in visible.date_lines(tree)]
    parsed = [(where, instants.parse(value, zone)) for where, value in stated]
    possible = [(where, instant) for where, instant in parsed if instant and not instants.is_future(instant, now)]
    if not possible:
        return _by_htmldate(tree, now)
    where, instant = possible[0]
    if instant.moment is None:
        for other, candidate in possible:
            if candidate.moment and candidate.day == instant.day:
                return candidate, other
    return instant, where


def _modified(
    article: dict[str, Any], metas: dict[str, list[str]], published: Instant | None, now: datetime, zone: str | None
) -> tuple[Instant | None, str | None]:
    """When the page says it was last changed; nothing that lies ahead, or before the publication."""
    stated = [("json-ld", jsonld.text(article.get("dateModified")))]
    stated += [("meta", value) for name in _MODIFIED_META for value in metas.get(name, ())]
    for where, value in stated:
        found = instants.parse(value, zone)
        if found and not instants.is_future(found, now) and not (published and instants.is_before(found, published)):
            return found, where
    return None, None


def _by_htmldate(tree: HtmlElement, now: datetime) -> tuple[Instant | None, str | None]:
    try:
        found = find_date(tree, original_date=True, extensive_search=True, max_date=now.date().isoformat())
    except (ValueError, TypeError, AttributeError) as error:
        log.info("htmldate failed (%s)", error)
        return None, None
    instant = instants.parse(found)
    if instant and _is_ambiguous(tree, instant):
        return None, None
    # New Year's Day is what it answers when it found no more than a year.
    if instant is None or (instant.day.month, instant.day.day) == (1, 1):
        return None, None
    return instant, "htmldate"


def _language(tree: HtmlElement, article: dict[str, Any], metas: dict[str, list[str]]) -> str | None:
    stated = tree.get("lang") or jsonld.text(article.get("inLanguage")) or _first(metas, "og:locale", "language")
    match = re.match(r"([a-zA-Z]{2})(?:[-_]|$)", stated or "")
    return match.group(1).lower() if match else None


def _canonical(tree: HtmlElement, metas: dict[str, list[str]]) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return str(link.get("href"))
    return _first(metas, "og:url")


def _credits(article: dict[str, Any]) -> list[str]:
    keys = ("sourceOrganization", "creditText", "contributor", "provider")
    return [name for key in keys for name in jsonld.names(article.get(key))]


def _is_ambiguous(tree: HtmlElement, found: Instant) -> bool:
    """Whether the day rests on figures only that could be read the other way round: 03/04/2024 is nobody's date."""
    day, month, year = found.day.day, found.day.month, found.day.year
    if day > 12 or day == month:
        return False
    source = etree.tostring(tree, encoding="unicode")
    either = rf"(?:0?{day}[/.-]0?{month}|0?{month}[/.-]0?{day})[/.-](?:{year}|{year % 100:02})(?!\d)"
    clear = rf"{year}[/.-]?0?{month}[/.-]?0?{day}(?!\d)"
    return bool(re.search(rf"(?<!\d){either}", source)) and not re.search(rf"(?<!\d){clear}", source)
