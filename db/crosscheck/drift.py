"""What changed between two printings of one utterance: numbers and negations, which must never pass in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .records import Claim
from .words import lexicon, words, words_at

YEAR = re.compile(r"(19|20)\d\d")
TOLERANCE = 0.02  # two printed numbers this close may be one number, rounded


def numbers_in(text: str, lang: str = "en") -> tuple[float, ...]:
    """Numbers of a text, in figures or words, with their scale ("1.04 billion", "hundreds of
    thousands" as its order of magnitude); years are left out."""
    listed = lexicon(lang)
    found: list[float] = []
    open_ = False  # the number before may still take a scale word
    for token, _, _ in words_at(text):
        if token in listed.scales:
            scale = listed.scales[token]
            found = [*found[:-1], found[-1] * scale] if open_ else [*found, scale]
            open_ = True
        elif not (open_ and token in listed.links):
            value = float(token) if token[0].isdigit() else listed.numbers.get(token)
            open_ = value is not None and not YEAR.fullmatch(token)
            found += [value] if open_ and value is not None else []
    return tuple(found)


def shared_numbers(a: Sequence[float], b: Sequence[float]) -> list[float]:
    """The numbers of `a` that `b` prints too, a rounded one counting."""
    return [x for x in a if any(_close(x, y) for y in b)]


def drift(a: Claim, b: Claim) -> list[str]:
    """Notes on numbers that differ and on a negation that stands in one only; empty where nothing changed."""
    x, y = numbers_in(a.text, a.version.lang), numbers_in(b.text, b.version.lang)
    only_a = [n for n in x if n not in shared_numbers(x, y)]
    only_b = [n for n in y if n not in shared_numbers(y, x)]
    notes = []
    if only_a and only_b:
        notes.append(f"DRIFT, the numbers differ: {_list(only_a)} against {_list(only_b)}")
    elif only_a or only_b:
        notes.append(f"only the {'first' if only_a else 'second'} prints {_list(only_a or only_b)}")
    negations = [_negations(c) for c in (a, b)]
    if bool(negations[0]) != bool(negations[1]):
        which = "first" if negations[0] else "second"
        words_found = ", ".join(f"“{w}”" for w in negations[0] or negations[1])
        notes.append(f"DRIFT, only the {which} has a negation: {words_found}")
    return notes


def _negations(claim: Claim) -> list[str]:
    listed = lexicon(claim.version.lang).negation
    found = [w for w in words(claim.text) if w in listed or w.endswith("n't")]
    return found or (["denied"] if claim.negated else [])


def _close(x: float, y: float) -> bool:
    return x == y or (min(x, y) > 100 and abs(x - y) <= TOLERANCE * max(x, y))


def _list(values: Sequence[float]) -> str:
    return ", ".join(f"{v:,g}" if v < 1e6 else f"{v:,.0f}" for v in values)
