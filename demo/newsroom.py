"""The demonstration newsroom: every outlet a real HTTP server of its own on loopback, one port each."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import yaml

from demo.content import NOTICE, DemoArticle, Outlet, edition, load_articles, load_outlets
from demo.site import Reply, article_path, build_site

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
KEYWORDS = ["asylum", "immigra*", "migrant*", "refugee*", "newcomer*"]


class OutletServer(ThreadingHTTPServer):
    """One outlet on one loopback port. `publish` swaps its whole site at once, so that no request sees half of it."""

    daemon_threads = True

    def __init__(self, outlet: Outlet, port: int = 0) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.outlet = outlet
        self.replies: Mapping[str, Reply] = {}

    @property
    def base_url(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}"

    def publish(self, articles: list[DemoArticle]) -> None:
        own = [article for article in articles if article.outlet == self.outlet.key]
        self.replies = build_site(self.outlet, own, self.base_url)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the outlet's table, with conditional requests."""

    server: OutletServer
    protocol_version = "HTTP/1.1"
    server_version = "DemoNewsroom"

    def do_GET(self) -> None:
        reply = self.server.replies.get(urlsplit(self.path).path)
        if reply is None:
            self._send(HTTPStatus.NOT_FOUND, f"<h1>Not found</h1><p>{NOTICE}</p>".encode(), "text/html; charset=utf-8")
        elif self._is_current(reply):
            self._send(HTTPStatus.NOT_MODIFIED, b"", None, reply)
        else:
            self._send(HTTPStatus.OK, reply.body, reply.content_type, reply)

    do_HEAD = do_GET

    def _is_current(self, reply: Reply) -> bool:
        """Whether the client's copy is the one we have; a tag, where sent, decides over a date (RFC 9110, 13.2.2)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or reply.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        since = _parse_date(self.headers.get("If-Modified-Since"))
        return since is not None and reply.changed.replace(microsecond=0) <= since

    def _send(self, status: HTTPStatus, body: bytes, content_type: str | None, reply: Reply | None = None) -> None:
        self.send_response(status)
        if content_type:
            self.send_header("Content-Type", content_type)
        if reply:
            self.send_header("ETag", reply.etag)
            self.send_header("Last-Modified", reply.last_modified)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        log.debug("%s %s", self.server.outlet.key, format % args)


class Newsroom:
    """The running outlets. Made by `serve`.

    `base_urls` gives each outlet's loopback address by its key. `sources_path` is a `sources.yml` that the ordinary
    scraper reads. `version` is the edition that is out: 1, and 2 after `advance`; `last` is the newest there is.
    """

    def __init__(self, servers: Mapping[str, OutletServer], sources_path: Path, version: int = 1) -> None:
        self._servers = servers
        self._articles = load_articles()
        self.last = max(article.version for article in self._articles)
        self.version = version
        self._publish()
        self.sources_path = sources_path
        sources_path.write_text(sources_yaml(servers, self.articles), encoding="utf-8")

    @property
    def base_urls(self) -> dict[str, str]:
        return {key: server.base_url for key, server in self._servers.items()}

    @property
    def articles(self) -> list[DemoArticle]:
        """The articles as they stand in the edition that is out."""
        return edition(self._articles, self.version)

    def url(self, article: DemoArticle) -> str:
        """The loopback address of an article's page."""
        server = self._servers[article.outlet]
        return server.base_url + article_path(server.outlet, article)

    def advance(self) -> None:
        """Publish the next edition: the corrected version of each article that has one takes the first one's place.
        After the last edition nothing changes any more."""
        self.version = min(self.version + 1, self.last)
        self._publish()

    def _publish(self) -> None:
        for server in self._servers.values():
            server.publish(self.articles)


@contextmanager
def serve(ports: Mapping[str, int] | None = None, version: int = 1) -> Iterator[Newsroom]:
    """Run the newsroom for the time of the `with` block; each outlet takes a free port unless `ports` names one.
    `version` is the edition to begin with.

    Raises OSError when a port that was asked for is taken.
    """
    with ExitStack() as stack:
        servers = {
            key: stack.enter_context(_running(OutletServer(outlet, (ports or {}).get(key, 0))))
            for key, outlet in load_outlets().items()
        }
        folder = stack.enter_context(TemporaryDirectory(prefix="onrecord-demo-"))
        yield Newsroom(servers, Path(folder) / "sources.yml", version)


@contextmanager
def _running(server: OutletServer) -> Iterator[OutletServer]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sources_yaml(servers: Mapping[str, OutletServer], articles: list[DemoArticle]) -> str:
    """The newsroom as a `sources.yml`: loopback allowed, no pause between requests, one entry an outlet."""
    document = {
        "topics": {"immigration": {"include": KEYWORDS}},
        "defaults": {"topic": "immigration", "delay": 0, "lang": "en"},
        "sources": {f"demo-{key}": _source(server, articles) for key, server in servers.items()},
    }
    return f"# {NOTICE}\n" + yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def _source(server: OutletServer, articles: list[DemoArticle]) -> dict[str, Any]:
    outlet = server.outlet
    pages = [article_path(outlet, article) for article in articles if article.outlet == outlet.key]
    paths = pages if outlet.discovery == "pages" else [outlet.entry]
    entry: dict[str, Any] = {
        "outlet": outlet.name,
        outlet.discovery: [server.base_url + path for path in paths],
        "site": outlet.host,
        "allow_private": True,
    }
    if outlet.selector:
        entry["selector"] = outlet.selector
    return entry


def _parse_date(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
