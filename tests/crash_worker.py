"""Runs scrapes in forked children that a test kills: the imports are paid for once.

Reads lines `DATABASE SOURCES` from standard input; prints the child's process id, and, when it has ended, its status.
"""

from __future__ import annotations

import os
import sys
import traceback

import jobs
from scraper import Fetcher, Limits, load_sources


def scrape(database: str, sources: str) -> None:
    with jobs.writing(database) as db, Fetcher(limits=Limits(attempts=1)) as fetcher:
        jobs.scrape(db, load_sources(sources), fetcher)


def main() -> None:
    for line in sys.stdin:
        database, sources = line.split()
        child = os.fork()
        if child == 0:
            try:
                scrape(database, sources)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main()
