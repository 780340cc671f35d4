"""Datasette's view of a table with the number of rows out of the tally, where `db.site.tables` can tell it, and with
lines that print themselves."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils import MultiParams, path_with_replaced_args, tilde_decode
from datasette.utils.asgi import Request
from datasette.views.table import TableView

from db.site.lines import Lines
from db.site.tables import Row, chosen, tally

NO_COUNT, SIZE, NEXT = "_nocount", "_size", "_next"
GROUPED = ("speakers",)  # groups a million rows for a page, which Datasette's own question does already
Template = Callable[[], Awaitable[Row]]


class _Asked(Request):  # type: ignore[misc]
    """A request with other arguments for Datasette than its address has; the addresses made of it do not show them."""

    def __init__(self, request: Any, **other: str) -> None:
        super().__init__(request.scope, request.receive)
        given = request.args
        own = {name: [value] for name, value in other.items()}
        self._args = MultiParams({**{name: given.getlist(name) for name in given}, **own})

    @property
    def args(self) -> MultiParams:
        return self._args


class CountedTable(TableView):  # type: ignore[misc]
    """Datasette's view of tables, views and prepared questions. Of a page whose rows the tally can count it takes the
    question, and reads and prints the rows by itself."""

    async def data(self, request: Any, **more: Any) -> Any:
        values = self._values(request)
        if values is None:
            return await super().data(request, **more)
        itself = self._prints_itself(request)
        asked = _Asked(request, **{NO_COUNT: "1", **({SIZE: "0"} if itself else {})})
        answer = await super().data(asked, **more)
        if not isinstance(answer, tuple):
            return answer  # to another address
        found, template, *rest = answer
        sql = f"SELECT coalesce(sum(counted), 0) {tally(found['table'], values)}"
        counted = await self.ds.execute(found["database"], sql, values)
        found = {**found, "filtered_table_rows_count": counted.single_value()}
        lines = None
        if itself:
            lines, following = await self._lines(request, found)
            found |= {"rows": lines, **following}
        return (found, _context(template, lines), *rest)

    def _values(self, request: Any) -> Row | None:
        """What the tally is asked for; None where it cannot answer, or the address wants no count."""
        route, view = (tilde_decode(request.url_vars[name]) for name in ("database", "table"))
        ours = getattr(self.ds, "onrecord_database", None)
        if not ours or self.ds.get_database(ours).route != route or NO_COUNT in request.args:
            return None
        return chosen(view, request.args)

    def _prints_itself(self, request: Any) -> bool:
        """Whether the address asks for a page of our size and not for JSON."""
        plain = request.url_vars["format"] is None and SIZE not in request.args and _start(request) is not None
        return plain and tilde_decode(request.url_vars["table"]) not in GROUPED

    async def _lines(self, request: Any, found: Row) -> tuple[Lines, Row]:
        """The rows of the page, and where the next ones are."""
        size = self.ds.table_metadata(found["database"], found["table"]).get("size") or self.ds.page_size
        start = _start(request) or 0
        sql = re.sub(r" limit \d+( offset \d+)?$", f" limit {size + 1} offset {start}", found["query"]["sql"])
        results = await self.ds.execute(found["database"], sql, found["query"]["params"])
        following: Row = {}
        if len(results.rows) > size:
            path = self.ds.urls.path(path_with_replaced_args(request, {NEXT: start + size}))
            following = {"next": str(start + size), "next_url": self.ds.absolute_url(request, path)}
        longest = self.ds.setting("truncate_cells_html")
        rows, urls = results.rows[:size], self.ds.urls
        return Lines(rows, found["columns"], found["table"], urls, longest), following


def _start(request: Any) -> int | None:
    """How many rows stand before the page; None where the address says nothing that is a number."""
    text = request.args.get(NEXT) or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _context(template: Template, lines: Lines | None) -> Template:
    """The context of the page with its own lines, and without our own arguments, which its form would repeat."""

    async def context() -> Row:
        found = await template()
        ours = {NO_COUNT} if lines is None else {NO_COUNT, SIZE}
        found["form_hidden_args"] = [hidden for hidden in found["form_hidden_args"] if hidden[0] not in ours]
        return found if lines is None else {**found, "display_rows": lines}

    return context
