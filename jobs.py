"""The run loop: scrape, import, extract, cross-check. Each job can be repeated, and goes on where it was cut off.

This is where errors end: each is counted in the summary, stored as a row, and the rest goes on. One job at a time may
write to a database; readers are not kept waiting.
"""

from __future__ import annotations

import importlib.metadata
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock, Timeout
from sqlite_utils import Database

from archives import export_pages, import_files
from db import CannotWrite, DatabaseError, check_path, extractions, open_db
from db.reading import segments
from db.save import save_failure, save_findings
from scraper import Fetcher, load_sources
from scraping import scrape
from summary import Progress, Summary, plain

__all__ = [
    "Busy",
    "Summary",
    "crosscheck",
    "demonstrate",
    "export_pages",
    "extract",
    "extractor",
    "import_files",
    "measures",
    "plain",
    "scrape",
    "writing",
]

EXTRACT = Path(__file__).parent / "extract"


class Busy(DatabaseError):
    """Another job is writing to the database."""


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


def is_writing(path: str | Path) -> bool:
    """Whether a job is writing to the database now."""
    if not Path(f"{path}.lock").exists():
        return False
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(blocking=False)
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def code_version() -> str:
    return importlib.metadata.version("onrecord")


def model_version() -> str:
    """The version of the model that ships; to read it costs nothing, to load the model does."""
    return str(json.loads((EXTRACT / "model" / "meta.json").read_text(encoding="utf-8"))["version"])


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
