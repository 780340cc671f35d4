"""The run loop against a real server on this machine: repeated, cut off, resumed, and one odd item among good ones."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from loopback_site import Answer, serve_site, write_sources

import extract
import jobs
from db import open_db
from scraper import Clock, Fetcher, Limits, load_sources

ON = ("Shelter asks for winter money", "A shelter for asylum claimants waits for its grant.")
LATER = ("Town council hears about asylum shelter", "The asylum file was before the council.")


class MovedClock(Clock):
    """A clock that can be set forward."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.fixture
def site():
    with serve_site() as site:
        site.article("/a", ON[0])
        site.article("/b", LATER[0], count=55)
        site.feed({"/a": ON, "/b": LATER})
        yield site


def scrape(db, tmp_path: Path, clock: Clock | None = None, *, due: bool = False, progress=jobs.plain, **urls: str):
    sources = load_sources(write_sources(tmp_path / "sources.yml", **urls))
    with Fetcher(limits=Limits(attempts=1, connect=2, read=5), clock=clock) as fetcher:
        return jobs.scrape(db, sources, fetcher, due=due, progress=progress)


def counts(summary: jobs.Summary) -> dict[str, int]:
    return {name: count for name, count in summary.counts.items() if count}


def test_a_second_run_asks_with_validators_and_changes_nothing(db, site, tmp_path):
    first = scrape(db, tmp_path, herald=f"{site.base}/feed.xml")
    assert counts(first) == {"discovered": 2, "fetched": 2, "new": 2}
    before = list(db.query("SELECT * FROM article_version"))
    again = scrape(db, tmp_path, herald=f"{site.base}/feed.xml")
    assert counts(again) == {"discovered": 2, "unchanged": 2}
    assert [sent for path, sent in site.requests if path == "/a"] == [False, True]
    assert [sent for path, sent in site.requests if path == "/feed.xml"] == [False, True]
    assert list(db.query("SELECT * FROM article_version")) == before
    run = list(db["scrape_run"].rows)[-1]
    assert run["finished_at"] and (run["discovered"], run["unchanged"], run["failed"]) == (2, 2, 0)


def test_a_correction_becomes_a_version_though_the_feed_stands_still(db, site, tmp_path):
    scrape(db, tmp_path, herald=f"{site.base}/feed.xml")
    site.article("/a", ON[0], count=41)
    assert counts(scrape(db, tmp_path, herald=f"{site.base}/feed.xml"))["changed"] == 1
    versions = db.query("SELECT v.* FROM article_version v JOIN article a ON a.id = article_id WHERE url LIKE '%/a'")
    assert ["took in 40 people" in version["text"] for version in versions] == [True, False]
    assert next(db.query("SELECT number FROM article_version WHERE text LIKE '%took in 41 people%'"))["number"] == 2


def test_one_odd_item_never_costs_the_others(db, site, tmp_path):
    site.pages["/binary"] = Answer(b"%PDF-1.4 \x00\x01", "application/pdf")
    site.pages["/nothing"] = Answer(b"")
    site.pages["/down"] = Answer(b"oops", status=500)
    odd = dict.fromkeys(("/binary", "/nothing", "/missing", "/down"), ON)
    site.feed({**odd, "/a": ON})
    site.pages["/html"] = Answer(b"<!doctype html><html><body>We moved our feeds.</body></html>")
    feeds = {"herald": f"{site.base}/feed.xml", "ledger": f"{site.base}/html", "gone": "http://127.0.0.1:9/feed"}
    summary = scrape(db, tmp_path, **feeds)
    assert summary.counts["new"] == 1 and summary.counts["failed"] == 6
    reasons = {url.removeprefix(site.base): reason for url, reason in summary.failures}
    assert "PDF" in reasons["/binary"]
    assert "/nothing" in reasons
    assert "404" in reasons["/missing"] and "500" in reasons["/down"]
    assert "an HTML page" in reasons["/html"]
    assert "no connection" in reasons["http://127.0.0.1:9/feed"]
    rows = {row["url"].removeprefix(site.base): row for row in db.query("SELECT * FROM fetch WHERE outcome = 'failed'")}
    assert set(rows) == set(reasons)
    assert rows["/missing"]["error"].startswith("NotFound: ") and rows["/missing"]["status"] == 404
    assert all(row["next_try"] for row in rows.values())


def test_an_article_taken_down_is_marked_and_kept(db, site, tmp_path):
    feed, status = f"{site.base}/feed.xml", "SELECT status FROM article WHERE url LIKE '%/a'"
    scrape(db, tmp_path, herald=feed)
    page = site.pages["/a"]
    site.pages["/a"] = Answer(b"Taken down.", status=410)
    assert scrape(db, tmp_path, herald=feed).counts["failed"] == 1
    assert next(db.query(status))["status"] == "removed" and db["article_version"].count == 2
    site.pages["/a"] = Answer(page.body + b"<!-- back -->")
    scrape(db, tmp_path, herald=feed)
    assert next(db.query(status))["status"] == "live"


def test_topic_is_judged_before_fetching_and_after_reading(db, site, tmp_path):
    site.pages["/match"] = Answer(site.pages["/a"].body.replace(b"asylum", b"shelter"))
    site.feed(
        {
            "/a": ON,
            "/sport": ("Goalie signs for two years", "The club keeps its goalkeeper."),
            "/match": ("What the asylum office did", "Nothing about it in the text."),
        }
    )
    summary = scrape(db, tmp_path, herald=f"{site.base}/feed.xml")
    assert counts(summary) == {"discovered": 3, "fetched": 2, "new": 1, "off_topic": 2}
    assert site.asked("/sport") == 0, "the summary was enough"


def test_due_leaves_alone_what_was_put_off(db, site, tmp_path):
    clock, feed = MovedClock(), f"{site.base}/feed.xml"
    scrape(db, tmp_path, clock, herald=feed)
    clock.ahead = timedelta(minutes=8)
    scrape(db, tmp_path, clock, due=True, herald=feed)
    assert site.asked("/a") == 1, "a new page is looked at again after ten minutes at the earliest"
    clock.ahead = timedelta(minutes=12)
    summary = scrape(db, tmp_path, clock, due=True, herald=feed)
    assert counts(summary) == {"discovered": 2, "unchanged": 2}
    clock.ahead = timedelta(minutes=18)
    scrape(db, tmp_path, clock, due=True, herald=feed)
    assert site.asked("/a") == 2
    assert site.asked("/feed.xml") == 4, "a feed that answers is always due"


def test_a_dead_feed_is_spared_longer_and_longer(db, tmp_path):
    clock = MovedClock()
    pauses = []
    for _ in range(3):
        assert scrape(db, tmp_path, clock, due=True, gone="http://127.0.0.1:9/feed").counts["failed"] == 1
        assert not scrape(db, tmp_path, clock, due=True, gone="http://127.0.0.1:9/feed").counts
        row = list(db["fetch"].rows)[-1]
        pauses.append(datetime.fromisoformat(row["next_try"]) - datetime.fromisoformat(row["at"]))
        clock.ahead += pauses[-1] + timedelta(seconds=1)
    least = [timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)]
    assert all(short <= pause <= short * 1.25 for short, pause in zip(least, pauses, strict=True))


def test_a_feed_that_failed_is_not_taken_for_an_article(db, site, tmp_path):
    clock, feed = MovedClock(), site.pages["/feed.xml"]
    site.pages["/feed.xml"] = Answer(b"oops", status=500)
    scrape(db, tmp_path, clock, due=True, herald=f"{site.base}/feed.xml")
    site.pages["/feed.xml"], clock.ahead, before = feed, timedelta(days=1), site.asked("/feed.xml")
    summary = scrape(db, tmp_path, clock, due=True, herald=f"{site.base}/feed.xml")
    assert counts(summary) == {"discovered": 2, "fetched": 2, "new": 2}
    assert site.asked("/feed.xml") == before + 1


def test_a_source_that_moved_is_not_asked_for_its_old_pages(db, site, tmp_path):
    scrape(db, tmp_path, MovedClock(), herald=f"{site.base}/feed.xml")
    time.sleep(1.1)
    with serve_site() as other:
        other.feed({})
        other.article("/only", ON[0])
        other.feed({"/only": ON})
        summary = scrape(db, tmp_path, herald=f"{other.base}/feed.xml")
    assert counts(summary) == {"discovered": 1, "fetched": 1, "new": 1}


def test_a_run_that_is_cut_off_is_announced_the_rest_again(db, site, tmp_path):
    class Interrupted(BaseException):
        pass

    def after_one(things, **more):
        for number, thing in enumerate(things):
            if more["desc"] == "articles" and number == 1:
                raise Interrupted
            yield thing

    with pytest.raises(Interrupted):
        scrape(db, tmp_path, progress=after_one, herald=f"{site.base}/feed.xml")
    assert db["article_version"].count == 1
    assert next(db["scrape_run"].rows)["finished_at"] is None
    summary = scrape(db, tmp_path, herald=f"{site.base}/feed.xml")
    assert (summary.counts["new"], summary.counts["unchanged"]) == (1, 1)


def test_killed_in_the_middle_loses_nothing_that_was_saved(site, tmp_path):
    for number in range(6):
        site.article(f"/slow{number}", f"Asylum shelter report {number} is out", count=number, pause=0.2)
    site.feed({f"/slow{n}": (f"Asylum shelter report {n} is out", "About asylum.") for n in range(6)})
    sources, path = write_sources(tmp_path / "sources.yml", herald=f"{site.base}/feed.xml"), tmp_path / "k.db"
    command = [sys.executable, "-m", "onrecord", "scrape", "--sources", str(sources), "--db", str(path)]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)
    saved = 0
    while saved < 2 and process.poll() is None:
        time.sleep(0.05)
        saved = _count(path)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert 2 <= _count(path) < 6
    db = open_db(path)
    assert next(db.query("PRAGMA integrity_check")) == {"integrity_check": "ok"}
    db.close()
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert _count(path) == 6


def _count(path: Path) -> int:
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        with connection:
            return connection.execute("SELECT count(*) FROM article_version").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def write_lines(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


GOOD = '{"id": "one", "text": "Anders Whitlock said 40 people came on Monday.", "published": "2024-09-24"}'
OTHER = '{"url": "https://h.example/2", "text": "The mayor said 55 people left.", "title": "Left", "outlet": "H"}'


def test_import_names_the_bad_line_and_goes_on(db, tmp_path):
    archive = write_lines(tmp_path / "a.jsonl", GOOD, '{"text": "cut', "", '{"text": "No name."}', OTHER)
    summary = jobs.import_files(db, [archive, tmp_path / "none.jsonl"])
    assert summary.counts["new"] == 2 and summary.counts["failed"] == 3
    (bad, malformed), (nameless, why), (absent, gone) = summary.failures
    assert bad == f"{archive}:2" and "malformed JSON" in malformed
    assert nameless == f"{archive}:4" and "`url` nor `id`" in why
    assert absent.endswith("none.jsonl") and "No such file" in gone


def test_importing_twice_changes_nothing(db, tmp_path):
    archive = write_lines(tmp_path / "a.jsonl", GOOD, OTHER)
    jobs.import_files(db, [archive])
    assert counts(jobs.import_files(db, [archive])) == {"discovered": 2, "unchanged": 2}


def test_extract_takes_what_waits_and_nothing_twice(db, tmp_path, nlp, monkeypatch):
    monkeypatch.setattr(extract, "load", lambda: nlp)
    jobs.import_files(db, [write_lines(tmp_path / "a.jsonl", GOOD)])
    assert jobs.extract(db).counts["extracted"] == 1
    jobs.import_files(db, [write_lines(tmp_path / "b.jsonl", OTHER)])
    second = jobs.extract(db)
    assert second.counts["extracted"] == 1
    monkeypatch.setattr(extract, "load", lambda: pytest.fail("nothing waits, so no model is loaded"))
    assert counts(jobs.extract(db)) == {}
    monkeypatch.setattr(extract, "load", lambda: nlp)
    rows = list(db.query("SELECT * FROM figure"))
    assert jobs.extract(db, again=True).counts["extracted"] == 2
    assert list(db.query("SELECT * FROM figure")) == rows and len(rows) >= 2


def test_an_article_that_fails_is_a_row_and_waits_for_another_model(db, tmp_path, nlp, monkeypatch):
    find = extract.find

    def fragile(nlp, text, published):
        if "mayor" in text:
            raise RuntimeError("odd paragraph")
        return find(nlp, text, published)

    monkeypatch.setattr(extract, "load", lambda: nlp)
    monkeypatch.setattr(extract, "find", fragile)
    jobs.import_files(db, [write_lines(tmp_path / "a.jsonl", OTHER, GOOD)])
    summary = jobs.extract(db)
    assert summary.counts["extracted"] == 1
    assert summary.failures == [("https://h.example/2", "RuntimeError: odd paragraph")]
    row = next(db.query("SELECT * FROM extraction_run WHERE status = 'failed'"))
    assert row["error"] == "RuntimeError: odd paragraph"
    assert counts(jobs.extract(db)) == {}, "the same code would fail again"
    monkeypatch.setattr(extract, "find", find)
    monkeypatch.setattr("jobs.extraction.code_version", lambda: "99")
    other = jobs.extract(db)
    assert other.counts["extracted"] == 1, "other code may not"
    assert other.counts["read_by_another_version"] == 1, "and what it has not read is told"


def test_other_languages_are_skipped_not_guessed(db, tmp_path, nlp, monkeypatch):
    monkeypatch.setattr(extract, "load", lambda: nlp)
    french = '{"id": "fr", "lang": "fr-CA", "text": "La mairesse a dit que 40 personnes sont venues."}'
    jobs.import_files(db, [write_lines(tmp_path / "a.jsonl", french)])
    assert counts(jobs.extract(db)) == {"skipped": 1}
    assert counts(jobs.extract(db)) == {}
    assert "'fr-CA'" in next(db["extraction_run"].rows)["error"]


def test_two_writers_do_not_meet(tmp_path):
    path = tmp_path / "t.db"
    with jobs.writing(path), pytest.raises(jobs.Busy, match="another On Record job"), jobs.writing(path):
        pass
    with jobs.writing(path) as db:
        assert db["article"].count == 0


def test_the_lock_of_a_killed_job_is_free(tmp_path):
    path = str(tmp_path / "t.db")
    code = f"import jobs, os, signal\nwith jobs.writing({path!r}): os.kill(os.getpid(), signal.SIGKILL)"
    done = subprocess.run([sys.executable, "-c", code])
    assert done.returncode == -signal.SIGKILL
    with jobs.writing(tmp_path / "t.db"):
        pass


def test_measures_name_every_key_that_figures_use():
    vocabulary = jobs.measures()
    assert vocabulary["asylum_claims"]["definition"]
    assert vocabulary["asylum_claims_share"]["label"].endswith("(share)")
    assert all(entry["label"] and entry["unit"] for entry in vocabulary.values())
