"""How much of an article the page gave away: a declared paywall and a text that breaks off are two different things.

Many outlets declare a paywall and print the whole text all the same (to count visits), others cut it without a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from lxml.html import HtmlElement

from scraper import jsonld

_PATTERNS = Path(__file__).parent / "patterns" / "access.yml"
_TIER_META = ("article:content_tier", "content_tier", "og:article:content_tier", "cxense:contenttier", "paywall")
_LOCKED = {"locked", "metered", "paid", "premium", "subscriber", "subscribers", "true", "hard", "soft"}
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|\[[+…][^\]]{0,20}\])\W*$")
_QUOTES = re.compile("[“”«»]")
_SHARE = 0.5  # a text with fewer than this share of the words that the page claims for it breaks off
_FEWEST = 60  # words that a page must claim for its article before the shares are compared


def paywalled(items: Sequence[dict[str, Any]], tree: HtmlElement) -> bool | None:
    """Whether the page, whose JSON-LD objects are `items`, declares that only subscribers may read all of it; None when
    it declares nothing."""
    free = next((_truth(item.get("isAccessibleForFree")) for item in jsonld.articles(list(items))), None)
    if free is not None:
        return not free
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or ""
        if name.lower() in _TIER_META and meta.get("content"):
            return str(meta.get("content")).strip().lower() in _LOCKED
    return None


def _truth(value: Any) -> bool | None:
    """schema.org booleans, as they are written: true, "True", "https://schema.org/False"."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).strip().lower().rpartition("/")[2])


def offers(lines: Sequence[str]) -> list[str]:
    """Lines at the end of a text that offer the rest of it to whoever pays or signs in."""
    short = (line for line in lines[-6:] if len(line) <= 200 and not _QUOTES.search(line))
    return [line for line in short if _teasers().search(line)]


def truncated(items: Sequence[dict[str, Any]], lines: Sequence[str], kept: Sequence[str]) -> str | None:
    """Why the text is held to break off, None where nothing speaks for it.

    `lines` is the text before, `kept` after it was tidied: words that offer the rest to subscribers are furniture, but
    they tell.
    """
    offered = offers(lines)
    if offered:
        return f"the page offers the rest: {offered[0]!r}"
    if kept and _ELLIPSIS.search(kept[-1]):
        return f"the last paragraph breaks off: {kept[-1][-40:]!r}"
    words = sum(len(paragraph.split()) for paragraph in kept)
    for article in jsonld.articles(list(items))[:1]:
        claimed = _count(article.get("wordCount"))
        if claimed >= _FEWEST and words < _SHARE * claimed:
            return f"{words} of the {claimed} words that the page states"
    return None


def _count(value: Any) -> int:
    match = re.search(r"\d+", str(value).replace(",", "")) if isinstance(value, int | float | str) else None
    return int(match.group()) if match else 0


@lru_cache(maxsize=1)
def _teasers() -> re.Pattern[str]:
    data = yaml.safe_load(_PATTERNS.read_text(encoding="utf-8"))
    return re.compile(rf"(?:{'|'.join(data['teasers'])})", re.I)
