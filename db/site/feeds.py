"""Atom feeds (RFC 4287): the newest disagreements, and what a speaker is newly reported to have said."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from datasette.utils.asgi import Response

from db.site.disagreements import newest
from db.site.pages import NO_DATABASE
from db.site.rows import Reader, Row
from db.site.speaker import CURRENT, SPEAKER
from db.site.words import anchor, label, spoken

MOST = 50
TYPE = "application/atom+xml; charset=utf-8"
_ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))  # no character of XML 1.0
CLAIMS = f"""
SELECT c.public_id AS id, c.text, c.parts, c.start, c.said_on, a.public_id AS article, a.outlet, v.title,
       coalesce(v.published, v.fetched_at) AS updated
{CURRENT} ORDER BY v.published_on DESC, c.id DESC LIMIT {MOST}
"""


async def disagreements_feed(request: Any, datasette: Any) -> Response:
    """`/-/feed/disagreements.atom`"""
    if not datasette.onrecord_database:
        return Response.text(NO_DATABASE + "\n", status=503)
    reader = Reader(datasette, datasette.onrecord_database)
    entries = []
    for link in await newest(reader, MOST):
        sides = link["sides"]
        outlets = " and ".join(dict.fromkeys(side["outlet"] or "an unknown outlet" for side in sides))
        said = "\n".join(f"{side['outlet'] or 'Unknown outlet'}: {side['text']}" for side in sides)
        path = f"/-/link/{quote(link['public_id'], safe='')}"
        title = f"{label(link['label'])}: {outlets}"
        entries.append(_entry(request, datasette, path, title, link["found_at"], f"{link['explanation']}\n{said}"))
    return _feed(request, datasette, "/", "On Record: newest disagreements", entries)


async def speaker_feed(request: Any, datasette: Any) -> Response:
    """`/-/feed/speaker/ID.atom`"""
    if not datasette.onrecord_database:
        return Response.text(NO_DATABASE + "\n", status=503)
    reader = Reader(datasette, datasette.onrecord_database)
    found = await reader.one(SPEAKER, id=request.url_vars["public_id"])
    if found is None:
        return Response.text("No speaker has this address.\n", status=404)
    entries = []
    for row in await reader.all(CLAIMS, speaker=found["id"]):
        path = f"/-/article/{quote(row['article'], safe='')}#{anchor(row['id'], 'claim')}"
        title = f"{row['outlet'] or 'Unknown outlet'}: {row['title'] or 'untitled'}"
        entries.append(_entry(request, datasette, path, title, row["updated"], spoken(row)))
    page = f"/-/speaker/{quote(found['public_id'], safe='')}"
    return _feed(request, datasette, page, f"On Record: {found['name']}", entries)


def _entry(request: Any, datasette: Any, path: str, title: str, updated: str, text: str) -> Row:
    address = datasette.absolute_url(request, datasette.urls.path(path))
    return {"id": address, "title": title, "updated": rfc3339(updated), "text": text}


def _feed(request: Any, datasette: Any, page: str, title: str, entries: list[Row]) -> Response:
    def absolute(path: str) -> str:
        return str(datasette.absolute_url(request, datasette.urls.path(path)))

    newest = max((entry["updated"] for entry in entries), default="1970-01-01T00:00:00Z")
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_xml(title)}</title><id>{_xml(absolute(request.path))}</id><updated>{newest}</updated>",
        f'<link rel="self" href={quoteattr(absolute(request.path))}/><link href={quoteattr(absolute(page))}/>',
        "<author><name>On Record</name></author>",
    ]
    return Response(
        "\n".join([*lines, *map(_entry_xml, entries), "</feed>", ""]),
        headers={"cache-control": "max-age=300"},
        content_type=TYPE,
    )


def _entry_xml(entry: Row) -> str:
    return (
        f"<entry><title>{_xml(entry['title'])}</title><id>{_xml(entry['id'])}</id><updated>{entry['updated']}</updated>"
        f"<link href={quoteattr(entry['id'])}/><summary>{_xml(entry['text'])}</summary></entry>"
    )


def rfc3339(stored: str) -> str:
    """A stored instant or day as Atom wants it: with a time and an offset.

    >>> rfc3339("2024-09-24"), rfc3339("2024-09-24T08:00:00-04:00"), rfc3339("2024-09-24T08:00")
    ('2024-09-24T00:00:00Z', '2024-09-24T08:00:00-04:00', '2024-09-24T08:00:00Z')
    """
    if len(stored) == 10:
        return stored + "T00:00:00Z"
    day, _, clock = stored.partition("T")
    offset = "" if clock.endswith("Z") or "+" in clock or "-" in clock else "Z"
    seconds = ":00" if clock.count(":") == 1 and offset else ""
    return f"{day}T{clock}{seconds}{offset}"


def _xml(text: str) -> str:
    return escape(text.translate(_ILLEGAL))
