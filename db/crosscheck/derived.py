"""`derived`: a printed figure that follows by arithmetic from two others printed near it, written out.

Never a search through all triples: operands stand within a few sentences of the result in the same article, are levels
of one unit, are printed to three digits or more, and the words that name them (measure, counted noun, whole) must be
the result's words. The result must lie within what was printed, hedge and rounding included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, permutations

from .records import Figure, Records
from .store import Link
from .values import printed_range, significant_digits
from .words import content_stems, fold

REACH = 450  # characters between a result and its operands
DIGITS = 3  # printed digits, zeros included, that an operand must have: "half of 80" proves nothing

Rule = tuple[str, Callable[[float, float], float], str]

SHARE: Rule = ("share", lambda a, b: 100 * a / b, "100 × {a} / {b}")
GROWTH: Rule = ("growth", lambda a, b: 100 * (a / b - 1), "100 × ({a} / {b} − 1)")
RATIO: Rule = ("ratio", lambda a, b: a / b, "{a} / {b}")
DIFFERENCE: Rule = ("difference", lambda a, b: a - b, "{a} − {b}")


def derived(records: Records) -> Iterator[Link]:
    """For each result a link to every operand; both carry the whole expression."""
    for figures in records.figures_of.values():
        levels = [f for f in figures if _is_operand(f)]
        for result in figures:
            near = [f for f in levels if f.id != result.id and _distance(f, result) <= REACH]
            found = _two_operands(result, near) or _sum(result, near)
            if found:
                operands, kind, expression = found
                for operand in operands:
                    yield Link("derived", result, operand, 0.8, f"{result.text}: {kind}, {expression}.")


def _two_operands(result: Figure, near: list[Figure]) -> tuple[tuple[Figure, ...], str, str] | None:
    """The one pair that gives the result; None when no pair does, or several (then nothing is known)."""
    rule = _rule(result)
    if rule is None or printed_range(result) is None:
        return None
    kind, compute, form = rule
    fits = []
    for a, b in permutations(near, 2):
        if (
            a.unit == b.unit
            and b.value
            and _related(result, a, b, kind)
            and _fits(result, compute(a.value or 0, b.value))
        ):
            fits.append((a, b))
    if len({(a.value, b.value) for a, b in fits}) != 1:
        return None
    a, b = min(fits, key=lambda p: (_distance(p[0], result) + _distance(p[1], result), p[0].public_id))
    outcome = compute(a.value or 0, b.value or 1)
    return (
        (a, b),
        kind,
        f"{form.format(a=_plain(a.value), b=_plain(b.value))} = {_plain(outcome)}, printed “{result.text}”",
    )


def _rule(result: Figure) -> Rule | None:
    if result.unit == "percent":
        return {"share": SHARE, "change_relative": GROWTH}.get(result.type)
    return {"change_ratio": RATIO, "change_absolute": DIFFERENCE}.get(result.type)


def _related(result: Figure, a: Figure, b: Figure, kind: str) -> bool:
    """The operands are of the kind of thing the result is about."""
    if kind == "share":
        if (a.value or 0) >= (b.value or 0):
            return False
        apart = a.place != b.place and a.measure == b.measure
        return (apart or a.measure != b.measure) and bool(_about(result) & (_about(a) | _about(b)))
    same_thing = a.measure == b.measure and fold(a.place or "") == fold(b.place or "") and a.measure is not None
    also_planned = bool(_about(a) & _about(b)) and a.modality == b.modality and a.period == b.period
    return (same_thing and a.period != b.period or also_planned) and bool(_about(result) & _about(a))


def _sum(result: Figure, near: list[Figure]) -> tuple[tuple[Figure, ...], str, str] | None:
    """A level that is the sum of two or three others of its unit, to the digit, standing in one sentence or two."""
    if not _is_operand(result) or significant_digits(result) < DIGITS:
        return None
    parts = [f for f in near if f.unit == result.unit and 0 < (f.value or 0) < (result.value or 0)]
    for count in (2, 3):
        for some in combinations(parts, count):
            total = sum(f.value or 0 for f in some)
            if (
                total == result.value
                and all(_about(f) & _about(result) for f in some[:1])
                and _one_family(some, result)
            ):
                text = " + ".join(_plain(f.value) for f in some)
                return some, "sum", f"{text} = {_plain(total)}, printed “{result.text}”"
    return None


def _one_family(parts: tuple[Figure, ...], whole: Figure) -> bool:
    """Parts of one place and period (kinds of a thing), or one measure over several periods."""
    series = all(f.measure == whole.measure and f.place == whole.place for f in parts)
    kinds = all(f.period == whole.period and fold(f.place or "") == fold(whole.place or "") for f in parts)
    places = all(f.measure == whole.measure and f.period == whole.period for f in parts)
    return series or kinds or places


def _is_operand(figure: Figure) -> bool:
    digits = sum(c.isdigit() for c in figure.text)
    return figure.type == "level" and bool(figure.value) and (digits >= DIGITS or "." in figure.text)


def _fits(result: Figure, outcome: float) -> bool:
    """Hedged or rounded, the printed result allows the outcome; "more than" only just."""
    r = printed_range(result)
    if r is None:
        return False
    low, high = r.near
    if result.direction == "decrease" and result.unit != "percent":
        outcome = -abs(outcome)
    return low <= outcome <= high


def _about(figure: Figure) -> frozenset[str]:
    words = " ".join(x for x in (figure.measure, figure.counted, figure.whole) if x).replace("_", " ")
    return content_stems(words, figure.version.lang)


def _distance(a: Figure, b: Figure) -> int:
    return max(0, max(a.start, b.start) - min(a.end, b.end))


def _plain(value: float | None) -> str:
    return f"{value or 0:,.6g}" if abs(value or 0) < 1000 else f"{value or 0:,.0f}"
