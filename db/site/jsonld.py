"""An article's claims as schema.org data: `Claim` with its `appearance`. No ClaimReview: we give no verdicts."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from datasette.utils.asgi import Response

from db.site.article import ARTICLE, VERSION
from db.site.pages import NO_DATABASE
from db.site.rows import Reader, Row
from db.site.words import anchor, spoken, web_url

TYPE = "application/ld+json; charset=utf-8"
CLAIMS = "SELECT * FROM claim WHERE version_id = :version ORDER BY start, id"
_KINDS = {"person": "Person", "organisation": "Organization", "group": "Organization"}


async def article_jsonld(request: Any, datasette: Any) -> Response:
    """`/-/article/ID.jsonld`: the claims of the article's current version."""
    if not datasette.onrecord_database:
        return Response.text(NO_DATABASE + "\n", status=503)
    reader = Reader(datasette, datasette.onrecord_database)
    found = await reader.one(ARTICLE, id=request.url_vars["public_id"])
    version = await reader.one(VERSION, id=found["current_version"]) if found else None
    if found is None or version is None:
        return Response.text("No article has this address.\n", status=404)
    page = datasette.absolute_url(request, reader.path(f"/-/article/{quote(found['public_id'], safe='')}"))
    appearance = _article(found, version)
    claims = [_claim(row, page, appearance) for row in await reader.all(CLAIMS, version=version["id"])]
    text = json.dumps({"@context": "https://schema.org", "@graph": claims}, ensure_ascii=False, indent=1)
    return Response(text + "\n", content_type=TYPE)


def _article(article: Row, version: Row) -> Row:
    stated = {
        "@type": "NewsArticle",
        "url": web_url(article["url"]),
        "headline": version["title"],
        "datePublished": version["published"],
        "publisher": {"@type": "Organization", "name": article["outlet"]} if article["outlet"] else None,
    }
    return {name: value for name, value in stated.items() if value}


def _claim(row: Row, page: str, appearance: Row) -> Row:
    kind = _KINDS.get(row["speaker_class"])
    authors = [{"@type": kind, "name": name} for name in json.loads(row["names"])] if kind else []
    stated = {
        "@type": "Claim",
        "@id": f"{page}#{anchor(row['public_id'], 'claim')}",
        "text": spoken(row),
        "author": authors,
        "datePublished": row["said_to"] or row["said_from"],
        "appearance": appearance,
    }
    return {name: value for name, value in stated.items() if value}
