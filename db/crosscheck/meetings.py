"""Who may be compared: items that share a key, the nearest in time first.

Never all with all: an item meets those that stand next to it in one of its series (a run of words, a speaker and a rare
word, a measure and place), `NEAREST` on either side. The order in a series is that of the days, then of a hash of the
public ids; so who meets depends on the rows only. What lies further off is counted.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlite_utils import Database

from .words import stable_hash

NEAREST = {"claim": 30, "figure": 30, "article": 60, "role": 30}  # in a series, on either side
BOILERPLATE = 150  # a run of words that stands in more articles is nobody's story
KINDS = tuple(NEAREST)
DAY = 40  # bits below the day in a position

Place = tuple[int, int]  # position, item
Entry = tuple[int, int, int]  # key, position, item


@dataclass(frozen=True, slots=True)
class Filed:
    """An item with the keys that it is filed under."""

    kind: str
    item: int
    position: int
    keys: tuple[int, ...]

    def entries(self) -> Iterator[Entry]:
        return ((key, self.position, self.item) for key in self.keys)


def position(day: date, public_id: str) -> int:
    return day.toordinal() << DAY | stable_hash(public_id) >> 63 - DAY


def days_between(a: int, b: int) -> int:
    return abs((a >> DAY) - (b >> DAY))


class Meetings:
    """The series, in the database. `passed_over` counts the pairs that were too far apart to be compared, by kind."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sizes: dict[int, int] = {}
        self.passed_over: Counter[str] = Counter()

    def met(self, filed: Filed) -> Iterator[tuple[int, Place]]:
        """Each key with each of the others that the item meets there."""
        for key in filed.keys:
            for place in self._near(filed.kind, key, (filed.position, filed.item)):
                yield key, place

    def filed(self, version: int) -> list[Filed]:
        """What a version's items were filed under when it was compared last."""
        row = self._db.execute("SELECT entries FROM crosscheck_version WHERE version_id = ?", [version]).fetchone()
        return list(_unpacked(row[0])) if row else []

    def text_keys(self, versions: Iterable[int]) -> dict[int, int]:
        """How many keys the text of each version has."""
        query = """SELECT version_id, text_keys FROM crosscheck_version
                   WHERE version_id IN (SELECT value FROM json_each(?))"""
        return dict(self._db.execute(query, [json.dumps(list(versions))]).fetchall())

    def file(self, versions: dict[int, list[Filed]], *, first_time: bool) -> Iterator[tuple[str, int, int]]:
        """File the items of these versions anew. Yields (kind, item, item) for pairs of others that meet now and did
        not before, or the other way round; item 0 stands for all that the first meets; for roles (kind, key, position)
        of what came or went. With `first_time` nobody else is there to be moved."""
        gone: dict[Entry, str] = {}
        come: dict[Entry, str] = {}
        for version, filed in versions.items():
            before = [] if first_time else self.filed(version)
            gone |= {entry: one.kind for one in before for entry in one.entries()}
            come |= {entry: one.kind for one in filed for entry in one.entries()}
        both = gone.keys() & come.keys()
        gone, come = ({e: kind for e, kind in some.items() if e not in both} for some in (gone, come))
        self._db.conn.executemany("DELETE FROM crosscheck_meeting WHERE key = ? AND position = ? AND item = ?", gone)
        self._db.conn.executemany("INSERT INTO crosscheck_meeting VALUES (?, ?, ?)", sorted(come))
        rows = [(v, sum(len(f.keys) for f in filed if f.kind == "article"), _packed(filed)) for v, filed in versions.items()]
        self._db.conn.executemany("INSERT OR REPLACE INTO crosscheck_version VALUES (?, ?, ?)", rows)
        self._sizes.clear()
        if not first_time:
            yield from self._moved(gone, come)

    def around(self, key: int, first: int, last: int, most: int) -> list[Place]:
        """The series from `most` places before position `first` to `most` behind `last`."""
        before = self._slice(key, "<", "DESC", (first, 0), most)
        between = self._db.execute(
            "SELECT position, item FROM crosscheck_meeting WHERE key = ? AND position BETWEEN ? AND ? ORDER BY 1, 2",
            [key, first, last],
        ).fetchall()
        return [*reversed(before), *between, *self._slice(key, ">", "ASC", (last + 1, -1), most)]

    def _near(self, kind: str, key: int, place: Place) -> list[Place]:
        most = NEAREST[kind]
        limit = BOILERPLATE if kind == "article" else 2 * most
        query = "SELECT position, item FROM crosscheck_meeting WHERE key = ? ORDER BY position, item LIMIT ?"
        block = self._db.execute(query, [key, limit + 1]).fetchall()
        if len(block) <= limit:
            at = bisect_left(block, place)
            found = block[max(0, at - most) : at] + block[at + 1 : at + 1 + most]
            size = len(block)
        elif kind == "article":
            found, size = [], self._size(key)
        else:
            found = self._slice(key, "<", "DESC", place, most) + self._slice(key, ">", "ASC", place, most)
            size = self._size(key)
        self.passed_over[kind] += size - 1 - len(found)
        return found

    def _slice(self, key: int, sign: str, order: str, place: Place, most: int) -> list[Place]:
        query = f"""SELECT position, item FROM crosscheck_meeting WHERE key = ? AND (position, item) {sign} (?, ?)
                    ORDER BY position {order}, item {order} LIMIT ?"""
        return self._db.execute(query, [key, *place, most]).fetchall()

    def _size(self, key: int) -> int:
        if key not in self._sizes:
            query = "SELECT count(*) FROM crosscheck_meeting WHERE key = ?"
            self._sizes[key] = self._db.execute(query, [key]).fetchone()[0]
        return self._sizes[key]

    def _moved(self, gone: dict[Entry, str], come: dict[Entry, str]) -> Iterator[tuple[str, int, int]]:
        touched: dict[tuple[str, int], tuple[set[Place], set[Place]]] = defaultdict(lambda: (set(), set()))
        for side, entries in enumerate((gone, come)):
            for (key, *place), kind in entries.items():
                touched[kind, key][side].add(tuple(place))  # type: ignore[arg-type]
        for (kind, key), (out, in_) in touched.items():
            if kind == "role":
                yield from ((kind, key, place[0]) for place in out | in_)
            else:
                yield from ((kind, *pair) for pair in self._moved_in(kind, key, out, in_))

    def _moved_in(self, kind: str, key: int, gone: set[Place], come: set[Place]) -> Iterator[tuple[int, int]]:
        most, places = NEAREST[kind], sorted(gone | come)
        if kind == "article" and self._crossed(self._size(key), len(come) - len(gone)):
            yield from ((item, 0) for _, item in self.around(key, places[0][0], places[-1][0], BOILERPLATE))
        now = self.around(key, places[0][0], places[-1][0], most)
        if len(now) + len(gone) <= most + 1:
            return
        before = sorted((*(p for p in now if p not in come), *gone))
        old, new = ({place: rank for rank, place in enumerate(some)} for some in (before, now))
        stayed = [place for place in now if place not in come]
        reach = [0, 0]
        for i, place in enumerate(stayed):
            for side, ranks in enumerate((old, new)):
                reach[side] = max(reach[side], i)
                while reach[side] + 1 < len(stayed) and ranks[stayed[reach[side] + 1]] - ranks[place] <= most:
                    reach[side] += 1
            for other in stayed[min(reach) + 1 : max(reach) + 1]:
                yield place[1], other[1]

    @staticmethod
    def _crossed(size: int, grown: int) -> bool:
        return (size > BOILERPLATE) != (size - grown > BOILERPLATE)


def _packed(filed: Iterable[Filed]) -> bytes:
    numbers = [n for one in filed for n in (KINDS.index(one.kind), one.item, one.position, len(one.keys), *one.keys)]
    return np.array(numbers, "<i8").tobytes()


def _unpacked(blob: bytes) -> Iterator[Filed]:
    numbers = np.frombuffer(blob, "<i8").tolist()
    at = 0
    while at < len(numbers):
        kind, item, place, count = numbers[at : at + 4]
        at += 4 + count
        yield Filed(KINDS[kind], item, place, tuple(numbers[at - count : at]))
