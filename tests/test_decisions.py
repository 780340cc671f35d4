"""What people decide about links, speakers and measures holds, whatever is extracted and compared again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from site_database import YEAR_2031, claim, figure

import jobs
from db import open_db
from db.crosscheck import crosscheck
from db.decisions import BadDecision, correct_measure, merge_speakers, reject_link, restore_link, split_speaker
from db.save import save_article, save_findings
from extract.findings import Findings
from onrecord import main
from scraper import Article

SAID = "The shelter housed {} people in 2031, said {}. “Nobody was turned away at all,” he said."
TEXTS = {
    "https://a.example/1": SAID.format("41,200", "Anders Whitlock"),
    "https://b.example/2": SAID.format("38,900", "A. Whitlock"),
}
ASYLUM = {"counted": "people", "place": "Meridia", "measure": "asylum_claims"}


def findings(url: str) -> Findings:
    text = TEXTS[url]
    name, count = ("Anders Whitlock", "41,200") if "/1" in url else ("A. Whitlock", "38,900")
    said = f"The shelter housed {count} people in 2031"
    quote = "Nobody was turned away at all"
    return Findings(
        (
            claim(text, "c1", said, (name,), mention=name, role="mayor"),
            claim(text, "c2", quote, (name,), kind="direct"),
        ),
        (figure(text, "f1", f"{count} people", float(count.replace(",", "")), "person", claim="c1", speaker=(name,),
                period=YEAR_2031, **ASYLUM),),
        (),
    )  # fmt: skip


@pytest.fixture
def db(tmp_path: Path):
    database = open_db(tmp_path / "d.db")
    fill(database)
    crosscheck(database)
    yield database
    database.close()


def fill(db) -> None:
    for n, url in enumerate(TEXTS, 1):
        article = Article(TEXTS[url], url, title=f"T{n}", outlet=f"Outlet {n}", published=f"2032-01-{n + 10}")
        save_findings(db, save_article(db, article).version_id, findings(url), "m", "c")


def link(db, label: str) -> str | None:
    found = db.execute("SELECT public_id FROM link WHERE label = ?", [label]).fetchone()
    return found and found[0]


def speakers(db) -> dict[str, int]:
    rows = db.execute(
        """SELECT s.name, count(*) FROM speaker s JOIN claim_speaker c ON c.speaker_id = s.id
           GROUP BY s.id ORDER BY s.name"""
    )
    return dict(rows.fetchall())


def test_a_rejected_link_stays_away_and_is_not_counted(db):
    wrong = link(db, "conflicting_figure")
    assert wrong and db.execute("SELECT max(conflicts) FROM figure_standing").fetchone() == (1,)
    reject_link(db, wrong[:8], "another shelter")
    for _ in range(2):
        fill(db)
        crosscheck(db)
        assert link(db, "conflicting_figure") is None
        assert db.execute("SELECT max(conflicts) FROM figure_standing").fetchone() == (0,)
    restore_link(db, wrong)
    crosscheck(db)
    assert link(db, "conflicting_figure") == wrong


def test_merged_speakers_stay_merged(db):
    assert speakers(db) == {"A. Whitlock": 2, "Anders Whitlock": 2}
    assert merge_speakers(db, ["A. Whitlock"], "Anders Whitlock", None) == 3
    for _ in range(2):
        assert speakers(db) == {"Anders Whitlock": 4}
        names = {row[0] for table in ("claim", "figure") for row in db.execute(f"SELECT names FROM {table}")}
        assert names == {json.dumps(["Anders Whitlock"])}
        aliases = db.execute("SELECT alias FROM speaker_alias ORDER BY alias").fetchall()
        assert [alias for (alias,) in aliases] == ["A. Whitlock", "Anders Whitlock"]
        fill(db)
    assert [row[0] for row in db.execute("SELECT rowid FROM claim_fts WHERE claim_fts MATCH 'names : anders'")]


def test_a_name_that_is_two_people_is_told_apart(db):
    (article,) = db.execute("SELECT public_id FROM article WHERE url LIKE '%/1'").fetchone()
    assert split_speaker(db, "Anders Whitlock", "Anders Whitlock junior", [article], "his son") == 3
    fill(db)
    assert speakers(db) == {"A. Whitlock": 2, "Anders Whitlock junior": 2}


def test_what_is_not_there_is_named_with_what_is_like_it(db):
    with pytest.raises(BadDecision, match="there is Anders Whitlock"):
        merge_speakers(db, ["Anders Witlock"], "Anders Whitlock", None)
    with pytest.raises(BadDecision, match="no link has an id that begins with 'zz'"):
        reject_link(db, "zz", None)
    with pytest.raises(BadDecision, match="more than one link"):
        reject_link(db, "", None)
    with pytest.raises(BadDecision, match="no article has the id"):
        split_speaker(db, "Anders Whitlock", "X", ["none"], None)
    with pytest.raises(BadDecision, match="was rejected"):
        restore_link(db, "zz")


def test_the_commands(db, tmp_path):
    run, where = CliRunner().invoke, ["--db", str(tmp_path / "d.db")]
    wrong = link(db, "conflicting_figure")
    assert run(main, ["links", "reject", wrong, "--because", "other", *where]).exit_code == 0
    listed = run(main, ["links", "list", *where])
    assert wrong in listed.output and "(other)" in listed.output
    merged = run(main, ["speakers", "merge", "A. Whitlock", "--into", "Anders Whitlock", *where])
    assert merged.exit_code == 0 and "3 claims and figures" in merged.output
    assert "A. Whitlock → Anders Whitlock" in run(main, ["speakers", "list", *where]).output
    nobody = run(main, ["speakers", "merge", "Nobody", "--into", "Anders Whitlock", *where])
    assert nobody.exit_code == 2 and "nobody of the name 'Nobody'" in nobody.output
    assert run(main, ["links", "restore", wrong, *where]).exit_code == 0
    assert jobs.crosscheck(open_db(tmp_path / "d.db")).counts["conflicting_figure"] == 1


def measure(db, key: str = "asylum_claims") -> dict:
    return next(db["measure"].rows_where("key = ?", [key]))


def test_a_corrected_measure_stays_what_the_person_said(db) -> None:
    before = measure(db)
    url = "https://stats.example/asylum"
    correct_measure(db, "asylum_claims", {"official_url": url, "definition": "Claims made at any border."}, "checked")
    fill(db)
    after = measure(db)
    assert after == before | {"official_url": url, "definition": "Claims made at any border."}
    crosscheck(db)
    incremental = sorted(row[0] for row in db.execute("SELECT public_id FROM link"))
    crosscheck(db, rebuild=True)
    assert sorted(row[0] for row in db.execute("SELECT public_id FROM link")) == incremental


def test_measures_by_the_command_line(db, tmp_path: Path) -> None:
    before = measure(db)
    command, path = CliRunner(), ["--db", str(tmp_path / "d.db")]
    unit = [*("measures", "correct", "asylum_claims", "--unit", "claim", "--because", "no heads are counted"), *path]
    assert command.invoke(main, unit).exit_code == 0
    assert measure(db)["unit"] == "claim"
    listed = command.invoke(main, ["measures", "list", *path]).output
    assert "measure corrected: asylum_claims, unit → claim (no heads are counted)" in listed
    assert command.invoke(main, ["measures", "reset", "asylum_claims", *path]).exit_code == 0
    vocabulary = jobs.measures()["asylum_claims"]
    assert measure(db) == before | {name: vocabulary[name] for name in ("label", "definition", "unit")}
    assert command.invoke(main, ["measures", "list", *path]).output == ""


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["correct", "asylum_claim", "--unit", "x"], "there is asylum_claims"),
        (["correct", "asylum_claims"], "Say what to correct"),
        (["correct", "asylum_claims", "--official-url", "javascript:alert(1)"], "is no web address"),
        (["reset", "asylum_claims"], "nothing of the measure 'asylum_claims' was corrected"),
        (["reset", "weather"], "no figure measures 'weather'"),
    ],
)
def test_what_cannot_be_corrected_is_named(db, tmp_path: Path, arguments, why) -> None:
    done = CliRunner().invoke(main, ["measures", *arguments, "--db", str(tmp_path / "d.db")])
    assert done.exit_code == 2 and why in done.output
    assert db["decision"].count == 0
