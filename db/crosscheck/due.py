"""What has to be compared: the articles with a row that changed since they were compared, or all of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

from sqlite_utils import Database

MOSTLY = 0.5  # of all articles due: then it is cheaper to begin anew


def waiting(db: Database) -> list[list[int]]:
    """The ids of the versions of each article that is due, in the order of the articles' ids."""
    query = """SELECT article_id, id FROM article_version WHERE article_id IN (
                   SELECT v.article_id FROM crosscheck_due d JOIN article_version v ON v.id = d.version_id)
               ORDER BY article_id, number"""
    articles: dict[int, list[int]] = {}
    for article, version in db.execute(query):
        articles.setdefault(article, []).append(version)
    return list(articles.values())


def everything(db: Database) -> None:
    """Make all articles due, whatever is remembered of them."""
    db.execute("INSERT OR IGNORE INTO crosscheck_due SELECT id FROM article_version")
    db.execute("INSERT OR IGNORE INTO crosscheck_standing SELECT id FROM figure")


def must_begin_anew(db: Database) -> bool:
    """Whether the rules are others than those that the stored links were found by, or most articles are due."""
    (due,) = db.execute("SELECT count(*) FROM crosscheck_due").fetchone()
    (versions,) = db.execute("SELECT count(*) FROM article_version").fetchone()
    known = db.execute("SELECT value FROM crosscheck_state WHERE name = 'rules'").fetchone()
    return due > MOSTLY * versions or (known is not None and known[0] != rules())


def done(db: Database, versions: Iterable[int]) -> None:
    """Note that versions have been compared, by the rules as they are."""
    db.conn.executemany("DELETE FROM crosscheck_due WHERE version_id = ?", [(v,) for v in versions])
    query = "INSERT INTO crosscheck_state VALUES ('rules', ?) ON CONFLICT DO UPDATE SET value = excluded.value"
    db.execute(f"{query} WHERE value <> excluded.value", [rules()])


@cache
def rules() -> str:
    """A hash of everything that decides about links: the modules and word lists of this package."""
    files = sorted(p for p in Path(__file__).parent.iterdir() if p.suffix in (".py", ".yml"))
    return blake2b(b"".join(p.read_bytes() for p in files), digest_size=8).hexdigest()
