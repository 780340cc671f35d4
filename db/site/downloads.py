"""Whole tables as files, made by the exporter from one snapshot (of a published release beforehand); and selections of
rows as CSV that spreadsheets can open without running anything. Datasette's own CSV stops at 1,000 rows of a query and
leaves formulas alive."""

from __future__ import annotations

import asyncio
import io
import json
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qsl, quote, urlencode

from datasette.utils import tilde_decode
from datasette.utils.asgi import AsgiStream, Response
from sqlite_utils import Database

from db.connect import fold
from db.export import COLUMNS, BadFilter, Filters, Format, Manifest, csv_texts, export

CHUNK = 1 << 16
FORMATS: dict[str, tuple[Format, str]] = {
    "csv": ("csv", "text/csv; charset=utf-8; header=present"),
    "jsonl": ("json", "application/x-ndjson; charset=utf-8"),
}
FILTERS = ("speaker", "outlet", "since", "until", "measure", "label")
OURS = {"_dl", "_stream", "_size", "_next", "_labels", "_header", "_shape", "_nl"}
"""Arguments of a table's address that say how to print it, not which rows to take."""
TEXTS_AT_ONCE = 5
_LIMIT = re.compile(r" limit \d+$")  # as Datasette ends its own SQL for a table's page


async def whole_table(request: Any, datasette: Any) -> Any:
    """`/-/download/facts.csv`: every row, or those that the exporter's filters keep. The rows are counted and hashed
    before the first byte is sent, so that a reader can tell whether the file arrived whole."""
    table, suffix = request.url_vars["table"], request.url_vars["format"]
    if table not in COLUMNS or not datasette.onrecord_database:
        return _plain(f"There is no table {table} to download; there are {', '.join(COLUMNS)}.", 404)
    filters = Filters(**{name: request.args.get(name) or None for name in FILTERS})
    database = datasette.get_database(datasette.onrecord_database)
    path = database.path
    baked = Path(path).parent / "downloads" / f"{table}.{suffix}"
    if not database.is_mutable and not filters.given() and not request.args.get("bom") and baked.is_file():
        stated = json.loads(baked.with_name(f"{baked.name}.manifest.json").read_text(encoding="utf-8"))
        return _answer(baked.open("rb"), table, suffix, stated)
    out = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 (closed by `_send` when the last byte has gone out)
    try:
        async with datasette.onrecord_exports:
            bom = bool(request.args.get("bom"))
            manifest = await asyncio.to_thread(_export, path, table, out, FORMATS[suffix][0], filters, bom)
    except BadFilter as error:
        out.close()
        return _plain(f"{error}.", 400)
    return _answer(out, table, suffix, asdict(manifest))


async def selection(request: Any, datasette: Any) -> Any:
    """`/<database>/<table>.csv?…`: all rows that the table page selects, whatever their number, as they are read."""
    asked = [(key, value) for key, value in parse_qsl(request.query_string, True) if key not in OURS]
    path = datasette.urls.path("/{database}/{table}.json".format(**request.url_vars))
    extra = [("_shape", "objects"), ("_size", "1"), ("_nofacet", "1"), ("_nocount", "1")]
    first = await datasette.client.get(path + "?" + urlencode([*asked, *extra]))
    if first.status_code != 200:
        return _refusal(first)
    query = first.json()["query"]
    database = datasette.get_database(route=tilde_decode(request.url_vars["database"]))

    async def stream(writer: Any) -> None:
        async with datasette.onrecord_exports:
            gone = asyncio.ensure_future(_gone(request))
            try:
                with closing(database.connect()) as connection:
                    texts = _read(connection, _LIMIT.sub("", query["sql"]), query["params"])
                    # An error here cuts the connection: half a file must not look whole.
                    while not gone.done() and (text := await asyncio.to_thread(_next, texts)) is not None:
                        await writer.write(text)
            finally:
                gone.cancel()

    name = request.url_vars["table"].encode("ascii", "ignore").decode()
    headers = {"content-disposition": f'attachment; filename="{quote(name)}.csv"'} if request.args.get("_dl") else {}
    return AsgiStream(stream, headers=headers, content_type=FORMATS["csv"][1])


async def _gone(request: Any) -> None:
    """Returns when the reader has left: writing to nobody raises nothing."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _read(connection: sqlite3.Connection, sql: str, parameters: dict[str, Any]) -> Iterator[tuple[int, str]]:
    cursor = connection.execute(sql, parameters)
    yield from csv_texts([column[0] for column in cursor.description], cursor)


def _next(texts: Iterator[tuple[int, str]]) -> str | None:
    """The next few texts together, None behind the last: each way to a thread and back costs as much as 50 rows."""
    return "".join(text for _, text in islice(texts, TEXTS_AT_ONCE)) or None


def _answer(out: BinaryIO, table: str, suffix: str, manifest: dict[str, Any]) -> AsgiStream:
    headers = {
        "content-disposition": f'attachment; filename="onrecord-{table}.{suffix}"',
        "content-length": str(manifest["bytes"]),
        "x-rows": str(manifest["rows"]),
        "x-sha256": manifest["sha256"],
    }
    return AsgiStream(lambda writer: _send(out, writer), headers=headers, content_type=FORMATS[suffix][1])


def _export(path: str, table: str, out: BinaryIO, fmt: Format, filters: Filters, bom: bool) -> Manifest:
    with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as connection:
        connection.create_function("fold", 1, fold, deterministic=True)
        return export(Database(connection), table, out, fmt, filters, version=version("onrecord"), bom=bom)


async def _send(out: BinaryIO, writer: Any) -> None:
    with out:
        out.seek(0)
        text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        while chunk := text.read(CHUNK):
            await writer.write(chunk)


def _refusal(answer: Any) -> Response:
    said = answer.json().get("error") if answer.headers.get("content-type", "").startswith("application/json") else ""
    return _plain(said or "This table cannot be downloaded.", answer.status_code)


def _plain(message: str, status: int) -> Response:
    return cast(Response, Response.text(message + "\n", status=status))
