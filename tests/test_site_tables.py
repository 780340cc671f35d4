"""Table pages: their cells lead on, and the number of rows and the facets are those that Datasette would count."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette
from datasette.utils import MultiParams
from datasette.utils.asgi import Request
from markupsafe import Markup
from site_database import Site, build, figure, served, words

from db import open_db
from db.save import save_article, save_findings
from db.site.downloads import selection
from db.site.lines import body
from db.site.tables import chosen, columns
from extract.findings import Findings
from scraper.article import Article

QUESTIONS = [
    ("claims", "", "everything"),
    ("facts", "", "everything"),
    ("dates", "type=DATE", "one column that is counted"),
    ("figures", "unit=person&modality=asserted", "two of them"),
    ("facts", "measure=asylum_claims", "a key of another table"),
    ("facts", "unit=person&_next=1&_size=1", "behind the first rows"),
    ("claims", "outlet=nobody", "no rows"),
    ("links", "", "everything"),
    ("links", "label=revised", "one label"),
    ("speakers", "speaker_class=person", "a class of speakers"),
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


@pytest.mark.parametrize(
    ("table", "column", "prefix"),
    [
        ("claims", "claim_id", "c"),
        ("figures", "figure_id", "f"),
        ("figures", "claim_id", "c"),
        ("facts", "fact_id", "f"),
        ("dates", "date_id", "d"),
        ("links", "a_id", "[cf]"),
    ],
)
def test_rows_lead_to_their_words(site: Site, table: str, column: str, prefix: str) -> None:
    soup = site.soup(f"/counted/{table}")
    links = [a["href"] for a in soup.select(f"td[data-column={column}] a")]
    assert any(re.fullmatch(rf"/-/article/\w+\?version=\d#{prefix}-\w+", link) for link in links)


def test_keys_of_other_tables_lead_to_pages_that_may_be_read(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    build(path)
    db = open_db(path)
    db.execute("INSERT INTO raw_page(hash, bytes, body) VALUES ('abc', 1, x'00')")
    db.execute("UPDATE article_version SET page_hash = 'abc'")
    db.conn.commit()
    with served(path) as address:
        soup = Site(address, path).soup("/pages/article_version")
    (hash_, *_) = soup.select("td[data-column=page_hash]")
    assert hash_.get_text() == "abc" and hash_.select("a") == []
    (article, *_) = soup.select("td[data-column=article_id] a")
    assert article["href"].startswith("/-/article/") and site.get(article["href"]).status_code == 200


def test_what_a_row_says_stands_before_where_it_was_found(site: Site) -> None:
    soup = site.soup("/counted/facts")
    shown = [words(th).removesuffix(" ▼") for th in soup.select("th")]
    assert shown[:6] == ["fact_id", "figure_text", "value", "unit", "counted", "place"]
    assert sorted(shown) == sorted(name for _, name, *_ in site.db.execute("PRAGMA table_info(facts)"))
    assert set(shown[shown.index("url") :]) > {"figure_start", "version", "article_id"}


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
    assert "_nocount" not in answer.text and "_size=0" not in answer.text
    form = BeautifulSoup(answer.text, "lxml").select_one("form.filters")
    assert [tag["value"] for tag in form.select("input[name=_size]")] == (["1"] if "_size=1" in question else [])
    count = site.get(f"/counted/facts.json?{question}").json()["filtered_table_rows_count"]
    assert f"{count} row" in BeautifulSoup(answer.text, "lxml").select_one("[role=status]").get_text()


SELECTIONS = ["", "_next=2", "_next=1&_sort=start", "_next=x", "outlet=nobody", "_col=url&_col=start&_nocol=title"]


@pytest.mark.parametrize("question", SELECTIONS)
@pytest.mark.parametrize("view", ["claims", "figures"])
def test_lines_that_print_themselves_are_those_of_datasette(site: Site, view: str, question: str) -> None:
    """`_size` leaves the page to Datasette."""
    own = site.get(f"/counted/{view}?{question}")
    datasettes = site.get(f"/counted/{view}?{question}&_size=50")
    assert own.status_code == datasettes.status_code
    tables = [BeautifulSoup(page.text, "lxml").select_one("table.rows-and-columns") for page in (own, datasettes)]
    texts = ["" if table is None else str(table.tbody) for table in tables]
    assert texts[0] == texts[1] and (texts[0] or "nobody" in question or own.status_code != 200)


def test_the_next_page_follows(site: Site) -> None:
    """More figures than a page has, of one article; every row stands on one page only."""
    text = " ".join(f"Camp {n} housed {n} tents." for n in range(120))
    camps = tuple(figure(text, f"f{n}", f"{n} tents", n, "tent") for n in range(1, 120))
    article = Article(text, "https://camps.example/1", title="Camps", outlet="Camps", published="2031-05-06")
    save_findings(site.db, save_article(site.db, article).version_id, Findings((), camps, ()), "m", "c")
    seen: list[str] = []
    path: str | None = "/counted/figures?unit=tent&_sort=value"
    while path:
        soup = site.soup(path)
        seen += [cell.get_text() for cell in soup.select("td[data-column=value]")]
        following = soup.select_one("a[rel=next]")
        path = following["href"].removeprefix(site.address) if following else None
    assert seen == [str(n) for n in range(1, 120)]


@pytest.mark.parametrize("patience", [1, 3])
def test_a_reader_who_leaves_is_sent_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience: int) -> None:
    """One row a text, and a reader who is gone after so many."""
    monkeypatch.setattr("db.export.AT_ONCE", 1)
    monkeypatch.setattr("db.site.downloads.TEXTS_AT_ONCE", 1)
    build(tmp_path / "left.db")
    written: list[str] = []

    async def leave() -> None:
        datasette = Datasette([str(tmp_path / "left.db")])
        await datasette.invoke_startup()
        left = asyncio.Event()

        async def receive() -> dict[str, str]:
            await left.wait()
            return {"type": "http.disconnect"}

        class Writer:
            async def write(self, text: str) -> None:
                written.append(text)
                if len(written) == patience:
                    left.set()
                    await asyncio.sleep(0)  # the news of it arrives

        request = Request.fake("/left/dates.csv", url_vars={"database": "left", "table": "dates"})
        request.receive = receive
        answer = await selection(request, datasette)
        await asyncio.wait_for(answer.stream_fn(Writer()), 20)
        assert not datasette.onrecord_exports.locked()

    asyncio.run(leave())
    assert patience <= len(written) <= patience + 1 < open_db(tmp_path / "left.db")["date_mention"].count


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
        ("links", "label=revised", {"label": "revised"}),
        ("links", "a_outlet=a", None),
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
