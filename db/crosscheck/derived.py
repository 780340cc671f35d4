"""`derived`: a printed figure that follows by arithmetic from two others printed near it, written out.

Never a search through all triples: operands stand within a few sentences of the result in the same article, are levels
of one unit, are printed to three digits or more, and the words that name them (measure, counted noun, whole) must be
the result's words. The result must lie within what was printed, hedge and rounding included.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import combinations, permutations

from .records import Figure
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
BEFORE: Rule = ("before the change", lambda a, b: a / (1 + b / 100), "{a} / (1 + {b} / 100)")

Found = tuple[tuple[Figure, ...], str, str]


def derived(figures: Iterable[Figure]) -> Iterator[Link]:
    """Of the figures of one version: for each result a link to every operand; both carry the whole expression."""
    numbers = [f for f in figures if f.value is not None and f.measure]
    told: set[frozenset[int]] = set()  # one relation is told once, from its share or change if it has one
    for result in sorted(numbers, key=_is_operand):
        near = [f for f in numbers if f.id != result.id and _distance(f, result) <= REACH]
        found = _two_operands(result, near) or _sum(result, near)
        if found and frozenset(f.id for f in (result, *found[0])) not in told:
            operands, kind, expression = found
            told.add(frozenset(f.id for f in (result, *operands)))
            for operand in operands:
                yield Link("derived", result, operand, 0.8, f"{result.text}: {kind}, {expression}.")


def _two_operands(result: Figure, near: list[Figure]) -> Found | None:
    """The one pair that gives the result; None when no pair does, or several (then nothing is known)."""
    rule, pairs = _rule(result, near)
    if rule is None:
        return None
    kind, compute, form = rule
    fits = [(a, b) for a, b in pairs if _fits(result, compute(_number(a), _number(b)))]
    if len({(a.value, b.value) for a, b in fits}) != 1:
        return None
    a, b = min(fits, key=lambda p: (_distance(p[0], result) + _distance(p[1], result), p[0].public_id))
    outcome = compute(_number(a), _number(b))
    written = form.format(a=_plain(_number(a)), b=_plain(_number(b)))
    return (a, b), kind, f"{written} = {_plain(outcome)}, printed “{result.text}”"


def _rule(result: Figure, near: list[Figure]) -> tuple[Rule | None, list[tuple[Figure, Figure]]]:
    """The rule for this kind of figure, and the pairs of operands that it may take."""
    levels = [f for f in near if _is_operand(f)]
    if _is_operand(result):
        changes = [f for f in near if f.unit == "percent" and f.type == "change_relative" and f.value]
        same_unit = [a for a in levels if a.unit == result.unit and _about(a) & _about(result)] if changes else []
        return BEFORE, [(a, b) for a in same_unit for b in changes if _about(a) & _about(b)]
    pairs = [(a, b) for a, b in permutations(levels, 2) if a.unit == b.unit and a.value != b.value]
    if result.unit == "percent" and result.type == "share":
        return SHARE, [(a, b) for a, b in pairs if _number(a) < _number(b) and _part(result, a, b, levels)]
    if result.unit == "percent" and result.type == "change_relative":
        return GROWTH, [(a, b) for a, b in pairs if _change(result, a, b)]
    if result.type == "change_ratio":
        return RATIO, [(a, b) for a, b in pairs if _change(result, a, b)]
    if result.type == "change_absolute":
        down = result.direction == "decrease"  # 485 to 395 is a decrease of 90: the larger number first
        larger_first = [(a, b) for a, b in pairs if _number(a) > _number(b) and a.unit == result.unit]
        return DIFFERENCE, [(a, b) for a, b in larger_first if _change(result, *((b, a) if down else (a, b)))]
    return None, []


def _part(result: Figure, a: Figure, b: Figure, levels: list[Figure]) -> bool:
    """A share of one thing in another: the words that name it name an operand, or no third such level is around."""
    if a.measure == b.measure and fold(a.place or "") == fold(b.place or ""):
        return False
    if a.period and b.period and a.period != b.period:
        return False
    return bool(_about(result) & (_about(a) | _about(b))) or sum(f.unit == a.unit for f in levels) == 2


def _change(result: Figure, a: Figure, b: Figure) -> bool:
    """Two values of one thing, at two times or in two plans, and the thing is what the result is about."""
    one_series = a.measure == b.measure and fold(a.place or "") == fold(b.place or "") and a.period != b.period
    two_plans = a.period == b.period and a.modality == b.modality and bool(_about(a) & _about(b))
    return (one_series or two_plans) and bool(_about(result) & _about(a))


def _sum(result: Figure, near: list[Figure]) -> Found | None:
    """A level that is the sum of two or three others of its unit, to the digit, standing in one sentence or two."""
    if not _is_operand(result) or significant_digits(result) < DIGITS:
        return None
    levels = [f for f in near if _is_operand(f) and f.unit == result.unit]
    parts = [f for f in levels if 0 < _number(f) < _number(result)]
    for some in _adding_up(parts, _number(result)):
        if _about(some[0]) & _about(result) and _one_family(some, result):
            text = " + ".join(_plain(_number(f)) for f in some)
            return some, "sum", f"{text} = {_plain(_number(result))}, printed “{result.text}”"
    return None


def _adding_up(parts: list[Figure], total: float) -> Iterator[tuple[Figure, ...]]:
    """Two, then three of the parts that make the total; the last is looked up, not searched for."""
    numbers = [_number(part) for part in parts]
    at: dict[float, list[int]] = defaultdict(list)
    for i, number in enumerate(numbers):
        at[number].append(i)
    for i, number in enumerate(numbers):
        yield from ((parts[i], parts[j]) for j in at.get(total - number, ()) if j > i)
    for i, k in combinations(range(len(parts)), 2):
        rest = total - (numbers[i] + numbers[k])
        yield from ((parts[i], parts[k], parts[j]) for j in at.get(rest, ()) if j > k)


def _one_family(parts: tuple[Figure, ...], whole: Figure) -> bool:
    """Parts of one place and period (kinds of a thing), or one measure over several periods."""
    series = all(f.measure == whole.measure and f.place == whole.place for f in parts)
    kinds = all(f.period == whole.period and fold(f.place or "") == fold(whole.place or "") for f in parts)
    places = all(f.measure == whole.measure and f.period == whole.period for f in parts)
    return series or kinds or places


def _is_operand(figure: Figure) -> bool:
    return figure.type == "level" and bool(figure.value) and _printed_in_full(figure.text)


@lru_cache(maxsize=10_000)
def _printed_in_full(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= DIGITS or "." in text


def _fits(result: Figure, outcome: float) -> bool:
    """Hedged or rounded, the printed result allows the outcome; "more than" only just."""
    r = printed_range(result)
    if r is None:
        return False
    low, high = r.near
    if result.type == "change_absolute" and result.direction == "decrease":
        outcome = -outcome
    return low <= outcome <= high


def _number(figure: Figure) -> float:
    """The value; a relative decrease is negative."""
    negative = figure.direction == "decrease" and figure.type == "change_relative"
    return -(figure.value or 0.0) if negative else figure.value or 0.0


def _about(figure: Figure) -> frozenset[str]:
    words = " ".join(x for x in (figure.measure, figure.counted, figure.whole) if x).replace("_", " ")
    return content_stems(words, figure.version.lang)


def _distance(a: Figure, b: Figure) -> int:
    return max(0, max(a.start, b.start) - min(a.end, b.end))


def _plain(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1000 else f"{value:,.0f}"
