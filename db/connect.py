"""Opening the database: migrations, write-ahead log, foreign keys, and a clear word when a file is not ours."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from db.schema import migrations

BUSY_SECONDS = 15.0


class DatabaseError(Exception):
    """A database that cannot be used. Prints the file and what to do."""

    def __init__(self, path: str | Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = str(path)
        self.reason = reason


class NotADatabase(DatabaseError):
    """The file is no SQLite database, or one of another program."""


class NoDatabase(DatabaseError):
    """There is no such file, and the command needs what would be in it."""


class CannotWrite(DatabaseError):
    """The file or its folder cannot be written."""


def open_db(path: str | Path, *, must_exist: bool = False) -> Database:
    """The database at `path`, migrated to the present schema; made when absent unless `must_exist`.

    Raises NoDatabase, NotADatabase, CannotWrite; each names the file.
    """
    path = Path(path)
    check_path(path, must_exist=must_exist)
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
    except sqlite3.OperationalError as error:
        raise CannotWrite(path, _cannot(error)) from error
    try:
        db = Database(connection)
        _check_ours(db, path)
        db.enable_wal()
        connection.execute("PRAGMA synchronous = NORMAL")
        migrations.apply(db)
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.OperationalError as error:
        connection.close()
        raise CannotWrite(path, _cannot(error)) from error
    except sqlite3.DatabaseError as error:
        connection.close()
        raise NotADatabase(path, f"not a database ({error}); choose another file with --db") from error
    except DatabaseError:
        connection.close()
        raise
    connection.create_function("fold", 1, fold, deterministic=True)
    return db


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """All or nothing. Takes the write lock at once, so that a reading transaction never has to be upgraded while
    another process writes; inside a transaction it is a savepoint."""
    if db.conn.in_transaction:
        with db.atomic():
            yield db
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.rollback()
        raise
    db.conn.execute("COMMIT")


def fold(text: str | None) -> str | None:
    """For comparing names: lower case, no accents, words parted and framed by single spaces (SQL function `fold`)."""
    if text is None:
        return None
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in bare).split()
    return f" {' '.join(words)} "


def check_path(path: str | Path, *, must_exist: bool = False) -> None:
    """Whether a database can be there at all. Raises what `open_db` raises; makes nothing."""
    path = Path(path)
    if path.is_dir():
        raise NotADatabase(path, "this is a folder; name a file with --db")
    if must_exist and not path.exists():
        raise NoDatabase(path, "no such database; make it with `onrecord run` or name another with --db")
    if not path.parent.is_dir():
        raise CannotWrite(path, f"there is no folder {path.parent}; make it or choose another file with --db")


def _check_ours(db: Database, path: Path) -> None:
    """A database of another program is left alone, and so is one made by a later version of this one."""
    begun = {migrations.migrations_table}  # is made first: a run that was killed behind it leaves nothing else
    if set(db.table_names()) <= begun:
        return
    known = {migration.name for migration in migrations._migrations}
    applied = {migration.name for migration in migrations.applied(db)}
    if not applied:
        raise NotADatabase(path, "a SQLite database, but not one of On Record; choose another file with --db")
    if applied - known:
        raise NotADatabase(path, "made by a later version of On Record; upgrade with `pip install -U onrecord`")


def _cannot(error: sqlite3.OperationalError) -> str:
    return f"cannot be opened for writing ({error}); check the permissions of the file and its folder, or use --db"
