"""On Record on the command line. Each command is a few lines over one plain function.

Results go to standard output, messages to standard error. Exit 0: all went well; 1: some items failed, each named;
2: the command could not run.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import socket
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from jobs import Summary

ROOT = Path(__file__).parent
TABLES = ("claims", "figures", "dates", "links", "facts")
CORPORA = {
    "attribution": "extract.evaluate.attribution",
    "articles": "extract.evaluate.articles",
    "figures": "extract.evaluate.figures",
    "dates": "extract.evaluate.dates",
    "crosscheck": "db.crosscheck.evaluate",
}


class CannotRun(click.ClickException):
    """The command could not run at all."""

    exit_code = 2


class _Commands(click.Group):
    """Turns the errors that stop a command into one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        from db import DatabaseError
        from db.decisions import BadDecision
        from db.doctor import BackupError
        from db.export import BadFilter
        from db.publish import PublishError

        try:
            return super().invoke(ctx)
        except (DatabaseError, BackupError, BadFilter, PublishError, BadDecision) as error:
            raise CannotRun(str(error)) from error
        except sqlite3.Error as error:
            raise CannotRun(
                f"the database failed: {error}; see that the disk has room, and examine it with `onrecord doctor`"
            ) from error
        except BrokenPipeError:
            # The reader of our output has seen enough. Python would complain once more when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


def example(text: str) -> Callable[[Any], Any]:
    """Put an example below a command's help."""

    def add(command: click.Command) -> click.Command:
        command.epilog = "\b\nExample:\n" + "\n".join(f"  {line}" for line in text.splitlines())
        return command

    return add


db_option = click.option(
    "--db", "db_path", default="onrecord.db", show_default=True, metavar="FILE", help="The database."
)
sources_option = click.option(
    "--sources", default="sources.yml", show_default=True, metavar="FILE", help="Which outlets to read."
)
since_option = click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Only what was published on this day or later."
)
due_option = click.option("--due", is_flag=True, help="Only what is due: leave alone what was put off until later.")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-v", "--verbose", count=True, help="Say more; -vv says all.")
@click.option("--log-json", is_flag=True, help="Messages as JSON, one object a line, with every request.")
@click.version_option(package_name="onrecord")
def main(verbose: int, log_json: bool) -> None:
    """Who said what, every figure and every date in immigration news, side by side across sources."""
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=level, format="%(name)s: %(message)s", stream=sys.stderr)
    if log_json:
        from logs import JsonLines

        root = logging.getLogger()
        root.setLevel(min(level, logging.INFO))
        root.handlers[0].setFormatter(JsonLines())
        for name in ("trafilatura", "htmldate", "charset_normalizer"):  # they talk about every page
            logging.getLogger(name).setLevel(logging.ERROR)


@example("onrecord run --due --db newsroom.db\nonrecord run --demo")
@main.command()
@sources_option
@db_option
@due_option
@since_option
@click.option("--demo", is_flag=True, help="Read the invented demonstration newsroom instead, served on this machine.")
def run(sources: str, db_path: str, due: bool, since: Any, demo: bool) -> None:
    """The whole job: fetch the news, extract claims, figures and dates, and cross-check them."""
    import jobs

    entries = [] if demo else _sources(sources)
    with jobs.writing(db_path) as db:
        scraped = jobs.demonstrate(db, progress=bar) if demo else _scrape(db, entries, due, since, "run")
        _finish(
            Scraped=scraped,
            Extracted=jobs.extract(db, progress=bar),
            Linked=jobs.crosscheck(db, progress=bar),
        )


@example("onrecord scrape --due --sources sources.yml")
@main.command()
@sources_option
@db_option
@due_option
@since_option
def scrape(sources: str, db_path: str, due: bool, since: Any) -> None:
    """Fetch new and changed articles; `extract` and `crosscheck` do the rest."""
    import jobs

    entries = _sources(sources)
    with jobs.writing(db_path) as db:
        _finish(Scraped=_scrape(db, entries, due, since, "scrape"))


@example(
    "onrecord import archive.jsonl && onrecord extract && onrecord crosscheck\n"
    "onrecord import CC-NEWS-20240924081500-01234.warc.gz --topic immigration"
)
@main.command("import")
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
    choice: dict[str, Any] = {"sources": _sources(sources) if wanted else [], "hosts": hosts, "listed": listed}
    if topic:
        choice["topic"] = _topic(sources, topic)
    with jobs.writing(db_path) as db:
        _finish(Imported=jobs.import_files(db, files, **choice, progress=bar))


@example("onrecord read saved-page.html --json\nonrecord read https://news.example/story")
@main.command()
@click.argument("pages", nargs=-1, required=True, metavar="PAGE|URL...")
@click.option("--json", "as_json", is_flag=True, help="The article object, one a line.")
@click.option("--left-out", is_flag=True, help="Name the paragraphs that are left out, with the reason, as messages.")
@click.option("--allow-private", is_flag=True, help="Fetch from private addresses and this machine as well.")
def read(pages: tuple[str, ...], as_json: bool, left_out: bool, allow_private: bool) -> None:
    """The article of each saved page or URL. No database."""
    from documents import read_pages
    from jobs import Summary

    summary = Summary()
    for article in read_pages(pages, summary, allow_private=allow_private):
        click.echo(_json(article.as_dict()) if as_json else f"{article.title or ''}\n\n{article.text}\n".lstrip())
        for reason, line in article.left_out if left_out else ():
            _say(f"left out, {reason}: {line}")
    _exit_on(summary)


@example(
    "onrecord extract article.txt --json --published 2024-09-24\nonrecord extract --db newsroom.db\n"
    "onrecord extract archive.jsonl --json --workers 4"
)
@main.command()
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each article; needs PATHs.")
@click.option("--published", metavar="DATE", help="Day of publication of articles that state none (ISO 8601).")
@click.option("--again", is_flag=True, help="Extract every version in the database anew.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, metavar="N",
              help="Processes that read articles side by side, each with one core and up to 700 MB.")  # fmt: skip
@db_option
def extract(
    paths: tuple[str, ...], as_json: bool, published: str | None, again: bool, workers: int, db_path: str
) -> None:
    """Claims, figures and dates of text files, saved pages (.html) and article objects (.jsonl), without a database;
    without PATHs, of every version in the database that waits for it."""
    import jobs
    from documents import extract_files

    if bool(paths) != as_json:
        raise click.UsageError("PATHs go with --json; without both, the database's versions are extracted.")
    if paths:
        summary = jobs.Summary()
        for found in extract_files(paths, summary, published=_day(published), workers=workers, progress=bar):
            click.echo(_json(found))
        _exit_on(summary)
        return
    with jobs.writing(db_path, must_exist=True) as db:
        _finish(Extracted=jobs.extract(db, again=again, workers=workers, progress=bar))


@example("onrecord crosscheck --db newsroom.db")
@main.command()
@db_option
def crosscheck(db_path: str) -> None:
    """Find the links between claims and figures of different sources."""
    import jobs

    with jobs.writing(db_path, must_exist=True) as db:
        _finish(Linked=jobs.crosscheck(db, progress=bar))


@example("onrecord serve --port 8001\nonrecord serve --published /srv/onrecord --port 8001")
@main.command()
@db_option
@click.option("--published", metavar="DIR", help="Serve the current release in DIR (see `onrecord publish`) instead.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option("--metadata", default=str(ROOT / "metadata.yml"), type=click.Path(), help="What the pages say.")
def serve(db_path: str, published: str | None, port: int, host: str, metadata: str) -> None:
    """Publish the database with Datasette: search, article pages, comparisons. Reads only."""
    from datasette.cli import cli

    from db import open_db
    from db.publish import NAME, current
    from db.site.settings import datasette_arguments

    if published:
        release = current(published)
        arguments = datasette_arguments(release / NAME, metadata, host, port, release / "inspect.json")
    else:
        open_db(db_path, must_exist=True).close()
        arguments = datasette_arguments(db_path, metadata, host, port)
    _check_free(host, port)
    _say(f"Serving {release if published else db_path} at http://{host}:{port} (stop with Ctrl-C)")
    cli.main(args=arguments, prog_name="datasette", standalone_mode=False)


@example("onrecord publish /srv/onrecord --db newsroom.db\nonrecord serve --published /srv/onrecord")
@main.command()
@click.argument("target", metavar="DIR", type=click.Path(file_okay=False))
@click.option("--keep", type=click.IntRange(1), default=3, show_default=True, help="Releases that stay in DIR.")
@click.option("--with-pages", is_flag=True, help="Leave in the raw pages and the record of requests.")
@db_option
def publish(target: str, keep: int, with_pages: bool, db_path: str) -> None:
    """Make a checked snapshot for the public web in DIR, with its downloads, and swap it in as the current release."""
    from db import open_db
    from db.publish import publish

    release = publish(
        open_db(db_path, must_exist=True), target, version=_version(), keep=keep, with_pages=with_pages, progress=bar
    )
    counts = ", ".join(f"{rows} {table}" for table, rows in release.rows.items())
    _say(f"{target}: release {release.folder}, {release.bytes} bytes: {counts}")
    _say(f"Serve it, immutable, with: onrecord serve --published {target}")


@example(
    "onrecord export facts --since 2024-09-01 --out facts.csv\nonrecord export links --label conflicting_figure\n"
    "onrecord export pages --warc pages.warc.gz --since 2024-09-01"
)
@main.command()
@click.argument("table", type=click.Choice((*TABLES, "pages")))
@click.option("--warc", type=click.Path(dir_okay=False), metavar="FILE",
              help="pages: write them there, .warc.gz or .warc.")  # fmt: skip
@click.option("--format", "fmt", type=click.Choice(["csv", "json"]), default="csv", show_default=True,
              help="json: one object a line.")  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False), help="Write there, with a manifest beside it; else to stdout.")
@click.option("--bom", is_flag=True, help="Begin with a byte order mark, for spreadsheets that need one.")
@click.option("--speaker", help="Whole words of a speaker's name.")
@click.option("--outlet", help="An outlet's name.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Published on this day or later.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Published on this day or before.")
@click.option("--measure", help="A measure's key.")
@click.option("--label", help="A link's label.")
@db_option
def export(table: str, warc: str | None, fmt: Any, out: str | None, bom: bool, db_path: str, **filters: Any) -> None:
    """A table as CSV (formulas defused) or JSON Lines; or the pages as they came, as a WARC file."""
    from db import open_db
    from db.export import Filters, export, export_file

    days = {name: filters[name] and filters[name].date().isoformat() for name in ("since", "until")}
    if (table == "pages") != bool(warc):
        raise click.UsageError("pages go with --warc FILE, and tables without it.")
    if warc:
        _export_pages(warc, db_path, {**filters, **days})
        return
    db = open_db(db_path, must_exist=True)
    wanted = Filters(**{**filters, **days})
    more: dict[str, Any] = {"fmt": fmt, "filters": wanted, "version": _version(), "bom": bom}
    if out is None:
        export(db, table, sys.stdout.buffer, **more)
        return
    try:
        manifest = export_file(db, table, out, **more)
    except OSError as error:
        raise CannotRun(f"{out}: cannot be written ({error.strerror}); choose another file with --out") from error
    _say(f"{out}: {manifest.rows} rows, {manifest.bytes} bytes, SHA-256 {manifest.sha256}")


def _export_pages(path: str, db_path: str, filters: dict[str, Any]) -> None:
    import jobs
    from db import open_db

    given = {name: value for name, value in filters.items() if value}
    if unknown := sorted(set(given) - {"outlet", "since", "until"}):
        raise click.UsageError(f"pages cannot be filtered by --{unknown[0]}; only by --outlet, --since and --until.")
    db = open_db(db_path, must_exist=True)
    try:
        summary = jobs.export_pages(db, path, f"onrecord {_version()}", **given, progress=bar)
    except OSError as error:
        raise CannotRun(f"{path}: cannot be written ({error.strerror}); choose another file with --warc") from error
    _say(f"{path}: {summary.counts['pages']} pages; {summary.counts['without_page']} versions came without one")


@main.group()
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

    known = _sources(sources) if Path(sources).exists() else []
    keywords = _topic(sources, topic) if topic else Keywords()
    name = name or seek.name_for(url)
    contact = next((source.contact for source in known if source.contact), None)
    try:
        with Fetcher(contact=contact) as fetcher:
            found = seek.seek(fetcher, url, name, keywords, allow_private=allow_private)
    except ScrapeError as error:
        raise CannotRun(str(error)) from error
    for one in found:
        _say(f"{one.source.kind:8} {one.source.url}: {str(one.report).partition(': ')[2]}")
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
        _say(f"{sources}: {name} added; look at it, and put your address into `contact` if none is there")


@example("onrecord sources check --sources sources.yml")
@sources.command("check")
@sources_option
@click.option("--all", "everything", is_flag=True, help="Sources that are switched off as well.")
def sources_check(sources: str, everything: bool) -> None:
    """Ask every source once: does it answer, with how many items, how many of them on the topic?"""
    from scraper import Fetcher, check
    from scraper.parallel import side_by_side

    entries = [source for source in _sources(sources) if source.enabled or everything]
    bad = 0
    with Fetcher() as fetcher:
        asked = side_by_side([[source] for source in entries], lambda source: check(fetcher, source))
        for source, report in bar(asked, total=len(entries), desc="sources"):
            fine = not isinstance(report, Exception) and report.ok
            bad += not fine
            click.echo(f"{'ok  ' if fine else 'FAIL'} {report if not isinstance(report, Exception) else source.name}")
    _say(f"{len(entries) - bad} of {len(entries)} sources answer")
    sys.exit(bool(bad))


@example("onrecord runs --limit 5\nonrecord runs --json")
@main.command("runs")
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
            click.echo(_json({**asdict(past), "state": state}))
            continue
        counts = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in past.counts.items() if n) or "nothing"
        failed = "".join(f"\n     failed: {n} of {source}" for source, n in past.failures.items())
        click.echo(f"{past.id:>4} {past.started_at} {past.command}, {past.took or state}: {counts}{failed}")


@main.group()
def links() -> None:
    """Links between sources that a person has judged."""


because_option = click.option("--because", metavar="TEXT", help="Why, for whoever asks later.")


@example('onrecord links reject 0f71426c --because "other programme"')
@links.command("reject")
@click.argument("link", metavar="ID")
@because_option
@db_option
def links_reject(link: str, because: str | None, db_path: str) -> None:
    """Take a link out for good; ID is in the address of its page, its beginning is enough. Counts follow at the next
    cross-check."""
    import jobs
    from db.decisions import reject_link

    with jobs.writing(db_path, must_exist=True) as db:
        decision = reject_link(db, link, because)
    _say(f"rejected {decision.key}, {decision.value}")


@example("onrecord links restore 0f71426c && onrecord crosscheck")
@links.command("restore")
@click.argument("link", metavar="ID")
@db_option
def links_restore(link: str, db_path: str) -> None:
    """Take a rejection back; the next cross-check finds the link again."""
    import jobs
    from db.decisions import restore_link

    with jobs.writing(db_path, must_exist=True) as db:
        restore_link(db, link)


@example("onrecord links list")
@links.command("list")
@db_option
def links_list(db_path: str) -> None:
    """The links that were rejected, with the reasons."""
    from db.decisions import REJECTED

    _list_decisions(db_path, REJECTED)


@main.group()
def speakers() -> None:
    """Speakers that a person has told apart or put together."""


@example('onrecord speakers merge "M. Quill" "Mara Quill-Oake" --into "Mara Quill"')
@speakers.command("merge")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--into", required=True, metavar="NAME", help="The name that they all have from now on.")
@because_option
@db_option
def speakers_merge(names: tuple[str, ...], into: str, because: str | None, db_path: str) -> None:
    """Make several names one person, in what is stored and in whatever is extracted later."""
    import jobs
    from db.decisions import merge_speakers

    with jobs.writing(db_path, must_exist=True) as db:
        changed = merge_speakers(db, names, into, because)
    _say(f"{changed} claims and figures are {into}'s now; run `onrecord crosscheck`")


@example('onrecord speakers split "Ned Oake" --as "Ned Oake (mayor)" --article b71f3f88ce38c168')
@speakers.command("split")
@click.argument("name")
@click.option("--as", "new", required=True, metavar="NAME", help="The other person's name.")
@click.option("--article", "articles", multiple=True, required=True, metavar="ID",
              help="Article in which it is the other person, as in the address of its page; repeatable.")  # fmt: skip
@because_option
@db_option
def speakers_split(name: str, new: str, articles: tuple[str, ...], because: str | None, db_path: str) -> None:
    """Tell two people of one name apart, by the articles in which it is the other one."""
    import jobs
    from db.decisions import split_speaker

    with jobs.writing(db_path, must_exist=True) as db:
        changed = split_speaker(db, name, new, articles, because)
    _say(f"{changed} claims and figures are {new}'s now; run `onrecord crosscheck`")


@example("onrecord speakers list")
@speakers.command("list")
@db_option
def speakers_list(db_path: str) -> None:
    """The names that were merged and split, with the reasons."""
    from db.decisions import MERGED, SPLIT

    _list_decisions(db_path, MERGED, SPLIT)


@example("onrecord doctor --db newsroom.db")
@main.command()
@db_option
def doctor(db_path: str) -> None:
    """Is the database sound: the file, the references, the search indexes, the offsets?"""
    from db import open_db
    from db.doctor import examine

    bad = 0
    for result in examine(open_db(db_path, must_exist=True)):
        bad += len(result.problems)
        click.echo(f"{'FAIL' if result.problems else 'ok  '} {result.name}")
        for problem in result.problems:
            click.echo(f"     {problem}")
    sys.exit(bool(bad))


@example("onrecord backup copies/2024-09-24.db")
@main.command()
@click.argument("target", type=click.Path())
@db_option
def backup(target: str, db_path: str) -> None:
    """Copy the database to the new file TARGET while others go on using it. Never overwrites."""
    from db import open_db
    from db.doctor import backup as copy

    size = copy(open_db(db_path, must_exist=True), target)
    _say(f"{target}: {size} bytes")


@example("onrecord evaluate articles ../shared/articles\nonrecord evaluate dates ../shared/data/dates --json")
@main.command()
@click.argument("kind", type=click.Choice(tuple(CORPORA)))
@click.argument("corpus", type=click.Path(exists=True))
@click.option("--json", "as_json", is_flag=True, help="All scores as JSON.")
@click.option("--limit", type=click.IntRange(1), help="Judge the first texts only.")
@click.option("--own", is_flag=True, help="For crosscheck: between claims and figures we find, not the gold ones.")
def evaluate(kind: str, corpus: str, as_json: bool, limit: int | None, own: bool) -> None:
    """Precision, recall and F against an annotated corpus."""
    judge = importlib.import_module(CORPORA[kind])
    nlp: Any = None
    if kind != "crosscheck" or own:
        from extract import load

        nlp = load()
    if kind == "crosscheck" and own:
        from jobs import extractor

        nlp = extractor(nlp)
    try:
        result = judge.evaluate(nlp, corpus, limit=limit)
    except OSError as error:
        raise CannotRun(f"{error.filename or corpus}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CannotRun(f"{corpus}: not a corpus for {kind} ({type(error).__name__}: {error})") from error
    click.echo(json.dumps(result, ensure_ascii=False, indent=2) if as_json else judge.table(result))


def bar(things: Any, **more: Any) -> Any:
    """A progress bar on standard error; nothing at all where that is no terminal."""
    from tqdm import tqdm

    return tqdm(things, disable=None, leave=False, dynamic_ncols=True, **more)


def _sources(path: str) -> list[Any]:
    from scraper import SourcesError, load_sources

    try:
        return load_sources(path)
    except SourcesError as error:
        raise CannotRun(str(error)) from error


def _plain(url: str) -> str:
    """An address without what makes no other feed of it: http or https, a slash at the end."""
    from scraper.urls import normalise

    return normalise(url).partition("://")[2].rstrip("/")


def _list_decisions(db_path: str, *kinds: str) -> None:
    from db import open_db
    from db.decisions import decisions

    db = open_db(db_path, must_exist=True)
    for decision in (one for kind in kinds for one in decisions(db, kind)):
        key = decision.key.replace("\t", " in article ")
        why = f" ({decision.because})" if decision.because else ""
        click.echo(f"{decision.at} {decision.kind.replace('_', ' ')}: {key} → {decision.value}{why}")


def _topic(path: str, name: str) -> Any:
    from scraper import SourcesError
    from scraper.sources import load_topics

    try:
        topics = load_topics(path)
    except SourcesError as error:
        raise CannotRun(str(error)) from error
    if name not in topics:
        raise CannotRun(f"{path}: has no topic {name!r} under `topics`; there are {', '.join(topics) or 'none'}")
    return topics[name]


def _scrape(db: Any, entries: list[Any], due: bool, since: Any, command: str) -> Summary:
    import jobs
    from scraper import Fetcher

    with Fetcher() as fetcher:
        day = since and since.date().isoformat()
        return jobs.scrape(db, entries, fetcher, due=due, since=day, command=command, progress=bar)


def _finish(**parts: Summary) -> None:
    """Say what each job did, then name what failed; exit 1 when anything did."""
    from jobs import Summary

    total = Summary()
    for name, summary in parts.items():
        _say(f"{name}: {summary}", counts=dict(summary.counts))
        total.add(summary)
    _exit_on(total)


def _exit_on(summary: Summary) -> None:
    """Name what failed; exit 1 when anything did."""
    for what, why in summary.failures:
        _say(f"failed: {what}: {why}", logging.ERROR, url=what, reason=why)
    for alarm in summary.alarms:
        _say(f"alarm: {alarm}", logging.ERROR)
    if summary.failures or summary.alarms:
        sys.exit(1)


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotRun(f"{host}:{port} cannot be served ({error.strerror}); choose another --port") from error


def _version() -> str:
    from importlib.metadata import version

    return version("onrecord")


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


def _day(published: str | None) -> str | None:
    """`--published` checked: an ISO 8601 day or instant."""
    from datetime import datetime

    try:
        datetime.fromisoformat(published or "2000-01-01")
    except ValueError as error:
        raise click.BadParameter(f"{published!r} is not ISO 8601; write 2024-09-24", param_hint="published") from error
    return published


def _say(message: str, level: int = logging.INFO, **about: Any) -> None:
    """A message to whoever runs the command; with --log-json it is a line of the log, with what it is about."""
    if (click.get_current_context().find_root().params or {}).get("log_json"):
        logging.getLogger("onrecord").log(level, message, extra=about)
    else:
        click.echo(message, err=True)


if __name__ == "__main__":
    main()
