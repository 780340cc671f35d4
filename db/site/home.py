"""The first page: what this is, a search box, the newest disagreements, what is covered, how the last run went."""

from __future__ import annotations

from typing import Any

from db.site.highlight import excerpt
from db.site.pages import page
from db.site.rows import DISAGREEMENTS, Reader, Row, end_columns, end_joins, one_end
from db.site.settings import PUBLIC_VIEWS

NEWEST = 8
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
    return {
        "disagreements": disagreements,
        "coverage": await reader.all(COVERAGE),
        "totals": await reader.one(TOTALS),
        "run": run,
        "failures": await reader.all(FAILURES, run=run["id"]) if run else [],
        "views": PUBLIC_VIEWS,
    }


def _printing(side: Row) -> Row:
    """A figure says little without the words around it; a claim speaks for itself."""
    if side["kind"] == "figure":
        side["shown"] = excerpt(side["body"], side["start"], side["end"], "figure")
    return side
