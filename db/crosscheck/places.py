"""Where items stand: the keys that an item is filed under, its place in the series of each, and whom it meets there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from .words import stable_hash

BOILERPLATE = 120  # a run of words that stands in more articles is nobody's story
NEAREST = {"claim": 30, "figure": 30, "article": BOILERPLATE, "role": 30}  # in a series, on either side
KINDS = tuple(NEAREST)
DAY = 40  # bits below the day in a position
LAST = 1 << 62  # behind all positions
BY_RUN, BY_WORDS, BY_SPEAKER = range(3)  # the last two bits of a claim's key: what it was made of
BY_NUMBERS = 1  # the last bit of a text's key: of pairs of numbers, not of runs of words
OCCASION = 8  # days: in the series of what a speaker said that is rare, those further apart do not meet

Place = tuple[int, int]  # position, item
Numbers = NDArray[np.int64]


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


def reaches(kind: str, keys: Numbers, positions: Numbers) -> tuple[Numbers, Numbers]:
    """The same for many keys and positions."""
    first, last = np.zeros_like(positions), np.full_like(positions, LAST)
    if kind == "claim":
        short = keys & 3 == BY_SPEAKER
        days = positions[short] >> DAY
        first[short], last[short] = (days - OCCASION) << DAY, ((days + OCCASION + 1) << DAY) - 1
    return first, last


def text_keys(text: Filed) -> int:
    """How many of a text's keys were made of runs of its words."""
    return sum(not key & BY_NUMBERS for key in text.keys)


@dataclass(frozen=True, slots=True)
class Met:
    """Who meets, a row each: `one` is the place of an item in the list that was asked for, `key` what it is met under,
    `other` the id of the other item."""

    one: Numbers
    key: Numbers
    other: Numbers

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int]]) -> Met:
        return cls(*np.array([*rows], np.int64).reshape(-1, 3).T)

    def where(self, wanted: NDArray[np.bool_]) -> Met:
        return Met(self.one[wanted], self.key[wanted], self.other[wanted])

    def pairs(self, least: int = 1) -> Pairs:
        """Those who meet under so many keys or more."""
        order = np.lexsort((self.other, self.one))
        one, other = self.one[order], self.other[order]
        new = np.ones(len(one), bool)
        new[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
        starts = np.flatnonzero(new)
        times = np.diff(starts, append=len(one))
        often = times >= least
        return Pairs(one[starts[often]], other[starts[often]], times[often])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Who is compared with whom, in the order of both: places of items in a list, ids of others, and `times`, under how
    many keys they meet."""

    one: Numbers
    other: Numbers
    times: Numbers

    def __or__(self, more: Pairs) -> Pairs:
        """What is in either; `times` are no longer known."""
        one, other = np.concatenate([self.one, more.one]), np.concatenate([self.other, more.other])
        return Met(one, one, other).pairs()

    def where(self, wanted: NDArray[np.bool_]) -> Pairs:
        return Pairs(self.one[wanted], self.other[wanted], self.times[wanted])

    def by_item(self, items: Sequence[Filed]) -> dict[int, list[int]]:
        """The others of each item of the list."""
        ends = np.searchsorted(self.one, np.arange(len(items) + 1)).tolist()
        others = self.other.tolist()
        return {item.item: others[ends[i] : ends[i + 1]] for i, item in enumerate(items)}


def packed(filed: Iterable[Filed]) -> bytes:
    numbers = [n for one in filed for n in (KINDS.index(one.kind), one.item, one.position, len(one.keys), *one.keys)]
    return np.array(numbers, "<i8").tobytes()


def unpacked(blob: bytes, kinds: Collection[str] = KINDS) -> Iterator[Filed]:
    numbers = np.frombuffer(blob, "<i8").tolist()
    at = 0
    while at < len(numbers):
        kind, item, place, count = numbers[at : at + 4]
        at += 4 + count
        if KINDS[kind] in kinds:
            yield Filed(KINDS[kind], item, place, tuple(numbers[at - count : at]))
