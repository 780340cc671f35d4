"""`same_figure`, `conflicting_figure` and `apparent_conflict`.

Two figures meet only when measure, place, unit, kind and modality are the same and their periods agree (`periods`); a
demand, a forecast or a denial never meets an assertion. Then their values decide, as intervals (`values`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from logging import getLogger

from .names import same_speaker
from .periods import bounds, meeting, period_text
from .records import Figure, Records
from .store import Link, ordered
from .values import Range, printed_range, relation, significant_digits, slip
from .words import content_stems, fold

log_ = getLogger(__name__)

MAX_PEERS = 300  # figures of one measure and place that a figure is compared with, the nearest in time first
ALIKE = 2  # words that the names of two measures share when one may be taken for the other
TELLING = 3  # digits at which an equal number is hardly chance
A_YEAR = 366
TWO_QUARTERS = 250  # days: counts that come out each quarter, one of them missed, and the delay of print
VERBS = {"same_figure": "agrees with", "conflicting_figure": "does not fit", "apparent_conflict": "differs from"}
CURRENCIES = frozenset({"CAD", "USD", "EUR", "GBP", "AUD", "NZD", "MXN", "CHF", "JPY"})

Compared = tuple[Figure, Range]
Compare = Callable[[Compared, Compared], Link | None]


def figure_links(records: Records) -> Iterator[Link]:
    """Links between figures of different articles, or of different speakers in one article."""
    blocks: dict[tuple, list[Compared]] = defaultdict(list)
    nameless: dict[tuple, list[Compared]] = defaultdict(list)
    related: dict[tuple, list[Compared]] = defaultdict(list)
    for figure in records.figures:
        found = printed_range(figure)
        if found is None or figure.modality == "denied":
            continue
        if figure.measure:
            unit = "money" if figure.unit in CURRENCIES else figure.unit
            blocks[figure.measure, _place(figure), unit, figure.type, figure.modality].append((figure, found))
            if figure.period and found.value and figure.modality == "asserted":  # plans change, and are no conflict
                related[figure.period, _place(figure), unit, figure.type].append((figure, found))
        elif significant_digits(figure) > TELLING and figure.value is not None:
            nameless[figure.value, figure.unit, figure.type, figure.modality].append((figure, found))
    yield from _compare_all(blocks, _compare)
    yield from _compare_all(nameless, _compare_nameless)
    yield from _compare_all(related, _compare_definitions)


def _compare_all(blocks: dict[tuple, list[Compared]], compare: Compare) -> Iterator[Link]:
    lost = 0
    for block in blocks.values():
        block.sort(key=lambda item: (item[0].as_of, item[0].public_id))
        for i, a in enumerate(block):
            peers = block[i + 1 : i + 1 + MAX_PEERS]
            lost += len(block) - i - 1 - len(peers)
            for b in peers:
                link = compare(a, b) if _may_meet(a[0], b[0]) else None
                if link:
                    yield link
    if lost:
        log_.info("%d pairs of figures were left out: over %d figures share a measure and a place", lost, MAX_PEERS)


def _may_meet(a: Figure, b: Figure) -> bool:
    """Not within one history (that is `revised`), nor one speaker's repetition within one article."""
    if a.version.id == b.version.id:
        return not same_speaker(a.names, b.names) and (a.names != b.names)
    return a.version.article != b.version.article


def _compare(one: Compared, other: Compared) -> Link | None:
    (first, second), ranges = _in_order(one, other)
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
    if how == "apart":
        return _apart(first, second, ranges, values)
    certainty = {"equal": 1.0, "near": 0.8, "inferred": 0.75, "undated": 0.7}[how]
    if values in ("same", "cut"):
        note = "if one of them was cut, not rounded" if values == "cut" else ""
        return _link("same_figure", first, second, ranges, certainty - (0.15 if note else 0), note)
    if values == "within":
        return _link("apparent_conflict", first, second, ranges, 0.5, "one prints a range that holds the other")
    if values == "open":
        return None
    if how == "near":
        return _link("apparent_conflict", first, second, ranges, 0.5, "the periods are not quite the same")
    if how == "undated" and first.names and second.names and not same_speaker(first.names, second.names):
        return _link("apparent_conflict", first, second, ranges, 0.5, "two speakers, and neither number is dated")
    return _link("conflicting_figure", first, second, ranges, certainty, slip(*ranges) or "")


def _other_period(a: Figure, b: Figure, ranges: tuple[Range, Range], values: str) -> Link | None:
    """One sum, or one change, given for two periods: a sum is spent once, a cut happens once. Levels may repeat."""
    tied_to_period = a.unit in CURRENCIES or a.type.startswith("change")
    exact = values == "same" and a.value == b.value and min(map(significant_digits, (a, b))) >= 2
    if not (tied_to_period and exact) or abs(a.version.day - b.version.day).days > A_YEAR:
        return None
    return _link("conflicting_figure", a, b, ranges, 0.6, "one number is given for two different periods")


def _apart(a: Figure, b: Figure, ranges: tuple[Range, Range], values: str) -> Link | None:
    """One is undated and the days are far apart: equal telling numbers are the same, others only seem to differ."""
    if values == "same" and a.value == b.value and min(map(significant_digits, (a, b))) >= TELLING:
        return _link("same_figure", a, b, ranges, 0.5, "one of them names no period")
    distance = min(abs(x - y).days for x in bounds(a) for y in bounds(b))
    if values == "differs" and distance <= TWO_QUARTERS and not (a.unit in CURRENCIES or a.type.startswith("change")):
        return _link("apparent_conflict", a, b, ranges, 0.4, "the dates differ, so both may be right")
    return None


def _compare_nameless(one: Compared, other: Compared) -> Link | None:
    """Figures whose measure is not known: only a telling number, equal to the digit, with a counted noun in common."""
    (a, b), ranges = _in_order(one, other)
    lang = a.version.lang
    shared = content_stems(a.counted or "", lang) & content_stems(b.counted or "", lang)
    if not shared or {_place(a), _place(b)} - {""} not in ({_place(a)}, {_place(b)}, set()):
        return None
    if meeting(a, b) == "other":
        return None
    return _link("same_figure", a, b, ranges, 0.6, f"equal to the digit, both of {', '.join(sorted(shared))}")


def _compare_definitions(one: Compared, other: Compared) -> Link | None:
    """Two measures whose names nearly say the same, for one place and period, with numbers of one size that differ."""
    (a, b), ranges = _in_order(one, other)
    if a.measure == b.measure or relation(*ranges) != "differs" or a.unit != b.unit:
        return None
    names = [content_stems((f.measure or "").replace("_", " "), "en") for f in (a, b)]
    if len(names[0] & names[1]) < ALIKE or not 0.5 < (a.value or 0) / (b.value or 1) < 2:
        return None
    what = f"the definition differs: {_plain(a.measure)} against {_plain(b.measure)}"
    return _link("apparent_conflict", a, b, ranges, 0.4, what)


def _in_order(one: Compared, other: Compared) -> tuple[tuple[Figure, Figure], tuple[Range, Range]]:
    first, _ = ordered(one[0], other[0])
    a, b = (one, other) if first is one[0] else (other, one)
    return (a[0], b[0]), (a[1], b[1])


def _plain(key: str | None) -> str:
    return (key or "").replace("_", " ")


def _place(figure: Figure) -> str:
    return fold(figure.place or "")


def _link(label: str, a: Figure, b: Figure, ranges: tuple[Range, Range], score: float, note: str) -> Link:
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
