"""metadata.yml describes what the database has: every public table and view, every column, and queries that run."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from site_database import METADATA, build

from db import open_db
from db.site.settings import PUBLIC_TABLES, PUBLIC_VIEWS, SETTINGS, datasette_arguments
from db.site.tables import FACET
from db.site.tables import columns as tallied

DESCRIBED = yaml.safe_load(METADATA.read_text())
OURS = DESCRIBED["databases"]["onrecord"]
PARAMETERS = [
    ("a part of a name", {"speaker": "whit", "measure": "asylum_claims", "counted": "asylum"}),
    ("nothing", {"speaker": "", "measure": "", "counted": ""}),
    ("quotation marks", {"speaker": "\"'", "measure": "';--", "counted": '"'}),
    ("wildcards are letters", {"speaker": "%", "measure": "_", "counted": "%"}),
    ("another script", {"speaker": "عمر", "measure": "é", "counted": "\u202e"}),
]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("metadata") / "site.db"
    build(path)
    return open_db(path)


def test_the_public_views_are_those_of_the_database(db) -> None:
    assert set(db.view_names()) == set(PUBLIC_VIEWS)
    assert set(PUBLIC_TABLES) < set(db.table_names())


def test_all_and_only_public_tables_are_described() -> None:
    assert set(OURS["tables"]) == set(PUBLIC_VIEWS + PUBLIC_TABLES)


@pytest.mark.parametrize("table", PUBLIC_VIEWS + PUBLIC_TABLES)
def test_every_column_is_described(db, table: str) -> None:
    described = OURS["tables"][table]
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall()]
    assert list(described["columns"]) == columns
    assert all(isinstance(text, str) and len(text) > 5 for text in described["columns"].values())
    assert described["title"] and described["description"]
    assert described.get("license", DESCRIBED["license"])
    sorted_by = {described.get("sort"), described.get("sort_desc")} - {None}
    assert sorted_by and sorted_by | {column for _, column in facets(table)} <= set(columns)


def facets(table: str) -> list[tuple[str, str]]:
    """(kind, column) of the facets that a table's page shows unasked."""
    given = OURS["tables"][table].get("facets", ())
    return [("column", facet) if isinstance(facet, str) else next(iter(facet.items())) for facet in given]


@pytest.mark.parametrize("table", PUBLIC_VIEWS)
def test_facets_of_findings_are_counted_beforehand(table: str) -> None:
    assert {column for kind, column in facets(table) if kind == FACET} <= set(tallied(table))
    assert bool(tallied(table)) == all(kind == FACET for kind, _ in facets(table))


@pytest.mark.parametrize("values", [case[1] for case in PARAMETERS], ids=[case[0] for case in PARAMETERS])
@pytest.mark.parametrize("name", OURS["queries"])
def test_queries_run_with_any_parameters(db, name: str, values: dict[str, str]) -> None:
    query = OURS["queries"][name]
    assert query["title"] and query["description"]
    cursor = db.execute(query["sql"], {key: value for key, value in values.items() if f":{key}" in query["sql"]})
    columns = [column[0] for column in cursor.description]
    assert len(columns) == len(set(columns))
    assert {"url", "a_url"} & set(columns), "rows lead to their source"


@pytest.mark.parametrize(
    ("name", "values", "rows"),
    [
        ("speaker_claims", {"speaker": "ANDERS"}, 3),
        ("speaker_claims", {"speaker": " "}, 0),
        ("figure_across_sources", {"measure": "asylum_claims", "counted": ""}, 2),
        ("figure_across_sources", {"measure": "", "counted": "ASYLUM"}, 2),
        ("figure_across_sources", {"measure": "", "counted": ""}, 0),
        ("newest_disagreements", {}, 3),
    ],
)
def test_queries_find_what_is_there(db, name: str, values: dict[str, str], rows: int) -> None:
    assert len(db.execute(OURS["queries"][name]["sql"], values).fetchall()) == rows


def test_arguments_are_safe(tmp_path: Path) -> None:
    arguments = datasette_arguments(tmp_path / "a.db", METADATA, "127.0.0.1", 8123)
    assert arguments[:2] == ["serve", str(tmp_path / "a.db")]
    pairs = dict(zip(arguments, arguments[1:], strict=False))
    assert (pairs["--host"], pairs["--port"], pairs["--metadata"]) == ("127.0.0.1", "8123", str(METADATA))
    assert {"--root", "--cors", "--immutable", "-i", "--crossdb"}.isdisjoint(arguments)
    assert SETTINGS["default_allow_sql"] == SETTINGS["allow_download"] == SETTINGS["suggest_facets"] == "off"
