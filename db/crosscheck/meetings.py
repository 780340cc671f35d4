"""Who may be compared: items that share a key, the nearest in time first.

Never all with all: an item meets those that stand next to it in one of its series (a run of words, a speaker and a rare
word, a measure and place), `NEAREST` on either side. The order in a series is that of the days, then of a hash of the
public ids; so who meets depends on the rows only. What lies further off is counted.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from sqlite_utils import Database

from .places import KINDS, LAST, NEAREST, Filed, Met, Place, packed, reach, text_keys, unpacked
from .recent import Recent
from .series import Series

SIZES = 50_000  # of crowded series, kept

# Of the keys ?1 that more than one item is filed under: their places from position ?2 to ?3; a key alone where those
# are more than ?4.
SHARED = """
WITH shared AS MATERIALIZED (
    SELECT value AS key FROM json_each(?1)
    WHERE EXISTS (SELECT 1 FROM crosscheck_meeting WHERE key = value LIMIT 1 OFFSET 1)
), sized AS MATERIALIZED (
    SELECT key, EXISTS (SELECT 1 FROM crosscheck_meeting m WHERE m.key = shared.key AND position BETWEEN ?2 AND ?3
                        LIMIT 1 OFFSET ?4) AS crowded
    FROM shared
)
SELECT sized.key, m.position, m.item FROM sized
LEFT JOIN crosscheck_meeting m ON NOT sized.crowded AND m.key = sized.key AND m.position BETWEEN ?2 AND ?3
"""


class Meetings:
    """The series, in the database. `passed_over` counts by kind what an item shares a key with, within reach, and does
    not meet there, as too many stand nearer; two items may still meet by another key."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sizes: Recent[tuple[int, int], int] = Recent(SIZES)  # by key and first position
        self._held: Series | None = None
        self.passed_over: Counter[str] = Counter()

    def hold(self, series: Series) -> None:
        """Look up in these series, until `let_go` or until items are filed again."""
        self._held = series

    def let_go(self) -> None:
        self._held = None

    def met(self, items: Sequence[Filed]) -> Met:
        """Each key of each of these items, which are of one kind, with each of the others that it meets there."""
        if self._held:
            met, passed_over = self._held.met(items)
            self.passed_over[items[0].kind if items else ""] += passed_over
            return met
        read = self._read(items)
        return Met.of((at, key, other) for at, one in enumerate(items) for key, other in self._beside(one, read))

    def _read(self, items: Iterable[Filed]) -> dict[tuple[int, int], list[Place]]:
        """The series of items that others stand in as well, by key and first position in reach, in few queries; nothing
        of those where not all meet."""
        series: dict[tuple[int, int], list[Place]] = {}
        wanted: dict[tuple[int, int, int], set[int]] = defaultdict(set)
        for one in items:
            all_meet = NEAREST[one.kind] * (1 if one.kind == "article" else 2)  # where there are no more
            for key in one.keys:
                wanted[(*reach(one.kind, key, one.position), all_meet)].add(key)
        for (first, last, all_meet), keys in wanted.items():
            rows = self._db.execute(SHARED, [json.dumps(sorted(keys)), first, last, all_meet]).fetchall()
            for key, places in groupby(rows, key=itemgetter(0)):
                series[key, first] = [(position, item) for _, position, item in places if item is not None]
        return series

    def _beside(self, one: Filed, read: dict[tuple[int, int], list[Place]]) -> Iterator[tuple[int, int]]:
        most = NEAREST[one.kind]
        for key in one.keys:
            first, last = reach(one.kind, key, one.position)
            places = read.get((key, first))
            if places is None:
                continue
            size = len(places)
            if not places:
                size, places = self._crowd(one, key, first, last)
            at = bisect_left(places, one.place)
            found = places[max(0, at - most) : at] + places[at + 1 : at + 1 + most]
            self.passed_over[one.kind] += size - 1 - len(found)
            yield from ((key, item) for _, item in found)

    def filed(self, version: int, kinds: Collection[str] = KINDS) -> list[Filed]:
        """What a version's items, of these kinds, were filed under when it was compared last."""
        row = self._db.execute("SELECT entries FROM crosscheck_version WHERE version_id = ?", [version]).fetchone()
        return list(unpacked(row[0], kinds)) if row else []

    def text_keys(self, versions: Iterable[int]) -> dict[int, int]:
        """How many keys the text of each version has."""
        query = """SELECT version_id, text_keys FROM json_each(?)
                   CROSS JOIN crosscheck_version ON version_id = value"""
        return dict(self._db.execute(query, [json.dumps(list(versions))]).fetchall())

    def remember(self, versions: dict[int, list[Filed]]) -> None:
        """Note what the items of versions are filed under, for `filed`."""
        rows = [
            (v, sum(text_keys(f) for f in filed if f.kind == "article"), packed(filed)) for v, filed in versions.items()
        ]
        self._db.conn.executemany("INSERT OR REPLACE INTO crosscheck_version VALUES (?, ?, ?)", rows)
        self._sizes = Recent(SIZES)
        self.let_go()

    def around(self, key: int, first: int, last: int, most: int) -> list[Place]:
        """The series from `most` places before position `first` to `most` behind `last`."""
        before = self._slice(key, "<", "DESC", (first, 0), most)
        between = self._db.execute(
            "SELECT position, item FROM crosscheck_meeting WHERE key = ? AND position BETWEEN ? AND ? ORDER BY 1, 2",
            [key, first, last],
        ).fetchall()
        return [*reversed(before), *between, *self._slice(key, ">", "ASC", (last + 1, -1), most)]

    def size(self, key: int, first: int = 0, last: int = LAST) -> int:
        query = "SELECT count(*) FROM crosscheck_meeting WHERE key = ? AND position BETWEEN ? AND ?"
        return self._db.execute(query, [key, first, last]).fetchone()[0]

    def _crowd(self, filed: Filed, key: int, first: int, last: int) -> tuple[int, list[Place]]:
        """How many of a series are within reach, and of them the item itself and those nearest to it; a text meets none
        of a crowd."""
        size = self._sizes.made((key, first), lambda: self.size(key, first, last))
        if filed.kind == "article":
            return size, [filed.place]
        near = self.around(key, filed.position, filed.position, NEAREST[filed.kind])
        return size, [place for place in near if first <= place[0] <= last]

    def _slice(self, key: int, sign: str, order: str, place: Place, most: int) -> list[Place]:
        query = f"""SELECT position, item FROM crosscheck_meeting WHERE key = ? AND (position, item) {sign} (?, ?)
                    ORDER BY position {order}, item {order} LIMIT ?"""
        return self._db.execute(query, [key, *place, most]).fetchall()
