"""What changed between two printings of one utterance: numbers and negations, which must never pass in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .records import Claim
from .words import Lexicon, lexicon, stem, words, words_at

YEAR = re.compile(r"(19|20)\d\d")
LARGE = 100  # from here on a bare number is hardly chance
CURRENCY_SIGNS = ("$", "€", "£")
TOLERANCE = 0.02  # two printed numbers this close may be one number, rounded


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and what it is a number of: `percent`, `money`, the stem of the word behind it, or nothing."""

    value: float
    unit: str

    @property
    def strong(self) -> bool:
        """Whether the number alone tells what is spoken of: "three" and "50" do not, "50 per cent" and "2,150" do."""
        return self.unit in ("percent", "money") or self.value >= LARGE


@lru_cache(maxsize=20_000)
def amounts_in(text: str, lang: str = "en") -> tuple[Amount, ...]:
    """Numbers of a text, in figures or words, with their scale ("1.04 billion", "hundreds of thousands" as its order
    of magnitude) and unit; years are left out. A fraction is a share in per cent, unless it is added to a number."""
    listed = lexicon(lang)
    if not any(w[0].isdigit() or w in listed.counting for w in words(text)):
        return ()
    found: list[Amount] = []
    tokens = list(words_at(text))
    open_ = False  # the number before may still take a scale word or a fraction
    for at, (token, start, _) in enumerate(tokens):
        follows = [word for word, _, _ in tokens[at + 1 : at + 3] if word not in listed.links]
        if token in listed.scales:
            scale = listed.scales[token]
            value, unit = (found[-1].value * scale, found[-1].unit) if open_ else (scale, "")
            found = [*(found[:-1] if open_ else found), Amount(value, _unit(text, start, follows, unit, lang))]
            open_ = True
        elif open_ and token in listed.fractions:
            found[-1] = _with_fraction(found[-1], listed.fractions[token], tokens[at - 1][0] in listed.also)
        elif not (open_ and (token in listed.links or _joins(tokens, at, listed))):
            number = float(token) if token[0].isdigit() else listed.numbers.get(token)
            added = {word for word, _, _ in tokens[max(0, at - 2) : at]} <= listed.also and at > 1
            if number is None and token in listed.fractions and not added:
                found.append(Amount(listed.fractions[token], "percent"))
            open_ = number is not None and not YEAR.fullmatch(token)
            if open_ and number is not None:
                found.append(Amount(number, _unit(text, start, follows, "", lang)))
    return tuple(found)


def numbers_in(text: str, lang: str = "en") -> tuple[float, ...]:
    """The values of `amounts_in`."""
    return tuple(amount.value for amount in amounts_in(text, lang))


def _unit(text: str, start: int, follows: Sequence[str], known: str, lang: str) -> str:
    """What the word behind a number, or the sign before it, says; `known` from before its scale word stays."""
    following = next(iter(follows), "")
    if known == "money" or text[max(0, start - 1) : start] in CURRENCY_SIGNS or following in lexicon(lang).money:
        return "money"
    telling = following and (following not in lexicon(lang).stop or following in lexicon(lang).measured)
    return stem(following, lang) if telling else ""


def _with_fraction(number: Amount, share: float, added: bool) -> Amount:
    """ "three quarters" is 75 per cent, "one and a half" one and a half of whatever it is."""
    return Amount(number.value + share / 100, "") if added else Amount(number.value * share, "percent")


def _joins(tokens: Sequence[tuple[str, int, int]], at: int, listed: Lexicon) -> bool:
    """Whether this is the "and" or the "a" of "one and a half"."""
    ahead = [word for word, _, _ in tokens[at : at + 3]]
    return ahead[0] in listed.also and any(word in listed.fractions for word in ahead[1:])


def shared_amounts(a: Sequence[Amount], b: Sequence[Amount]) -> list[Amount]:
    """The amounts of `a` that `b` prints too, a rounded one counting: in one unit, or large enough to need none."""
    return [x for x in a if any(_close(x.value, y.value) and _one_unit(x, y) for y in b)]


def _one_unit(x: Amount, y: Amount) -> bool:
    if x.unit == y.unit:
        return bool(x.unit) or x.strong
    measured = {"percent", "money"} & {x.unit, y.unit}
    return x.strong and y.strong and not measured


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
        notes.append(f"DRIFT, the numbers differ: {printed(only_a)} against {printed(only_b)}")
    elif only_a or only_b:
        notes.append(f"only the {'first' if only_a else 'second'} prints {printed(only_a or only_b)}")
    negations = [_negations(c.text, c.version.lang) or (("denied",) if c.negated else ()) for c in (a, b)]
    if bool(negations[0]) != bool(negations[1]):
        which = "first" if negations[0] else "second"
        words_found = ", ".join(f"“{w}”" for w in negations[0] or negations[1])
        notes.append(f"DRIFT, only the {which} has a negation: {words_found}")
    return notes


@lru_cache(maxsize=20_000)
def _negations(text: str, lang: str) -> tuple[str, ...]:
    listed = lexicon(lang).negation
    return tuple(w for w in words(text) if w in listed or w.endswith("n't"))


def _close(x: float, y: float) -> bool:
    return x == y or (min(x, y) > 100 and abs(x - y) <= TOLERANCE * max(x, y))


def printed(values: Sequence[float]) -> str:
    """Numbers as an explanation shows them."""
    return ", ".join(f"{v:,g}" if v < 1e6 else f"{v:,.0f}" for v in values)
