"""The main job as a user runs it: `onrecord run --demo` scrapes the invented newsroom into a database of its own."""

from __future__ import annotations

import csv
import io
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from crosscheck_checker import problems
from sqlite_utils import Database

from demo.content import HERE, DemoArticle, load_articles, load_outlets
from demo.site import canonical_url

pytestmark = pytest.mark.timeout(600)

ONRECORD = str(Path(sys.executable).with_name("onrecord"))
OFF_TOPIC = {"ferry-terminal-roof-reopens", "lakers-win-curling-final"}
VERSIONS = [a for a in load_articles() if a.slug not in OFF_TOPIC]
SLUGS = {a.slug for a in VERSIONS}
RELATIONS = yaml.safe_load((HERE / "relations.yml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Run:
    path: Path
    code: int
    messages: str


def onrecord(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ONRECORD, *arguments], capture_output=True, text=True, timeout=500, encoding="utf-8")


def run_demo(path: Path) -> Run:
    done = onrecord("run", "--demo", "--db", str(path))
    return Run(path, done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_demo(tmp_path_factory.mktemp("demo") / "demo.db")


@pytest.fixture
def db(demo_run: Run) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{demo_run.path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def url_of(article: DemoArticle) -> str:
    return canonical_url(load_outlets()[article.outlet], article)


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What a reader of the database sees, without row numbers and instants."""
    queries = {
        "versions": """SELECT v.public_id, a.url, v.number, v.text, a.current_version = v.id
                       FROM article_version v JOIN article a ON a.id = v.article_id ORDER BY 1""",
        "claims": 'SELECT public_id, text, names, role, said_on, modality, start, "end" FROM claim ORDER BY 1',
        "figures": "SELECT public_id, text, value, low, high, unit, period_from, names FROM figure ORDER BY 1",
        "dates": "SELECT public_id, text, value, from_date, to_date FROM date_mention ORDER BY 1",
        "links": "SELECT link_id, label, a_url, a_text, b_url, b_text, score, explanation FROM links ORDER BY 1",
        "speakers": "SELECT name, class FROM speaker ORDER BY 1",
    }
    with closing(sqlite3.connect(path)) as connection:
        return {name: [tuple(row) for row in connection.execute(query)] for name, query in queries.items()}


def test_it_ends_well_and_says_so(demo_run: Run) -> None:
    assert demo_run.code == 0, demo_run.messages
    assert "failed" not in demo_run.messages.lower() or "0 failed" in demo_run.messages.lower(), demo_run.messages


def test_every_version_is_stored_as_it_was_written(db: sqlite3.Connection) -> None:
    rows = db.execute(
        "SELECT a.url, v.title, v.text, v.byline, v.origin FROM article_version v JOIN article a ON a.id = v.article_id"
    ).fetchall()
    expected = {(url_of(a), a.title, a.text, a.byline, a.origin) for a in VERSIONS}
    assert {tuple(row) for row in rows} == expected and len(rows) == len(VERSIONS)
    current = {
        row[0] for row in db.execute("SELECT v.text FROM article a JOIN article_version v ON v.id = a.current_version")
    }
    assert current == {max((b for b in VERSIONS if b.slug == slug), key=lambda b: b.version).text for slug in SLUGS}


def test_the_topic_filter_is_on_record(db: sqlite3.Connection) -> None:
    runs = [dict(row) for row in db.execute("SELECT * FROM scrape_run ORDER BY id")]
    assert runs[0]["new"] == len(SLUGS) and runs[0]["off_topic"] == len(OFF_TOPIC)
    assert [run["changed"] for run in runs] == [0, 1]
    assert all(run["finished_at"] and not run["failed"] for run in runs)


def test_findings_in_every_article(db: sqlite3.Connection) -> None:
    for table, least in (("claim", 4), ("figure", 2), ("date_mention", 2)):
        counts = Counter(row[0] for row in db.execute(f"SELECT version_id FROM {table}"))
        versions = [row[0] for row in db.execute("SELECT id FROM article_version")]
        poor = {v: counts[v] for v in versions if counts[v] < least}
        assert not poor, (table, poor)


@pytest.mark.parametrize("table", ["claim", "figure", "date_mention"])
def test_every_span_gives_its_own_words(db: sqlite3.Connection, table: str) -> None:
    rows = db.execute(
        f'SELECT f.text, substr(v.text, f.start + 1, f."end" - f.start) FROM {table} f'
        " JOIN article_version v ON v.id = f.version_id"
    ).fetchall()
    assert rows and all(stored == cut for stored, cut in rows)


def spot(end: dict[str, str]) -> tuple[str, int, int, int]:
    """URL, version and, for words, their offsets; the whole article where no words are given."""
    slug, _, version = end["article"].partition("@")
    article = next(a for a in VERSIONS if a.slug == slug and a.version == int(version or 1))
    start = article.text.index(end["words"]) if "words" in end else 0
    return url_of(article), article.version, start, start + len(end.get("words", article.text))


def touches(row: sqlite3.Row, side: str, end: dict[str, str]) -> bool:
    url, version, start, stop = spot(end)
    return (
        ("words" in end) == (row[f"{side}_kind"] != "article")
        and row[f"{side}_url"] == url
        and row[f"{side}_version"] == version
        and row[f"{side}_start"] < stop
        and row[f"{side}_end"] > start
    )


@pytest.mark.parametrize(
    "relation",
    [r for r in RELATIONS if r.get("first", True)],
    ids=lambda r: f"{r['label']}:{r['a'].get('words', r['a']['article'])[:24]}",
)
def test_the_relation_is_linked(db: sqlite3.Connection, relation: dict[str, Any]) -> None:
    rows = db.execute("SELECT * FROM links WHERE label = ?", [relation["label"]]).fetchall()
    found = [
        row
        for row in rows
        for one, other in (("a", "b"), ("b", "a"))
        if touches(row, one, relation["a"]) and touches(row, other, relation["b"])
    ]
    assert found, [(row["a_text"], row["b_text"]) for row in rows]
    assert all(len(row["explanation"]) > 20 for row in found)


def test_only_the_wire_story_is_a_copy(db: sqlite3.Connection) -> None:
    copies = {
        frozenset((row["a_url"], row["b_url"])) for row in db.execute("SELECT * FROM links WHERE label = 'wire_copy'")
    }
    wire = frozenset(url_of(a) for a in VERSIONS if a.origin)
    assert copies == {wire}


def test_only_the_corrected_article_is_revised(db: sqlite3.Connection) -> None:
    urls = {row[0] for row in db.execute("SELECT a_url FROM links WHERE label = 'revised'")}
    assert urls == {url_of(a) for a in VERSIONS if a.version > 1}


def test_every_explanation_follows_from_its_rows(demo_run: Run) -> None:
    assert list(problems(Database(str(demo_run.path)))) == []


def test_the_letter_comes_out_of_the_export(demo_run: Run) -> None:
    done = onrecord("export", "links", "--db", str(demo_run.path))
    assert done.returncode == 0, done.stderr
    rows = [row for row in csv.DictReader(io.StringIO(done.stdout)) if row["label"] == "same_quote"]
    texts = [row["a_text"] + row["b_text"] for row in rows]
    assert any("stand a better chance" in text and "more likely to succeed" in text for text in texts)


def test_a_second_run_changes_nothing(demo_run: Run) -> None:
    before = contents(demo_run.path)
    again = run_demo(demo_run.path)
    assert again.code == 0, again.messages
    assert contents(demo_run.path) == before
    with closing(sqlite3.connect(demo_run.path)) as connection:
        second = connection.execute(
            "SELECT new, changed, failed FROM scrape_run ORDER BY id LIMIT -1 OFFSET 2"
        ).fetchall()
    assert second and set(second) == {(0, 0, 0)}


def test_killed_in_the_middle_the_next_run_goes_on(demo_run: Run, tmp_path: Path) -> None:
    """Killed once a few articles are stored, and again once a few are extracted: nothing is lost, the rest follows."""
    path = tmp_path / "killed.db"
    kept = [killed_run(path, table) for table in ("article_version", "extraction_run")]
    resumed = run_demo(path)
    assert resumed.code == 0, resumed.messages
    found, expected = contents(path), contents(demo_run.path)
    for name in expected:
        assert set(found[name]) ^ set(expected[name]) == set(), name
    for stored in kept:
        assert {row[0] for row in stored["versions"]} <= {row[0] for row in expected["versions"]}
        assert {row[0] for row in stored["claims"]} <= {row[0] for row in expected["claims"]}


def killed_run(path: Path, table: str) -> dict[str, list[tuple[Any, ...]]]:
    """What is stored after a run was killed as soon as `table` had three rows."""
    process = subprocess.Popen(
        [ONRECORD, "run", "--demo", "--db", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        saved = wait_for(path, table, process)
    finally:
        process.kill()
        process.wait()
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert count >= saved
    return contents(path)


def wait_for(path: Path, table: str, process: subprocess.Popen[bytes], rows: int = 3) -> int:
    """Wait until a table of a database that another process writes has some rows; returns how many."""
    while process.poll() is None:
        if path.exists():
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
                try:
                    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                except sqlite3.OperationalError:
                    count = 0  # its migrations are still under way
                if count >= rows:
                    return int(count)
        time.sleep(0.02)
    pytest.fail(f"the run ended before {rows} rows of {table} could be seen")
