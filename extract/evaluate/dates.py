"""Dates against gold: TimeML corpora (`{text, published, dates: [{start, end, value}]}`), our articles' gold
(`dates: [{span, value, cls}]`) and the cross-check corpus (a folder).

The measures are TempEval-3's (UzZaman et al. 2013): strict spans, relaxed spans (any overlap, one to one), and value
(relaxed span, value equal as a string); and strict span with value, the hardest.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from extract.dates import find_dates
from extract.findings import DateMention

MARKS = " \t\n\u00a0.,;:!?()[]\"'“”‘’`"
MEASURES = ("strict", "relaxed", "value", "strict and value")


@dataclass(frozen=True, slots=True)
class Gold:
    """A date as annotated; `optional` ones (vague, boilerplate) are neither rewarded nor punished."""

    start: int
    end: int
    value: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A text with its gold. `timeml`: American news, where the two ends of a range are two dates; one in ours."""

    id: str
    text: str
    published: date | None
    gold: tuple[Gold, ...]
    timeml: bool


def evaluate(nlp: Language, path: str | Path, limit: int | None = None) -> dict[str, Any]:
    """Precision, recall and F of each measure on the first `limit` texts of a corpus, and the misses by text."""
    return score(((record, _found(nlp, record)) for record in records(Path(path), limit)), str(path))


def score(read: Iterable[tuple[Record, list[DateMention]]], corpus: str) -> dict[str, Any]:
    """The same of any system's dates, text by text."""
    counts = {measure: [0, 0, 0] for measure in MEASURES}
    errors: list[dict[str, Any]] = []
    for record, found in read:
        _count(record, found, counts, errors)
    return {"corpus": corpus, **{m: _scores(*counts[m]) for m in MEASURES}, "errors": errors}


def table(result: dict[str, Any]) -> str:
    """The scores as plain text."""
    lines = [f"dates on {result['corpus']}", f"{'':18}{'P':>7}{'R':>7}{'F':>7}"]
    for measure in MEASURES:
        s = result[measure]
        lines.append(f"{measure:18}{s['precision']:7.3f}{s['recall']:7.3f}{s['f1']:7.3f}")
    return "\n".join(lines)


def records(path: Path, limit: int | None = None) -> Iterator[Record]:
    """Texts and gold of a `.jsonl` or `.jsonl.gz` file, or of a folder with `gold.jsonl`, or `dates.jsonl` beside its
    articles."""
    if path.is_dir() and (path / "gold.jsonl").is_file():
        path = path / "gold.jsonl"
    if path.is_dir():
        yield from list(_folder(path))[:limit]
        return
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    for line in text.splitlines()[:limit]:
        yield _record(json.loads(line))


def _record(row: dict[str, Any]) -> Record:
    gold = [_gold(d) for d in row["dates"]]
    timeml = any("start" in d for d in row["dates"])
    return Record(row["id"], row["text"], _day(row.get("published")), tuple(gold), timeml)


def _gold(row: dict[str, Any]) -> Gold:
    start, end = row["span"] if "span" in row else (row["start"], row["end"])
    return Gold(start, end, row["value"] or "", row.get("cls", "date") != "date")


def _folder(path: Path) -> Iterator[Record]:
    rows = [json.loads(line) for line in (path / "dates.jsonl").read_text(encoding="utf-8").splitlines()]
    for file in sorted(path.glob("*.json")):
        article = json.loads(file.read_text(encoding="utf-8"))
        gold = tuple(_gold(row) for row in rows if row["article"] == article["id"])
        yield Record(article["id"], article["text"], _day(article.get("published")), gold, timeml=False)


def _day(published: str | None) -> date | None:
    return date.fromisoformat(published[:10]) if published else None


def _found(nlp: Language, record: Record) -> list[DateMention]:
    doc = nlp.make_doc(record.text)
    if not Doc.has_extension("published"):
        Doc.set_extension("published", default=None)
    doc._.published = record.published
    for name, pipe in nlp.pipeline:
        if name == "onrecord_dates":
            break  # what comes before it (tags, names) is all that dates need
        doc = pipe(doc)
    if not record.timeml:
        return find_dates(doc, record.published)
    return find_dates(doc, record.published, country="US", ranges=False)


def _count(
    record: Record, found: list[DateMention], counts: dict[str, list[int]], errors: list[dict[str, Any]]
) -> None:
    """Add one text to the counts [true positives, found, gold] of each measure."""
    free = list(found)
    hits = dict.fromkeys(MEASURES, 0)
    wanted = [g for g in record.gold if not g.optional]
    for gold in [*wanted, *(g for g in record.gold if g.optional)]:
        match = _match(gold, free, record.text)
        if match:
            free.remove(match)
        if gold.optional:
            continue
        strict = bool(match) and _trimmed(match, record.text) == _trimmed(gold, record.text)
        right = match is not None and normal(match.value) == normal(gold.value)
        hits["strict"] += strict
        hits["relaxed"] += bool(match)
        hits["value"] += right
        hits["strict and value"] += strict and right
        if not (strict and right):
            errors.append(_error(record, gold, match))
    errors.extend(_error(record, None, extra) for extra in free)
    for measure, (tp, _, _) in [(m, (hits[m], 0, 0)) for m in MEASURES]:
        optional = len(found) - len(free) - hits["relaxed"]
        counts[measure] = [
            a + b for a, b in zip(counts[measure], [tp, len(found) - optional, len(wanted)], strict=True)
        ]


def normal(value: str) -> str:
    """One spelling of what TIMEX3 lets one write in two: week 7 is W7 or W07, the eighties are 198 or 198X."""
    return re.sub(r"^(\d{3})X$", r"\1", re.sub(r"-W(\d)(?!\d)", r"-W0\1", value))


def _match(gold: Gold, free: list[DateMention], text: str) -> DateMention | None:
    """The found date that overlaps the gold one most."""
    overlaps = [(min(d.end, gold.end) - max(d.start, gold.start), -d.start, d) for d in free]
    best = max(overlaps, default=None, key=lambda o: o[:2])
    return best[2] if best and best[0] > 0 else None


def _trimmed(span: Gold | DateMention | None, text: str) -> tuple[int, int]:
    if span is None:
        return (0, 0)
    said = text[span.start : span.end]
    return span.start + len(said) - len(said.lstrip(MARKS)), span.end - len(said) + len(said.rstrip(MARKS))


def _error(record: Record, gold: Gold | None, found: DateMention | None) -> dict[str, Any]:
    at = gold.start if gold else found.start if found else 0
    return {
        "id": record.id,
        "at": at,
        "gold": gold and record.text[gold.start : gold.end],
        "gold_value": gold and gold.value,
        "found": found and found.text,
        "found_value": found and found.value,
    }


def _scores(hits: int, found: int, gold: int) -> dict[str, float]:
    precision, recall = hits / found if found else 0.0, hits / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "found": found,
        "gold": gold,
    }
