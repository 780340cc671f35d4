"""A site to put on the public web: a checked snapshot with everything that can be made before anybody asks for it.

    DIR/releases/20240924T081500Z/   onrecord.db, downloads/, inspect.json, release.json
    DIR/current                      a link to the release that is served

A release is made under another name and appears whole; the link is swapped in one step. A server that is running goes
on with the release that it was started with, until it is started again.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database

from db.connect import open_db
from db.doctor import BackupError, backup, examine
from db.export import COLUMNS, export_file
from db.ids import utc_now
from db.schema import PRIVATE

KEEP = 3
FORMATS = (("csv", "csv"), ("json", "jsonl"))
NAME = "onrecord.db"
Progress = Callable[..., Any]


class PublishError(Exception):
    """A release that was not made, and why; what was published before stays as it was."""


@dataclass(frozen=True, slots=True)
class Release:
    """What was published: its folder, the bytes of its database, rows by table, when and by which version."""

    folder: str
    bytes: int
    rows: dict[str, int]
    made_at: str
    version: str


def publish(
    db: Database, target: str | Path, *, version: str, keep: int = KEEP, with_pages: bool = False, progress: Progress
) -> Release:
    """Publish the database to the folder `target` and make it the current release; the newest `keep` releases stay.

    Raw pages, which are their publishers', and the record of requests stay behind unless `with_pages`. Raises
    PublishError when the snapshot is not sound, or the folder cannot be written.
    """
    target = Path(target)
    with _folder(target):
        made_at = utc_now()
        name = made_at[:19].replace("-", "").replace(":", "") + "Z"
        part, folder = target / "releases" / f".{name}", target / "releases" / name
        if folder.exists():
            raise PublishError(f"{folder}: was published a moment ago; wait a second")
        try:
            part.mkdir(parents=True)
            rows = _make(db, part, version, with_pages, progress)
            release = Release(name, (part / NAME).stat().st_size, rows, made_at, version)
            (part / "release.json").write_text(json.dumps(asdict(release), indent=2) + "\n", encoding="utf-8")
            part.rename(folder)
        except (OSError, sqlite3.Error, BackupError) as error:
            raise PublishError(f"{part}: {error}; nothing was published, and what was before is still there") from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
        _point(target / "current", folder)
        for old in releases(target)[keep:]:
            shutil.rmtree(old)
        return release


def releases(target: str | Path) -> list[Path]:
    """The folders of the releases in `target`, the newest first."""
    folder = Path(target) / "releases"
    return sorted((f for f in folder.glob("[0-9]*Z") if f.is_dir()), reverse=True) if folder.is_dir() else []


def current(target: str | Path) -> Path:
    """The folder of the release to be served. Raises PublishError when there is none."""
    link = Path(target) / "current"
    if not (link / NAME).is_file():
        raise PublishError(f"{target}: nothing is published there; make a release with `onrecord publish {target}`")
    return link.resolve()


def _make(db: Database, part: Path, version: str, with_pages: bool, progress: Progress) -> dict[str, int]:
    backup(db, part / NAME)
    snapshot = open_db(part / NAME)
    try:
        if not with_pages:
            _strip(snapshot)
        for check in progress(examine(snapshot), desc="checks"):
            if check.problems:
                problem = check.problems[0]
                raise PublishError(f"the database is not sound ({check.name}): {problem}; see `onrecord doctor`")
        snapshot.execute("ANALYZE")
        snapshot.conn.commit()
        (part / "downloads").mkdir()
        rows = {}
        for table in progress(COLUMNS, desc="downloads"):
            for fmt, suffix in FORMATS:
                path = part / "downloads" / f"{table}.{suffix}"
                rows[table] = export_file(snapshot, table, path, fmt=fmt, version=version).rows
        # A file that is served as immutable must not need its write-ahead log.
        snapshot.conn.execute("PRAGMA journal_mode = DELETE")
    finally:
        snapshot.close()
    _inspect(part)
    return rows


def _strip(snapshot: Database) -> None:
    """Take out what the public has no business with, and the room it took."""
    snapshot.execute("UPDATE article_version SET page_hash = NULL")
    for table in PRIVATE:
        snapshot.execute(f"DELETE FROM {table}")
    snapshot.conn.commit()
    snapshot.execute("VACUUM")


def _inspect(part: Path) -> None:
    """The counts of rows that Datasette would otherwise make on each page of an immutable file."""
    from datasette.cli import cli

    cli.main(["inspect", str(part / NAME), "--inspect-file", str(part / "inspect.json")], standalone_mode=False)


@contextmanager
def _folder(target: Path) -> Iterator[None]:
    try:
        (target / "releases").mkdir(parents=True, exist_ok=True)
        lock = FileLock(target / ".lock")
        lock.acquire(blocking=False)
    except Timeout as error:
        raise PublishError(f"{target}: another release is being made; wait until it has finished") from error
    except OSError as error:
        raise PublishError(f"{target}: cannot be written ({error.strerror}); choose another folder") from error
    try:
        yield
    finally:
        lock.release()


def _point(link: Path, folder: Path) -> None:
    """Make `link` lead to `folder` in one step: there is never a moment without a current release."""
    new = link.with_name(".current")
    new.unlink(missing_ok=True)
    new.symlink_to(os.path.relpath(folder, link.parent), target_is_directory=True)
    new.replace(link)
