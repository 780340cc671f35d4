"""How the public site is served: which tables a reader may open, and Datasette's switches."""

from __future__ import annotations

from os import PathLike, fspath

PUBLIC_VIEWS = ("claims", "figures", "dates", "facts", "links", "speakers", "roles")
PUBLIC_TABLES = ("article", "article_version", "measure", "scrape_run", "source")
"""Everything else (raw pages, fetch records, the tables under the views, full-text shadows) is refused, not only
hidden: a table that a later migration adds stays private until it is named here and described in metadata.yml."""

SETTINGS: dict[str, int | str] = {
    "default_allow_sql": "off",
    "allow_download": "off",
    "suggest_facets": "off",  # 2,233 ms of a 2,260 ms page on two million rows
    "default_facet_size": 8,
    "facet_time_limit_ms": 60,
    "sql_time_limit_ms": 1000,
    "max_returned_rows": 1000,
    "default_page_size": 50,
    "truncate_cells_html": 400,
    "max_csv_mb": 100,
    "default_cache_ttl": 5,
}


def datasette_arguments(
    db_path: str | PathLike[str],
    metadata_path: str | PathLike[str],
    host: str = "127.0.0.1",
    port: int = 8001,
    inspect_path: str | PathLike[str] | None = None,
) -> list[str]:
    """The arguments behind `datasette` that serve one database with our settings, ours to read and never to write.

    The file stays mutable to Datasette: a scrape may be writing to it (opened as immutable, half of the pages failed).
    With `inspect_path`, the counts of a published snapshot, it is immutable.
    """
    database = [fspath(db_path)]
    if inspect_path is not None:
        database = ["--immutable", fspath(db_path), "--inspect-file", fspath(inspect_path)]
    arguments = ["serve", *database, "--metadata", fspath(metadata_path), "--host", host, "--port", str(port)]
    for name, value in SETTINGS.items():
        arguments += ["--setting", name, str(value)]
    return arguments
