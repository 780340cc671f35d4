"""An outlet's page: what of it was read, week by week, whom it quotes, whose text it prints, and where it differs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from db.site.chart import columns
from db.site.pages import Missing, page
from db.site.periods import Bin, mondays
from db.site.rows import DISAGREEMENTS, Reader, Row, end_columns, end_joins, one_end

WEEKS = 52
NEWEST, QUOTED, LINKED = 25, 20, 10
_LABELS = ", ".join(f"'{label}'" for label in DISAGREEMENTS)
# The few versions that are credited or corrected stand in an index; an outlet's articles are many. CROSS JOIN says so.
TOTALS = """
SELECT count(*) AS articles, min(published_on) AS first, max(published_on) AS last, sum(status <> 'live') AS removed,
       (SELECT count(*) FROM article_version v CROSS JOIN article a ON a.current_version = v.id
        WHERE v.origin IS NOT NULL AND a.outlet IS :outlet) AS credited,
       (SELECT count(*) FROM article_version v CROSS JOIN article a ON a.current_version = v.id
        WHERE v.number > 1 AND a.outlet IS :outlet) AS revised
FROM article WHERE outlet IS :outlet AND current_version IS NOT NULL
"""
BY_WEEK = """
SELECT date(published_on, 'weekday 0', '-6 days') AS week, count(*) AS articles FROM article
WHERE outlet IS :outlet AND published_on IS NOT NULL GROUP BY week ORDER BY week DESC LIMIT :weeks
"""
ARTICLES = """
SELECT a.public_id AS article, a.outlet, a.status, v.title, v.published_on AS published, v.origin, v.byline
FROM article a JOIN article_version v ON v.id = a.current_version
WHERE a.outlet IS :outlet ORDER BY a.published_on DESC, a.current_version DESC LIMIT :most
"""
CREDITS = """
SELECT v.origin, count(*) AS articles FROM article_version v CROSS JOIN article a ON a.current_version = v.id
WHERE a.outlet IS :outlet AND v.origin IS NOT NULL GROUP BY v.origin ORDER BY articles DESC, v.origin LIMIT 10
"""
SPEAKERS = """
SELECT s.public_id AS speaker, s.name, n.claims
FROM (SELECT speaker_id, count(*) AS claims FROM spoken WHERE outlet IS :outlet GROUP BY speaker_id) n
JOIN speaker s ON s.id = n.speaker_id ORDER BY n.claims DESC, s.name LIMIT :most
"""
# Newest links first until there are enough of the outlet's: `+` keeps SQLite from gathering all of them by an index.
_MINE = " OR ".join(
    f"""(+l.{side}_kind = '{kind}' AND EXISTS (
        SELECT 1 FROM {kind} f WHERE f.id = l.{side}_id AND f.current = 1 AND f.outlet IS :outlet))"""
    for side in "ab"
    for kind in ("figure", "claim")
)
LINKS = f"""
WITH near AS (SELECT l.id FROM link l WHERE +l.label IN ({_LABELS}) AND ({_MINE}) ORDER BY l.id DESC LIMIT :most)
SELECT l.public_id, l.label, l.explanation, l.a_kind, l.b_kind, {end_columns("a")}, {end_columns("b")}
FROM near n JOIN link l ON l.id = n.id
{end_joins("a", "l.a_kind", "l.a_id")} {end_joins("b", "l.b_kind", "l.b_id")} ORDER BY l.id DESC
"""


@page("outlet.html")
async def outlet_page(reader: Reader, request: Any) -> Row:
    name = request.args.get("name") or None
    (totals,) = await reader.kept(TOTALS, outlet=name)
    if not totals["articles"]:
        raise Missing("No article of an outlet of this name has been read.")
    links = await reader.kept(LINKS, outlet=name, most=LINKED)
    for link in links:
        link["sides"] = [one_end(link, side) for side in "ab"]
    weeks = {row["week"]: row["articles"] for row in await reader.kept(BY_WEEK, outlet=name, weeks=WEEKS)}
    return {
        "name": name,
        "totals": totals,
        "weeks": list(weeks.items()),
        "chart": _by_week(reader, name, weeks) if weeks else None,
        "articles": await reader.all(ARTICLES, outlet=name, most=NEWEST),
        "credits": await reader.kept(CREDITS, outlet=name),
        "speakers": await reader.kept(SPEAKERS, outlet=name, most=QUOTED),
        "links": links,
    }


def _by_week(reader: Reader, name: str | None, weeks: dict[str, int]) -> Markup:
    """`weeks` are counts by Monday; those without an article are drawn as well."""
    days = mondays(max(weeks), WEEKS, min(weeks))
    bins = [Bin(monday, _days_after(monday, 6), weeks.get(monday, 0)) for monday in days]

    def found(week: Bin) -> str:
        asked = {"in": "articles", "outlet": name or "", "since": week.start, "until": week.end}
        return reader.path("/-/search") + "?" + urlencode(asked)

    return columns(bins, f"Articles a week, {name or 'unknown outlet'}", found)


def _days_after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
