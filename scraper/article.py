"""What the scraper makes of a page: an Article, the object that `onrecord import` reads as well."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


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
