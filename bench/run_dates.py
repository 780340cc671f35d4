"""Other systems' dates by our scorer: `python -m bench.run_dates [SYSTEM …]` (extra `bench`; HeidelTime needs more, see
`bench.heideltime`, and is left out with a message where that is missing).

Systems: dateparser, recognizers, heideltime. HeidelTime takes about four seconds a text, Recognizers-Text minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

from bench import heideltime, recognizers
from bench.results_file import Row, write
from bench.run_onrecord import date_scores
from extract.evaluate import dates as scorer
from extract.findings import DateMention

DATA = Path(__file__).parents[2] / "shared" / "data" / "dates"
CORPORA = {"AQUAINT": "aquaint.jsonl.gz", "WikiWars": "wikiwars.jsonl.gz"}
Finder = Callable[[scorer.Record, str], list[DateMention]]


def search(record: scorer.Record, corpus: str) -> list[DateMention]:
    """dateparser's days as DATE values; it gives words, not offsets, so each is looked up after the one before."""
    from dateparser.search import search_dates

    base = datetime.combine(record.published, time()) if record.published else None
    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"} if base else {}
    out, at = [], 0
    for words, when in search_dates(record.text, languages=["en"], settings=settings) or []:
        start = record.text.find(words, at)
        if start >= 0:
            at = start + len(words)
            out.append(DateMention(start, at, words, "DATE", when.date().isoformat()))
    return out


def recognize(record: scorer.Record, corpus: str) -> list[DateMention]:
    return recognizers.dates(record.text, record.published)


def heidel(record: scorer.Record, corpus: str) -> list[DateMention]:
    return heideltime.tag(record.text, record.published, "narratives" if corpus == "WikiWars" else "news")


SYSTEMS: dict[str, tuple[str, Finder]] = {
    "dateparser": ("dateparser search_dates", search),
    "recognizers": ("Recognizers-Text", recognize),
    "heideltime": ("HeidelTime", heidel),
}


def measure(system: str, find: Finder, corpus: str) -> Row:
    """A system on a corpus; a text that it cannot read counts as read without a date, and is counted."""
    raised = 0

    def found(record: scorer.Record) -> list[DateMention]:
        nonlocal raised
        try:
            return find(record, corpus)
        except Exception:  # what a peer cannot read is counted, not hidden
            raised += 1
            return []

    result = scorer.score([(r, found(r)) for r in scorer.records(DATA / CORPORA[corpus])], corpus)
    note = f"raised on {raised} texts" if raised else ""
    return Row(system, corpus, date_scores(result), "python -m bench.run_dates", note)


def main() -> None:
    for key in sys.argv[1:] or SYSTEMS:
        name, find = SYSTEMS[key]
        if key == "heideltime" and (lacking := heideltime.missing()):
            print(f"{name}: left out, {lacking}", file=sys.stderr)
            continue
        for corpus in CORPORA:
            row = measure(name, find, corpus)
            write("dates", [row])
            print(name, corpus, row.scores, row.note, flush=True)


if __name__ == "__main__":
    main()
