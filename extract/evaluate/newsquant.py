"""Quantities against NewsQuant: sentences with their quantities, no offsets.

Predicted and gold quantities of a sentence are matched as multisets: by value, by value and unit (our counted noun is
a word of the gold unit, which keeps modifiers), and strictly (the normalised units are equal). Conventions of the
corpus that differ from ours are mapped here and nowhere else: durations, ages and "one of" are quantities there,
ratios in verbs ("doubled") are not, a fraction is a part of one, "from 252 miles to 287 miles" is one range.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from extract.figures.component import FigureFinder
from extract.figures.counted import Counted, CountedFinder
from extract.figures.frame import Frame
from extract.figures.lexer import Lexeme
from extract.figures.measures import stem
from extract.figures.recognise import Quantity

# NewsQuant's names for our unit keys; a dollar of whatever country is "dollar" there unless it is named.
_UNITS = {
    "percent": "percentage",
    "CAD": "dollar",
    "USD": "dollar",
    "EUR": "euro",
    "GBP": "pound sterling",
    "CNY": "chinese yuan",
    "AUD": "australian dollar",
    "DKK": "danish krone",
    "ILS": "shekel",
    "MYR": "malaysian ringgit",
    "times": "count",
    "multiple": "count",
    "gigatonne": "gigaton",
    "revolution per minute": "revolutions per minute",
    "pound": "pound-mass",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One quantity as it is compared: a value or its bounds, and a unit."""

    low: float
    high: float
    unit: str
    words: tuple[str, ...] = ()


def score_newsquant(nlp: Language, sentences: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """P, R and F of `nlp` on NewsQuant's sentences, and what differs (`errors`)."""
    finder = FigureFinder()
    return compare(sentences, [_as_newsquant(nlp(sentence["text"]), finder) for sentence in sentences])


def compare(sentences: Sequence[dict[str, Any]], found: Sequence[list[Item]]) -> dict[str, Any]:
    """The same for any system's quantities, a list for each sentence."""
    hits = {name: 0 for name, _ in JUDGES}
    errors: list[dict[str, Any]] = []
    golds = [[_gold_item(q) for q in sentence["quantities"]] for sentence in sentences]
    for sentence, gold, items in zip(sentences, golds, found, strict=True):
        for name, same in JUDGES:
            left, wrong = _unmatched(gold, items, same)
            hits[name] += len(gold) - len(left)
            if name == "value_unit" and (left or wrong):
                shown = {"missed": [_shown(g) for g in left], "wrong": [_shown(w) for w in wrong]}
                errors.append({"text": sentence["text"], **shown})
    gold_count, found_count = sum(map(len, golds)), sum(map(len, found))
    scores = {name: prf(hit, found_count, gold_count) for name, hit in hits.items()}
    return {**scores, "texts": len(sentences), "gold": gold_count, "found": found_count, "errors": errors}


def _unmatched(
    gold: list[Item], items: list[Item], same: Callable[[Item, Item], bool]
) -> tuple[list[Item], list[Item]]:
    """What is left of both sides when equal ones are taken out in pairs."""
    left = list(gold)
    wrong: list[Item] = []
    for item in items:
        match = next((g for g in left if same(item, g)), None)
        left.remove(match) if match else wrong.append(item)
    return left, wrong


def _shown(item: Item) -> str:
    value = f"{item.low:g}" if item.low == item.high else f"{item.low:g}-{item.high:g}"
    return f"{value} {item.unit}"


def _gold_item(quantity: dict[str, Any]) -> Item:
    low, _, high = str(quantity["value"]).partition("-")
    unit = quantity["normalized_unit"].strip()
    unit = "percentage" if unit.startswith("%") and "-" in unit else unit.removeprefix("% ")
    return Item(float(low), float(high or low), unit, tuple(stem(w) for w in unit.lower().split()))


def _as_newsquant(doc: Doc, finder: FigureFinder) -> list[Item]:
    """The quantities of a sentence in NewsQuant's way: durations, ages and "one of" count, ratios in verbs do not, a
    fraction is a part of one."""
    dates = doc._.dates if doc.has_extension("dates") and doc._.dates else []
    masks = [(d.start, d.end) for d in dates if d.type not in ("DURATION", "SET") and not _is_span_of_time(d.value)]
    quantities, lexemes = finder.quantities(doc, masks)
    frame = Frame(doc)
    kept: list[Quantity] = []
    counting = CountedFinder(frame, finder.words)
    items: list[Item] = []
    for quantity in quantities:
        if quantity.style in ("multiple", "halving") or quantity.reason in ("furniture",):
            continue
        what = counting.find(quantity, "level")
        if quantity.reason == "one" and not _is_cardinal_one(doc, quantity):
            continue
        items.append(_item(quantity, what))
        kept.append(quantity)
    return _from_to(items, kept, lexemes)


def _from_to(items: list[Item], kept: list[Quantity], lexemes: Sequence[Lexeme]) -> list[Item]:
    """ "from 252 miles to 287 miles" is one range there; two figures, a change's two ends, here."""
    joined: list[Item] = []
    at = 0
    while at < len(items):
        one = items[at]
        two = items[at + 1] if at + 1 < len(items) else None
        if two is not None and one.unit == two.unit and _links(kept[at], kept[at + 1], lexemes):
            joined.append(Item(one.low, two.low, one.unit, one.words))
            at += 2
        else:
            joined.append(one)
            at += 1
    return joined


def _links(one: Quantity, two: Quantity, lexemes: Sequence[Lexeme]) -> bool:
    before = lexemes[one.first - 1].low if one.first else ""
    return (
        before == "from" and lexemes[two.first - 1].low == "to" and one.kind is not None and one.low is two.low is None
    )


def _is_span_of_time(value: str) -> bool:
    return value.startswith("P") and value[1:2].isdigit()


def _is_cardinal_one(doc: Doc, quantity: Quantity) -> bool:
    """ "one" before its noun or before "of": a quantity for NewsQuant; a pronoun elsewhere."""
    span = doc.char_span(*quantity.core, alignment_mode="expand")
    if span is None:
        return False
    after = doc[span.end] if span.end < len(doc) else None
    return bool(after is not None and (after.lower_ == "of" or span.root.dep_ == "nummod" or not span.root.dep_))


def _item(quantity: Quantity, what: Counted) -> Item:
    part = 0.01 if quantity.style == "fraction" else 1.0
    low = quantity.value if quantity.low is None else quantity.low
    high = quantity.value if quantity.high is None else quantity.high
    unit = _UNITS.get(quantity.unit or "", quantity.unit or "-")
    if quantity.reason == "age":
        unit = "year of age"
    words: tuple[str, ...] = ()
    if quantity.kind is None and quantity.reason != "age" and what.phrase:
        words = tuple(stem(w) for w in what.phrase.lower().split())
        unit = stem(what.head or "-")
    if quantity.per:
        unit = f"{unit} per {_UNITS.get(quantity.per, quantity.per)}"
    return Item((low or 0.0) * part, (high or 0.0) * part, unit, words)


def _same_value(one: Item, two: Item) -> bool:
    return abs(one.low - two.low) <= 1e-6 * max(1, abs(two.low)) and abs(one.high - two.high) <= 1e-6 * max(
        1, abs(two.high)
    )


def _same_both(one: Item, two: Item) -> bool:
    """Units agree where they are equal, or where our noun is a word of the gold unit (which keeps modifiers)."""
    return _same_value(one, two) and (one.unit == two.unit or stem(one.unit) in two.words or _person(one.unit, two))


def _person(unit: str, gold: Item) -> bool:
    return unit == "person" and "people" in gold.words


def _same_strictly(one: Item, two: Item) -> bool:
    return _same_value(one, two) and (one.unit == two.unit or (bool(one.words) and one.words == two.words))


JUDGES = (("value", _same_value), ("value_unit", _same_both), ("value_unit_strict", _same_strictly))


def prf(hit: int, found: int, gold: int) -> dict[str, float]:
    """Precision, recall and F1 as fractions."""
    p, r = hit / found if found else 0.0, hit / gold if gold else 0.0
    return {"p": p, "r": r, "f": 2 * p * r / (p + r) if p + r else 0.0}
