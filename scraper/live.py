"""Live blogs: one page with many updates, each with an instant of its own.

A page is taken for a live blog only when it declares itself one (schema.org `LiveBlogPosting`, as JSON-LD or as
microdata). Its updates are read from the page where their elements can be found, so that the text is what is printed;
else from the declaration.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement, fragment_fromstring

from scraper import instants, jsonld
from scraper.blocks import lines_of, words_of

_MOST = 2000  # updates of one page that are read; nobody writes more by hand


@dataclass(frozen=True, slots=True)
class Update:
    """One update of a live blog: its paragraphs, with its headline as the first where it has one. `published` is ISO
    8601 and None where the update does not say; `anchor` is its place on the page (`#…`)."""

    paragraphs: tuple[str, ...]
    title: str | None = None
    published: str | None = None
    anchor: str | None = None


def is_live(items: Sequence[dict[str, Any]], tree: HtmlElement) -> bool:
    """Whether the page declares itself a live blog."""
    return any("LiveBlogPosting" in jsonld.types(item) for item in items) or bool(
        tree.xpath("//*[contains(@itemtype, 'schema.org/LiveBlogPosting')]")
    )


def take_updates(
    items: Sequence[dict[str, Any]], tree: HtmlElement, now: datetime, zone: str | None = None
) -> list[Update]:
    """The updates in the order of the page, taken out of `tree`: what is left there is the blog's own introduction.

    `now` (aware) is when the page was fetched: an update dated later has no date. `zone` names the time zone of times
    without an offset.
    """
    stated = [entry for item in items if "LiveBlogPosting" in jsonld.types(item) for entry in _entries(item)]
    anchored = [(node, entry) for entry in stated if (node := _node(tree, _anchor(entry))) is not None]
    nodes = {node for node, _ in anchored}
    placed = [(element, entry) for node, entry in anchored if (element := _element(node, nodes)) is not None]
    if stated and len(placed) * 2 >= len(stated):
        order = {element: n for n, element in enumerate(tree.iter("*"))}
        placed = sorted(dict(placed).items(), key=lambda pair: order[pair[0]])
        found = [_from_element(element, entry, now, zone) for element, entry in placed]
        for element, _ in placed:
            element.drop_tree()
    else:
        marked = tree.xpath("//*[contains(concat(' ', @itemprop, ' '), ' liveBlogUpdate ')]")
        found = [_from_element(element, {}, now, zone) for element in marked]
        for element in marked:
            element.drop_tree()
        if not any(update.paragraphs for update in found):
            found = [_from_entry(entry, now, zone) for entry in stated]
    return [update for update in found if update.paragraphs][:_MOST]


def _entries(item: dict[str, Any]) -> list[dict[str, Any]]:
    updates = item.get("liveBlogUpdate")
    updates = updates if isinstance(updates, list) else [updates]
    return [update for update in updates if isinstance(update, dict)]


def _anchor(entry: dict[str, Any]) -> str | None:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = entry.get(key)
        if isinstance(value, str) and (fragment := urlsplit(value).fragment):
            return fragment
    return None


def _node(tree: HtmlElement, anchor: str | None) -> HtmlElement | None:
    if anchor is None:
        return None
    return next(iter(tree.xpath("//*[@id = $anchor or @name = $anchor]", anchor=anchor)), None)


def _element(node: HtmlElement, nodes: Collection[HtmlElement]) -> HtmlElement | None:
    """The update that the anchor `node` stands in: the first element around it with a paragraph, or that is made for
    such a part, unless it holds the anchor of another update as well."""
    while node is not None and node.tag not in ("body", "main", "html"):
        if node.tag in ("article", "section", "li") or node.find(".//p") is not None:
            return node if sum(inner in nodes for inner in node.iter()) == 1 else None
        node = node.getparent()
    return None


def _from_element(element: HtmlElement, entry: dict[str, Any], now: datetime, zone: str | None) -> Update:
    heading = next((e for e in element.iter("h1", "h2", "h3", "h4") if words_of(e)), None)
    title = jsonld.text(entry.get("headline")) or (words_of(heading) if heading is not None else None)
    dated = element.xpath(".//*[@itemprop='datePublished'] | .//time[@datetime]")
    stamps = [entry.get("datePublished"), *(e.get("datetime") or e.get("content") for e in dated)]
    stamp = next((one for one in stamps if one), None)
    lines = lines_of(element)
    clocks = {words_of(e) for e in dated}  # the time of day that stands above or below an update is not its text
    lines = [line for line in lines if line not in clocks]
    anchor = element.get("id") or _anchor(entry)
    return Update(tuple(lines), title, _instant(stamp, now, zone), anchor)


def _from_entry(entry: dict[str, Any], now: datetime, zone: str | None) -> Update:
    title = jsonld.text(entry.get("headline"))
    body = entry.get("articleBody") or entry.get("text")
    body = body if isinstance(body, str) else ""
    if re.search(r"<p\b|<br\b", body, re.I):
        lines = lines_of(fragment_fromstring(body, create_parent="div"))
    else:
        lines = [line for part in html.unescape(body).splitlines() if (line := " ".join(part.split()))]
    if title and lines and title not in lines[:2]:
        lines.insert(0, title)
    return Update(tuple(lines), title, _instant(entry.get("datePublished"), now, zone), _anchor(entry))


def _instant(stamp: Any, now: datetime, zone: str | None) -> str | None:
    instant = instants.parse(stamp, zone) if isinstance(stamp, str) else None
    return instant.iso if instant and not instants.is_future(instant, now) else None
