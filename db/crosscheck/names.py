"""Whether two printed names mean one speaker."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from .words import fold, lexicon


@cache
def name_key(name: str) -> tuple[str, ...]:
    """The parts of a name without titles, accents, case and hyphens: `Mr. J.-F. Roberge` → (j, f, roberge)."""
    parts = re.split(r"[\s.\-‑–,]+", fold(name))
    return tuple(p.removesuffix("'s") for p in parts if p and p not in lexicon("en").title)


@cache
def same_name(a: str, b: str) -> bool:
    """One name is the other, shortened: equal parts, initials for given names, or the surname alone.

    The surname must be the same; given names must not contradict each other, so two people of one surname stay two.
    """
    x, y = name_key(a), name_key(b)
    if not x or not y or x[-1] != y[-1]:
        return False
    short, long = sorted((x[:-1], y[:-1]), key=len)
    if not short:
        return x == y or _is_person(long)
    if long[-len(short) :] == short:  # part of a double surname kept: "Lefebvre Roy" in "Anne Lefebvre Roy"
        return True
    return len(short) <= len(long) and all(_given(s, w) for s, w in zip(short, long, strict=False))


def same_speaker(a: Iterable[str], b: Iterable[str]) -> bool:
    """At least one name is common to both sides: a joint statement may be printed under one of its authors."""
    b = tuple(b)
    return any(same_name(x, y) for x in a for y in b)


def surnames(names: Iterable[str]) -> frozenset[str]:
    """The last part of every name: equal for any two names that `same_name` accepts."""
    return frozenset(key[-1] for key in map(name_key, names) if key)


def _given(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) == 1 and a[0] == b[0])


def _is_person(given: tuple[str, ...]) -> bool:
    """A surname alone may stand for a person, not for an organisation ("Canada" is not "Statistics Canada")."""
    return 0 < len(given) <= 3 and not lexicon("en").organisation & set(given)
