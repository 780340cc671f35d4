"""The lines of a table's page as HTML, written at once: an asynchronous template, which hands on every cell on its own,
takes most of the page's time, and Datasette's hook for cells most of what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from db.site.cells import ADDRESSES, ANCHORS, ARTICLES, INSTANTS, OWN_PAGES, render

RENDERED = {*ADDRESSES, *ANCHORS, *ARTICLES, *INSTANTS, *OWN_PAGES, "measure", "outlet"}
"""Columns of the public views that `render` makes something of."""


class Lines(list[Any]):
    """Rows as SQLite gives them, which print their cells themselves, as Datasette and `render` would."""

    def __init__(self, rows: Iterable[Any], columns: Sequence[str], view: str, urls: Any, longest: int) -> None:
        """`longest` is the number of characters after which a cell is cut; 0 cuts none."""
        super().__init__(rows)
        self._columns, self._view, self._urls, self._longest = columns, view, urls, longest

    def html(self, places: Sequence[int]) -> Markup:
        cells = [self._cell(place) for place in places]
        return Markup("\n".join(f"<tr>{''.join([cell(row) for cell in cells])}</tr>" for row in self))

    def _cell(self, place: int) -> Callable[[Any], str]:
        """What prints the cell of a row at this place. A value that comes again, as most do, is printed once; but a key
        that leads to a place on a page does so by other cells of its row."""
        name, seen = self._columns[place], dict[Any, str]()
        begin = f'<td data-column="{escape(name)}" class="type-'

        def once(row: Any) -> str:
            value = row[place]
            if value not in seen:
                seen[value] = self._printed(row, value, name, begin)
            return seen[value]

        return (lambda row: self._printed(row, row[place], name, begin)) if name in ANCHORS else once

    def _printed(self, row: Any, value: Any, name: str, begin: str) -> str:
        if value is None or value == "":
            return f'{begin}{"none" if value is None else "str"} empty">&nbsp;</td>'
        shown = None
        if name in RENDERED or not isinstance(value, str) or value.startswith("http"):
            shown = render(row, value, name, self._view, self._urls)
        if shown is None:
            text, longest = str(value), self._longest
            shown = escape(text[:longest] + "…" if longest and len(text) > longest else text)
        return f'{begin}{type(value).__name__}">{shown}</td>'


def body(rows: Any, places: Sequence[int]) -> Markup:
    """The lines of a table with their cells at these places; `rows` are Lines, or what Datasette displays."""
    if isinstance(rows, Lines):
        return rows.html(places)
    return Markup("\n").join(
        Markup(f"<tr>{''.join(_printed(row.cells[place]) for place in places)}</tr>") for row in rows
    )


def _printed(cell: dict[str, Any]) -> str:
    kind = cell["value_type"] + (" empty" if cell["raw"] in (None, "") else "")
    return f'<td data-column="{escape(cell["column"])}" class="type-{kind}">{escape(cell["value"])}</td>'
