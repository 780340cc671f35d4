"""An article over time: under which addresses it is known, which version is current, when it went and came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from db.runs import ASKED

ALIVE = ("new", "changed", "unchanged", "stub")
_ARTICLE_OF = """SELECT id FROM article WHERE url = :url
UNION ALL SELECT article_id FROM article_alias WHERE url = :url LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Known:
    """An article that is known under an address, with its current version."""

    article_id: int
    url: str | None
    version_id: int
    number: int
    title: str | None
    text: str
    page_hash: str | None
    fetched_at: str


def known(db: Database, addresses: Iterable[str]) -> Known | None:
    """The article that is known under the first of `addresses` (normalised) that is any article's."""
    for url in dict.fromkeys(addresses):
        row = db.execute(
            f"""SELECT a.id, a.url, v.id, v.number, v.title, v.text, v.page_hash, v.fetched_at FROM article a
                JOIN article_version v ON v.id = a.current_version WHERE a.id = ({_ARTICLE_OF})""",
            {"url": url},
        ).fetchone()
        if row:
            return Known(*row)
    return None


def texts(db: Database, article_id: int) -> list[tuple[int, str | None, str]]:
    """(number, headline, text) of every version of an article."""
    return db.execute("SELECT number, title, text FROM article_version WHERE article_id = ?", [article_id]).fetchall()


def save_aliases(db: Database, article_id: int, addresses: Iterable[str]) -> None:
    """Remember addresses that led to an article: redirects to it, its AMP and print variants. One that is another
    article's stays that one's."""
    (url,) = db.execute("SELECT url FROM article WHERE id = ?", [article_id]).fetchone()
    db.conn.executemany(
        """INSERT OR IGNORE INTO article_alias(url, article_id)
           SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM article WHERE url = ?1)""",
        [(address, article_id) for address in dict.fromkeys(addresses) if address != url],
    )


def mark_removed(db: Database, addresses: Sequence[str], at: str) -> bool:
    """The page at `addresses` (as asked for, and normalised) is gone: so is its article, unless another of its
    addresses answered later than this one ever did. Its versions stay. Says whether an article was marked."""
    article = known(db, addresses)
    if article is None:
        return False
    names = [row[0] for row in db.execute("SELECT url FROM article_alias WHERE article_id = ?", [article.article_id])]
    mine = ", ".join("?" * len(addresses))
    others = [url for url in (article.url, *names) if url and url not in addresses]
    places, good = ", ".join("?" * len(others)), ", ".join("?" * len(ALIVE))
    last = f"SELECT coalesce(max(id), 0) FROM fetch WHERE {ASKED} AND outcome IN ({good}) AND url IN "
    (here,) = db.execute(f"{last} ({mine})", [*ALIVE, *addresses]).fetchone()
    (elsewhere,) = db.execute(f"{last} ({places})", [*ALIVE, *others]).fetchone()
    if elsewhere > here:
        return False
    cursor = db.execute(
        "UPDATE article SET status = 'removed', removed_at = ? WHERE id = ? AND status <> 'removed'",
        [at, article.article_id],
    )
    return bool(cursor.rowcount)


def mark_returned(db: Database, article_id: int, at: str) -> bool:
    """The article is served again. Says whether it had been marked removed."""
    cursor = db.execute(
        "UPDATE article SET status = 'live', returned_at = ? WHERE id = ? AND status = 'removed'", [at, article_id]
    )
    return bool(cursor.rowcount)
