"""The cross-check corpus as our own extraction reads it, with what it finds laid beside the gold.

A found claim stands for the gold quote that it overlaps most (Jaccard index of characters of at least .5, one to one),
a found figure for the gold figure whose characters it shares. What stands for nothing keeps its own public id: a link
from it counts as wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlite_utils import Database

OVERLAP = 0.5
Row = dict[str, Any]
Span = tuple[int, int]


def stand_ins(
    db: Database, quotes: Iterable[Row], figures: Iterable[Row], versions: Mapping[str, Any]
) -> dict[str, str]:
    """Public id of a found claim or figure → id of the gold one that it stands for."""
    article = {version: name for name, (version, _) in versions.items()}
    found: dict[tuple[str, str], list[tuple[Span, str]]] = {}
    for table in ("claim", "figure"):
        for row in db.query(f'SELECT version_id, public_id, start, "end" FROM {table}'):
            span = (row["start"], row["end"])
            found.setdefault((table, article[row["version_id"]]), []).append((span, row["public_id"]))
    gold: dict[tuple[str, str], list[tuple[Span, str]]] = {}
    for table, key, rows in (("claim", "content", quotes), ("figure", "span", figures)):
        for row in rows:
            gold.setdefault((table, row["article"]), []).append((tuple(row[key]), row["id"]))
    out: dict[str, str] = {}
    for place, wanted in gold.items():
        least = OVERLAP if place[0] == "claim" else 0.0
        out |= _one_to_one(wanted, found.get(place, []), least)
    return out


def _one_to_one(
    wanted: list[tuple[Span, str]], found: list[tuple[Span, str]], least: float
) -> Iterator[tuple[str, str]]:
    pairs = sorted(((_jaccard(g, f), gold, own) for g, gold in wanted for f, own in found), reverse=True)
    taken: set[str] = set()
    for overlap, gold, own in pairs:
        if overlap > 0 and overlap >= least and not {gold, own} & taken:
            taken |= {gold, own}
            yield own, gold


def _jaccard(a: Span, b: Span) -> float:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, shared) / (max(a[1], b[1]) - min(a[0], b[0]))
