"""What stands beside a claim in a list: the pages of its speakers, its other printings, and how its figures stand."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from db.site.rows import Reader, Row

_THESE = "c.public_id IN (SELECT value FROM json_each(:ids))"
SPEAKERS = f"""
SELECT c.public_id AS claim, s.public_id AS speaker, s.name FROM claim c
JOIN claim_speaker cs ON cs.claim_id = c.id JOIN speaker s ON s.id = cs.speaker_id
WHERE {_THESE} ORDER BY cs.position
"""
LINKS = f"""
SELECT c.public_id AS claim,
       (SELECT count(*) FROM link l WHERE l.a_kind = 'claim' AND l.a_id = c.id)
       + (SELECT count(*) FROM link l WHERE l.b_kind = 'claim' AND l.b_id = c.id) AS links
FROM claim c WHERE {_THESE}
"""
_LINKED = " UNION ALL ".join(
    f"""SELECT l.label, l.public_id FROM link l WHERE l.{side}_kind = 'figure' AND l.{side}_id = f.id
        AND l.label IN ('conflicting_figure', 'same_figure')"""
    for side in "ab"
)
FIGURES = f"""
SELECT c.public_id AS claim, f.text, s.origins, s.conflicts,
       (SELECT public_id FROM ({_LINKED}) ORDER BY label, public_id LIMIT 1) AS link
FROM claim c JOIN figure f ON f.claim_id = c.id JOIN figure_standing s ON s.figure_id = f.id
WHERE {_THESE} AND (s.origins > 1 OR s.conflicts > 0) ORDER BY f.start
"""


async def with_speakers(reader: Reader, claims: Sequence[Row]) -> list[Row]:
    """The claims (rows with their public `id`) with `speakers`, each with its public id and name."""
    found = await _by_claim(reader, SPEAKERS, claims)
    return [row | {"speakers": found[row["id"]]} for row in claims]


async def with_printings(reader: Reader, claims: Sequence[Row]) -> list[Row]:
    """The claims with the number of their `links` to other printings, and of their `figures` those that other origins
    print or contradict: text, origins, conflicts, and the link that compares them best."""
    links = await _by_claim(reader, LINKS, claims)
    figures = await _by_claim(reader, FIGURES, claims)
    return [row | {"links": links[row["id"]][0]["links"], "figures": figures[row["id"]]} for row in claims]


async def _by_claim(reader: Reader, sql: str, claims: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in await reader.all(sql, ids=json.dumps([claim["id"] for claim in claims])):
        found[row["claim"]].append(row)
    return found
