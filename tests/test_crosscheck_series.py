"""Whom an item meets is the same from the series in memory and from the database, whatever stands in them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import pytest
from sqlite_utils import Database

from db import open_db
from db.crosscheck import places
from db.crosscheck.meetings import Meetings
from db.crosscheck.places import BY_RUN, BY_SPEAKER, DAY, NEAREST, Filed, Met
from db.crosscheck.series import Entries, Series


@pytest.fixture(params=range(6))
def filed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Filed]]:
    """Items of each kind in series from one of a single item to crowds, some at one position."""
    chance = random.Random(request.param)
    for kind, most in (("claim", 2), ("figure", 3), ("article", 5)):
        monkeypatch.setitem(NEAREST, kind, most)
    out: dict[str, list[Filed]] = {}
    for n, kind in enumerate(("claim", "figure", "article")):
        keys = [
            (n * 1000 + i) << 48 | (chance.choice((BY_RUN, BY_SPEAKER)) if kind == "claim" else 0) for i in range(9)
        ]
        days = [chance.randrange(700_000, 700_040) for _ in range(chance.choice((1, 12, 40)))]
        positions = [day << DAY | chance.randrange(3) for day in days]
        out[kind] = [
            Filed(kind, item, chance.choice(positions), tuple(sorted({chance.choice(keys) for _ in range(4)})))
            for item in range(1, 41)
        ]
    return out


def _rows(met: Met) -> set[tuple[int, int, int]]:
    return set(zip(met.one.tolist(), met.key.tolist(), met.other.tolist(), strict=True))


def _written(filed: dict[str, list[Filed]]) -> Meetings:
    db = open_db(":memory:")
    _write(db, (one for some in filed.values() for one in some))
    return Meetings(db)


def _write(db: Database, filed: Iterable[Filed]) -> None:
    entries = [(key, one.position, one.item) for one in filed for key in one.keys]
    db.conn.executemany("INSERT INTO crosscheck_meeting VALUES (?, ?, ?)", entries)


def _series(filed: list[Filed]) -> Series:
    entries = Entries(Database(memory=True))
    for some in (filed[::2], filed[1::2]):
        entries.add(some)
    return Series(entries.take())


def _by_definition(items: list[Filed]) -> Iterator[tuple[int, int, int]]:
    """The nearest on either side, straight from what is said of series."""
    for at, one in enumerate(items):
        for key in one.keys:
            first, last = places.reach(one.kind, key, one.position)
            series = sorted(other.place for other in items if key in other.keys and first <= other.position <= last)
            own, most = series.index(one.place), NEAREST[one.kind]
            if one.kind != "article" or len(series) <= most:
                yield from (
                    (at, key, i) for _, i in series[max(0, own - most) : own] + series[own + 1 : own + 1 + most]
                )


def test_memory_and_database_give_the_same(filed: dict[str, list[Filed]]) -> None:
    read, held = _written(filed), _written({})
    held.hold(_series([one for some in filed.values() for one in some]))
    for items in filed.values():
        wanted = set(_by_definition(items))
        assert _rows(read.met(items)) == _rows(held.met(items)) == wanted
        some = items[5:9]
        assert _rows(held.met(some)) == _rows(read.met(some)), "a part of the items meets the same others"
    assert read.passed_over == held.passed_over
    assert any(read.passed_over.values()), "the series are long enough for something to be passed over"


def test_nothing_is_met_in_empty_series() -> None:
    alone = Filed("figure", 1, 700_000 << DAY, (4, 8))
    for filed in ({}, {"figure": [alone]}):
        meetings = _written(filed)
        assert not _rows(meetings.met([alone])) and not _rows(meetings.met([]))
        meetings.hold(_series([one for some in filed.values() for one in some]))
        assert not _rows(meetings.met([alone])) and not _rows(meetings.met([]))


def test_what_is_filed_ends_the_holding() -> None:
    db = open_db(":memory:")
    meetings = Meetings(db)
    meetings.hold(_series([]))
    a, b = Filed("figure", 1, 700_000 << DAY, (4,)), Filed("figure", 2, 700_001 << DAY, (4,))
    _write(db, [a, b])
    assert not _rows(meetings.met([a]))
    meetings.remember({1: [a], 2: [b]})
    assert _rows(meetings.met([a])) == {(0, 4, 2)}
