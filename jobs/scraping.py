"""One run over the sources: what they announce, what of it is asked for, and what becomes of each answer.

Threads ask, one a host; a single thread reads and stores, one transaction an article, so that a run can be cut off at
any moment. Errors end here: each becomes a row and a line of the summary, and the rest goes on.
"""

from __future__ import annotations

import hashlib
import logging
import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlite_utils import Database

from db import alarms, runs, transaction, versions
from db.reading import recurring
from jobs.keep import keep
from jobs.summary import Progress, Summary, plain
from scraper import Article, Fetcher, Item, Page, Source, discover, matches, read, schedule
from scraper.errors import Gone, NotFound, NotYet, TryLater
from scraper.fetch import Memory
from scraper.hosts import HostMemory
from scraper.metadata import CONFIDENCE
from scraper.parallel import side_by_side
from scraper.recurring import FEWEST
from scraper.urls import host_of, normalise

log = logging.getLogger(__name__)

RECENT = timedelta(days=7)  # articles asked for since are asked for again by a run over everything
PASSED_OVER = ("off_topic", "too_old")  # what an answer was that is no article for us
LONGEST_WAIT = timedelta(days=45)  # longer than the rarest recheck


@dataclass(frozen=True, slots=True)
class _Request:
    """An article's page to be asked for, with what the last answer said."""

    source: Source
    source_id: int
    item: Item
    last: runs.LastFetch | None


class _Scrape:
    """One run over the sources: what is announced, what of it is asked for, and what became of it."""

    def __init__(
        self, db: Database, fetcher: Fetcher, run_id: int, due: bool, summary: Summary, since: str | None
    ) -> None:
        self.db = db
        self.fetcher = fetcher
        self.run_id = run_id
        self.due = due
        self.since = since
        self.summary = summary
        self.seen: set[str] = set()
        self.listed: list[tuple[int, Page, int | None]] = []
        self.recurring = partial(recurring, db, FEWEST)

    def announced(self, sources: Sequence[Source], progress: Progress) -> list[list[_Request]]:
        """What to ask for, host by host: two sources of one host wait for each other and keep no other host waiting. A
        source that fails is noted, and the others go on."""
        ids = {
            s.name: runs.save_source(self.db, s.name, s.outlet, s.kind, s.url, s.lang, at=self._now()) for s in sources
        }
        validators = {name: runs.listing_validators(self.db, source_id) for name, source_id in ids.items()}
        pages: dict[str, list[Page]] = {source.name: [] for source in sources}

        def items(source: Source) -> list[Item]:
            known = validators[source.name]
            return list(
                discover(
                    self.fetcher,
                    source,
                    None if self.since else lambda url: known.get(url, (None, None)),
                    pages[source.name].append,
                    self.since,
                )
            )

        groups: defaultdict[str, list[_Request]] = defaultdict(list)
        # A source's own page is no article of it, though a failure of it is on record like one of an article.
        self.seen |= {normalise(url) for source in sources if source.kind != "pages" for url in source.urls}
        asked = [s for s in sources if s.kind == "pages" or not self._waits(s.url)]
        for source, found in progress(side_by_side([[s] for s in asked], items), total=len(asked), desc="sources"):
            source_id = ids[source.name]
            if isinstance(found, Exception):
                self._failed(source, source_id, source.url, found, runs.last_fetch(self.db, source.url))
                continue
            fresh = any(not page.not_modified for page in pages[source.name])
            for n, page in enumerate(pages[source.name]):
                self.listed.append((source_id, page, len(found) if fresh and n == 0 else None))
            for request in self._wanted(source, source_id, found):
                groups[host_of(request.item.url)].append(request)
        return list(groups.values())

    def _wanted(self, source: Source, source_id: int, items: Iterable[Item]) -> list[_Request]:
        now = self.fetcher.clock.now()
        # What is due is due however long we were away; a run over everything goes back a week.
        since = "" if self.due else (now - RECENT).isoformat(timespec="seconds")
        due_at = now.isoformat(timespec="seconds") if self.due else None
        never_after = (now + LONGEST_WAIT).isoformat(timespec="seconds")
        recent = runs.recent_urls(self.db, source_id, since, due_at, source.max_items, never_after)
        wanted = []
        for item in [*items, *map(Item, recent)]:
            if (key := normalise(item.url)) in self.seen:
                continue
            self.seen.add(key)
            self.summary.counts["discovered"] += 1
            announced = item.published or item.changed  # what was last changed before was published before
            if self.since and announced and announced[:10] < self.since:
                self.summary.counts["too_old"] += 1
                continue
            last = runs.last_fetch(self.db, item.url)
            if last is None and _says_something(item) and not matches(source, item.title, item.summary):
                self.summary.counts["off_topic"] += 1
            elif self._waits(item.url, last):
                self.summary.counts["not_due"] += 1
            else:
                wanted.append(_Request(source, source_id, item, last))
        return wanted

    def _waits(self, url: str, last: runs.LastFetch | None = None) -> bool:
        last = last or runs.last_fetch(self.db, url)
        if not self.due or last is None or last.next_try is None:
            return False
        # Nothing is put off for longer than this: a clock that was ahead must silence nobody.
        return timedelta(0) < _instant(last.next_try) - self.fetcher.clock.now() <= LONGEST_WAIT

    def ask(self, request: _Request) -> Page:
        """Runs in a thread of its own: touches the fetcher only."""
        last = request.last
        etag, last_modified = (last.etag, last.last_modified) if last else (None, None)
        return self.fetcher.get(request.item.url, etag, last_modified, source=request.source)

    def take(self, request: _Request, answer: Page | Exception) -> None:
        """Store what came, and note the request."""
        if isinstance(answer, Exception):
            self._failed(request.source, request.source_id, request.item.url, answer, request.last)
            return
        try:
            self._store(request, answer)
        except sqlite3.OperationalError:  # a full disk, a locked database: no page's fault, and the run's end
            raise
        except Exception as error:  # one odd page never costs the others: it becomes a row with its cause
            self._failed(request.source, request.source_id, request.item.url, error, request.last, answer)

    def _store(self, request: _Request, page: Page) -> None:
        last = request.last
        if page.not_modified:
            outcome = last.outcome if last and last.outcome in PASSED_OVER else "unchanged"
            self._stands(request, page, outcome)
            return
        self.summary.counts["fetched"] += 1
        body_hash = hashlib.sha256(page.body).hexdigest()
        if last and last.body_hash == body_hash:  # a server that ignores validators
            self._stands(request, page, "unchanged", body_hash)
            return
        article = _with_item(read(page, request.source, self.recurring), request.item)
        for selector in article.missed:
            log.warning("%s: nothing found by the outlet's template (%s); a new design?", article.url, selector)
        if not matches(request.source, article.title, article.text):
            self._note(request, page, "off_topic", body_hash=body_hash)
            return
        if self.since and (article.published or "9999")[:10] < self.since:
            self._note(request, page, "too_old", body_hash=body_hash)
            return
        with transaction(self.db):
            kept = keep(self.db, page, article)
            if kept.returned:
                self.summary.counts["returned"] += 1
            self._note(request, page, kept.outcome, kept.page_hash, reason=kept.reason, body_hash=body_hash)

    def _stands(self, request: _Request, page: Page, outcome: str, body_hash: str | None = None) -> None:
        """The page is what it was: an article that had been removed is there again."""
        with transaction(self.db):
            known = versions.known(self.db, [normalise(page.url), normalise(page.final_url)])
            if known and outcome == "unchanged" and versions.mark_returned(self.db, known.article_id, self._now()):
                self.summary.counts["returned"] += 1
            self._note(request, page, outcome, body_hash=body_hash)

    def _note(
        self,
        request: _Request,
        page: Page,
        outcome: str,
        page_hash: str | None = None,
        *,
        reason: str | None = None,
        body_hash: str | None = None,
    ) -> None:
        last, now = request.last, self.fetcher.clock.now()
        since = _instant(last.since) if last and last.since and outcome not in ("new", "changed") else now
        again = schedule.after_answer(now, None if outcome in PASSED_OVER else since)
        if outcome == "too_old":  # for this run; another may take it
            again = now
        runs.record_fetch(
            self.db,
            request.item.url,
            outcome,
            page=page,
            page_hash=page_hash,
            body_hash=body_hash,
            error=reason,
            run_id=self.run_id,
            source_id=request.source_id,
            next_try=again.isoformat(timespec="seconds"),
        )
        self.summary.counts[outcome] += 1
        about = {"url": request.item.url, "source": request.source.name, "outcome": outcome, "status": page.status}
        log.info("%s: %s", outcome, request.item.url, extra=about | ({"reason": reason} if reason else {}))

    def _failed(
        self,
        source: Source,
        source_id: int,
        url: str,
        error: Exception,
        last: runs.LastFetch | None,
        page: Page | None = None,
    ) -> None:
        now = self.fetcher.clock.now()
        if isinstance(error, NotYet):
            self._put_off(source, source_id, url, error)
            return
        failures = (last.failures if last else 0) + 1
        if isinstance(error, NotFound) and not (last and last.missing_since):
            failures = 1
        again = schedule.after_failure(now, error, failures, random.random())
        runs.record_fetch(
            self.db,
            url,
            "failed",
            status=page.status if page else getattr(error, "status", None),
            error=self.summary.fail(url, error),
            run_id=self.run_id,
            source_id=source_id,
            next_try=again.isoformat(timespec="seconds"),
            at=self._now(),
        )
        about = {"url": url, "source": source.name, "outcome": "failed", "reason": str(error)}
        log.info("failed: %s", error, extra=about | {"status": getattr(error, "status", None)})
        if isinstance(error, TryLater):
            self.remember_hosts()
        # A 410 is meant; a 404 may be an outlet's slip, and counts when it is still there an hour later.
        missing_since = last.missing_since if last and isinstance(error, NotFound) else None
        gone = isinstance(error, Gone) or (missing_since and now - _instant(missing_since) >= schedule.SLIP)
        if gone and versions.mark_removed(self.db, [url, normalise(url)], self._now()):
            self.summary.counts["removed"] += 1

    def _put_off(self, source: Source, source_id: int, url: str, error: NotYet) -> None:
        """The host is to be left alone: nothing was asked, and nothing went wrong."""
        again = error.until.isoformat(timespec="seconds")
        runs.record_fetch(
            self.db, url, "put_off", error=error.reason, run_id=self.run_id, source_id=source_id, next_try=again,
            at=self._now(),
        )  # fmt: skip
        self.summary.counts["put_off"] += 1
        about = {"url": url, "source": source.name, "outcome": "put_off", "reason": error.reason}
        log.info("put off: %s", error, extra=about)

    def _now(self) -> str:
        return self.fetcher.clock.now().isoformat(timespec="seconds")

    def note_listings(self) -> None:
        """Keep the feeds' validators only once their items are dealt with: a run that was cut off is announced the same
        items again."""
        if self.since:  # what was left out must be announced again to a run that takes it
            return
        for source_id, page, items in self.listed:
            runs.record_fetch(
                self.db, page.url, "listed", page=page, items=items, run_id=self.run_id, source_id=source_id
            )

    def remember_hosts(self) -> None:
        """Keep what the next run must know to be polite."""
        memory = self.fetcher.memory()
        known = {name: (host.last_answer, host.not_before) for name, host in memory.hosts.items()}
        runs.save_hosts(self.db, known, memory.robots)

    def sound_alarms(self) -> None:
        """Say which sources yield less than they used to."""
        now = self.fetcher.clock.now()
        for alarm in alarms.raise_new(self.db, alarms.low_yields(self.db, now), now):
            self.summary.alarms.append(f"{alarm.source}: {alarm.message}")
            log.warning("%s: %s", alarm.source, alarm.message, extra={"source": alarm.source, "outcome": alarm.kind})


def scrape(
    db: Database,
    sources: Sequence[Source],
    fetcher: Fetcher,
    *,
    due: bool = False,
    since: str | None = None,
    command: str = "scrape",
    progress: Progress = plain,
) -> Summary:
    """Fetch what the enabled sources announce and store it. With `due`, leave alone what was put off until later; with
    `since` (a day, ISO 8601) what was published before."""
    summary = Summary()
    hosts, robots = runs.hosts(db)
    fetcher.restore(Memory({name: HostMemory(*kept) for name, kept in hosts.items()}, robots))
    run = _Scrape(db, fetcher, runs.start_run(db, command), due, summary, since)
    groups = run.announced([source for source in sources if source.enabled], progress)
    run.remember_hosts()
    answers = side_by_side(groups, run.ask)
    for request, answer in progress(answers, total=sum(map(len, groups)), desc="articles"):
        run.take(request, answer)
    run.note_listings()
    run.sound_alarms()
    run.remember_hosts()
    runs.finish_run(db, run.run_id, summary.counts)
    return summary


def _says_something(item: Item) -> bool:
    """Whether title and summary say enough to judge the topic by; a link that reads "more" does not."""
    return bool(item.summary) or len((item.title or "").split()) > 2


def _with_item(article: Article, item: Item) -> Article:
    """The article, with what only its source told: headline and date."""
    if not article.title:
        article = replace(article, title=item.title)
    if not article.published and item.published:
        article = replace(article, published=item.published, published_source="listing")
        article = replace(article, published_confidence=CONFIDENCE["listing"])
    return article


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value)
