"""A speaker's page: names and offices as printed, who quotes them, and what they said, newest first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from db.site.beside import with_printings
from db.site.chart import columns
from db.site.pages import Missing, page, page_number
from db.site.periods import Bin, binned
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
CURRENT = """FROM spoken s JOIN claim c ON c.id = s.claim_id JOIN article_version v ON v.id = c.version_id
JOIN article a ON a.id = v.article_id WHERE s.speaker_id = :speaker"""
QUOTED_BY = """
SELECT outlet, count(*) AS claims, max(said_on) AS last FROM spoken WHERE speaker_id = :speaker
GROUP BY outlet ORDER BY claims DESC, outlet
"""
BY_DAY = "SELECT said_on AS day, count(*) AS claims FROM spoken WHERE speaker_id = :speaker GROUP BY said_on"
CLAIMS = f"""
SELECT c.public_id AS id, c.text, c.parts, c.start, c.kind, c.modality, c.negated, c.role, c.said_on,
       a.public_id AS article, a.outlet, v.title, v.published_on AS published
{CURRENT} ORDER BY s.said_on DESC, s.claim_id DESC LIMIT {PAGE + 1} OFFSET :skip
"""


@page("speaker.html")
async def speaker_page(reader: Reader, request: Any) -> Row:
    found = await reader.one(SPEAKER, id=request.url_vars["public_id"])
    if found is None:
        raise Missing("No speaker has this address.")
    number, key = page_number(request.args.get("page"), LAST_PAGE), found["id"]
    claims = await reader.all(CLAIMS, speaker=key, skip=(number - 1) * PAGE)
    days = {row["day"]: row["claims"] for row in await reader.kept(BY_DAY, speaker=key)}
    return {
        "speaker": found,
        "chart": _over_time(reader, found["name"], binned(days)),
        "aliases": [row["alias"] for row in await reader.all(ALIASES, speaker=key, name=found["name"])],
        "roles": await reader.kept(ROLES, speaker=key),
        "outlets": await reader.kept(QUOTED_BY, speaker=key),
        "claims": await with_printings(reader, claims[:PAGE]),
        "page": number,
        "next": number + 1 if len(claims) > PAGE and number < LAST_PAGE else None,
    }


def _over_time(reader: Reader, name: str, bins: list[Bin]) -> Row | None:
    """The claims of a speaker over time: `svg`, and as `rows` (period, address of its claims, count). None without."""

    def found(bin: Bin) -> str:
        return reader.path("/-/search") + "?" + urlencode({"speaker": name, "since": bin.start, "until": bin.end})

    if not bins:
        return None
    svg = columns(bins, f"Claims of {name} over time", found)
    return {"svg": svg, "rows": [(bin.name, found(bin), bin.count) for bin in bins if bin.count]}
