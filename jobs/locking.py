"""One job at a time may write to a database; readers are not kept waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database

from db import CannotWrite, DatabaseError, check_path, open_db


class Busy(DatabaseError):
    """Another job is writing to the database."""


@contextmanager
def writing(path: str | Path, *, must_exist: bool = False) -> Iterator[Database]:
    """The database, for one writing job at a time. Raises Busy when another is at it, and what `open_db` raises."""
    check_path(path, must_exist=must_exist)
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        if not Path(lock.lock_file).exists():  # nobody holds it: it could not be made
            raise CannotWrite(path, "its folder cannot be written; choose another with --db") from error
        raise Busy(path, "another On Record job is writing to it; wait until it has finished") from error
    except OSError as error:
        raise CannotWrite(path, f"its folder cannot be written ({error.strerror}); choose another with --db") from error
    try:
        db = open_db(path, must_exist=must_exist)
        try:
            yield db
        finally:
            db.close()
    finally:
        lock.release()


def is_writing(path: str | Path) -> bool:
    """Whether a job is writing to the database now."""
    if not Path(f"{path}.lock").exists():
        return False
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(blocking=False)
    except (Timeout, OSError):
        return True
    lock.release()
    return False
