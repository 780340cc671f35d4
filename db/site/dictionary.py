"""The data dictionary: every public table with its columns, their types from the schema, their meaning from
metadata.yml."""

from __future__ import annotations

from typing import Any, cast

from datasette.utils.asgi import Response

from db.export import COLUMNS, FILTERS
from db.site.pages import NO_DATABASE, page
from db.site.rows import Reader, Row
from db.site.settings import PUBLIC_TABLES, PUBLIC_VIEWS
from db.site.words import LINK_LABELS

CONDITIONS = {  # of the exporter, as the forms name them
    "speaker": "Speaker, whole words of the name",
    "outlet": "Outlet",
    "measure": "Measure, its key",
    "label": "Kind of link",
    "since": "Published from",
    "until": "Published until",
}


@page("downloads.html")
async def downloads_page(reader: Reader, request: Any) -> Row:
    """`/-/downloads`: the tables that can be had as files, what their columns mean, how to check them."""
    tables = await dictionary(reader)
    exported = {name: table for name, table in tables.items() if name in COLUMNS}
    for name, table in exported.items():
        kept = COLUMNS[name].split()
        by_name = {column["name"]: column for column in table["columns"]}
        table |= {
            "columns": [by_name[column] for column in kept],
            "filters": [known for known in CONDITIONS if known in FILTERS[name]],
        }
    return {"tables": exported, "names": CONDITIONS, "labels": LINK_LABELS}


async def dictionary_json(request: Any, datasette: Any) -> Response:
    """`/-/dictionary.json`: the same for programs, of every public table and view."""
    if not datasette.onrecord_database:
        return cast(Response, Response.json({"error": NO_DATABASE}, status=503))
    reader = Reader(datasette, datasette.onrecord_database)
    return cast(Response, Response.json(await dictionary(reader)))


async def dictionary(reader: Reader) -> dict[str, Row]:
    """Name → title, description and columns (name, type, description) of each public view and table."""
    found = {}
    for name in PUBLIC_VIEWS + PUBLIC_TABLES:
        described = reader.described(name)
        columns = await reader.all(f"SELECT name, type FROM pragma_table_info('{name}')")
        meanings = described.get("columns") or {}
        found[name] = {
            "title": described.get("title") or name,
            "description": described.get("description") or "",
            "columns": [column | {"description": meanings.get(column["name"], "")} for column in columns],
        }
    return found
