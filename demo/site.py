"""One outlet's web site as a table of responses: its pages, its feed, sitemap or listing, and its robots.txt."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo.content import HERE, NOTICE, DemoArticle, Outlet

DISCOVERY_TYPES = {
    "/rss.xml": "application/rss+xml; charset=utf-8",
    "/atom.xml": "application/atom+xml; charset=utf-8",
    "/sitemap-news.xml": "application/xml; charset=utf-8",
    "/latest": "text/html; charset=utf-8",
    "/releases": "text/html; charset=utf-8",
}
# The Courier leaves the charset to the page's own <meta>, as many servers do.
HTML_TYPES = {"courier": "text/html"}
ROBOTS = """# {notice}
User-agent: *
Crawl-delay: 0
Disallow: /search
"""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends for one path: the body, its type, and the validators of a conditional request."""

    body: bytes
    content_type: str
    changed: datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'

    @property
    def last_modified(self) -> str:
        return _http_date(self.changed)


def article_path(outlet: Outlet, article: DemoArticle) -> str:
    """The path of an article on its outlet's host, the same in every version."""
    when = article.published
    return outlet.path.format(
        slug=article.slug,
        section=re.sub(r"\W+", "-", article.section.lower()),
        year=when.year,
        month=f"{when.month:02}",
        day=f"{when.day:02}",
    )


def canonical_url(outlet: Outlet, article: DemoArticle) -> str:
    """The address that the page states as its own, on the invented host."""
    return f"https://{outlet.host}{article_path(outlet, article)}"


def build_site(outlet: Outlet, articles: Sequence[DemoArticle], base: str) -> dict[str, Reply]:
    """Path → reply for the whole site of `outlet`. `base` is the address it is served at ("http://127.0.0.1:8123")."""
    design = _environment(outlet, articles, base)
    newest = max(article.changed for article in articles)
    replies = {
        "/": _page(design, outlet, "index.html", newest),
        "/robots.txt": Reply(_robots(outlet, base).encode(), "text/plain; charset=utf-8", newest),
        "/photo.svg": Reply(design.get_template("photo.svg").render().encode(), "image/svg+xml", newest),
    }
    entry = design.get_template(_entry_template(outlet)).render()
    replies[outlet.entry] = Reply(entry.encode(), DISCOVERY_TYPES[outlet.entry], newest)
    for article in articles:
        others = [a for a in articles if a is not article][:3]
        # The list of other stories is part of the page: a corrected headline there changes the page, not its article.
        changed = max(a.changed for a in [article, *others])
        replies[article_path(outlet, article)] = _page(
            design, outlet, f"{outlet.key}.html", changed, article=article, others=others
        )
    return replies


def _robots(outlet: Outlet, base: str) -> str:
    sitemap = f"Sitemap: {base}{outlet.entry}\n" if outlet.discovery == "sitemap" else ""
    return ROBOTS.format(notice=NOTICE) + sitemap


def _entry_template(outlet: Outlet) -> str:
    return outlet.entry.lstrip("/") if outlet.entry.endswith(".xml") else f"{outlet.key}-list.html"


def _page(design: Environment, outlet: Outlet, template: str, changed: datetime, **values: object) -> Reply:
    article = values.get("article")
    encoding = article.encoding if isinstance(article, DemoArticle) else "utf-8"
    html = design.get_template(template).render(encoding=encoding, **values)
    content_type = HTML_TYPES.get(outlet.key, f"text/html; charset={encoding}")
    return Reply(html.encode(encoding), content_type, changed)


def _environment(outlet: Outlet, articles: Sequence[DemoArticle], base: str) -> Environment:
    design = Environment(
        loader=FileSystemLoader(HERE / "designs"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    design.globals.update(outlet=outlet, notice=NOTICE, base=base, articles=articles)
    design.filters.update(
        canonical=lambda article: canonical_url(outlet, article),
        path=lambda article: article_path(outlet, article),
        http_date=_http_date,
        day=lambda when: f"{when:%B} {when.day}, {when.year}",
        clock=lambda when: f"{when.hour % 12 or 12}:{when:%M} {'a.m.' if when.hour < 12 else 'p.m.'}",
    )
    return design


def _http_date(when: datetime) -> str:
    return format_datetime(when.astimezone(UTC), usegmt=True)
