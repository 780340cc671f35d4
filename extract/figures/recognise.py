"""Quantities in a text: a number with its hedge, its currency and its unit. Needs no parse.

`recognise` walks the lexemes once. An amount is `[currency] number [unit]`; two amounts with a connector between them may be
a range; hedges before and after are drawn into the span. What is no quantity (labels, phone numbers, ages …) is decided in
`negatives`; a quantity that is real but no publishable figure keeps the reason, so that callers can choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from . import negatives
from .lexer import Lexeme, lex
from .lexicon import Lexicon, Phrases
from .numbers import HYPHENS, Number, parse, text_at, word_at

_LONGEST = 6
_SIGNS = frozenset("$€£¥₹₽₩₪₴")
_DASHES = HYPHENS | {"to", "and"}


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


@dataclass(frozen=True, slots=True)
class Quantity:
    """A recognised quantity. Character offsets into the text; `first` and `last` are lexemes (exclusive end).

    `reason` is None for a figure, else why it is none: age, duration, one, multiple (a ratio in a verb), furniture.
    """

    start: int
    end: int
    first: int
    last: int
    value: float | None
    low: float | None
    high: float | None
    modifier: str
    unit: str | None
    kind: str | None
    per: str | None
    style: str
    core: tuple[int, int]
    reason: str | None = None


def recognise(text: str, words: Lexicon, masks: Iterable[tuple[int, int]] = ()) -> tuple[list[Quantity], list[Lexeme]]:
    """All quantities of `text` outside `masks` (character spans of dates), in order, and the lexemes they refer to."""
    lx = _hide(lex(text), sorted(masks))
    found: list[Quantity] = []
    i = 0
    while i < len(lx):
        quantity, i = _quantity_at(lx, i, words)
        if quantity is not None:
            found.append(quantity)
    return _share_units(found, lx), lx


def _hide(lx: list[Lexeme], masks: list[tuple[int, int]]) -> list[Lexeme]:
    """Lexemes inside a mask become `date`: no rule takes them for numbers or units."""
    kept: list[Lexeme] = []
    at = 0
    for lexeme in lx:
        while at < len(masks) and masks[at][1] <= lexeme.start:
            at += 1
        hidden = at < len(masks) and masks[at][0] <= lexeme.start
        kept.append(replace(lexeme, kind="date", value=None) if hidden else lexeme)
    return kept


def _quantity_at(lx: list[Lexeme], i: int, words: Lexicon) -> tuple[Quantity | None, int]:
    """The quantity that begins at lexeme `i` and where to go on."""
    amount = _multiple(lx, i, words) or amount_at(lx, i, words)
    if amount is None:
        return None, i + 1
    skip = negatives.code(lx, amount.number.start, amount.end, amount.unit is not None, words)
    if skip:
        return None, max(skip, i + 1)
    low_end, amount, is_range = _range(lx, amount, words)
    reason = negatives.reason(lx, amount.number.start, amount.end, amount.kind, amount.number, words)
    if reason == "none":
        return None, amount.end
    return _quantity(lx, amount, low_end, is_range, reason, words), amount.end


def amount_at(lx: Sequence[Lexeme], i: int, words: Lexicon) -> Amount | None:
    """The amount whose number begins at lexeme `i`."""
    currency, start = _currency(lx, i, words)
    number = parse(lx, i, words, money=currency is not None)
    if number is None:
        return None
    unit, kind, end = _unit(lx, number.end, words)
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


def _currency(lx: Sequence[Lexeme], i: int, words: Lexicon) -> tuple[str | None, int]:
    """The currency printed before lexeme `i` and where it begins: "$", "US$", "C$", "$US", "RM", "CAD "."""
    if i == 0:
        return None, i
    before, prefixes = lx[i - 1], words.currency_prefixes
    two = lx[i - 2] if i > 1 else None
    if before.text in _SIGNS:
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
    unit, end = longest(words.units, lx, at)
    if unit is None or _too_short(lx, at, end):
        return None, None, i
    if text_at(lx, at) == "$" and end < len(lx) and lx[end].glued and lx[end].kind != "sign":
        return None, None, i
    return unit, words.unit_kinds[unit], end


def _too_short(lx: Sequence[Lexeme], at: int, end: int) -> bool:
    """One letter, or letters that are also a word, count as a unit only against the digits."""
    if end - at != 1 or lx[at].kind != "word":
        return False
    return (
        len(lx[at].text) == 1 or lx[at].low in ("pp", "pc", "won", "rand", "ha", "ms", "mg", "pt", "ps")
    ) and not lx[at].glued


def longest(phrases: Phrases, lx: Sequence[Lexeme], i: int) -> tuple[str | None, int]:
    """The longest phrase of `phrases` that begins at lexeme `i`, on one line; its name and end, or (None, i)."""
    for size in range(min(_LONGEST, len(lx) - i), 0, -1):
        if lx[i + size - 1].kind not in ("line", "date"):
            name = phrases.get(tuple(x.low for x in lx[i : i + size]))
            if name is not None:
                return name, i + size
    return None, i


def longest_before(phrases: Phrases, lx: Sequence[Lexeme], i: int) -> tuple[str | None, int]:
    """The longest phrase that ends just before lexeme `i`; its name and beginning, or (None, i)."""
    for size in range(min(_LONGEST, i), 0, -1):
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


def _multiple(lx: Sequence[Lexeme], i: int, words: Lexicon) -> Amount | None:
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


def _range(lx: Sequence[Lexeme], first: Amount, words: Lexicon) -> tuple[Amount, Amount, bool]:
    """`first` with a second amount behind a connector: (low amount, amount of the whole, is it a range)."""
    at = first.end
    link = text_at(lx, at)
    between = _before(lx, first, words) == "between"
    if link not in _DASHES or (link == "and") != between or first.number.style not in ("digits", "words", "fraction"):
        return first, first, False
    at = at + 1 if not (link == "to" and text_at(lx, at + 1) in HYPHENS) else at + 2
    while text_at(lx, at) in _SIGNS or (at + 1 < len(lx) and text_at(lx, at + 1) == "$" and lx[at].kind == "word"):
        at += 1
    second = amount_at(lx, at, words) if at < len(lx) else None
    if second is None or not _spans(lx, first, second, link, words):
        return first, first, False
    scale = _shared_scale(first, second)
    low = replace(first.number, value=(first.number.value or 0) * scale)
    unit, kind = (second.unit, second.kind) if second.kind else (first.unit, first.kind)
    number = Number(first.number.start, second.number.end, None, first.number.style, low.value, second.number.value)
    whole = Amount(number, first.start, second.end, unit, kind, second.per, True)
    return replace(first, number=low), whole, True


def _spans(lx: Sequence[Lexeme], first: Amount, second: Amount, link: str, words: Lexicon) -> bool:
    """Whether two amounts around `link` are one range: rising, units that agree, and not "(up) from 7 to 9"."""
    low, high = first.number.value, second.number.value
    if low is None or high is None or low * _shared_scale(first, second) >= high:
        return False
    if first.kind is not None and (first.unit != second.unit and {first.unit, second.unit} - {"dollar", second.unit}):
        return False
    if first.kind is not None and second.kind is None:
        return False
    if link == "to" and first.kind and second.kind and first.number.scaled and high > 4 * low:
        return False  # "rose by $4 billion to $40 billion": a change and the level it led to
    if link == "to" and (_before(lx, first, words) == "from" or lx[first.end].kind == "date"):
        return _before(lx, first, words, 2) in (
            "range",
            "ranges",
            "ranged",
            "ranging",
            "vary",
            "varies",
            "varied",
            "varying",
        )
    return True


def _shared_scale(first: Amount, second: Amount) -> float:
    """ "1 to 1.5 million": the scale of the second number is the first's too."""
    low, high = first.number, second.number
    if low.scaled or not high.scaled or low.value is None or high.value is None or low.value >= 1000:
        return 1.0
    for scale in (1e12, 1e9, 1e6, 1e3, 1e2):
        if high.value >= scale and low.value < high.value / scale:
            return scale
    return 1.0


def _before(lx: Sequence[Lexeme], amount: Amount, words: Lexicon, back: int = 1) -> str:
    """The word before an amount and its hedge (or the one before that)."""
    _, start = longest_before(words.hedges, lx, amount.start)
    return text_at(lx, start - back)


def _quantity(
    lx: Sequence[Lexeme], amount: Amount, low: Amount, is_range: bool, reason: str | None, words: Lexicon
) -> Quantity:
    modifier, first = _hedge(lx, amount.start, words)
    if is_range and text_at(lx, first - 1) == "between":
        first -= 1
    number = amount.number
    after, last = longest(words.hedges_after, lx, amount.end)
    if after is None or (modifier != "none") or lx[amount.end].kind == "line":
        after, last = None, amount.end
    if after == "at_least" and text_at(lx, amount.end) == "+" and not lx[amount.end].glued:
        after, last = None, amount.end
    modifier = after or ("approx" if number.style == "vague" and modifier == "none" else modifier)
    return Quantity(
        start=lx[first].start,
        end=lx[last - 1].end,
        first=first,
        last=last,
        value=number.value,
        low=number.low,
        high=number.high,
        modifier=modifier,
        unit=amount.unit,
        kind=amount.kind,
        per=amount.per,
        style=number.style,
        core=(lx[amount.start].start, lx[amount.end - 1].end),
        reason=reason,
    )


def _hedge(lx: Sequence[Lexeme], start: int, words: Lexicon) -> tuple[str, int]:
    """The modifier of the hedge before lexeme `start`, and where the span then begins (fillers alone stay outside)."""
    filled = start
    for _ in range(2):
        _, filled = longest_before(words.fillers, lx, filled)
    for at in (start, filled):
        name, first = longest_before(words.hedges, lx, at)
        if name is not None and not _is_preposition(lx, first, at):
            return name, first
    return "none", start


def _is_preposition(lx: Sequence[Lexeme], first: int, at: int) -> bool:
    """Words that hedge nothing: of the line before; "42 per cent more than 421,149"; "adds up to 1.14 million"."""
    if any(x.kind == "line" for x in lx[first:at]):
        return True
    before, opening = text_at(lx, first - 1), text_at(lx, first)
    if opening in ("more", "less", "fewer", "higher", "lower", "greater") and before in _COMPARED_BY:
        return True
    return opening == "up" and before in ("add", "adds", "added", "adding", "all")


_COMPARED_BY = frozenset(["%", "cent", "percent", "times", "twice", "half", "percentage"])


def _share_units(found: list[Quantity], lx: Sequence[Lexeme]) -> list[Quantity]:
    """A bare number takes the unit after its neighbour: "eight or nine euros", "from 7 to 9 per cent"."""
    shared = list(found)
    for at in range(len(found) - 2, -1, -1):
        one, two = shared[at], shared[at + 1]
        link = [x.low for x in lx[one.last : two.first]]
        if one.kind is None and two.kind in ("percent", "money", "physical", "duration") and link in (["or"], ["to"]):
            if one.style == two.style == "digits" or one.style == "words":
                modifier = one.modifier
                shared[at] = replace(one, unit=two.unit, kind=two.kind, per=two.per, modifier=modifier)
    return shared
