"""Tables out of the database, row by row: CSV for spreadsheets, JSON Lines for programs, with a manifest.

Columns are those of the public views; `links` and `facts` print exactly the columns of the contract in the README.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO, Literal

from sqlite_utils import Database

from db.connect import fold
from db.ids import utc_now

Format = Literal["csv", "json"]

COLUMNS = {
    "claims": """claim_id outlet url published speaker speaker_class role said_on said_from said_to said_basis kind
        modality negated claim cue mention basis confidence nested_in origin start end version""",
    "figures": """figure_id outlet url published figure value low high unit kind modifier direction measure counted of
        place period_from period_to period_basis unit_basis counted_basis place_basis speaker claim_id modality origin
        start end version""",
    "dates": "date_id outlet url published date type value from_date to_date anchor start end version",
    "links": """label a_url a_kind a_start a_end a_text b_url b_kind b_start b_end b_text score explanation""",
    "facts": """fact_id outlet url published speaker role said_on modality measure counted place period_start period_end
        value low high unit kind modifier direction figure_text quote context origins agrees conflicts""",
}
# `url` alone does not part the articles that were imported without one.
ORDER = {
    "claims": 'published, article_id, start, "end", claim_id',
    "figures": 'published, article_id, start, "end", figure_id',
    "dates": 'published, article_id, start, "end", date_id',
    "links": "label, a_url, a_start, b_url, b_start, link_id",
    "facts": "published, article_id, figure_start, fact_id",
}
FILTERS = {
    "claims": {"speaker", "outlet", "since", "until"},
    "figures": {"speaker", "outlet", "since", "until", "measure"},
    "dates": {"outlet", "since", "until"},
    "links": {"outlet", "since", "until", "label"},
    "facts": {"speaker", "outlet", "since", "until", "measure"},
}
BOM = "\ufeff"
AT_ONCE = 200
NUMBERS = {"value", "low", "high", "confidence", "score"}  # columns that hold floats, most of them whole
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
# A text of CSV that holds none of these holds no cell to defuse and no float that is whole. Most hold none, and looking
# at every cell takes as long as everything else together.
_BEGINNINGS = {sign: tuple(before + sign for before in ',\n"') for sign in "=+-@\t\r＝＋－＠"} | {"\n": ('"\n',)}
_WHOLE_FLOATS = (".0,", ".0\n")


class BadFilter(ValueError):
    """A filter that the table does not have."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What to keep. `speaker` matches whole words of a name, `outlet` the whole name, case and accents aside; `since`
    and `until` are days of publication, both inclusive; `measure` is a measure's key, `label` a link's.

    A link passes `outlet` and the days when either of its ends does.
    """

    speaker: str | None = None
    outlet: str | None = None
    since: str | None = None
    until: str | None = None
    measure: str | None = None
    label: str | None = None

    def given(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export holds, so that its reader can tell whether it arrived whole. `rows` without the header."""

    table: str
    format: str
    rows: int
    bytes: int
    sha256: str
    made_at: str
    version: str
    columns: list[str]
    filters: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"


def export(
    db: Database,
    table: str,
    out: BinaryIO,
    fmt: Format = "csv",
    filters: Filters | None = None,
    *,
    version: str = "",
    bom: bool = False,
) -> Manifest:
    """Write `table` to `out` as UTF-8, one row at a time, from one snapshot of the database.

    CSV has a header line, cells as RFC 4180 quotes them and lines that end in a line feed; JSON is one object a line.
    `bom` puts a byte order mark first, which some spreadsheets need to recognise UTF-8. Raises BadFilter.
    """
    filters = filters or Filters()
    columns = COLUMNS[table].split()
    cursor = db.execute(_select(table, columns, filters), _values(filters))
    digest, size, count = hashlib.sha256(), 0, 0
    for rows, text in csv_texts(columns, cursor) if fmt == "csv" else _json_lines(columns, cursor):
        data = (BOM + text if bom and size == 0 else text).encode()
        out.write(data)
        digest.update(data)
        size += len(data)
        count += rows
    return Manifest(table, fmt, count, size, digest.hexdigest(), utc_now(), version, columns, filters.given())


def export_file(db: Database, table: str, path: str | Path, **more: Any) -> Manifest:
    """`export` to a file, with its manifest beside it as `PATH.manifest.json`. The file appears when it is whole: an
    export that is cut off leaves the one before. Raises OSError, BadFilter."""
    path = Path(path)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as out:
            manifest = export(db, table, out, **more)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    path.with_name(f"{path.name}.manifest.json").write_text(manifest.as_json(), encoding="utf-8")
    return manifest


def defuse(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe in front.

    >>> defuse("=1+1"), defuse("-5 per cent"), defuse("-5"), defuse(-5.0)
    ("'=1+1", "'-5 per cent", '-5', -5)
    """
    cell = _whole(cell)
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def _select(table: str, columns: list[str], filters: Filters) -> str:
    unknown = sorted(set(filters.given()) - FILTERS[table])
    if unknown:
        can = ", ".join(f.name for f in fields(Filters) if f.name in FILTERS[table])
        raise BadFilter(f"{table} cannot be filtered by {' or '.join(unknown)}; only by {can}")
    listed = ", ".join(f'"{column}"' for column in columns)
    where = " AND ".join(_condition(table, name) for name in filters.given()) or "1"
    return f"SELECT {listed} FROM {table} WHERE {where} ORDER BY {ORDER[table]}"


def _condition(table: str, name: str) -> str:
    if table == "links" and name != "label":
        return "(" + " OR ".join(_test(name, f"{side}_") for side in ("a", "b")) + ")"
    return _test(name, "")


def _test(name: str, side: str) -> str:
    return {
        "speaker": "instr(fold(speaker), :speaker) > 0",
        "outlet": f"fold({side}outlet) = :outlet",
        "since": f"substr({side}published, 1, 10) >= :since",
        "until": f"substr({side}published, 1, 10) <= :until",
        "measure": "measure = :measure",
        "label": "label = :label",
    }[name]


def _values(filters: Filters) -> dict[str, str | None]:
    folded = ("speaker", "outlet")
    return {name: fold(value) if name in folded else value for name, value in filters.given().items()}


def csv_texts(columns: Sequence[str], cursor: sqlite3.Cursor) -> Iterator[tuple[int, str]]:
    """The rows of a query as CSV with a header line, defused, in texts of up to `AT_ONCE` rows: (rows, text)."""
    yield 0, _csv([columns])
    for rows in _batches(columns, cursor):
        text = _csv(rows)
        if _is_doubtful(text):
            text = _csv([[defuse(cell) for cell in row] for row in rows])
        yield len(rows), text


def _batches(columns: Sequence[str], cursor: sqlite3.Cursor) -> Iterator[list[list[Any]]]:
    """Up to `AT_ONCE` rows together, their numbers whole where they can be."""
    places = [place for place, column in enumerate(columns) if column in NUMBERS]
    while rows := [list(row) for row in cursor.fetchmany(AT_ONCE)]:
        for place in places:
            for row in rows:
                if row[place].__class__ is float:
                    row[place] = _whole(row[place])
        yield rows


def _is_doubtful(text: str) -> bool:
    signs = [sign for sign in _BEGINNINGS if sign in text]
    begins = text[0] in signs or any(beginning in text for sign in signs for beginning in _BEGINNINGS[sign])
    return begins or any(end in text for end in _WHOLE_FLOATS)


def _csv(rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _json_lines(columns: Sequence[str], cursor: sqlite3.Cursor) -> Iterator[tuple[int, str]]:
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for rows in _batches(columns, cursor):
        yield len(rows), "".join(encode(dict(zip(columns, row, strict=True))) + "\n" for row in rows)


def _whole(cell: Any) -> Any:
    """17 for 17.0, up to where a float still counts every integer."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53 else cell
