"""The examples of docs/api.md work as they stand."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from site_database import ROOT, Site, build, served

pytestmark = pytest.mark.enable_socket
HERE = "http://127.0.0.1:8001"
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf8")
ADDRESSES = re.findall(rf"curl '{HERE}([^']*)'", PAGE)
CODE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path: Path = tmp_path_factory.mktemp("api") / "onrecord.db"
    build(path)
    with served(path) as address:
        yield Site(address, path)


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_gives_what_its_ending_says(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 200, answer.text[:300]
    ending = path.partition("?")[0].rpartition(".")[2]
    if ending == "json":
        found = answer.json()
        assert isinstance(found, list if "_shape=array" in path else dict) and found
        assert "_shape=array" not in path or all(isinstance(row, dict) for row in found)
    elif ending == "csv":
        assert len(list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))[0]) > 5
    elif ending == "jsonl":
        assert all(isinstance(json.loads(line), dict) for line in answer.text.splitlines())
    else:
        assert ending == "atom" and ElementTree.fromstring(answer.content) is not None


def test_the_conditions_of_the_examples_hold(site: Site) -> None:
    paths = {path.partition("?")[2]: path for path in ADDRESSES}
    people = site.get(next(p for q, p in paths.items() if "value__gt=10000" in q and "_size" not in q)).json()
    assert people and all(row["unit"] == "person" and row["value"] > 10000 for row in people)
    said = site.get(next(p for q, p in paths.items() if "speaker__contains" in q)).json()
    assert said and all("Whitlock" in row["speaker"] and row["said_on"] >= "2024-09-01" for row in said)
    assert [row["said_on"] for row in said] == sorted((row["said_on"] for row in said), reverse=True)
    links = site.get(next(p for q, p in paths.items() if "_col=explanation" in q)).json()
    assert links and all({"explanation", "a_url", "b_url"} <= set(row) for row in links)
    facets = site.get(next(p for q, p in paths.items() if "_facet=outlet" in q)).json()
    assert {value["value"] for value in facets["facet_results"]["outlet"]["results"]} >= {"Harbour Ledger"}


@pytest.mark.parametrize("operator", re.findall(r"`(__\w+)", PAGE))
def test_each_operator_is_one(site: Site, operator: str) -> None:
    """Datasette leaves aside a condition that it does not know: each must change what comes back, or be told apart."""
    value = {"__in": "Harbour+Ledger,x", "__isnull": "1", "__notnull": "1"}.get(operator, "Northgate+Herald")
    found = site.get(f"/onrecord/claims.json?outlet{operator}={value}&_size=0").json()
    every = site.get("/onrecord/claims.json?_size=0").json()["filtered_table_rows_count"]
    assert found["human_description_en"] or operator == "__exact"
    assert found["filtered_table_rows_count"] < every or operator in ("__lte", "__notnull")


def test_the_program_of_the_page_gets_every_row(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = CODE
    exec(code.replace(HERE, site.address), {})
    count = site.db.execute("SELECT count(*) FROM facts").fetchone()[0]
    assert len(capsys.readouterr().out.splitlines()) == count > 2


def test_a_row_leads_to_its_words_as_the_page_says(site: Site) -> None:
    for fact in site.get("/onrecord/facts.json?_shape=array").json():
        path = f"/-/article/{fact['article_id']}?version={fact['version']}"
        assert site.soup(path).find(id=f"f-{fact['fact_id']}").get_text() == fact["figure_text"]
        query = f"/onrecord/article_version.json?_shape=array&public_id={fact['version_id']}"
        (version,) = site.get(query).json()
        assert version["text"][fact["figure_start"] : fact["figure_end"]] == fact["figure_text"]
