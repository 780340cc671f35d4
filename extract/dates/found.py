"""A recognised date expression in its place."""

from __future__ import annotations

from dataclasses import dataclass

from extract.dates.expression import Expression


@dataclass(frozen=True, slots=True)
class Found:
    """`text[start:end]` says `says`; `rule` is its kind, `weak` says it needs a neighbour to be a date."""

    start: int
    end: int
    says: Expression
    rule: str
    weak: bool = False
