"""`onrecord evaluate crosscheck DIR`: the cross-check on gold claims and figures, so that nothing else is measured; or,
with --own, on those that our own extraction finds in the texts.

The corpus (articles, quotes, figures, links) is loaded into a database in memory, the cross-check runs, and its links
are compared with the gold pairs. Pairs of closures count as any other; `no_link` rows are hard negatives, told apart.
B³ judges what the links join: for every gold claim or figure, the precision and recall of its group (Bagga and Baldwin
1998). `blocking` is the share of gold `same_quote` pairs of two articles that are compared at all.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db.schema import migrations

from . import crosscheck
from .candidates import candidates
from .extracted import stand_ins
from .meetings import Meetings

LABELS = (
    "same_quote",
    "same_figure",
    "conflicting_figure",
    "apparent_conflict",
    "derived",
    "wire_copy",
    "role_conflict",
    "revised",
)
Pair = tuple[str, str]
Row = dict[str, Any]
Extract = Callable[[Database, int, str, str], None]  # version id, text, day of publication
Versions = dict[str, tuple[int, str]]  # article id → (version id, text)


class NotACorpus(ValueError):
    """The folder is not laid out as a cross-check corpus; prints the folder and what is missing."""


def evaluate(extract: Extract | None, path: str | Path, limit: int | None = None) -> dict[str, Any]:
    """Precision, recall and F (fractions) by label, B³ of the groups, recall of the blocking, and the hard negatives
    that were linked as same or conflicting.

    `extract` finds and saves the claims and figures of a version; without it they are gold. `limit` keeps the first
    articles only. Raises NotACorpus.
    """
    folder = Path(path)
    db = Database(memory=True)
    migrations.apply(db)
    known, names = load_corpus(db, folder, limit, extract)
    crosscheck(db)
    found = _found(db, names)
    gold, negatives = _gold(folder, known)
    labels = {label: _score(gold[label], found[label]) for label in LABELS}
    alarms = sorted(
        f"{label}: {a} {b}"
        for label in ("same_quote", "same_figure", "conflicting_figure", "wire_copy")
        for a, b in found[label] & negatives
    )
    return {
        "articles": sum(1 for _ in db.query("SELECT 1 FROM article_version")),
        "labels": labels,
        "groups": {label: b_cubed(gold[label], found[label]) for label in ("same_quote", "same_figure")},
        "blocking": _blocking(db, gold["same_quote"], names),
        "hard_negatives": {"n": len(negatives), "linked": len(alarms), "pairs": alarms},
    }


def table(result: dict[str, Any]) -> str:
    """The figures of `evaluate` as plain text."""
    lines = [f"{'label':<20} {'gold':>5} {'found':>5} {'right':>5}  {'P':>5} {'R':>5} {'F':>5}"]
    for label, s in result["labels"].items():
        scores = " ".join(f"{s[k]:5.3f}" for k in ("precision", "recall", "f1"))
        lines.append(f"{label:<20} {s['gold']:5} {s['found']:5} {s['right']:5}  {scores}")
    for label, scores in result["groups"].items():
        lines.append(f"{label + ', B³':<38}  {' '.join(f'{scores[k]:5.3f}' for k in ('precision', 'recall', 'f1'))}")
    lines.append(f"{'same_quote, compared at all':<38}  {'':5} {result['blocking']:5.3f}")
    hard = result["hard_negatives"]
    lines.append(f"hard negatives linked as same or conflicting: {hard['linked']} of {hard['n']}")
    return "\n".join([*lines, *(f"  {pair}" for pair in hard["pairs"])])


def load_corpus(
    db: Database, folder: Path, limit: int | None = None, extract: Extract | None = None
) -> tuple[set[str], dict[str, str]]:
    """Insert the corpus. Returns the gold ids of what is in it, and for what `extract` found, the gold ids by public
    id; what is inserted as gold has the corpus's ids for public ones."""
    missing = [n for n in ("quotes.jsonl", "figures.jsonl", "links.jsonl") if not (folder / n).is_file()]
    if missing:
        raise NotACorpus(f"{folder}: not a cross-check corpus, {', '.join(missing)} not there")
    articles = [json.loads(p.read_text("utf-8")) for p in sorted(folder.glob("[0-9]*.json"))][:limit]
    versions = _load_articles(db, articles)
    quotes = [q for q in _lines(folder / "quotes.jsonl") if q["article"] in versions]
    figures = [f for f in _lines(folder / "figures.jsonl") if f["article"] in versions]
    known = {*versions, *(q["id"] for q in quotes), *(f["id"] for f in figures)}
    if extract is not None:
        for article in articles:
            extract(db, *versions[article["id"]], article["published"])
        return known, stand_ins(db, quotes, figures, versions)
    claims = _load_claims(db, quotes, versions)
    _load_figures(db, figures, versions, claims)
    return known, {}


def _lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _load_articles(db: Database, articles: list[Row]) -> Versions:
    """article id → (version id, text). Articles of one URL become versions, by the time they were fetched."""
    out: Versions = {}
    for a in sorted(articles, key=lambda a: (a["fetched_at"], a["id"])):
        db.table("article").insert(
            {"public_id": a["url"], "url": a["url"], "outlet": a["outlet"], "first_seen": a["fetched_at"]}, ignore=True
        )
        article = next(db.query("SELECT id FROM article WHERE url = ?", [a["url"]]))["id"]
        number = 1 + sum(1 for _ in db.query("SELECT 1 FROM article_version WHERE article_id = ?", [article]))
        version = (
            db.table("article_version")
            .insert(
                {"public_id": a["id"], "article_id": article, "number": number, "text_hash": a["id"]}
                | {k: a[k] for k in ("title", "text", "byline", "origin", "lang", "published", "fetched_at")}
                | {"published_on": a["published"][:10]}
            )
            .last_pk
        )
        db.execute("UPDATE article SET current_version = ? WHERE id = ?", [version, article])
        out[a["id"]] = (int(version or 0), a["text"])
    return out


def _load_claims(db: Database, quotes: list[Row], versions: Versions) -> dict[str, int]:
    ids = {q["id"]: i for i, q in enumerate(quotes, 1)}
    for q in sorted(quotes, key=lambda q: q["nested_in"] is not None):
        version, text = versions[q["article"]]
        start, end = q["content"]
        names = q["speaker"] if isinstance(q["speaker"], list) else [q["speaker"]]
        document = q["speaker_class"] == "document"
        db.table("claim").insert(
            {"id": ids[q["id"]], "public_id": q["id"], "version_id": version, "local_id": q["id"], "kind": q["kind"]}
            | {"start": start, "end": end, "text": text[start:end], "parts": json.dumps(q["content_parts"])}
            | {"quoted": json.dumps(q["quoted_spans"]), "names": json.dumps(names, ensure_ascii=False)}
            | {"speaker_class": q["speaker_class"], "role": q["role"] if isinstance(q["role"], str) else None}
            | {"basis": "document" if document else "named", "said_from": q["said_on"], "said_to": q["said_on"]}
            | {"said_on": q["said_on"] or "", "negated": int(q["negated"]), "modality": q["modality"]}
            | {"nested_in": ids.get(q["nested_in"]), "confidence": 1.0}
        )
    return ids


def _load_figures(db: Database, figures: list[Row], versions: Versions, claims: dict[str, int]) -> None:
    for f in figures:
        if f["measure"]:
            label = f["measure"].replace("_", " ")
            measure_row = {"key": f["measure"], "label": label, "definition": f["counted"] or label}
            db.table("measure").insert(measure_row, ignore=True)
        measure = next(db.query("SELECT id FROM measure WHERE key = ?", [f["measure"]]), {"id": None})["id"]
        start, end = (f["period"] or "/").split("/")
        names = [] if f["speaker"] == "article" else f["speaker"] if isinstance(f["speaker"], list) else [f["speaker"]]
        db.table("figure").insert(
            {"public_id": f["id"], "version_id": versions[f["article"]][0], "local_id": f["id"]}
            | {"start": f["span"][0], "end": f["span"][1], "text": f["text"], "measure_id": measure}
            | {k: None if f[k] is None else float(f[k]) for k in ("value", "low", "high")}
            | {k: f[k] for k in ("unit", "kind", "modifier", "direction", "counted", "place", "modality")}
            | {"period_from": start or None, "period_to": end or None, "claim_id": claims.get(f["quote"])}
            | {"names": json.dumps(names, ensure_ascii=False)}
        )


def _found(db: Database, names: Mapping[str, str]) -> dict[str, set[Pair]]:
    out: dict[str, set[Pair]] = defaultdict(set)
    for row in db.query("SELECT label, a_id, b_id FROM links"):
        out[row["label"]].add(_pair(*(names.get(row[end], row[end]) for end in ("a_id", "b_id"))))
    return out


def _blocking(db: Database, gold: set[Pair], names: Mapping[str, str]) -> float:
    rows = db.execute(
        "SELECT c.id, c.public_id, v.article_id FROM claim c JOIN article_version v ON v.id = c.version_id"
    )
    claims = {id_: (names.get(public_id, public_id), article) for id_, public_id, article in rows.fetchall()}
    meetings = Meetings(db)
    versions = (i for (i,) in db.execute("SELECT id FROM article_version").fetchall())
    filed = [one for version in versions for one in meetings.filed(version, ("claim",))]
    found = candidates(filed, meetings).by_item(filed)
    met = {_pair(claims[one][0], claims[other][0]) for one, others in found.items() for other in others}
    article = dict(claims.values())
    asked = {(a, b) for a, b in gold if article.get(a, a) != article.get(b, b)}  # versions of one article always meet
    return len(asked & met) / len(asked) if asked else 0.0


def b_cubed(gold: set[Pair], found: set[Pair]) -> dict[str, float]:
    """Precision, recall and F over the ends of gold pairs: how much of the group that one is found in is its own, and
    how much of its own group is there."""
    wanted, got = _groups(gold), _groups(found)
    members = sorted(wanted)
    if not members:
        return {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    shared = [(len(wanted[m] & got.get(m, {m})), len(got.get(m, {m})), len(wanted[m])) for m in members]
    precision = sum(both / here for both, here, _ in shared) / len(members)
    recall = sum(both / own for both, _, own in shared) / len(members)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall)}


def _groups(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    """Each end of a pair with the connected group it is in."""
    groups: dict[str, set[str]] = {}
    for a, b in pairs:
        joined = groups.get(a, {a}) | groups.get(b, {b})
        groups |= dict.fromkeys(joined, joined)
    return groups


def _gold(folder: Path, known: set[str]) -> tuple[dict[str, set[Pair]], set[Pair]]:
    gold: dict[str, set[Pair]] = defaultdict(set)
    for link in _lines(folder / "links.jsonl"):
        others = link["b"] if isinstance(link["b"], list) else [link["b"]]
        if {link["a"], *others} <= known:
            gold[link["label"]] |= {_pair(link["a"], b) for b in others}
    return gold, gold.pop("no_link", set())


def _pair(a: str, b: str) -> Pair:
    return min(a, b), max(a, b)


def _score(gold: set[Pair], found: set[Pair]) -> dict[str, Any]:
    right = len(gold & found)
    precision, recall = right / len(found) if found else 0.0, right / len(gold) if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    scores = {"precision": precision, "recall": recall, "f1": f1}
    return {"gold": len(gold), "found": len(found), "right": right, **scores} | {
        "missed": sorted(map(list, gold - found)),
        "wrong": sorted(map(list, found - gold)),
    }
