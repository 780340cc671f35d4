"""Quantities in a text: a number with its hedge, its currency and its unit. Needs no parse.

`recognise` walks the lexemes once. An amount is `[currency] number [unit]` (`amounts`); two amounts with a connector
between them may be a range; hedges before and after are drawn into the span. What is no quantity (labels, phone
numbers) is decided in `codes` and `negatives`; a quantity that is real but no figure keeps the reason, so that
callers can choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from . import codes, negatives
from .amounts import SIGNS, Amount, amount_at, longest, longest_before, minus_at, multiple_at
from .lexer import Lexeme, lex
from .lexicon import Lexicon
from .numbers import HYPHENS, Number, text_at

_DASHES = HYPHENS | {"to", "through", "and"}


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
    opens = lx[i].kind in ("num", "glyph") or (lx[i].kind == "word" and lx[i].low in words.number_words)
    if not opens:
        return None, i + 1
    amount = multiple_at(lx, i, words) or amount_at(lx, i, words)
    if amount is None:
        return None, i + 1
    skip = codes.code(lx, amount.number.start, amount.end, amount.unit is not None, words)
    if skip:
        return None, max(skip, i + 1)
    low_end, amount, is_range = _range(lx, amount, words)
    reason = negatives.reason(lx, amount.number.start, amount.end, amount.kind, amount.number, words)
    if reason == "none":
        return None, amount.end
    return _quantity(lx, _signed(lx, amount), low_end, is_range, reason, words), amount.end


def _signed(lx: Sequence[Lexeme], amount: Amount) -> Amount:
    """The amount with the minus in front of it; of a range the low end takes it."""
    start, number = minus_at(lx, amount.start), amount.number
    if start == amount.start or number.style not in ("digits", "words"):
        return amount
    if number.value is not None:
        return replace(amount, start=start, number=replace(number, value=-number.value))
    return replace(amount, start=start, number=replace(number, low=-(number.low or 0.0)))


def _range(lx: Sequence[Lexeme], first: Amount, words: Lexicon) -> tuple[Amount, Amount, bool]:
    """`first` with a second amount behind a connector: (low amount, amount of the whole, is it a range)."""
    at = first.end
    link = text_at(lx, at)
    between = _before(lx, first, words) == "between"
    if link not in _DASHES or (link == "and") != between or first.number.style not in ("digits", "words", "fraction"):
        return first, first, False
    at = at + 1 if not (link == "to" and text_at(lx, at + 1) in HYPHENS) else at + 2
    while text_at(lx, at) in SIGNS or (at + 1 < len(lx) and text_at(lx, at + 1) == "$" and lx[at].kind == "word"):
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
    if after is None or modifier not in ("none", "approx") or lx[amount.end].kind == "line":
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
        linked = (
            one.kind is None and link in (["or"], ["to"]) and two.kind in ("percent", "money", "physical", "duration")
        )
        if linked and (one.style == two.style == "digits" or one.style == "words"):
            shared[at] = replace(one, unit=two.unit, kind=two.kind, per=two.per)
    return shared
