"""Datasette's table pages with counts that are read, not made: where a reader asks for nothing but what the tallies of
db/summaries.py are kept by, their sums are the number of rows and the facets. Datasette counts the rest, within its
limits of time."""

from __future__ import annotations

from typing import Any

from datasette.facets import ColumnFacet
from datasette.utils import path_with_added_args, path_with_removed_args

from db.summaries import TALLIES

Row = dict[str, Any]
COUNTED = {"claims": "claim", "figures": "figure", "facts": "figure", "dates": "date_mention"}
FACET = "tally"
"""Its name in metadata.yml: `facets: [{tally: outlet}]`."""
_SOURCES = {
    "claim": "claim_tally",
    "figure": "(SELECT t.*, m.key AS measure FROM figure_tally t LEFT JOIN measure m ON m.id = t.measure_id)",
    "date_mention": "date_mention_tally",
}
_NARROWING = ("_search", "_where", "_through", "_filter")
"""Arguments of Datasette that select rows and are no columns; so does every name with two underscores."""


def columns(view: str) -> tuple[str, ...]:
    """The columns of a view by which its rows are counted beforehand; none for a view without a tally."""
    names = TALLIES.get(COUNTED.get(view, ""), ())
    return tuple(name.removesuffix("_id") for name in names) + ("outlet",) * bool(names)


def chosen(view: str, arguments: Any) -> Row | None:
    """The values that an address asks for by column, where the tally can answer; None where it asks for more.

    `arguments` is a MultiParams: `?measure=asylum_claims&_sort=value` chooses a measure, `?value__gt=5` is more.
    """
    found: Row = {}
    for name in arguments:
        if name.startswith(_NARROWING) or "__" in name:
            return None
        if not name.startswith("_"):
            if name not in columns(view) or len(arguments.getlist(name)) > 1:
                return None
            found[name] = arguments[name]
    return found if columns(view) else None


def tally(view: str, values: Row) -> str:
    """FROM and WHERE of the tally's rows for these values, which are its named parameters."""
    where = " AND ".join(f"{name} = :{name}" for name in values) or "1"
    return f"FROM {_SOURCES[COUNTED[view]]} WHERE {where} AND counted > 0"


class TallyFacet(ColumnFacet):  # type: ignore[misc]
    """A column's facet out of the tally, with the counts and the links of Datasette's own."""

    type = FACET

    async def suggest(self) -> list[Any]:
        return []

    async def facet_results(self) -> tuple[list[Row], list[str]]:
        names = [config["config"]["simple"] for config in self.get_configs()]
        values = chosen(self.table, self.request.args) if names and self.table else None
        if values is None or not set(names) <= set(columns(self.table)):
            results, late = await super().facet_results()
            return [{**found, "type": ColumnFacet.type} for found in results], late
        size = self.get_facet_size()
        rows = (await self.ds.execute(self.database, _facets(self.table, names, values, size + 1), values)).rows
        found = [[row for row in rows if row["name"] == name] for name in names]
        return [self._result(name, rows, size) for name, rows in zip(names, found, strict=True)], []

    def _result(self, column: str, rows: list[Any], size: int) -> Row:
        return {
            "name": column,
            "type": ColumnFacet.type,
            "hideable": False,
            "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {"_facet": column})),
            "results": [self._value(column, row["value"], row["count"]) for row in rows[:size]],
            "truncated": len(rows) > size,
        }

    def _value(self, column: str, value: str, count: int) -> Row:
        selected = self.request.args.get(column) == value
        changed = path_with_removed_args if selected else path_with_added_args
        address = self.ds.absolute_url(self.request, self.ds.urls.path(changed(self.request, {column: value})))
        return {"value": value, "label": value, "count": count, "toggle_url": address, "selected": selected}


def _facets(view: str, names: list[str], values: Row, most: int) -> str:
    """All facets in one question: each goes through a thread of its own otherwise."""
    return " UNION ALL ".join(
        f"""SELECT '{name}' AS name, value, count FROM (
            SELECT {name} AS value, sum(counted) AS count {tally(view, values)} AND {name} IS NOT NULL
            GROUP BY {name} ORDER BY count DESC, value LIMIT {most})"""
        for name in names
    )


async def table_page(request: Any, datasette: Any) -> Any:
    """`/<database>/<table>`, as Datasette has it, with counts from the tally."""
    from db.site.counted import CountedTable  # Datasette loads plugins before its own views are there

    return await CountedTable(datasette).dispatch_request(request)
