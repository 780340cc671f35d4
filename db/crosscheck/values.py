"""Printed numbers as intervals: what a printed figure may stand for, by its written precision and its hedge.

"576.9 million" was rounded to a tenth of a million, "nearly 577 million" lies below it, "55 %" may have been rounded or
cut. Two printings are compatible when their intervals meet.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from .records import Figure

NUMERAL = re.compile(r"\d+(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
ROUND_SHARE = 0.025  # a round number of one or two digits ("60,000") was not rounded by more than this share of itself
HEDGE_SHARE = 0.05  # nor does "about" or "nearly" reach further than this
LOOSEST = 0.3  # nor is "about 1 billion" said of nothing or of two: the most that one digit before a scale word allows
FRACTION_SLACK = 2.0  # "half", "a quarter", "two-thirds" of a hundred: percentage points


@dataclass(frozen=True, slots=True)
class Range:
    """`low` to `high` is what the words allow, a number that was cut instead of rounded included; `rounded` is the same
    without that allowance; `near` is as far as an open hedge ("more than") still speaks of one sum."""

    low: float
    high: float
    near: tuple[float, float]
    rounded: tuple[float, float]
    value: float | None

    @classmethod
    def closed(cls, low: float, high: float, value: float | None) -> Range:
        return cls(low, high, (low, high), (low, high), value)


Relation = Literal["same", "cut", "within", "open", "differs"]


def printed_range(figure: Figure) -> Range | None:
    """The interval of a figure; None when it has neither a value nor bounds. Decreases are negative."""
    if figure.value is not None:
        found = _of_value(figure.value, figure)
    elif figure.low is None and figure.high is None:
        return None
    else:
        low = -math.inf if figure.low is None else figure.low
        found = Range.closed(low, math.inf if figure.high is None else figure.high, None)
    decrease = figure.direction == "decrease" and figure.type.startswith("change")
    return _negative(found) if decrease else found


def _of_value(value: float, figure: Figure) -> Range:
    percent = figure.unit == "percent"
    last, rounded = precision(figure.text, value, percent)
    last = min(last, LOOSEST * abs(value)) if last > 1 else last
    slack = max(last, min(rounded, HEDGE_SHARE * abs(value)))
    half = max(last / 2, min(rounded / 2, ROUND_SHARE * abs(value)))
    reach = max(slack, HEDGE_SHARE * abs(value))
    match figure.modifier:
        case "approx":
            return Range.closed(value - slack, value + slack, value)
        case "just_under":
            return Range.closed(value - slack, value, value)
        case "just_over":
            return Range.closed(value, value + slack, value)
        case "at_least":
            return Range(value, math.inf, (value, value + reach), (value, math.inf), value)
        case "at_most":
            return Range(-math.inf, value, (value - reach, value), (-math.inf, value), value)
    low, high = value - half, value + half
    cut = value + last if percent and NUMERAL.search(figure.text) else high
    return Range(low, cut, (low, cut), (low, high), value)


def precision(text: str, value: float, percent: bool) -> tuple[float, float]:
    """(worth of the last digit written, worth of the last digit that is no closing zero), in the unit of `value`.

    The scale of "576.9 million" follows from value / numeral, so no word list is needed. One closing zero ("260") is
    taken for a digit, two or more for rounding; percentages are written to the unit. Number words have no digits: only
    the shares of the hedge bound what they stand for.
    """
    match = NUMERAL.search(text)
    if match is None:
        return (FRACTION_SLACK, FRACTION_SLACK) if percent and value > 12 else (0.0, abs(value))
    numeral = re.sub(r"[,\u00a0\u202f]", "", match.group())
    scale = value / float(numeral) if float(numeral) else 1.0
    whole, _, decimals = numeral.partition(".")
    last = abs(scale) * 10.0 ** -len(decimals)
    zeros = 0 if decimals or percent else len(whole) - len(whole.rstrip("0"))
    rounded = abs(scale) * 10.0**zeros if zeros > 1 or (zeros and abs(scale) > 1) else last
    return last if abs(scale) > 1 or decimals or percent else 1.0, rounded


def relation(a: Range, b: Range) -> Relation:
    """How two printings relate: `same` (their intervals meet), `cut` (only if one was cut, not rounded), `within` (a
    printed range holds the other's number), `open` ("more than" with a far larger number: no news), `differs`."""
    if not _meet(a.low, a.high, b.low, b.high):
        return "differs"
    if (a.value is None) != (b.value is None):
        return "within"
    if not _meet(*a.near, *b.near):
        return "open"
    return "same" if _meet(*a.rounded, *b.rounded) else "cut"


def slip(a: Range, b: Range) -> str | None:
    """The name of a slip that would explain two different numbers, for a reader to judge; None when none fits."""
    if a.value is None or b.value is None or not a.value or not b.value:
        return None
    ratio = max(a.value / b.value, b.value / a.value)
    for factor, name in ((10, "ten"), (100, "a hundred"), (1000, "a thousand"), (1e6, "a million")):
        if abs(ratio / factor - 1) < 0.01:
            return f"one is {name} times the other: a slip of scale in one of them is possible"
    x, y = (str(int(abs(v))) for v in (a.value, b.value))
    if len(x) == len(y) > 1 and x != y and sorted(x) == sorted(y) and len(set(x.rstrip("0"))) > 1:
        return "the same digits in another order: a transposition in one of them is possible"
    return None


def significant_digits(figure: Figure) -> int:
    """Digits of the printed numeral that carry information: 3 for "576,000", 2 for "17 per cent", 1 for "half"."""
    match = NUMERAL.search(figure.text)
    if match is None:
        return 1
    digits = re.sub(r"[^\d.]", "", match.group())
    return len(digits.replace(".", "").lstrip("0")) if "." in digits else max(1, len(digits.strip("0")))


def _meet(low: float, high: float, other_low: float, other_high: float) -> bool:
    """Intervals share more than an end point, or are the same point, or a point lies in the other."""
    if low == high or other_low == other_high:
        return max(low, other_low) <= min(high, other_high)
    return max(low, other_low) < min(high, other_high)


def _negative(r: Range) -> Range:
    def turn(ends: tuple[float, float]) -> tuple[float, float]:
        return -ends[1], -ends[0]

    return Range(-r.high, -r.low, turn(r.near), turn(r.rounded), None if r.value is None else -r.value)
