"""Giving it away: the site, releases, tables, copies, and whether the database is sound."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import click

from commands.common import CannotRun, bar, db_option, example, say, version

ROOT = Path(__file__).parents[1]
TABLES = ("claims", "figures", "dates", "links", "facts")


@example("onrecord serve --port 8001\nonrecord serve --published /srv/onrecord --port 8001")
@click.command()
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
    say(f"Serving {release if published else db_path} at http://{host}:{port} (stop with Ctrl-C)")
    cli.main(args=arguments, prog_name="datasette", standalone_mode=False)


@example("onrecord publish /srv/onrecord --db newsroom.db\nonrecord serve --published /srv/onrecord")
@click.command()
@click.argument("target", metavar="DIR", type=click.Path(file_okay=False))
@click.option("--keep", type=click.IntRange(1), default=3, show_default=True, help="Releases that stay in DIR.")
@click.option("--with-pages", is_flag=True, help="Leave in the raw pages and the record of requests.")
@db_option
def publish(target: str, keep: int, with_pages: bool, db_path: str) -> None:
    """Make a checked snapshot for the public web in DIR, with its downloads, and swap it in as the current release."""
    from db import open_db
    from db.publish import publish

    release = publish(
        open_db(db_path, must_exist=True), target, version=version(), keep=keep, with_pages=with_pages, progress=bar
    )
    counts = ", ".join(f"{rows} {table}" for table, rows in release.rows.items())
    say(f"{target}: release {release.folder}, {release.bytes} bytes: {counts}")
    say(f"Serve it, immutable, with: onrecord serve --published {target}")


@example(
    "onrecord export facts --since 2024-09-01 --out facts.csv\nonrecord export links --label conflicting_figure\n"
    "onrecord export pages --warc pages.warc.gz --since 2024-09-01"
)
@click.command()
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
    more: dict[str, Any] = {"fmt": fmt, "filters": wanted, "version": version(), "bom": bom}
    if out is None:
        export(db, table, sys.stdout.buffer, **more)
        return
    try:
        manifest = export_file(db, table, out, **more)
    except OSError as error:
        raise CannotRun(f"{out}: cannot be written ({error.strerror}); choose another file with --out") from error
    say(f"{out}: {manifest.rows} rows, {manifest.bytes} bytes, SHA-256 {manifest.sha256}")


def _export_pages(path: str, db_path: str, filters: dict[str, Any]) -> None:
    import jobs
    from db import open_db

    given = {name: value for name, value in filters.items() if value}
    if unknown := sorted(set(given) - {"outlet", "since", "until"}):
        raise click.UsageError(f"pages cannot be filtered by --{unknown[0]}; only by --outlet, --since and --until.")
    db = open_db(db_path, must_exist=True)
    try:
        summary = jobs.export_pages(db, path, f"onrecord {version()}", **given, progress=bar)
    except OSError as error:
        raise CannotRun(f"{path}: cannot be written ({error.strerror}); choose another file with --warc") from error
    say(f"{path}: {summary.counts['pages']} pages; {summary.counts['without_page']} versions came without one")


@example("onrecord doctor --db newsroom.db")
@click.command()
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
@click.command()
@click.argument("target", type=click.Path())
@db_option
def backup(target: str, db_path: str) -> None:
    """Copy the database to the new file TARGET while others go on using it. Never overwrites."""
    from db import open_db
    from db.doctor import backup as copy

    size = copy(open_db(db_path, must_exist=True), target)
    say(f"{target}: {size} bytes")


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotRun(f"{host}:{port} cannot be served ({error.strerror}); choose another --port") from error
