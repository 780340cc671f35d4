"""A page as it came: the bytes, and what the server said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from scraper import charset


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. `url` is what was asked for, `final_url` where the redirects (`aliases`, in order) ended.

    `body` is decoded from its transfer compression; `encoding` is the codec of its characters. `headers` have
    lower-case names. `fetched_at` is ISO 8601 in UTC. With `not_modified` (HTTP 304) the body is empty.
    `moved`: all of the redirects were permanent ones.
    """

    url: str
    final_url: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str | None = None
    encoding: str = "utf-8"
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: str | None = None
    not_modified: bool = False
    aliases: tuple[str, ...] = ()
    moved: bool = False

    @property
    def text(self) -> str:
        """The body as characters."""
        return charset.decode(self.body, self.encoding)


def page_from_bytes(body: bytes, url: str = "", content_type: str | None = None) -> Page:
    """A page that came from elsewhere than the web: an archive, a saved file."""
    fetched_at = datetime.now(UTC).isoformat(timespec="seconds")
    encoding = charset.detect(body, content_type)
    return Page(url, url, body=body, content_type=content_type, encoding=encoding, fetched_at=fetched_at)


def page_from_file(path: str | Path, url: str | None = None) -> Page:
    """A saved page. Without `url`, its path stands for it in error messages and the article gets none.

    Raises OSError when the file cannot be read.
    """
    return page_from_bytes(Path(path).read_bytes(), url if url is not None else str(path))
