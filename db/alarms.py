"""Alarms: a source that yields less than it used to, because it was redesigned, moved its feed, or shut us out.

A single run tells little (most of them find nothing new), so days are compared with weeks. An alarm is raised once a
day for as long as its cause lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlite_utils import Database

LATELY = timedelta(days=3)
BEFORE = timedelta(weeks=4)
KNOWN = timedelta(days=10)  # a source read for less than this has no "usual"
FEWEST = 3  # articles that must have been expected, or links that there used to be
ASKED = 5  # pages that must have been read lately
AGAIN = timedelta(days=1)
NO_ARTICLE = ("NoBody", "WallPage", "NotHtml", "ErrorPage", "HomePage")


@dataclass(frozen=True, slots=True)
class Alarm:
    source: str
    kind: str
    message: str


def low_yields(db: Database, now: datetime) -> list[Alarm]:
    """The sources whose yield has fallen: silent where they used to print, pages without an article where there used to
    be one, lists without links where there used to be some. Reads only."""
    found = []
    for source_id, name in db.execute("SELECT id, name FROM source ORDER BY name").fetchall():
        for kind, message in (
            ("silent", _silent(db, source_id, now)),
            ("unreadable", _unreadable(db, source_id, now)),
            ("empty", _empty(db, source_id)),
        ):
            if message:
                found.append(Alarm(name, kind, message))
    return found


def raise_new(db: Database, alarms: list[Alarm], now: datetime) -> list[Alarm]:
    """Those of `alarms` that were not raised within the last day; they are noted as raised."""
    since = (now - AGAIN).isoformat(timespec="seconds")
    new = []
    for alarm in alarms:
        (known,) = db.execute(
            "SELECT count(*) FROM alarm WHERE source = ? AND kind = ? AND at > ?", [alarm.source, alarm.kind, since]
        ).fetchone()
        if not known:
            db.execute(
                "INSERT INTO alarm(source, kind, message, at) VALUES (?, ?, ?, ?)",
                [alarm.source, alarm.kind, alarm.message, now.isoformat(timespec="seconds")],
            )
            new.append(alarm)
    db.conn.commit()
    return new


def _silent(db: Database, source_id: int, now: datetime) -> str | None:
    (first,) = db.execute("SELECT min(at) FROM fetch WHERE source_id = ?", [source_id]).fetchone()
    if first is None or now - datetime.fromisoformat(first) < KNOWN:
        return None
    start = max(now - BEFORE - LATELY, datetime.fromisoformat(first))
    before = _count(db, source_id, "outcome = 'new'", start, now - LATELY)
    lately = _count(db, source_id, "outcome = 'new'", now - LATELY, now)
    expected = before * LATELY / (now - LATELY - start)
    if expected < FEWEST or lately >= expected / 5:
        return None
    return f"{lately} new articles in {LATELY.days} days, usually {expected:.0f}: {_ADVICE}"


def _unreadable(db: Database, source_id: int, now: datetime) -> str | None:
    bad = " OR ".join(f"error LIKE '{kind}:%'" for kind in NO_ARTICLE)
    read = f"(outcome IN ('new', 'changed', 'stub', 'off_topic') OR ({bad}))"
    asked = _count(db, source_id, read, now - LATELY, now)
    failed = _count(db, source_id, f"({bad})", now - LATELY, now)
    if asked < ASKED or failed < 0.6 * asked:
        return None
    earlier = _count(db, source_id, read, now - BEFORE - LATELY, now - LATELY)
    usual = _count(db, source_id, f"({bad})", now - BEFORE - LATELY, now - LATELY) / earlier if earlier else 0.0
    if usual > 0.2:
        return None
    return f"{failed} of the {asked} pages read in {LATELY.days} days hold no article, usually {usual:.0%}: {_ADVICE}"


def _empty(db: Database, source_id: int) -> str | None:
    rows = db.execute(
        """SELECT items FROM fetch WHERE source_id = ? AND outcome = 'listed' AND items IS NOT NULL
           ORDER BY id DESC LIMIT 11""",
        [source_id],
    ).fetchall()
    counts = [items for (items,) in rows]
    if len(counts) < 4 or counts[0] or median(counts[1:]) < FEWEST:
        return None
    return f"announces nothing, usually {median(counts[1:]):.0f} articles: {_ADVICE}"


_ADVICE = "was it redesigned? run `onrecord sources check`"


def _count(db: Database, source_id: int, which: str, since: datetime, until: datetime) -> int:
    """Distinct pages of a source among the requests of a time."""
    row = db.execute(
        f"SELECT count(DISTINCT url) FROM fetch WHERE source_id = ? AND at > ? AND at <= ? AND {which}",
        [source_id, since.isoformat(timespec="seconds"), until.isoformat(timespec="seconds")],
    ).fetchone()
    return int(row[0])
