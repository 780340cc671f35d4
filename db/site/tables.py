"""Datasette's table pages with counts that are read, not made: where a reader asks for nothing but what the tallies of
db/summaries.py are kept by, their sums are the number of rows and the facets. Datasette counts the rest, within its
limits of time."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

from datasette.facets import ColumnFacet
from datasette.utils import path_with_added_args, path_with_removed_args

from db.summaries import TALLIES

Row = dict[str, Any]
FACET = "tally"
"""Its name in metadata.yml: `facets: [{tally: outlet}]`."""
_FIGURES = "(SELECT t.*, m.key AS measure FROM figure_tally t LEFT JOIN measure m ON m.id = t.measure_id)"
_LINKS = "(SELECT label, count(*) AS counted FROM link GROUP BY label)"
_SPEAKERS = """(SELECT class AS speaker_class, count(*) AS counted FROM speaker
    WHERE EXISTS (SELECT 1 FROM spoken WHERE speaker_id = speaker.id) GROUP BY class)"""
_SOURCES = {
    "claims": "claim_tally",
    "figures": _FIGURES,
    "facts": _FIGURES,
    "dates": "date_mention_tally",
    "links": _LINKS,
    "speakers": _SPEAKERS,
}
_COLUMNS = {
    "claims": (*TALLIES["claim"], "outlet"),
    "figures": ("measure", *TALLIES["figure"][1:], "outlet"),
    "facts": ("measure", *TALLIES["figure"][1:], "outlet"),
    "dates": (*TALLIES["date_mention"], "outlet"),
    "links": ("label",),
    "speakers": ("speaker_class",),
}
_NARROWING = ("_search", "_where", "_through", "_filter")
"""Arguments of Datasette that select rows and are no columns; so does every name with two underscores."""


def columns(view: str) -> tuple[str, ...]:
    """The columns by which a view's rows can be counted without reading them; none for a view without a tally."""
    return _COLUMNS.get(view, ())


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
    return f"FROM {_SOURCES[view]} WHERE {where} AND counted > 0"


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
        chosen = self._address(path_with_added_args(self.request, {column: ""}))  # ends where the value follows
        return {
            "name": column,
            "type": ColumnFacet.type,
            "hideable": False,
            "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {"_facet": column})),
            "results": [self._value(column, row["value"], row["count"], chosen) for row in rows[:size]],
            "truncated": len(rows) > size,
        }

    def _value(self, column: str, value: str, count: int, chosen: str) -> Row:
        selected = self.request.args.get(column) == value
        address = chosen + quote_plus(value)
        if selected:
            address = self._address(path_with_removed_args(self.request, {column: value}))
        return {"value": value, "label": value, "count": count, "toggle_url": address, "selected": selected}

    def _address(self, path: str) -> str:
        return str(self.ds.absolute_url(self.request, self.ds.urls.path(path)))


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
