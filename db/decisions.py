"""What people decided, kept so that every later run respects it: links that are wrong, names that are one person, one
name that is two, what a measure is.

Keys are public ids and names, which survive a new extraction. A rejected link is neither shown nor counted; merged and
split names are applied to what is stored and to whatever is extracted later.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlite_utils import Database

from db.connect import transaction
from db.ids import public_id, utc_now

if TYPE_CHECKING:
    from extract.findings import Findings

REJECTED, MERGED, SPLIT, CORRECTED = "link_rejected", "speaker_merged", "speaker_split", "measure_corrected"
MEASURE = ("label", "definition", "unit", "official_url")  # what can be corrected of a measure


class BadDecision(Exception):
    """A decision about something that is not there; says what is like it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`key` and `value` as the kind has them: a link's id and its label; a name and the name it is merged into; a name
    with an article's id and the name it has there; a measure's key with a column and what stands there."""

    kind: str
    key: str
    value: str
    because: str | None
    at: str


def decisions(db: Database, kind: str) -> list[Decision]:
    """All decisions of a kind, the newest first."""
    rows = db.execute("SELECT kind, key, value, because, at FROM decision WHERE kind = ? ORDER BY at DESC, key", [kind])
    return [Decision(*row) for row in rows]


def reject_link(db: Database, link: str, because: str | None) -> Decision:
    """Take a link out for good. `link` is its id, or enough of its beginning. Raises BadDecision."""
    found = db.execute(
        "SELECT public_id, label, explanation FROM link WHERE substr(public_id, 1, ?) = ? LIMIT 2", [len(link), link]
    ).fetchall()
    if len(found) != 1:
        raise BadDecision(f"{'no link' if not found else 'more than one link'} has an id that begins with {link!r}")
    ((pid, label, explanation),) = found
    with transaction(db):
        decision = _decide(db, REJECTED, pid, f"{label}: {explanation}", because)
        db.execute("DELETE FROM link WHERE public_id = ?", [pid])
    return decision


def restore_link(db: Database, link: str) -> None:
    """Take a rejection back; the next cross-check finds the link again. Raises BadDecision."""
    cursor = db.execute("DELETE FROM decision WHERE kind = ? AND substr(key, 1, ?) = ?", [REJECTED, len(link), link])
    db.conn.commit()
    if not cursor.rowcount:
        raise BadDecision(f"no link with an id that begins with {link!r} was rejected")


def rejected_links(db: Database) -> set[str]:
    return {decision.key for decision in decisions(db, REJECTED)}


def merge_speakers(db: Database, names: Sequence[str], into: str, because: str | None) -> int:
    """Make `names` one person with `into`; returns how many claims and figures change. Raises BadDecision."""
    for name in (*names, into):
        _must_speak(db, name)
    with transaction(db):
        for name in names:
            _decide(db, MERGED, name, into, because)
        return sum(_rename(db, name, into, None) for name in names if name != into)


def split_speaker(db: Database, name: str, new: str, articles: Sequence[str], because: str | None) -> int:
    """Call the `name` of some articles (public ids) `new`, as it is somebody else there; returns how many claims and
    figures change. Raises BadDecision."""
    _must_speak(db, name)
    with transaction(db):
        changed = 0
        for article in articles:
            if db.execute("SELECT 1 FROM article WHERE public_id = ?", [article]).fetchone() is None:
                raise BadDecision(f"no article has the id {article!r}; it stands in the address of its page")
            _decide(db, SPLIT, f"{name}\t{article}", new, because)
            changed += _rename(db, name, new, article)
        return changed


def renamed(db: Database, version_id: int, findings: Findings) -> Findings:
    """What was extracted from a version, with the names that people decided on."""
    merged = {decision.key: decision.value for decision in decisions(db, MERGED)}
    split = {decision.key: decision.value for decision in decisions(db, SPLIT)}
    if not merged and not split:
        return findings
    (article,) = db.execute(
        "SELECT a.public_id FROM article a JOIN article_version v ON v.article_id = a.id WHERE v.id = ?", [version_id]
    ).fetchone()

    def names(found: tuple[str, ...]) -> tuple[str, ...]:
        here = (split.get(f"{name}\t{article}", name) for name in found)
        return tuple(dict.fromkeys(merged.get(name, name) for name in here))

    claims = (replace(c, speaker=replace(c.speaker, names=names(c.speaker.names))) for c in findings.claims)
    figures = (replace(figure, speaker=names(figure.speaker)) for figure in findings.figures)
    return replace(findings, claims=tuple(claims), figures=tuple(figures))


def correct_measure(db: Database, key: str, columns: Mapping[str, str], because: str | None) -> None:
    """Write other values into `columns` of a measure, see MEASURE, for good. Raises BadDecision."""
    _must_be_measured(db, key)
    url = columns.get("official_url")
    if url is not None and urlsplit(url).scheme not in ("http", "https"):
        raise BadDecision(f"{url!r} is no web address; write https://…")
    with transaction(db):
        for column, value in columns.items():
            _decide(db, CORRECTED, f"{key}\t{column}", value, because)
            db.execute(f"UPDATE measure SET {column} = ? WHERE key = ?", [value, key])


def reset_measure(db: Database, key: str) -> None:
    """Take all corrections of a measure back; what the vocabulary says comes back when it is saved again."""
    _must_be_measured(db, key)
    cursor = db.execute(
        "DELETE FROM decision WHERE kind = ? AND substr(key, 1, ?) = ?", [CORRECTED, len(key) + 1, f"{key}\t"]
    )
    db.conn.commit()
    if not cursor.rowcount:
        raise BadDecision(f"nothing of the measure {key!r} was corrected")


def corrected_measures(db: Database) -> dict[str, dict[str, str]]:
    """The corrected columns by measure."""
    found: dict[str, dict[str, str]] = {}
    for decision in decisions(db, CORRECTED):
        key, _, column = decision.key.partition("\t")
        found.setdefault(key, {})[column] = decision.value
    return found


def _must_be_measured(db: Database, key: str) -> None:
    known = [row[0] for row in db.execute("SELECT key FROM measure")]
    if key not in known:
        like = difflib.get_close_matches(key, known, 3, 0.5)
        raise BadDecision(f"no figure measures {key!r}" + (f"; there is {', '.join(like)}" if like else ""))


def _decide(db: Database, kind: str, key: str, value: str, because: str | None) -> Decision:
    decision = Decision(kind, key, value, because, utc_now())
    db.execute(
        "INSERT OR REPLACE INTO decision VALUES (?, ?, ?, ?, ?)",
        [decision.kind, decision.key, decision.value, decision.because, decision.at],
    )
    return decision


def _must_speak(db: Database, name: str) -> None:
    if db.execute("SELECT 1 FROM speaker WHERE name = ?", [name]).fetchone():
        return
    known = [row[0] for row in db.execute("SELECT name FROM speaker")]
    like = difflib.get_close_matches(name, known, 3, 0.5)
    raise BadDecision(f"nobody of the name {name!r} speaks here" + (f"; there is {', '.join(like)}" if like else ""))


def _rename(db: Database, name: str, new: str, article: str | None) -> int:
    """Give the claims and figures of `name` (in one article only, when given) another speaker."""
    where = """names LIKE '%' || :quoted || '%' AND (:article IS NULL OR version_id IN (
        SELECT v.id FROM article_version v JOIN article a ON a.id = v.article_id WHERE a.public_id = :article))"""
    about = {"quoted": json.dumps(name, ensure_ascii=False), "article": article}
    changed = 0
    claims: list[int] = []
    for table in ("claim", "figure"):
        for row_id, stored in db.execute(f"SELECT id, names FROM {table} WHERE {where}", about).fetchall():
            names = list(dict.fromkeys(new if one == name else one for one in json.loads(stored)))
            db.execute(f"UPDATE {table} SET names = ? WHERE id = ?", [json.dumps(names, ensure_ascii=False), row_id])
            claims += [row_id] if table == "claim" else []
            changed += 1
    (old_id, class_) = db.execute("SELECT id, class FROM speaker WHERE name = ?", [name]).fetchone()
    db.execute(
        "INSERT OR IGNORE INTO speaker(public_id, name, class) VALUES (?, ?, ?)",
        [public_id("speaker", new), new, class_],
    )
    (new_id,) = db.execute("SELECT id FROM speaker WHERE name = ?", [new]).fetchone()
    for claim in claims:
        for table in ("claim_speaker", "speaker_role"):
            db.execute(
                f"UPDATE OR REPLACE {table} SET speaker_id = ? WHERE speaker_id = ? AND claim_id = ?",
                [new_id, old_id, claim],
            )
    db.execute(
        """INSERT OR IGNORE INTO speaker_alias SELECT DISTINCT ?1, c.mention FROM claim c JOIN claim_speaker s
           ON s.claim_id = c.id WHERE s.speaker_id = ?1 AND c.mention IS NOT NULL AND c.basis = 'named'
           AND json_array_length(c.names) = 1""",
        [new_id],
    )
    if db.execute("SELECT 1 FROM claim_speaker WHERE speaker_id = ?", [old_id]).fetchone() is None:
        db.execute("DELETE FROM speaker_alias WHERE speaker_id = ?", [old_id])
        db.execute("DELETE FROM speaker WHERE id = ?", [old_id])
    return changed
