"""Links as values, and how they are written: what is found again keeps its row, what is no longer found goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlite_utils import Database

from db.ids import public_id, utc_now

from .records import Claim, End, Figure, Version

DIRECTED = frozenset({"derived", "revised"})
E = TypeVar("E", Version, Claim, Figure)


@dataclass(frozen=True, slots=True)
class Link:
    """`score` is 0..1: how sure the link is, not how important. `explanation` is for a reader who sees both ends."""

    label: str
    a: End
    b: End
    score: float
    explanation: str

    @property
    def public_id(self) -> str:
        """A hash of the label and the public ids of both ends; their order counts for directed labels only."""
        ends = [f"{end.kind}:{end.public_id}" for end in (self.a, self.b)]
        ends = sorted(ends) if self.label not in DIRECTED else ends
        return public_id(self.label, *ends)


def ordered(a: E, b: E) -> tuple[E, E]:
    """The two ends of a symmetric link, the earlier first: an explanation names them in this order."""

    def key(end: End) -> tuple:
        version = end if isinstance(end, Version) else end.version
        return version.day, version.number, end.public_id

    return (a, b) if key(a) <= key(b) else (b, a)


def write_links(db: Database, links: Iterable[Link]) -> None:
    """Make the table `link` hold exactly these links. Rows that stay keep their id and the time they were found.

    Runs within the caller's transaction.
    """
    wanted = {link.public_id: _row(link) for link in links}
    have = {row["public_id"]: row for row in db.query("SELECT * FROM link")}
    gone = [(row["id"],) for key, row in have.items() if key not in wanted]
    db.conn.executemany("DELETE FROM link WHERE id = ?", gone)
    now = utc_now()
    new = [(*row, now) for key, row in sorted(wanted.items()) if key not in have]
    db.conn.executemany(INSERT, new)
    changed = [(*row[2:], key) for key, row in wanted.items() if key in have and _values(have[key]) != row]
    db.conn.executemany(UPDATE, changed)


COLUMNS = ("public_id", "label", "a_kind", "a_id", "b_kind", "b_id", "score", "explanation")
INSERT = f"INSERT INTO link ({', '.join(COLUMNS)}, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
UPDATE = f"UPDATE link SET {', '.join(f'{c} = ?' for c in COLUMNS[2:])} WHERE public_id = ?"


def _row(link: Link) -> tuple:
    a, b = link.a, link.b
    return (
        link.public_id,
        link.label,
        a.kind,
        a.id,
        b.kind,
        b.id,
        round(link.score, 3),
        link.explanation,
    )


def _values(row: dict) -> tuple:
    return tuple(row[c] for c in COLUMNS)
