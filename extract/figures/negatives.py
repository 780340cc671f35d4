"""Quantities that are no figures: ages, clock times, years, parts of nothing, page furniture, the pronoun "one"."""

from __future__ import annotations

from collections.abc import Sequence

from .lexer import Lexeme
from .lexicon import Lexicon
from .numbers import HYPHENS, Number, text_at, word_at


def reason(lx: Sequence[Lexeme], start: int, end: int, kind: str | None, number: Number, words: Lexicon) -> str | None:
    """Why a quantity is no figure: age, duration, one, furniture; "none" where it is no quantity; None for a figure."""
    if _is_age(lx, start, end, kind, words):
        return "age"
    if _is_clock(lx, start, end, words):
        return "none"
    if kind is None and number.style == "digits" and (_is_line(lx, start, end) or _before_band(lx, end, words)):
        return "none"
    if kind is None and number.style == "digits" and _is_year(lx, start, end, words):
        return "none"
    if number.style == "fraction" and not _is_part(lx, start, end):
        return "none"
    if _is_furniture(lx, start, end, kind, words):
        return "furniture"
    if kind == "duration":
        return "duration"
    if kind == "times" and number.value == 1:
        return "none"
    if kind is None and text_at(lx, start) in ("one", "zero") and end == start + 1:
        return "one"
    return None


def _is_age(lx: Sequence[Lexeme], start: int, end: int, kind: str | None, words: Lexicon) -> bool:
    table = words.negatives
    if kind == "duration" and text_at(lx, end) in HYPHENS and word_at(lx, end + 1) in ("old", "olds"):
        return True
    if kind == "duration" and word_at(lx, end) in ("old", "olds") or (kind == "duration" and _of_age(lx, end)):
        return True
    if kind not in (None, "duration"):
        return False
    before = word_at(lx, start - 1)
    if before in table["age_before"] and not (before in ("age", "ages") and word_at(lx, end).endswith("s")):
        return True
    if before in ("of", "over", "under", "to") and word_at(lx, start - 2) in ("age", "ages"):
        return True
    return kind is None and (_in_commas(lx, start, end) or _bounds_age(lx, start, end, words))


def _bounds_age(lx: Sequence[Lexeme], start: int, end: int, words: Lexicon) -> bool:
    """ "children under 18", "adults over 65": a small number, without a noun of its own, that bounds people's ages."""
    bound = word_at(lx, start - 1) in ("under", "over") and word_at(lx, start - 2) in words.person
    small = end == start + 1 and 1 <= (lx[start].value or 0) <= 99
    counts = word_at(lx, end).endswith("s") or text_at(lx, end) in HYPHENS
    return bound and small and (not counts or word_at(lx, end) in ("was", "is", "has", "as"))


def _of_age(lx: Sequence[Lexeme], end: int) -> bool:
    return word_at(lx, end) == "of" and word_at(lx, end + 1) == "age"


def _in_commas(lx: Sequence[Lexeme], start: int, end: int) -> bool:
    """ "Odile Roy, 61, said", "the mayor, 61, said": a bare small number between commas after a name or a noun."""
    if text_at(lx, start - 1) != "," or text_at(lx, end) not in (",", ".", ";") or lx[start].kind != "num":
        return False
    before = lx[start - 2] if start > 1 else None
    if before is None or before.kind != "word" or not 10 <= (lx[start].value or 0) <= 110:
        return False
    listed = end + 1 < len(lx) and lx[end + 1].kind == "num"
    return before.text[0].isupper() or (text_at(lx, end) == "," and not listed)


def _is_clock(lx: Sequence[Lexeme], start: int, end: int, words: Lexicon) -> bool:
    """ "9 to 5", "11 a.m.", "5 p.m."."""
    if end != start + 1 or lx[start].kind != "num":
        return False
    if word_at(lx, end) in words.negatives["clock"]:
        return True
    return _falls(lx, start, end) or _falls(lx, start - 2, start - 1)


def _falls(lx: Sequence[Lexeme], start: int, end: int) -> bool:
    """Opening hours: a small number "to" a smaller one with nothing behind it."""
    if word_at(lx, end) != "to" or start < 0 or end + 1 >= len(lx) or word_at(lx, start - 1) == "from":
        return False
    one, two = lx[start].value, lx[end + 1].value
    return one is not None and two is not None and two < one <= 12 and not word_at(lx, end + 2)


def _is_line(lx: Sequence[Lexeme], start: int, end: int) -> bool:
    """ "the 80, was late": a bus line, a road; a small bare number after "the" with nothing behind it."""
    small = end == start + 1 and (lx[start].value or 0) < 500 and "." not in lx[start].text
    return small and word_at(lx, start - 1) == "the" and text_at(lx, end) in (",", ".", ";", "bus")


def _before_band(lx: Sequence[Lexeme], end: int, words: Lexicon) -> bool:
    """ "11 and 104.7 FM": a channel beside a frequency."""
    band = word_at(lx, end + 2) in words.negatives["bands"] and lx[end + 2].text.isupper()
    return band and text_at(lx, end) in ("and", ",", "or")


def _is_year(lx: Sequence[Lexeme], start: int, end: int, words: Lexicon) -> bool:
    """A bare year that no date rule has claimed ("in 2019", "the 2018 World Cup"); not "2,019" or "2000 people"."""
    digits = [x for x in lx[start:end] if x.kind == "num"]
    if not digits or not all(len(x.text) == 4 and 1800 <= (x.value or 0) < 2100 for x in digits):
        return False
    before = lx[start - 1].low if start else ""
    follows = word_at(lx, end)
    if before in words.negatives["before_year"]:
        return not follows.endswith("s") or follows in ("was", "is", "has", "as") or lx[end].text[0].isupper()
    return before in ("(", ",", "/", "-", "–", "") or not follows or lx[end].text[0].isupper()


def _is_part(lx: Sequence[Lexeme], start: int, end: int) -> bool:
    """Whether "half" or "a quarter" is a part of a whole: not in "first half", "half-staff", "half an hour"."""
    if text_at(lx, start) != "half":
        return word_at(lx, end) not in ("party", "parties", "world", "country") and text_at(lx, end) not in HYPHENS
    if word_at(lx, start - 1) in (
        "first",
        "second",
        "latter",
        "other",
        "third",
        "top",
        "bottom",
        "better",
        "last",
        "opening",
    ):
        return False
    if text_at(lx, end) in HYPHENS and lx[end].glued:
        return False
    if text_at(lx, start - 1) in HYPHENS or word_at(lx, start - 1) in ("and", "and a"):
        return text_at(lx, start - 1) == "and" and word_at(lx, end) in ("of", "are", "were", "the")
    return word_at(lx, end) not in ("hour", "time", "way", "brother", "sister", "century", "past", "a", "an")


def _is_furniture(lx: Sequence[Lexeme], start: int, end: int, kind: str | None, words: Lexicon) -> bool:
    """Counters and reading times that a page prints around its article."""
    value = lx[start].value
    if kind == "duration" and value == 0:
        return True
    if kind == "duration" and word_at(lx, end) == "read":
        return True
    alone = (start == 0 or lx[start - 1].kind == "line") and lx[start].kind == "num"
    if alone and word_at(lx, end) in words.negatives["furniture"]:
        return end + 1 >= len(lx) or lx[end + 1].kind == "line"
    listed = alone and kind is None and text_at(lx, end) in (".", ")") and lx[end].glued
    return bool(listed and word_at(lx, end + 1) and lx[end + 1].text[0].isupper())
