"""What reading a page found besides its text: the updates of a live blog, what was left out, and lines that recur."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlite_utils import Database

if TYPE_CHECKING:
    from scraper.article import Article


def save_reading(db: Database, version_id: int, article: Article, edges: Sequence[str]) -> None:
    """Store what the page says of its text, its segments and the paragraphs that were left out of it; and remember
    `edges`, the lines at the article's ends, to know them when its outlet's other articles have them too."""
    db.execute(
        """UPDATE article_version SET paywalled = ?, truncated = ?, modified = ?, modified_source = ?, section = ?,
           published_confidence = ? WHERE id = ?""",
        [
            *(article.paywalled, article.truncated, article.modified, article.modified_source, article.section),
            *(article.published_confidence, version_id),
        ],
    )
    db.conn.executemany(
        "INSERT OR IGNORE INTO segment VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(version_id, n, s.start, s.end, s.title, s.published, s.anchor) for n, s in enumerate(article.segments, 1)],
    )
    db.conn.executemany(
        "INSERT OR IGNORE INTO left_out VALUES (?, ?, ?, ?)",
        [(version_id, n, reason, text) for n, (reason, text) in enumerate(article.left_out, 1)],
    )
    if article.url:
        (article_id,) = db.execute("SELECT article_id FROM article_version WHERE id = ?", [version_id]).fetchone()
        db.conn.executemany(
            "INSERT OR IGNORE INTO edge_line VALUES (?, ?, ?)",
            [(_host(article.url), _hash(line), article_id) for line in edges],
        )


def recurring(db: Database, fewest: int, url: str, lines: Sequence[str]) -> set[str]:
    """Those of `lines` that at least `fewest` articles have at their ends, the one at `url` counted whether or not it
    was seen before, so that the answer does not change when it is read again."""
    hashes = {_hash(line): line for line in lines}
    rows = db.execute(
        f"""SELECT line FROM edge_line WHERE host = ? AND line IN ({", ".join("?" * len(hashes))})
            AND article_id IS NOT (SELECT id FROM article WHERE url = ?) GROUP BY line HAVING count(*) >= ?""",
        [_host(url), *hashes, url, fewest - 1],
    )
    return {hashes[line] for (line,) in rows}


def segments(db: Database, version_id: int) -> list[tuple[int, str | None]]:
    """Where the updates of a live blog begin in a version's text, and when each was published."""
    rows = db.execute("SELECT start, published FROM segment WHERE version_id = ? ORDER BY start", [version_id])
    return [(start, published) for start, published in rows]


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _hash(line: str) -> int:
    """64 bits: the table has some ten lines an article, and a clash would need the same host as well."""
    return int.from_bytes(hashlib.blake2b(line.encode(), digest_size=8).digest(), "big", signed=True)
