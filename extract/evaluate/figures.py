"""How well figures are found and described, against three kinds of gold.

- NewsQuant (`newsquant_dev.json`): sentences with their quantities, no offsets. Predicted and gold quantities of a sentence are
  matched as multisets: by value, and by value and unit.
- the articles (`gold.jsonl`): figures with offsets.
- the cross-check corpus (`figures.jsonl` beside its articles `NNN.json`): the same.

On the last two a predicted and a gold figure meet when their spans overlap; value and unit must then agree (`value`,
`value_unit`), and the other fields are counted on the figures that met. Figures of class `incidental` are left out on both
sides. The conventions of NewsQuant that differ from ours are mapped in `_as_newsquant` and `_same_unit`, and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from extract.figures.component import FigureFinder
from extract.figures.counted import Counted, CountedFinder
from extract.figures.frame import Frame
from extract.figures.lexer import Lexeme
from extract.figures.measures import stem
from extract.figures.recognise import Quantity
from extract.findings import Figure

FIELDS = ("kind", "modifier", "direction", "counted", "place", "period", "speaker", "modality")
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


def evaluate(nlp: Language, path: str | Path, limit: int | None = None) -> dict[str, Any]:
    """Scores of `nlp` on the gold at `path` (a file, or the cross-check folder), on at most `limit` texts.

    Raises FileNotFoundError where there is no such gold, ValueError where it is of none of the three kinds.
    """
    source = Path(path)
    if source.is_dir():
        source = source / "figures.jsonl"
    if source.name.startswith("newsquant"):
        return _newsquant(nlp, json.loads(source.read_text(encoding="utf-8"))[:limit])
    if source.suffix == ".jsonl":
        return _figures(nlp, list(_texts(source))[:limit])
    raise ValueError(
        f"{source}: neither NewsQuant, nor gold.jsonl of the articles, nor figures.jsonl of the cross-check corpus"
    )


def table(result: dict[str, Any]) -> str:
    """The scores as plain text."""
    lines = [f"{'':12}{'P':>8}{'R':>8}{'F':>8}"]
    for name in ("span", "value", "value_unit", "value_unit_strict"):
        if name in result:
            scores = result[name]
            lines.append(f"{name:18}{scores['p']:8.3f}{scores['r']:8.3f}{scores['f']:8.3f}")
    for name, accuracy in result.get("fields", {}).items():
        lines.append(f"{name:18}{accuracy['right']:>5}/{accuracy['of']:<5}{accuracy['accuracy']:8.3f}")
    lines.append(f"texts {result['texts']}, gold {result['gold']}, found {result['found']}")
    return "\n".join(lines)


# --- NewsQuant -----------------------------------------------------------------------------------------------------------


def _newsquant(nlp: Language, sentences: Sequence[dict[str, Any]]) -> dict[str, Any]:
    finder = FigureFinder()
    hits = dict.fromkeys(("value", "value_unit", "value_unit_strict"), 0)
    gold_count = found_count = 0
    errors: list[dict[str, Any]] = []
    for sentence in sentences:
        doc = nlp(sentence["text"])
        gold = [_gold_item(q) for q in sentence["quantities"]]
        found = _as_newsquant(doc, finder)
        gold_count, found_count = gold_count + len(gold), found_count + len(found)
        for name, same in (("value", _same_value), ("value_unit", _same_both), ("value_unit_strict", _same_strictly)):
            left = list(gold)
            missed: list[Item] = []
            for item in found:
                match = next((g for g in left if same(item, g)), None)
                left.remove(match) if match else missed.append(item)
            hits[name] += len(gold) - len(left)
            if name == "value_unit" and (left or missed):
                errors.append(
                    {
                        "text": sentence["text"],
                        "missed": [_shown(g) for g in left],
                        "wrong": [_shown(m) for m in missed],
                    }
                )
    scores = {name: _prf(hit, found_count, gold_count) for name, hit in hits.items()}
    return {**scores, "texts": len(sentences), "gold": gold_count, "found": found_count, "errors": errors}


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
    """Units agree where they are equal, or where our counted noun is a word of the gold unit (which keeps modifiers)."""
    return _same_value(one, two) and (one.unit == two.unit or stem(one.unit) in two.words or _person(one.unit, two))


def _person(unit: str, gold: Item) -> bool:
    return unit == "person" and "people" in gold.words


def _same_strictly(one: Item, two: Item) -> bool:
    return _same_value(one, two) and (one.unit == two.unit or (bool(one.words) and one.words == two.words))


# --- articles and the cross-check corpus -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    published: str | None
    gold: list[dict[str, Any]]
    aliases: dict[str, Any]


def _texts(source: Path) -> Iterator[_Text]:
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
    if rows and "figures" in rows[0]:
        for row in rows:
            yield _Text(row["text"], row.get("published"), row["figures"], row.get("aliases") or {})
        return
    for name in sorted({row["article"] for row in rows}):
        article = json.loads((source.parent / f"{name[1:]}.json").read_text(encoding="utf-8"))
        yield _Text(article["text"], article.get("published"), [r for r in rows if r["article"] == name], {})


def _figures(nlp: Language, texts: Sequence[_Text]) -> dict[str, Any]:
    hits = dict.fromkeys(("span", "value", "value_unit"), 0)
    fields = {name: [0, 0] for name in FIELDS}
    gold_count = found_count = 0
    errors: list[dict[str, Any]] = []
    for item in texts:
        found = _found(nlp, item)
        gold = [g for g in item.gold if g["cls"] != "incidental"]
        small = [g for g in item.gold if g["cls"] == "incidental"]
        found = [f for f in found if not any(_overlap(f, g) for g in small)]
        gold_count, found_count = gold_count + len(gold), found_count + len(found)
        for figure in found:
            match = next((g for g in gold if _overlap(figure, g)), None)
            if match is None:
                errors.append({"field": "spurious", "found": figure.text, "value": figure.value})
                continue
            gold.remove(match)
            hits["span"] += 1
            hits["value"] += _value_right(figure, match)
            hits["value_unit"] += _value_right(figure, match) and _unit_right(figure, match)
            for name, right, got, wanted in _compared(figure, match, item.aliases):
                fields[name][0] += right
                fields[name][1] += 1
                if not right:
                    errors.append({"field": name, "found": figure.text, "got": got, "wanted": wanted})
            if not (_value_right(figure, match) and _unit_right(figure, match)):
                errors.append(
                    {"field": "value_unit", "found": figure.text, "got": figure.unit, "wanted": match["unit"]}
                )
        errors += [{"field": "missed", "wanted": g.get("text", g.get("raw"))} for g in gold]
    return {
        **{name: _prf(hit, found_count, gold_count) for name, hit in hits.items()},
        "fields": {n: {"right": r, "of": o, "accuracy": r / o if o else 0.0} for n, (r, o) in fields.items()},
        "texts": len(texts),
        "gold": gold_count,
        "found": found_count,
        "errors": errors,
    }


def _found(nlp: Language, item: _Text) -> list[Figure]:
    from extract.pipeline import find

    return list(find(nlp, item.text, item.published).figures)


def _overlap(figure: Figure, gold: dict[str, Any]) -> bool:
    start, end = gold["span"]
    return figure.start < end and start < figure.end


def _value_right(figure: Figure, gold: dict[str, Any]) -> bool:
    pairs = ((figure.value, gold["value"]), (figure.low, gold["low"]), (figure.high, gold["high"]))
    return all(_near(got, wanted) for got, wanted in pairs)


def _near(got: float | None, wanted: float | None) -> bool:
    if got is None or wanted is None:
        return got is wanted
    return abs(got - wanted) <= 0.01 * max(1.0, abs(wanted)) * (0.1 if abs(wanted) >= 100 else 1)


def _unit_right(figure: Figure, gold: dict[str, Any]) -> bool:
    return figure.unit == gold["unit"] or stem(figure.unit or "") == stem(gold["unit"] or "")


def _compared(figure: Figure, gold: dict[str, Any], aliases: dict[str, Any]) -> Iterator[tuple[str, bool, Any, Any]]:
    for name in ("kind", "modifier", "direction", "modality"):
        yield name, getattr(figure, name) == gold[name], getattr(figure, name), gold[name]
    yield "place", figure.place == gold["place"], figure.place, gold["place"]
    yield "counted", _counted_right(figure.counted, gold["counted"]), figure.counted, gold["counted"]
    got = figure.period and (figure.period.start, figure.period.end)
    yield "period", _period_right(got, gold["period"]), got, gold["period"]
    speakers = gold["speakers"] if "speakers" in gold else [s for s in [gold["speaker"]] if s != "article"]
    speakers = [s for one in speakers for s in (one if isinstance(one, list) else [one])]
    yield "speaker", set(figure.speaker) == set(speakers), figure.speaker, speakers


def _counted_right(got: str | None, wanted: str | None) -> bool:
    """The gold phrase explains more than the text prints: right where two thirds of our content words are among its words,
    or the other way round, and one at least is shared."""
    one = {stem(w) for w in (got or "").lower().replace("-", " ").split() if len(w) > 3}
    two = {stem(w) for w in (wanted or "").lower().replace("-", " ").split() if len(w) > 3}
    shared = len(one & two)
    return bool(shared) and shared >= 0.6 * min(len(one), len(two))


def _period_right(got: tuple[str | None, str | None] | None, wanted: str | None) -> bool:
    """Both null, or equal ends; a gold end that is unknown ("PXW/…") is not compared."""
    if not wanted or not got:
        return not wanted and not got
    return all(w.startswith("PX") or g == w for g, w in zip(got, wanted.split("/"), strict=True))


def _prf(hit: int, found: int, gold: int) -> dict[str, float]:
    p, r = hit / found if found else 0.0, hit / gold if gold else 0.0
    return {"p": p, "r": r, "f": 2 * p * r / (p + r) if p + r else 0.0}
