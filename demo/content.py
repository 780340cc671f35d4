"""The demonstration's articles and outlets, read from the files beside this module. Everything in them is invented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
NOTICE = "Demonstration: invented outlets, people and events"
HEADING = "### "


class DemoContentError(ValueError):
    """A file of the demonstration does not follow its format. Names the file and what is wrong with it."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented outlet. `entry` is the path of its feed, sitemap or listing; `path` the pattern of its articles'."""

    key: str
    name: str
    host: str
    tagline: str
    discovery: str
    entry: str
    path: str
    address: str
    phone: str
    selector: str | None = None


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One version of an invented article: what its page must give back when the scraper reads it.

    `blocks` are the paragraphs and subheadings in order, as `(tag, text)` with tag "p" or "h3".
    """

    outlet: str
    slug: str
    title: str
    byline: str
    published: datetime
    section: str
    summary: str
    blocks: tuple[tuple[str, str], ...]
    version: int = 1
    updated: datetime | None = None
    origin: str | None = None
    photo: str | None = None
    credit: str | None = None
    encoding: str = "utf-8"

    @property
    def text(self) -> str:
        """The body as `scraper.read` must return it: paragraphs parted by one blank line."""
        return "\n\n".join(text for _, text in self.blocks)

    @property
    def changed(self) -> datetime:
        return self.updated or self.published


def load_outlets(path: Path = HERE / "outlets.yml") -> dict[str, Outlet]:
    """The outlets by key, in the order of the file."""
    entries: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return {key: Outlet(key=key, **fields) for key, fields in entries.items()}
    except TypeError as error:
        raise DemoContentError(path, f"an outlet has wrong or missing keys: {error}") from error


def load_articles(folder: Path = HERE / "articles") -> list[DemoArticle]:
    """Every version of every article, newest first.

    Raises DemoContentError for a file without front matter, with an unknown key, or a version that repeats another.
    """
    articles = [_read(path) for path in sorted(folder.glob("*.md"))]
    keys = [(a.outlet, a.slug, a.version) for a in articles]
    for key in keys:
        if keys.count(key) > 1:
            raise DemoContentError(folder, f"two files describe {key}")
    return sorted(articles, key=lambda a: (a.published, a.version), reverse=True)


def edition(articles: Iterable[DemoArticle], version: int) -> list[DemoArticle]:
    """The articles as they stand once `version` is out: of each, its newest version not above it."""
    newest: dict[tuple[str, str], DemoArticle] = {}
    for article in articles:
        key = (article.outlet, article.slug)
        if article.version <= version and (key not in newest or newest[key].version < article.version):
            newest[key] = article
    return list(newest.values())


def _read(path: Path) -> DemoArticle:
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise DemoContentError(path, "must open with a front matter between two lines of three hyphens")
    try:
        # Every value stays a string: YAML would turn an instant into UTC and lose the offset it was stated in.
        fields: dict[str, Any] = yaml.load(parts[1], Loader=yaml.BaseLoader)
        fields |= {key: datetime.fromisoformat(fields[key]) for key in ("published", "updated") if key in fields}
        fields["version"] = int(fields.get("version", 1))
        return DemoArticle(blocks=tuple(_blocks(parts[2])), **fields)
    except (yaml.YAMLError, TypeError, ValueError) as error:
        raise DemoContentError(path, f"its front matter cannot be read: {error}") from error


def _blocks(body: str) -> Iterable[tuple[str, str]]:
    for block in body.strip().split("\n\n"):
        text = " ".join(block.split())
        if text.startswith(HEADING):
            yield "h3", text.removeprefix(HEADING)
        else:
            yield "p", text
