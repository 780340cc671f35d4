"""Which figures are linked to which: asked of the database for some, or read at once for all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np
from sqlite_utils import Database

Linked = tuple[bool, int, int]  # whether they agree, a figure, and the one that it is linked to
LABELS = "('same_figure', 'conflicting_figure')"
ROW = np.dtype([("a", "<i4"), ("b", "<i4"), ("agrees", "?")])


def linked_to(db: Database, figures: Sequence[int]) -> Iterator[Linked]:
    ids = json.dumps(figures)
    for near, far in (("a", "b"), ("b", "a")):
        # the join and the sign keep SQLite from reading all links that end at figures
        query = f"""SELECT label = 'same_figure', {near}_id, {far}_id FROM json_each(?) AS listed
            CROSS JOIN link ON {near}_kind = 'figure' AND {near}_id = listed.value AND +label IN {LABELS}"""
        yield from ((bool(agrees), figure, other) for agrees, figure, other in db.execute(query, [ids]))


class AllLinked:
    """All links between figures in memory, nine bytes an end: read in the order in which they are stored, where the
    database would fetch each row for itself."""

    def __init__(self, db: Database) -> None:
        query = f"SELECT a_id, b_id, label = 'same_figure' FROM link NOT INDEXED WHERE label IN {LABELS}"
        rows = np.fromiter(db.execute(query), ROW)
        near, far = (np.concatenate([rows[x], rows[y]]) for x, y in ("ab", "ba"))
        order = np.argsort(near, kind="stable")
        self._near, self._far, self._agrees = near[order], far[order], np.tile(rows["agrees"], 2)[order]

    def of(self, figures: Sequence[int]) -> Iterator[Linked]:
        """Those of figures that stand one behind the other in the order of ids."""
        here = slice(*np.searchsorted(self._near, [figures[0], figures[-1] + 1]))
        columns = (column[here].tolist() for column in (self._agrees, self._near, self._far))
        yield from zip(*columns, strict=True)
