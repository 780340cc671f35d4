"""The run loop: scrape, import, extract, cross-check. Each job can be repeated, and goes on where it was cut off.

This is where errors end: each is counted in the summary, stored as a row, and the rest goes on. One job at a time may
write to a database; readers are not kept waiting.
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock, Timeout
from sqlite_utils import Database

from db import CannotWrite, DatabaseError, check_path, extractions, open_db, runs, transaction
from db.reading import recurring, save_reading, segments
from db.save import save_article, save_failure, save_findings
from scraper import (
    Article,
    Fetcher,
    Item,
    Page,
    ScrapeError,
    Source,
    archive,
    discover,
    load_sources,
    matches,
    read,
    schedule,
)
from scraper.errors import Gone
from scraper.parallel import side_by_side
from scraper.recurring import FEWEST, edge_lines

log = logging.getLogger(__name__)

Progress = Callable[..., Any]
ORDER = ("discovered", "not_due", "off_topic", "fetched", "new", "changed", "unchanged", "extracted", "skipped")
RECENT = timedelta(days=7)
EXTRACT = Path(__file__).parent / "extract"


class Busy(DatabaseError):
    """Another job is writing to the database."""


@dataclass
class Summary:
    """What a job did: counts by name, and each failure with the address, file or article it happened to."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        """The counts in the order in which things happen, noughts left out; failures are always told."""
        names = [*ORDER, *sorted(set(self.counts) - {*ORDER, "failed"})]
        told = [(name, self.counts[name]) for name in names if self.counts[name]]
        return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in [*told, ("failed", self.counts["failed"])])

    def add(self, other: Summary) -> None:
        self.counts.update(other.counts)
        self.failures += other.failures

    def fail(self, what: str, error: Exception) -> str:
        """Note a failure; returns it in words: the cause of a known kind, else the exception by name."""
        known = isinstance(error, ScrapeError)
        reason = error.reason if isinstance(error, ScrapeError) else f"{type(error).__name__}: {error}"
        what = error.url if isinstance(error, ScrapeError) else what
        self.counts["failed"] += 1
        self.failures.append((what, reason))
        log.debug("%s: %s", what, reason, exc_info=None if known else error)
        return f"{type(error).__name__}: {reason}" if known else reason


@contextmanager
def writing(path: str | Path, *, must_exist: bool = False) -> Iterator[Database]:
    """The database, for one writing job at a time. Raises Busy when another is at it, and what `open_db` raises."""
    check_path(path, must_exist=must_exist)
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        if not Path(lock.lock_file).exists():  # nobody holds it: it could not be made
            raise CannotWrite(path, "its folder cannot be written; choose another with --db") from error
        raise Busy(path, "another On Record job is writing to it; wait until it has finished") from error
    except OSError as error:
        raise CannotWrite(path, f"its folder cannot be written ({error.strerror}); choose another with --db") from error
    try:
        db = open_db(path, must_exist=must_exist)
        try:
            yield db
        finally:
            db.close()
    finally:
        lock.release()


def code_version() -> str:
    return importlib.metadata.version("onrecord")


def model_version() -> str:
    """The version of the model that ships; to read it costs nothing, to load the model does."""
    return str(json.loads((EXTRACT / "model" / "meta.json").read_text(encoding="utf-8"))["version"])


def plain(things: Iterable[Any], **_: Any) -> Iterable[Any]:
    """The progress bar that shows nothing."""
    return things


@dataclass(frozen=True, slots=True)
class _Request:
    """An article's page to be asked for, with what the last answer said."""

    source: Source
    source_id: int
    item: Item
    last: runs.LastFetch | None


class _Scrape:
    """One run over the sources: what is announced, what of it is asked for, and what became of it."""

    def __init__(self, db: Database, fetcher: Fetcher, run_id: int, due: bool, summary: Summary) -> None:
        self.db = db
        self.fetcher = fetcher
        self.run_id = run_id
        self.due = due
        self.summary = summary
        self.seen: set[str] = set()
        self.listed: list[tuple[int, Page]] = []
        self.recurring = partial(recurring, db, FEWEST)

    def announced(self, sources: Sequence[Source], progress: Progress) -> list[list[_Request]]:
        """What to ask for, source by source. A source that fails is noted, and the others go on."""
        ids = {
            s.name: runs.save_source(self.db, s.name, s.outlet, s.kind, s.url, s.lang, at=self._now()) for s in sources
        }
        validators = {name: runs.listing_validators(self.db, source_id) for name, source_id in ids.items()}
        pages: dict[str, list[Page]] = {source.name: [] for source in sources}

        def items(source: Source) -> list[Item]:
            known = validators[source.name]
            return list(
                discover(self.fetcher, source, lambda url: known.get(url, (None, None)), pages[source.name].append)
            )

        groups = []
        asked = [s for s in sources if s.kind == "pages" or not self._waits(s.url)]
        for source, found in progress(side_by_side([[s] for s in asked], items), total=len(asked), desc="sources"):
            source_id = ids[source.name]
            if isinstance(found, Exception):
                self._failed(source.url, source_id, found, runs.last_fetch(self.db, source.url))
                continue
            self.listed += [(source_id, page) for page in pages[source.name]]
            groups.append(self._wanted(source, source_id, found))
        return groups

    def _wanted(self, source: Source, source_id: int, items: Iterable[Item]) -> list[_Request]:
        now = self.fetcher.clock.now()
        since = (now - RECENT).isoformat(timespec="seconds")
        due_at = now.isoformat(timespec="seconds") if self.due else None
        recent = runs.recent_urls(self.db, source_id, since, due_at, source.max_items)
        wanted = []
        for item in [*items, *map(Item, recent)]:
            if item.url in self.seen:
                continue
            self.seen.add(item.url)
            self.summary.counts["discovered"] += 1
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
        now = self.fetcher.clock.now()
        return self.due and last is not None and last.next_try is not None and _instant(last.next_try) > now

    def ask(self, request: _Request) -> Page:
        """Runs in a thread of its own: touches the fetcher only."""
        last = request.last
        etag, last_modified = (last.etag, last.last_modified) if last else (None, None)
        return self.fetcher.get(request.item.url, etag, last_modified, source=request.source)

    def take(self, request: _Request, answer: Page | Exception) -> None:
        """Store what came, and note the request."""
        if isinstance(answer, Exception):
            self._failed(request.item.url, request.source_id, answer, request.last)
            return
        try:
            self._store(request, answer)
        except Exception as error:  # one odd page never costs the others: it becomes a row with its cause
            self._failed(request.item.url, request.source_id, error, request.last, answer)

    def _store(self, request: _Request, page: Page) -> None:
        last, now = request.last, self.fetcher.clock.now()
        since = _instant(last.since) if last and last.since else now
        if page.not_modified:
            outcome = "off_topic" if last and last.outcome == "off_topic" else "unchanged"
            self._note(request, page, outcome, None, since)
            return
        self.summary.counts["fetched"] += 1
        article = _with_item(read(page, request.source, self.recurring), request.item)
        for selector in article.missed:
            log.warning(
                "%s: the outlet's template finds nothing with %s; was the page redesigned?", article.url, selector
            )
        if not matches(request.source, article.title, article.text):
            self._note(request, page, "off_topic", None, since)
            return
        with transaction(self.db):
            saved = save_article(self.db, article, page)
            save_reading(self.db, saved.version_id, article, edge_lines(article.text.split("\n\n")))
            (kept,) = self.db.execute(
                "SELECT page_hash FROM article_version WHERE id = ?", [saved.version_id]
            ).fetchone()
            self._note(request, page, saved.outcome, kept, since if saved.outcome == "unchanged" else now)

    def _note(self, request: _Request, page: Page, outcome: str, page_hash: str | None, since: datetime) -> None:
        again = schedule.after_answer(self.fetcher.clock.now(), None if outcome == "off_topic" else since)
        runs.record_fetch(
            self.db,
            request.item.url,
            outcome,
            page=page,
            page_hash=page_hash,
            run_id=self.run_id,
            source_id=request.source_id,
            next_try=again.isoformat(timespec="seconds"),
        )
        self.summary.counts[outcome] += 1

    def _failed(
        self, url: str, source_id: int, error: Exception, last: runs.LastFetch | None, page: Page | None = None
    ) -> None:
        now = self.fetcher.clock.now()
        again = schedule.after_failure(now, error, (last.failures if last else 0) + 1)
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
        if isinstance(error, Gone):
            runs.mark_removed(self.db, url)

    def _now(self) -> str:
        return self.fetcher.clock.now().isoformat(timespec="seconds")

    def note_listings(self) -> None:
        """Keep the feeds' validators only once their items are dealt with: a run that was cut off is announced the same
        items again."""
        for source_id, page in self.listed:
            runs.record_fetch(self.db, page.url, "listed", page=page, run_id=self.run_id, source_id=source_id)


def scrape(
    db: Database,
    sources: Sequence[Source],
    fetcher: Fetcher,
    *,
    due: bool = False,
    command: str = "scrape",
    progress: Progress = plain,
) -> Summary:
    """Fetch what the enabled sources announce and store it. With `due`, leave alone what was put off until later."""
    summary = Summary()
    run = _Scrape(db, fetcher, runs.start_run(db, command), due, summary)
    groups = run.announced([source for source in sources if source.enabled], progress)
    answers = side_by_side(groups, run.ask)
    for request, answer in progress(answers, total=sum(map(len, groups)), desc="articles"):
        run.take(request, answer)
    run.note_listings()
    runs.finish_run(db, run.run_id, summary.counts)
    return summary


def import_files(db: Database, paths: Iterable[str | Path], *, progress: Progress = plain) -> Summary:
    """Store the article objects of archives (JSON Lines). A bad line is noted with its number, and the rest goes on."""
    summary = Summary()
    run_id = runs.start_run(db, "import")
    for path in paths:
        for article in progress(archive.articles(path), desc=str(path)):
            summary.counts["discovered"] += 1
            try:
                if isinstance(article, ScrapeError):
                    raise article
                summary.counts[save_article(db, article).outcome] += 1
            except Exception as error:  # one odd object never costs the archive
                summary.fail(str(path), error)
    runs.finish_run(db, run_id, summary.counts)
    return summary


def extract(db: Database, *, again: bool = False, workers: int = 1, progress: Progress = plain) -> Summary:
    """Extract the versions that have no extraction yet, or failed under another model; all of them with `again`.

    `workers` processes read the articles; what they find is saved here, one transaction an article.
    """
    made_by = {"model": model_version(), "code": code_version()}
    summary = Summary(Counter(read_by_another_version=extractions.by_others(db, **made_by)))
    waiting = extractions.pending(db, **made_by, again=again)
    if not waiting:
        return summary
    from extract.parallel import find_all
    from extract.sections import sections

    def asked() -> Iterator[tuple[tuple[int, str], str, Any]]:
        for version_id in progress(waiting, desc="extract"):
            version = extractions.to_extract(db, version_id)
            if version.lang and not version.lang.startswith("en"):
                save_failure(db, version_id, f"no pipeline for language {version.lang!r}", **made_by, status="skipped")
                summary.counts["skipped"] += 1
            else:
                day = version.published_on
                yield (version_id, version.name), version.text, sections(segments(db, version_id), day) or day

    vocabulary = measures()
    for (version_id, name), found in find_all(asked(), workers):
        try:
            if isinstance(found, Exception):
                raise found
            save_findings(db, version_id, found, **made_by, measures=vocabulary)
        except Exception as error:  # one odd article never costs the others: it becomes a row with its cause
            save_failure(db, version_id, summary.fail(name, error), **made_by)
            continue
        summary.counts["extracted"] += 1
        summary.counts.update(claims=len(found.claims), figures=len(found.figures), dates=len(found.dates))
    return summary


def extractor(nlp: Any) -> Callable[[Database, int, str, str], None]:
    """Finds and saves what is in a version (its id, its text, its day of publication): for evaluations."""
    from extract import find

    def extract(db: Database, version_id: int, text: str, published: str) -> None:
        save_findings(db, version_id, find(nlp, text, published), "evaluated", "evaluated", measures=measures())

    return extract


def crosscheck(db: Database, *, progress: Progress = plain) -> Summary:
    """Find the links between the claims, figures and texts of all articles."""
    from db.crosscheck import crosscheck as find_links

    return Summary(find_links(db, progress=partial(progress, desc="cross-check")))


def demonstrate(db: Database, *, progress: Progress = plain) -> Summary:
    """Serve the invented newsroom on loopback and scrape it twice, before and after it corrects an article; a database
    that has seen the correction meets the corrected edition only."""
    from demo import serve

    corrected = db.execute(
        "SELECT 1 FROM fetch JOIN source s ON s.id = source_id WHERE s.name LIKE 'demo-%' AND outcome = 'changed'"
    ).fetchone()
    with serve(version=2 if corrected else 1) as newsroom, Fetcher() as fetcher:
        sources = load_sources(newsroom.sources_path)
        summary = scrape(db, sources, fetcher, command="run", progress=progress)
        if not corrected:
            newsroom.advance()
            summary.add(scrape(db, sources, fetcher, command="run", progress=progress))
    return summary


def measures(path: Path = EXTRACT / "patterns" / "measures.yml") -> dict[str, dict[str, str]]:
    """The vocabulary of measures by key: label, definition and unit, with a key for every kind of share and change."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    entries = {}
    for measure in data["measures"]:
        about = {name: measure[name] for name in ("label", "definition", "unit")}
        entries[measure["key"]] = about
        for kind, suffix in data["suffixes"].items():
            words = kind.replace("_", ", ", 1)
            entries.setdefault(measure["key"] + suffix, {**about, "label": f"{about['label']} ({words})"})
    return entries


def _says_something(item: Item) -> bool:
    """Whether title and summary say enough to judge the topic by; a link that reads "more" does not."""
    return bool(item.summary) or len((item.title or "").split()) > 2


def _with_item(article: Article, item: Item) -> Article:
    """The article, with what only its source told: headline and date."""
    if not article.title:
        article = replace(article, title=item.title)
    if not article.published and item.published:
        article = replace(article, published=item.published, published_source="listing")
    return article


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value)
