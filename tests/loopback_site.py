"""A site on this machine for the tests of the jobs: a feed and its pages, with validators, faults and a request log."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from loopback import serving

PARAGRAPHS = (
    "The shelter in Port Alder took in {count} people who claimed asylum last month, its director said on Tuesday, and "
    "the waiting list has not become any shorter since the province closed the smaller house on Mill Street.",
    "Odile Tremblay-Roy, who has run the place for nine years, said the money for the winter had not come. She added "
    "that two of the three buses that bring newcomers to town had stopped running at the end of the summer.",
    "The ministry answered in writing that it had paid its share in full and on time, and that the town could ask "
    "for more when it applies for next year’s grants, which open in the second week of January.",
)


@dataclass
class Answer:
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    pause: float = 0.0  # seconds before the answer
    gate: threading.Event | None = None  # no answer before it is set


@dataclass
class Site:
    """`pages` by path; `requests` is the log of (path, whether the client sent a validator)."""

    base: str
    pages: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, bool]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def article(self, path: str, title: str, count: int = 40, **more) -> None:
        body = "".join(f"<p>{paragraph.format(count=count)}</p>" for paragraph in PARAGRAPHS)
        head = f'<title>{title}</title><meta property="article:published_time" content="2024-09-24T08:00:00-04:00">'
        page = f"<!doctype html><html lang=en><head>{head}</head><body><article><h1>{title}</h1>{body}</article></body>"
        self.pages[path] = Answer(page.encode(), **more)

    def feed(self, items: dict[str, tuple[str, str]], path: str = "/feed.xml") -> None:
        """A feed of `items`: path → (title, summary)."""
        entries = "".join(
            f"<item><title>{escape(title)}</title><link>{self.base}{link}</link>"
            f"<description>{escape(summary)}</description></item>"
            for link, (title, summary) in items.items()
        )
        rss = f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{entries}</channel></rss>'
        self.pages[path] = Answer(rss.encode(), "application/rss+xml")

    def asked(self, path: str) -> int:
        return sum(one == path for one, _ in self.requests)


@contextmanager
def serve_site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = site.pages.get(self.path, Answer(b"<h1>Not found</h1>", status=404))
            with site.lock:
                site.requests.append((self.path, "If-None-Match" in self.headers))
            time.sleep(answer.pause)
            if answer.gate:
                answer.gate.wait(60)
            etag = f'"{hashlib.sha256(answer.body).hexdigest()[:12]}"'
            same = self.headers.get("If-None-Match") == etag and answer.status == 200
            self.send_response(304 if same else answer.status)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", "0" if same else str(len(answer.body)))
            self.end_headers()
            if not same:
                self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    site = Site("")
    with serving(Handler) as site.base:
        yield site


def write_sources(path: Path, **urls: str) -> Path:
    """A sources.yml with one feed a name."""
    entries = "".join(f"  {name}:\n    outlet: {name.title()}\n    feed: {url}\n" for name, url in urls.items())
    text = "topics:\n  asylum:\n    include: [asylum]\ndefaults:\n  topic: asylum\n  delay: 0\nsources:\n" + entries
    private = text.replace("    feed:", "    allow_private: true\n    feed:")
    path.write_text(private, encoding="utf-8")
    return path
