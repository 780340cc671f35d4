"""Whose number it is: "claims by Veranian citizens" are some of the claims, and fall or rise on their own."""

from __future__ import annotations

import re
from functools import cache

from .records import Figure
from .words import fold, lexicon

LONGEST = 600  # characters of a sentence before its figure that are looked at
KEY = 4  # letters: "Veranian" and "Verania" are one people
SENTENCE = re.compile(r"[.!?][”\"’')]*\s+(?=[“\"‘A-Z\d$])|\n")
NAME = r"[^\W\d_a-z][\w’'-]+"


def population(figure: Figure) -> frozenset[str]:
    """The peoples that the counted phrase, or else "by citizens of …" in its sentence, restricts the figure to.

    Folded and cut to their first letters. The figure's own place is none: everybody there is counted.
    """
    phrase, restricting = _patterns(figure.version.lang)
    found = _names(phrase, figure.counted or "") or _names(restricting, _sentence(figure))
    home = fold(figure.place or "")
    return frozenset(key for key in (fold(name)[:KEY] for name in found) if not home.startswith(key))


def _names(pattern: re.Pattern[str], text: str) -> list[str]:
    return [next(filter(None, m.groups())) for m in pattern.finditer(text)]


def _sentence(figure: Figure) -> str:
    text = figure.version.text
    earliest = max(0, figure.start - LONGEST)
    start = max((m.end() for m in SENTENCE.finditer(text, earliest, figure.start)), default=earliest)
    stop = SENTENCE.search(text, figure.end)
    return text[start : stop.start() if stop else len(text)]


@cache
def _patterns(lang: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """For a counted phrase, where "by" and a name suffice, and for a sentence, where people must be named as such."""
    listed = lexicon(lang)
    people, by = "|".join(listed.peoples), "|".join(listed.by)
    such = rf"(?:{people})\s+(?:of|from|de|du)\s+(?:the\s+)?({NAME})|({NAME})\s+(?:{people})\b"
    phrase = rf"\b(?:{by})\s+(?:the\s+)?({NAME})|^({NAME})\s+[a-z]|{such}"
    return re.compile(phrase), re.compile(rf"\b(?i:{by})\s+(?:{such})")
