"""Politeness and throughput by the servers' own logs: `python -m bench.run_politeness`.

Twenty hosts on loopback, some of them with two sources, delays of their own and paths that robots.txt forbids. The
scraper runs with its real clock; what is judged is what the servers saw.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jobs
from bench.results_file import Row, write
from db import open_db
from scraper import Fetcher, Source

COMMAND = "python -m bench.run_politeness"
PARAGRAPH = "<p>The harbour office said on Monday that {n} people had asked for asylum at the landing since spring.</p>"


@dataclass
class Host:
    """A server: `log` has (path, begun, ended) of each request, in seconds of one monotonic clock."""

    number: int
    delay: float
    articles: int
    log: list[tuple[str, float, float]] = field(default_factory=list)
    base: str = ""

    def page(self, path: str) -> tuple[int, str, str]:
        if path == "/robots.txt":
            # Every third host states its delay itself, with a fraction.
            stated = f"Crawl-delay: {self.delay}\n" if self.number % 3 == 0 else ""
            return 200, "text/plain", f"User-agent: *\nDisallow: /private\n{stated}"
        if path.startswith("/feed"):
            half = range(self.articles // 2) if path == "/feed1" else range(self.articles // 2, self.articles)
            links = [f"/story/{n}" for n in half] + ["/private/x"]
            items = "".join(f"<item><title>T</title><link>{self.base}{link}</link></item>" for link in links)
            return 200, "application/rss+xml", f"<rss version='2.0'><channel>{items}</channel></rss>"
        if path.startswith("/story/") and self.number % 4 == 0 and not path.endswith("/"):
            return 301, "text/plain", ""  # every fourth host redirects each story: a second request, a second delay
        body = "".join(PARAGRAPH.format(n=n + 7) for n in range(6))
        return (
            200,
            "text/html",
            f"<html><title>Story {path}</title><article><h1>Story {path}</h1>{body}</article></html>",
        )


def serve(host: Host) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            begun = time.monotonic()
            time.sleep(0.02)
            status, kind, body = host.page(self.path)
            self.send_response(status)
            if status == 301:
                self.send_header("Location", self.path + "/")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())
            host.log.append((self.path, begun, time.monotonic()))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((f"127.0.0.{host.number + 1}", 0), Handler)
    server.daemon_threads = True
    host.base = f"http://127.0.0.{host.number + 1}:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


def measure(hosts: int, articles: int, delay: float) -> dict[str, float]:
    """The scores; ratios and shares, and counts that must be nought."""
    served = [Host(n, delay * (1 + n % 3 / 4), articles) for n in range(hosts)]
    servers = [serve(host) for host in served]
    sources = [
        Source(f"h{h.number}f{feed}", f"Host {h.number}", "feed", (f"{h.base}/feed{feed}",), allow_private=True,
               delay=delay if h.number % 3 == 0 else h.delay)
        for h in served for feed in (1, 2)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, Fetcher(contact="bench@onrecord.example") as fetcher:
        database = open_db(Path(folder) / "politeness.db")
        begun = time.monotonic()
        summary = jobs.scrape(database, sources, fetcher)
        took = time.monotonic() - begun
        database.close()
    for server in servers:
        server.shutdown()
    if summary.counts["new"] != hosts * articles:
        raise SystemExit(f"{summary.counts['new']} of {hosts * articles} articles were stored: {summary.failures[:3]}")
    overlaps = sooner = 0
    for host in served:
        log = sorted(host.log, key=lambda request: request[1])
        gaps = [later[1] - before[2] for before, later in zip(log, log[1:], strict=False)]
        overlaps += sum(gap < 0 for gap in gaps)
        sooner += sum(gap < host.delay - 0.005 for gap in gaps)  # the clocks of two threads differ by less than 5 ms
    slowest = max(
        sum(ended - start for _, start, ended in host.log) + host.delay * (len(host.log) - 1) for host in served
    )
    return {
        "requests": sum(len(host.log) for host in served),
        "two at once": overlaps,
        "sooner than the delay": sooner,
        "disallowed": sum(path.startswith("/private") for host in served for path, _, _ in host.log),
        "throughput of what the delays allow": slowest / took,
        "took, s": round(took, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--articles", type=int, default=10, help="of each host")
    parser.add_argument("--delay", type=float, default=1.0, help="least seconds between two requests to a host")
    a = parser.parse_args()
    scores = measure(a.hosts, a.articles, a.delay)
    for name, score in scores.items():
        print(f"{name:40} {score:.3f}" if isinstance(score, float) else f"{name:40} {score}")
    write("politeness", [Row("On Record", f"{a.hosts} hosts on loopback", scores, COMMAND)])


if __name__ == "__main__":
    main()
