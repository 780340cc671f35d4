"""Nothing that an addition asks of the links reads all of them, whatever SQLite has been told about its indexes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlite_utils import Database

from bench.newsroom import Newsroom
from db.crosscheck import crosscheck

KNOWN = {
    "nothing": "SELECT 1",
    "of all": "ANALYZE",
    "of all but the links": "ANALYZE; DELETE FROM sqlite_stat1 WHERE tbl = 'link'; ANALYZE sqlite_schema",
    "of the links, of one index": """
        ANALYZE; DELETE FROM sqlite_stat1 WHERE tbl = 'link' AND idx <> 'sqlite_autoindex_link_1';
        UPDATE sqlite_stat1 SET stat = '200000 1' WHERE tbl = 'link'; ANALYZE sqlite_schema""",
}
FOUND_WHOLE = re.compile(r"^SCAN (l|link)\b|^SEARCH (l|link)\b.*\((a_kind|b_kind|label)=\?\)$")


def asked(db: Database) -> set[str]:
    """The queries on links of one run."""
    queries: set[str] = set()
    db.conn.set_trace_callback(lambda query: queries.add(query) if " link" in query else None)
    crosscheck(db)
    db.conn.set_trace_callback(None)
    return {query for query in queries if not query.startswith(("--", "SELECT label, count(*)"))}


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plans") / "newsroom.db"
    db = Newsroom(60, days=2).fill(path)
    crosscheck(db)
    db.close()
    return path


@pytest.mark.parametrize("known", KNOWN)
def test_no_query_reads_all_links(compared: Path, tmp_path: Path, known: str) -> None:
    copy = tmp_path / "newsroom.db"
    copy.write_bytes(compared.read_bytes())
    db = Database(copy)
    db.conn.create_function("fold", 1, str.casefold)
    db.conn.executescript(KNOWN[known])
    Newsroom(60, days=2).add(db, 6, first=60)
    queries = asked(db)
    assert len(queries) > 20
    for query in queries:
        plan = [row[3] for row in db.conn.execute(f"EXPLAIN QUERY PLAN {query}")]
        whole = [step for step in plan if FOUND_WHOLE.search(step)]
        assert not whole, f"{whole}\n{query[:500]}"


def test_what_was_known_of_the_links_is_known_after_a_rebuild(compared: Path, tmp_path: Path) -> None:
    copy = tmp_path / "newsroom.db"
    copy.write_bytes(compared.read_bytes())
    db = Database(copy)
    told = "SELECT idx, stat FROM sqlite_stat1 WHERE tbl = 'link' ORDER BY 1"
    schema = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'link' ORDER BY 2"
    before = db.execute(schema).fetchall()
    db.execute("ANALYZE")
    db.conn.commit()
    known = db.execute(told).fetchall()
    crosscheck(db, rebuild=True)
    assert db.execute(told).fetchall() == known and len(known) > 3
    assert db.execute(schema).fetchall() == before
