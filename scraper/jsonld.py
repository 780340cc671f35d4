"""The schema.org data of a page, however carelessly it was written."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

ARTICLE_TYPES = {
    "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle",
    "OpinionNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "LiveBlogPosting", "BlogPosting",
    "Report", "SocialMediaPosting", "TechArticle", "ScholarlyArticle", "AdvertiserContentArticle",
}  # fmt: skip
LISTING_TYPES = {"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage", "FAQPage", "ContactPage"}


def objects(tree: HtmlElement) -> list[dict[str, Any]]:
    """Every object of every JSON-LD block, `@graph` and lists opened; blocks beyond repair are passed over."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json":
            found.extend(_flatten(_load(script.text or "")))
    return found


def types(item: dict[str, Any]) -> set[str]:
    """The object's types, without the schema.org prefix."""
    stated = item.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return {name.rsplit("/", 1)[-1] for name in names if isinstance(name, str)}


def articles(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects that are articles, the page's own first: teasers of other stories may be marked up as well."""
    found = [item for item in items if types(item) & ARTICLE_TYPES]
    return sorted(found, key=lambda item: not (item.get("datePublished") and item.get("headline")))


def names(value: Any) -> list[str]:
    """The names in an author, publisher or similar value: text, object, list of either, each as printed."""
    if isinstance(value, str):
        return [name] if (name := " ".join(html.unescape(value).split())) else []
    if isinstance(value, dict):
        return names(value.get("name"))
    if isinstance(value, list):
        return list(dict.fromkeys(name for item in value for name in names(item)))
    return []


def text(value: Any) -> str | None:
    """A text value with entities resolved and white space folded; of a list the first."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, str):
        return None
    return " ".join(html.unescape(value).split()) or None


def _flatten(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _flatten(item)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _flatten(data.get(key)) if isinstance(data.get(key), dict | list) else ()


def _load(source: str) -> Any:
    """The data of a block, with the faults undone that are met in the wild: comment and CDATA wrappers, line breaks
    inside strings, commas before a closing bracket, a second value behind the first."""
    source = re.sub(r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)", "", source)
    source = re.sub(r"(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)\s*;?\s*$", "", source).strip().rstrip(";")
    for candidate in (source, html.unescape(source), re.sub(r",\s*([}\]])", r"\1", source)):
        try:
            return json.JSONDecoder(strict=False).raw_decode(candidate)[0]
        except ValueError:
            continue
    return None
