"""The run as a whole: the same rows give the same links, in whatever order they came; ids that stay, stay."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest
from crosscheck_database import Newsroom

from db.crosscheck import crosscheck

PLEDGE = "We will reopen the harbour shelter before the first snow and hire forty interpreters"
YEAR = {"period": ("2030-01-01", "2030-12-31")}
NUMBERS = {"ledger": ("39,540", {}), "post": ("39,171", {}), "herald": ("nearly 40,000", {"modifier": "just_under"})}


def add(room: Newsroom, paper: str) -> None:
    """One article of the little file, with its claim and its figure."""
    number, more = NUMBERS[paper.split("-")[0]]
    number = "39,540" if paper == "post-2" else number
    text = f"In the {paper} it says: {PLEDGE}, as Anders Whitlock put it. The year brought {number} claims."
    room.article(paper, text, origin="North Wire", of="post" if paper == "post-2" else "")
    claim = room.claim(f"c-{paper}", paper, PLEDGE, "Anders Whitlock", role="Immigration Minister")
    room.figure(f"f-{paper}", paper, number, float(number.split()[-1].replace(",", "")), claim=claim, **YEAR, **more)


def built(order: tuple[str, ...], *, each: bool = False) -> dict[tuple, dict[str, Any]]:
    """What the cross-check finds when the articles come in this order; `each` runs it after every article."""
    room = Newsroom()
    for paper in order:
        add(room, paper)
        if each:
            crosscheck(room.db)
    stands = {f: room.standing(f) for f in [f"f-{p}" for p in order] if room.links()}
    rows = {
        key: {k: row[k] for k in ("link_id", "a_id", "b_id", "score", "explanation")}
        for key, row in room.links().items()
    }
    return rows | {("standing", f, ""): {"row": stand} for f, stand in stands.items()}


ORDERS = [
    o for o in itertools.permutations(["ledger", "post", "post-2", "herald"]) if o.index("post") < o.index("post-2")
]


@pytest.mark.parametrize("order", ORDERS)
def test_neither_the_order_nor_earlier_runs_matter(order: tuple[str, ...]) -> None:
    expected = built(ORDERS[0])
    assert {label for label, _, _ in expected} >= {
        "same_quote",
        "same_figure",
        "conflicting_figure",
        "revised",
        "wire_copy",
    }
    assert built(order) == expected
    assert built(order, each=True) == expected


def test_running_twice_changes_nothing() -> None:
    room = Newsroom()
    for paper in ("ledger", "post", "herald"):
        add(room, paper)
    first = crosscheck(room.db)
    tables = ("link", "figure_standing")
    rows = [list(room.db.query(f"SELECT * FROM {t}")) for t in tables]
    before = room.db.conn.total_changes
    assert crosscheck(room.db) == first == Counter(r["label"] for r in rows[0])
    assert room.db.conn.total_changes == before, "not one row was written again"
    assert [list(room.db.query(f"SELECT * FROM {t}")) for t in tables] == rows


def test_links_that_stay_keep_their_row_and_others_go() -> None:
    room = Newsroom()
    for paper in ("ledger", "post"):
        add(room, paper)
    crosscheck(room.db)
    room.db.execute("UPDATE link SET found_at = '2031-01-01T00:00:00Z'")
    ids = {r["public_id"]: r["id"] for r in room.db.query("SELECT * FROM link WHERE label = 'same_quote'")}
    room.db.execute("UPDATE figure SET place = 'Osterland' WHERE public_id = 'f-post'")
    add(room, "herald")
    crosscheck(room.db)
    rows = {r["public_id"]: r for r in room.db.query("SELECT * FROM link")}
    assert {key: rows[key]["id"] for key in ids} == ids
    assert {rows[key]["found_at"] for key in ids} == {"2031-01-01T00:00:00Z"}
    assert "conflicting_figure" not in {r["label"] for r in rows.values()}, "another place now"


def test_a_saved_again_claim_keeps_its_link() -> None:
    room = Newsroom()
    for paper in ("ledger", "post"):
        add(room, paper)
    before = room.links("same_quote")
    room.db.execute("UPDATE figure SET claim_id = NULL")
    room.db.execute("DELETE FROM claim WHERE public_id = 'c-post'")
    room.db.execute(
        'INSERT INTO claim(id, public_id, version_id, local_id, kind, start, "end", text, parts, quoted, names, '
        "speaker_class, basis, said_on, negated, modality, confidence) SELECT 99, 'c-post', 2, 'x', kind, start, "
        '"end", text, parts, quoted, names, speaker_class, basis, said_on, 0, modality, 1.0 FROM claim'
    )
    after = room.links("same_quote")
    assert {k: v["link_id"] for k, v in after.items()} == {k: v["link_id"] for k, v in before.items()}
    assert room.db.execute("SELECT count(*) FROM link WHERE 99 IN (a_id, b_id) AND a_kind = 'claim'").fetchone() == (1,)


def test_an_empty_database_has_no_links() -> None:
    assert crosscheck(Newsroom().db) == Counter()


def test_a_failure_leaves_the_links_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Newsroom()
    for paper in ("ledger", "post"):
        add(room, paper)
    crosscheck(room.db)
    rows = list(room.db.query("SELECT * FROM link"))
    add(room, "herald")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("db.crosscheck.write_standings", broken)
    with pytest.raises(RuntimeError):
        crosscheck(room.db)
    assert list(room.db.query("SELECT * FROM link")) == rows


def test_progress_is_told_what_waits() -> None:
    told: list[tuple[str, int]] = []

    def progress(things: Any, desc: str) -> Any:
        done = 0
        for thing in things:
            done += 1
            yield thing
        assert done == len(things)
        told.append((desc.removeprefix("cross-check: "), done))

    room = Newsroom()
    for paper in ("ledger", "post", "post-2"):
        add(room, paper)
    crosscheck(room.db, progress)
    (figures,) = room.db.execute("SELECT count(*) FROM figure").fetchone()
    everything = [("filing", 2), ("texts and claims", 2), ("figures", figures)]
    assert told == everything and figures
    crosscheck(room.db, progress)
    assert told == [*everything, ("filing", 0), ("comparing", 0)], "nothing waits"
    crosscheck(room.db, progress, rebuild=True)
    assert told[5:] == everything
