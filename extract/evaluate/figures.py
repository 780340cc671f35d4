"""How well figures are found and described, against three kinds of gold.

- NewsQuant (`newsquant_dev.json`): see `newsquant`.
- the articles (`gold.jsonl`, or their folder): figures with offsets.
- the cross-check corpus (`figures.jsonl` beside its articles `NNN.json`): the same.

On the last two a predicted and a gold figure meet when their spans overlap; value and unit must then agree (`value`,
`value_unit`), and the other fields are counted on the figures that met. Figures of class `incidental` are left out on
both sides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language

from extract.evaluate.newsquant import prf, score_newsquant
from extract.figures.measures import stem
from extract.findings import Figure

GOLD_FILES = ("figures.jsonl", "gold.jsonl")
FIELDS = ("kind", "modifier", "direction", "counted", "place", "period", "speaker", "modality")


def evaluate(nlp: Language, path: str | Path, limit: int | None = None) -> dict[str, Any]:
    """Scores of `nlp` on the gold at `path` (a file, or the cross-check folder), on at most `limit` texts.

    Raises FileNotFoundError where there is no such gold, ValueError where it is of none of the three kinds.
    """
    source = Path(path)
    if source.is_dir():
        source = next((source / name for name in GOLD_FILES if (source / name).is_file()), source)
    if source.is_dir():
        raise FileNotFoundError(f"{source}: neither {' nor '.join(GOLD_FILES)} there")
    if source.name.startswith("newsquant"):
        return score_newsquant(nlp, json.loads(source.read_text(encoding="utf-8"))[:limit])
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


_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")


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
        **{name: prf(hit, found_count, gold_count) for name, hit in hits.items()},
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
    got = (figure.period.start, figure.period.end) if figure.period else None
    yield "period", _period_right(got, gold["period"]), got, gold["period"]
    speakers = gold["speakers"] if "speakers" in gold else [s for s in [gold["speaker"]] if s != "article"]
    speakers = [s for one in speakers for s in (one if isinstance(one, list) else [one])]
    yield "speaker", set(figure.speaker) == set(speakers), figure.speaker, speakers


def _counted_right(got: str | None, wanted: str | None) -> bool:
    """The gold phrase explains more than the text prints: right where three in five of the content words of the shorter
    phrase are shared."""
    one, two = ({stem(w) for w in _WORD.findall((phrase or "").lower()) if len(w) > 3} for phrase in (got, wanted))
    shared = len(one & two)
    return bool(shared) and shared >= 0.6 * min(len(one), len(two))


def _period_right(got: tuple[str | None, str | None] | None, wanted: str | None) -> bool:
    """Both null, or equal ends; a gold end that is unknown ("PXW/…") is not compared."""
    if not wanted or not got:
        return not wanted and not got
    return all(w.startswith("PX") or g == w for g, w in zip(got, wanted.split("/"), strict=True))
