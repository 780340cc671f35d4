"""A speaker's page: names and offices as printed, who quotes them, and what they said, newest first."""

from __future__ import annotations

from typing import Any

from db.site.pages import Missing, page, page_number
from db.site.rows import Reader, Row

PAGE = 50
LAST_PAGE = 200
SPEAKER = "SELECT * FROM speaker WHERE public_id = :id"
ALIASES = "SELECT alias FROM speaker_alias WHERE speaker_id = :speaker AND alias <> :name ORDER BY alias LIMIT 50"
ROLES = """
SELECT r.role, r.organisation, r.from_date, r.to_date, r.claims, c.public_id AS claim, a.public_id AS article, a.outlet,
       v.number
FROM (SELECT role, organisation, min(from_date) AS from_date, max(to_date) AS to_date, count(*) AS claims,
             min(claim_id) AS claim_id
      FROM speaker_role WHERE speaker_id = :speaker GROUP BY role, organisation) r
JOIN claim c ON c.id = r.claim_id JOIN article_version v ON v.id = c.version_id JOIN article a ON a.id = v.article_id
ORDER BY r.to_date DESC, r.role LIMIT 50
"""
CURRENT = """FROM claim_speaker cs JOIN claim c ON c.id = cs.claim_id JOIN article_version v ON v.id = c.version_id
JOIN article a ON a.current_version = v.id WHERE cs.speaker_id = :speaker"""
QUOTED_BY = f"""
SELECT a.outlet, count(*) AS claims, max(c.said_on) AS last {CURRENT} GROUP BY a.outlet ORDER BY claims DESC, a.outlet
"""
CLAIMS = f"""
SELECT c.public_id AS id, c.text, c.parts, c.start, c.kind, c.modality, c.negated, c.role, c.said_on,
       a.public_id AS article, a.outlet, v.title, v.published_on AS published,
       (SELECT count(*) FROM link l WHERE l.a_kind = 'claim' AND l.a_id = c.id)
       + (SELECT count(*) FROM link l WHERE l.b_kind = 'claim' AND l.b_id = c.id) AS links
{CURRENT} ORDER BY c.said_on DESC, c.id LIMIT {PAGE + 1} OFFSET :skip
"""


@page("speaker.html")
async def speaker_page(reader: Reader, request: Any) -> Row:
    found = await reader.one(SPEAKER, id=request.url_vars["public_id"])
    if found is None:
        raise Missing("No speaker has this address.")
    number, key = page_number(request.args.get("page"), LAST_PAGE), found["id"]
    claims = await reader.all(CLAIMS, speaker=key, skip=(number - 1) * PAGE)
    return {
        "speaker": found,
        "aliases": [row["alias"] for row in await reader.all(ALIASES, speaker=key, name=found["name"])],
        "roles": await reader.all(ROLES, speaker=key),
        "outlets": await reader.kept(QUOTED_BY, speaker=key),
        "claims": claims[:PAGE],
        "page": number,
        "next": number + 1 if len(claims) > PAGE and number < LAST_PAGE else None,
    }
