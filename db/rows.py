"""Rows that come from one version of an article: put in, brought up to date, taken out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from db.decisions import corrected_measures
from db.ids import public_id, utc_now

LONG_PARAGRAPH = 1000


def replace_rows(db: Database, table: str, version_id: int, version_pid: str, rows: list[dict[str, Any]]) -> list[int]:
    """Make `rows` the version's rows of `table`: upsert them by public id, delete the others.

    Each row has `start` and `end`. Returns the row ids, in order.
    """
    seen: dict[tuple[int, int], int] = {}
    ids = []
    for row in rows:
        span = (row["start"], row["end"])
        seen[span] = seen.get(span, 0) + 1
        pid = public_id(version_pid, table, *span, seen[span])
        ids.append(_upsert(db, table, {"public_id": pid, "version_id": version_id, **row}))
    db.execute(
        f"DELETE FROM {table} WHERE version_id = ? AND id NOT IN (SELECT value FROM json_each(?))",
        [version_id, json.dumps(ids)],
    )
    return ids


def save_measures(db: Database, keys: Iterable[str], vocabulary: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """Row ids of the measures by key. A measure outside the vocabulary is labelled by its key's own words; what a
    person corrected stays."""
    ids, corrected = {}, corrected_measures(db)
    for key in sorted(keys):
        known = {**vocabulary.get(key, {}), **corrected.get(key, {})}
        label = known.get("label") or key.replace("_", " ")
        row = [key, label, known.get("definition"), known.get("unit"), known.get("official_url")]
        db.execute(
            """INSERT INTO measure(key, label, definition, unit, official_url) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT(key) DO UPDATE SET label = excluded.label, definition = excluded.definition,
               unit = excluded.unit, official_url = excluded.official_url""",
            row,
        )
        ids[key] = db.execute("SELECT id FROM measure WHERE key = ?", [key]).fetchone()[0]
    return ids


def record_extraction(
    db: Database, version_id: int, model: str, code: str, status: str, error: str | None, at: str | None
) -> None:
    db.execute(
        """INSERT INTO extraction_run(version_id, model, code, at, status, error) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT(version_id) DO UPDATE SET model = excluded.model, code = excluded.code, at = excluded.at,
           status = excluded.status, error = excluded.error""",
        [version_id, model, code, at or utc_now(), status, error],
    )


def paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of the paragraph that holds a span: up to the blank lines around it, or the line where that is long."""
    for gap in ("\n\n", "\n"):
        left = text.rfind(gap, 0, start)
        right = text.find(gap, end)
        bounds = (0 if left < 0 else left + len(gap), len(text) if right < 0 else right)
        if bounds[1] - bounds[0] <= LONG_PARAGRAPH:
            break
    return bounds


def _upsert(db: Database, table: str, row: dict[str, Any]) -> int:
    columns = ", ".join(f'"{name}"' for name in row)
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in row if name != "public_id")
    found = db.execute(
        f"""INSERT INTO {table}({columns}) VALUES ({", ".join(":" + name for name in row)})
            ON CONFLICT(public_id) DO UPDATE SET {changes} RETURNING id""",
        row,
    ).fetchall()
    return int(found[0][0])
