"""The first page: what this is, a search box, the newest disagreements, what is covered, how the last run went."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from db.site.chart import bars
from db.site.disagreements import newest
from db.site.pages import page
from db.site.periods import mondays
from db.site.rows import Reader, Row
from db.site.settings import PUBLIC_VIEWS

NEWEST = 8
SHOWN = 25  # outlets
COVERAGE = """
SELECT coalesce(outlet, '') AS outlet, count(*) AS articles, min(published_on) AS first, max(published_on) AS last
FROM article WHERE current_version IS NOT NULL GROUP BY article.outlet ORDER BY articles DESC, outlet
"""
WEEKS = 12
NEWEST_DAY = "SELECT max(published_on) AS day FROM article_version"
BY_WEEK = """
SELECT coalesce(outlet, '') AS outlet, date(published_on, 'weekday 0', '-6 days') AS week, count(*) AS articles
FROM article WHERE published_on >= date(:day, 'weekday 0', :back) AND published_on <= :day GROUP BY article.outlet, week
"""
TOTALS = """
SELECT (SELECT count(*) FROM article) AS articles, (SELECT count(*) FROM claim) AS claims,
       (SELECT count(*) FROM figure) AS figures, (SELECT count(*) FROM speaker) AS speakers,
       (SELECT count(*) FROM link) AS links
"""
LAST_RUN = "SELECT * FROM scrape_run ORDER BY id DESC LIMIT 1"
FAILURES = "SELECT url, error FROM fetch WHERE run_id = :run AND outcome = 'failed' ORDER BY id LIMIT 20"


@page("home.html")
async def home_page(reader: Reader, request: Any) -> Row:
    run = await reader.one(LAST_RUN)
    coverage = await reader.kept(COVERAGE)
    weeks, counts = await _by_week(reader)
    for row in coverage[:SHOWN]:
        row["by_week"] = [(monday, counts.get((row["outlet"], monday), 0)) for monday in weeks]
        row["drawn"] = bars(row["by_week"], f"Articles a week since {weeks[0]}") if weeks else Markup("")
    return {
        "disagreements": await newest(reader, NEWEST),
        "coverage": coverage,
        "shown": SHOWN,
        "weeks": weeks,
        "totals": (await reader.kept(TOTALS))[0],
        "run": run,
        "failures": await reader.all(FAILURES, run=run["id"]) if run else [],
        "views": PUBLIC_VIEWS,
    }


async def _by_week(reader: Reader) -> tuple[list[str], dict[tuple[str, str], int]]:
    """The Mondays of the newest `WEEKS` weeks, oldest first, and the articles by outlet and Monday."""
    (newest,) = await reader.kept(NEWEST_DAY)
    if not newest["day"]:
        return [], {}
    rows = await reader.kept(BY_WEEK, day=newest["day"], back=f"-{6 + 7 * (WEEKS - 1)} days")
    return mondays(newest["day"], WEEKS), {(row["outlet"], row["week"]): row["articles"] for row in rows}
