"""A web server on this machine whose answers a test writes itself, and a clock that never waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

from loopback import serving

from scraper import Clock, Fetcher, Limits, Source


@dataclass(frozen=True)
class Reply:
    """`stream` takes over the connection after the headers, for bodies that misbehave."""

    body: bytes = b"<p>ok</p>"
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    stream: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    at: float


class Host:
    """`routes` gives the reply for a path: a Reply, or a function of the request; `log` keeps every request."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.routes: dict[str, Reply | Callable[[Request], Reply]] = {}
        self.log: list[Request] = []
        self.clock = StillClock()

    def paths(self) -> list[str]:
        return [request.path for request in self.log if request.path != "/robots.txt"]


class StillClock(Clock):
    """Only `sleep` moves its hands; `slept` keeps the pauses."""

    def __init__(self) -> None:
        self.start = datetime(2025, 1, 6, 12, tzinfo=UTC)
        self.passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.passed += seconds


@contextmanager
def host() -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.path, headers, served.clock.monotonic())
            served.log.append(request)
            route = served.routes.get(self.path, Reply(b"<p>nothing here</p>", 404))
            reply = route(request) if callable(route) else route
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.stream is None and "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if reply.stream is not None:
                self.close_connection = True
                reply.stream(self)
            elif reply.status != 304:
                self.wfile.write(reply.body)

        def log_message(self, *args: object) -> None:
            pass

    served = Host("")
    with serving(Handler) as served.base:
        yield served


LOCAL = Source(
    name="local", outlet="Local Courier", kind="pages", urls=("http://127.0.0.1/",), allow_private=True, delay=0
)


def source(**changes: object) -> Source:
    """A source that may be on this machine."""
    return replace(LOCAL, **changes)  # type: ignore[arg-type]


def fetcher(served: Host, **limits: object) -> Fetcher:
    """A fetcher on the host's still clock; it tells its pauses to `served.clock.slept`."""
    return Fetcher(contact="desk@courier.example", clock=served.clock, limits=Limits(**limits))  # type: ignore[arg-type]


def html(body: bytes | str, **headers: str) -> Reply:
    data = body.encode() if isinstance(body, str) else body
    return Reply(data, headers={"Content-Type": "text/html; charset=utf-8", **headers})


def redirect(location: str, status: int = 302) -> Reply:
    return Reply(b"", status, {"Location": location})
