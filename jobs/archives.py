"""Archives in and out: article objects (JSON Lines) and pages as they came (WARC), read like pages that are fetched."""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from sqlite_utils import Database

from db import runs, transaction
from db.reading import recurring
from db.save import save_article
from jobs.keep import keep
from jobs.summary import Progress, Summary, plain
from scraper import Keywords, NotAnArticle, Page, ScrapeError, Source, archive, matches, read, warc
from scraper.recurring import FEWEST
from scraper.urls import normalise

log = logging.getLogger(__name__)


def import_files(
    db: Database,
    paths: Iterable[str | Path],
    *,
    sources: Sequence[Source] = (),
    topic: Keywords | None = None,
    hosts: Sequence[str] = (),
    listed: bool = False,
    progress: Progress = plain,
) -> Summary:
    """Store what archives hold. A bad line or record is noted with its place, and the rest goes on.

    Of WARC files are taken the pages that are articles on the topic: that of the source whose host a page has, else
    `topic`. `hosts` narrows them down to hosts and what is below them, `listed` to those of `sources`. Their captures
    become versions in the order of their dates, and repeating an import changes nothing.
    """
    summary = Summary()
    run_id = runs.start_run(db, "import")
    files = list(paths)
    for path in files:
        if not warc.is_warc(path):
            _import_objects(db, path, summary, progress)
    choice = _Choice(sources, topic, hosts, listed)
    places: list[warc.Place] = []
    for path in filter(warc.is_warc, files):
        for found in progress(warc.find_pages(path, choice.wants, summary.counts), desc=str(path)):
            if isinstance(found, ScrapeError):
                summary.fail(str(path), found)
            else:
                places.append(found)
    for place in progress(sorted(places), desc="pages"):
        try:
            if place.original_url:
                outcome = _import_revisit(db, place, run_id)
            else:
                outcome = _import_page(db, warc.read_page(place), choice, run_id)
        except NotAnArticle as error:
            log.info("%s", error)
            outcome = "no_article"
        except Exception as error:  # one odd page never costs the archive
            summary.fail(f"{place.path}:{place.offset}", error)
            continue
        summary.counts[outcome] += 1
    runs.finish_run(db, run_id, summary.counts)
    return summary


def export_pages(
    db: Database,
    path: str | Path,
    software: str,
    *,
    outlet: str | None = None,
    since: str | None = None,
    until: str | None = None,
    progress: Progress = plain,
) -> Summary:
    """Write the pages that the database keeps to the WARC file `path`; versions that came without one are counted.

    `outlet` is an outlet's name, `since` and `until` are days of publication, both inclusive. Raises OSError.
    """
    summary = Summary()
    query = """FROM article_version v JOIN article a ON a.id = v.article_id
        WHERE (:outlet IS NULL OR fold(a.outlet) = fold(:outlet)) AND (:since IS NULL OR v.published_on >= :since)
        AND (:until IS NULL OR v.published_on <= :until)"""
    about = {"outlet": outlet, "since": since, "until": until}
    without = db.execute(f"SELECT count(*) {query} AND v.page_hash IS NULL", about).fetchone()[0]
    summary.counts["without_page"] = int(without)
    rows = db.execute(
        f"SELECT v.page_hash, v.fetched_at, a.url {query} AND v.page_hash IS NOT NULL ORDER BY v.fetched_at, v.id",
        about,
    ).fetchall()

    def records() -> Iterator[Page | warc.Revisit]:
        for row in progress(rows, desc="pages"):
            page = _stored(db, *row)
            yield page
            for again in _again(db, row[0], page):
                summary.counts["revisits"] += 1
                yield again

    summary.counts["pages"] = warc.write(records(), path, software) - summary.counts["revisits"]
    return summary


def _again(db: Database, page_hash: str, page: Page) -> list[warc.Revisit]:
    """When the very bytes of a page came again, as far as that is known."""
    rows = db.execute(
        """SELECT DISTINCT at FROM fetch WHERE page_hash = :hash AND body_hash = :hash AND outcome = 'unchanged'
           AND coalesce(final_url, url) = :url AND at > :at ORDER BY at""",
        {"hash": page_hash, "url": page.final_url, "at": page.fetched_at},
    )
    return [warc.Revisit(page, at) for (at,) in rows.fetchall()]


def _stored(db: Database, page_hash: str, at: str, article_url: str | None) -> Page:
    """A page as it was kept, with what its server said of it."""
    content_type, body = db.execute("SELECT content_type, body FROM raw_page WHERE hash = ?", [page_hash]).fetchone()
    fetch = db.execute(
        """SELECT coalesce(final_url, url), etag, last_modified FROM fetch WHERE page_hash = ? AND at = ?
           ORDER BY id LIMIT 1""",
        [page_hash, at],
    ).fetchone() or (article_url or f"urn:sha256:{page_hash}", None, None)
    url, etag, last_modified = fetch
    return Page(
        url, url, body=zlib.decompress(body), content_type=content_type, etag=etag, last_modified=last_modified,
        fetched_at=at,
    )  # fmt: skip


class _Choice:
    """Which pages of an archive are taken, and for which source they are read."""

    def __init__(self, sources: Sequence[Source], topic: Keywords | None, hosts: Sequence[str], listed: bool) -> None:
        self.by_host = {host: source for source in sources for host in _hosts(source)}
        self.rest = Source("archive", "", "pages", (), keywords=topic or Keywords())
        self.topic = topic
        self.hosts = [host.lower().removeprefix("www.") for host in hosts]
        self.listed = listed

    def wants(self, url: str) -> bool:
        host = _host(url)
        if self.hosts and not any(host == one or host.endswith("." + one) for one in self.hosts):
            return False
        return not self.listed or host in self.by_host

    def source(self, url: str) -> Source:
        found = self.by_host.get(_host(url), self.rest)
        return replace(found, keywords=self.topic) if self.topic else found


def _import_objects(db: Database, path: str | Path, summary: Summary, progress: Progress) -> None:
    for article in progress(archive.articles(path), desc=str(path)):
        summary.counts["discovered"] += 1
        try:
            if isinstance(article, ScrapeError):
                raise article
            summary.counts[save_article(db, article).outcome] += 1
        except Exception as error:  # one odd object never costs the archive
            summary.fail(str(path), error)


def _import_page(db: Database, page: Page, choice: _Choice, run_id: int) -> str:
    source = choice.source(page.url)
    known = source is not choice.rest and bool(source.outlet)
    article = read(page, source if known else None, partial(recurring, db, FEWEST))
    if not known and article.outlet is None:
        article = replace(article, outlet=_host(page.url))
    if not matches(source, article.title, article.text):
        return "off_topic"
    with transaction(db):
        kept = keep(db, page, article)
        if not _is_noted(db, page.url, page.fetched_at):
            runs.record_fetch(
                db, page.url, kept.outcome, page=page, page_hash=kept.page_hash, run_id=run_id, error=kept.reason,
                body_hash=hashlib.sha256(page.body).hexdigest(),
            )  # fmt: skip
    return kept.outcome


def _import_revisit(db: Database, place: warc.Place, run_id: int) -> str:
    """Note that a page was still the same; `revisit` when the capture that it repeats is not known."""
    date = place.original_date
    original = db.execute(
        """SELECT final_url, page_hash, body_hash FROM fetch WHERE url = :url AND page_hash IS NOT NULL
           AND iif(:date = '', at <= :before, at = :date) ORDER BY at DESC LIMIT 1""",
        {"url": place.original_url, "date": date, "before": place.date},
    ).fetchone()
    if original is None:
        return "revisit"
    final_url, page_hash, body_hash = original
    if not _is_noted(db, place.url, place.date):
        page = Page(place.url, final_url or place.url, fetched_at=place.date)
        runs.record_fetch(
            db, place.url, "unchanged", page=page, page_hash=page_hash, body_hash=body_hash, run_id=run_id
        )
    return "unchanged"


def _is_noted(db: Database, url: str, at: str | None) -> bool:
    return bool(db.execute("SELECT 1 FROM fetch WHERE url = ? AND at = ? LIMIT 1", [url, at]).fetchone())


def _hosts(source: Source) -> Iterator[str]:
    yield from (_host(url) for url in source.urls)
    if source.site:
        yield source.site.lower().removeprefix("www.")


def _host(url: str) -> str:
    return (urlsplit(normalise(url)).hostname or "").removeprefix("www.")
