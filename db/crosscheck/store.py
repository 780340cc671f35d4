"""Links as values, and how they are written: what is found again keeps its row, what is no longer found goes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of `link`. `other` is the version that its far end stands in."""

    id: int
    values: tuple
    other: int

    @property
    def public_id(self) -> str:
        return self.values[0]

    @property
    def label(self) -> str:
        return self.values[1]

    @property
    def ends(self) -> tuple[tuple[str, int], tuple[str, int]]:
        return (self.values[2], self.values[3]), (self.values[4], self.values[5])


def stored_links(db: Database, kind: str, items: Iterable[int]) -> dict[str, Stored]:
    """The links with an end among these items, by public id."""
    found = {}
    ids = json.dumps(list(items))
    for near, far in (("a", "b"), ("b", "a")):
        query = f"""SELECT l.id, {", ".join("l." + c for c in COLUMNS)}, coalesce(c.version_id, f.version_id, l.{far}_id)
            FROM link l LEFT JOIN claim c ON l.{far}_kind = 'claim' AND c.id = l.{far}_id
            LEFT JOIN figure f ON l.{far}_kind = 'figure' AND f.id = l.{far}_id
            WHERE l.{near}_kind = ? AND l.{near}_id IN (SELECT value FROM json_each(?))"""
        for id_, *values, other in db.execute(query, [kind, ids]):
            found.setdefault(values[0], Stored(id_, tuple(values), other))
    return found


def best_of(links: Iterable[Link]) -> dict[str, Link]:
    """By public id: at most one link for a label and a pair of ends."""
    best: dict[str, Link] = {}
    for link in links:
        kept = best.setdefault(link.public_id, link)
        if (link.score, link.explanation) > (kept.score, kept.explanation):
            best[link.public_id] = link
    return best


def write_links(db: Database, found: Mapping[str, Link], have: Mapping[str, Stored]) -> list[tuple[str, int]]:
    """Put the links `found` in the place of those that one `has`. Rows that stay keep their id and the time they were
    found. Returns the ends of those that came or went.

    Runs within the caller's transaction.
    """
    rows = {key: _row(link) for key, link in found.items()}
    gone = [one for key, one in have.items() if key not in rows]
    db.conn.executemany("DELETE FROM link WHERE id = ?", [(one.id,) for one in gone])
    now = utc_now()
    new = [(*row, now) for key, row in sorted(rows.items()) if key not in have]
    db.conn.executemany(INSERT, new)
    changed = [(*row[2:], key) for key, row in rows.items() if key in have and have[key].values != row]
    db.conn.executemany(UPDATE, changed)
    return [end for one in gone for end in one.ends] + [end for row in new for end in ((row[2], row[3]), (row[4], row[5]))]


COLUMNS = ("public_id", "label", "a_kind", "a_id", "b_kind", "b_id", "score", "explanation")
INSERT = f"INSERT INTO link ({', '.join(COLUMNS)}, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
UPDATE = f"UPDATE link SET {', '.join(f'{c} = ?' for c in COLUMNS[2:])} WHERE public_id = ?"


def _row(link: Link) -> tuple:
    a, b = link.a, link.b
    return (link.public_id, link.label, a.kind, a.id, b.kind, b.id, round(link.score, 3), link.explanation)
