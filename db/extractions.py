"""Which versions still wait for an extraction, and what an extraction needs of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class ToExtract:
    """A version to be extracted. `published_on` is its day of publication; `name` is how messages call its article."""

    id: int
    text: str
    published_on: str | None
    lang: str | None
    name: str


def pending(db: Database, model: str, code: str, *, again: bool = False) -> list[int]:
    """Ids of the versions without an extraction, and of those that failed under another model or code; of all with
    `again`."""
    rows = db.execute(
        """SELECT v.id FROM article_version v LEFT JOIN extraction_run r ON r.version_id = v.id
           WHERE :again OR r.id IS NULL OR (r.status = 'failed' AND (r.model, r.code) <> (:model, :code))
           ORDER BY v.id""",
        {"again": again, "model": model, "code": code},
    )
    return [row[0] for row in rows]


def by_others(db: Database, model: str, code: str) -> int:
    """How many versions were extracted by another model or code: `extract --again` would bring them up to date."""
    query = "SELECT count(*) FROM extraction_run WHERE status = 'done' AND (model, code) <> (?, ?)"
    return int(db.execute(query, [model, code]).fetchone()[0])


def to_extract(db: Database, version_id: int) -> ToExtract:
    row = db.execute(
        """SELECT v.id, v.text, v.published_on, v.lang, coalesce(a.url, a.external_id) FROM article_version v
           JOIN article a ON a.id = v.article_id WHERE v.id = ?""",
        [version_id],
    ).fetchone()
    return ToExtract(*row)
