"""Fetching and importing: what comes into the database."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.common import (
    CannotRun,
    bar,
    db_option,
    due_option,
    example,
    finish,
    say,
    since_option,
    sources_of,
    sources_option,
    to_json,
    topic_of,
)

if TYPE_CHECKING:
    from jobs import Summary


@example("onrecord run --due --db newsroom.db\nonrecord run --demo")
@click.command()
@sources_option
@db_option
@due_option
@since_option
@click.option("--demo", is_flag=True, help="Read the invented demonstration newsroom instead, served on this machine.")
def run(sources: str, db_path: str, due: bool, since: Any, demo: bool) -> None:
    """The whole job: fetch the news, extract claims, figures and dates, and cross-check them."""
    import jobs

    entries = [] if demo else sources_of(sources)
    with jobs.writing(db_path) as db:
        scraped = jobs.demonstrate(db, progress=bar) if demo else _scrape(db, entries, due, since, "run")
        finish(
            Scraped=scraped,
            Extracted=jobs.extract(db, progress=bar),
            Linked=jobs.crosscheck(db, progress=bar),
        )


@example("onrecord scrape --due --sources sources.yml")
@click.command()
@sources_option
@db_option
@due_option
@since_option
def scrape(sources: str, db_path: str, due: bool, since: Any) -> None:
    """Fetch new and changed articles; `extract` and `crosscheck` do the rest."""
    import jobs

    entries = sources_of(sources)
    with jobs.writing(db_path) as db:
        finish(Scraped=_scrape(db, entries, due, since, "scrape"))


@example(
    "onrecord import archive.jsonl && onrecord extract && onrecord crosscheck\n"
    "onrecord import CC-NEWS-20240924081500-01234.warc.gz --topic immigration"
)
@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@sources_option
@click.option("--topic", metavar="NAME", help="WARC: take pages of any host on this topic of the sources file.")
@click.option("--listed", is_flag=True, help="WARC: take only pages of hosts that the sources file lists.")
@click.option("--host", "hosts", multiple=True, metavar="HOST", help="WARC: take only pages of this host; repeatable.")
@db_option
def import_(
    files: tuple[str, ...], sources: str, topic: str | None, listed: bool, hosts: tuple[str, ...], db_path: str
) -> None:
    """Load articles from archives: .jsonl, one JSON object a line with `text`, and `url` or `id`; .warc and .warc.gz,
    pages as they came, which are read like pages that are fetched."""
    import jobs

    wanted = topic or listed or (Path(sources).exists() and any(not name.endswith(".jsonl") for name in files))
    choice: dict[str, Any] = {"sources": sources_of(sources) if wanted else [], "hosts": hosts, "listed": listed}
    if topic:
        choice["topic"] = topic_of(sources, topic)
    with jobs.writing(db_path) as db:
        finish(Imported=jobs.import_files(db, files, **choice, progress=bar))


@example("onrecord runs --limit 5\nonrecord runs --json")
@click.command("runs")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="The newest runs only.")
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
@db_option
def past_runs(limit: int, as_json: bool, db_path: str) -> None:
    """Past runs: when, how long, what they found, which sources failed, which were killed."""
    import jobs
    from db import open_db, runs

    going_on = jobs.is_writing(db_path)
    for number, past in enumerate(runs.past(open_db(db_path, must_exist=True), limit)):
        state = "finished" if past.finished_at else "going on" if going_on and number == 0 else "killed"
        if as_json:
            click.echo(to_json({**asdict(past), "state": state}))
            continue
        counts = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in past.counts.items() if n) or "nothing"
        failed = "".join(f"\n     failed: {n} of {source}" for source, n in past.failures.items())
        click.echo(f"{past.id:>4} {past.started_at} {past.command}, {past.took or state}: {counts}{failed}")


@click.group()
def sources() -> None:
    """The outlets in sources.yml."""


@example(
    "onrecord sources add https://news.example --topic immigration\n"
    "onrecord sources add news.example --topic immigration --write"
)
@sources.command("add")
@click.argument("url")
@sources_option
@click.option("--topic", metavar="NAME", help="A topic of the file; without one, everything of the site is taken.")
@click.option("--name", help="Its key in the file; without one, made of the host.")
@click.option("--outlet", help="The name that readers see; without one, what the site calls itself.")
@click.option("--write", is_flag=True, help="Put the best one into the file.")
@click.option("--allow-private", is_flag=True, help="Private addresses and this machine as well.")
def sources_add(
    url: str, sources: str, topic: str | None, name: str | None, outlet: str | None, write: bool, allow_private: bool
) -> None:
    """Find the feeds and sitemaps of a site, try each, and print the best one as an entry for the sources file."""
    from scraper import Fetcher, Keywords, ScrapeError, seek
    from scraper.sources import add_entry

    known = sources_of(sources) if Path(sources).exists() else []
    keywords = topic_of(sources, topic) if topic else Keywords()
    name = name or seek.name_for(url)
    contact = next((source.contact for source in known if source.contact), None)
    try:
        with Fetcher(contact=contact) as fetcher:
            found = seek.seek(fetcher, url, name, keywords, allow_private=allow_private)
    except ScrapeError as error:
        raise CannotRun(str(error)) from error
    for one in found:
        say(f"{one.source.kind:8} {one.source.url}: {str(one.report).partition(': ')[2]}")
    best = replace(found[0].source, outlet=outlet or found[0].source.outlet)
    if listed := next((source for source in known if _plain(best.url) in map(_plain, source.urls)), None):
        raise CannotRun(f"{sources}: {best.url} is listed already, as {listed.name}")
    text = seek.entry(best, topic)
    click.echo(text, nl=False)
    if write:
        try:
            add_entry(sources, name, text)
        except ScrapeError as error:
            raise CannotRun(str(error)) from error
        say(f"{sources}: {name} added; look at it, and put your address into `contact` if none is there")


@example("onrecord sources check --sources sources.yml")
@sources.command("check")
@sources_option
@click.option("--all", "everything", is_flag=True, help="Sources that are switched off as well.")
def sources_check(sources: str, everything: bool) -> None:
    """Ask every source once: does it answer, with how many items, how many of them on the topic?"""
    from scraper import Fetcher, check
    from scraper.parallel import side_by_side

    entries = [source for source in sources_of(sources) if source.enabled or everything]
    bad = 0
    with Fetcher() as fetcher:
        asked = side_by_side([[source] for source in entries], lambda source: check(fetcher, source))
        for source, report in bar(asked, total=len(entries), desc="sources"):
            fine = not isinstance(report, Exception) and report.ok
            bad += not fine
            click.echo(f"{'ok  ' if fine else 'FAIL'} {report if not isinstance(report, Exception) else source.name}")
    say(f"{len(entries) - bad} of {len(entries)} sources answer")
    sys.exit(bool(bad))


def _scrape(db: Any, entries: list[Any], due: bool, since: Any, command: str) -> Summary:
    import jobs
    from scraper import Fetcher

    with Fetcher() as fetcher:
        day = since and since.date().isoformat()
        return jobs.scrape(db, entries, fetcher, due=due, since=day, command=command, progress=bar)


def _plain(url: str) -> str:
    """An address without what makes no other feed of it: http or https, a slash at the end."""
    from scraper.urls import normalise

    return normalise(url).partition("://")[2].rstrip("/")
