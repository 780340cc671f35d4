"""Killed at any moment, two at once, a full disk, a clock that jumps: nothing lost, nothing twice, all of it sound."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from loopback_site import Answer, Site, serve_site, write_sources
from sqlite_utils import Database

import jobs
from db import open_db
from db.doctor import examine
from db.schema import migrations
from scraper import Clock, Fetcher, load_sources

HERE = Path(__file__).parent
KILLS, PER_DATABASE = 50, 5
ARTICLES = 10


@pytest.fixture
def site() -> Iterator[Site]:
    """Ten articles, one of them announced under two addresses, one gone, one no article."""
    with serve_site() as site:
        for n in range(ARTICLES):
            site.article(f"/a{n}", f"Asylum shelter report {n} is out", count=n + 11, pause=0.01)
        site.pages["/gone"] = Answer(b"gone", status=410)
        site.pages["/pdf"] = Answer(b"%PDF-1.4 \x00", "application/pdf")
        paths = [*(f"/a{n}" for n in range(ARTICLES)), "/a0?utm_source=x", "/gone", "/pdf"]
        site.feed({path: (f"Asylum shelter report {path} is out", "About asylum.") for path in paths})
        yield site


class Worker:
    """The process that forks a child for each scrape."""

    def __init__(self, sources: Path) -> None:
        self.sources = sources
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "crash_worker.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=HERE.parent, env={**os.environ, "PYTHONPATH": str(HERE.parent)},
        )  # fmt: skip

    def start(self, database: Path) -> int:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{database} {self.sources}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def status(self) -> int:
        assert self.process.stdout
        return int(self.process.stdout.readline())

    def run(self, database: Path) -> float:
        """A whole run, in seconds."""
        begun = time.monotonic()
        self.start(database)
        assert self.status() == 0
        return time.monotonic() - begun


@pytest.fixture
def worker(site: Site, tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(write_sources(tmp_path / "sources.yml", herald=f"{site.base}/feed.xml"))
    yield worker
    worker.process.kill()
    worker.process.wait()


def content(path: Path) -> dict[str, list[tuple]]:
    """What must be the same however often the run was cut off."""
    db = open_db(path)
    try:
        assert [(check.name, check.problems) for check in examine(db) if check.problems] == []
        return {
            "articles": db.execute("SELECT url, outlet, status FROM article ORDER BY url").fetchall(),
            "versions": db.execute(
                """SELECT a.url, v.number, v.title, v.text, v.page_hash FROM article_version v
                   JOIN article a ON a.id = v.article_id ORDER BY a.url, v.number"""
            ).fetchall(),
            "pages": db.execute("SELECT hash FROM raw_page ORDER BY hash").fetchall(),
            "aliases": db.execute("SELECT url FROM article_alias ORDER BY url").fetchall(),
        }
    finally:
        db.close()


def test_killed_while_the_database_is_made(tmp_path: Path) -> None:
    """Behind every migration, and before the first of them, when only the table that lists them is there."""
    names = [migration.name for migration in migrations._migrations]
    for n, name in enumerate(names):
        begun = Database(tmp_path / f"{n}.db")
        migrations.apply(begun, stop_before=name)
        begun.close()
        assert {migration.name for migration in migrations.applied(open_db(tmp_path / f"{n}.db"))} == {*names}


@pytest.mark.timeout(240)
def test_killed_at_fifty_moments(worker: Worker, tmp_path: Path) -> None:
    whole = min(worker.run(tmp_path / f"whole{n}.db") for n in range(2))
    expected = content(tmp_path / "whole0.db")
    assert len(expected["versions"]) == ARTICLES
    chance = random.Random(seed := int(os.environ.get("ONRECORD_SEED", "2024")))
    for round_ in range(KILLS // PER_DATABASE):
        path = tmp_path / f"killed{round_}.db"
        killed, longest = 0, whole
        while killed < PER_DATABASE:
            child, begun = worker.start(path), time.monotonic()
            time.sleep(chance.uniform(0, longest))
            with contextlib.suppress(ProcessLookupError):  # it may have finished
                os.kill(child, signal.SIGKILL)
            if os.WIFSIGNALED(worker.status()):
                killed += 1
            else:  # what is left takes less time than a whole run
                longest = min(longest, time.monotonic() - begun)
        worker.run(path)
        assert content(path) == expected, f"round {round_} of seed {seed}"
        runs = open_db(path)["scrape_run"]
        assert runs.count_where("finished_at IS NOT NULL") >= 1, "and one run was whole"


def test_two_at_once(site: Site, worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    gate = site.pages["/a1"].gate = threading.Event()
    worker.start(path)
    while not site.asked("/a1"):  # the first run is at work, and waits
        time.sleep(0.01)
    second = onrecord("run", "--due", "--sources", str(worker.sources), "--db", str(path))
    gate.set()
    assert second.returncode == 2
    assert f"{path}: another On Record job is writing to it" in second.stderr
    assert worker.status() == 0
    assert len(content(path)["versions"]) == ARTICLES
    assert site.asked("/a1") == 1, "asked once, not twice"


@pytest.mark.parametrize("kilobytes", [4, 150, 300, 420])
def test_a_full_disk(site: Site, worker: Worker, tmp_path: Path, kilobytes: int) -> None:
    """No file may grow beyond the limit, which is what a full disk looks like to SQLite."""
    path = tmp_path / "full.db"
    worker.run(tmp_path / "whole.db")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))

    command = ("scrape", "--due", "--sources", str(worker.sources), "--db", str(path))
    failed = onrecord(*command, preexec_fn=limit)
    assert failed.returncode == 2, failed.stderr
    assert "Traceback" not in failed.stderr
    assert failed.stderr.strip().startswith("Error: ") and "disk" in failed.stderr
    assert onrecord(*command).returncode == 1, (
        "with room again it goes on where it was; one page is gone, one no article"
    )
    assert content(path) == content(tmp_path / "whole.db")


class Jumping(Clock):
    jumped = timedelta()

    def now(self):
        return super().now() + self.jumped


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_a_clock_that_jumps(site: Site, tmp_path: Path, jump: timedelta) -> None:
    """A year ahead and back, or back and ahead again: no page is asked for more than once a run, none is forgotten."""
    db, clock = open_db(tmp_path / "c.db"), Jumping()
    sources = load_sources(write_sources(tmp_path / "sources.yml", herald=f"{site.base}/feed.xml"))

    def run(now: timedelta) -> int:
        clock.jumped, before = now, site.asked("/a1")
        with Fetcher(clock=clock) as fetcher:
            jobs.scrape(db, sources, fetcher, due=True)
        return site.asked("/a1") - before

    assert [run(now) for now in (timedelta(), timedelta(minutes=5), jump, jump + timedelta(minutes=5))] == [1, 0, 1, 0]
    back = [run(timedelta(hours=n)) for n in (1, 2, 30, 60)]
    assert set(back) <= {0, 1} and sum(back) >= 2, "after the clock is right again, it is asked for as before"
    assert len(content(tmp_path / "c.db")["versions"]) == ARTICLES


def onrecord(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "onrecord", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=HERE.parent, check=False, **more)  # type: ignore[call-overload]
