"""Response headers for every page: no script at all, no style but our own file, nothing from anywhere else; and what
robots are asked to leave alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils import tilde_encode
from datasette.utils.asgi import Response

Message = dict[str, Any]
App = Callable[[dict[str, Any], Callable[..., Awaitable[Any]], Callable[[Message], Awaitable[None]]], Awaitable[None]]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def with_headers(app: App) -> App:
    """An ASGI application that answers as `app` does, with our headers on every response."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Callable[[Message], Awaitable[None]]) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in HEADERS}
                kept = [(name, value) for name, value in message.get("headers", []) if name.lower() not in ours]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped


DISALLOWED = ("/-/search", "/-/download/", "/-/changes/", "/*.csv", "/*.json", "/{database}/*?")


async def robots_txt(request: Any, datasette: Any) -> Response:
    """`/robots.txt`, which counts only where the site is at the root of its host. Every article, speaker, measure
    and comparison has one address to be read; what multiplies them without end (searches, sorted and filtered copies
    of tables) or costs much (whole tables) is not for robots."""
    database = datasette.onrecord_database
    paths = [path.format(database=tilde_encode(database)) for path in DISALLOWED if database or "{" not in path]
    lines = ["User-agent: *", *(f"Disallow: {datasette.urls.path(path)}" for path in paths), "Crawl-delay: 2", ""]
    return Response.text("\n".join(lines), headers={"cache-control": "max-age=3600"})
