"""What a quantity says: a level, a share, or a change with its direction. Read from the words next to it."""

from __future__ import annotations

from collections.abc import Sequence

from .lexer import Lexeme
from .lexicon import Lexicon
from .numbers import HYPHENS, text_at, word_at
from .recognise import Quantity

_REACH = 14
_COPULAS = frozenset(["is", "was", "are", "were", "be", "been", "reached", "represents"])
_SUMS = frozenset(
    ["amount", "amounts", "amounted", "comes", "came", "adds", "add", "equals", "equal", "totals", "totalled"]
)


def kind_and_direction(quantity: Quantity, lx: Sequence[Lexeme], words: Lexicon) -> tuple[str, str]:
    """(kind, direction) as in design.md: level, share, change_relative, change_ratio or change_absolute."""
    if quantity.unit == "multiple":
        return "change_ratio", _ratio_direction(quantity, lx, words)
    if quantity.style == "halving":
        return "change_relative", "decrease"
    direction = _direction(quantity, lx, words)
    percent = quantity.kind == "percent"
    if direction is not None:
        return ("change_relative" if percent else "change_absolute"), direction
    if quantity.kind == "point" and quantity.unit == "percentage_point":
        return "change_absolute", "none"
    return ("share" if percent else "level"), "none"


def _ratio_direction(quantity: Quantity, lx: Sequence[Lexeme], words: Lexicon) -> str:
    nearby = {x.low for x in lx[max(0, quantity.first - 6) : quantity.last + 4] if x.kind == "word"}
    less = nearby & (words.down_words["verbs"] | words.down_words["nouns"] | {"fewer", "less", "lower"})
    return "decrease" if less and not nearby & words.up_words["verbs"] else "increase"


def _direction(quantity: Quantity, lx: Sequence[Lexeme], words: Lexicon) -> str | None:
    """ "increase" or "decrease" where the quantity is an amount of change, else None."""
    at = quantity.first - 1
    while word_at(lx, at) in (
        "a",
        "an",
        "the",
        "another",
        "its",
        "their",
        "only",
        "just",
        "sharply",
        "further",
        "to",
        "some",
    ):
        if word_at(lx, at) == "to" and not _is_infinitive_of_change(lx, at, words):
            return _noun_after(quantity, lx, words)
        at -= 1
    before = word_at(lx, at)
    if before == "by" and _is_off(lx, at, words):
        return "none"
    if before == "by":
        return _noun_after(quantity, lx, words) or _search_left(lx, at, words)
    if before == "in" and quantity.style == "fraction":
        return _search_left(lx, at, words, verbs_only=True)
    if before in ("up", "down") and text_at(lx, at + 1) not in ("from", "to"):
        if word_at(lx, at - 1) in words.phrasal_verbs:
            return _noun_after(quantity, lx, words)
        return "increase" if before == "up" else "decrease"
    if before in ("from", "at", "since"):
        return _noun_after(quantity, lx, words)
    if before == "of":
        return _noun(word_at(lx, at - 1), words) or _noun_after(quantity, lx, words)
    if before in _COPULAS | _SUMS:
        return _noun_after(quantity, lx, words) or _subject(lx, at, words)
    return _verb_before(quantity, before, words) or _noun_after(quantity, lx, words)


def _is_off(lx: Sequence[Lexeme], at: int, words: Lexicon) -> bool:
    """ "too high by 90,000", "short by three": how far something is from what it should be, which nothing moved by."""
    return word_at(lx, at - 1) in words.off and (
        word_at(lx, at - 2) in ("too", "was", "were", "is", "are", "be", "been", "fell", "came", "come", "fall")
    )


def _is_infinitive_of_change(lx: Sequence[Lexeme], at: int, words: Lexicon) -> bool:
    """ "to" before a number ends a change ("rose to 5"); only "amounts to" leaves it open."""
    return word_at(lx, at - 1) in _SUMS


def _verb_before(quantity: Quantity, before: str, words: Lexicon) -> str | None:
    if quantity.kind != "percent" and before in words.transitive_verbs:
        return None
    return _verb(before, words)


def _noun_after(quantity: Quantity, lx: Sequence[Lexeme], words: Lexicon) -> str | None:
    """ "a 50-per-cent cut", "42 per cent more", "90,000 fewer people", "0.7 percent lower", "20% annual increase"."""
    at = quantity.last
    if text_at(lx, at) in HYPHENS:
        at += 1
    first = word_at(lx, at)
    if first in words.up_words["adverbs"] - {"up", "above"}:
        return "increase" if first != "more" or word_at(lx, at + 1) != "or" else None
    if first in words.down_words["adverbs"] - {"down", "below", "off"}:
        return "decrease"
    if first == "off" and quantity.kind == "percent":
        return "decrease"
    for step in range(3):
        word = word_at(lx, at + step)
        if not word or word in ("of", "in", "to", "and", "or", "the", "by", "than", "from"):
            return None
        found = _noun(word, words)
        if found and (quantity.kind in ("percent", "point") or (step == 0 and _article_before(quantity, lx))):
            return found
    return None


def _article_before(quantity: Quantity, lx: Sequence[Lexeme]) -> bool:
    return word_at(lx, quantity.first - 1) in ("a", "an", "the", "its", "that", "this", "another")


def _search_left(lx: Sequence[Lexeme], at: int, words: Lexicon, verbs_only: bool = False) -> str | None:
    """The nearest word of change before "by": "cutting the number issued in 2024 by 35 per cent"."""
    for step in range(1, _REACH):
        lexeme = lx[at - step] if at - step >= 0 else None
        if lexeme is None or lexeme.kind == "line" or (lexeme.text in ".;!?" and not lexeme.glued):
            return None
        found = _verb(lexeme.low, words) or (None if verbs_only else _noun(lexeme.low, words))
        if found and lexeme.kind == "word":
            return found
    return None


def _subject(lx: Sequence[Lexeme], at: int, words: Lexicon) -> str | None:
    """ "The drop for 2025 alone amounts to …": the nearest noun of change opens the same clause."""
    for step in range(1, 8):
        lexeme = lx[at - step] if at - step >= 0 else None
        if lexeme is None or lexeme.kind == "line" or lexeme.text in ".;!?,":
            return None
        before = word_at(lx, at - step - 1)
        if _noun(lexeme.low, words) and before in ("the", "a", "that", "this", "an"):
            return _noun(lexeme.low, words)
    return None


def _verb(word: str, words: Lexicon) -> str | None:
    if word in words.up_words["verbs"]:
        return "increase"
    return "decrease" if word in words.down_words["verbs"] else None


def _noun(word: str, words: Lexicon) -> str | None:
    if word in words.up_words["nouns"]:
        return "increase"
    return "decrease" if word in words.down_words["nouns"] else None
