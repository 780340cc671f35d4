"""What changed since the last run is compared, and the outcome is that of comparing everything anew: after every batch of
whatever can happen to articles, claims, figures, names and links."""

from __future__ import annotations

from typing import Any

import pytest
from crosscheck_database import Newsroom
from crosscheck_random import Affair
from sqlite_utils import Database

import db.crosscheck.due
import db.crosscheck.filing
import db.crosscheck.meetings
from db.crosscheck import PASSED_OVER, crosscheck


@pytest.fixture
def step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is compared anew just because most of a small database is new."""
    monkeypatch.setattr(db.crosscheck.due, "MOSTLY", 2)


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Series so crowded that newcomers push others apart."""
    for kind, most in {"claim": 2, "figure": 2, "role": 2, "article": 4}.items():
        monkeypatch.setitem(db.crosscheck.meetings.NEAREST, kind, most)
    monkeypatch.setattr(db.crosscheck.filing, "BOILERPLATE", 4)


def outcome(database: Database) -> dict[tuple, tuple]:
    """Links and standings by public ids."""
    links = database.query("SELECT label, a_kind, a_id, b_kind, b_id, score, explanation FROM links")
    rows: dict[tuple, tuple] = {(r["label"], r["a_id"], r["b_id"]): (r["score"], r["explanation"]) for r in links}
    query = """SELECT f.public_id, s.origins, s.agrees, s.conflicts FROM figure f
               LEFT JOIN figure_standing s ON s.figure_id = f.id"""
    return rows | {("standing", pid): tuple(row) for pid, *row in database.execute(query)}


def anew(database: Database) -> dict[tuple, tuple]:
    """What comes out when a copy of the database is compared from the beginning, with nothing remembered."""
    copy = Database(memory=True)
    database.conn.commit()
    database.conn.backup(copy.conn)
    copy.execute("DELETE FROM link")
    copy.execute("DELETE FROM figure_standing")
    crosscheck(copy, rebuild=True)
    return outcome(copy)


def assert_same_in_steps(seed: int, batches: int = 12) -> set[str]:
    """Labels that were seen."""
    affair = Affair(seed)
    labels: set[str] = set()
    for _ in range(batches):
        for _ in range(affair.chance.choice((1, 1, 2, 4))):
            affair.happen()
        crosscheck(affair.db)
        found = outcome(affair.db)
        assert found == anew(affair.db)
        labels |= {key[0] for key in found}
        before = affair.db.conn.total_changes
        crosscheck(affair.db)
        assert affair.db.conn.total_changes == before, "a second run changes no row"
    rows = list(affair.db.query("SELECT * FROM link ORDER BY id"))
    crosscheck(affair.db, rebuild=True)
    assert list(affair.db.query("SELECT * FROM link ORDER BY id")) == rows, "links that are found again keep their rows"
    return labels


@pytest.mark.usefixtures("step_by_step")
@pytest.mark.parametrize("seed", range(6))
def test_step_by_step_is_what_anew_is(seed: int) -> None:
    assert assert_same_in_steps(seed) > {"same_quote", "same_figure", "conflicting_figure", "wire_copy"}


@pytest.mark.usefixtures("step_by_step", "crowded")
@pytest.mark.parametrize("seed", range(100, 112))
def test_newcomers_that_push_others_apart(seed: int) -> None:
    assert "same_quote" in assert_same_in_steps(seed)
