"""Amounts: a number with the currency before it and the unit behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .lexer import Lexeme
from .lexicon import Lexicon, Phrases
from .numbers import HYPHENS, Number, parse, text_at, word_at

SIGNS = frozenset("$€£¥₹₽₩₪₴")


@dataclass(frozen=True, slots=True)
class Amount:
    """`[currency] number [unit]` at lexemes `start` to `end`; `unit` and `per` are keys of units.yml."""

    number: Number
    start: int
    end: int
    unit: str | None = None
    kind: str | None = None
    per: str | None = None
    printed: bool = False


def amount_at(lx: Sequence[Lexeme], i: int, words: Lexicon) -> Amount | None:
    """The amount whose number begins at lexeme `i`."""
    currency, start = _currency(lx, i, words)
    number = parse(lx, i, words, money=currency is not None)
    if number is None:
        return None
    unit, kind, end = _unit(lx, number.end, words)
    if unit == "pound" and (number.value or 0) >= 1e6 and word_at(lx, end) != "of":
        unit, kind = "GBP", "money"  # what is counted by the million is money
    if currency and kind not in ("money",):
        unit, kind, end = currency, "money", number.end
    elif currency:
        unit = currency if currency not in ("dollar", "cent") else unit
    if number.style == "fraction" and kind != "percent":
        if kind is None or kind == "money":
            unit, kind, end = "percent", "percent", number.end
        else:
            unit, kind, end = None, None, number.end
            number = replace(number, value=None if number.value is None else number.value / 100, style="part")
    per, end = _per(lx, end, kind, words)
    return Amount(number, start, end, unit, kind, per, kind is not None)


def minus_at(lx: Sequence[Lexeme], start: int) -> int:
    """Where the minus before an amount begins, or `start`: "-3 per cent", "minus 5", not "a 9-3 vote" nor a dash."""
    before = lx[start - 1] if start else None
    if before is None:
        return start
    if before.low in ("minus", "negative"):
        return start - 1
    sign = before.text in "-−" and lx[start].glued and not before.glued and lx[start].kind == "num"
    first = start < 2 or lx[start - 2].kind in ("word", "line") or lx[start - 2].text in "(,:;"
    listed = start < 2 or lx[start - 2].kind == "line"
    return start - 1 if sign and first and not listed else start


def _currency(lx: Sequence[Lexeme], i: int, words: Lexicon) -> tuple[str | None, int]:
    """The currency printed before lexeme `i` and where it begins: "$", "US$", "C$", "$US", "RM", "CAD "."""
    if i == 0:
        return None, i
    before, prefixes = lx[i - 1], words.currency_prefixes
    two = lx[i - 2] if i > 1 else None
    if before.text in SIGNS:
        if two is not None and two.kind == "word" and two.text + before.text in prefixes and before.glued:
            return prefixes[two.text + before.text], i - 2
        if before.text != "$":
            return prefixes[before.text], i - 1
        return _spaced_code(lx, i)
    if before.kind == "word" and lx[i].glued:
        sign = "$" + before.text
        if two is not None and two.text == "$" and sign in prefixes:
            return prefixes[sign], i - 2
        known = before.text in prefixes and before.text not in ("US", "Euro") and not before.glued
        return (prefixes[before.text], i - 1) if known else (None, i)
    if before.kind == "word" and len(before.text) == 3 and before.text.isupper() and before.text in prefixes:
        return prefixes[before.text], i - 1
    return None, i


def _spaced_code(lx: Sequence[Lexeme], i: int) -> tuple[str, int]:
    """A dollar sign after "US", "U.S." or "CAD" with a space between them, or alone."""
    at = i - 3 if i > 2 and lx[i - 2].text == "." else i - 2
    code = lx[at].text.replace(".", "") if at >= 0 and lx[at].kind == "word" else ""
    if code in ("US", "USD"):
        return "USD", at
    if code in ("CAD", "CDN", "Cdn"):
        return "CAD", at
    return "dollar", i - 1


def _unit(lx: Sequence[Lexeme], i: int, words: Lexicon) -> tuple[str | None, str | None, int]:
    """The unit printed at lexeme `i` (perhaps after "of" or a hyphen): key, kind, end."""
    if i >= len(lx) or lx[i].kind in ("line", "date"):
        return None, None, i
    if lx[i].glued and lx[i].text in words.cased_units:
        unit = words.cased_units[lx[i].text]
        return unit, words.unit_kinds[unit], i + 1
    hyphen = lx[i].text in HYPHENS and lx[i].glued
    at = i + 1 if hyphen else i
    if word_at(lx, i) == "of" and word_at(lx, i + 1) in ("dollars", "euros", "people", "miles", "kilometres"):
        at = i + 1
    name, end = longest(words.units, lx, at)
    if name is None or _too_short(lx, at, end):
        return None, None, i
    if text_at(lx, at) in SIGNS and end < len(lx) and lx[end].glued and lx[end].kind != "sign":
        return None, None, i
    return name, words.unit_kinds[name], end


def _too_short(lx: Sequence[Lexeme], at: int, end: int) -> bool:
    """One letter, or letters that are also a word, count as a unit only against the digits."""
    if end - at != 1 or lx[at].kind != "word":
        return False
    return (
        len(lx[at].text) == 1 or lx[at].low in ("pp", "pc", "won", "rand", "ha", "ms", "mg", "pt", "ps")
    ) and not lx[at].glued


def longest(phrases: Phrases, lx: Sequence[Lexeme], i: int) -> tuple[str | None, int]:
    """The longest phrase of `phrases` that begins at lexeme `i`, on one line; its name and end, or (None, i)."""
    if i >= len(lx) or lx[i].low not in phrases.firsts:
        return None, i
    for size in range(min(phrases.longest, len(lx) - i), 0, -1):
        if lx[i + size - 1].kind not in ("line", "date"):
            name = phrases.get(tuple(x.low for x in lx[i : i + size]))
            if name is not None:
                return name, i + size
    return None, i


def longest_before(phrases: Phrases, lx: Sequence[Lexeme], i: int) -> tuple[str | None, int]:
    """The longest phrase that ends just before lexeme `i`; its name and beginning, or (None, i)."""
    if i < 1 or lx[i - 1].low not in phrases.lasts:
        return None, i
    for size in range(min(phrases.longest, i), 0, -1):
        name = phrases.get(tuple(x.low for x in lx[i - size : i]))
        if name is not None:
            return name, i - size
    return None, i


def _per(lx: Sequence[Lexeme], i: int, kind: str | None, words: Lexicon) -> tuple[str | None, int]:
    """What the amount is per ("$14 a month", "$2.11 per gallon"); not part of the span."""
    if kind is None:
        return None, i
    word = text_at(lx, i)
    if word in ("per", "/", "a", "an", "each", "every") and i + 1 < len(lx) and lx[i + 1].kind == "word":
        unit, end = longest(words.units, lx, i + 1)
        if word_at(lx, end) in ("ago", "earlier", "later", "before", "after"):
            return None, i
        if unit is not None and (word in ("per", "/") or words.unit_kinds[unit] in ("duration", "physical")):
            return unit, i
        if word == "per":
            return lx[i + 1].low, i
    return None, i


def multiple_at(lx: Sequence[Lexeme], i: int, words: Lexicon) -> Amount | None:
    """A ratio: "doubled", "twice the", "10-fold", "three times as many", "4x"; halving is a change of 50 percent."""
    table = words.numbers
    word = word_at(lx, i)
    if word in table["multiples"]:
        plain = word in table["bare_multiples"] or word_at(lx, i + 1) in table["multiple_before"]
        if plain and not (word_at(lx, i + 1) in ("down", "back") or text_at(lx, i - 1) in HYPHENS):
            return Amount(
                Number(i, i + 1, float(table["multiples"][word]), "multiple"), i, i + 1, "multiple", "multiple"
            )
        return None
    if word in table["halving"]:
        return Amount(Number(i, i + 1, 50.0, "halving"), i, i + 1, "percent", "percent")
    number = parse(lx, i, words) if lx[i].kind in ("num", "word") else None
    if number is None or number.style not in ("digits", "words"):
        return None
    end = number.end + 1 if text_at(lx, number.end) in HYPHENS else number.end
    if text_at(lx, end) in ("fold", "x") and end < len(lx) and lx[end].glued:
        return Amount(replace(number, style="ratio"), i, end + 1, "multiple", "multiple")
    if text_at(lx, number.end) == "times" and word_at(lx, number.end + 1) in _COMPARED:
        return Amount(replace(number, style="ratio"), i, number.end + 1, "multiple", "multiple")
    return None


_COMPARED = frozenset(
    [
        "as",
        "more",
        "higher",
        "larger",
        "greater",
        "bigger",
        "the",
        "that",
        "what",
        "its",
        "their",
        "fewer",
        "less",
        "lower",
    ]
)
