"""Dates and metadata: `python -m bench.run_publication_dates` prints two tables and writes results of both.

article_dates: the right day (a wrong one counts as wrong, none as missing). article_metadata: the instant within a
minute, the title exact after folding white space, authors as a set of names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec

from bench.page_systems import pages
from bench.results_file import Row, write

COMMAND = "python -m bench.run_publication_dates"


@dataclass(frozen=True)
class Facts:
    published: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()


def ours(body: bytes, url: str) -> Facts:
    from scraper.article import parse
    from scraper.metadata import metadata
    from scraper.page import page_from_bytes

    found = metadata(parse(page_from_bytes(body, url)), datetime.now(UTC), None, url)
    return Facts(found.published.iso if found.published else None, found.title, found.authors)


def trafilatura(body: bytes, url: str) -> Facts:
    from trafilatura import extract_metadata

    found = extract_metadata(body, default_url=url)
    authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
    return Facts(found.date, found.title, authors)


def htmldate(body: bytes, url: str) -> Facts:
    from htmldate import find_date

    return Facts(find_date(body, original_date=True, url=url))


def newspaper(body: bytes, url: str) -> Facts:
    from newspaper import article

    try:
        found = article(url, input_html=body.decode("utf-8", "replace"), fetch_images=False)
    except Exception as error:  # it refuses some languages without a package of its own: nothing found
        print(f"newspaper4k on {url}: {type(error).__name__}: {error}")
        return Facts()
    published = found.publish_date.isoformat() if found.publish_date else None
    return Facts(published, found.title, tuple(found.authors))


SYSTEMS: dict[str, Callable[[bytes, str], Facts]] = {
    "On Record": ours,
    "trafilatura": trafilatura,
    "htmldate": htmldate,
    **({"newspaper4k": newspaper} if find_spec("newspaper") else {}),
}


def days(system: Callable[[bytes, str], Facts]) -> dict[str, float]:
    right = given = total = 0
    for body, gold in pages("article_dates"):
        published = system(body, gold["url"]).published
        total += 1
        given += published is not None
        right += (published or "")[:10] == gold["date"]
    return {"right_day": right / total, "right_where_given": right / max(given, 1), "given": given / total}


def facts(system: Callable[[bytes, str], Facts]) -> dict[str, float]:
    instants = titles = dated = hits = found_names = gold_names = total = 0
    for body, gold in pages("article_metadata"):
        found = system(body, gold["url"])
        total += 1
        if gold["published"]:
            dated += 1
            instants += within_a_minute(found.published, gold["published"])
        titles += fold(found.title) == fold(gold["title"])
        expected, got = set(map(fold, gold["authors"])), set(map(fold, found.authors))
        hits += len(expected & got)
        found_names += len(got)
        gold_names += len(expected)
    return {
        "instant": instants / max(dated, 1),
        "title": titles / total,
        "authors_P": hits / max(found_names, 1),
        "authors_R": hits / max(gold_names, 1),
    }


def within_a_minute(found: str | None, gold: str) -> bool:
    if not found or len(found) <= 10:
        return False
    moment = datetime.fromisoformat(found)
    return moment.tzinfo is not None and abs((moment - datetime.fromisoformat(gold)).total_seconds()) <= 60


def fold(text: str | None) -> str:
    return " ".join((text or "").split())


def by_source() -> dict[str, tuple[int, int]]:
    """Where we found the day → (how often it was right, how often it was found there), on both sets."""
    from scraper import page_from_bytes
    from scraper.article import parse
    from scraper.metadata import metadata

    counts: dict[str, tuple[int, int]] = {}
    for corpus in ("article_dates", "article_metadata"):
        for body, gold in pages(corpus):
            found = metadata(parse(page_from_bytes(body, gold["url"])), datetime.now(UTC), None, gold["url"])
            day = str(gold.get("date") or gold.get("published") or "")[:10]
            if found.published and found.published_source and day:
                right, seen = counts.get(found.published_source, (0, 0))
                counts[found.published_source] = right + (found.published.iso[:10] == day), seen + 1
    return counts


def main() -> None:
    rows = []
    for source, (right, seen) in by_source().items():
        print(f"On Record, found in {source:10} right {right} of {seen}: confidence {(right + 1) / (seen + 2):.2f}")
    for name, system in SYSTEMS.items():
        for corpus, scores in (("article_dates", days(system)), ("article_metadata", facts(system))):
            if name == "htmldate" and corpus == "article_metadata":
                continue  # it knows days only
            rows.append(Row(name, corpus, scores, COMMAND))
            print(f"{name:12} {corpus:17}" + "".join(f"  {score} {value:.1%}" for score, value in scores.items()))
    write("publication_dates", rows)


if __name__ == "__main__":
    main()
