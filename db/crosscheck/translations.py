"""One page told again in other words: translated, or translated and back.

What a translation keeps is the numbers and the names, in their order. Two reporters of one event share many of them
too, but each tells them in an order of his own (the idea of citation-based plagiarism detection, Gipp & Meuschke 2011).
So texts are compared by runs of their landmarks, of those alone that both print, as one language writes with a capital
or in figures what another does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from .words import fold, runs

RUN = 3  # landmarks
MIN_RUNS = 10  # different runs of either text: fewer are soon in one order by chance
KEPT = 0.7  # of the runs of the text that has fewer
MIN_FOUND = 0.5  # of the numbers of the text that has fewer: else much of it is not in the other
NUMBER = {
    "en": re.compile(r"\d+(?:[,\u00a0\u202f]\d{3})*(?:\.\d+)?"),
    "": re.compile(r"\d+(?:[.\u0020\u00a0\u202f]\d{3}\b)*(?:,\d+)?"),  # of languages with a decimal comma
}
LANDMARK = re.compile(r"(?P<number>\d)|(?<![\w’'])(?P<name>[^\W\d_][\w’'-]{2,})")
SENTENCE_START = re.compile(r"(?:^|[.!?:»”\"“«\n])\W*$")

Landmarks = tuple[str, ...]


def landmarks(text: str, lang: str) -> Landmarks:
    """The numbers and the names of a text in their order, folded; a number as English writes it. Words that begin a
    sentence are left out, since their capital says nothing."""
    return tuple(_landmarks(text, lang))


def number_pairs(marks: Iterable[str]) -> set[tuple[str, str]]:
    """Numbers of two digits or more that follow upon each other: what translations are found by."""
    numbers = [mark for mark in marks if mark[0].isdigit() and len(mark) > 1]
    return {pair for pair in pairwise(numbers) if pair[0] != pair[1]}


def order_kept(a: Landmarks, b: Landmarks) -> tuple[int, int]:
    """How many runs of landmarks both texts have, and how many the one with fewer; (0, 0) where that says nothing."""
    both = set(a) & set(b)
    mine, others = (runs([mark for mark in some if mark in both], RUN) for some in (a, b))
    fewest = min(len(mine), len(others))
    numbers = min(({mark for mark in some if mark[0].isdigit()} for some in (a, b)), key=len)
    if fewest < MIN_RUNS or len(numbers & both) < MIN_FOUND * len(numbers):
        return 0, 0
    return len(mine & others), fewest


def is_retold(a: Landmarks, b: Landmarks) -> bool:
    """Whether so many landmarks stand in one order that one text was made from the other, or both from a third."""
    shared, fewest = order_kept(a, b)
    return bool(fewest) and shared >= KEPT * fewest


def _landmarks(text: str, lang: str) -> Iterator[str]:
    numeral = NUMBER["en" if lang == "en" else ""]
    at = 0
    while found := LANDMARK.search(text, at):
        at = found.end()
        if found["number"]:
            number = numeral.match(text, found.start())
            assert number, "a numeral begins with a digit"
            at = number.end()
            yield _as_in_english(number.group(), lang)
        elif found["name"][0].isupper() and not SENTENCE_START.search(text, max(0, found.start() - 4), found.start()):
            yield fold(found["name"]).removesuffix("'s")


def _as_in_english(number: str, lang: str) -> str:
    bare = re.sub(r"[\u0020\u00a0\u202f]", "", number)
    return bare.replace(",", "") if lang == "en" else bare.replace(".", "").replace(",", ".")
