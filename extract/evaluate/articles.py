"""Findings against the gold of `../shared/articles` and of the cross-check corpus.

A found claim is the gold claim with which it shares most: Jaccard index of the two sets of characters (all parts, outer
marks as each convention has them) of at least .5, one to one, best pairs first. Gold claims marked `weak` (a topic, no
proposition) are neither rewarded nor punished: a found claim that pairs with one is left out of the count.
`names` counts the pairs whose whole set of speakers is right. Names compare case-folded, aliases of the gold applied;
where the gold has a label and no identity ("anonymous ...", "... (unnamed)"), a speaker of class anonymous or group
without a proper name is right.
`calibration` sets `confidence` against how often claim and names are right: the mean gap over ten bins, weighted by
their claims (expected calibration error, Guo et al. 2017), and the Brier score.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language

OVERLAP = 0.5
_ARTICLE = re.compile(r"^(?:the|a|an|our|his|her|their)\s+", re.IGNORECASE)
_LABEL = re.compile(r"^(?:anonymous|unnamed)\b|\(unnamed\)$|^government source$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GoldClaim:
    """A gold claim of either corpus. None where a corpus does not annotate the field."""

    id: str
    kind: str
    parts: tuple[tuple[int, int], ...]
    cue: tuple[int, int] | None
    names: tuple[str, ...]
    class_: str | None
    roles: tuple[str, ...]
    said_on: str | None
    negated: bool | None
    modality: str | None
    nested: bool
    weak: bool


@dataclass(frozen=True, slots=True)
class GoldArticle:
    id: str
    published: str | None
    text: str
    aliases: dict[str, str]
    claims: tuple[GoldClaim, ...]


def load_gold(path: Path) -> list[GoldArticle]:
    """The articles of a folder or file: `gold.jsonl` of the real articles, or `quotes.jsonl` beside its NNN.json."""
    file = path / "gold.jsonl" if path.is_dir() and (path / "gold.jsonl").exists() else path
    file = file / "quotes.jsonl" if file.is_dir() else file
    if not file.is_file():
        raise FileNotFoundError(f"no gold claims at {path}: expected gold.jsonl or quotes.jsonl there")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    if file.name != "quotes.jsonl":
        return [_article(row) for row in rows]
    return [_crosscheck(page, rows) for page in sorted(file.parent.glob("[0-9]*.json"))]


def _article(row: dict[str, Any]) -> GoldArticle:
    claims = tuple(
        GoldClaim(
            id=c["id"],
            kind=c["kind"],
            parts=(tuple(c["content"]),),
            cue=tuple(c["cue"]) if c["cue"] else None,
            names=tuple(c["speakers"]),
            class_=None,
            roles=_roles(c["role"]),
            said_on=c["said_on"],
            negated=None,
            modality=None,
            nested=c["nested"],
            weak=c["weak"],
        )
        for c in row["claims"]
    )
    return GoldArticle(row["id"], row["published"], row["text"], row["aliases"], claims)


def _crosscheck(page: Path, rows: list[dict[str, Any]]) -> GoldArticle:
    article = json.loads(page.read_text(encoding="utf-8"))
    claims = tuple(
        GoldClaim(
            id=c["id"],
            kind=c["kind"],
            parts=tuple((s, e) for s, e in c["content_parts"]),
            cue=tuple(c["cue"]) if c["cue"] else None,
            names=tuple(c["speaker"]) if isinstance(c["speaker"], list) else (c["speaker"],),
            class_=c["speaker_class"],
            roles=_roles(c["role"]),
            said_on=c["said_on"],
            negated=c["negated"],
            modality=c["modality"],
            nested=c["nested_in"] is not None,
            weak=c["weak"],
        )
        for c in rows
        if c["article"].lstrip("D") == page.stem
    )
    return GoldArticle(page.stem, article["published"], article["text"], {}, claims)


def _roles(role: str | list[str] | None) -> tuple[str, ...]:
    return tuple(role) if isinstance(role, list) else (role,) if role else ()


def evaluate(nlp: Language, path: Path | str, limit: int | None = None) -> dict[str, Any]:
    """Runs `extract.find` on every article of the gold at `path`; fractions by name, see the module."""
    from extract.pipeline import find

    gold = load_gold(Path(path))[:limit]
    return score(gold, [find(nlp, article.text, article.published).as_dict()["claims"] for article in gold])


def score(gold: Sequence[GoldArticle], found: Sequence[Sequence[dict[str, Any]]]) -> dict[str, Any]:
    """Scores claims as `onrecord extract --json` prints them, one list an article, in the order of `gold`."""
    counts: Counter[str] = Counter()
    for article, claims in zip(gold, found, strict=True):
        counts.update(_count(article, claims))
    claims_ = _prf(counts["pairs"], counts["found"], counts["gold"])
    result: dict[str, Any] = {"articles": len(gold), "claims": claims_}
    result["claims_and_names"] = _prf(counts["names"], counts["found"], counts["gold"])
    for field in ("names", "kind", "cue", "role", "class", "said_on", "negated", "modality", "nested"):
        total = counts["pairs"] if field in {"names", "kind", "cue", "nested"} else counts[f"{field} of"]
        result[field] = {"right": _ratio(counts[field], total), "of": total}
    result["said_on"]["without_gold"] = counts["said_on spurious"]
    judged = [one for article, claims in zip(gold, found, strict=True) for one in confidences(article, claims)]
    return result | {"calibration": calibration(judged)}


def confidences(article: GoldArticle, claims: Sequence[dict[str, Any]]) -> list[tuple[float, bool]]:
    """(confidence, whether claim and names are right) of each found claim; those paired with weak gold left out."""
    partner = {id(claim): gold for gold, claim in pair(article, claims)}
    judged = [(c, partner.get(id(c))) for c in claims]
    return [
        (c["confidence"], g is not None and names_right(g, c["speaker"], article.aliases))
        for c, g in judged
        if g is None or not g.weak
    ]


def calibration(judged: Sequence[tuple[float, bool]], bins: int = 10) -> dict[str, Any]:
    """The reliability table of `judged`, its expected calibration error and Brier score.

    >>> calibration([(0.75, True), (0.75, True), (0.75, True), (0.75, False)])["error"]
    0.0
    """
    table = []
    for n in range(bins):
        inside = [one for one in judged if min(bins - 1, int(one[0] * bins)) == n]
        if inside:
            said, right = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            table.append({"claims": len(inside), "confidence": round(said, 3), "right": round(right, 3)})
    gaps = sum(row["claims"] * abs(row["confidence"] - row["right"]) for row in table)
    brier = sum((confidence - right) ** 2 for confidence, right in judged)
    return {"error": _ratio(gaps, len(judged)), "brier": _ratio(brier, len(judged)), "bins": table}


def pair(article: GoldArticle, claims: Sequence[dict[str, Any]]) -> list[tuple[GoldClaim, dict[str, Any]]]:
    """Gold and found claims one to one, best overlap first; weak gold takes what no other gold wants."""
    candidates = []
    for g, gold in enumerate(article.claims):
        for f, claim in enumerate(claims):
            overlap = jaccard(gold.parts, claim["parts"])
            if overlap >= OVERLAP:
                candidates.append((gold.weak, -overlap, -_speaks(gold, claim), g, f))
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for *_, g, f in sorted(candidates):
        if g not in taken[0] and f not in taken[1]:
            taken[0].add(g)
            taken[1].add(f)
            pairs.append((article.claims[g], claims[f]))
    return pairs


def _speaks(gold: GoldClaim, claim: dict[str, Any]) -> int:
    """Of two gold claims with one content ("X, citing Y, said ..."), the one whose cue it is."""
    cue = claim["cue"]
    return int(bool(gold.cue and cue and gold.cue[0] < cue["end"] and cue["start"] < gold.cue[1]))


def jaccard(one: Iterable[Sequence[int]], other: Iterable[Sequence[int]]) -> float:
    """Shared characters over all characters of two lists of intervals.

    >>> jaccard([(0, 10)], [(5, 10)])
    0.5
    """
    a = {i for start, end in one for i in range(start, end)}
    b = {i for start, end in other for i in range(start, end)}
    return len(a & b) / len(a | b) if a or b else 0.0


def _count(article: GoldArticle, claims: Sequence[dict[str, Any]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    pairs = pair(article, claims)
    counts["gold"] = sum(not gold.weak for gold in article.claims)
    counts["found"] = len(claims) - sum(gold.weak for gold, _ in pairs)
    for gold, claim in pairs:
        if not gold.weak:
            counts["pairs"] += 1
            counts.update(_right(gold, claim, article.aliases))
    return counts


def _right(gold: GoldClaim, claim: dict[str, Any], aliases: dict[str, str]) -> Counter[str]:
    """Which fields of a pair are right; "field of" where not every pair can be judged."""
    counts: Counter[str] = Counter()
    speaker = claim["speaker"]
    counts["names"] = names_right(gold, speaker, aliases)
    counts["kind"] = gold.kind == claim["kind"]
    counts["cue"] = _cue_right(gold, claim)
    counts["nested"] = gold.nested == (claim["nested_in"] is not None)
    if gold.roles:
        counts["role of"] = 1
        counts["role"] = role_right(gold, speaker["role"])
    if gold.class_:
        counts["class of"] = 1
        counts["class"] = gold.class_ == speaker["class"]
    if gold.said_on:
        said = claim["said_on"]
        counts["said_on of"] = 1
        counts["said_on"] = said is not None and said["start"] == said["end"] == gold.said_on
    counts["said_on spurious"] = gold.said_on is None and claim["said_on"] is not None
    if gold.modality:
        counts["negated of"] = counts["modality of"] = 1
        counts["negated"] = gold.negated == claim["negated"]
        counts["modality"] = gold.modality == claim["modality"]
    return counts


def names_right(gold: GoldClaim, speaker: dict[str, Any], aliases: dict[str, str]) -> bool:
    """Whether all speakers are named and nobody else."""
    if all(_LABEL.search(name) for name in gold.names):
        return speaker["class"] in {"anonymous", "group"} or not speaker["names"]
    table = {_fold(alias): _fold(name) for alias, name in aliases.items()}
    wanted = {table.get(_fold(n), _fold(n)) for n in gold.names}
    return wanted == {table.get(_fold(n), _fold(n)) for n in speaker["names"]}


def role_right(gold: GoldClaim, role: str | None) -> bool:
    return role is not None and _fold(_ARTICLE.sub("", role)) in {_fold(_ARTICLE.sub("", r)) for r in gold.roles}


def _cue_right(gold: GoldClaim, claim: dict[str, Any]) -> bool:
    cue = claim["cue"]
    if gold.cue is None or cue is None:
        return gold.cue is None and cue is None
    return bool(cue["start"] < gold.cue[1] and gold.cue[0] < cue["end"])


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def _ratio(a: float, b: int) -> float:
    return round(a / b, 4) if b else 0.0


def _prf(right: int, found: int, gold: int) -> dict[str, float]:
    return {"p": _ratio(right, found), "r": _ratio(right, gold), "f": _ratio(2 * right, found + gold)}


def table(result: dict[str, Any]) -> str:
    """The scores as plain text."""
    lines = [f"{result['articles']} articles", f"{'':20}{'P':>8}{'R':>8}{'F':>8}"]
    for name in ("claims", "claims_and_names"):
        lines += [f"{name:20}" + "".join(f"{result[name][k]:8.3f}" for k in "prf")]
    lines.append("on the claims found:")
    for name, value in result.items():
        if isinstance(value, dict) and value.get("of"):
            lines.append(f"  {name:18}{value['right']:8.3f}  of {value['of']}")
    lines.append(f"calibration error {result['calibration']['error']:.3f}, Brier {result['calibration']['brier']:.3f}")
    return "\n".join(lines)
