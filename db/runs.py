"""What was asked of which source, when, and how it went: the rows that let a run be resumed and a host be spared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlite_utils import Database

from db.connect import transaction
from db.ids import utc_now

COUNTS = ("discovered", "fetched", "new", "changed", "unchanged", "off_topic", "failed")
# What came out of an archive was asked for by others: it says nothing about when to ask again, nor with what.
ASKED = "NOT EXISTS (SELECT 1 FROM scrape_run r WHERE r.id = run_id AND r.command = 'import')"


class Answer(Protocol):
    """What is kept of a fetched page (`scraper.page.Page`)."""

    @property
    def url(self) -> str: ...
    @property
    def final_url(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def etag(self) -> str | None: ...
    @property
    def last_modified(self) -> str | None: ...
    @property
    def fetched_at(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class LastFetch:
    """The newest answer about a URL, with the validators to ask again (none for a page off the topic: that may change).
    `failures` counts those in a row since it last went well; `since` is when the page was last seen to be
    new or changed; `body_hash` is the SHA-256 of the bytes that last held its article; `missing_since` is the first 404
    since it last went well."""

    outcome: str
    at: str
    etag: str | None
    last_modified: str | None
    next_try: str | None
    failures: int
    since: str | None
    body_hash: str | None = None
    missing_since: str | None = None


def start_run(db: Database, command: str, *, at: str | None = None) -> int:
    cursor = db.execute("INSERT INTO scrape_run(command, started_at) VALUES (?, ?)", [command, at or utc_now()])
    return int(cursor.lastrowid or 0)


def finish_run(db: Database, run_id: int, counts: Mapping[str, int], *, at: str | None = None) -> None:
    """Close a run with its counts; a run that was killed keeps no `finished_at`."""
    columns = ", ".join(f'"{name}" = ?' for name in COUNTS)
    values = [counts.get(name, 0) for name in COUNTS]
    db.execute(f"UPDATE scrape_run SET finished_at = ?, {columns} WHERE id = ?", [at or utc_now(), *values, run_id])


def save_source(
    db: Database, name: str, outlet: str, kind: str, url: str | None, lang: str | None, *, at: str | None = None
) -> int:
    """The row of a source, brought up to date. Another `url` makes it begin anew, see `recent_urls`."""
    db.execute(
        """INSERT INTO source(name, outlet, kind, url, url_since, lang, after_fetch)
           SELECT ?, ?, ?, ?, ?, ?, coalesce(max(id), 0) FROM fetch WHERE true
           ON CONFLICT(name) DO UPDATE SET outlet = excluded.outlet, kind = excluded.kind, lang = excluded.lang,
           url_since = iif(url IS excluded.url, url_since, excluded.url_since),
           after_fetch = iif(url IS excluded.url, after_fetch, excluded.after_fetch), url = excluded.url""",
        [name, outlet, kind, url, at or utc_now(), lang],
    )
    return int(db.execute("SELECT id FROM source WHERE name = ?", [name]).fetchone()[0])


def record_fetch(
    db: Database,
    url: str,
    outcome: str,
    *,
    page: Answer | None = None,
    page_hash: str | None = None,
    body_hash: str | None = None,
    items: int | None = None,
    status: int | None = None,
    error: str | None = None,
    run_id: int | None = None,
    source_id: int | None = None,
    next_try: str | None = None,
    at: str | None = None,
) -> None:
    """Note one request and its outcome: new, changed, unchanged, stub, off_topic or failed; listed for a source's own
    page. `page_hash` is that of the version that is kept, `body_hash` that of the bytes that came."""
    row: dict[str, Any] = {
        "run_id": run_id,
        "source_id": source_id,
        "url": url,
        "final_url": page and page.final_url,
        "at": (page and page.fetched_at) or at or utc_now(),
        "status": page.status if page else status,
        "outcome": outcome,
        "error": error,
        "etag": page and page.etag,
        "last_modified": page and page.last_modified,
        "page_hash": page_hash,
        "body_hash": body_hash,
        "items": items,
        "next_try": next_try,
    }
    db.execute(f"INSERT INTO fetch({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})", row)


def last_fetch(db: Database, url: str) -> LastFetch | None:
    """What is known about a URL, None when it was never asked for. What came out of archives does not count."""
    found = db.execute(
        f"SELECT outcome, at, next_try FROM fetch WHERE url = ? AND {ASKED} ORDER BY id DESC LIMIT 1", [url]
    ).fetchone()
    if found is None:
        return None
    outcome, at, next_try = found
    good = db.execute(
        f"""SELECT id, etag, last_modified, outcome FROM fetch WHERE url = ? AND outcome NOT IN ('failed', 'put_off')
           AND {ASKED} ORDER BY id DESC LIMIT 1""",
        [url],
    ).fetchone() or (0, None, None, None)
    etag, last_modified = (None, None) if good[3] in ("off_topic", "too_old") else good[1:3]
    (body_hash,) = db.execute(
        f"""SELECT body_hash FROM fetch WHERE url = ? AND body_hash IS NOT NULL AND {ASKED}
           AND outcome NOT IN ('off_topic', 'too_old')
           ORDER BY id DESC LIMIT 1""",
        [url],
    ).fetchone() or (None,)
    (failures,) = db.execute(
        "SELECT count(*) FROM fetch WHERE url = ? AND id > ? AND outcome = 'failed'", [url, good[0]]
    ).fetchone()
    (since,) = db.execute("SELECT max(at) FROM fetch WHERE url = ? AND outcome IN ('new', 'changed')", [url]).fetchone()
    (missing_since,) = db.execute(
        "SELECT min(at) FROM fetch WHERE url = ? AND id > ? AND error LIKE 'NotFound:%'", [url, good[0]]
    ).fetchone()
    return LastFetch(outcome, at, etag, last_modified, next_try, failures, since, body_hash, missing_since)


Hosts = Mapping[str, tuple[datetime | None, datetime | None]]
Robots = Mapping[str, tuple[datetime, str | None]]


def save_hosts(db: Database, hosts: Hosts, robots: Robots) -> None:
    """Keep of each host when it last answered and until when it asked to be left alone, and of each origin until when
    its robots.txt is good, with its text."""
    with transaction(db):
        db.conn.executemany(
            "INSERT OR REPLACE INTO host VALUES (?, ?, ?)",
            [(name, *(instant and instant.isoformat() for instant in kept)) for name, kept in hosts.items()],
        )
        db.conn.executemany(
            "INSERT OR REPLACE INTO robots_txt VALUES (?, ?, ?)",
            [(origin, until.isoformat(), text) for origin, (until, text) in robots.items()],
        )


def hosts(db: Database) -> tuple[Hosts, Robots]:
    """What earlier runs kept, see `save_hosts`."""

    def instant(stored: str | None) -> datetime | None:
        return datetime.fromisoformat(stored) if stored else None

    known = db.execute("SELECT host, last_answer, not_before FROM host").fetchall()
    rules = db.execute("SELECT origin, until, text FROM robots_txt").fetchall()
    return (
        {name: (instant(last), instant(until)) for name, last, until in known},
        {origin: (datetime.fromisoformat(until), text) for origin, until, text in rules},
    )


@dataclass(frozen=True, slots=True)
class Run:
    """A past run: `counts` by name, `failures` by source. Without `finished_at` it was killed, or is still going."""

    id: int
    command: str
    started_at: str
    finished_at: str | None
    counts: dict[str, int]
    failures: dict[str, int]

    @property
    def took(self) -> str | None:
        """How long it ran, None when its end is not known."""
        if self.finished_at is None:
            return None
        return str(datetime.fromisoformat(self.finished_at) - datetime.fromisoformat(self.started_at))


def past(db: Database, limit: int) -> list[Run]:
    """The newest runs first."""
    found = []
    for row in db.query("SELECT * FROM scrape_run ORDER BY id DESC LIMIT ?", [limit]):
        failed = db.execute(
            """SELECT coalesce(s.name, 'import'), count(*) FROM fetch f LEFT JOIN source s ON s.id = f.source_id
               WHERE f.run_id = ? AND f.outcome = 'failed' GROUP BY s.name ORDER BY s.name""",
            [row["id"]],
        )
        counts = {name: row[name] for name in COUNTS}
        found.append(
            Run(row["id"], row["command"], row["started_at"], row["finished_at"], counts, dict(failed.fetchall()))
        )
    return found


def listing_validators(db: Database, source_id: int) -> dict[str, tuple[str | None, str | None]]:
    """(etag, last_modified) of the newest answer of each of a source's own pages: feed, sitemap, listing."""
    rows = db.execute(
        "SELECT url, etag, last_modified FROM fetch WHERE source_id = ? AND outcome = 'listed' ORDER BY id", [source_id]
    )
    return {url: (etag, last_modified) for url, etag, last_modified in rows}


def recent_urls(
    db: Database, source_id: int, since: str, due_at: str | None, limit: int, never_after: str = "9999"
) -> list[str]:
    """A source's article pages last asked for after `since`, newest first; only those due at `due_at`, when given, and
    those put off beyond `never_after`, which only a clock that was wrong can have done.

    Instants are ISO 8601 in UTC. Left out are pages off the topic, and those of the time before the source moved.
    """
    rows = db.execute(
        f"""SELECT url FROM fetch f WHERE source_id = :source AND at >= :since
           AND outcome NOT IN ('listed', 'off_topic', 'too_old')
           AND id > (SELECT after_fetch FROM source WHERE id = source_id)
           AND id = (SELECT max(id) FROM fetch WHERE url = f.url AND {ASKED})
           AND (:due IS NULL OR next_try <= :due OR next_try > :never) ORDER BY id DESC LIMIT :limit""",
        {"source": source_id, "since": since, "due": due_at, "never": never_after, "limit": limit},
    )
    return [row[0] for row in rows]
