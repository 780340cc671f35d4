"""The database, as migrations. STRICT tables, integer keys, ISO-8601 times in UTC; public ids are stable hashes.

A row that came from words on a page keeps their offsets into `article_version.text`. Lists (`names`, `parts`, `quoted`)
are JSON arrays. The public views are in `db/views.py`: the site and the exporter read the same ones.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from db.memory import MEMORY, REMEMBERED
from db.summaries import SORTED_BY, SPOKEN, SPOKEN_ROWS, statements
from db.views import VIEWS

migrations = Migrations("onrecord")

SOURCES_AND_RUNS = """
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,            -- key in sources.yml
    outlet TEXT NOT NULL,
    kind TEXT NOT NULL,                   -- feed, sitemap, listing, pages, import
    url TEXT,
    url_since TEXT NOT NULL,              -- first run with this url: what it announced before is not asked for again
    lang TEXT
) STRICT;

CREATE TABLE scrape_run (
    id INTEGER PRIMARY KEY,
    command TEXT NOT NULL,                -- run, scrape, import
    started_at TEXT NOT NULL,
    finished_at TEXT,                     -- null: still going, or killed
    discovered INTEGER NOT NULL DEFAULT 0,
    fetched INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    off_topic INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE fetch (
    id INTEGER PRIMARY KEY,
    run_id INTEGER REFERENCES scrape_run(id),
    source_id INTEGER REFERENCES source(id),
    url TEXT NOT NULL,                    -- as asked for
    final_url TEXT,                       -- after redirects
    at TEXT NOT NULL,
    status INTEGER,                       -- HTTP status, null when none came
    outcome TEXT NOT NULL,                -- new, changed, unchanged, off_topic, failed; listed: a feed's own page
    error TEXT,                           -- the failure by name, with its cause
    etag TEXT,
    last_modified TEXT,
    page_hash TEXT REFERENCES raw_page(hash),
    next_try TEXT                         -- do not ask again before this instant
) STRICT;
CREATE INDEX fetch_url ON fetch(url, id);
CREATE INDEX fetch_run ON fetch(run_id);
CREATE INDEX fetch_source ON fetch(source_id, at);

CREATE TABLE raw_page (
    hash TEXT PRIMARY KEY,                -- SHA-256 of the page as received
    content_type TEXT,
    bytes INTEGER NOT NULL,
    body BLOB NOT NULL                    -- zlib
) STRICT;
"""

ARTICLES = """
CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    url TEXT UNIQUE,                      -- canonical
    external_id TEXT,                     -- the id an importer gave, returned as given
    outlet TEXT,
    current_version INTEGER REFERENCES article_version(id),
    first_seen TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'live'   -- live, removed
) STRICT;
CREATE UNIQUE INDEX article_external ON article(external_id) WHERE url IS NULL;
CREATE INDEX article_outlet ON article(outlet);

CREATE TABLE article_version (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    article_id INTEGER NOT NULL REFERENCES article(id),
    number INTEGER NOT NULL,              -- 1, 2, ... in order of arrival
    title TEXT,
    text TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    byline TEXT,
    origin TEXT,                          -- credited agency
    lang TEXT,
    published TEXT,                       -- as stated, with its offset
    published_on TEXT,                    -- the day there, for sorting and resolving dates
    published_source TEXT,
    fetched_at TEXT NOT NULL,
    page_hash TEXT REFERENCES raw_page(hash),
    UNIQUE (article_id, number)
) STRICT;
CREATE INDEX version_published ON article_version(published_on DESC, id);
CREATE INDEX version_text ON article_version(text_hash);

CREATE TABLE extraction_run (
    id INTEGER PRIMARY KEY,
    version_id INTEGER NOT NULL UNIQUE REFERENCES article_version(id),
    model TEXT NOT NULL,                  -- version in extract/model/meta.json
    code TEXT NOT NULL,                   -- version of the package
    at TEXT NOT NULL,
    status TEXT NOT NULL,                 -- done, failed, skipped (another language)
    error TEXT
) STRICT;
"""

SPEAKERS = """
CREATE TABLE speaker (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,            -- canonical
    class TEXT NOT NULL
) STRICT;

CREATE TABLE speaker_alias (
    speaker_id INTEGER NOT NULL REFERENCES speaker(id),
    alias TEXT NOT NULL,                  -- as printed
    PRIMARY KEY (speaker_id, alias)
) STRICT, WITHOUT ROWID;

CREATE TABLE speaker_role (
    id INTEGER PRIMARY KEY,
    speaker_id INTEGER NOT NULL REFERENCES speaker(id),
    role TEXT NOT NULL,                   -- as printed
    organisation TEXT,
    from_date TEXT,                       -- the days on which the claim was made: the role is shown for these,
    to_date TEXT,                         -- the view `roles` joins the claims' days to one interval a role
    claim_id INTEGER NOT NULL REFERENCES claim(id) ON DELETE CASCADE
) STRICT;
CREATE INDEX role_speaker ON speaker_role(speaker_id, from_date);
CREATE INDEX role_claim ON speaker_role(claim_id);
"""

FINDINGS = """
CREATE TABLE claim (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    version_id INTEGER NOT NULL REFERENCES article_version(id),
    local_id TEXT NOT NULL,               -- c1, c2, ... as extract --json prints it
    kind TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    parts TEXT NOT NULL,
    quoted TEXT NOT NULL,
    cue_start INTEGER,
    cue_end INTEGER,
    cue TEXT,
    cue_lemma TEXT,
    mention_start INTEGER,
    mention_end INTEGER,
    mention TEXT,
    names TEXT NOT NULL,
    speaker_class TEXT NOT NULL,
    role TEXT,
    basis TEXT NOT NULL,
    said_from TEXT,
    said_to TEXT,
    said_basis TEXT,
    said_on TEXT NOT NULL,                -- said_to, else the day of publication, else '': sorts every row
    negated INTEGER NOT NULL,
    modality TEXT NOT NULL,
    nested_in INTEGER REFERENCES claim(id) ON DELETE SET NULL,
    confidence REAL NOT NULL
) STRICT;
CREATE INDEX claim_version ON claim(version_id, start);
CREATE INDEX claim_said_on ON claim(said_on DESC, id);
CREATE INDEX claim_nested ON claim(nested_in) WHERE nested_in IS NOT NULL;
CREATE INDEX claim_kind ON claim(kind);
CREATE INDEX claim_modality ON claim(modality);

CREATE TABLE claim_speaker (
    claim_id INTEGER NOT NULL REFERENCES claim(id) ON DELETE CASCADE,
    speaker_id INTEGER NOT NULL REFERENCES speaker(id),
    position INTEGER NOT NULL,
    PRIMARY KEY (claim_id, speaker_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_speaker_speaker ON claim_speaker(speaker_id, claim_id);

CREATE TABLE measure (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    definition TEXT,
    unit TEXT,
    official_url TEXT
) STRICT;

CREATE TABLE figure (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    version_id INTEGER NOT NULL REFERENCES article_version(id),
    local_id TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    value REAL,
    low REAL,
    high REAL,
    unit TEXT,
    kind TEXT NOT NULL,
    modifier TEXT NOT NULL,
    direction TEXT NOT NULL,
    counted TEXT,
    whole TEXT,                           -- `of` in the JSON
    measure_id INTEGER REFERENCES measure(id),
    place TEXT,
    period_from TEXT,
    period_to TEXT,
    period_basis TEXT,
    claim_id INTEGER REFERENCES claim(id) ON DELETE SET NULL,
    names TEXT NOT NULL,
    modality TEXT NOT NULL,
    context_start INTEGER NOT NULL DEFAULT 0,   -- the paragraph that the figure stands in
    context_end INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX figure_version ON figure(version_id, start);
CREATE INDEX figure_measure ON figure(measure_id, place, period_from);
CREATE INDEX figure_claim ON figure(claim_id);
CREATE INDEX figure_unit ON figure(unit);

CREATE TABLE date_mention (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    version_id INTEGER NOT NULL REFERENCES article_version(id),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    type TEXT NOT NULL,
    value TEXT NOT NULL,
    from_date TEXT,
    to_date TEXT,
    anchor TEXT NOT NULL
) STRICT;
CREATE INDEX date_version ON date_mention(version_id, start);
"""

LINKS = """
CREATE TABLE link (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    a_kind TEXT NOT NULL,                 -- article, claim, figure
    a_id INTEGER NOT NULL,                -- article_version.id, claim.id or figure.id
    b_kind TEXT NOT NULL,
    b_id INTEGER NOT NULL,
    score REAL NOT NULL,
    explanation TEXT NOT NULL,
    found_at TEXT NOT NULL
) STRICT;
CREATE INDEX link_label ON link(label, id);
CREATE INDEX link_a ON link(a_kind, a_id);
CREATE INDEX link_b ON link(b_kind, b_id);
CREATE TRIGGER link_claim_gone AFTER DELETE ON claim BEGIN
    DELETE FROM link WHERE (a_kind = 'claim' AND a_id = old.id);
    DELETE FROM link WHERE (b_kind = 'claim' AND b_id = old.id);
END;
CREATE TRIGGER link_figure_gone AFTER DELETE ON figure BEGIN
    DELETE FROM link WHERE (a_kind = 'figure' AND a_id = old.id);
    DELETE FROM link WHERE (b_kind = 'figure' AND b_id = old.id);
END;

CREATE TABLE figure_standing (            -- filled by the cross-check: how a figure stands among the sources
    figure_id INTEGER PRIMARY KEY REFERENCES figure(id) ON DELETE CASCADE,
    origins INTEGER NOT NULL,             -- independent origins that print the figure, its own included
    agrees INTEGER NOT NULL,              -- other origins whose figure is compatible
    conflicts INTEGER NOT NULL            -- other origins whose figure is not
) STRICT;
"""

FULL_TEXT = """
CREATE VIRTUAL TABLE claim_fts USING fts5(
    text, names, content='claim', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER claim_fts_insert AFTER INSERT ON claim BEGIN
    INSERT INTO claim_fts(rowid, text, names) VALUES (new.id, new.text, new.names);
END;
CREATE TRIGGER claim_fts_delete AFTER DELETE ON claim BEGIN
    INSERT INTO claim_fts(claim_fts, rowid, text, names) VALUES ('delete', old.id, old.text, old.names);
END;
CREATE TRIGGER claim_fts_update AFTER UPDATE OF text, names ON claim
WHEN old.text IS NOT new.text OR old.names IS NOT new.names BEGIN
    INSERT INTO claim_fts(claim_fts, rowid, text, names) VALUES ('delete', old.id, old.text, old.names);
    INSERT INTO claim_fts(rowid, text, names) VALUES (new.id, new.text, new.names);
END;

CREATE VIRTUAL TABLE article_version_fts USING fts5(
    title, text, content='article_version', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER article_version_fts_insert AFTER INSERT ON article_version BEGIN
    INSERT INTO article_version_fts(rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER article_version_fts_delete AFTER DELETE ON article_version BEGIN
    INSERT INTO article_version_fts(article_version_fts, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text);
END;
CREATE TRIGGER article_version_fts_update AFTER UPDATE OF title, text ON article_version
WHEN old.title IS NOT new.title OR old.text IS NOT new.text BEGIN
    INSERT INTO article_version_fts(article_version_fts, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text);
    INSERT INTO article_version_fts(rowid, title, text) VALUES (new.id, new.title, new.text);
END;
"""

READING = """
CREATE TABLE segment (                    -- an update of a live blog: a part of a version's text with its own instant
    version_id INTEGER NOT NULL REFERENCES article_version(id),
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    title TEXT,
    published TEXT,
    anchor TEXT,                          -- its place on the page, behind `#`
    PRIMARY KEY (version_id, number)
) STRICT;
CREATE TABLE left_out (                   -- what stands on the page and was not taken for the article's text
    version_id INTEGER NOT NULL REFERENCES article_version(id),
    number INTEGER NOT NULL,
    reason TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (version_id, number)
) STRICT;
CREATE TABLE edge_line (                  -- lines at the ends of a site's articles: those that recur are furniture
    host TEXT NOT NULL,
    line INTEGER NOT NULL,                -- hash
    article_id INTEGER NOT NULL REFERENCES article(id),
    PRIMARY KEY (host, line, article_id)
) STRICT, WITHOUT ROWID;
"""

PRIVATE = (
    "fetch",
    "raw_page",
    "edge_line",
    "host",
    "robots_txt",
    "alarm",
    *(f"crosscheck_{name}" for name in REMEMBERED),
)
"""Tables that a published snapshot leaves behind: what was asked of whom, pages that are their publishers', and what
only the next cross-check needs."""


@migrations()
def m001_sources_and_articles(db: Database) -> None:
    _script(db, SOURCES_AND_RUNS)
    _script(db, ARTICLES)


@migrations()
def m002_findings(db: Database) -> None:
    _script(db, SPEAKERS)
    _script(db, FINDINGS)


@migrations()
def m003_links(db: Database) -> None:
    _script(db, LINKS)


@migrations()
def m004_full_text(db: Database) -> None:
    _script(db, FULL_TEXT)


@migrations()
def m005_public_views(db: Database) -> None:
    _script(db, VIEWS)


@migrations()
def m006_basis_of_figures(db: Database) -> None:
    for column in ("unit_basis", "counted_basis", "place_basis"):
        db.execute(f"ALTER TABLE figure ADD COLUMN {column} TEXT")
    _views_anew(db)


@migrations()
def m007_versions(db: Database) -> None:
    """Other addresses of an article, when it went and came back, and what the last answer's body was."""
    db.execute(
        """CREATE TABLE article_alias (
            url TEXT PRIMARY KEY,         -- normalised
            article_id INTEGER NOT NULL REFERENCES article(id)
        ) STRICT"""
    )
    db.execute("CREATE INDEX alias_article ON article_alias(article_id)")
    db.execute("ALTER TABLE article ADD COLUMN removed_at TEXT")
    db.execute("ALTER TABLE article ADD COLUMN returned_at TEXT")
    db.execute("ALTER TABLE fetch ADD COLUMN body_hash TEXT")


@migrations()
def m008_reading(db: Database) -> None:
    db.execute("ALTER TABLE article_version ADD COLUMN paywalled INTEGER")  # 1, 0, or NULL: the page does not say
    for column in ("truncated", "modified", "modified_source", "section"):
        db.execute(f"ALTER TABLE article_version ADD COLUMN {column} TEXT")
    db.execute("ALTER TABLE article_version ADD COLUMN published_confidence REAL")
    _script(db, READING)


@migrations()
def m009_runs(db: Database) -> None:
    """What is kept of hosts beyond the run; how many articles a list announced; alarms that were raised."""
    db.execute("CREATE TABLE host (host TEXT PRIMARY KEY, last_answer TEXT, not_before TEXT) STRICT, WITHOUT ROWID")
    db.execute("CREATE TABLE robots_txt (origin TEXT PRIMARY KEY, until TEXT NOT NULL, text TEXT) STRICT")
    db.execute("ALTER TABLE fetch ADD COLUMN items INTEGER")
    # Requests up to this one were for the source's address before: ids, unlike times, cannot jump back.
    db.execute("ALTER TABLE source ADD COLUMN after_fetch INTEGER NOT NULL DEFAULT 0")
    db.execute(
        """UPDATE source SET after_fetch = (
               SELECT coalesce(max(id), 0) FROM fetch WHERE source_id = source.id AND at < url_since)"""
    )
    db.execute(
        """CREATE TABLE alarm (
            id INTEGER PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT"""
    )


@migrations()
def m010_decisions(db: Database) -> None:
    """What people decided about links and speakers."""
    db.execute(
        """CREATE TABLE decision (
            kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, because TEXT, at TEXT NOT NULL,
            PRIMARY KEY (kind, key)
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m011_current_versions(db: Database) -> None:
    """Which article a version is the current one of: every page of the site asks for it."""
    db.execute("CREATE UNIQUE INDEX article_current ON article(current_version)")
    # The newest figures of a measure, without sorting all of them.
    db.execute("CREATE INDEX figure_newest ON figure(measure_id, coalesce(period_to, period_from) DESC, id)")
    # And which request brought a page: the export of pages asks for it.
    db.execute("CREATE INDEX fetch_page ON fetch(page_hash, at) WHERE page_hash IS NOT NULL")


@migrations()
def m012_crosscheck_memory(db: Database) -> None:
    _script(db, MEMORY)


@migrations()
def m013_summaries(db: Database) -> None:
    """Copies, tallies and indexes by which tables of millions of rows are filtered, sorted and counted."""
    for statement in statements():
        db.execute(statement)
    _script(db, SORTED_BY)
    _script(db, SPOKEN)
    db.execute(f"INSERT INTO spoken {SPOKEN_ROWS}")
    for index in ("claim_said_on", "figure_unit", "claim_kind", "claim_modality"):
        db.execute(f"DROP INDEX {index}")
    _views_anew(db)


def _views_anew(db: Database) -> None:
    """The public views as db/views.py has them now, over the tables as they are now."""
    for view in db.view_names():
        db[view].drop()
    _script(db, VIEWS)


def _script(db: Database, sql: str) -> None:
    """Run several statements inside the migration's transaction (`executescript` would commit it first)."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    if statement.strip():
        raise ValueError(f"unfinished statement in a migration: {statement.strip()[:80]}")
