"""The number of rows and the facets on table pages are those that Datasette would count, whatever is asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from bs4 import BeautifulSoup
from datasette.utils import MultiParams
from markupsafe import Markup
from site_database import Site, build, served

from db.site.cells import body
from db.site.tables import chosen, columns

QUESTIONS = [
    ("claims", "", "everything"),
    ("facts", "", "everything"),
    ("dates", "type=DATE", "one column that is counted"),
    ("figures", "unit=person&modality=asserted", "two of them"),
    ("facts", "measure=asylum_claims", "a key of another table"),
    ("facts", "unit=person&_next=1&_size=1", "behind the first rows"),
    ("claims", "outlet=nobody", "no rows"),
    ("claims", "modality=asserted&modality=denied", "one column twice"),
    ("figures", "outlet__contains=e", "another comparison"),
    ("facts", "place=Meridia", "a column that is not counted"),
    ("facts", "_sort=figure_start&_facet_size=1", "fewer values than there are"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("tables") / "counted.db"
    build(path)
    with served(path) as address:
        yield Site(address, path)


@pytest.mark.parametrize(("view", "question", "why"), QUESTIONS, ids=[why for _, _, why in QUESTIONS])
def test_counts_and_facets_are_those_of_the_rows(site: Site, view: str, question: str, why: str) -> None:
    rows = list(csv.DictReader(io.StringIO(site.get(f"/counted/{view}.csv?{question}").text)))
    names = columns(view)
    # Datasette counts a facet that the address asks for itself, beside ours
    answer = site.get(f"/counted/{view}.json?{question}&" + "&".join(f"_facet={name}" for name in names)).json()
    assert answer["filtered_table_rows_count"] == len(rows)
    shown = {facet for facet in answer["facet_results"] if not facet.endswith("_2")}
    assert shown == set(names)
    for name in names:
        ours, theirs = answer["facet_results"][name], answer["facet_results"].get(f"{name}_2")
        assert theirs is None or (ours["results"], ours["truncated"]) == (theirs["results"], theirs["truncated"]), why
        if "_facet_size" not in question:
            assert sum(value["count"] for value in ours["results"]) == sum(row[name] != "" for row in rows)


def test_a_facet_leads_to_its_rows_and_back(site: Site) -> None:
    facet = site.get("/counted/facts.json").json()["facet_results"]["unit"]["results"][0]
    narrowed = requests_json(site, facet["toggle_url"])
    assert narrowed["filtered_table_rows_count"] == facet["count"]
    (chosen_value,) = [value for value in narrowed["facet_results"]["unit"]["results"] if value["selected"]]
    assert chosen_value["toggle_url"].endswith("/counted/facts.json")


def requests_json(site: Site, address: str) -> dict:
    return site.get(address.removeprefix(site.address)).json()


@pytest.mark.parametrize("question", ["", "unit=person&_sort=value", "unit=person&_size=1&_next=1"])
def test_what_the_page_asks_of_datasette_does_not_show(site: Site, question: str) -> None:
    answer = site.get(f"/counted/facts?{question}")
    assert "_nocount" not in answer.text
    count = site.get(f"/counted/facts.json?{question}").json()["filtered_table_rows_count"]
    assert f"{count} row" in BeautifulSoup(answer.text, "lxml").select_one("[role=status]").get_text()


@pytest.mark.parametrize(
    ("view", "arguments", "expected"),
    [
        ("facts", "", {}),
        ("facts", "measure=a&_sort=value&_size=5&_next=50", {"measure": "a"}),
        ("facts", "kind=level&outlet=", {"kind": "level", "outlet": ""}),
        ("facts", "value__gt=5", None),
        ("facts", "_measure__exact=a", None),
        ("facts", "speaker=a", None),
        ("facts", "_where=1", None),
        ("facts", "_search=a", None),
        ("facts", "unit=a&unit=b", None),
        ("links", "", None),
        ("article", "", None),
    ],
)
def test_what_the_tally_can_answer(view: str, arguments: str, expected: dict[str, str] | None) -> None:
    assert chosen(view, MultiParams(parse_qs(arguments, keep_blank_values=True))) == expected


def test_the_lines_of_a_table_are_escaped() -> None:
    cells = [
        {"column": 'a"b', "value": "<b>", "raw": "<b>", "value_type": "str"},
        {"column": "c", "value": Markup("<a>x</a>"), "raw": "x", "value_type": "str"},
        {"column": "d", "value": Markup("&nbsp;"), "raw": None, "value_type": "none"},
    ]
    assert str(body([SimpleNamespace(cells=cells)], [1, 0, 2])) == (
        '<tr><td data-column="c" class="type-str"><a>x</a></td>'
        '<td data-column="a&#34;b" class="type-str">&lt;b&gt;</td>'
        '<td data-column="d" class="type-none empty">&nbsp;</td></tr>'
    )
