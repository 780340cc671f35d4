"""Everyone who prints what a link is about: the variants one under another, how each stands to both of the link's ends,
and which of them have one origin."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from db.crosscheck.origins import quotes_a_document, ties
from db.groups import connected
from db.site.grades import Grade, grade
from db.site.highlight import Mark, Range, differences, highlight
from db.site.rows import Reader, Row
from db.site.words import names, period, quantity, spoken

MOST = 40
LABELS = {"claim": ("same_quote",), "figure": ("same_figure", "conflicting_figure", "apparent_conflict")}
_SIDE = """
SELECT '{side}' AS side, l.label, l.public_id AS link, l.{other}_id AS id FROM link l
WHERE l.{own}_kind = :kind AND l.{own}_id = :{side} AND l.{other}_kind = :kind AND l.label IN ({labels})
"""
CLAIMS = """
SELECT c.id, c.public_id AS ref, c.text, c.parts, c.start, c.names, c.mention, c.role, c.modality, c.negated,
       c.speaker_class, c.basis, NULL AS counted, NULL AS place, c.said_from AS from_day, c.said_to AS to_day,
       a.id AS article_id, a.public_id AS article, a.outlet, a.current_version = v.id AS current, v.number AS version,
       v.origin, v.published_on AS published
FROM claim c JOIN article_version v ON v.id = c.version_id JOIN article a ON a.id = v.article_id
"""
FIGURES = """
SELECT c.id, c.public_id AS ref, c.text, NULL AS parts, c.start, c.names, c.modality, 0 AS negated, c.value, c.low,
       c.high, c.unit, c.modifier, c.counted, c.whole, c.place, c.period_from AS from_day, c.period_to AS to_day,
       s.speaker_class, s.basis,
       a.id AS article_id, a.public_id AS article, a.outlet, a.current_version = v.id AS current, v.number AS version,
       v.origin, v.published_on AS published
FROM figure c LEFT JOIN claim s ON s.id = c.claim_id
JOIN article_version v ON v.id = c.version_id JOIN article a ON a.id = v.article_id
"""
SHOWN = f"""
WHERE c.id IN (SELECT value FROM json_each(:ids)) AND (a.current_version = v.id OR c.id IN (:a, :b))
ORDER BY c.id IN (:a, :b) DESC, v.published_on, a.outlet, c.id LIMIT {MOST}
"""
# Copies of copies as well, whether they print the words in question or not.
COPIES = """
WITH RECURSIVE near(article) AS (
    SELECT value FROM json_each(:ids)
    UNION SELECT y.article_id FROM near JOIN article_version x ON x.article_id = near.article
        JOIN link l ON l.a_kind = 'article' AND l.a_id = x.id AND l.label = 'wire_copy'
        JOIN article_version y ON y.id = l.b_id
    UNION SELECT y.article_id FROM near JOIN article_version x ON x.article_id = near.article
        JOIN link l ON l.b_kind = 'article' AND l.b_id = x.id AND l.label = 'wire_copy'
        JOIN article_version y ON y.id = l.a_id
)
SELECT DISTINCT x.article_id AS one, y.article_id AS other
FROM near JOIN article_version x ON x.article_id = near.article
JOIN link l ON l.a_kind = 'article' AND l.a_id = x.id AND l.label = 'wire_copy' JOIN article_version y ON y.id = l.b_id
"""


async def printings(reader: Reader, link: Row) -> Row:
    """The printings of the claims or figures that a row of `link` joins, and of all that is linked to either as the
    same or as in conflict: `rows`, oldest first, and `origins`, the number of independent ones among them."""
    kind, a, b = link["a_kind"], link["a_id"], link["b_id"]
    if kind not in LABELS:
        return {"rows": [], "origins": 0}
    near: dict[int, dict[str, Row]] = defaultdict(dict)
    for tie in await reader.all(_near(kind), kind=kind, a=a, b=b):
        near[tie["id"]][tie["side"]] = tie
    sql = (CLAIMS if kind == "claim" else FIGURES) + SHOWN
    rows = await reader.all(sql, ids=json.dumps([a, b, *near]), a=a, b=b)
    for row in rows:
        row |= _described(row, kind)
    ends = {side: next(row for row in rows if row["id"] == link[f"{side}_id"]) for side in "ab"}
    for row in rows:
        row["end"] = next((side for side, end in ends.items() if end is row), "")
        row["against"] = {side: _against(row, ends[side], tie) for side, tie in near[row["id"]].items()}
        row["printed"] = _marked(row, ends["b" if row["end"] == "a" else "a"], link["label"] != "derived")
    rows.sort(key=lambda row: (row["published"] or "9", row["outlet"] or "", row["id"]))
    return {"rows": rows, "origins": await _number_origins(reader, rows)}


def _near(kind: str) -> str:
    labels = ", ".join(f"'{label}'" for label in LABELS[kind])
    ways = [(side, own, other) for side in "ab" for own, other in ("ab", "ba")]
    return "UNION ALL".join(_SIDE.format(side=s, own=own, other=other, labels=labels) for s, own, other in ways)


def _described(row: Row, kind: str) -> Row:
    days = period(row["from_day"], row["to_day"])
    return {"said": spoken(row), "value": quantity(row) if kind == "figure" else "", "days": days}


def _against(row: Row, end: Row, tie: Row) -> tuple[Grade, str]:
    """How a printing stands to an end of the link, and the id of the link between the two."""
    same = row["value"] == end["value"] if row["value"] else not any(differences(row["said"], end["said"]))
    return grade(tie["label"], same), tie["link"]


def _marked(row: Row, other: Row, compared: bool) -> Markup:
    ranges: tuple[Range, ...] = differences(row["said"], other["said"])[0] if compared else ()
    return highlight(row["said"], [Mark("", "differs", ranges, linked=False)])


async def _number_origins(reader: Reader, rows: Sequence[Row]) -> int:
    """Give each row the number of its origin, in order, and the `reasons` that a reader is told for it, by the rule of
    the cross-check."""
    outlets = {row["article_id"]: row["outlet"] or "an unknown outlet" for row in rows}
    copies = _texts(await reader.all(COPIES, ids=json.dumps(list(outlets))), list(outlets))
    numbers = connected([ties(copies[row["article_id"]], *_said_in(row)) for row in rows])
    for row, number in zip(rows, numbers, strict=True):
        article = row["article_id"]
        others = sorted(other for other in outlets if other != article and copies[other] == copies[article])
        row["number"] = number + 1
        row["reasons"] = list(_reasons(row, [outlets[other] for other in others]))
    return len(set(numbers))


def _texts(pairs: Sequence[Row], articles: Sequence[int]) -> dict[int, int]:
    """Article → the number of its text: articles that pairs of copies connect have one."""
    items = [*((pair["one"], pair["other"]) for pair in pairs), *((article,) for article in articles)]
    numbers = zip(items, connected(items), strict=True)
    return {article: number for some, number in numbers for article in some}


def _said_in(row: Row) -> tuple[Any, ...]:
    return row["origin"], row["names"], row["speaker_class"], row["basis"]


def _reasons(row: Row, copies: Sequence[str]) -> Iterator[str]:
    if row["origin"]:
        yield f"credited to {row['origin']}"
    if copies:
        yield f"one text with {' and '.join(dict.fromkeys(copies))}"
    if quotes_a_document(*_said_in(row)[1:]):
        yield f"quotes a document of {names(row['names'])}"
