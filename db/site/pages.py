"""What our pages have in common: a reader of our database goes in, a context for a template comes out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette.database import QueryInterrupted
from datasette.utils.asgi import Response

from db.site.rows import Reader, Row

View = Callable[[Any, Any], Awaitable[Response]]
Build = Callable[[Reader, Any], Awaitable[Row]]

NO_DATABASE = "No On Record database is served here: its tables were not found. Start it with onrecord serve --db FILE."
TOO_SLOW = "This page took too long to put together. Ask for less, or try again when no articles are being fetched."


class Missing(Exception):
    """Nothing has the address asked for; its message is shown to the reader with status 404."""


def page(template: str) -> Callable[[Build], View]:
    """Make a Datasette view of a function `(reader, request) -> context of the template`."""

    def decorate(build: Build) -> View:
        async def view(request: Any, datasette: Any) -> Response:
            async def answer(name: str, context: Row, status: int = 200) -> Response:
                return Response.html(await datasette.render_template(name, context, request=request), status=status)

            async def problem(message: str, status: int) -> Response:
                return await answer("error.html", {"error": message, "status": status, "title": None}, status)

            if not datasette.onrecord_database:
                return await problem(NO_DATABASE, 503)
            try:
                return await answer(template, await build(Reader(datasette, datasette.onrecord_database), request))
            except Missing as missing:
                return await problem(str(missing), 404)
            except QueryInterrupted:
                return await problem(TOO_SLOW, 503)

        return view

    return decorate


def page_number(asked: str | None, last: int) -> int:
    """A page number from an address: at least 1, at most `last`, 1 for anything that is not a number."""
    text = (asked or "").strip()
    return min(max(int(text), 1), last) if text.isascii() and text.isdigit() and len(text) < 10 else 1
