"""What a page prints about its article, for pages whose metadata say nothing: byline and date line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?(?:[-_]?(?:name|line))?|contributors?|credit-?line)(?:$|[\s_])", re.I
)
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:(?:date|time)[-_]?(?:line|stamp|posted|published)?|posted(?:[-_]?on)?|published(?:[-_]?(?:on|date))?"
    r"|publish(?:ed)?[-_]?(?:date|time)|pub[-_]?date|post[-_]?(?:date|time|meta)|entry-date|article[-_]?date)(?:$|[\s_])",
    re.I,
)
_UPDATED = re.compile(r"updat|modif|mise à jour", re.I)
# A name: two to five words with capitals, particles and initials between them.
_NAME = r"[A-ZÀ-ÖØ-Þ][\w.’'-]+(?:\s+(?:(?:de|du|la|le|van|von|der|den|bin|al|of)\s+)*[A-ZÀ-ÖØ-Þ][\w.’'-]*){1,4}"
_BY = re.compile(r"^(?:by|par|written by|reported by)\s*:?\s+(?P<names>.+)$", re.I)
_AFTER_NAMES = re.compile(
    r"\s*[|•·]\s.*$|[,\s]*\b(?:published|posted|updated|on|publié)\b.*$|[,\s]*\b\w{3,9}\.?\s+\d{1,2},?\s+\d{4}.*$"
    r"|\s*[,–—-]\s*$",
    re.I,
)
_LONGEST = 160  # characters of a byline
_NEAR = 25  # elements after the headline among which a byline without markup is looked for


def bylines(tree: HtmlElement) -> list[str]:
    """The printed byline, as printed without "By" and the date behind it; empty when there is none."""
    marked = tree.xpath('//*[@rel="author" or @itemprop="author"][not(self::meta or self::link)]')
    lines = list(dict.fromkeys(filter(None, (_names(_text(node)) for node in marked))))
    if lines:
        return lines
    for node in tree.iter("p", "div", "span", "a", "address", "li", "cite"):
        if _BYLINE_CLASS.search(_label(node)) and (line := _names(_text(node))):
            return [line]
    return [line for node in _after_headline(tree) if (line := _signed(_text(node)))][:1]


def date_lines(tree: HtmlElement) -> list[str]:
    """Texts that state when the article was published, the surest first: marked as such, then `<time>` near the
    headline, then a line of a date class there. What says "updated" is left out."""
    marked = tree.xpath('//*[@itemprop="datePublished"] | //time[@pubdate]')
    times = tree.xpath("//article//header//time | //header//time[not(ancestor::nav)] | //h1/following::time[1]")
    printed = [node for node in _after_headline(tree) if _DATE_CLASS.search(_label(node))]
    nodes = [*marked, *(node for node in (*times, *printed) if not _UPDATED.search(_label(node)))]
    lines = []
    for node in nodes:
        text = _text(node)
        stated = node.get("datetime") or node.get("content") or ("" if _starts_updated(text) else text)
        if stated and len(stated) < _LONGEST:
            lines.append(stated)
    return lines


def is_byline(line: str) -> bool:
    """Whether a line of text is nothing but a byline ("By Mara Quill")."""
    return _signed(line) is not None


def _signed(text: str) -> str | None:
    match = _BY.match(text) if len(text) <= _LONGEST else None
    if not match or not re.match(_NAME, match["names"]):
        return None
    names = _AFTER_NAMES.sub("", match["names"]).strip()
    return names if names and not re.search(r"[.!?…]$", names.replace("Jr.", "")) else None


def _names(text: str) -> str | None:
    """The names of an element that is marked as byline."""
    if not text or len(text) > _LONGEST:
        return None
    signed = _signed(text)
    if signed:
        return signed
    names = _AFTER_NAMES.sub("", text).strip()
    return names if re.fullmatch(rf"{_NAME}(?:\s*(?:,|and|et|&)\s*(?:with .*|{_NAME}))*", names) else None


def _after_headline(tree: HtmlElement) -> Iterator[HtmlElement]:
    heading = next(tree.iter("h1"), None)
    if heading is not None:
        yield from heading.xpath(
            f"following::*[self::p or self::div or self::span or self::time][position() <= {_NEAR}]"
        )


def _starts_updated(text: str) -> bool:
    return bool(_UPDATED.match(text))


def _label(node: HtmlElement) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}"


def _text(node: HtmlElement) -> str:
    return " ".join(node.text_content().split())
