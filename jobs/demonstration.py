"""The invented newsroom, scraped by the ordinary scraper."""

from __future__ import annotations

from sqlite_utils import Database

from jobs.scraping import scrape
from jobs.summary import Progress, Summary, plain
from scraper import Fetcher, load_sources


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
