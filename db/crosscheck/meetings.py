"""Who may be compared: items that share a key, the nearest in time first.

Never all with all: an item meets those that stand next to it in one of its series (a run of words, a speaker and a rare
word, a measure and place), `NEAREST` on either side. The order in a series is that of the days, then of a hash of the
public ids; so who meets depends on the rows only. What lies further off is counted.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

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
OCCASION = 8  # days: in the series of what a speaker said that is rare, those further apart do not meet
SIZES = 50_000  # of series, kept

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


class Meetings:
    """The series, in the database. `passed_over` counts by kind what an item shares a key with, within reach, and does
    not meet there, as too many stand nearer; two items may still meet by another key."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._crowded: Recent[tuple[int, int], int] = Recent(SIZES)  # by key and first position: how many are in reach
        self.passed_over: Counter[str] = Counter()

    def met(self, filed: Filed) -> Iterator[tuple[int, Place]]:
        """Each key with each of the others that the item meets there."""
        shared = """SELECT value FROM json_each(?) WHERE EXISTS (
                        SELECT 1 FROM crosscheck_meeting WHERE key = value LIMIT 1 OFFSET 1)"""
        for (key,) in self._db.execute(shared, [json.dumps(filed.keys)]).fetchall():
            for place in self._near(filed.kind, key, filed.place):
                yield key, place

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
            (v, sum(len(f.keys) for f in filed if f.kind == "article"), _packed(filed)) for v, filed in versions.items()
        ]
        self._db.conn.executemany("INSERT OR REPLACE INTO crosscheck_version VALUES (?, ?, ?)", rows)
        self._crowded = Recent(SIZES)

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

    def _near(self, kind: str, key: int, place: Place) -> list[Place]:
        most = NEAREST[kind]
        limit = most if kind == "article" else 2 * most
        first, last = reach(kind, key, place[0])
        size = self._crowded.known([(key, first)]).get((key, first), 0)
        if not size:
            query = """SELECT position, item FROM crosscheck_meeting WHERE key = ? AND position BETWEEN ? AND ?
                       ORDER BY position, item LIMIT ?"""
            block = self._db.execute(query, [key, first, last, limit + 1]).fetchall()
            if len(block) <= limit:
                at = bisect_left(block, place)
                found = block[max(0, at - most) : at] + block[at + 1 : at + 1 + most]
                self.passed_over[kind] += len(block) - 1 - len(found)
                return found
            size = self.size(key, first, last)
            self._crowded.keep((key, first), size)
        found = []
        if kind != "article":
            found = self._slice(key, "<", "DESC", place, most) + self._slice(key, ">", "ASC", place, most)
            found = [other for other in found if first <= other[0] <= last]
        self.passed_over[kind] += size - 1 - len(found)
        return found

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
