"""An old plan beside the new one: "395,000 instead of 500,000" are two numbers for one year, and no disagreement.

What one article prints side by side it tells apart. Of plans, forecasts and demands that holds for all articles: who
prints only one of the numbers speaks of the same two plans. Assertions are left out: there, an article that prints two
numbers may well report a dispute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from sqlite_utils import Database

from .peers import number_key
from .records import Figure
from .words import stable_hash

Number = tuple[float | None, float | None, float | None]
Told = tuple[int, int]  # what is planned, and two numbers for it
Keys = tuple[int, int]  # of the figures that print the first of the two as a forecast, and as a demand
AHEAD = ("projected", "demanded")


class Plans:
    """Which numbers for what is still to come some article prints side by side."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def tell_apart(self, a: Figure, b: Figure) -> bool:
        """Whether both lie ahead and some article prints both numbers for one measure and place, of one period or of
        periods it does not tell."""
        if not (_lies_ahead(a) and _lies_ahead(b) and _of(a) == _of(b)):
            return False
        return _told_by_others(self._db, _told(a, b))


def file_plans(db: Database, version: int, figures: Iterable[Figure], *, anew: bool = False) -> Iterator[int]:
    """Note which numbers a version tells apart, when its figures have been filed. Yields the figures of other versions
    whose links that changes: those that print one of two numbers that nobody told apart before, or nobody does now;
    none when everything is compared `anew`."""
    before = dict(_stored(db, version))
    now = dict(_told_apart(figures))
    db.execute("DELETE FROM crosscheck_plan WHERE version_id = ?", [version])
    changed = {told: keys for told, keys in (before | now).items() if (told in before) != (told in now)}
    affected = [] if anew else [keys for told, keys in changed.items() if not _told_by_others(db, told)]
    rows = [(*told, version, *keys) for told, keys in now.items()]
    db.conn.executemany("INSERT INTO crosscheck_plan VALUES (?, ?, ?, ?, ?)", rows)
    for keys in affected:
        yield from (
            i for (i,) in db.execute("SELECT item FROM crosscheck_meeting WHERE key IN (?, ?)", keys).fetchall()
        )


def _stored(db: Database, version: int) -> Iterator[tuple[Told, Keys]]:
    query = "SELECT what, numbers, projected, demanded FROM crosscheck_plan WHERE version_id = ?"
    for what, numbers, projected, demanded in db.execute(query, [version]).fetchall():
        yield (what, numbers), (projected, demanded)


def _told_by_others(db: Database, told: Told) -> bool:
    query = "SELECT 1 FROM crosscheck_plan WHERE what = ? AND numbers = ? LIMIT 1"
    return db.execute(query, told).fetchone() is not None


def _told_apart(figures: Iterable[Figure]) -> Iterator[tuple[Told, Keys]]:
    """Pairs of numbers that lie ahead, with the keys of the figures that print the first of them."""
    told: dict[object, list[Figure]] = defaultdict(list)
    for figure in figures:
        if _lies_ahead(figure):
            told[_of(figure)].append(figure)
    for some in told.values():
        for a, b in combinations(some, 2):
            if a.period == b.period or not (a.period and b.period):
                first = min(a, b, key=lambda f: str(_number(f)))
                yield _told(a, b), tuple(number_key(replace(first, modality=m), _number(first)) for m in AHEAD)  # type: ignore[misc]


def _told(a: Figure, b: Figure) -> Told:
    return stable_hash(*_of(a)), stable_hash(*sorted(str(_number(f)) for f in (a, b)))


def _lies_ahead(figure: Figure) -> bool:
    return figure.modality in AHEAD and bool(figure.measure)


def _of(figure: Figure) -> tuple[object, ...]:
    return figure.measure, figure.place, figure.type, figure.unit


def _number(figure: Figure) -> Number:
    return figure.value, figure.low, figure.high
