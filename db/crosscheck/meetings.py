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
from itertools import groupby
from operator import itemgetter

import numpy as np
from sqlite_utils import Database

from .recent import Recent
from .words import stable_hash

BOILERPLATE = 120  # a run of words that stands in more articles is nobody's story
NEAREST = {"claim": 30, "figure": 30, "article": BOILERPLATE, "role": 30}  # in a series, on either side
KINDS = tuple(NEAREST)
DAY = 40  # bits below the day in a position
LAST = (1 << 63) - 1
BY_RUN, BY_WORDS, BY_SPEAKER = range(3)  # the last two bits of a claim's key: what it was made of
BY_NUMBERS = 1  # the last bit of a text's key: of pairs of numbers, not of runs of words
OCCASION = 8  # days: in the series of what a speaker said that is rare, those further apart do not meet
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

Place = tuple[int, int]  # position, item


@dataclass(frozen=True, slots=True)
class Filed:
    """An item with the keys that it is filed under."""

    kind: str
    item: int
    position: int
    keys: tuple[int, ...]

    @property
    def place(self) -> Place:
        return self.position, self.item


def position(day: date, public_id: str) -> int:
    return day.toordinal() << DAY | stable_hash(public_id) >> 63 - DAY


def reach(kind: str, key: int, position: int) -> tuple[int, int]:
    """The first and the last position of a series that an item at `position` of it may meet."""
    if kind == "claim" and key & 3 == BY_SPEAKER:
        day = position >> DAY
        return (day - OCCASION) << DAY, ((day + OCCASION + 1) << DAY) - 1
    return 0, LAST


def text_keys(text: Filed) -> int:
    """How many of a text's keys were made of runs of its words."""
    return sum(not key & BY_NUMBERS for key in text.keys)


class Meetings:
    """The series, in the database. `passed_over` counts by kind what an item shares a key with, within reach, and does
    not meet there, as too many stand nearer; two items may still meet by another key."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sizes: Recent[tuple[int, int], int] = Recent(SIZES)  # by key and first position
        self.passed_over: Counter[str] = Counter()
        self._looked_up: set[tuple[str, int]] = set()  # kinds and ids of items
        # The shared ones of their series by key and first position in reach; nothing of those where not all meet.
        self._series: dict[tuple[int, int], list[Place]] = {}

    def met(self, filed: Filed) -> Iterator[tuple[int, Place]]:
        """Each key with each of the others that the item meets there."""
        if (filed.kind, filed.item) not in self._looked_up:
            self.look_up([filed])
        most = NEAREST[filed.kind]
        for key in filed.keys:
            first, last = reach(filed.kind, key, filed.position)
            places = self._series.get((key, first))
            if places is None:
                continue
            size = len(places)
            if not places:
                size, places = self._crowd(filed, key, first, last)
            at = bisect_left(places, filed.place)
            found = places[max(0, at - most) : at] + places[at + 1 : at + 1 + most]
            self.passed_over[filed.kind] += size - 1 - len(found)
            for place in found:
                yield key, place

    def look_up(self, items: Iterable[Filed]) -> None:
        """Read the series of items in few queries, in the place of what was read before."""
        self._series, self._looked_up = {}, set()
        wanted: dict[tuple[int, int, int], set[int]] = defaultdict(set)
        for one in items:
            self._looked_up.add((one.kind, one.item))
            all_meet = NEAREST[one.kind] * (1 if one.kind == "article" else 2)  # where there are no more
            for key in one.keys:
                wanted[(*reach(one.kind, key, one.position), all_meet)].add(key)
        for (first, last, all_meet), keys in wanted.items():
            rows = self._db.execute(SHARED, [json.dumps(sorted(keys)), first, last, all_meet]).fetchall()
            for key, series in groupby(rows, key=itemgetter(0)):
                self._series[key, first] = [(position, item) for _, position, item in series if item is not None]

    def filed(self, version: int) -> list[Filed]:
        """What a version's items were filed under when it was compared last."""
        row = self._db.execute("SELECT entries FROM crosscheck_version WHERE version_id = ?", [version]).fetchone()
        return list(_unpacked(row[0])) if row else []

    def text_keys(self, versions: Iterable[int]) -> dict[int, int]:
        """How many keys the text of each version has."""
        query = "SELECT text_keys FROM crosscheck_version WHERE version_id = ?"
        return {version: self._db.execute(query, [version]).fetchone()[0] for version in versions}

    def remember(self, versions: dict[int, list[Filed]]) -> None:
        """Note what the items of versions are filed under, for `filed`."""
        rows = [
            (v, sum(text_keys(f) for f in filed if f.kind == "article"), _packed(filed))
            for v, filed in versions.items()
        ]
        self._db.conn.executemany("INSERT OR REPLACE INTO crosscheck_version VALUES (?, ?, ?)", rows)
        self._sizes = Recent(SIZES)
        self.look_up([])

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
