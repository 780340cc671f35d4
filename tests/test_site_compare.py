"""One link between sources: both printings, everyone else who prints it, and of how many origins they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from crosscheck_database import Newsroom
from site_database import Site, build, served, words

from db.crosscheck import crosscheck
from db.site.grades import grade

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("compare") / "onrecord.db"
    build(path)
    with served(path) as address:
        yield Site(address, path)


def test_compare_page(site: Site) -> None:
    soup = site.soup(site.page("link", "label = 'conflicting_figure'"))
    assert [mark.get_text() for mark in soup.select(".printed .differs")] == ["41,200", "39,800"]
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in soup.select("tbody tr")]
    fields = {field.split()[0]: printed for field, *printed in rows}
    assert fields["Value"] == ["41,200 people", "39,800 people"]
    assert fields["Place"] == ["Meridia", "Meridia"]
    assert "The province of Meridia received" in words(soup.select_one(".context"))
    assert words(soup.select_one(".grade")).startswith("Contradicts")
    assert fields["As"] == ["41,200 asylum claims", "39,800 asylum claims"]
    assert fields["The"] == ["41,150 – 41,250", "39,750 – 39,850"]
    original = soup.select_one(".printing a[rel~=noopener]")["href"]
    assert original.startswith("https://ledger.example/a1#:~:text=of%20Meridia%20received-,41%2C200%20asylum%20claims,")
    assert words(soup.select_one("code")) == site.page("link", "label = 'conflicting_figure'")[-16:][:12], (
        "to report it"
    )


def test_compare_shows_offices_and_everyone_who_prints_it(site: Site) -> None:
    soup = site.soup(site.page("link", "label = 'same_quote'"))
    assert words(soup.select_one(".grade")).startswith("Other words one utterance")
    offices = words(soup.select_one(".printing ul.links"))
    assert offices.startswith("minister of housing (1 claim") and "Harbour Ledger" in offices
    printings = [[words(cell) for cell in row.select("th, td")] for row in soup.select(".printings tbody tr")]
    (ledger, herald) = printings
    assert ledger[0] == "Harbour Ledger 2032-01-14" and herald[0] == "Northgate Herald 2032-01-15"
    assert ledger[1].startswith("We housed nearly 12,000 families last winter … Nobody was turned")
    assert ledger[2] == "Anders Whitlock ( minister of housing )" and herald[2] == "Anders Whitlock ( mayor )"
    assert ledger[4] == "1 one text with Northgate Herald"
    assert herald[4] == "1 credited to Prairie Wire one text with Harbour Ledger"
    assert ledger[5:] == ["this one", "Other words"] and herald[5:] == ["Other words", "this one"]
    assert "2 printings of 1 independent origin," in words(soup.select_one("#printings + p"))


def test_what_follows_from_another_figure_is_not_marked_as_a_difference(site: Site) -> None:
    link = site.page("link", "label = 'derived'")
    soup = site.soup(link)
    assert words(soup.select_one(".grade")) == "Arithmetic one follows from others"
    assert soup.select(".differs, tr.differs") == [] and "30 per cent" in words(soup.select_one(".printed"))


@pytest.mark.parametrize(
    ("label", "same", "expected"),
    [
        ("same_figure", True, "Agrees"),
        ("same_figure", False, "Rounding"),
        ("same_quote", True, "Same words"),
        ("same_quote", False, "Other words"),
        ("apparent_conflict", False, "Other definition or date"),
        ("conflicting_figure", False, "Contradicts"),
        ("role_conflict", True, "Contradicts"),
    ],
)
def test_three_grades_of_disagreement(label, same, expected):
    assert grade(label, same).name == expected


HARBOUR = (
    "The works at the old quay began on a grey morning, and crews from the valleys brought two cranes and a barge."
)
FERRY = (
    "A ferry that had been laid up since autumn was painted white by volunteers who wanted to see it sail again soon."
)


def test_a_copy_of_a_copy_is_one_origin_here_as_in_the_tables(tmp_path: Path) -> None:
    """Two papers print the figure under texts that a third prints both of, without the figure."""
    room = Newsroom()
    count = "The town counted 39,540 people in the shelters."
    room.article("east", f"{HARBOUR}\n\n{count}")
    room.article("west", f"{FERRY}\n\n{count}")
    room.article("wire", f"{HARBOUR}\n\n{FERRY}")
    for paper in ("east", "west"):
        room.figure(f"f-{paper}", paper, "39,540", 39_540.0, period=("2030-01-01", "2030-12-31"))
    assert crosscheck(room.db)["wire_copy"] == 2
    ((origins,),) = set(room.db.execute("SELECT origins FROM figure_standing"))
    room.db.conn.commit()
    room.db.execute("VACUUM INTO ?", [str(tmp_path / "copies.db")])
    with served(tmp_path / "copies.db") as address:
        site = Site(address, tmp_path / "copies.db")
        soup = site.soup(site.page("link", "label = 'same_figure'"))
    assert origins == 1
    assert "2 printings of 1 independent origin," in words(soup.select_one("#printings + p"))
    printings = [[words(cell) for cell in row.select("th, td")] for row in soup.select(".printings tbody tr")]
    assert {row[5] for row in printings} == {"1 one text with east", "1 one text with west"}
