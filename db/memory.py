"""What the cross-check remembers between runs, in SQL: who may be compared, and what changed since.

Triggers note which versions of articles have to be compared anew, so that nobody who writes rows can forget to.
"""

CLAIM = (
    'version_id, kind, start, "end", text, quoted, names, speaker_class, role, basis, said_from, said_to, negated, '
    "modality"
)
FIGURE = (
    'version_id, start, "end", text, value, low, high, unit, kind, modifier, direction, counted, whole, measure_id, '
    "place, period_from, period_to, claim_id, names, modality"
)
REMEMBERED = ("state", "due", "meeting", "version", "part", "plan", "rejected", "copied", "standing")
STANDING_TRIGGERS = ("standing_linked", "standing_unlinked", "copy_new", "copy_gone")  # on `link`
VERSION = "title, text, origin, lang, published, published_on"


def _changed(columns: str) -> str:
    """Whether an update changed one of the columns."""
    names = [name.strip() for name in columns.split(",")]
    return f"({', '.join('old.' + n for n in names)}) IS NOT ({', '.join('new.' + n for n in names)})"


def _add(table: str, rows: str) -> str:
    """Keys into a table of one column, those that it has left out. Not by OR IGNORE: an upsert overrules that in the
    triggers that it fires."""
    return f"INSERT INTO {table} SELECT id FROM ({rows}) WHERE id NOT IN {table}"


def _due(name: str, event: str, table: str, version: str, when: str = "1") -> str:
    return f"""
CREATE TRIGGER crosscheck_{name} AFTER {event} ON {table} WHEN {when} BEGIN
    {_add("crosscheck_due", version)};
END;
"""


def _version_of(end: str) -> str:
    """The version that an end of a link stands in."""
    return f"""CASE {end}_kind WHEN 'claim' THEN (SELECT version_id FROM claim WHERE id = {end}_id)
        WHEN 'figure' THEN (SELECT version_id FROM figure WHERE id = {end}_id) ELSE {end}_id END"""


MEMORY = f"""
CREATE TABLE crosscheck_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE crosscheck_due (             -- versions that changed since they were compared
    version_id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE crosscheck_meeting (         -- who may be compared: items of one key, in the order of `position`
    key INTEGER NOT NULL,
    position INTEGER NOT NULL,            -- the day, and a hash of the public id
    item INTEGER NOT NULL,                -- id of a version, claim or figure: the key says which
    PRIMARY KEY (key, position, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE crosscheck_version (         -- what a version put into crosscheck_meeting, to be taken out again
    version_id INTEGER PRIMARY KEY,
    text_keys INTEGER NOT NULL,           -- keys made of runs of its text
    entries BLOB NOT NULL
) STRICT;

CREATE TABLE crosscheck_part (            -- a figure that its article calls a part of another
    part INTEGER NOT NULL REFERENCES figure(id) ON DELETE CASCADE,
    whole INTEGER NOT NULL REFERENCES figure(id) ON DELETE CASCADE,
    PRIMARY KEY (part, whole)
) STRICT, WITHOUT ROWID;
CREATE INDEX crosscheck_part_whole ON crosscheck_part(whole);

CREATE TABLE crosscheck_plan (            -- two numbers for what is to come that an article prints side by side
    what INTEGER NOT NULL,
    numbers INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    projected INTEGER NOT NULL,           -- keys of the figures that print the first of the numbers
    demanded INTEGER NOT NULL,
    PRIMARY KEY (what, numbers, version_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX crosscheck_plan_version ON crosscheck_plan(version_id);

CREATE TABLE crosscheck_rejected (        -- links that people rejected, to find them again when one is restored
    public_id TEXT NOT NULL,
    version_id INTEGER NOT NULL,          -- that an end stands in
    PRIMARY KEY (public_id, version_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE crosscheck_copied (          -- versions whose copies came or went since standings were counted
    version_id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE crosscheck_standing (        -- figures whose standing has to be counted anew
    figure_id INTEGER PRIMARY KEY
) STRICT;

INSERT INTO crosscheck_due SELECT id FROM article_version;
{_due("version_new", "INSERT", "article_version", "SELECT new.id AS id")}
{_due("version_changed", "UPDATE", "article_version", "SELECT new.id AS id", _changed(VERSION))}
{
    _due(
        "article_changed",
        "UPDATE",
        "article",
        "SELECT id FROM article_version WHERE article_id = new.id",
        _changed("current_version, outlet, url"),
    )
}
{
    _due(
        "measure_changed",
        "UPDATE",
        "measure",
        "SELECT DISTINCT version_id AS id FROM figure WHERE measure_id = new.id",
        "(old.definition IS NULL) <> (new.definition IS NULL)",
    )
}
{_due("claim_new", "INSERT", "claim", "SELECT new.version_id AS id")}
{_due("claim_gone", "DELETE", "claim", "SELECT old.version_id AS id")}
{_due("claim_changed", "UPDATE", "claim", "SELECT old.version_id AS id UNION SELECT new.version_id", _changed(CLAIM))}
{_due("figure_new", "INSERT", "figure", "SELECT new.version_id AS id")}
{_due("figure_gone", "DELETE", "figure", "SELECT old.version_id AS id")}
{
    _due(
        "figure_changed",
        "UPDATE",
        "figure",
        "SELECT old.version_id AS id UNION SELECT new.version_id",
        _changed(FIGURE),
    )
}
CREATE TRIGGER standing_new AFTER INSERT ON figure BEGIN
    {_add("crosscheck_standing", "SELECT new.id AS id")};
END;
CREATE TRIGGER standing_linked AFTER INSERT ON link
WHEN new.a_kind = 'figure' AND new.label IN ('same_figure', 'conflicting_figure') BEGIN
    {_add("crosscheck_standing", "SELECT new.a_id AS id UNION SELECT new.b_id")};
END;
CREATE TRIGGER standing_unlinked AFTER DELETE ON link
WHEN old.a_kind = 'figure' AND old.label IN ('same_figure', 'conflicting_figure') BEGIN
    {_add("crosscheck_standing", "SELECT old.a_id AS id UNION SELECT old.b_id")};
END;
CREATE TRIGGER copy_new AFTER INSERT ON link WHEN new.label = 'wire_copy' BEGIN
    {_add("crosscheck_copied", "SELECT new.a_id AS id UNION SELECT new.b_id")};
END;
CREATE TRIGGER copy_gone AFTER DELETE ON link WHEN old.label = 'wire_copy' BEGIN
    {_add("crosscheck_copied", "SELECT old.a_id AS id UNION SELECT old.b_id")};
END;
CREATE TRIGGER crosscheck_rejected AFTER INSERT ON decision WHEN new.kind = 'link_rejected' BEGIN
    INSERT INTO crosscheck_rejected
    SELECT public_id, {_version_of("a")} FROM link WHERE public_id = new.key
    UNION SELECT public_id, {_version_of("b")} FROM link WHERE public_id = new.key
    EXCEPT SELECT public_id, version_id FROM crosscheck_rejected WHERE public_id = new.key;
END;
CREATE TRIGGER crosscheck_restored AFTER DELETE ON decision WHEN old.kind = 'link_rejected' BEGIN
    {_add("crosscheck_due", "SELECT version_id AS id FROM crosscheck_rejected WHERE public_id = old.key")};
    DELETE FROM crosscheck_rejected WHERE public_id = old.key;
END;
"""
