"""Is the database sound, and a copy of it that is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from db.summaries import differences

SPANS = {
    "claim": [("start", "end", "text"), ("cue_start", "cue_end", "cue"), ("mention_start", "mention_end", "mention")],
    "figure": [("start", "end", "text")],
    "date_mention": [("start", "end", "text")],
}


class BackupError(Exception):
    """A copy that was not made: the target and why."""


@dataclass(frozen=True, slots=True)
class Check:
    """One examination: `problems` is empty when all is well."""

    name: str
    problems: tuple[str, ...]


def examine(db: Database) -> Iterator[Check]:
    """Every check, one after another: the file, the references, the search indexes, the offsets, links, counts."""
    yield Check("file is intact", tuple(r[0] for r in db.execute("PRAGMA integrity_check(20)") if r[0] != "ok"))
    yield Check("rows refer to rows that exist", tuple(_dangling(db)))
    for table in ("claim_fts", "article_version_fts"):
        yield Check(f"search index {table} agrees with its table", tuple(_fts(db, table)))
    for table, spans in SPANS.items():
        yield Check(f"offsets of {table} give its words", tuple(p for s in spans for p in _offsets(db, table, *s)))
    yield Check("links lead to rows that exist", tuple(_links(db)))
    yield Check("counts agree with their rows", tuple(differences(db)))


def backup(db: Database, target: str | Path) -> int:
    """Copy the database to the new file `target`, whole and without its write-ahead log, while others go on using it.

    Returns its bytes. Raises BackupError when `target` exists or cannot be written.
    """
    target = Path(target)
    if target.exists():
        raise BackupError(f"{target}: exists already; name a new file, backups never overwrite")
    if not target.parent.is_dir():
        raise BackupError(f"{target}: there is no folder {target.parent}")
    try:
        db.execute("VACUUM INTO ?", [str(target)])
    except sqlite3.OperationalError as error:
        raise BackupError(f"{target}: cannot be written ({error}); check the folder's permissions and space") from error
    return target.stat().st_size


def _dangling(db: Database) -> Iterator[str]:
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield f"{table} row {row} refers to a missing row of {parent}"


def _fts(db: Database, table: str) -> Iterator[str]:
    try:
        db.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        yield f"{error}; rebuild it: INSERT INTO {table}({table}) VALUES ('rebuild')"


def _offsets(db: Database, table: str, start: str, end: str, text: str) -> Iterator[str]:
    rows = db.execute(
        f"""SELECT t.public_id, v.public_id FROM {table} t JOIN article_version v ON v.id = t.version_id
            WHERE t."{text}" IS NOT NULL
            AND substr(v.text, t."{start}" + 1, t."{end}" - t."{start}") IS NOT t."{text}" """
    )
    for row, version in rows:
        yield f"{table} {row}: the text of version {version} at its {start} is not its {text}"


def _links(db: Database) -> Iterator[str]:
    tables = {"article": "article_version", "claim": "claim", "figure": "figure"}
    for side in ("a", "b"):
        for kind, table in tables.items():
            rows = db.execute(
                f"""SELECT public_id FROM link WHERE {side}_kind = ?
                    AND NOT EXISTS (SELECT 1 FROM {table} WHERE id = {side}_id)""",
                [kind],
            )
            for (pid,) in rows:
                yield f"link {pid} leads to a {kind} that is gone; run `onrecord crosscheck`"
