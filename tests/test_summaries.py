"""Copies, tallies and `spoken` equal what their rows give after everything that changes rows."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from site_database import HERALD, LEDGER, herald_findings, ledger_findings
from sqlite_utils import Database

from db import open_db
from db.crosscheck import crosscheck
from db.decisions import merge_speakers, reject_link, split_speaker
from db.doctor import examine
from db.save import save_article, save_findings
from db.schema import migrations
from db.summaries import differences
from extract.findings import Findings
from scraper.article import Article

ONE = Article(LEDGER, "https://ledger.example/1", title="One", outlet="Ledger", published="2032-01-14")
TWO = Article(HERALD, "https://herald.example/2", title="Two", published="2032-01-15T08:00:00-05:00")
LATER = dataclasses.replace(TWO, text=HERALD.replace("38,900", "39,800"))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = open_db(tmp_path / "s.db")
    save(database, ONE, ledger_findings())
    save(database, TWO, herald_findings(HERALD))
    crosscheck(database)
    assert database["spoken"].count == 4
    yield database
    database.close()


def save(db: Database, article: Article, found: Findings) -> int:
    version = save_article(db, article).version_id
    save_findings(db, version, found, "m", "c")
    return version


def fewer(db: Database) -> None:
    """Read again, another model finds less, and one figure in another unit."""
    found = ledger_findings()
    figures = (dataclasses.replace(found.figures[0], unit="claim"), found.figures[2])
    save(db, ONE, dataclasses.replace(found, claims=found.claims[:1], figures=figures, dates=found.dates[1:]))


def said_earlier(db: Database) -> None:
    found = ledger_findings()
    earlier = dataclasses.replace(found.claims[0], said_on=None, modality="projected", kind="mixed")
    save(db, ONE, dataclasses.replace(found, claims=(earlier, *found.claims[1:])))


def corrected(db: Database) -> None:
    save(db, LATER, herald_findings(LATER.text))


def waiting(db: Database) -> None:
    """A version that nothing was extracted from yet: the article has no findings that are current."""
    save_article(db, LATER)
    assert db.execute("SELECT count(*) FROM claims WHERE outlet IS NULL").fetchone() == (0,)


def brought_back(db: Database) -> None:
    corrected(db)
    page = type("Page", (), {"body": b"x", "content_type": "text/html"})()
    assert save_article(db, TWO, page).outcome == "changed"
    assert db.execute("SELECT count(*) FROM figures WHERE figure LIKE '38,900%'").fetchone() == (1,)


def outlet_learnt(db: Database) -> None:
    save_article(db, dataclasses.replace(TWO, outlet="Herald"))
    assert db.execute("SELECT count(*) FROM facts WHERE outlet = 'Herald'").fetchone() == (1,)


def outlet_of_both_versions(db: Database) -> None:
    corrected(db)
    outlet_learnt(db)


def dated(db: Database) -> None:
    undated = dataclasses.replace(TWO, url="https://herald.example/3", published=None)
    save(db, undated, herald_findings(HERALD))
    save_article(db, dataclasses.replace(undated, published="2032-02-01"))
    assert db.execute("SELECT count(*) FROM facts WHERE published = '2032-02-01'").fetchone() == (1,)


def merged(db: Database) -> None:
    merge_speakers(db, ["Odile Tremblay-Roy"], "Anders Whitlock", None)
    assert db.execute("SELECT claims FROM speakers").fetchall() == [(4,)]


def merged_in_a_joint_claim(db: Database) -> None:
    """Both speakers of one claim become one: the row of one replaces the other's."""
    found = ledger_findings()
    both = dataclasses.replace(found.claims[0].speaker, names=("Anders Whitlock", "Odile Tremblay-Roy"))
    joint = dataclasses.replace(found.claims[0], speaker=both)
    save(db, ONE, dataclasses.replace(found, claims=(joint, *found.claims[1:])))
    merged(db)


def told_apart(db: Database) -> None:
    (article,) = db.execute("SELECT public_id FROM article WHERE outlet = 'Ledger'").fetchone()
    split_speaker(db, "Anders Whitlock", "Anders Whitlock (mayor)", [article], None)


def rejected(db: Database) -> None:
    ((link,),) = db.execute("SELECT public_id FROM link WHERE label = 'same_quote'").fetchall()
    reject_link(db, link, None)
    crosscheck(db)


def rolled_back(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError), db.conn:
        db.execute("DELETE FROM claim")
        db.execute("INSERT INTO claim(id) VALUES (1)")


def nothing_left(db: Database) -> None:
    for article in (ONE, TWO):
        save(db, article, Findings((), (), ()))
    assert db.execute("SELECT total(counted) FROM figure_tally").fetchone() == (0,)
    assert db["spoken"].count == 0


CHANGES = [fewer, said_earlier, corrected, waiting, brought_back, outlet_learnt, outlet_of_both_versions, dated, merged,
           merged_in_a_joint_claim, told_apart, rejected, rolled_back, nothing_left]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("recursive", [False, True], ids=["", "recursive triggers"])
def test_summaries_equal_a_recount(db: Database, change: Callable[[Database], None], recursive: bool) -> None:
    db.execute(f"PRAGMA recursive_triggers = {int(recursive)}")
    assert list(differences(db)) == []
    change(db)
    assert list(differences(db)) == []


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("UPDATE figure_tally SET counted = counted + 1 WHERE unit = 'percent'", "figure_tally"),
        ("INSERT INTO claim_tally SELECT * FROM claim_tally LIMIT 1", "claim_tally"),
        ("DELETE FROM spoken WHERE outlet = 'Ledger'", "spoken"),
        ("UPDATE date_mention SET published = '2001-01-01'", "date_mention"),
    ],
    ids=["a count", "a row twice", "a row gone", "another day"],
)
def test_a_summary_that_went_astray_is_named(db: Database, damage: str, named: str) -> None:
    db.execute(damage)
    (check,) = [check for check in examine(db) if check.problems]
    assert named in check.problems[0]


def test_a_database_of_before_is_filled(db: Database, tmp_path: Path) -> None:
    """Rows that were there before the migration are counted by it, as the triggers count new ones."""
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="m013_summaries")
    tables = [row[0] for row in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    db.execute("PRAGMA foreign_keys = OFF")  # tables are copied in no particular order
    db.execute("ATTACH ? AS old", [str(tmp_path / "old.db")])
    for table in (t for t in tables if "_fts" not in t and t[0] != "_" and not t.startswith("sqlite")):
        columns = ", ".join(f'"{row[1]}"' for row in old.execute(f"PRAGMA table_info({table})"))
        db.execute(f"INSERT INTO old.{table}({columns}) SELECT {columns} FROM main.{table}")
    db.conn.commit()
    old.close()
    migrated = open_db(tmp_path / "old.db")
    assert list(differences(migrated)) == []
    for table in ("figure_tally", "claim_tally", "date_mention_tally", "spoken"):
        assert migrated[table].count == db[table].count > 0
    migrated.close()
