"""Reading, extracting, cross-checking and judging how well that goes."""

from __future__ import annotations

import importlib
import json
from typing import Any

import click

from commands.common import CannotRun, bar, db_option, example, exit_on, finish, say, to_json

CORPORA = {
    "attribution": "extract.evaluate.attribution",
    "articles": "extract.evaluate.articles",
    "figures": "extract.evaluate.figures",
    "dates": "extract.evaluate.dates",
    "crosscheck": "db.crosscheck.evaluate",
}


@example("onrecord read saved-page.html --json\nonrecord read https://news.example/story")
@click.command()
@click.argument("pages", nargs=-1, required=True, metavar="PAGE|URL...")
@click.option("--json", "as_json", is_flag=True, help="The article object, one a line.")
@click.option("--left-out", is_flag=True, help="Name the paragraphs that are left out, with the reason, as messages.")
@click.option("--allow-private", is_flag=True, help="Fetch from private addresses and this machine as well.")
def read(pages: tuple[str, ...], as_json: bool, left_out: bool, allow_private: bool) -> None:
    """The article of each saved page or URL. No database."""
    from jobs import Summary
    from jobs.documents import read_pages

    summary = Summary()
    for article in read_pages(pages, summary, allow_private=allow_private):
        click.echo(to_json(article.as_dict()) if as_json else f"{article.title or ''}\n\n{article.text}\n".lstrip())
        for reason, line in article.left_out if left_out else ():
            say(f"left out, {reason}: {line}")
    exit_on(summary)


@example(
    "onrecord extract article.txt --json --published 2024-09-24\nonrecord extract --db newsroom.db\n"
    "onrecord extract archive.jsonl --json --workers 4"
)
@click.command()
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
    from jobs.documents import extract_files

    if bool(paths) != as_json:
        raise click.UsageError("PATHs go with --json; without both, the database's versions are extracted.")
    if paths:
        summary = jobs.Summary()
        for found in extract_files(paths, summary, published=_day(published), workers=workers, progress=bar):
            click.echo(to_json(found))
        exit_on(summary)
        return
    with jobs.writing(db_path, must_exist=True) as db:
        finish(Extracted=jobs.extract(db, again=again, workers=workers, progress=bar))


@example("onrecord crosscheck --db newsroom.db\nonrecord crosscheck --rebuild")
@click.command()
@click.option("--rebuild", is_flag=True, help="Compare everything anew, not only what changed; the links are the same.")
@db_option
def crosscheck(db_path: str, rebuild: bool) -> None:
    """Find the links between claims and figures of different sources."""
    import jobs

    with jobs.writing(db_path, must_exist=True) as db:
        finish(Linked=jobs.crosscheck(db, rebuild=rebuild, progress=bar))


@example("onrecord evaluate articles ../shared/articles\nonrecord evaluate dates ../shared/data/dates --json")
@click.command()
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


def _day(published: str | None) -> str | None:
    """`--published` checked: an ISO 8601 day or instant."""
    from datetime import datetime

    try:
        datetime.fromisoformat(published or "2000-01-01")
    except ValueError as error:
        raise click.BadParameter(f"{published!r} is not ISO 8601; write 2024-09-24", param_hint="published") from error
    return published
