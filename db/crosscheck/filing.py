"""Putting items into their series and taking them out, and who that moves: two others that meet now and did not before,
or the other way round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from .meetings import Meetings
from .places import BOILERPLATE, NEAREST, Filed, Place, reach

Entry = tuple[int, int, int]  # key, position, item
Sides = tuple[set[Place], set[Place]]  # that went, that came


@dataclass(frozen=True, slots=True)
class Moved:
    """Two items that no longer meet by one of their keys (`apart`), or do so now. Of articles, all that `a` meets."""

    kind: str
    a: int
    b: int
    apart: bool


class Filing:
    """Files the items of versions. `roles`: the series of offices that they stand in or stood in, with their places."""

    def __init__(self, db: Database, meetings: Meetings) -> None:
        self._db, self._meetings = db, meetings
        self.roles: dict[int, set[Place]] = defaultdict(set)

    def file(self, versions: dict[int, list[Filed]]) -> Iterator[Moved]:
        """File the items of these versions anew."""
        gone: dict[Entry, str] = {}
        come: dict[Entry, str] = {}
        for version, filed in versions.items():
            for some, entries in ((self._meetings.filed(version), gone), (filed, come)):
                note_roles(self.roles, some)
                for one in some:
                    entries |= dict.fromkeys(_entries([one]), one.kind)
        both = gone.keys() & come.keys()
        gone, come = ({e: kind for e, kind in some.items() if e not in both} for some in (gone, come))
        self._db.conn.executemany("DELETE FROM crosscheck_meeting WHERE key = ? AND position = ? AND item = ?", gone)
        self._db.conn.executemany("INSERT INTO crosscheck_meeting VALUES (?, ?, ?)", sorted(come))
        self._meetings.remember(versions)
        touched: dict[tuple[str, int], Sides] = defaultdict(lambda: (set(), set()))
        for side, entries in enumerate((gone, come)):
            for (key, *place), kind in entries.items():
                touched[kind, key][side].add(tuple(place))  # type: ignore[arg-type]
        for (kind, key), sides in touched.items():
            if kind == "article":
                yield from self._crossing(key, *sides)
            elif kind != "role":
                yield from self._moved(kind, key, *sides)

    def _crossing(self, key: int, gone: set[Place], come: set[Place]) -> Iterator[Moved]:
        """All others of a run of words that became boilerplate, or is none any more."""
        size = self._meetings.size(key)
        before = size - len(come) + len(gone)
        if (size > BOILERPLATE) != (before > BOILERPLATE):
            for _, item in self._db.execute("SELECT position, item FROM crosscheck_meeting WHERE key = ?", [key]):
                yield Moved("article", item, 0, size > BOILERPLATE)

    def _moved(self, kind: str, key: int, gone: set[Place], come: set[Place]) -> Iterator[Moved]:
        most, places = NEAREST[kind], sorted(gone | come)
        now = self._meetings.around(key, places[0][0], places[-1][0], most)
        if len(now) + len(gone) <= most + 1:
            return
        before = sorted((*(p for p in now if p not in come), *gone))
        old, new = ({place: rank for rank, place in enumerate(some)} for some in (before, now))
        stayed = [place for place in now if place not in come]
        ends = [0, 0]
        for i, place in enumerate(stayed):
            for side, ranks in enumerate((old, new)):
                ends[side] = max(ends[side], i)
                while ends[side] + 1 < len(stayed) and ranks[stayed[ends[side] + 1]] - ranks[place] <= most:
                    ends[side] += 1
            _, last = reach(kind, key, place[0])
            for other in stayed[min(ends) + 1 : max(ends) + 1]:
                if other[0] <= last:
                    yield Moved(kind, place[1], other[1], apart=ends[0] > ends[1])


def note_roles(roles: dict[int, set[Place]], filed: Iterable[Filed]) -> None:
    """Add the places of offices to their series."""
    for one in filed:
        for key in one.keys if one.kind == "role" else ():
            roles[key].add(one.place)


def _entries(filed: Iterable[Filed]) -> Iterator[Entry]:
    return ((key, one.position, one.item) for one in filed for key in one.keys)
