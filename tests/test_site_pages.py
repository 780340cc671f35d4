"""The served site, page by page: what is shown, what is refused, and that nothing scraped becomes part of a page."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup
from datasette.utils import tilde_encode
from hostile_article import HOSTILE_LATER, SCRIPT
from protego import Protego
from site_database import LEDGER, Site, build, served, words

from db import open_db
from db.site.search import fts_query
from db.site.settings import PUBLIC_TABLES, PUBLIC_VIEWS

pytestmark = pytest.mark.enable_socket
FILES = (".json", ".csv", ".jsonl", ".atom")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("pages") / "news room-2.db"
    build(path)
    with served(path) as address:
        yield Site(address, path)


def test_home_shows_disagreements_coverage_and_run(site: Site) -> None:
    soup = site.soup("/")
    text = words(soup.main)
    assert "Same measure, place and period; 41,200 is not 39,800." in text
    assert "41,200 asylum claims" in text and "39,800 asylum claims" in text
    assert "Harbour Ledger 2" in text and "Northgate Herald 1" in text
    assert "HTTP status 404" in text
    assert soup.select_one("form[role=search] input[name=q]")
    shown = [badge.get_text() for badge in soup.select(".versus .badge")]
    assert shown == ["Apparent conflict", "Revised", "Conflicting figures"], "newest first, agreements left out"


def test_homes_weeks_are_drawn_and_told_as_a_table(site: Site) -> None:
    soup = site.soup("/")
    table = next(d for d in soup.select("details") if "weeks" in words(d.summary)).table
    mondays = [words(th) for th in table.select("thead th")][1:]
    told = {words(row.th): [int(words(cell)) for cell in row.select("td")] for row in table.select("tbody tr")}
    assert len(mondays) == 12 and all(len(counts) == 12 for counts in told.values())
    drawn = {words(row.th): [int(t.get_text().split(": ")[1]) for t in row.select("svg title")]
             for row in soup.select("table.plain tbody tr") if row.svg}  # fmt: skip
    assert told == drawn
    newest = site.db.execute(
        "SELECT count(*) FROM article WHERE published_on BETWEEN ? AND date(?, '+83 days')", [mondays[0], mondays[0]]
    ).fetchone()[0]
    assert sum(map(sum, told.values())) == newest > 0


@pytest.mark.parametrize(
    ("query", "found", "why"),
    [
        ("q=housed", 2, "a word"),
        ("q=HOUSED", 2, "case does not matter"),
        ("q=hous*", 2, "any ending"),
        ('q="nearly+12,000+families"', 2, "a phrase"),
        ('q="12,000+nearly"', 0, "a phrase keeps its order"),
        ("q=housed+winter", 1, "all words are required"),
        ("q=housed&outlet=Harbour+Ledger", 1, "by outlet"),
        ("q=housed&kind=mixed", 1, "by kind of quotation"),
        ("speaker=whitlock", 3, "by speaker, without words"),
        ("speaker=Mr.+Whit", 3, "a name as printed"),
        ("speaker=%25", 0, "a per cent sign is no wildcard"),
        ("q=38,900", 0, "a replaced version is not searched"),
        ("q=!!!", 0, "nothing but punctuation"),
        ("q=housed&page=2", 0, "past the end"),
        ("modality=projected", 1, "by modality, without words"),
        ("q=housed&since=2032-01-14", 1, "said on that day or later"),
        ("q=housed&until=2032-01-13", 1, "said on that day or before"),
        ("q=housed&since=2032-01-14&until=2032-01-13", 0, "no day is both"),
        ("q=housed&since=yesterday&modality=x", 2, "what is no day and no modality is left aside"),
        ("q=housed&page=x&kind=y", 2, "odd arguments are left aside"),
    ],
)
def test_search_finds_claims(site: Site, query: str, found: int, why: str) -> None:
    assert len(site.soup(f"/-/search?{query}").select(".result")) == found, why


def test_search_leads_to_speakers_and_to_other_printings(site: Site) -> None:
    soup = site.soup("/-/search?q=housed")
    speaker = site.page("speaker", "name = 'Anders Whitlock'")
    assert {a["href"] for a in soup.select(".who a")} == {speaker}
    notes = [a["href"] for a in soup.select(".where a")]
    assert len(notes) == 2 and all("#note-c-" in note for note in notes)
    joint = words(site.soup("/-/search?q=sum").select_one(".who"))
    assert " and " in joint and "Rob" in joint, "each of several speakers has a page"


def test_search_says_how_a_claims_figures_stand(site: Site) -> None:
    (result,) = site.soup("/-/search?q=Meridia+counted").select(".result")
    standing = result.select_one(".standing")
    assert words(standing) == "39,800 asylum claims : 1 origin prints it, 1 prints another value ( compare )"
    assert standing.a["href"] == site.page("link", "label = 'conflicting_figure'")
    assert site.soup("/-/search?q=housed").select(".standing") == [], "nothing of a figure that stands alone"


def test_words_of_the_reporter_are_found_in_the_articles(site: Site) -> None:
    soup = site.soup("/-/search?q=counted+federal+registry")
    assert soup.select(".result") == []
    (instead,) = soup.select("p.notice a")
    assert words(instead) == "1 article has them" and len(site.soup(instead["href"]).select(".result")) == 1


def test_search_marks_what_it_found(site: Site) -> None:
    claims = site.soup("/-/search?q=housed")
    assert {mark.get_text() for mark in claims.select(".said mark")} == {"housed"}
    assert [tab.get_text() for tab in claims.select(".tabs a")] == ["2 claims", "2 articles"]
    articles = site.soup("/-/search?q=tremblay&in=articles")
    assert words(articles.select_one(".result")).startswith("Meridia housed thousands")
    assert articles.select_one(".shown mark").get_text() == "Tremblay"


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "'",
        "AND",
        "NEAR(",
        "a OR",
        "-x",
        "text:x",
        "*",
        '""',
        "^a",
        "{a b}:c",
        "a\0b",
        "\x02",
        "%",
        "é" * 300,
        "(" * 99,
    ],
)
def test_search_survives_anything(site: Site, typed: str) -> None:
    answer = requests.get(f"{site.address}/-/search", {"q": typed, "speaker": typed, "outlet": typed}, timeout=30)
    assert answer.status_code == 200
    answer = requests.get(f"{site.address}/-/search", {"q": typed, "in": "articles"}, timeout=30)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("asylum claims", '"asylum" "claims"'),
        ('"work permit" reimb*', '"work permit" "reimb"*'),
        ('one "never closed', '"one" "never" "closed"'),
        ("a OR b NEAR(c", '"a" "OR" "b" "NEAR(c"'),
        ("- & !", ""),
        ("", ""),
    ],
)
def test_fts_query(typed: str, expression: str) -> None:
    assert fts_query(typed) == expression


def test_every_expression_is_valid_fts() -> None:
    fts = sqlite3.connect(":memory:")
    fts.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
    for code in range(1, 0x2100):
        for typed in (chr(code), f"a{chr(code)}b", f'"{chr(code)}a"', f"a{chr(code)}*", f"{chr(code)}*"):
            expression = fts_query(typed)
            if expression:
                fts.execute("SELECT * FROM t WHERE t MATCH ?", [expression]).fetchall()


def test_article_marks_findings_where_they_stand(site: Site) -> None:
    soup = site.soup(site.page("article", "url LIKE '%ledger%'"))
    for ref in soup.select("a.ref"):
        ref.extract()
    shown = [paragraph.get_text() for paragraph in soup.select(".body p")]
    assert shown == LEDGER.split("\n\n")
    rows = site.db.execute("SELECT text, public_id FROM figure WHERE version_id = 1").fetchall()
    assert {(mark.get_text(), mark["id"]) for mark in soup.select(".body .figure")} == {(t, f"f-{i}") for t, i in rows}
    claims = [mark.get_text() for mark in soup.select(".body .claim.direct")]
    assert claims == ["We housed nearly 12,000 families last winter", "Nobody was turned away."]
    nested = soup.select_one(".body .claim .claim")
    assert nested.get_text() == "30 per cent of the cost would be repaid by March 2032"
    assert "Anders Whitlock" in nested["data-tip"] and "projected" in nested["data-tip"]
    assert soup.select_one("a[rel~=noopener]")["href"] == "https://ledger.example/a1"
    assert "By Imani Castellan" in words(soup.select_one(".byline"))


def test_article_says_what_the_page_kept_back_and_what_was_left_out(site: Site) -> None:
    (pid,) = site.db.execute("SELECT public_id FROM article WHERE external_id = 'import-7'").fetchone()
    soup = site.soup(f"/-/article/{pid}")
    (broken_off,) = (words(p) for p in soup.select("p.notice") if "breaks off" in p.text)
    assert "12 of the 900 words" in broken_off and "only subscribers" in broken_off
    assert words(soup.select_one("p.update")) == "2032-01-17 07:15"
    (left_out,) = soup.select("details.left-out li")
    assert words(left_out) == f"caption {SCRIPT}"


def test_article_notes_lead_on(site: Site) -> None:
    soup = site.soup(site.page("article", "url LIKE '%ledger%'"))
    notes = words(soup.select_one(".notes"))
    assert "We housed nearly 12,000 families last winter … Nobody was turned away." in notes
    assert "just under 12,000 family" in notes and "30 %" in notes and "March 2032 2032-03" in notes
    other = site.page("article", "url LIKE '%herald%'")
    assert any(link["href"].startswith(f"{other}#f-") for link in soup.select(".notes .links a"))
    assert "Same wire copy" in words(soup.select_one(".headline"))


def test_versions_of_an_article(site: Site) -> None:
    page = site.page("article", "url LIKE '%herald%'")
    now, before = site.soup(page), site.soup(f"{page}?version=1")
    assert "39,800" in words(now.select_one(".body")) and "38,900" in words(before.select_one(".body"))
    assert "not the current version" in words(before.main) and "not the current version" not in words(now.main)
    assert [a.get_text() for a in now.select(".versions a")][-1] == "what changed" and len(
        now.select(".versions a")
    ) == 3
    assert "credited to Prairie Wire" in words(now.main)
    for odd in ("9", "x", "0", "-1", "1'", "1e0"):
        assert site.get(f"{page}?version={odd}").status_code == 404


def test_an_article_that_was_not_read_says_so(site: Site) -> None:
    soup = site.soup(site.page("article", "external_id = 'import-7'"))
    assert "not been read" in words(soup.main)
    assert "Untitled article" in soup.h1.get_text()


def test_speaker_page(site: Site) -> None:
    text = words(site.soup(site.page("speaker", "name = 'Anders Whitlock'")).main)
    for part in ("Minister Anders Whitlock", "Mr. Whitlock", "mayor", "minister of housing", "Quoted by", "1 link to"):
        assert part in text


def test_tables_are_described_whatever_the_file_is_called(site: Site) -> None:
    soup = site.soup(f"/{site.name.replace(' ', '~20')}/claims")
    assert soup.h1.get_text() == "Claims"
    assert "counted from 0" in words(soup.select_one(".dictionary"))
    assert [h2.get_text() for h2 in soup.select(".facets h2")]
    listing = words(site.soup(f"/{site.name.replace(' ', '~20')}").main)
    assert "Links between sources" in listing and "A figure across sources" in listing


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, tuple[requests.Response, BeautifulSoup]]:
    """Every page that links lead to from the first one; sorted, filtered and printed copies of tables left out."""
    pages: dict[str, tuple[requests.Response, BeautifulSoup]] = {}
    todo = ["/", "/-/search?q=cost", "/-/search?q=sign&in=articles", "/-/article/none", "/-/download/none.csv"]
    todo += [f"/-/article/{row[0]}" for row in site.db.execute("SELECT public_id FROM article")]
    while todo:
        path = todo.pop()
        parts = urlsplit(path)
        copy = parts.query and not parts.path.startswith("/-/")
        if path in pages or copy or (parts.path.endswith(FILES) and "none" not in path):
            continue
        answer = site.get(path)
        soup = BeautifulSoup(answer.text, "lxml")
        pages[path] = answer, soup
        links = (urldefrag(urljoin(site.address + path, a["href"]))[0] for a in soup.select("a[href]"))
        todo += [link.removeprefix(site.address) for link in links if link.startswith(site.address)]
    return pages


def test_every_page_is_whole_and_harmless(site: Site, pages) -> None:
    """Crawls the site: each link answers, each anchor exists, and no page holds a script, a style or a strange link."""
    assert len(pages) > 35
    for path, (answer, soup) in pages.items():
        assert answer.status_code == (404 if "none" in path else 200), path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"]
        assert "set-cookie" not in answer.headers
        assert soup.select("script, style, iframe, object, base, img, b, i") == [], path
        for tag in soup.find_all(True):
            assert not [name for name in tag.attrs if name == "style" or name.startswith("on")], (path, tag.name)
        for tag in soup.select("[href], [action]"):
            address = tag.get("href") or tag.get("action")
            assert urlsplit(urljoin(site.address, address)).scheme in ("http", "https"), (path, address)
        ids = [tag["id"] for tag in soup.select("[id]")]
        assert len(ids) == len(set(ids)), path
        if "download" not in path:
            assert soup.html["lang"] and soup.title.get_text() and len(soup.select("h1")) == 1


def test_every_anchor_exists(site: Site, pages) -> None:
    for path, (_, soup) in pages.items():
        for a in soup.select("a[href*='#']"):
            target, fragment = urldefrag(urljoin(site.address + path, a["href"]))
            if not target.startswith(site.address):
                assert fragment.startswith(":~:text="), "to words on an outlet's page"
                continue
            found = pages[target.removeprefix(site.address)][1]
            assert found.find(id=unquote(fragment)), (path, a["href"])


def test_hostile_article_is_shown_as_text(site: Site) -> None:
    soup = site.soup(site.page("article", "url LIKE 'javascript%'"))
    for ref in soup.select("a.ref"):
        ref.extract()
    assert "\n\n".join(paragraph.get_text() for paragraph in soup.select(".body p")) == HOSTILE_LATER
    assert SCRIPT in soup.h1.get_text()
    assert "javascript:alert(1)" in words(soup.select_one(".headline"))
    assert not soup.select("a[href^=javascript]")


REFUSED = [
    ("/{db}?sql=select+1", 403, "arbitrary SQL"),
    ("/{db}.json?sql=select+1", 403, "arbitrary SQL as JSON"),
    ("/{db}.db", 403, "the database file"),
    ("/{db}/raw_page", 403, "raw pages"),
    ("/{db}/raw_page.json", 403, "raw pages as JSON"),
    ("/{db}/raw_page.csv", 403, "raw pages as CSV"),
    ("/{db}/RAW_PAGE", 404, "raw pages, shouted"),
    ("/{db}/fetch", 403, "fetch records"),
    ("/{db}/claim", 403, "the table under a view"),
    ("/{db}/claim_fts", 403, "the full-text index"),
    ("/{db}/claim_fts_data.json", 403, "its shadow"),
    ("/{db}/speaker/1", 403, "a row of a private table"),
    ("/{db}/claims?_where=1", 403, "a piece of SQL"),
    ("/-/article/%2e%2e%2fx", 404, "a path within an id"),
    ("/-/article/'%20OR%201=1", 404, "SQL within an id"),
    ("/-/link/x", 404, "no such link"),
    ("/-/speaker/x", 404, "no such speaker"),
    ("/-/download/raw_page.csv", 404, "a private table as a download"),
    ("/-/download/dates.csv?speaker=x", 400, "a filter that the table does not have"),
]


@pytest.mark.parametrize(("path", "status", "why"), REFUSED)
def test_refused(site: Site, path: str, status: int, why: str) -> None:
    answer = site.get(path.format(db=site.name.replace(" ", "~20")))
    assert answer.status_code == status, why
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_robots_read_pages_and_not_what_multiplies_them(site: Site) -> None:
    answer = site.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    rules = Protego.parse(answer.text)
    table = f"/{tilde_encode(site.name)}/claims"
    allowed = ["/", "/-/article/0a", "/-/article/0a?version=1", "/-/link/0a", "/-/outlet?name=x", "/-/method", table]
    refused = ["/-/search?q=x", "/-/download/facts.csv", "/-/changes/0a", f"{table}?_sort=role", f"{table}.json"]
    refused += [f"{table}.csv", "/-/dictionary.json", f"{table}?outlet=x&kind=direct"]
    assert [p for p in allowed if not rules.can_fetch(site.address + p, "robot")] == []
    assert [p for p in refused if rules.can_fetch(site.address + p, "robot")] == []


def test_only_public_tables_are_listed(site: Site) -> None:
    listed = site.get(f"/{site.name.replace(' ', '~20')}.json").json()
    names = {table["name"] for table in listed["tables"]} | {view["name"] for view in listed["views"]}
    assert names == set(PUBLIC_VIEWS + PUBLIC_TABLES)


@pytest.mark.parametrize("table", ["claims", "figures", "dates", "links", "facts"])
def test_downloads_are_complete(site: Site, table: str) -> None:
    count = site.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    answer = site.get(f"/-/download/{table}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == count == int(answer.headers["x-rows"])
    assert int(answer.headers["content-length"]) == len(answer.content)
    lines = site.get(f"/-/download/{table}.jsonl").content.decode().splitlines()
    assert [set(json.loads(line)) for line in lines] == [set(rows[0])] * count
    assert site.get(f"/-/download/{table}.csv?bom=1").content == "\ufeff".encode() + answer.content


def test_a_selection_as_csv_has_all_its_rows_and_no_formulas(site: Site) -> None:
    """More rows than Datasette returns at once (1,000), one of which begins like a formula."""
    site.db.execute(
        """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2300)
           INSERT INTO source(name, outlet, kind, url_since)
           SELECT '=SUM(A' || i || ')', 'Bulk Gazette', 'feed', '2032-01-01' FROM n"""
    )
    site.db.conn.commit()
    answer = site.get(f"/{site.name.replace(' ', '~20')}/source.csv?outlet=Bulk+Gazette&_sort=id&_size=10&_dl=1")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["name"] for row in rows] == [f"'=SUM(A{i})" for i in range(1, 2301)]
    assert "attachment" in answer.headers["content-disposition"]
    view = site.get(f"/{site.name.replace(' ', '~20')}/facts.csv?unit=person&_next=1&_size=1").content.decode()
    count = site.db.execute("SELECT count(*) FROM facts WHERE unit = 'person'").fetchone()[0]
    assert len(list(csv.DictReader(io.StringIO(view)))) == count > 1
    query = site.get(f"/{site.name.replace(' ', '~20')}/speaker_claims.csv?speaker=whitlock").content.decode()
    assert len(list(csv.DictReader(io.StringIO(query)))) == 3


def test_a_database_of_another_program(tmp_path: Path) -> None:
    """The home page says that it is not ours; Datasette's own pages go on working."""
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE shopping (item TEXT)")
    with served(path) as address:
        for page in ("/", "/-/search?q=x", "/-/article/x"):
            answer = requests.get(address + page, timeout=30)
            assert answer.status_code == 503
            assert "onrecord serve --db" in answer.text
        assert requests.get(address + "/other/shopping", timeout=30).status_code == 200


def test_errors_tell_readers_no_more_than_they_need_and_the_log_no_more_than_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    build(path)
    db = open_db(path)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("ALTER TABLE scrape_run RENAME TO lost")
    db.conn.commit()
    db.close()
    log = path.with_suffix(".log")
    with served(path) as address:
        assert requests.get(f"{address}/-/nowhere", timeout=30).status_code == 404
        assert "Traceback" not in log.read_text("utf-8")
        answer = requests.get(f"{address}/", timeout=30)
    assert answer.status_code == 500
    assert "whoever runs this site" in answer.text and "scrape_run" not in answer.text
    logged = log.read_text("utf-8")
    assert "no such table" in logged and "scrape_run" in logged and "locals" not in logged
