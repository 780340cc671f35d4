"""Pages that hold no article, told apart before one is stored: the wrong kind of file, a front page, a wall."""

from __future__ import annotations

import re

from scraper.errors import ErrorPage, HomePage, NoBody, NotHtml, WallPage
from scraper.metadata import Metadata
from scraper.page import Page
from scraper.urls import is_home

_MAGIC = {
    b"%PDF-": "a PDF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "a media file",
    b"PK\x03\x04": "a ZIP or Office file",
    b"\xd0\xcf\x11\xe0": "an Office file",
    b"\x1f\x8b": "a gzip file",
    b"SQLite format 3": "a database",
    b"\x7fELF": "a program",
}
_FEED = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.I | re.S)
_ERROR_TITLE = re.compile(
    r"""\b(?:page|article|story|content)\s+(?:(?:was|is|could|can)\s*)?(?:not|n[’']t)\s+(?:be\s+)?found\b
      | ^\W*(?:error\s*)?(?:404|410)\b | \b404\W*(?:error|not\s+found) | ^not\s+found$
      | \bpage\s+(?:introuvable|non\s+trouvée)
      | \b(?:no\s+longer\s+(?:available|exists)|does\s+not\s+exist|has\s+been\s+removed)\b""",
    re.I | re.X,
)
_WALL_TITLE = re.compile(
    r"""^(?:just\s+a\s+moment|attention\s+required|access\s+denied|access\s+to\s+this\s+page|are\s+you\s+a\s+(?:robot|human)
      | (?:before|avant)\s+(?:you\s+)?contin | robot\s+check | security\s+check | pardon\s+our\s+interruption
      | verif(?:y|ying)\s+you | (?:sign|log)\s*in\b | subscribe\s+to\s+(?:continue|read) | 403\b | forbidden\b
      | (?:we\s+value\s+)?your\s+privacy | cookie\s+(?:consent|settings|notice|policy) | client\s+challenge)""",
    re.I | re.X,
)
_WALL_WORDS = re.compile(
    r"""\b(?:cookies? | consent | (?:our|and)\s+(?:\d+\s+)?(?:advertising\s+)?partners | legitimate\s+interest
      | privacy\s+(?:policy|choices|settings) | personali[sz]ed\s+(?:ads|advertising|content)
      | accept\s+all | reject\s+all | manage\s+(?:preferences|options|choices) | captcha | ray\s+id
      | enable\s+javascript | checking\s+(?:your|if\s+the\s+site)\s*\w* | verify\s+(?:that\s+)?you\s+are
      | unusual\s+(?:traffic|activity) | fichiers?\s+témoins)\b""",
    re.I | re.X,
)
_LONG = 1500  # characters: longer texts are articles even if they speak of cookies or lost pages
_SHORTEST = 80
_SENTENCE = re.compile(r"[.!?…][”’\"')»\s]*(?:\s|$)")


def refuse_non_html(page: Page) -> None:
    """Raise NotHtml for what has no paragraphs, judged by the bytes rather than by the server's word."""
    url, body = page.final_url or page.url, page.body
    if not body.strip():
        raise NotHtml(url, "an empty page")
    kind = next((name for magic, name in _MAGIC.items() if body.startswith(magic)), None)
    if kind:
        raise NotHtml(url, f"{kind}, not a web page")
    feed = _FEED.match(body[:2048].removeprefix(b"\xef\xbb\xbf"))
    if feed:
        raise NotHtml(
            url, f"a feed or sitemap (<{feed.group(1).decode()}>), not an article; list it under `feed` or `sitemap`"
        )
    utf16 = page.encoding.lower().startswith("utf-16")
    if b"\x00" in body[:4096] and not utf16:
        raise NotHtml(url, "a binary file, not a web page")
    if b"<" not in body and not utf16:
        raise NotHtml(url, f"no HTML in it (content type {page.content_type or 'not stated'})")


def refuse_by_address(url: str, found: Metadata) -> None:
    """Raise HomePage for front pages and for pages that declare themselves lists of other pages."""
    if "://" in url and is_home(url):
        raise HomePage(url, "a home page, not an article")
    if found.is_listing:
        raise HomePage(url, "a section or search page, not an article")


def refuse_by_content(url: str, title: str | None, paragraphs: list[str]) -> None:
    """Raise ErrorPage, WallPage or NoBody for what stands in the article's place."""
    text = "\n".join(paragraphs)
    if len(text) < _LONG:
        if title and _ERROR_TITLE.search(title):
            raise ErrorPage(url, f"an error page, served as if it were an article: {title!r}")
        if title and _WALL_TITLE.search(title):
            raise WallPage(url, f"a wall in the article's place: {title!r}")
        distinct = {match.group().lower() for match in _WALL_WORDS.finditer(text)}
        if len(distinct) >= 3 or (distinct and len(text) < 300 and len(_WALL_WORDS.findall(text)) >= 2):
            raise WallPage(url, f"a cookie wall or challenge: it speaks of {', '.join(sorted(distinct))}")
    if len(text) < _SHORTEST or not _SENTENCE.search(text):
        raise NoBody(url, "no paragraph of running text on it")
