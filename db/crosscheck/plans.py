"""An old plan beside the new one: "395,000 instead of 500,000" are two numbers for one year, and no disagreement.

What one article prints side by side it tells apart. Of plans, forecasts and demands that holds for all articles: who
prints only one of the numbers speaks of the same two plans. Assertions are left out: there, an article that prints two
numbers may well report a dispute.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from .records import Figure, Records

Number = tuple[float | None, float | None, float | None]


class Plans:
    """Which numbers for what is still to come some article prints side by side."""

    def __init__(self, records: Records) -> None:
        self._apart: set[tuple[object, frozenset[Number]]] = set()
        for figures in records.figures_of.values():
            told: dict[object, list[Figure]] = defaultdict(list)
            for figure in figures:
                if _lies_ahead(figure):
                    told[_of(figure)].append(figure)
            for what, some in told.items():
                pairs = (
                    (a, b) for a, b in combinations(some, 2) if a.period == b.period or not (a.period and b.period)
                )
                self._apart |= {(what, frozenset((_number(a), _number(b)))) for a, b in pairs}

    def tell_apart(self, a: Figure, b: Figure) -> bool:
        """Whether both lie ahead and some article prints both numbers for one measure and place, of one period or of
        periods it does not tell."""
        pair = (_of(a), frozenset((_number(a), _number(b))))
        return _lies_ahead(a) and _lies_ahead(b) and _of(a) == _of(b) and pair in self._apart


def _lies_ahead(figure: Figure) -> bool:
    return figure.modality in ("projected", "demanded") and bool(figure.measure)


def _of(figure: Figure) -> tuple[object, ...]:
    return figure.measure, figure.place, figure.type, figure.unit


def _number(figure: Figure) -> Number:
    return figure.value, figure.low, figure.high
