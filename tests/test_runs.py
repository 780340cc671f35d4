"""Past runs, alarms for falling yields, pauses that outlive a run, logs as JSON, and the schedules of the docs."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from http_host import Reply, fetcher, html, source
from loopback_site import serve_site, write_sources

import jobs
from db import runs
from db.alarms import low_yields, raise_new
from onrecord import main

NOW = datetime(2024, 9, 24, 12, tzinfo=UTC)
DOCS = Path(__file__).parents[1] / "docs" / "scheduling.md"


# Alarms


def history(db, *entries: tuple[float, str, str | None], name: str = "ledger", items: int | None = None) -> None:
    """Requests of a source: (days ago, outcome, error), each of a page of its own."""
    source_id = runs.save_source(db, name, name.title(), "feed", "https://l.example/feed", "en")
    for n, (days, outcome, error) in enumerate(entries):
        at = (NOW - timedelta(days=days)).isoformat(timespec="seconds")
        url = f"https://l.example/{name}/{n}-{days}"
        runs.record_fetch(db, url, outcome, error=error, source_id=source_id, at=at, items=items)


def daily(first: float, last: float, each: int, outcome: str = "new", error: str | None = None) -> list[tuple]:
    return [(day - n / 100, outcome, error) for day in range(int(first), int(last), -1) for n in range(each)]


NO_BODY = "NoBody: no paragraph of running text on it"


@pytest.mark.parametrize(
    ("entries", "kinds", "why"),
    [
        (daily(30, 0, 2), [], "as ever"),
        (daily(30, 4, 2), ["silent"], "two a day for four weeks, then nothing"),
        ([*daily(30, 4, 2), (1, "new", None)], ["silent"], "one is too few as well"),
        ([*daily(30, 4, 2), *daily(3, 0, 1)], [], "half is a quiet week"),
        (daily(30, 4, 2)[::8], [], "who prints little may print nothing for three days"),
        (daily(6, 4, 5), [], "a source that is read for a week has no usual"),
        ([*daily(30, 0, 2), *daily(3, 0, 3, "failed", NO_BODY)], ["unreadable"], "pages came, no articles in them"),
        ([*daily(30, 0, 2), *daily(3, 0, 3, "failed", "Unreachable: no connection")], [], "no redesign, an outage"),
        (daily(30, 0, 2, "failed", NO_BODY), [], "it was always so"),
        (daily(2, 0, 3, "failed", NO_BODY), ["unreadable"], "a new source of which nothing can be read"),
        ([(1, "failed", NO_BODY)], [], "one page tells nothing"),
        ([], [], "nothing was ever asked"),
    ],
)
def test_a_yield_that_falls_is_an_alarm(db, entries, kinds, why):
    history(db, *entries)
    assert [alarm.kind for alarm in low_yields(db, NOW)] == kinds, why


@pytest.mark.parametrize(
    ("counts", "alarmed", "why"),
    [
        ([10, 12, 9, 0], True, "a list that announces nothing any more"),
        ([10, 12, 9, 11], False, "as ever"),
        ([1, 0, 1, 0], False, "who announces little may announce nothing"),
        ([10, 0], False, "not long enough"),
        ([10, 12, None, 9, None, 0], True, "answers of 304 say nothing"),
    ],
)
def test_a_list_that_runs_empty_is_an_alarm(db, counts, alarmed, why):
    for n, items in enumerate(counts):
        history(db, (20 - n, "listed", None), items=items)
    assert ([alarm.kind for alarm in low_yields(db, NOW)] == ["empty"]) is alarmed, why


def test_an_alarm_is_raised_once_a_day_and_says_what_to_do(db):
    history(db, *daily(30, 4, 2))
    alarms = low_yields(db, NOW)
    assert "0 new articles in 3 days, usually 6: was it redesigned? run `onrecord sources check`" in alarms[0].message
    assert [len(raise_new(db, alarms, NOW + timedelta(hours=n))) for n in (0, 1, 23, 25)] == [1, 0, 0, 1]


def test_a_redesign_ends_the_run_with_an_alarm(db, served):
    paths = [f"/s{n}" for n in range(6)]
    for path in paths:
        served.routes[path] = html("<html><body><div id=app></div></body></html>")
    with fetcher(served) as asking:
        summary = jobs.scrape(db, [source(urls=tuple(served.base + path for path in paths))], asking)
    assert len(summary.alarms) == 1 and "6 of the 6 pages" in summary.alarms[0]
    assert "pages read" in db.execute("SELECT message FROM alarm").fetchone()[0]


# Pauses


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_pause_that_a_host_asks_for_outlives_the_run(db, served, form):
    later = "3600" if form == "seconds" else "Mon, 06 Jan 2025 13:00:00 GMT"
    served.routes["/a"] = Reply(b"later", 429, {"Retry-After": later})
    served.routes["/b"] = html("<p>never asked for in between</p>")
    pages = source(urls=(served.base + "/a", served.base + "/b"))

    def scrape(minutes: float) -> list[str]:
        served.clock.passed, before = 60 * minutes, len(served.paths())
        with fetcher(served) as asking:
            jobs.scrape(db, [pages], asking)
        return served.paths()[before:]

    assert scrape(0) == ["/a"], "the host's other page is left alone too"
    assert scrape(30) == [], "by the next run as well"
    served.routes["/a"] = html("<p>there again</p>")
    assert scrape(61) == ["/a", "/b"], "then both are asked for"
    assert not [pause for pause in served.clock.slept if pause > 60], "never slept through"


@pytest.mark.parametrize(("delay", "asked"), [("0", 3), ("300", 3)])
def test_robots_txt_is_asked_for_once_a_day_and_its_delay_holds_between_runs(db, served, delay, asked):
    """Runs ten minutes apart for a day: a host that wants five minutes between requests is read all the same."""
    served.routes |= {
        "/robots.txt": Reply(f"User-agent: *\nCrawl-delay: {delay}".encode(), headers={}),
        **{f"/s{n}": html(PAGE.format(n)) for n in range(3)},
    }
    pages = source(urls=tuple(f"{served.base}/s{n}" for n in range(3)))
    for _ in range(6 * 23):
        with fetcher(served) as asking:
            jobs.scrape(db, [pages], asking, due=True)
        served.clock.passed += 600
    robots = [request for request in served.log if request.path == "/robots.txt"]
    assert len(robots) == 1
    assert db["article"].count == asked
    gaps = [later.at - sooner.at for sooner, later in zip(served.log, served.log[1:], strict=False)]
    assert min(gaps) >= float(delay)
    assert db.execute("SELECT count(*) FROM fetch WHERE outcome = 'failed'").fetchone() == (0,)


PAGE = (
    "<title>Story {0}</title><article><h1>Story {0}</h1><p>Some {0}0 people who had asked for asylum waited, the town "
    "said on Monday.</p><p>The ferry had not come since Friday, and nobody could say when it would.</p></article>"
)


# The command


def test_past_runs_are_told_with_what_failed_and_what_was_killed(db, tmp_path):
    path = str(tmp_path / "onrecord.db")
    first = runs.start_run(db, "run", at="2024-09-24T08:00:00+00:00")
    source_id = runs.save_source(db, "ledger", "Ledger", "feed", "https://l.example/feed", "en")
    runs.record_fetch(db, "https://l.example/a", "failed", error="NotFound: x", run_id=first, source_id=source_id)
    runs.finish_run(db, first, {"discovered": 4, "new": 3, "failed": 1}, at="2024-09-24T08:02:30+00:00")
    runs.start_run(db, "scrape", at="2024-09-24T09:00:00+00:00")
    db.conn.commit()
    told = CliRunner().invoke(main, ["runs", "--db", path])
    assert told.exit_code == 0
    killed, whole, failed = told.output.splitlines()
    assert killed.strip() == "2 2024-09-24T09:00:00+00:00 scrape, killed: nothing"
    assert whole.strip() == "1 2024-09-24T08:00:00+00:00 run, 0:02:30: 4 discovered, 3 new, 1 failed"
    assert failed.strip() == "failed: 1 of ledger"
    with jobs.writing(path):
        going_on = CliRunner().invoke(main, ["runs", "--db", path, "--json", "--limit", "1"])
    assert json.loads(going_on.output)["state"] == "going on"


@pytest.mark.enable_socket
def test_log_json_is_a_line_of_json_for_every_request_and_message(tmp_path):
    with serve_site() as site:
        site.article("/a", "Asylum shelter asks for winter money")
        site.feed({"/a": ("Asylum shelter asks for winter money", "About asylum."), "/no": ("Asylum no", "asylum")})
        sources = write_sources(tmp_path / "sources.yml", herald=f"{site.base}/feed.xml")
        arguments = ["--log-json", "scrape", "--sources", str(sources), "--db", str(tmp_path / "o.db")]
        command = [sys.executable, "-m", "onrecord", *arguments]
        found = subprocess.run(command, capture_output=True, text=True, cwd=DOCS.parents[1], check=False)
    assert found.returncode == 1
    lines = [json.loads(line) for line in found.stderr.splitlines()]
    assert all({"ts", "level", "logger", "event"} <= set(line) for line in lines)
    asked = {line["url"].removeprefix(site.base): line for line in lines if line["logger"] == "jobs.scraping"}
    assert asked["/a"]["outcome"] == "new" and asked["/a"]["source"] == "herald" and asked["/a"]["status"] == 200
    assert asked["/no"]["outcome"] == "failed" and asked["/no"]["status"] == 404
    assert lines[-2]["counts"]["new"] == 1
    assert lines[-1]["level"] == "error" and lines[-1]["url"] == f"{site.base}/no"


# The schedules that the docs show


def snippets(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)


def commands(text: str) -> list[list[str]]:
    """The arguments of each `onrecord` in a snippet."""
    found = re.findall(r"(?:^|/|\s)onrecord((?: (?!\||&&|;|2>)\S+)+)", text, re.M)
    return [shlex.split(line) for line in found]


def test_the_cron_line_has_five_fields_and_a_command_that_exists():
    lines = [line for text in snippets("cron") for line in text.splitlines() if line and not line.startswith("#")]
    assert lines
    for line in lines:
        assert all(re.fullmatch(r"[\d*/,-]+", field) for field in line.split()[:5])


def test_systemd_units_are_well_formed():
    units = snippets("ini")
    assert len(units) >= 2
    for text in units:
        parsed = configparser.ConfigParser(strict=False)
        parsed.optionxform = str
        parsed.read_string(text)
        assert parsed.sections()


def test_the_ci_schedule_is_a_workflow():
    (text,) = snippets("yaml")
    workflow = yaml.safe_load(text)
    assert workflow[True]["schedule"] and workflow["jobs"], "YAML reads `on` as true"


def test_every_command_of_the_docs_exists():
    found = [arguments for text in snippets("[a-z]*") for arguments in commands(text)]
    assert len(found) >= 4
    for arguments in found:
        arguments = [word for word in arguments if word != "--log-json"]
        told = CliRunner().invoke(main, [arguments[0], "--help"])
        assert told.exit_code == 0, arguments
        for option in (word.partition("=")[0] for word in arguments[1:] if word.startswith("--")):
            assert option in told.output, arguments
