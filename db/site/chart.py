"""Charts as SVG made on the server: a figure's timeline, counts by week. Every chart stands beside a table of the same
numbers, so a chart carries shapes and titles only, no text that a reader could miss."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from db.site.frames import Frame
from db.site.periods import Bin
from db.site.words import number

WIDTH, HEIGHT, LOW = 720, 300, 190
WIDEST = 48  # column
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

    parts = [_level(y(mark), mark) for mark in marks]
    parts += _marks([(x(day), text) for day, text in _years(first, last)])
    parts += [_drawn(point, x(_day(point.start)), x(_day(point.end)), y(point.low), y(point.high)) for point in points]
    return Markup('<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, label, Markup("").join(parts)
    )


def columns(bins: Sequence[Bin], label: str, href: Callable[[Bin], str]) -> Markup:
    """Counts over time as columns between axes; a column leads to what it counts (`href`), an empty one is none."""
    marks = counting_ticks(max((found.count for found in bins), default=1) or 1)
    wide, base = min((WIDTH - LEFT - RIGHT) / max(len(bins), 1), WIDEST), LOW - BOTTOM

    def y(value: float) -> float:
        return round(base - value / marks[-1] * (base - TOP), 1)

    column = Markup('<a href="{}" class="column"><title>{}: {}</title><rect x="{}" y="{}" width="{}" height="{}"/></a>')
    parts = [_level(y(mark), mark) for mark in marks]
    parts += _marks(_beginnings(bins, wide), base)
    for n, found in enumerate(bins):
        if found.count:
            left, top = round(LEFT + n * wide + wide * 0.1, 1), y(found.count)
            size = round(wide * 0.8, 1), round(base - top, 1)
            parts.append(column.format(href(found), found.name, number(found.count), left, top, *size))
    return Markup('<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>').format(
        WIDTH, LOW, label, Markup("").join(parts)
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


def counting_ticks(most: int, about: int = 3) -> list[int]:
    """Round whole numbers from 0 to one at or above `most` (at least 1), some `about` of them.

    >>> counting_ticks(7), counting_ticks(1)
    ([0, 5, 10], [0, 1])
    """
    size = 10 ** math.floor(math.log10(max(most / about, 1)))
    step = next(size * m for m in (1, 2, 5, 10) if size * m * about >= most)
    return list(range(0, math.ceil(most / step) * step + 1, step))


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


def _beginnings(bins: Sequence[Bin], wide: float) -> list[tuple[float, str]]:
    """What to write below the axis and where: the years, or else the months, in which bins begin, as far as there is
    room for them."""
    years = len({found.start[:4] for found in bins}) > 2
    names = [found.start[:4] if years else f"{date.fromisoformat(found.start):%b %Y}" for found in bins]
    room, marks = (48 if years else 76), list[tuple[float, str]]()
    for n, name in enumerate(names):
        x = round(LEFT + n * wide, 1)
        if (n == 0 or name != names[n - 1]) and (not marks or x - marks[-1][0] >= room):
            marks.append((x, name))
    return marks


def _level(y: float, value: float) -> Markup:
    line = Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(LEFT, WIDTH - RIGHT, y, y)
    text = Markup('<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>')
    return line + text.format(LEFT - 8, y + 4, shortened(value))


def shortened(value: float) -> str:
    """A round number with few characters.

    >>> shortened(250_000), shortened(-1_500_000), shortened(2e9)
    ('250,000', '-1.5 m', '2 bn')
    """
    sizes = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))
    size, name = next(((size, f" {name}") for size, name in sizes if abs(value) >= size), (1, ""))
    return number(value / size) + name


def _marks(places: Sequence[tuple[float, str]], base: float = HEIGHT - BOTTOM) -> list[Markup]:
    """Times below the axis; every other one is `spare`, for which a narrow screen has no room."""
    line = Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>')
    text = Markup('<text class="tick{}" x="{}" y="{}" text-anchor="middle">{}</text>')
    drawn = []
    for n, (x, name) in enumerate(places):
        drawn += [line.format(x, x, TOP, base), text.format(" spare" if n % 2 else "", x, base + 20, name)]
    return drawn


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
        shape(min(point.group, SHAPES), x, y, 7 if point.odd else 5),
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
