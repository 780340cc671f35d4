"""What the tables are filtered, sorted and counted by, kept beside the rows by triggers, whoever writes them.

Findings carry copies of their article's `outlet`, their version's `published` and whether that version is the `current`
one, so that an index gives a table's page without sorting millions of rows; articles carry their version's day. A tally
counts the findings of current versions by the columns that tables have facets for, and `spoken` holds the claims of
current versions by speaker. `onrecord doctor` compares all of them with the rows that they come from (`differences`).
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

TALLIES = {
    "claim": ("kind", "modality", "speaker_class"),
    "figure": ("measure_id", "unit", "kind", "modality"),
    "date_mention": ("type", "anchor"),
}
"""Columns besides `outlet` that a table is counted by. Their combinations are few, however many rows there are."""

SORTED_BY = """
CREATE INDEX claim_said ON claim(said_on DESC, id) WHERE current = 1;
CREATE INDEX claim_outlet ON claim(outlet, said_on) WHERE current = 1;
CREATE INDEX claim_published ON claim(published) WHERE current = 1;
CREATE INDEX figure_published ON figure(published) WHERE current = 1;
CREATE INDEX figure_outlet ON figure(outlet, published) WHERE current = 1;
CREATE INDEX figure_of_measure ON figure(measure_id, published) WHERE current = 1;
CREATE INDEX figure_of_unit ON figure(unit, published) WHERE current = 1;
CREATE INDEX article_day ON article(outlet, published_on, current_version, status);
CREATE INDEX version_credited ON article_version(origin) WHERE origin IS NOT NULL;
CREATE INDEX version_revised ON article_version(number) WHERE number > 1;
CREATE INDEX role_shown ON speaker_role(speaker_id, role, organisation, from_date, to_date, claim_id);
CREATE INDEX date_published ON date_mention(published) WHERE current = 1;
CREATE INDEX date_outlet ON date_mention(outlet, published) WHERE current = 1;
"""

SPOKEN = """
CREATE TABLE spoken (                     -- claims of current versions by speaker, for the newest first
    speaker_id INTEGER NOT NULL,
    said_on TEXT NOT NULL,
    claim_id INTEGER NOT NULL,
    outlet TEXT,
    PRIMARY KEY (speaker_id, said_on, claim_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX spoken_outlet ON spoken(outlet, speaker_id, said_on);
CREATE INDEX spoken_speaker ON spoken(speaker_id, outlet, said_on);
CREATE TRIGGER spoken_insert AFTER INSERT ON claim_speaker BEGIN
    INSERT INTO spoken SELECT new.speaker_id, c.said_on, c.id, c.outlet FROM claim c
        WHERE c.id = new.claim_id AND c.current = 1
        AND NOT EXISTS (SELECT 1 FROM spoken s WHERE (s.speaker_id, s.said_on, s.claim_id)
                        = (new.speaker_id, c.said_on, c.id));
END;
CREATE TRIGGER spoken_update AFTER UPDATE OF speaker_id ON claim_speaker BEGIN
    DELETE FROM spoken WHERE speaker_id = old.speaker_id AND claim_id = old.claim_id
        AND said_on = (SELECT said_on FROM claim WHERE id = old.claim_id);
    INSERT INTO spoken SELECT new.speaker_id, c.said_on, c.id, c.outlet FROM claim c
        WHERE c.id = new.claim_id AND c.current = 1
        AND NOT EXISTS (SELECT 1 FROM spoken s WHERE (s.speaker_id, s.said_on, s.claim_id)
                        = (new.speaker_id, c.said_on, c.id));
END;
CREATE TRIGGER spoken_delete AFTER DELETE ON claim_speaker BEGIN
    DELETE FROM spoken WHERE speaker_id = old.speaker_id AND claim_id = old.claim_id
        AND said_on = (SELECT said_on FROM claim WHERE id = old.claim_id);
END;
CREATE TRIGGER spoken_claim AFTER UPDATE OF current, outlet, said_on ON claim
WHEN old.current <> new.current OR old.outlet IS NOT new.outlet OR old.said_on <> new.said_on BEGIN
    DELETE FROM spoken WHERE claim_id = old.id AND said_on = old.said_on
        AND speaker_id IN (SELECT speaker_id FROM claim_speaker WHERE claim_id = old.id);
    INSERT INTO spoken SELECT speaker_id, new.said_on, new.id, new.outlet FROM claim_speaker
        WHERE claim_id = new.id AND new.current = 1;
END;
CREATE TRIGGER spoken_claim_gone BEFORE DELETE ON claim BEGIN
    DELETE FROM claim_speaker WHERE claim_id = old.id;
END;
"""

_PLACE = """(SELECT a.current_version IS v.id, a.outlet, v.published FROM article_version v
    JOIN article a ON a.id = v.article_id WHERE v.id = {version})"""
_DAY = "(SELECT published_on FROM article_version WHERE id = {version})"
SPOKEN_ROWS = """SELECT cs.speaker_id, c.said_on, c.id, c.outlet
    FROM claim_speaker cs JOIN claim c ON c.id = cs.claim_id WHERE c.current = 1"""


def statements() -> Iterator[str]:
    """The SQL that adds all of it to a database and fills it from the rows that are there."""
    for table in TALLIES:
        yield f"ALTER TABLE {table} ADD COLUMN current INTEGER NOT NULL DEFAULT 0"
        yield f"ALTER TABLE {table} ADD COLUMN outlet TEXT"
        yield f"ALTER TABLE {table} ADD COLUMN published TEXT"
        yield f"UPDATE {table} SET (current, outlet, published) = {_PLACE.format(version='version_id')}"
        yield _tally_table(table)
        yield f"CREATE INDEX {table}_tally_key ON {table}_tally({', '.join(_key(table))})"
        yield f"INSERT INTO {table}_tally {_counted(table)}"
        yield from _tally_triggers(table)
        yield _located(table)
    yield "ALTER TABLE article ADD COLUMN published_on TEXT"
    yield f"UPDATE article SET published_on = {_DAY.format(version='current_version')}"
    yield from _moved()


def differences(db: Database) -> Iterator[str]:
    """Where a summary is not what its rows give: "figure_tally differs in 2 rows"."""
    wanted = {f"{table}_tally": _counted(table) for table in TALLIES} | {"spoken": SPOKEN_ROWS}
    have = {f"{table}_tally": _tallied(table) for table in TALLIES}
    have["spoken"] = "SELECT speaker_id, said_on, claim_id, outlet FROM spoken"
    for name, sql in wanted.items():
        pair = ((sql, have[name]), (have[name], sql))
        wrong = sum(db.execute(f"SELECT count(*) FROM ({a} EXCEPT {b})").fetchone()[0] for a, b in pair)
        if wrong:
            yield f"{name} differs in {wrong} rows"
    for table in TALLIES:
        place = _PLACE.format(version="t.version_id")
        sql = f"SELECT count(*) FROM {table} t WHERE (t.current, t.outlet, t.published) IS NOT {place}"
        (wrong,) = db.execute(sql).fetchone()
        if wrong:
            yield f"{table} has {wrong} rows that are not where their article is"
    day = f"published_on IS NOT {_DAY.format(version='current_version')}"
    (wrong,) = db.execute(f"SELECT count(*) FROM article WHERE {day}").fetchone()
    if wrong:
        yield f"article has {wrong} rows with another day than their version"


def _key(table: str) -> tuple[str, ...]:
    return (*TALLIES[table], "outlet")


def _tally_table(table: str) -> str:
    columns = ", ".join(f"{name} {'INTEGER' if name == 'measure_id' else 'TEXT'}" for name in _key(table))
    return f"CREATE TABLE {table}_tally ({columns}, counted INTEGER NOT NULL) STRICT"


def _counted(table: str) -> str:
    names = ", ".join(_key(table))
    return f"SELECT {names}, count(*) FROM {table} WHERE current = 1 GROUP BY {names}"


def _tallied(table: str) -> str:
    names = ", ".join(_key(table))
    return f"SELECT {names}, sum(counted) FROM {table}_tally GROUP BY {names} HAVING sum(counted) <> 0"


def _tally_triggers(table: str) -> Iterator[str]:
    names = ", ".join(_key(table))
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in ("current", *_key(table)))
    same = " AND ".join(f"{name} IS new.{name}" for name in _key(table))
    taken = f"""UPDATE {table}_tally SET counted = counted - 1
        WHERE old.current = 1 AND {" AND ".join(f"{name} IS old.{name}" for name in _key(table))};"""
    yield f"""CREATE TRIGGER {table}_tally_update AFTER UPDATE OF current, {names} ON {table} WHEN {changed} BEGIN
    {taken}
    INSERT INTO {table}_tally({names}, counted) SELECT {", ".join(f"new.{name}" for name in _key(table))}, 0
        WHERE new.current = 1 AND NOT EXISTS (SELECT 1 FROM {table}_tally WHERE {same});
    UPDATE {table}_tally SET counted = counted + 1 WHERE new.current = 1 AND {same};
END"""
    yield f"CREATE TRIGGER {table}_tally_delete AFTER DELETE ON {table} WHEN old.current = 1 BEGIN {taken} END"


def _located(table: str) -> str:
    """A finding that is inserted learns where its article is; the update sets off the triggers that count it."""
    return f"""CREATE TRIGGER {table}_located AFTER INSERT ON {table} BEGIN
    UPDATE {table} SET (current, outlet, published) = {_PLACE.format(version="new.version_id")} WHERE id = new.id;
END"""


def _moved() -> Iterator[str]:
    """What an article's version, outlet or date of publication changes in its findings."""
    places = "".join(
        f"""UPDATE {table} SET current = (version_id IS new.current_version), outlet = new.outlet
        WHERE version_id IN (SELECT id FROM article_version WHERE article_id = new.id);"""
        for table in TALLIES
    )
    yield f"""CREATE TRIGGER article_moved AFTER UPDATE OF current_version, outlet ON article
WHEN old.current_version IS NOT new.current_version OR old.outlet IS NOT new.outlet BEGIN
    UPDATE article SET published_on = {_DAY.format(version="new.current_version")} WHERE id = new.id;
    {places} END"""
    dates = "".join(f"UPDATE {table} SET published = new.published WHERE version_id = new.id;" for table in TALLIES)
    yield f"""CREATE TRIGGER version_dated AFTER UPDATE OF published ON article_version
WHEN old.published IS NOT new.published BEGIN {dates} END"""
    yield """CREATE TRIGGER article_dated AFTER UPDATE OF published_on ON article_version BEGIN
    UPDATE article SET published_on = new.published_on WHERE current_version = new.id;
END"""
