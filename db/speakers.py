"""The speakers of a version's claims: canonical names, their printed names and the roles they are shown in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from db.ids import public_id

# A name that one article gives a better class than another keeps the better, whatever the order they come in; a name in
# a joint claim (class group) is hardly ever a group itself.
CLASSES = "unknown group anonymous document organisation person"


@dataclass(frozen=True, slots=True)
class SpokenBy:
    """Who made a claim. `printed` is a name as the article prints it, None where it prints a pronoun, a description or
    several names at once; `said_from` and `said_to` are the days of the claim."""

    claim_id: int
    names: tuple[str, ...]
    class_: str
    role: str | None
    printed: str | None
    said_from: str | None
    said_to: str | None


def save_speakers(db: Database, version_id: int, spoken: Iterable[SpokenBy], before: Iterable[int]) -> None:
    """Make these the speakers of the version's claims. Of the speakers `before`, those that no claim shows any more are
    forgotten, and so are their aliases."""
    for table in ("claim_speaker", "speaker_role"):
        db.execute(f"DELETE FROM {table} WHERE claim_id IN (SELECT id FROM claim WHERE version_id = ?)", [version_id])
    for one in spoken:
        for position, name in enumerate(one.names):
            _save_speaker(db, one, position, name)
    _forget(db, before)


def speakers_of(db: Database, version_id: int) -> set[int]:
    """Row ids of the speakers of a version's claims."""
    rows = db.execute(
        "SELECT DISTINCT speaker_id FROM claim_speaker JOIN claim ON claim.id = claim_id WHERE version_id = ?",
        [version_id],
    )
    return {row[0] for row in rows}


def _save_speaker(db: Database, one: SpokenBy, position: int, name: str) -> None:
    db.execute(
        """INSERT INTO speaker(public_id, name, class) VALUES (?, ?, ?)
           ON CONFLICT(name) DO UPDATE SET class = excluded.class WHERE instr(?, excluded.class) > instr(?, class)""",
        [public_id("speaker", name), name, one.class_, CLASSES, CLASSES],
    )
    speaker_id = db.execute("SELECT id FROM speaker WHERE name = ?", [name]).fetchone()[0]
    db.execute("INSERT INTO claim_speaker VALUES (?, ?, ?)", [one.claim_id, speaker_id, position])
    if one.printed:
        db.execute("INSERT OR IGNORE INTO speaker_alias VALUES (?, ?)", [speaker_id, one.printed])
    if one.role:
        db.execute(
            "INSERT INTO speaker_role(speaker_id, role, from_date, to_date, claim_id) VALUES (?, ?, ?, ?, ?)",
            [speaker_id, one.role, one.said_from, one.said_to, one.claim_id],
        )


def _forget(db: Database, speakers: Iterable[int]) -> None:
    for speaker_id in speakers:
        db.execute(
            """DELETE FROM speaker_alias WHERE speaker_id = ?1 AND NOT EXISTS (
                   SELECT 1 FROM claim_speaker s JOIN claim c ON c.id = s.claim_id
                   WHERE s.speaker_id = ?1 AND c.mention = alias AND c.basis = 'named')""",
            [speaker_id],
        )
        db.execute(
            "DELETE FROM speaker WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM claim_speaker WHERE speaker_id = ?1)",
            [speaker_id],
        )
