"""Charts as SVG made on the server: a figure's timeline, counts by week. Every chart stands beside a table of the same
numbers, so a chart carries shapes and titles only, no text that a reader could miss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from db.site.frames import Frame
from db.site.words import number

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 78, 16, 14, 34
SHAPES = 4  # places told apart by a shape of their own; the others share one


@dataclass(frozen=True, slots=True)
class Point:
    """A figure as drawn: days from and to (ISO 8601) of its period, values from `low` to `high`, both the same for a
    single value; `group` is 0 for the first of the places, 1 for the second and so on; `title` is read on hover; `href`
    leads to the words on the page; `odd` marks figures that another origin contradicts."""

    start: str
    end: str
    low: float
    high: float
    group: int
    title: str
    href: str
    odd: bool = False


def timeline(points: Sequence[Point], label: str) -> Markup:
    """The points over time, values upwards, with the axes' own marks. `label` says in words what is shown."""
    days = [day for point in points for day in (_day(point.start), _day(point.end))]
    first, last = min(days), max(days)
    if first == last:
        first, last = first - 183, last + 183
    marks = ticks(min(p.low for p in points), max(p.high for p in points))
    lowest, highest = marks[0], marks[-1]

    def x(day: float) -> float:
        return round(LEFT + (day - first) / (last - first) * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        return round(TOP + (highest - value) / (highest - lowest) * (HEIGHT - TOP - BOTTOM), 1)

    parts = [_level(y(mark), number(mark)) for mark in marks]
    parts += [_year(x(day), text) for day, text in _years(first, last)]
    parts += [_drawn(point, x(_day(point.start)), x(_day(point.end)), y(point.low), y(point.high)) for point in points]
    return Markup('<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, label, Markup("").join(parts)
    )


def bars(counts: Sequence[tuple[str, int]], label: str) -> Markup:
    """Counts side by side, each (name, count), as thin as there are many of them."""
    most = max((count for _, count in counts), default=0) or 1
    wide = 100 / max(len(counts), 1)
    bar = Frame('<rect x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>')
    drawn = []
    for n, (name, count) in enumerate(counts):
        tall = round(24 * count / most, 2)
        drawn.append(
            bar.format(round(n * wide, 2), round(24 - tall, 2), round(wide * 0.8, 2), tall, name, number(count))
        )
    frame = Markup(
        '<svg class="bars" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    )
    return frame.format(label, Markup("").join(drawn))


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from one at or below `low` to one at or above `high`, some `about` of them, at least two.

    >>> ticks(3, 41)
    [0, 10, 20, 30, 40, 50]
    >>> ticks(7, 7)
    [6, 8]
    """
    step = abs(low) * 0.2 or 1.0 if low == high else (high - low) / about
    size = 10 ** math.floor(math.log10(step))
    step = next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= step * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step)
    if first == last:
        first, last = first - 1, last + 1
    return [round(n * step, 10) for n in range(first, last + 1)]


def _day(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def _years(first: int, last: int) -> list[tuple[int, str]]:
    """Beginnings of years between two days, at most about eight of them; of months when there is no year between."""
    a, b = date.fromordinal(first), date.fromordinal(last)
    years = [date(year, 1, 1) for year in range(a.year, b.year + 2)]
    inside = [day for day in years if first <= day.toordinal() <= last]
    if len(inside) >= 2:
        step = math.ceil(len(inside) / 8)
        return [(day.toordinal(), str(day.year)) for day in inside if day.year % step == 0]
    months = [date(year, month, 1) for year in range(a.year, b.year + 1) for month in range(1, 13)]
    inside = [day for day in months if first <= day.toordinal() <= last]
    step = max(1, math.ceil(len(inside) / 8))
    return [(day.toordinal(), f"{day:%b %Y}") for day in inside[::step]]


def _level(y: float, text: str) -> Markup:
    line = Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(LEFT, WIDTH - RIGHT, y, y)
    return line + Markup('<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>').format(LEFT - 8, y + 4, text)


def _year(x: float, text: str) -> Markup:
    base = HEIGHT - BOTTOM
    line = Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(x, x, TOP, base)
    return line + Markup('<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>').format(x, base + 20, text)


def _drawn(point: Point, x1: float, x2: float, low: float, high: float) -> Markup:
    """A figure: its period as a line, its range as another, and a shape in the middle of both."""
    x, y = round((x1 + x2) / 2, 1), round((low + high) / 2, 1)
    lines = Markup("")
    if x2 - x1 > 1:
        lines += Frame('<line class="span" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(x1, x2, y, y)
    if low - high > 1:
        lines += Frame('<line class="span" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(x, x, high, low)
    return Frame('<a href="{}" class="{}"><title>{}</title>{}{}</a>').format(
        point.href, f"point group-{min(point.group, SHAPES)}{' odd' if point.odd else ''}", point.title, lines,
        shape(min(point.group, SHAPES), x, y),
    )  # fmt: skip


def shape(group: int, x: float, y: float, size: float = 5) -> Markup:
    """The mark of a group: places are told apart by shape, not by colour alone."""
    r = size
    if group == 0:
        return Frame('<circle cx="{}" cy="{}" r="{}"/>').format(x, y, r)
    corners = {
        1: ((-r, -r), (r, -r), (r, r), (-r, r)),
        2: ((0, -1.3 * r), (1.2 * r, r), (-1.2 * r, r)),
        3: ((0, -1.4 * r), (1.4 * r, 0), (0, 1.4 * r), (-1.4 * r, 0)),
    }.get(group, ((-1.2 * r, -r), (1.2 * r, -r), (0, 1.3 * r)))
    places = " ".join(f"{round(x + dx, 1)},{round(y + dy, 1)}" for dx, dy in corners)
    return Frame('<polygon points="{}"/>').format(places)
