"""Whoever checks an explanation against the two rows finds what it says: on every link of random newsrooms, of the
generated newsroom of the bench, of the evaluation corpus; and a wrong explanation is told from a right one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from crosscheck_checker import problems
from crosscheck_random import Affair
from sqlite_utils import Database

from bench.newsroom import Newsroom
from db.crosscheck import crosscheck
from db.crosscheck.evaluate import load_corpus
from db.schema import migrations


def affair(seed: int = 2) -> Database:
    found = Affair(seed)
    for _ in range(30):
        found.happen()
    crosscheck(found.db)
    return found.db


@pytest.mark.parametrize("seed", range(4))
def test_random_newsrooms(seed: int) -> None:
    db = affair(seed)
    assert db["link"].count > 50
    assert list(problems(db)) == []


def test_the_generated_newsroom(tmp_path: Path) -> None:
    db = Newsroom(60).fill(tmp_path / "generated.db")
    found = crosscheck(db)
    assert found["same_quote"] > 100 and found["same_figure"] > 100 and found["conflicting_figure"] > 10
    assert found["conflicting_figure"] < found["same_figure"], "slips and revisions are few"
    assert list(problems(db)) == []


def test_the_corpus(shared: Path) -> None:
    db = Database(memory=True)
    migrations.apply(db)
    load_corpus(db, shared / "data/crosscheck")
    found = crosscheck(db)
    assert len(found) == 8, "every label"
    assert list(problems(db)) == []


FORGERIES: list[tuple[str, str, Callable[[str], str]]] = [
    ("same_quote", "The same words: 100%", lambda text: text.replace("100%", "64%", 1)),
    ("same_quote", "Another wording", lambda text: text.replace("words (", "words (lighthouse bishop, ", 1)),
    ("same_figure", "agrees with", lambda text: text.replace("agrees with “", "agrees with “1", 1)),
    ("same_figure", " to ", lambda text: text.replace("[", "[1", 1)),
    (
        "conflicting_figure",
        "does not fit",
        lambda text: text.replace("2031", "2030").replace("for 2030", "for 2029", 1),
    ),
    ("derived", "share", lambda text: text.replace("/ 980", "/ 97", 1)),
    ("derived", "= 14.2857", lambda text: text.replace("= 14.2857", "= 15.2857", 1)),
    ("wire_copy", "five-word runs", lambda text: text.replace("% of the ", "% of the 1", 1)),
    ("role_conflict", " apart", lambda text: text.replace(" day", " year", 1)),
    ("revised", "became", lambda text: text.replace("version 1", "version 7", 1)),
]


@pytest.mark.parametrize(("label", "among", "forged"), FORGERIES)
def test_a_forged_explanation_is_found_out(label: str, among: str, forged: Callable[[str], str]) -> None:
    for seed in range(12):
        db = affair(seed)
        rows = db.execute("SELECT id, explanation FROM link WHERE label = ? ORDER BY id", [label]).fetchall()
        some = [(id_, text) for id_, text in rows if among in text and forged(text) != text]
        if some:
            break
    id_, text = some[0]
    db.execute("UPDATE link SET explanation = ? WHERE id = ?", [forged(text), id_])
    assert len(list(problems(db))) >= 1
