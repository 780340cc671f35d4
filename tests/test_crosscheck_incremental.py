"""What changed since the last run is compared, and the outcome is that of comparing everything anew: after every batch
of whatever can happen to articles, claims, figures, names and links."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from crosscheck_database import Newsroom
from crosscheck_random import Affair
from sqlite_utils import Database

import db.crosscheck.due
import db.crosscheck.filing
import db.crosscheck.meetings
from bench import newsroom as generator
from db.crosscheck import PASSED_OVER, crosscheck
from db.crosscheck.evaluate import LABELS
from db.schema import migrations


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
        assert found == anew(affair.db), seed
        labels |= {key[0] for key in found}
        before = affair.db.conn.total_changes
        crosscheck(affair.db)
        assert affair.db.conn.total_changes == before, "a second run changes no row"
    rows = list(affair.db.query("SELECT * FROM link ORDER BY id"))
    crosscheck(affair.db, rebuild=True)
    assert list(affair.db.query("SELECT * FROM link ORDER BY id")) == rows, "links that are found again keep their rows"
    return labels


@pytest.mark.usefixtures("step_by_step")
def test_step_by_step_is_what_anew_is() -> None:
    seen = set().union(*(assert_same_in_steps(seed) for seed in range(7)))
    assert seen == {*LABELS, "standing"}, "links of all kinds came, went and stayed"


@pytest.mark.usefixtures("step_by_step", "crowded")
@pytest.mark.parametrize("seed", range(100, 112))
def test_newcomers_that_push_others_apart(seed: int) -> None:
    assert "same_quote" in assert_same_in_steps(seed)


@pytest.mark.usefixtures("step_by_step")
def test_the_generated_newsroom_grows(tmp_path: Path) -> None:
    generated = generator.Newsroom(40)
    grown = generated.fill(tmp_path / "grown.db")
    crosscheck(grown)
    for first in (40, 50, 51):
        generated.add(grown, {40: 10, 50: 1, 51: 12}[first], first=first)
        crosscheck(grown)
        assert outcome(grown) == anew(grown)


@pytest.mark.parametrize("seed", range(200, 206))
def test_who_came_first_does_not_matter(seed: int) -> None:
    affair = Affair(seed)
    for _ in range(25):
        affair.happen()
    crosscheck(affair.db)
    other = in_another_order(affair.db, affair.chance)
    crosscheck(other)
    assert outcome(other) == outcome(affair.db)


@pytest.mark.usefixtures("step_by_step")
def test_a_run_that_broke_off_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    affair = Affair(3)
    for _ in range(10):
        affair.happen()
    crosscheck(affair.db)
    before = outcome(affair.db)
    for _ in range(5):
        affair.happen()

    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="no space"):
        patched.setattr(db.crosscheck, "write_standings", broken)
        crosscheck(affair.db)
    assert {k: v for k, v in outcome(affair.db).items() if k in before} == {
        k: v for k, v in before.items() if k in outcome(affair.db)
    }
    crosscheck(affair.db)
    assert outcome(affair.db) == anew(affair.db) != before


def test_other_rules_compare_everything_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    affair = Affair(4)
    for _ in range(10):
        affair.happen()
    found = crosscheck(affair.db)
    affair.db.execute("DELETE FROM link")
    assert not crosscheck(affair.db), "nothing is due"
    monkeypatch.setattr(db.crosscheck.due, "rules", lambda: "other")
    assert crosscheck(affair.db) == found


def test_what_is_passed_over_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(db.crosscheck.meetings.NEAREST, "figure", 2)
    room = Newsroom()
    for n in range(6):
        room.article(f"a{n}", f"It counted 39,540 in {n}.", f"2031-03-0{n + 1}")
        room.figure(f"f{n}", f"a{n}", "39,540", 39_540.0, period=("2030-01-01", "2030-12-31"))
    found = crosscheck(room.db)
    # Of six in a row the pairs that stand three or more apart, in each of four series, told from both ends.
    assert found == {"same_figure": 9, PASSED_OVER: 6 * 4 * 2}


def in_another_order(database: Database, chance: random.Random) -> Database:
    """The same rows, inserted in another order under other row ids."""
    copy = Database(memory=True)
    migrations.apply(copy)
    ids: dict[str, dict[int | None, int | None]] = {"": {}}
    for table in ("measure", "article", "article_version", "claim", "figure"):
        rows = list(database.query(f"SELECT * FROM {table} ORDER BY id"))
        chance.shuffle(rows)
        ids[table] = {None: None} | {row["id"]: n for n, row in enumerate(rows, 1)}
        for row in rows:
            row["id"] = ids[table][row["id"]]
            for column, of in REFERENCES.items():
                if column in row:
                    row[column] = ids[of][row[column]]
            copy.table(table).insert(row | ({"current_version": None} if table == "article" else {}))
    for old, new in database.execute("SELECT id, current_version FROM article").fetchall():
        row = [ids["article_version"][new], ids["article"][old]]
        copy.execute("UPDATE article SET current_version = ? WHERE id = ?", row)
    for row in database.execute("SELECT * FROM decision").fetchall():
        copy.execute("INSERT INTO decision VALUES (?, ?, ?, ?, ?)", row)
    return copy


REFERENCES = {"measure_id": "measure", "article_id": "article", "version_id": "article_version", "claim_id": "claim"}
