"""Links as values, and how they are written: what is found again keeps its row, what is no longer found goes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlite_utils import Database

from db.ids import public_id, utc_now
from db.memory import STANDING_TRIGGERS

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
    """A row of `link`, with the version and the article (public id) that the end stands in which was not asked for."""

    id: int
    values: tuple
    version: int
    article: str

    @property
    def label(self) -> str:
        return self.values[1]

    @property
    def ends(self) -> frozenset[int]:
        return frozenset((self.values[3], self.values[5]))


def best_of(links: Iterable[Link]) -> dict[str, Link]:
    """By public id: at most one link for a label and a pair of ends."""
    best: dict[str, Link] = {}
    for link in links:
        kept = best.setdefault(link.public_id, link)
        if (link.score, link.explanation) > (kept.score, kept.explanation):
            best[link.public_id] = link
    return best


class Writer:
    """Puts links that were found in the place of stored ones, within the caller's transaction. Rows that stay keep
    their id and the time they were found. Links that people rejected are noted, not written.

    When all links are found `anew`, they are set down aside and take the place of the stored ones at once, in `finish`:
    what is written to the database of a long transaction makes every later reading of it slower.
    """

    def __init__(self, db: Database, rejected: Collection[str], *, anew: bool = False) -> None:
        self._db, self._rejected, self._anew = db, frozenset(rejected), anew
        if anew:
            db.execute(f"CREATE TEMP TABLE found AS SELECT {', '.join(COLUMNS)} FROM link WHERE 0")

    def stored(self, kind: str, items: Iterable[int]) -> dict[str, Stored]:
        """The links with an end among these items, by public id; none where all are found anew."""
        found: dict[str, Stored] = {}
        ids = json.dumps(list(items))
        for near, far in () if self._anew else (("a", "b"), ("b", "a")):
            query = f"""SELECT l.id, {", ".join("l." + c for c in COLUMNS)}, v.id, a.public_id
                FROM link l LEFT JOIN claim c ON l.{far}_kind = 'claim' AND c.id = l.{far}_id
                LEFT JOIN figure f ON l.{far}_kind = 'figure' AND f.id = l.{far}_id
                LEFT JOIN article_version v ON v.id = coalesce(c.version_id, f.version_id, l.{far}_id)
                LEFT JOIN article a ON a.id = v.article_id
                WHERE l.{near}_kind = ? AND l.{near}_id IN (SELECT value FROM json_each(?))"""
            for id_, *values, version, article in self._db.execute(query, [kind, ids]):
                found.setdefault(values[0], Stored(id_, tuple(values), version, article))
        return found

    def write(self, links: Iterable[Link], have: Mapping[str, Stored]) -> None:
        """`have`: all stored links that are gone unless they are among `links`."""
        found = best_of(links)
        for key in found.keys() & self._rejected:
            self._reject(found.pop(key))
        rows = {key: _row(link) for key, link in sorted(found.items())}
        many = self._db.conn.executemany
        if self._anew:
            many(f"INSERT INTO temp.found VALUES ({', '.join('?' * len(COLUMNS))})", rows.values())
            return
        many("DELETE FROM link WHERE id = ?", [(one.id,) for key, one in have.items() if key not in rows])
        now = utc_now()
        many(INSERT, [(*row, now) for key, row in rows.items() if key not in have])
        many(UPDATE, [(*row[2:], key) for key, row in rows.items() if key in have and have[key].values != row])

    def finish(self) -> None:
        """When everything was found anew: what was not found goes, whatever it was, and the rest is written."""
        if self._anew:
            with _without_upkeep(self._db):
                self._replace()

    def _replace(self) -> None:
        execute, columns, values = self._db.execute, ", ".join(COLUMNS), ", ".join(f"f.{c}" for c in COLUMNS)
        if execute("SELECT 1 FROM link LIMIT 1").fetchone():
            execute("CREATE INDEX temp.found_id ON found(public_id)")
            execute("DELETE FROM link WHERE public_id NOT IN (SELECT public_id FROM temp.found)")
            have = ", ".join(f"link.{c}" for c in COLUMNS)
            execute(
                f"""UPDATE link SET ({columns}) = ({values}) FROM temp.found f
                    WHERE f.public_id = link.public_id AND ({values}) IS NOT ({have})"""
            )
        execute(
            f"""INSERT INTO link ({columns}, found_at) SELECT {values}, ? FROM temp.found f WHERE true ORDER BY f.rowid
                ON CONFLICT (public_id) DO NOTHING""",
            [utc_now()],
        )
        execute("DROP TABLE temp.found")

    def _reject(self, link: Link) -> None:
        for end in (link.a, link.b):
            version = end if isinstance(end, Version) else end.version
            row = [link.public_id, version.id]
            self._db.execute("INSERT OR IGNORE INTO crosscheck_rejected VALUES (?, ?)", row)


COLUMNS = ("public_id", "label", "a_kind", "a_id", "b_kind", "b_id", "score", "explanation")
INSERT = f"""INSERT INTO link ({", ".join(COLUMNS)}, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (public_id) DO UPDATE SET {", ".join(f"{c} = excluded.{c}" for c in COLUMNS[2:])}"""
UPDATE = f"UPDATE link SET {', '.join(f'{c} = ?' for c in COLUMNS[2:])} WHERE public_id = ?"


@contextmanager
def _without_upkeep(db: Database) -> Iterator[None]:
    """Without the indexes of `link`, which are made faster at once than row by row, and the triggers that note whose
    standing has to be counted, as all have."""
    query = """SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'link' AND sql IS NOT NULL
               AND (type = 'index' OR type = 'trigger' AND name IN (SELECT value FROM json_each(?)))"""
    parts = db.execute(query, [json.dumps(STANDING_TRIGGERS)]).fetchall()
    analysed = (
        "sqlite_stat1" in db.table_names() and db.execute("SELECT 1 FROM sqlite_stat1 WHERE tbl = 'link'").fetchone()
    )
    for type_, name, _ in parts:
        db.execute(f"DROP {type_} {name}")
    yield
    for _, _, sql in parts:
        db.execute(sql)
    if analysed:  # what SQLite knew of the indexes went with them
        db.execute("ANALYZE link")


def _row(link: Link) -> tuple:
    a, b = link.a, link.b
    return (link.public_id, link.label, a.kind, a.id, b.kind, b.id, round(link.score, 3), link.explanation)
