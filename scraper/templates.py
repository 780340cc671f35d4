"""Per-outlet reading: what general rules cannot know about one outlet's pages, as dated data.

A template says with CSS selectors where an outlet's text, headline, byline and date stand and what is to be taken out.
`patterns/outlets.yml` holds those that ship, `sources.yml` (`templates` of a source) a newsroom's own, which go first.
Outlets redesign: each entry has the first day of its design, so that a page from an archive is read by the design of
its time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml
from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from scraper import instants
from scraper.blocks import lines_of, words_of
from scraper.tidy import LeftOut

if TYPE_CHECKING:
    from scraper.metadata import Metadata

_PATTERNS = Path(__file__).parent / "patterns" / "outlets.yml"
SELECTORS = ("text", "title", "byline", "published")
SETTINGS = ("since", "drop", *SELECTORS)


class BadTemplate(ValueError):
    """An entry that cannot be used, by its setting, and why."""


@dataclass(frozen=True, slots=True)
class Template:
    """How the pages of one outlet are read, from the day `since` on (None: always).

    `text` selects the elements that hold the article's paragraphs: all of their text is the article's, and nothing
    else is. `drop` selects what is taken out first; `title`, `byline` and `published` what states those facts.
    """

    since: date | None = None
    text: str | None = None
    drop: tuple[str, ...] = ()
    title: str | None = None
    byline: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """A template at work on one page: `missed` are its selectors that found nothing there (was it redesigned?)."""

    template: Template
    missed: list[str] = field(default_factory=list)

    def take_out(self, tree: HtmlElement) -> list[LeftOut]:
        """Remove what `drop` selects, and return its lines; that a page has none of it is no fault."""
        left_out: list[LeftOut] = []
        for selector in self.template.drop:
            for element in _compiled(selector)(tree):
                if element.getparent() is not None:
                    left_out += (("template", line) for line in lines_of(element))
                    element.drop_tree()
        return left_out

    def narrowed(self, tree: HtmlElement) -> list[HtmlElement]:
        """The elements that hold the text, in the page's order, none of them within another."""
        found = self._found(tree, "text")
        return [element for element in found if not any(other in found for other in element.iterancestors())]

    def corrected(self, tree: HtmlElement, found: Metadata, zone: str | None) -> Metadata:
        """`found` with what the template's own selectors say instead."""
        if self._wants("title") and (elements := self._found(tree, "title")):
            found = replace(found, title=words_of(elements[0]) or found.title)
        if self._wants("byline"):
            names = tuple(dict.fromkeys(name for e in self._found(tree, "byline") if (name := words_of(e))))
            found = replace(found, authors=names or found.authors)
        if self._wants("published"):
            for element in self._found(tree, "published"):
                instant = instants.parse(element.get("datetime") or element.get("content") or words_of(element), zone)
                if instant:
                    return replace(found, published=instant, published_source="template")
        return found

    def _wants(self, setting: str) -> bool:
        return getattr(self.template, setting) is not None

    def _found(self, tree: HtmlElement, setting: str) -> list[HtmlElement]:
        selector = getattr(self.template, setting)
        elements = list(_compiled(selector)(tree)) if selector else []
        if selector and not elements:
            self.missed.append(f"{setting}: {selector}")
        return elements


def template_for(url: str, day: date, own: Sequence[Template] = ()) -> Fitted | None:
    """The template of the page at `url` fetched on `day`: the latest that had begun, the source's `own` before ours."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    for known in (own, _shipped().get(host, ())):
        begun = [template for template in known if template.since is None or template.since <= day]
        if begun:
            return Fitted(max(begun, key=lambda template: template.since or date.min))
    return None


def parse(entry: Any) -> Template:
    """A template from its YAML mapping. Raises BadTemplate."""
    if not isinstance(entry, dict):
        raise BadTemplate(f"must be a mapping with {', '.join(SETTINGS)}")
    for name in entry:
        if name not in SETTINGS:
            raise BadTemplate(f"{name}: not a setting of a template; known are {', '.join(SETTINGS)}")
    since = entry.get("since")
    if since is not None and type(since) is not date:
        raise BadTemplate(f"since: {since!r} is not a day; write 2024-09-01")
    drop = entry.get("drop") or []
    drop = [drop] if isinstance(drop, str) else drop
    if not isinstance(drop, list):
        raise BadTemplate("drop: must be a CSS selector or a list of them")
    for name, selector in [*((name, entry.get(name)) for name in SELECTORS), *(("drop", one) for one in drop)]:
        _check(name, selector)
    return Template(since, drop=tuple(drop), **{name: entry.get(name) for name in SELECTORS})


def _check(name: str, selector: Any) -> None:
    if selector is None and name != "drop":
        return
    if not isinstance(selector, str) or not selector.strip():
        raise BadTemplate(f"{name}: {selector!r} is not a CSS selector")
    try:
        CSSSelector(selector)
    except SelectorError as error:
        raise BadTemplate(f"{name}: {selector!r} is not a CSS selector ({error})") from error


@lru_cache(maxsize=256)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector)


@lru_cache(maxsize=1)
def _shipped() -> dict[str, list[Template]]:
    data = yaml.safe_load(_PATTERNS.read_text(encoding="utf-8")) or {}
    return {host: [parse(entry) for entry in entries] for host, entries in data.items()}
