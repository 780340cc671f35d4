"""Releases for the public web: checked, whole, swapped in at once, served as immutable."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from filelock import FileLock
from site_database import build, served

import db.publish
from db import open_db
from db.export import COLUMNS
from db.publish import NAME, PublishError, current, publish, releases
from db.schema import PRIVATE
from jobs import plain
from onrecord import main


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    path = tmp_path / "newsroom.db"
    build(path)
    return path


@pytest.fixture
def moments(monkeypatch) -> None:
    """A clock that is a second on whenever it is asked: each release has a name of its own."""
    made = iter(range(60))
    monkeypatch.setattr(db.publish, "utc_now", lambda: f"2032-01-17T10:00:{next(made):02}+00:00")


def make(path: Path, target: Path, **more: object) -> db.publish.Release:
    return publish(open_db(path), target, version="0.9", progress=plain, **more)  # type: ignore[arg-type]


def test_a_release_holds_the_public_part_and_every_download(newsroom: Path, tmp_path: Path) -> None:
    release = make(newsroom, tmp_path / "site")
    folder = current(tmp_path / "site")
    assert folder.name == release.folder and json.loads((folder / "release.json").read_text())["rows"] == release.rows
    snapshot = open_db(folder / NAME)
    assert {table: snapshot[table].count for table in PRIVATE} == dict.fromkeys(PRIVATE, 0)
    assert snapshot["claim"].count == open_db(newsroom)["claim"].count > 0
    for table in COLUMNS:
        for suffix in ("csv", "jsonl"):
            data = (folder / "downloads" / f"{table}.{suffix}").read_bytes()
            stated = json.loads((folder / "downloads" / f"{table}.{suffix}.manifest.json").read_text())
            assert (stated["sha256"], stated["rows"]) == (hashlib.sha256(data).hexdigest(), release.rows[table])
    assert open_db(newsroom)["fetch"].count == 1, "the database itself keeps everything"


def test_raw_pages_are_published_only_when_asked(newsroom: Path, tmp_path: Path) -> None:
    make(newsroom, tmp_path / "site", with_pages=True)
    assert open_db(current(tmp_path / "site") / NAME)["fetch"].count == 1


def test_an_unsound_database_is_not_published(newsroom: Path, tmp_path: Path, moments) -> None:
    before = make(newsroom, tmp_path / "site").folder
    database = open_db(newsroom)
    database.execute("UPDATE figure SET start = start + 1 WHERE id = 1")
    database.conn.commit()
    with pytest.raises(PublishError, match=r"not sound \(offsets of figure"):
        make(newsroom, tmp_path / "site")
    assert current(tmp_path / "site").name == before and len(releases(tmp_path / "site")) == 1


def test_a_release_that_fails_half_way_leaves_the_one_before(
    newsroom: Path, tmp_path: Path, moments, monkeypatch
) -> None:
    before = make(newsroom, tmp_path / "site").folder

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(db.publish, "export_file", full)
    with pytest.raises(PublishError, match="No space left on device; nothing was published"):
        make(newsroom, tmp_path / "site")
    assert current(tmp_path / "site").name == before
    assert [path.name for path in (tmp_path / "site" / "releases").iterdir()] == [before], "and no remains"


def test_old_releases_go(newsroom: Path, tmp_path: Path, moments) -> None:
    made = [make(newsroom, tmp_path / "site", keep=2).folder for _ in range(4)]
    assert [path.name for path in releases(tmp_path / "site")] == [made[3], made[2]]
    assert current(tmp_path / "site").name == made[3]


def test_one_release_at_a_time(newsroom: Path, tmp_path: Path) -> None:
    (tmp_path / "site" / "releases").mkdir(parents=True)
    with FileLock(tmp_path / "site" / ".lock"), pytest.raises(PublishError, match="another release is being made"):
        make(newsroom, tmp_path / "site")


@pytest.mark.enable_socket
def test_a_release_is_served_with_its_downloads_and_without_its_pages(newsroom: Path, tmp_path: Path) -> None:
    release = make(newsroom, tmp_path / "site")
    folder = current(tmp_path / "site")
    with served(folder / NAME, folder / "inspect.json") as address:
        for path in ("/", "/-/search?q=housed", "/onrecord/claims", "/-/downloads", "/-/measure/asylum_claims"):
            assert requests.get(address + path, timeout=20).status_code == 200, path
        answer = requests.get(f"{address}/-/download/facts.csv", timeout=20)
        assert answer.content == (folder / "downloads" / "facts.csv").read_bytes()
        assert answer.headers["x-rows"] == str(release.rows["facts"])
        assert answer.headers["x-sha256"] == hashlib.sha256(answer.content).hexdigest()
        narrowed = requests.get(f"{address}/-/download/facts.csv?outlet=Harbour+Ledger", timeout=20)
        assert 0 < int(narrowed.headers["x-rows"]) < release.rows["facts"]
        assert requests.get(f"{address}/onrecord/raw_page", timeout=20).status_code == 403
    assert not list(folder.glob("*-wal")) and not list(folder.glob("*-shm"))


@pytest.mark.enable_socket
def test_the_database_itself_is_given_only_when_asked(newsroom: Path, tmp_path: Path) -> None:
    make(newsroom, tmp_path / "site")
    folder = current(tmp_path / "site")
    with served(folder / NAME, folder / "inspect.json") as address:
        assert requests.get(f"{address}/onrecord.db", timeout=20).status_code == 403
    with served(folder / NAME, folder / "inspect.json", allow_download=True) as address:
        answer = requests.get(f"{address}/onrecord.db", timeout=20)
        assert answer.content == (folder / NAME).read_bytes() and "attachment" in answer.headers["content-disposition"]
    refused = CliRunner().invoke(main, ["serve", "--allow-download", "--db", str(newsroom)])
    assert refused.exit_code == 2 and "--published" in refused.output


def test_the_commands(newsroom: Path, tmp_path: Path) -> None:
    site = str(tmp_path / "site")
    nothing = CliRunner().invoke(main, ["serve", "--published", site])
    assert nothing.exit_code == 2 and f"make a release with `onrecord publish {site}`" in nothing.output
    made = CliRunner().invoke(main, ["publish", site, "--db", str(newsroom)])
    assert made.exit_code == 0 and "onrecord serve --published" in made.output
    (tmp_path / "file").write_text("")
    refused = CliRunner().invoke(main, ["publish", str(tmp_path / "file" / "x"), "--db", str(newsroom)])
    assert refused.exit_code == 2 and "cannot be written" in refused.output
