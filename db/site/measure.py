"""A measure's page: every figure that was printed for it, over time, as a chart and as a table of the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, unquote

from markupsafe import Markup

from db.site.chart import SHAPES, Point, shape, timeline
from db.site.pages import Missing, page
from db.site.rows import Reader, Row
from db.site.words import anchor, period, quantity

Path = Callable[[str], str]
MOST = 120  # figures on one page, the newest periods first
CHARTS = 3  # units and kinds with a chart of their own, those with most figures
KINDS = {"level": "", "change_relative": "change", "change_ratio": "change as a multiple", "change_absolute": "change"}
UNITS = {"person": "people", "percent": "per cent", "CAD": "Canadian dollars", "USD": "US dollars", "multiple": "times"}
MEASURE = "SELECT * FROM measure WHERE key = :key"
COUNT = "SELECT count(*) AS figures FROM figure WHERE measure_id = :measure"
PLACES = """SELECT place, count(*) AS figures FROM figure WHERE measure_id = :measure
GROUP BY place ORDER BY figures DESC, place LIMIT 40"""
FIGURES = f"""
SELECT f.public_id AS id, f.text, f.value, f.low, f.high, f.unit, f.kind, f.modifier, f.direction, f.counted, f.whole,
       f.place, f.period_from, f.period_to, f.names, f.modality, a.public_id AS article, a.outlet, v.title,
       v.published_on AS published, s.origins, s.agrees, s.conflicts
FROM figure f JOIN article_version v ON v.id = f.version_id JOIN article a ON a.current_version = v.id
LEFT JOIN figure_standing s ON s.figure_id = f.id
WHERE f.measure_id = :measure AND (:place IS NULL OR f.place = :place)
ORDER BY coalesce(f.period_to, f.period_from) DESC, f.id LIMIT {MOST}
"""


@page("measure.html")
async def measure_page(reader: Reader, request: Any) -> Row:
    measure = await reader.one(MEASURE, key=unquote(request.url_vars["key"]))
    if measure is None:
        raise Missing("No measure has this key.")
    place = request.args.get("place") or None
    figures = await reader.all(FIGURES, measure=measure["id"], place=place)
    for figure in figures:
        figure["period"] = when(figure)
    return {
        "measure": measure,
        "place": place,
        "places": await reader.kept(PLACES, measure=measure["id"]),
        "totals": (await reader.kept(COUNT, measure=measure["id"]))[0],
        "figures": figures,
        "charts": charts(figures, measure["label"] or measure["key"], reader.path),
        "most": MOST,
    }


def when(figure: Row) -> str:
    """The period that a figure is about; the day it is as of; where it names neither, the day it was printed for.

    >>> when({"period_from": "2031-01-01", "period_to": "2031-12-31"}), when({"period_from": None, "published": None})
    ('2031', '')
    """
    start, end = figure["period_from"], figure.get("period_to")
    if start and start == end:
        return f"as of {start}"
    if days := period(start, end):
        return days
    return f"as printed on {figure['published']}" if figure["published"] else ""


def charts(figures: Sequence[Row], name: str, path: Path) -> list[Row]:
    """A chart for each unit and kind with at least two figures that can be placed in time, most figures first."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for figure in figures:
        if _days(figure) and _values(figure):
            groups.setdefault((figure["unit"] or "", figure["kind"]), []).append(figure)
    kept = sorted((g for g in groups.items() if len(g[1]) > 1), key=lambda group: -len(group[1]))[:CHARTS]
    return [_chart(unit, kind, found, name, path) for (unit, kind), found in kept]


def _chart(unit: str, kind: str, figures: Sequence[Row], name: str, path: Path) -> Row:
    places = [place for place, _ in Counter(figure["place"] or "" for figure in figures).most_common()]
    what = ", ".join(
        filter(None, (name, KINDS.get(kind, kind.replace("_", " ")), f"in {UNITS.get(unit, unit)}" if unit else ""))
    )
    points = [_point(figure, places.index(figure["place"] or ""), path) for figure in figures]
    shown = places[:SHAPES] + (["other places"] if len(places) > SHAPES else [])
    legend = [(place or "no place stated", _key(n)) for n, place in enumerate(shown)]
    return {"what": what, "svg": timeline(points, f"Timeline: {what}"), "legend": legend}


def _point(figure: Row, group: int, path: Path) -> Point:
    start, end = _days(figure)
    low, high = _values(figure)
    said = (quantity(figure), figure["place"], figure["period"], figure["outlet"], figure["published"])
    return Point(
        start,
        end,
        low,
        high,
        group,
        " · ".join(part for part in said if part),
        path(f"/-/article/{quote(figure['article'], safe='')}") + f"#{anchor(figure['id'], 'figure')}",
        odd=bool(figure["conflicts"]),
    )


def _days(figure: Row) -> tuple[str, ...]:
    """First and last day of the period, else the day of publication; nothing where neither is a whole day."""
    start = figure["period_from"] or figure["period_to"] or figure["published"]
    end = figure["period_to"] or figure["period_from"] or figure["published"]
    days = tuple(str(day)[:10] for day in (start, end) if day and len(str(day)) >= 10)
    return days if len(days) == 2 else ()


def _values(figure: Row) -> tuple[float, ...]:
    bounds = [figure[name] for name in ("low", "high") if figure[name] is not None]
    value = figure["value"]
    found = [value, value] if value is not None else [min(bounds), max(bounds)] if bounds else []
    return tuple(found)


def _key(group: int) -> Markup:
    return Markup('<svg class="key group-{}" viewBox="0 0 16 16" aria-hidden="true">{}</svg>').format(
        group, shape(group, 8, 8)
    )
