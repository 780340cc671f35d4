"""Predicted attributions against PolNeAR: spans, kinds and linked triples. Whole claims with their speakers, on the
gold of our own articles, are judged by `extract.evaluate.articles`, to which a corpus of that form is handed on.

Conventions of the experiment in `../shared/recipes/encoder.py`, so that the numbers can stand beside its table: the
first annotator's layer; punctuation, quotation marks and space trimmed at both ends of every span; each part of a
discontinuous content is a span of its own, each distinct span counts once; words are runs of letters and digits.
`exact` is the same trimmed span, `overlap` a one-to-one match with a Jaccard index of characters of at least .5,
`words` counts the words covered. The kind of a content part is direct where all its words stand inside quotation
marks, indirect where none does, else mixed: `kinds` has the contents of each kind, judged as their own. A `linked`
triple is one attribution: its content (all parts) overlaps by .5, and a source and the cue overlap by .5 too (or are
absent in both).
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from extract.evaluate import articles

Offsets = tuple[int, int]

LABELS = ("source", "cue", "content")
KINDS = ("direct", "indirect", "mixed")
WAYS = ("exact", "overlap", "words")
OVERLAP = 0.5
_TRIM = " \t\n\r\u00a0\"'“”‘’«»„.,;:!?()[]…-‐‑‒–—―"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Triple:
    """One attribution as character spans, trimmed."""

    source: tuple[Offsets, ...]
    cue: tuple[Offsets, ...]
    content: tuple[Offsets, ...]


def evaluate(nlp: Language, path: Path | str, limit: int | None = None) -> dict[str, Any]:
    """Runs the encoder of `nlp` on every article of a PolNeAR file (`.jsonl.gz`) and scores `doc._.attributions`; the
    whole pipeline where the corpus is `gold.jsonl`, `quotes.jsonl` or the folder of one."""
    if Path(path).suffix != ".gz":
        return articles.evaluate(nlp, path, limit)
    rows = load_rows(Path(path))[:limit]
    encoder = [name for name in nlp.pipe_names if name != "onrecord_encoder"]
    counts: Counter[str] = Counter()
    with nlp.select_pipes(disable=encoder):
        for row in rows:
            doc = nlp(row["text"])
            counts.update(count(row["text"], gold_triples(row), predicted_triples(doc)))
    return {"articles": len(rows), **summary(counts)}


def load_rows(path: Path) -> list[dict[str, Any]]:
    """The articles of a PolNeAR file; raises FileNotFoundError naming the file."""
    if not path.is_file():
        raise FileNotFoundError(f"no attribution corpus at {path}: expected polnear_dev.jsonl.gz or the like")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def gold_triples(row: dict[str, Any]) -> list[Triple]:
    """The first annotator's attributions."""
    text = row["text"]
    return [
        Triple(*(_trimmed(text, attribution[label]) for label in LABELS))
        for attribution in row["annotations"][0]["attributions"]
    ]


def predicted_triples(doc: Doc) -> list[Triple]:
    """`doc._.attributions` as characters; a content over several lines is cut there, as the gold's are."""
    triples = []
    for one in doc._.attributions:
        contents = [piece for s, e in one.contents for piece in _lines(doc.text, *_chars(doc, s, e))]
        cue = [_chars(doc, *one.cue)] if one.cue else []
        sources = [_chars(doc, s, e) for s, e in one.sources]
        triples.append(Triple(*(_trimmed(doc.text, spans) for spans in (sources, cue, contents))))
    return triples


def _chars(doc: Doc, start: int, end: int) -> Offsets:
    span = doc[start:end]
    return span.start_char, span.end_char


def _lines(text: str, start: int, end: int) -> list[Offsets]:
    return [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\n]+", text[start:end])]


def trim(text: str, start: int, end: int) -> Offsets:
    """The span without punctuation, quotation marks and space at its ends."""
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    return start, end


def _trimmed(text: str, spans: Iterable[Iterable[int]]) -> tuple[Offsets, ...]:
    kept = {trim(text, *span) for span in spans}
    return tuple(sorted(span for span in kept if span[0] < span[1]))


def quote_states(text: str) -> list[bool]:
    """For every character whether it stands inside quotation marks; the state ends with the line."""
    states, inside = [], False
    for character in text:
        opens = character in "“«" or (character == '"' and not inside)
        closes = character in "”»" or (character == '"' and inside)
        if character == "\n" or closes or opens:
            inside = opens
            states.append(False)
        else:
            states.append(inside)
    return states


def count(text: str, gold: list[Triple], found: list[Triple]) -> Counter[str]:
    """Counts of one article: tp, p, g of exact spans, `otp` by overlap, `wtp`, `wp`, `wg` of words, by label."""
    counts: Counter[str] = Counter()
    words = [m.span() for m in _WORD.finditer(text)]
    for label in LABELS:
        g = {span for triple in gold for span in getattr(triple, label)}
        p = {span for triple in found for span in getattr(triple, label)}
        counts.update(_spans(label, g, p, words))
    counts.update(_kinds(text, gold, found, words))
    counts.update(_links(gold, found))
    return counts


def _spans(name: str, gold: set[Offsets], found: set[Offsets], words: list[Offsets]) -> Counter[str]:
    covered, guessed = _covered(words, gold), _covered(words, found)
    counts = {"tp": len(gold & found), "g": len(gold), "p": len(found)}
    counts |= {"otp": len(_matched(sorted(gold), sorted(found)))}
    counts |= {"wtp": len(covered & guessed), "wg": len(covered), "wp": len(guessed)}
    return Counter({f"{name} {k}": n for k, n in counts.items()})


def _covered(words: list[Offsets], spans: set[Offsets]) -> set[int]:
    inside = {i for start, end in spans for i in range(start, end)}
    return {start for start, _ in words if start in inside}


def _overlap(a: Offsets, b: Offsets) -> float:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared / (a[1] - a[0] + b[1] - b[0] - shared) if shared > 0 else 0.0


def _matched(gold: list[Offsets], found: list[Offsets]) -> list[tuple[int, int]]:
    """One-to-one pairs with an overlap of .5 or more, best first."""
    ranked = sorted(
        ((-_overlap(a, b), g, f) for g, a in enumerate(gold) for f, b in enumerate(found) if _overlap(a, b) >= OVERLAP)
    )
    pairs: list[tuple[int, int]] = []
    seen: tuple[set[int], set[int]] = (set(), set())
    for _, g, f in ranked:
        if g not in seen[0] and f not in seen[1]:
            seen[0].add(g)
            seen[1].add(f)
            pairs.append((g, f))
    return pairs


def _kinds(text: str, gold: list[Triple], found: list[Triple], words: list[Offsets]) -> Counter[str]:
    counts: Counter[str] = Counter()
    states = quote_states(text)

    def by_kind(triples: list[Triple]) -> dict[str, set[Offsets]]:
        spans: dict[str, set[Offsets]] = {kind: set() for kind in KINDS}
        for start, end in {span for triple in triples for span in triple.content}:
            quoted = [states[w] for w, _ in words if start <= w < end]
            spans["direct" if quoted and all(quoted) else "mixed" if any(quoted) else "indirect"].add((start, end))
        return spans

    wanted, predicted = by_kind(gold), by_kind(found)
    for kind in KINDS:
        counts.update(_spans(kind, wanted[kind], predicted[kind], words))
    return counts


def _links(gold: list[Triple], found: list[Triple]) -> Counter[str]:
    """Whole attributions: greedy one-to-one by content overlap among those whose cue and source are right too."""
    ranked = []
    for g, one in enumerate(gold):
        for f, other in enumerate(found):
            overlap = _set_overlap(one.content, other.content)
            if overlap >= OVERLAP and _agree(one.cue, other.cue) and _agree(one.source, other.source):
                ranked.append((-overlap, g, f))
    seen: tuple[set[int], set[int]] = (set(), set())
    right = 0
    for _, g, f in sorted(ranked):
        if g not in seen[0] and f not in seen[1]:
            seen[0].add(g)
            seen[1].add(f)
            right += 1
    whole = sum(bool(t.content) for t in gold)
    return Counter({"linked tp": right, "linked g": whole, "linked p": sum(bool(t.content) for t in found)})


def _agree(one: tuple[Offsets, ...], other: tuple[Offsets, ...]) -> bool:
    if not one or not other:
        return not one and not other
    return any(_overlap(a, b) >= OVERLAP for a in one for b in other)


def _set_overlap(one: tuple[Offsets, ...], other: tuple[Offsets, ...]) -> float:
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    total = sum(e - s for s, e in one) + sum(e - s for s, e in other) - shared
    return shared / total if total else 0.0


def summary(counts: Counter[str]) -> dict[str, Any]:
    """Precision, recall and F as fractions."""
    result: dict[str, Any] = {}
    for label in LABELS:
        result[label] = _three_ways(counts, label)
    result["kinds"] = {kind: _three_ways(counts, kind) for kind in KINDS}
    result["linked"] = _prf(counts["linked tp"], counts["linked p"], counts["linked g"])
    return result


def _three_ways(counts: Counter[str], name: str) -> dict[str, dict[str, float]]:
    ways = {"exact": ("tp", "p", "g"), "overlap": ("otp", "p", "g"), "words": ("wtp", "wp", "wg")}
    return {way: _prf(*(counts[f"{name} {k}"] for k in keys)) for way, keys in ways.items()}


def _prf(right: int, found: int, gold: int) -> dict[str, float]:
    return {
        "p": round(right / found, 4) if found else 0.0,
        "r": round(right / gold, 4) if gold else 0.0,
        "f": round(2 * right / (found + gold), 4) if found + gold else 0.0,
    }


def table(result: dict[str, Any]) -> str:
    """The scores as plain text."""
    if "claims" in result:
        return articles.table(result)
    lines = [f"{result['articles']} articles", f"{'F':10}{'exact':>9}{'overlap':>9}{'words':>9}"]
    for label in LABELS:
        lines += [f"{label:10}" + "".join(f"{result[label][how]['f']:9.3f}" for how in WAYS)]
    lines += [f"{'linked':10}{result['linked']['f']:9.3f}"]
    lines += ["contents by kind:"]
    lines += [
        f"{kind:10}" + "".join(f"{s[how]['f']:9.3f}" for how in WAYS) + f"   exact recall {s['exact']['r']:.3f}"
        for kind, s in result["kinds"].items()
    ]
    return "\n".join(lines)
