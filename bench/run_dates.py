"""dateparser's `search_dates` by our scorer: `python -m bench.run_dates` (extra `bench`)."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

from bench.results_file import Row, write
from bench.run_onrecord import date_scores
from extract.evaluate import dates as scorer
from extract.findings import DateMention

DATA = Path(__file__).parents[2] / "shared" / "data" / "dates"


def search(record: scorer.Record) -> list[DateMention]:
    """Its days as DATE values; it gives words, not offsets, so each is looked up after the one before."""
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


def main() -> None:
    out = []
    for corpus, name in (("AQUAINT", "aquaint.jsonl.gz"), ("WikiWars", "wikiwars.jsonl.gz")):
        result = scorer.score([(r, search(r)) for r in scorer.records(DATA / name)], corpus)
        out.append(Row("dateparser search_dates", corpus, date_scores(result), "python -m bench.run_dates"))
        print(corpus, out[-1].scores)
    write("dates", out)


if __name__ == "__main__":
    main()
