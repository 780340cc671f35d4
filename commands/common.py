"""What the commands have in common: options, messages, and the end of a command."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from jobs import Summary


class CannotRun(click.ClickException):
    """The command could not run at all."""

    exit_code = 2


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


def bar(things: Any, **more: Any) -> Any:
    """A progress bar on standard error; nothing at all where that is no terminal."""
    from tqdm import tqdm

    return tqdm(things, disable=None, leave=False, dynamic_ncols=True, **more)


def say(message: str, level: int = logging.INFO, **about: Any) -> None:
    """A message to whoever runs the command; with --log-json it is a line of the log, with what it is about."""
    if (click.get_current_context().find_root().params or {}).get("log_json"):
        logging.getLogger("onrecord").log(level, message, extra=about)
    else:
        click.echo(message, err=True)


def finish(**parts: Summary) -> None:
    """Say what each job did, then name what failed; exit 1 when anything did."""
    from jobs import Summary

    total = Summary()
    for name, summary in parts.items():
        say(f"{name}: {summary}", counts=dict(summary.counts))
        total.add(summary)
    exit_on(total)


def exit_on(summary: Summary) -> None:
    """Name what failed; exit 1 when anything did."""
    for what, why in summary.failures:
        say(f"failed: {what}: {why}", logging.ERROR, url=what, reason=why)
    for alarm in summary.alarms:
        say(f"alarm: {alarm}", logging.ERROR)
    if summary.failures or summary.alarms:
        sys.exit(1)


def sources_of(path: str) -> list[Any]:
    from scraper import SourcesError, load_sources

    try:
        return load_sources(path)
    except SourcesError as error:
        raise CannotRun(str(error)) from error


def topic_of(path: str, name: str) -> Any:
    from scraper import SourcesError
    from scraper.sources import load_topics

    try:
        topics = load_topics(path)
    except SourcesError as error:
        raise CannotRun(str(error)) from error
    if name not in topics:
        raise CannotRun(f"{path}: has no topic {name!r} under `topics`; there are {', '.join(topics) or 'none'}")
    return topics[name]


def version() -> str:
    from importlib.metadata import version

    return version("onrecord")


def to_json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
