"""The first page: what this is, a search box, the newest disagreements, what is covered, how the last run went."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from db.site.chart import bars
from db.site.highlight import excerpt
from db.site.pages import page
from db.site.rows import DISAGREEMENTS, Reader, Row, end_columns, end_joins, one_end
from db.site.settings import PUBLIC_VIEWS

NEWEST = 8
SHOWN = 25  # outlets
_LABELS = ", ".join(f"'{label}'" for label in DISAGREEMENTS)
NEWEST_DISAGREEMENTS = f"""
SELECT l.public_id, l.label, l.explanation, l.a_kind, l.b_kind, l.found_at, {end_columns("a")}, {end_columns("b")},
       av.text AS a_body, bv.text AS b_body
FROM (SELECT * FROM link WHERE label IN ({_LABELS}) ORDER BY id DESC LIMIT :size) l
{end_joins("a", "l.a_kind", "l.a_id")}
{end_joins("b", "l.b_kind", "l.b_id")}
ORDER BY l.id DESC
"""
COVERAGE = """
SELECT coalesce(a.outlet, '') AS outlet, count(*) AS articles, min(v.published_on) AS first, max(v.published_on) AS last
FROM article a JOIN article_version v ON v.id = a.current_version
GROUP BY a.outlet ORDER BY articles DESC, outlet
"""
WEEKS = 12
NEWEST_DAY = "SELECT max(published_on) AS day FROM article_version"
BY_WEEK = """
SELECT coalesce(a.outlet, '') AS outlet, date(v.published_on, 'weekday 0', '-6 days') AS week, count(*) AS articles
FROM article_version v JOIN article a ON a.current_version = v.id
WHERE v.published_on >= date(:day, 'weekday 0', :back) AND v.published_on <= :day GROUP BY a.outlet, week
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
    disagreements = await reader.all(NEWEST_DISAGREEMENTS, size=NEWEST)
    for link in disagreements:
        link["sides"] = [_printing(one_end(link, side)) for side in "ab"]
    coverage = await reader.kept(COVERAGE)
    for row, drawn in zip(coverage, await _weeks(reader, coverage[:SHOWN]), strict=False):
        row["weeks"] = drawn
    return {
        "disagreements": disagreements,
        "coverage": coverage,
        "shown": SHOWN,
        "weeks": WEEKS,
        "totals": (await reader.kept(TOTALS))[0],
        "run": run,
        "failures": await reader.all(FAILURES, run=run["id"]) if run else [],
        "views": PUBLIC_VIEWS,
    }


async def _weeks(reader: Reader, coverage: list[Row]) -> list[Markup]:
    """Articles a week of each outlet, the newest `WEEKS` of them, as bars."""
    (newest,) = await reader.kept(NEWEST_DAY)
    if not newest["day"]:
        return []
    rows = await reader.kept(BY_WEEK, day=newest["day"], back=f"-{6 + 7 * (WEEKS - 1)} days")
    counts = {(row["outlet"], row["week"]): row["articles"] for row in rows}
    last = date.fromisoformat(newest["day"][:10])
    monday = last - timedelta(days=last.weekday())
    weeks = [(monday - timedelta(weeks=n)).isoformat() for n in reversed(range(WEEKS))]
    return [
        bars([(week, counts.get((row["outlet"], week), 0)) for week in weeks], f"Articles a week since {weeks[0]}")
        for row in coverage
    ]


def _printing(side: Row) -> Row:
    """A figure says little without the words around it; a claim speaks for itself."""
    if side["kind"] == "figure":
        side["shown"] = excerpt(side["body"], side["start"], side["end"], "figure")
    return side
