"""The newest disagreements, those that are one told once: pairs of the same conflict, all changes of one revision."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator

from db.groups import connected
from db.site.highlight import excerpt
from db.site.rows import DISAGREEMENTS, Reader, Row, end_columns, end_joins, one_end

AMONG = 5  # links are put into groups, the newest, for each disagreement that is asked for
_LABELS = ", ".join(f"'{label}'" for label in DISAGREEMENTS)
ENDS = f"""
SELECT l.id, l.label, l.a_kind, l.a_id, l.b_kind, l.b_id, av.id AS a_version, bv.id AS b_version
FROM (SELECT * FROM link WHERE label IN ({_LABELS}) ORDER BY id DESC LIMIT :size) l
{end_joins("a", "l.a_kind", "l.a_id")} {end_joins("b", "l.b_kind", "l.b_id")} ORDER BY l.id DESC
"""
_ORIGINS = ", ".join(
    f"(SELECT origins FROM figure_standing WHERE l.{s}_kind = 'figure' AND figure_id = l.{s}_id) AS {s}_origins"
    for s in "ab"
)
SHOWN = f"""
SELECT l.id, l.public_id, l.label, l.explanation, l.a_kind, l.b_kind, l.found_at, {_ORIGINS},
       {end_columns("a")}, {end_columns("b")}, av.text AS a_body, bv.text AS b_body
FROM link l {end_joins("a", "l.a_kind", "l.a_id")} {end_joins("b", "l.b_kind", "l.b_id")}
WHERE l.id IN (SELECT value FROM json_each(:ids))
"""
_TELLS_MOST = {"figure": 0, "claim": 1, "article": 2}


async def newest(reader: Reader, most: int) -> list[Row]:
    """The newest disagreements, at most `most`, each by the link that tells most of it, among those the first that was
    found, with both `sides` and how many links say the same (`more`). A figure's side has its number of `origins`."""
    links = await reader.all(ENDS, size=AMONG * most)
    groups: dict[int, list[Row]] = {}
    for link, number in zip(links, connected([[*_shared(link)] for link in links]), strict=True):
        groups.setdefault(number, []).append(link)
    chosen = {min(group, key=_rank)["id"]: len(group) - 1 for group in list(groups.values())[:most]}
    rows = await reader.all(SHOWN, ids=json.dumps(list(chosen)))
    for row in rows:
        row |= {"more": chosen[row["id"]], "sides": [_printing(one_end(row, side)) for side in "ab"]}
    return sorted(rows, key=lambda row: list(chosen).index(row["id"]))


def _shared(link: Row) -> Iterator[Hashable]:
    """What two links that tell of one disagreement have in common: for a revision its versions, else an end."""
    if link["label"] == "revised":
        yield link["a_version"], link["b_version"]
    else:
        yield from ((link["label"], link[f"{side}_kind"], link[f"{side}_id"]) for side in "ab")


def _rank(link: Row) -> tuple[int, int]:
    return _TELLS_MOST[link["a_kind"]], link["id"]


def _printing(side: Row) -> Row:
    """A figure says little without the words around it; a claim speaks for itself."""
    if side["kind"] == "figure":
        side["shown"] = excerpt(side["body"], side["start"], side["end"], "figure")
    return side
