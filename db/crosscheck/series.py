"""All series in memory, for when everything is compared: who meets is then found for many items at once, by binary
search in sorted arrays, and no page of the database is read for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from .places import NEAREST, Filed, Met, Numbers, reaches

ROW = np.dtype([("key", "<i8"), ("position", "<i8"), ("item", "<i4")])
PART = 56  # bits of a key, of 63, that are the same for all parts

Rows = NDArray[np.void]  # of ROW


class Entries:
    """What is filed, to be sorted when all is: laid down in a temporary table in parts by the first bits of the keys,
    which are hashes and spread evenly, so that one part at a time is in memory."""

    def __init__(self, db: Database) -> None:
        self._db = db
        db.execute("CREATE TEMP TABLE filed (part INTEGER, entries BLOB)")

    def add(self, filed: Sequence[Filed]) -> None:
        counts = _counts(filed)
        rows = np.empty(counts.sum(), ROW)
        rows["key"] = _keys(filed)
        rows["position"], rows["item"] = (np.repeat(_all(filed, of), counts) for of in ("position", "item"))
        parts = rows["key"] >> PART
        order = np.argsort(parts, kind="stable")
        found, starts = np.unique(parts[order], return_index=True)
        pieces = (
            (part, piece.tobytes())
            for part, piece in zip(found.tolist(), np.split(rows[order], starts)[1:], strict=True)
        )
        self._db.conn.executemany("INSERT INTO temp.filed VALUES (?, ?)", pieces)

    def take(self) -> Iterator[Rows]:
        """All entries in the order of key, position and item, a part at a time. They are not kept."""
        self._db.execute("CREATE INDEX temp.filed_part ON filed(part)")
        for (part,) in self._db.execute("SELECT DISTINCT part FROM temp.filed ORDER BY 1").fetchall():
            pieces = self._db.execute("SELECT entries FROM temp.filed WHERE part = ?", [part])
            rows = np.frombuffer(b"".join(piece for (piece,) in pieces), ROW)
            yield rows[np.lexsort((rows["item"], rows["position"], rows["key"]))]
        self._db.execute("DROP TABLE temp.filed")


class Series:
    """The series that more than one item stands in, less than half of all entries; twenty bytes an entry."""

    def __init__(self, parts: Iterable[Rows]) -> None:
        """Parts of entries, each with whole series, as `Entries.take` gives them."""
        shared = [*map(_of_several, parts), np.empty(0, ROW)]
        self._keys: Numbers = np.concatenate([rows["key"] for rows in shared])
        self._positions: Numbers = np.concatenate([rows["position"] for rows in shared])
        self._items: NDArray[np.int32] = np.concatenate([rows["item"] for rows in shared])

    def met(self, items: Sequence[Filed]) -> tuple[Met, int]:
        """Whom items of one kind meet, and how many they pass over: see `Meetings.met`."""
        if not items or not len(self._keys):
            return Met.of([]), 0
        kind = items[0].kind
        ones, keys, start, stop = self._shared(items)
        positions, ids = (_all(items, of)[ones] for of in ("position", "item"))
        first, last = reaches(kind, keys, positions)
        start, stop = self._at(first, start, stop), self._at(last + 1, start, stop)
        own = self._at(positions, start, stop)
        while (behind := self._items[own] != ids).any():
            own[behind] += 1  # another item has the same position
        most = NEAREST[kind]
        begin, end = np.maximum(start, own - most), np.minimum(stop, own + 1 + most)
        if kind == "article":  # a text meets none of a crowd
            end = np.where(stop - start > most, begin, end)
        there, sizes = _ranges(begin, end)
        beside = there != np.repeat(own, sizes)
        met = Met(np.repeat(ones, sizes), np.repeat(keys, sizes), self._items[there].astype(np.int64)).where(beside)
        return met, int((stop - start - 1).sum()) - len(met.one)

    def _shared(self, items: Sequence[Filed]) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Places in the list of items, and keys of theirs that others have too, in the order of keys; and from where to
        where the series of each goes."""
        keys = _keys(items)
        ones = np.repeat(np.arange(len(items)), _counts(items))
        order = np.argsort(keys)  # what is searched for is found near what was searched for before
        keys, ones = keys[order], ones[order]
        start = np.searchsorted(self._keys, keys)
        shared = self._keys[np.minimum(start, len(self._keys) - 1)] == keys
        keys, ones, start = keys[shared], ones[shared], start[shared]
        return ones, keys, start, np.searchsorted(self._keys, keys, "right")

    def _at(self, positions: Numbers, start: Numbers, stop: Numbers) -> Numbers:
        """The first index from `start` to `stop` at which the position is not smaller."""
        low, high = start.copy(), stop.copy()
        while (open_ := low < high).any():
            middle = (low + high) >> 1
            smaller = open_ & (self._positions[np.minimum(middle, stop - 1)] < positions)
            low = np.where(smaller, middle + 1, low)
            high = np.where(open_ & ~smaller, middle, high)
        return low


def _ranges(begin: Numbers, end: Numbers) -> tuple[Numbers, Numbers]:
    """The numbers from each begin up to each end, one range behind the other, and how many each has."""
    sizes = end - begin
    offsets = begin - np.cumsum(sizes) + sizes
    return np.repeat(offsets, sizes) + np.arange(sizes.sum()), sizes


def _keys(filed: Sequence[Filed]) -> Numbers:
    return np.fromiter(chain.from_iterable(one.keys for one in filed), np.int64)


def _counts(filed: Sequence[Filed]) -> Numbers:
    return np.array([len(one.keys) for one in filed], np.int64)


def _all(filed: Sequence[Filed], of: str) -> Numbers:
    return np.array([getattr(one, of) for one in filed], np.int64)


def _of_several(rows: Rows) -> Rows:
    """The entries whose key is not theirs alone."""
    like_next = np.concatenate([rows["key"][1:] == rows["key"][:-1], [False]])
    return rows[like_next | np.roll(like_next, 1)]
