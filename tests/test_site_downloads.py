"""What leaves the site as a file is what the database holds: parsed back cell by cell, hostile text included; and every
prepared query answers whatever its parameters are."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from hostile_article import BACKWARDS, FORMULA, LONG_WORD, SCRIPT
from site_database import METADATA, Site, build, served

from db.export import COLUMNS, FILTERS, ORDER, defuse

pytestmark = pytest.mark.enable_socket
QUERIES = yaml.safe_load(METADATA.read_text())["databases"]["onrecord"]["queries"]
ODD = {
    "blank": "",
    "a space": " ",
    "quoted": "'Anders' \"Whitlock\"",
    "SQL": "x' OR 1=1; DROP TABLE claim; --",
    "a comment": "*/ --",
    "wildcards": "%_*",
    "markup": SCRIPT,
    "another parameter's name": ":speaker",
    "backwards": BACKWARDS,
    "a null": "a\0b",
    "long": LONG_WORD[:4000],
    "a number": "1e999",
    "a formula": FORMULA,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("downloads") / "onrecord.db"
    build(path)
    with served(path) as address:
        yield Site(address, path)


def stored(site: Site, table: str) -> list[tuple[Any, ...]]:
    columns = ", ".join(f'"{column}"' for column in COLUMNS[table].split())
    return site.db.execute(f"SELECT {columns} FROM {table} ORDER BY {ORDER[table]}").fetchall()


def cell(value: Any) -> str:
    """A stored value as a CSV shows it: nothing for none, a whole number without its point, text that begins like a
    formula behind an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    dangerous = isinstance(value, str) and value[:1] in "=+-@\t\r\n" and value[:1] != ""
    return f"'{value}" if dangerous else str(value)


@pytest.mark.parametrize("table", COLUMNS)
def test_a_csv_parsed_back_is_the_table(site: Site, table: str) -> None:
    text = site.get(f"/-/download/{table}.csv").content.decode()
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == COLUMNS[table].split()
    expected = [[cell(value) for value in row] for row in stored(site, table)]
    assert rows == expected and rows
    assert not [value for row in rows for value in row if value[:1] in ("=", "+", "@")]


@pytest.mark.parametrize("table", COLUMNS)
def test_json_lines_parsed_back_are_the_table(site: Site, table: str) -> None:
    text = site.get(f"/-/download/{table}.jsonl").content.decode()
    names = COLUMNS[table].split()
    found = [tuple(json.loads(line)[name] for name in names) for line in text.split("\n")[:-1]]
    assert found == stored(site, table)


@pytest.mark.parametrize("table", COLUMNS)
def test_the_csv_of_a_selection_says_the_same(site: Site, table: str) -> None:
    """Datasette's address, our rows: whatever column is asked for, the same cells as in the whole table."""
    whole = csv.DictReader(io.StringIO(site.get(f"/-/download/{table}.csv").content.decode(), newline=""))
    selected = csv.DictReader(io.StringIO(site.get(f"/onrecord/{table}.csv?_size=1").content.decode(), newline=""))
    names = COLUMNS[table].split()

    def cells(rows: csv.DictReader) -> list[tuple[str, ...]]:
        return sorted(tuple(str(row[name]).removesuffix(".0") for name in names) for row in rows)

    assert cells(selected) == cells(whole)


def test_hostile_words_are_in_the_files_and_harmless(site: Site) -> None:
    text = site.get("/-/download/claims.csv").content.decode()
    claims = {row["claim"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert "'+1 +2 @SUM(A1)" in claims and defuse("+1 +2 @SUM(A1)") in claims
    assert any(LONG_WORD in claim and BACKWARDS in claim for claim in claims)
    figures = site.get("/-/download/figures.csv").content.decode()
    values = {row["figure"]: row["value"] for row in csv.DictReader(io.StringIO(figures, newline=""))}
    assert values["'-30 per cent"] == "-30", "a plain negative number stays a number"


@pytest.mark.parametrize("values", ODD.values(), ids=ODD)
@pytest.mark.parametrize("name", QUERIES)
def test_a_prepared_query_answers_any_parameters(site: Site, name: str, values: str) -> None:
    """As a page, as JSON and as CSV; each parameter alone and all at once, and with none given."""
    parameters = [box["name"] for box in site.soup(f"/onrecord/{name}").select("form.filters input")]
    assert len(parameters) == len(set(re.findall(r":(\w+)", QUERIES[name]["sql"]))), "a box for each"
    given = [{}, dict.fromkeys(parameters, values), *({p: values} for p in parameters)]
    for form, asked in itertools.product(("", ".json", ".csv"), given):
        answer = site.get(f"/onrecord/{name}{form}?{urlencode(asked)}")
        assert answer.status_code == 200, (form, asked, answer.text[:300])
        assert "<script" not in answer.text or form, "markup stays text"
        if form == ".json":
            found = answer.json()
            assert found["ok"] and found["columns"] and len(found["rows"]) <= 200, "and finds no more than it should"
    assert site.db.execute("SELECT count(*) FROM claim").fetchone()[0] > 5


@pytest.mark.parametrize("name", QUERIES)
def test_a_prepared_query_leads_to_the_words(site: Site, name: str) -> None:
    """Its rows, found with ordinary parameters, have links to the articles' pages."""
    ordinary = {"speaker": "whitlock", "measure": "asylum_claims", "counted": ""}
    soup = site.soup(f"/onrecord/{name}?{urlencode(ordinary)}")
    links = [a["href"] for a in soup.select("td a[href*='/-/article/']")]
    assert links and "#" in "".join(links)
    assert site.get(links[0]).status_code == 200


@pytest.mark.parametrize("table", COLUMNS)
def test_the_forms_of_the_downloads_page_ask_for_some_rows(site: Site, table: str) -> None:
    """Each condition that the exporter knows has a field; left empty it keeps every row, filled in it keeps some."""
    form = site.soup("/-/downloads").select_one(f"section[aria-labelledby=table-{table}] form")
    fields = {field["name"] for field in form.select("input, select")}
    assert fields == FILTERS[table]
    every = int(site.get(f"{form['action']}?{urlencode(dict.fromkeys(fields, ''))}").headers["x-rows"])
    assert every == len(stored(site, table))
    values = {"outlet": "Northgate Herald", "speaker": "whitlock", "measure": "asylum_claims", "label": "derived"}
    values |= {"since": "2032-01-15", "until": "2032-01-14"}
    for name in fields:
        some = site.get(f"{form['action']}?{urlencode({name: values[name]})}")
        assert 0 < int(some.headers["x-rows"]) < every, name
    lines = site.get(form.select_one("button[formaction]")["formaction"])
    assert int(lines.headers["x-rows"]) == every and lines.headers["content-type"].startswith("application/x-ndjson")
