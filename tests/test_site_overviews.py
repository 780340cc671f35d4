"""Measures, outlets, versions side by side, method, downloads, feeds: pages that gather what others show one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hostile_article import SCRIPT
from site_database import Site, build, served, words

from db import open_db
from db.export import COLUMNS
from db.ids import public_id
from db.site.changes import changes
from db.site.chart import Point, bars, columns, ticks, timeline
from db.site.measure import charts, when
from db.site.method import shipped
from db.site.periods import Bin, binned
from db.site.settings import PUBLIC_TABLES, PUBLIC_VIEWS

pytestmark = pytest.mark.enable_socket
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("overviews") / "onrecord.db"
    build(path)
    with served(path) as address:
        yield Site(address, path)


# A measure


def test_a_measure_shows_the_same_numbers_as_a_chart_and_as_a_table(site: Site) -> None:
    soup = site.soup("/-/measure/asylum_claims")
    rows = [[words(cell) for cell in row.select("td")] for row in soup.select("table.plain tbody tr")]
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("2031", "41,200 asylum claims", "Meridia"),
        ("2031", "39,800 asylum claims", "Meridia"),
    ], "the corrected figure, not the one before"
    drawn = soup.select("svg.chart a.point")
    assert sorted(point.title.get_text().split(" · ")[0] for point in drawn) == ["39,800 people", "41,200 people"]
    hrefs = {a["href"] for a in soup.select("table.plain a")}
    assert {point["href"] for point in drawn} <= hrefs, "both lead to the same words"


def test_a_measure_of_one_place(site: Site) -> None:
    assert len(site.soup("/-/measure/asylum_claims?place=Meridia").select("table.plain tbody tr")) == 2
    assert "No current article prints" in words(site.soup("/-/measure/asylum_claims?place=Nowhere'--").main)
    site.soup("/-/measure/none", 404)


def test_figures_and_tables_lead_to_their_measure_and_outlet(site: Site) -> None:
    notes = site.soup(site.page("article", "url LIKE '%ledger%'")).select(".notes a[href*='/-/measure/']")
    assert [a["href"] for a in notes] == ["/-/measure/asylum_claims"]
    cells = site.soup("/onrecord/facts").select("td[data-column=measure] a, td[data-column=outlet] a")
    assert {a["href"] for a in cells} >= {"/-/measure/asylum_claims", "/-/outlet?name=Harbour%20Ledger"}


def figure(value: float | None, day: str, unit: str = "person", **more: object) -> dict:
    row = {"unit": unit, "kind": "level", "place": None, "low": None, "high": None, "published": None, "conflicts": 0}
    row |= {"value": value, "period_from": day, "period_to": day, "period": day, "outlet": "L", "modifier": "none"}
    return row | {"id": "1", "article": "a", **more}


def test_units_do_not_share_a_chart_and_what_cannot_be_placed_has_none():
    rows = [
        figure(1, "2024-01-01"),
        figure(2, "2024-02-01"),
        figure(3, "2024-01-01", "CAD"),
        figure(4, "2025-01-01", "CAD"),
    ]
    assert [chart["what"] for chart in charts(rows, "Claims", str)] == [
        "Claims, in people",
        "Claims, in Canadian dollars",
    ]
    alone = [figure(1, "2024-01-01"), figure(5, "2024-01-01", "CAD"), figure(None, "2024-01-01"), figure(6, "2024")]
    assert charts(alone, "Claims", str) == []


@pytest.mark.parametrize(
    ("start", "end", "published", "said"),
    [
        ("2031-01-01", "2031-12-31", "2032-01-15", "2031"),
        ("2031-06-30", "2031-06-30", "2032-01-15", "as of 2031-06-30"),
        (None, "2031-06-30", "2032-01-15", "until 2031-06-30"),
        (None, None, "2032-01-15", "as printed on 2032-01-15"),
        (None, None, None, ""),
    ],
)
def test_a_figure_says_what_time_it_is_about(start, end, published, said):
    assert when({"period_from": start, "period_to": end, "published": published}) == said


def test_a_range_and_a_period_are_lines():
    svg = ElementTree.fromstring(
        str(
            timeline(
                [
                    Point("2024-01-01", "2024-12-31", 5, 9, 0, "<r>", "/x", odd=True),
                    Point("2023-01-01", "2023-01-01", 7, 7, 9, "p", "/y"),
                ],
                "t",
            )
        )
    )
    first, second = svg.findall("a")
    assert len(first.findall("line")) == 2 and first.find("title").text == "<r>" and "odd" in first.get("class")
    assert second.findall("line") == [] and second.find("polygon") is not None


@pytest.mark.parametrize("points", [[0, 0], [-5, -5], [1e12, 3], [0.001, 0.002]])
def test_a_chart_of_any_numbers_stays_within_its_frame(points):
    low, high = min(points), max(points)
    assert ticks(low, high)[0] <= low and ticks(low, high)[-1] >= high and 2 <= len(ticks(low, high)) <= 12
    svg = ElementTree.fromstring(
        str(timeline([Point("2024-01-01", "2024-01-01", p, p, 0, "", "") for p in points], "t"))
    )
    for circle in svg.iter("circle"):
        assert 0 <= float(circle.get("cx")) <= 720 and 0 <= float(circle.get("cy")) <= 300


def test_bars_of_nothing_are_nothing():
    assert ElementTree.fromstring(str(bars([], "none"))).findall("rect") == []
    assert [rect.get("height") for rect in ElementTree.fromstring(str(bars([("w", 1), ("x", 4)], "t")))] == [
        "6.0",
        "24.0",
    ]


# Counts over time


@pytest.mark.parametrize(
    ("days", "names", "why"),
    [
        ({}, [], "nothing"),
        ({"": 3, "2031": 1, "soon": 1}, [], "no days"),
        ({"2031-05-06T08:00": 1}, [("2031-05-05 – 2031-05-11", 1)], "a week"),
        ({"2031-05-06": 1, "2033-05-06": 4}, [("2031-05", 1), ("2033-05", 4)], "months when weeks are too many"),
        ({"2031-12-31": 1, "2051-01-01": 4}, [("2031", 1), ("2051", 4)], "years when months are too many"),
    ],
)
def test_days_are_put_into_weeks_months_or_years(days, names, why):
    bins = binned(days)
    assert [(found.name, found.count) for found in bins if found.count] == names, why
    assert all(before.end < after.start for before, after in zip(bins, bins[1:], strict=False)) and len(bins) <= 62


@pytest.mark.parametrize("counts", [[1], [0, 7, 1], [100_000, 3, 99_999], [1, 1, 2]])
def test_columns_stay_within_their_frame_and_count_in_whole_numbers(counts):
    bins = [Bin(f"20{n + 10}-01-01", f"20{n + 10}-12-31", count) for n, count in enumerate(counts)]
    svg = ElementTree.fromstring(str(columns(bins, "t", lambda found: f"/{found.start}")))
    drawn = [[float(rect.get(name)) for name in ("x", "y", "width", "height")] for rect in svg.iter("rect")]
    assert len(drawn) == len([count for count in counts if count])
    assert all(x >= 0 and x + width <= 720 and y >= 0 and y + height <= 190 for x, y, width, height in drawn)
    tallest = max(drawn, key=lambda rect: rect[3])
    assert tallest == drawn[[count for count in counts if count].index(max(counts))]
    assert all("." not in text.text for text in svg.iter("text"))


# A speaker


def test_a_speaker_shows_claims_over_time_as_a_chart_and_as_a_table(site: Site) -> None:
    soup = site.soup(site.page("speaker", "name = 'Anders Whitlock'"))
    rows = [[words(cell) for cell in row.select("th, td")] for row in soup.select("figure tbody tr")]
    stored = site.db.execute(
        """SELECT c.said_on FROM claim c JOIN claim_speaker cs ON cs.claim_id = c.id
           JOIN speaker s ON s.id = cs.speaker_id JOIN article a ON a.current_version = c.version_id
           WHERE s.name = 'Anders Whitlock'"""
    ).fetchall()
    assert rows == [["2032-01-12 – 2032-01-18", str(len(stored))]]
    (column,) = soup.select("svg.chart a.column")
    assert column.title.get_text() == f"2032-01-12 – 2032-01-18: {len(stored)}"
    assert column["href"] == soup.select_one("figure tbody a")["href"]
    assert len(site.soup(column["href"]).select(".result")) == len(stored), "leads to the claims that it counts"


def test_a_claim_on_a_speakers_page_leads_to_its_other_printings(site: Site) -> None:
    soup = site.soup(site.page("speaker", "name = 'Anders Whitlock'"))
    link = next(a for a in soup.select(".where a") if "other printings" in a.get_text())
    page, _, note = link["href"].partition("#")
    assert site.soup(page).find(id=note).select(".links a")


# An outlet


def test_an_outlet_says_what_it_printed_whom_it_quotes_and_where_it_differs(site: Site) -> None:
    soup = site.soup("/-/outlet?name=Northgate%20Herald")
    head = words(soup.select_one(".headline"))
    assert "1 article, published 2032-01-15" in head and "1 credited to an agency" in head and "1 changed" in head
    assert [words(a) for a in soup.select("#newest ~ ol .said a")] == ["A count disputed"]
    assert "Anders Whitlock 1 claim" in words(soup.select_one("aside.notes"))
    assert "Prairie Wire 1" in words(soup.select_one("aside.notes"))
    assert [words(badge) for badge in soup.select("#differs ~ ul .badge")] == ["Revised", "Conflicting figures"]
    assert [(words(row)) for row in soup.select("figure tbody tr")] == ["2032-01-12 1"]
    (week,) = soup.select("svg.chart a.column")
    assert words(week.title) == "2032-01-12 – 2032-01-18: 1" and len(site.soup(week["href"]).select(".result")) == 1


def test_an_outlet_with_a_hostile_name_and_one_without_articles(site: Site) -> None:
    assert words(site.soup("/-/outlet?name=%3Cb%3EEvil+%26+Sons%3C%2Fb%3E").h1) == "<b>Evil & Sons</b>"
    site.soup("/-/outlet?name=none", 404)
    site.soup("/-/outlet", 404)


# Versions side by side


def test_versions_are_compared_paragraph_by_paragraph(site: Site) -> None:
    herald = site.page("article", "url LIKE '%herald%'").replace("/article/", "/changes/")
    soup = site.soup(herald)
    rows = [
        (row["class"][0], [words(cell) for cell in row.select("td")]) for row in soup.select("table.changes tbody tr")
    ]
    assert [what for what, _ in rows] == ["change-changed", "change-same"]
    assert [words(mark) for mark in soup.select("table.changes .differs")] == ["38,900", "39,800"]
    for odd in ("?from=2&to=2", "?from=9", "?to=x", "?from=2&to=1"):
        assert site.get(herald + odd).status_code in (200, 404)
    site.soup(site.page("article", "url LIKE '%ledger%'").replace("/article/", "/changes/"), 404)


OLD = "It opened on Monday.\n\nForty people came, the town said.\n\nThe mayor left."


@pytest.mark.parametrize(
    ("new", "happened"),
    [
        (OLD, ["same", "same", "same"]),
        (OLD.replace("Forty", "Fourteen"), ["same", "changed", "same"]),
        (OLD.replace("\n\nThe mayor left.", ""), ["same", "same", "removed"]),
        (OLD + "\n\nThe shelter closed.", ["same", "same", "same", "added"]),
        (OLD.replace("Forty people came, the town said.", "Nobody knows."), ["same", "removed", "added", "same"]),
        ("", ["removed", "removed", "removed"]),
    ],
)
def test_what_happened_to_each_paragraph(new, happened):
    assert [what for what, _, _ in changes(OLD, new)] == happened


# Method, downloads, feeds


def test_the_method_page_states_the_measured_errors(site: Site) -> None:
    soup = site.soup("/-/method")
    model = shipped()
    assert model["version"] in words(soup.main)
    shown = {
        words(section.h3).casefold(): len(section.select("tbody tr")) for section in soup.select("section[aria-label]")
    }
    assert shown == {corpus.casefold(): len(scores) for corpus, scores in model["scores"].items()} and shown


def test_the_method_page_tells_the_grades_apart_and_how_to_report(site: Site) -> None:
    soup = site.soup("/-/method")
    shown = {words(div.dt): [a["href"] for a in div.select("a")] for div in soup.select(".grades div")}
    assert list(shown) == ["Contradicts", "Other definition or date", "Rounding"]
    for links in shown.values():
        assert links and all(site.get(link).status_code == 200 for link in links)
    told = {a["href"] for path in ("/", "/-/downloads", "/onrecord/claims") for a in site.soup(path).select("footer a")}
    assert "/-/method#wrong" in told and soup.find(id="wrong")


def test_downloads_list_every_exported_column(site: Site) -> None:
    soup = site.soup("/-/downloads")
    for table, exported in COLUMNS.items():
        section = soup.select_one(f"section[aria-labelledby=table-{table}]")
        assert [dt.contents[0].strip() for dt in section.select("dt")] == exported.split()
        assert all(words(dd) for dd in section.select("dd")), table


def test_the_dictionary_is_complete(site: Site) -> None:
    found = site.get("/-/dictionary.json").json()
    assert list(found) == [*PUBLIC_VIEWS, *PUBLIC_TABLES]
    for name, table in found.items():
        real = [row[0] for row in site.db.execute(f"SELECT name FROM pragma_table_info('{name}')")]
        assert [column["name"] for column in table["columns"]] == real
        assert all(column["description"] for column in table["columns"]), name


def entries(site: Site, path: str) -> list[ElementTree.Element]:
    answer = site.get(path)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    assert feed.find("a:id", ATOM).text == site.address + path and feed.find("a:updated", ATOM).text
    return feed.findall("a:entry", ATOM)


def test_the_feed_of_disagreements(site: Site) -> None:
    found = entries(site, "/-/feed/disagreements.atom")
    assert [entry.find("a:title", ATOM).text for entry in found] == [
        "Apparent conflict: Harbour Ledger and <b>Evil & Sons</b>",
        "Revised: Northgate Herald",
        "Conflicting figures: Harbour Ledger and Northgate Herald",
    ]
    assert SCRIPT in found[1].find("a:summary", ATOM).text, "as text"
    assert site.get(found[2].find("a:link", ATOM).get("href").removeprefix(site.address)).status_code == 200


def test_the_feed_of_a_speaker(site: Site) -> None:
    page = site.page("speaker", "name = 'Anders Whitlock'")
    found = entries(site, page.replace("/-/", "/-/feed/") + ".atom")
    said = [entry.find("a:summary", ATOM).text for entry in found]
    assert "We housed nearly 12,000 families last winter … Nobody was turned away." in said
    assert site.get("/-/feed/speaker/none.atom").status_code == 404


def test_feeds_are_announced(site: Site) -> None:
    assert site.soup("/").select_one("link[type='application/atom+xml']")["href"] == "/-/feed/disagreements.atom"
    speaker = site.page("speaker", "name = 'Anders Whitlock'")
    assert site.soup(speaker).select_one("link[type='application/atom+xml']")["href"].endswith(".atom")


def test_claims_of_an_article_as_schema_org_data(site: Site) -> None:
    page = site.page("article", "url LIKE '%ledger%'")
    address = site.soup(page).select_one("link[type='application/ld+json']")["href"]
    answer = site.get(address)
    assert address == page + ".jsonld" and answer.headers["content-type"].startswith("application/ld+json")
    claims = answer.json()["@graph"]
    first = next(claim for claim in claims if claim["text"].startswith("We housed"))
    assert (
        first["author"] == [{"@type": "Person", "name": "Anders Whitlock"}] and first["datePublished"] == "2032-01-13"
    )
    assert first["appearance"]["url"] == "https://ledger.example/a1"
    assert first["@id"].startswith(site.address + page + "#c-")
    assert {claim["@type"] for claim in claims} == {"Claim"}, "and no review of any"
    assert site.get("/-/article/none.jsonld").status_code == 404


def test_the_documented_addresses_of_the_api_answer(site: Site) -> None:
    for link in site.soup("/-/downloads").select("[aria-labelledby=api] a[href*='.json']"):
        answer = site.get(link["href"])
        assert answer.status_code == 200 and isinstance(json.loads(answer.text), list), link["href"]


# The first page


def test_coverage_by_outlet_and_week(site: Site) -> None:
    soup = site.soup("/")
    rows = soup.select("#coverage ~ .scroll tbody tr")
    ledger = next(row for row in rows if "Harbour Ledger" in row.get_text())
    drawn = [rect.title.get_text() for rect in ledger.select("svg.bars rect")]
    assert len(drawn) == 12 and drawn[-1] == "2032-01-12: 1" and drawn[0] == "2031-10-27: 0"
    assert ledger.select_one("svg")["aria-label"] == "Articles a week since 2031-10-27"


def test_one_conflict_of_many_printings_is_told_once(tmp_path: Path) -> None:
    """A second pair of the same conflict and a second change of the same revision are counted, not shown again."""
    path = tmp_path / "more.db"
    build(path)
    db = open_db(path)
    (a,), (b,) = (db.execute(f"SELECT id FROM figure WHERE text LIKE '{n}%'").fetchone() for n in ("41,200", "39,800"))
    (other,) = db.execute("SELECT id FROM figure WHERE text LIKE 'nearly 12,000%'").fetchone()
    old, new = db.execute("SELECT id FROM article_version WHERE title = 'A count disputed' ORDER BY number").fetchall()
    rows = [
        ("conflicting_figure", "figure", other, "figure", b, "A second pair."),
        ("revised", "article", old[0], "article", new[0], "The whole."),
    ]
    for label, *ends, why in rows:
        db.execute(
            """INSERT INTO link(label, a_kind, a_id, b_kind, b_id, explanation, public_id, score, found_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, 1, '2032-01-18T10:00:00+00:00')""",
            [label, *ends, why, public_id(label, *ends)],
        )
    db.execute("INSERT OR REPLACE INTO figure_standing VALUES (?, 2, 1, 1)", [a])
    db.conn.commit()
    with served(path) as address:
        soup = Site(address, path).soup("/")
    told = {words(entry.select_one(".badge")): entry for entry in soup.select(".versus")}
    assert list(told) == ["Revised", "Conflicting figures", "Apparent conflict"] and len(soup.select(".versus")) == 3
    assert "and 1 more change" in words(told["Revised"]) and "38,900 became 39,800" in words(told["Revised"])
    conflict = words(told["Conflicting figures"])
    assert "and 1 more pair" in conflict and "41,200 is not 39,800" in conflict and "printed by 2 origins" in conflict
