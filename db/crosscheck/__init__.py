"""The cross-check: how claims and figures of different sources relate.

Reads only the database, and writes only `link`, `figure_standing` and what it remembers (`db/memory.py`). It never says
who is right: every link names both printings and says, in words a reader can check, why they were put side by side.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from logging import getLogger
from typing import Any, TypeVar

from sqlite_utils import Database

from db.connect import transaction
from db.decisions import rejected_links

from . import due, offices
from .comparison import Comparison
from .everything import Everything
from .filing import Filing, Moved
from .filing_anew import FilingAnew
from .meetings import Meetings
from .offices import Offices
from .origins import note_standings, write_standings
from .parts import file_parts
from .places import Filed
from .plans import file_plans
from .store import Writer

__all__ = ["PASSED_OVER", "crosscheck"]

log_ = getLogger(__name__)

PASSED_OVER = "comparisons_passed_over"
AT_ONCE, FIGURES_AT_ONCE = 200, 10_000  # articles, figures
CACHES = {"main": 256 << 20, "temp": 64 << 20}  # bytes, of what is stored and of what stands aside

Progress = Callable[..., Any]
T = TypeVar("T")
Articles = list[list[int]]  # the ids of the versions of each


def crosscheck(db: Database, progress: Progress | None = None, *, rebuild: bool = False) -> Counter[str]:
    """Bring links and standings up to date with the rows, in one transaction; counts all links by label.

    Compares the articles that changed since the last run with all others; with `rebuild`, or where the rules changed,
    all of them. The outcome depends on the rows only, not on their order or on earlier runs, but for links that people
    rejected: a link that is found again keeps its row, one that is not found again is deleted. `progress`, when given,
    wraps a list of articles or figures as `tqdm` does, with `desc` for what is done with them. The count has an entry
    `PASSED_OVER` where items had too many others beside them to be compared with all.
    """
    with _for_long_work(db), transaction(db):
        anew = rebuild or due.must_begin_anew(db)
        if anew:
            due.everything(db)
        articles = due.waiting(db)
        meetings = Meetings(db)
        writer = Writer(db, rejected_links(db), anew=anew)
        compare = _compare_all if anew else _compare
        compare(db, articles, meetings, writer, progress or (lambda some, **_: some))
        if not anew:  # else all are noted
            note_standings(db, [version for versions in articles for version in versions])
        write_standings(db, of_all=anew)
        due.done(db, [version for versions in articles for version in versions])
    labels = Counter(dict(db.execute("SELECT label, count(*) FROM link GROUP BY label")))
    for kind, count in sorted(meetings.passed_over.items()):
        if count:
            log_.info("%d comparisons between %ss were passed over: too many stand nearer in time", count, kind)
    return labels + Counter({PASSED_OVER: meetings.passed_over.total()})


def _compare(db: Database, articles: Articles, meetings: Meetings, writer: Writer, progress: Progress) -> None:
    """Compare articles that changed with all others."""
    comparison = Comparison(db, meetings, writer, frozenset(_public_ids(db, articles)))
    filing = Filing(db, meetings)
    moved: set[Moved] = set()
    for some in _batches(progress(articles, desc="cross-check: filing")):
        filed = _filed(db, some, comparison)
        moved |= set(_relevant(db, filing.file(filed)))
        for figure in (figure for version in filed for figure in _planned(db, version, comparison)):
            moved |= set(_relevant(db, comparison.met_by(figure)))
    for some in _batches(progress(articles, desc="cross-check: comparing")):
        comparison.look_ahead(some)
        for versions in some:
            comparison.article(versions)
    comparison.moved(moved)
    Offices(meetings, comparison.records, writer).compare(filing.roles)


def _compare_all(db: Database, articles: Articles, meetings: Meetings, writer: Writer, progress: Progress) -> None:
    """Compare all articles with each other, whatever is stored."""
    everything = Everything(db, meetings, writer)
    filing = FilingAnew(db, meetings)
    for some in _batches(progress(articles, desc="cross-check: filing")):
        filed = _filed(db, some, everything)
        filing.file(filed)
        for version in filed:
            _planned(db, version, everything, anew=True)
        everything.within(some)
    filing.finish()
    for some in _batches(progress(articles, desc="cross-check: texts and claims")):
        everything.texts_and_claims(some)
    for figures in _batches(progress(everything.figures(), desc="cross-check: figures"), FIGURES_AT_ONCE):
        everything.compare_figures(figures)
    filing.keep()
    Offices(meetings, everything.records, writer).compare(filing.roles)
    writer.finish()


def _filed(db: Database, articles: Articles, comparison: Comparison) -> dict[int, list[Filed]]:
    """What the items of articles are to be filed under, by version; what they tell of parts and wholes is noted."""
    records = comparison.records
    records.read_ahead(version for versions in articles for version in versions)
    filed: dict[int, list[Filed]] = {}
    for versions in articles:
        history = records.versions(versions)
        filed |= {v: comparison.filed(version) for v, version in history.items()}
        for version, mention in offices.filed(records, versions):
            filed[version].append(mention)
        for version in versions:
            file_parts(db, version, records.figures_of(history[version]))
    return filed


def _planned(db: Database, version: int, comparison: Comparison, *, anew: bool = False) -> list[int]:
    """Note what a version tells of plans; the figures of others whose links that changes."""
    records = comparison.records
    return [*file_plans(db, version, records.figures_of(records.versions([version])[version]), anew=anew)]


def _relevant(db: Database, moves: Iterable[Moved]) -> Iterator[Moved]:
    """Those of the moves that can change a link: where two have moved apart, only if there is one between them, or one
    that was rejected (it may have kept other wordings from being linked)."""
    query = """SELECT 1 FROM link WHERE a_kind = ?1 AND a_id = ?2 AND b_kind = ?1 AND b_id = ?3
               UNION ALL SELECT 1 FROM link WHERE a_kind = ?1 AND a_id = ?3 AND b_kind = ?1 AND b_id = ?2
               UNION ALL SELECT 1 FROM claim a JOIN claim b ON b.id = ?3 AND a.id = ?2 AND ?1 = 'claim'
               JOIN crosscheck_rejected r ON r.version_id = a.version_id
               JOIN crosscheck_rejected s ON s.version_id = b.version_id AND s.public_id = r.public_id"""
    for one in moves:
        if one.kind == "article" or not one.apart or db.execute(query, [one.kind, one.a, one.b]).fetchone():
            yield one


@contextmanager
def _for_long_work(db: Database) -> Iterator[None]:
    """With the pages that are read and written most kept in memory; and without the search for cycles, of which the
    rows have none: it went through all that is kept again and again."""
    before = {name: db.execute(f"PRAGMA {name}.cache_size").fetchone()[0] for name in CACHES}
    collects = gc.isenabled()
    gc.disable()
    for name, size in CACHES.items():
        db.execute(f"PRAGMA {name}.cache_size = -{size >> 10}")
    try:
        yield
    finally:
        for name, size in before.items():
            db.execute(f"PRAGMA {name}.cache_size = {size}")
        if collects:
            gc.enable()


def _batches(things: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    waiting = iter(things)
    while some := list(islice(waiting, size)):
        yield some


def _public_ids(db: Database, articles: Articles) -> Iterator[str]:
    query = "SELECT a.public_id FROM article a JOIN article_version v ON v.article_id = a.id WHERE v.id = ?"
    return (db.execute(query, [versions[0]]).fetchone()[0] for versions in articles)
