"""`same_figure`, `conflicting_figure` and `apparent_conflict`.

Two figures meet only when measure, place, unit, kind and modality are the same and their periods agree (`periods`); a
demand, a forecast or a denial never meets an assertion. Then their values decide, as intervals (`values`).
"""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from .names import same_speaker
from .parts import Parts
from .peers import (
    TELLING,
    Item,
    may_meet,
    of_like_measures,
    of_one_measure,
    of_one_number,
    one_size,
    place,
    readable,
    tied_to_period,
)
from .periods import bounds, meeting, period_text
from .plans import Plans
from .populations import population
from .recent import Recent
from .records import Figure, Records
from .store import Link, ordered
from .values import Range, relation, significant_digits, slip
from .words import content_stems

Peoples = frozenset[str]

KEPT = 10_000  # figures
A_YEAR = 366
WORLDS = 10  # times
A_SEASON = 92  # days: an undated sum or change printed further off speaks of another moment of the period
TWO_QUARTERS = 250  # days: counts that come out each quarter, one of them missed, and the delay of print
VERBS = {"same_figure": "agrees with", "conflicting_figure": "does not fit", "apparent_conflict": "differs from"}


class FigureLinks:
    """How two figures of different articles, or of different speakers in one article, relate."""

    def __init__(self, db: Database, records: Records) -> None:
        self._parts, self._plans = Parts(db, records), Plans(db)
        self._read: Recent[int, Item | None] = Recent(KEPT)
        self._peoples: Recent[int, Peoples] = Recent(KEPT)

    def between(self, a: Figure, b: Figure) -> Link | None:
        """None where the two do not meet or say nothing about each other."""
        a, b = ordered(a, b)
        one, other = self._readable(a), self._readable(b)
        if one is None or other is None or not may_meet(a, b):
            return None
        if of_one_measure(a, b):
            link = _compare(one, other, self._people)
        elif of_one_number(a, b):
            link = _compare_nameless(one, other)
        elif of_like_measures(a, b):
            link = _compare_definitions(one, other)
        else:
            return None
        if link and link.label != "same_figure" and (self._parts.divided(a, b) or self._plans.tell_apart(a, b)):
            return None
        return link

    def _readable(self, figure: Figure) -> Item | None:
        return self._read.made(figure.id, lambda: readable(figure))

    def _people(self, figure: Figure) -> Peoples:
        return self._peoples.made(figure.id, lambda: population(figure))


def _compare(one: Item, other: Item, people: Callable[[Figure], Peoples]) -> Link | None:
    first, second, ranges = one[0], other[0], (one[1], other[1])
    how = meeting(first, second)
    values = relation(*ranges)
    if first.unit != second.unit:
        if how in ("equal", "near", "inferred") and first.value and first.value == second.value:
            return _link(
                "apparent_conflict", first, second, ranges, 0.4, "the currency differs: no rate is applied here"
            )
        return None
    if how == "other":
        return _other_period(first, second, ranges, values)
    if how == "apart" or (how == "inferred" and tied_to_period(first) and _days_between(first, second) > A_SEASON):
        return _apart(first, second, ranges, values, people)
    certainty = {"equal": 1.0, "near": 0.8, "inferred": 0.75, "undated": 0.7}[how]
    if values in ("same", "cut"):
        note = "if one of them was cut, not rounded" if values == "cut" else ""
        return _link("same_figure", first, second, ranges, certainty - (0.15 if note else 0), note)
    if values == "within":
        return _link("apparent_conflict", first, second, ranges, 0.5, "one prints a range that holds the other")
    if values == "open" or not _may_contradict(first, second, how):
        return None
    if how != "equal" and _worlds_apart(first, second) and not slip(*ranges):
        return None
    if first.modality != "asserted" and how != "equal":
        return None  # of a plan, the day it was printed says nothing
    if people(first) != people(second):
        return _of_other_people(first, second, ranges)
    if first.type.startswith("change") and first.modality != "asserted":
        return _link("apparent_conflict", first, second, ranges, 0.4, "what the change is measured from may differ")
    if how == "near":
        return _link("apparent_conflict", first, second, ranges, 0.5, "the periods are not quite the same")
    if how == "undated" and first.names and second.names and not same_speaker(first.names, second.names):
        return _link("apparent_conflict", first, second, ranges, 0.5, "two speakers, and neither number is dated")
    return _link("conflicting_figure", first, second, ranges, certainty, slip(*ranges) or "")


def _may_contradict(a: Figure, b: Figure, how: str) -> bool:
    """A disagreement is about one named place. Within one article also about a defined measure and a printed period:
    there, the numbers of a report are mostly several counts of it."""
    return bool(place(a)) and (a.version.id != b.version.id or (a.defined and how == "equal"))


def _of_other_people(a: Figure, b: Figure, ranges: tuple[Range, Range]) -> Link | None:
    """One counts a people that the other does not name. A share or a change may be taken for the other's; a number of
    some people is smaller than that of all, and says nothing."""
    if a.unit != "percent":
        return None
    who = " against ".join(f"“{f.counted}”" for f in ordered(a, b))
    return _link("apparent_conflict", a, b, ranges, 0.4, f"the population differs: {who}")


def _other_period(a: Figure, b: Figure, ranges: tuple[Range, Range], values: str) -> Link | None:
    """One sum, or one change, given for two periods: a sum is spent once, a cut happens once. Levels may repeat."""
    exact = values == "same" and (a.value, a.modifier) == (b.value, b.modifier)
    exact = exact and min(map(significant_digits, (a, b))) >= 2
    if not (tied_to_period(a) and exact) or _days_between(a, b) > A_YEAR:
        return None
    return _link("conflicting_figure", a, b, ranges, 0.6, "one number is given for two different periods")


def _apart(
    a: Figure, b: Figure, ranges: tuple[Range, Range], values: str, people: Callable[[Figure], Peoples]
) -> Link | None:
    """One is undated and the days are far apart: equal telling numbers are the same, others only seem to differ."""
    if values == "same" and a.value == b.value and min(map(significant_digits, (a, b))) >= TELLING:
        return _link("same_figure", a, b, ranges, 0.5, "one of them names no period")
    distance = min(abs(x - y).days for x in bounds(a) for y in bounds(b))
    comparable = a.defined and bool(place(a)) and one_size(a.value, b.value) and not tied_to_period(a)
    if values == "differs" and distance <= TWO_QUARTERS and comparable and people(a) == people(b):
        return _link("apparent_conflict", a, b, ranges, 0.4, "the dates differ, so both may be right")
    return None


def _compare_nameless(one: Item, other: Item) -> Link | None:
    """Figures whose measure is not known: only a telling number, equal to the digit, with a counted noun in common."""
    a, b, ranges = one[0], other[0], (one[1], other[1])
    lang = a.version.lang
    shared = content_stems(a.counted or "", lang) & content_stems(b.counted or "", lang)
    if not shared or len({place(a), place(b)} - {""}) > 1 or meeting(a, b) == "other":
        return None
    return _link("same_figure", a, b, ranges, 0.6, f"equal to the digit, both of {', '.join(sorted(shared))}")


def _compare_definitions(one: Item, other: Item) -> Link | None:
    """Two measures whose names nearly say the same, for one place and period, with numbers of one size that differ."""
    a, b, ranges = one[0], other[0], (one[1], other[1])
    if relation(*ranges) != "differs":
        return None
    if not one_size(a.value, b.value):
        return None
    what = f"the definition differs: {_plain(a.measure)} against {_plain(b.measure)}"
    return _link("apparent_conflict", a, b, ranges, 0.4, what)


def _worlds_apart(a: Figure, b: Figure) -> bool:
    """Ten times or more: the cost of one case against that of all, rather than two numbers for one thing."""
    low, high = sorted((abs(a.value or 0), abs(b.value or 0)))
    return bool(low) and high >= WORLDS * low


def _days_between(a: Figure, b: Figure) -> int:
    return abs(a.version.day - b.version.day).days


def _plain(key: str | None) -> str:
    return (key or "").replace("_", " ")


def _link(label: str, a: Figure, b: Figure, ranges: tuple[Range, Range], score: float, note: str) -> Link:
    first, _ = ordered(a, b)
    if first is b:
        a, b, ranges = b, a, (ranges[1], ranges[0])
    head = ", ".join(x for x in (_plain(a.measure or a.counted), a.place, a.modality) if x)
    sides = (f"{_printed(f, r)} ({f.version.outlet}; {period_text(f)})" for f, r in zip((a, b), ranges, strict=True))
    verb = VERBS[label]
    text = f"{head}: {f' {verb} '.join(sides)}"
    notes = [note] if note else []
    if a.version.id == b.version.id:
        notes.append("both in one article, from different speakers")
    elif a.version.origin and a.version.origin == b.version.origin:
        notes.append(f"both articles credit {a.version.origin}: one origin")
    return Link(label, a, b, score, "; ".join([text, *notes]) + ".")


def _printed(figure: Figure, r: Range) -> str:
    if r.low == r.high == r.value:
        return f"“{figure.text}”"
    low, high = (("−∞" if x < 0 else "∞") if abs(x) == float("inf") else f"{x:,.10g}" for x in (r.low, r.high))
    return f"“{figure.text}” [{low} to {high}]"
