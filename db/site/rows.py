"""Finding our database among those served, reading rows from it, and the SQL that several pages share."""

from __future__ import annotations

import time
from typing import Any

from db.site.words import spoken

Row = dict[str, Any]
OUR_TABLES = {"article", "article_version", "claim", "figure", "link"}
DISAGREEMENTS = ("conflicting_figure", "apparent_conflict", "role_conflict", "revised")


async def find_database(datasette: Any) -> str | None:
    """The name under which Datasette serves our database: the first that has our tables, whatever its file's name."""
    for name, database in datasette.databases.items():
        if name != "_internal" and set(await database.table_names()) >= OUR_TABLES:
            return str(name)
    return None


KEPT = 60.0  # seconds for which counts over the whole database are good enough


class Reader:
    """Read-only queries against our database; rows come back as plain dicts."""

    def __init__(self, datasette: Any, name: str) -> None:
        self._datasette = datasette
        self.name = name

    async def all(self, sql: str, **parameters: Any) -> list[Row]:
        results = await self._datasette.get_database(self.name).execute(sql, parameters)
        return [dict(row) for row in results.rows]

    async def kept(self, sql: str, **parameters: Any) -> list[Row]:
        """`all`, asked for once a minute: for counts over everything, which a moment ago were as good."""
        memory: dict[Any, tuple[float, list[Row]]] = self._datasette.onrecord_kept
        key = (sql, *sorted(parameters.items()))
        until, rows = memory.get(key, (0.0, []))
        if time.monotonic() >= until:
            if len(memory) > 500:
                memory.clear()
            rows = await self.all(sql, **parameters)
            memory[key] = time.monotonic() + KEPT, rows
        return [dict(row) for row in rows]  # callers add to them

    def path(self, path: str) -> str:
        """A path of our own pages below the address at which Datasette is served."""
        return str(self._datasette.urls.path(path))

    def described(self, table: str) -> Row:
        """What metadata.yml says of a table or view."""
        return dict(self._datasette.table_metadata(self.name, table) or {})

    def setting(self, name: str) -> Any:
        """A setting of ours under `plugins: onrecord:` in metadata.yml, None where it is not given."""
        return (self._datasette.plugin_config("onrecord") or {}).get(name)

    async def one(self, sql: str, **parameters: Any) -> Row | None:
        found = await self.all(sql, **parameters)
        return found[0] if found else None


def end_joins(side: str, kind: str, id_: str) -> str:
    """Joins that bring in one end of a link: claim or figure (null where it is the other), version and article.

    `kind` and `id_` are SQL expressions. The same rows as the view `link_end`, which is a UNION of three tables that
    SQLite would read through for every link.
    """
    return f"""
    LEFT JOIN claim {side}c ON {kind} = 'claim' AND {side}c.id = {id_}
    LEFT JOIN figure {side}f ON {kind} = 'figure' AND {side}f.id = {id_}
    JOIN article_version {side}v ON {side}v.id = CASE {kind}
        WHEN 'claim' THEN {side}c.version_id WHEN 'figure' THEN {side}f.version_id ELSE {id_} END
    JOIN article {side}a ON {side}a.id = {side}v.article_id"""


def end_columns(side: str) -> str:
    """The columns of one end, each named with `side` before it."""
    columns = {
        "ref": f"coalesce({side}c.public_id, {side}f.public_id, {side}v.public_id)",
        "text": f"coalesce({side}c.text, {side}f.text, {side}v.title, substr({side}v.text, 1, 120))",
        "parts": f"{side}c.parts",
        "speaker": f"coalesce({side}c.names, {side}f.names, '[]')",
        "start": f"coalesce({side}c.start, {side}f.start, 0)",
        "end": f'coalesce({side}c."end", {side}f."end", 0)',
        "outlet": f"{side}a.outlet",
        "article": f"{side}a.public_id",
        "url": f"{side}a.url",
        "title": f"{side}v.title",
        "published": f"{side}v.published_on",
        "version": f"{side}v.number",
        "current": f"{side}a.current_version = {side}v.id",
    }
    return ", ".join(f'{expression} AS "{side}_{name}"' for name, expression in columns.items())


def one_end(link: Row, side: str) -> Row:
    """What a row holds of one end of a link, without the side's prefix; `text` is what was said, for a claim."""
    found = {key.removeprefix(f"{side}_"): value for key, value in link.items() if key.startswith(f"{side}_")}
    return found | {"text": spoken(found)}
