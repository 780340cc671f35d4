"""Opening databases: all or nothing in a transaction, and the record of what was fetched."""

from __future__ import annotations

import sqlite3

import pytest
from sqlite_utils import Database

from db import open_db, transaction
from db.connect import fold
from db.runs import last_fetch, listing_validators, recent_urls, record_fetch, save_source, start_run
from db.schema import migrations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("François Legault", " francois legault "),
        ("  Jean-François  ROBERGE ", " jean francois roberge "),
        ("O’Brien", " o brien "),
        ("Straße", " strasse "),
        ("İzmir", " izmir "),
        ("—", "  "),
        (None, None),
    ],
)
def test_fold(text, expected):
    assert fold(text) == expected


def test_the_database_is_as_it_should_be(db):
    assert next(db.query("PRAGMA journal_mode"))["journal_mode"] == "wal"
    assert next(db.query("PRAGMA foreign_keys"))["foreign_keys"] == 1
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO claim_speaker VALUES (1, 1, 0)")
    with pytest.raises(sqlite3.IntegrityError):
        db["measure"].insert({"id": "x", "key": "k", "label": "l"})


def test_opening_again_changes_nothing(tmp_path):
    path = tmp_path / "t.db"
    before = open_db(path).schema
    assert open_db(path).schema == before


def test_a_transaction_is_all_or_nothing(db):
    with pytest.raises(ZeroDivisionError), transaction(db):
        start_run(db, "run")
        with transaction(db):
            start_run(db, "scrape")
        raise ZeroDivisionError
    assert db["scrape_run"].count == 0


def test_an_inner_transaction_fails_alone(db):
    with transaction(db):
        start_run(db, "run")
        with pytest.raises(ZeroDivisionError), transaction(db):
            start_run(db, "scrape")
            raise ZeroDivisionError
    assert [row["command"] for row in db["scrape_run"].rows] == ["run"]


def test_a_reader_is_not_kept_waiting_by_a_writer(db, tmp_path):
    reader = open_db(tmp_path / "onrecord.db")
    with transaction(db):
        start_run(db, "run")
        assert reader["scrape_run"].count == 0
    assert reader["scrape_run"].count == 1


class Answer:
    """What a fetched page tells the record."""

    def __init__(self, url: str, etag: str | None, at: str) -> None:
        self.url = self.final_url = url
        self.status = 200
        self.etag = etag
        self.last_modified = None
        self.fetched_at = at


def note(db, url: str, outcome: str, hour: int, etag: str | None = None, **more) -> None:
    at = f"2024-09-24T{hour:02}:00:00+00:00"
    page = None if outcome == "failed" else Answer(url, etag, at)
    record_fetch(db, url, outcome, page=page, at=at, **more)


def test_the_last_fetch_tells_validators_failures_and_the_last_change(db):
    assert last_fetch(db, "u") is None
    note(db, "u", "new", 1, '"1"')
    note(db, "u", "unchanged", 2, '"1"')
    note(db, "u", "failed", 3)
    note(db, "u", "failed", 4, next_try="2024-09-25T00:00:00+00:00")
    last = last_fetch(db, "u")
    assert (last.outcome, last.etag, last.failures) == ("failed", '"1"', 2)
    assert last.since == "2024-09-24T01:00:00+00:00" and last.next_try == "2024-09-25T00:00:00+00:00"


def test_recent_pages_of_a_source(db):
    source = save_source(db, "s", "S", "feed", "https://s.example/feed", "en", at="2024-09-24T00:00:00+00:00")
    late = {"next_try": "2024-09-24T20:00:00+00:00", "source_id": source}
    soon = {"next_try": "2024-09-24T10:00:00+00:00", "source_id": source}
    note(db, "https://s.example/feed", "listed", 1, '"f"', source_id=source)
    note(db, "old", "new", 1, **soon)
    note(db, "soon", "new", 5, **soon)
    note(db, "late", "new", 6, **soon)
    note(db, "late", "unchanged", 7, **late)
    note(db, "off", "off_topic", 8, **soon)
    since, now = "2024-09-24T04:00:00+00:00", "2024-09-24T12:00:00+00:00"
    assert recent_urls(db, source, since, None, 9) == ["late", "soon"]
    assert recent_urls(db, source, since, now, 9) == ["soon"]
    assert recent_urls(db, source, since, None, 1) == ["late"]
    assert listing_validators(db, source) == {"https://s.example/feed": ('"f"', None)}


def test_a_source_that_moved_begins_anew(db):
    def save(url: str, hour: int) -> int:
        return save_source(db, "s", "S", "feed", url, "en", at=f"2024-09-24T{hour:02}:00:00+00:00")

    source = save("https://s.example/feed", 1)
    note(db, "page", "new", 2, source_id=source)
    assert save("https://s.example/feed", 3) == source
    assert recent_urls(db, source, "2024", None, 9) == ["page"]
    assert save("https://new.example/feed", 4) == source
    assert recent_urls(db, source, "2024", None, 9) == []


def test_a_database_of_before_the_bases_gets_their_columns(tmp_path):
    path = tmp_path / "old.db"
    old = Database(path)
    migrations.apply(old, stop_before="m006_basis_of_figures")
    assert "unit_basis" not in old["figure"].columns_dict
    old.close()
    db = open_db(path)
    assert {"unit_basis", "counted_basis", "place_basis"} <= set(db["figure"].columns_dict)
    assert list(db.query("SELECT unit_basis, counted_basis, place_basis FROM figures")) == []
    assert {"claims", "figures", "dates", "links", "facts"} <= set(db.view_names())
