"""All series in memory, for when everything is compared: who meets is then found for many items at once, by binary
search in sorted arrays, and no page of the database is read for it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from .places import NEAREST, Filed, Met, Numbers, reaches

AT_ONCE = 200_000  # rows
SIZES = "SELECT key, count(*) AS size FROM crosscheck_meeting GROUP BY key HAVING count(*) > 1"
ROW = np.dtype([("key", "<i8"), ("position", "<i8"), ("item", "<i4")])


class Series:
    """The series that more than one item stands in, less than half of all entries; twenty bytes an entry."""

    def __init__(self, db: Database) -> None:
        (size,) = db.execute(f"SELECT coalesce(sum(size), 0) FROM ({SIZES})").fetchone()
        self._keys: Numbers = np.empty(size, np.int64)
        self._positions: Numbers = np.empty(size, np.int64)
        self._items: NDArray[np.int32] = np.empty(size, np.int32)
        shared = f"SELECT key, position, item FROM crosscheck_meeting WHERE key IN (SELECT key FROM ({SIZES}))"
        rows = db.execute(f"{shared} ORDER BY 1, 2, 3")
        at = 0
        while len(some := np.fromiter(islice(rows, AT_ONCE), ROW)):
            here = slice(at, at := at + len(some))
            self._keys[here], self._positions[here], self._items[here] = some["key"], some["position"], some["item"]

    def met(self, items: Sequence[Filed]) -> tuple[Met, int]:
        """Whom items of one kind meet, and how many they pass over: see `Meetings.met`."""
        if not items or not len(self._keys):
            return Met.of([]), 0
        kind = items[0].kind
        ones, keys, start, stop = self._shared(items)
        positions, ids = (np.array([getattr(i, of) for i in items], np.int64)[ones] for of in ("position", "item"))
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
        keys = np.fromiter(chain.from_iterable(item.keys for item in items), np.int64)
        ones = np.repeat(np.arange(len(items)), [len(item.keys) for item in items])
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
