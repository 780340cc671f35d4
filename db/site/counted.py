"""Datasette's view of a table with the number of rows out of the tally, where `db.site.tables` can tell it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils import MultiParams, tilde_decode
from datasette.utils.asgi import Request
from datasette.views.table import TableView

from db.site.tables import Row, chosen, tally

NO_COUNT = "_nocount"


class _Uncounted(Request):  # type: ignore[misc]
    """A request that asks Datasette not to count rows; the addresses made of it do not show that."""

    @property
    def args(self) -> MultiParams:
        given = super().args
        return MultiParams({**{name: given.getlist(name) for name in given}, NO_COUNT: ["1"]})


class CountedTable(TableView):  # type: ignore[misc]
    """Datasette's view of tables, views and prepared questions, with the number of rows from the tally."""

    async def data(self, request: Any, **more: Any) -> Any:
        values = await self._values(request)
        if values is None:
            return await super().data(request, **more)
        answer = await super().data(_Uncounted(request.scope, request.receive), **more)
        if not isinstance(answer, tuple):
            return answer
        found, template, *rest = answer
        sql = f"SELECT coalesce(sum(counted), 0) {tally(found['table'], values)}"
        counted = await self.ds.execute(found["database"], sql, values)
        return ({**found, "filtered_table_rows_count": counted.single_value()}, _without(template), *rest)

    async def _values(self, request: Any) -> Row | None:
        """What the tally is asked for; None where it cannot answer, or the address wants no count."""
        route, view = (tilde_decode(request.url_vars[name]) for name in ("database", "table"))
        ours = getattr(self.ds, "onrecord_database", None)
        if not ours or self.ds.get_database(ours).route != route or NO_COUNT in request.args:
            return None
        return chosen(view, request.args)


def _without(template: Callable[[], Awaitable[Row]]) -> Callable[[], Awaitable[Row]]:
    """The context of the page without our own argument, which its form would repeat."""

    async def context() -> Row:
        found = await template()
        hidden = [(name, value) for name, value in found["form_hidden_args"] if name != NO_COUNT]
        return {**found, "form_hidden_args": hidden}

    return context
