"""The public site: a Datasette plugin with our pages beside Datasette's own table pages.

Registered as the entry point `onrecord` in the group `datasette`; Datasette finds `templates/` and `static/` here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl

from db.export import COLUMNS
from db.site import cells
from db.site.article import article_page
from db.site.changes import changes_page
from db.site.compare import compare_page
from db.site.dictionary import dictionary_json, downloads_page
from db.site.downloads import manifest, selection, whole_table
from db.site.feeds import disagreements_feed, speaker_feed
from db.site.headers import robots_txt, with_headers
from db.site.home import home_page
from db.site.jsonld import article_jsonld
from db.site.lines import body
from db.site.measure import measure_page
from db.site.method import method_page
from db.site.outlet import outlet_page
from db.site.rows import find_database
from db.site.schema import RememberedSchema
from db.site.search import search_page
from db.site.settings import PUBLIC_TABLES, PUBLIC_VIEWS
from db.site.speaker import speaker_page
from db.site.tables import TallyFacet, table_page
from db.site.words import FILTERS

METADATA_NAME = "onrecord"
"""The database's name in metadata.yml. Datasette names a database after its file, so the hook below renames it."""
EXPORTS_AT_ONCE = 2


@hookimpl
def startup(datasette: Any) -> Callable[[], Awaitable[None]]:
    from datasette import handle_exception  # loads the plugins, of which this is one

    # Where rich happens to be installed Datasette prints a traceback with all local variables for every wrong address.
    handle_exception.rich = None

    async def find() -> None:
        datasette.onrecord_database = await find_database(datasette)
        datasette.onrecord_kept = {}
        if name := datasette.onrecord_database:
            datasette.databases[name] = RememberedSchema.of(datasette.databases[name])
        datasette.onrecord_exports = asyncio.Semaphore(EXPORTS_AT_ONCE)

    return find


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return [
        (r"/$", home_page),
        (r"/robots\.txt$", robots_txt),
        (r"/-/search$", search_page),
        (r"/-/article/(?P<public_id>[^/]+)\.jsonld$", article_jsonld),
        (r"/-/article/(?P<public_id>[^/]+)$", article_page),
        (r"/-/speaker/(?P<public_id>[^/]+)$", speaker_page),
        (r"/-/changes/(?P<public_id>[^/]+)$", changes_page),
        (r"/-/link/(?P<public_id>[^/]+)$", compare_page),
        (r"/-/measure/(?P<key>[^/]+)$", measure_page),
        (r"/-/outlet$", outlet_page),
        (r"/-/method$", method_page),
        (r"/-/downloads$", downloads_page),
        (r"/-/dictionary\.json$", dictionary_json),
        (r"/-/feed/disagreements\.atom$", disagreements_feed),
        (r"/-/feed/speaker/(?P<public_id>[^/]+)\.atom$", speaker_feed),
        (r"/-/download/(?P<table>[a-z]+)\.(?P<format>csv|jsonl)$", whole_table),
        (r"/-/download/(?P<table>[a-z]+)\.(?P<format>csv|jsonl)\.manifest\.json$", manifest),
        (r"/(?P<database>[^/.]+)/(?P<table>[^/.]+)\.csv$", selection),
        (r"/(?P<database>[^/.]+)/(?P<table>[^/.]+)(\.(?P<format>\w+))?$", table_page),
    ]


@hookimpl
def register_facet_classes() -> list[type]:
    return [TallyFacet]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.filters.update(FILTERS, reading_order=cells.reading_order, table_body=body)


@hookimpl
def extra_template_vars(datasette: Any) -> dict[str, Any]:
    return {"onrecord_database": getattr(datasette, "onrecord_database", None), "downloads": tuple(COLUMNS)}


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
    return cells.render(row, value, column, table, datasette.urls) if _ours(datasette, database) else None


@hookimpl
def asgi_wrapper() -> Callable[..., Any]:
    return with_headers


@hookimpl
def permission_allowed(datasette: Any, action: str, resource: Any) -> bool | None:
    """Only the tables we publish can be opened; the canned queries of metadata.yml are not affected."""
    if action == "view-table" and _ours(datasette, resource[0]) and resource[1] not in PUBLIC_VIEWS + PUBLIC_TABLES:
        return False
    return None


@hookimpl
def get_metadata(datasette: Any) -> dict[str, Any]:
    """metadata.yml describes the database `onrecord`; here it describes ours, whatever its file is called."""
    name = getattr(datasette, "onrecord_database", None)
    described = (datasette._metadata_local.get("databases") or {}).get(METADATA_NAME)
    if not name or name == METADATA_NAME or not described:
        return {}
    return {"databases": {name: described}}


def _ours(datasette: Any, database: str) -> bool:
    return database == getattr(datasette, "onrecord_database", None)
