"""On Record on the command line: the front door. The commands themselves are in `commands/`.

Results go to standard output, messages to standard error. Exit 0: all went well; 1: some items failed, each named;
2: the command could not run.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
from typing import Any

import click

from commands import analyse, collect, judge, share
from commands.common import CannotRun


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


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-v", "--verbose", count=True, help="Say more; -vv says all.")
@click.option("--log-json", is_flag=True, help="Messages as JSON, one object a line, with every request.")
@click.version_option(package_name="onrecord")
def main(verbose: int, log_json: bool) -> None:
    """Who said what, every figure and every date in immigration news, side by side across sources."""
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=level, format="%(name)s: %(message)s", stream=sys.stderr)
    if log_json:
        from commands.logs import JsonLines

        root = logging.getLogger()
        root.setLevel(min(level, logging.INFO))
        root.handlers[0].setFormatter(JsonLines())
        for name in ("trafilatura", "htmldate", "charset_normalizer"):  # they talk about every page
            logging.getLogger(name).setLevel(logging.ERROR)


for _command in (
    *(collect.run, collect.scrape, collect.import_, analyse.read, analyse.extract, analyse.crosscheck),
    *(share.serve, share.publish, share.export, collect.sources, collect.past_runs),
    *(judge.links, judge.speakers, judge.measures, share.doctor, share.backup, analyse.evaluate),
):
    main.add_command(_command)


if __name__ == "__main__":
    main()
