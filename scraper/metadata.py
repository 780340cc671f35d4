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
from lxml.html import HtmlElement

from scraper import instants, jsonld
from scraper.instants import Instant

log = logging.getLogger(__name__)

_PUBLISHED_META = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time",
    "datepublished", "date_published", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "publish-date", "publish_date", "published_date", "publication_date", "pubdate", "publishdate", "article.published",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date", "article_date_original",
    "originalpublicationdate", "rnews:datepublished", "date", "last-published", "citation_date", "release_date",
)  # fmt: skip
_AUTHOR_META = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl", "citation_author"
)  # fmt: skip
_SECTION_META = ("article:section", "section", "parsely-section", "cxenseparse:section")
_NOT_A_NAME = re.compile(r"https?:|www\.|@|^\W*$|^(?:staff|admin|editor|newsroom|unknown|none|null)$", re.I)


@dataclass(frozen=True, slots=True)
class Metadata:
    """`published` with `published_source` ("json-ld", "meta", "time", "htmldate"); `credits` are further lines that
    may name an agency; `is_article` and `is_listing` are what the page declares itself to be."""

    title: str | None
    authors: tuple[str, ...]
    published: Instant | None
    published_source: str | None
    modified: Instant | None
    section: str | None
    lang: str | None
    site: str | None
    canonical: str | None
    credits: tuple[str, ...]
    free: bool | None
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
    kinds = set().union(*(jsonld.types(item) for item in items)) if items else set()
    return Metadata(
        title=_title(tree, article, metas, site),
        authors=_authors(tree, article, metas, site),
        published=published,
        published_source=where,
        modified=instants.parse(article.get("dateModified") or _first(metas, "article:modified_time"), zone),
        section=jsonld.text(article.get("articleSection")) or _first(metas, *_SECTION_META),
        lang=_language(tree, article, metas),
        site=site,
        canonical=_canonical(tree, metas),
        credits=tuple(_credits(article)),
        free=_free(article),
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
    """The headline as the page prints it (its only `h1`), when metadata agree with it; else what they state."""
    stated = [
        title
        for title in (jsonld.text(article.get("headline")), *metas.get("og:title", ()), *metas.get("twitter:title", ()))
        if title
    ]
    window = tree.find(".//title")
    if window is not None and window.text_content().strip():
        stated.append(" ".join(window.text_content().split()))
    stated = [_without_site(title, site) for title in stated]
    headings = [" ".join(heading.text_content().split()) for heading in tree.iter("h1")]
    for heading in filter(None, headings):
        if any(_key(heading) == _key(title) or _heads(heading, title) for title in stated):
            return heading
    if stated:
        return stated[0]
    return next(filter(None, headings), None)


def _heads(heading: str, title: str) -> bool:
    """Whether `title` is `heading` with a site's or a section's name behind it."""
    return title.startswith(heading) and re.match(r"\s+[|–—·•-]\s", title[len(heading) :]) is not None


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
        found = [
            " ".join(node.text_content().split())
            for node in tree.xpath('//*[@rel="author" or @itemprop="author"][not(self::meta) and not(self::link)]')
        ]
    if not found:
        lines = (" ".join(node.text_content().split()) for node in tree.xpath('//*[contains(@class, "byline")]'))
        found = [line for line in lines if re.match(r"(?:by|par)\b", line, re.I)][:1]
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
    stated += [("time", value) for value in _times(tree)]
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


def _times(tree: HtmlElement) -> list[str]:
    """`<time>` elements that say they are the publication: by itemprop, `pubdate` or class, or the page's only one
    outside teasers."""
    marked = tree.xpath('//*[@itemprop="datePublished"] | //time[@pubdate]')
    marked += [
        node for node in tree.iter("time") if re.search(r"publi|post(?:ed)?-?(?:date|on)|entry-date", _label(node))
    ]
    if not marked:
        days = tree.xpath("//article//header//time | //header//time[not(ancestor::nav)] | //h1/following::time[1]")
        marked = [node for node in days if not re.search(r"updat|modif", _label(node))]
    return [node.get("datetime") or node.get("content") or node.text_content() for node in marked]


def _label(node: HtmlElement) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}".lower()


def _by_htmldate(tree: HtmlElement, now: datetime) -> tuple[Instant | None, str | None]:
    try:
        found = find_date(tree, original_date=True, extensive_search=False, max_date=now.date().isoformat())
    except (ValueError, TypeError, AttributeError) as error:
        log.info("htmldate failed (%s)", error)
        return None, None
    instant = instants.parse(found)
    return (instant, "htmldate") if instant else (None, None)


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


def _free(article: dict[str, Any]) -> bool | None:
    stated = article.get("isAccessibleForFree")
    if isinstance(stated, bool):
        return stated
    return {"true": True, "false": False}.get(str(stated).strip().lower()) if stated is not None else None
