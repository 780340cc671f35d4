"""From stored versions to findings and links: extract and cross-check what waits for it."""

from __future__ import annotations

import importlib.metadata
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from sqlite_utils import Database

from db import extractions
from db.reading import segments
from db.save import save_failure, save_findings
from jobs.summary import Progress, Summary, plain

EXTRACT = Path(__file__).parents[1] / "extract"


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


def crosscheck(db: Database, *, rebuild: bool = False, progress: Progress = plain) -> Summary:
    """Find the links between the claims, figures and texts of all articles: of those that changed since the last time,
    or with `rebuild` of all anew. The summary counts all links."""
    from db.crosscheck import crosscheck as find_links

    return Summary(find_links(db, progress=progress, rebuild=rebuild))


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


def code_version() -> str:
    return importlib.metadata.version("onrecord")


def model_version() -> str:
    """The version of the model that ships; to read it costs nothing, to load the model does."""
    return str(json.loads((EXTRACT / "model" / "meta.json").read_text(encoding="utf-8"))["version"])
