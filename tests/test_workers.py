"""Extraction in several processes gives what one process gives, in the same order, whatever happens to an article."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import extract
import jobs
from db import open_db
from db.save import save_article
from extract import parallel
from extract.pipeline import BadDate
from onrecord import main
from scraper import Article

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = ("Mira Voss", "Tobin Lark", "Edda Quill", "Jonas Reed", "Paola Winter")


def text_of(n: int) -> str:
    who = PEOPLE[n % len(PEOPLE)]
    return f"“We took in {40 + n} people in May,” said {who}, the mayor of Port Ellen. She said that {n + 2} had left."


def test_two_workers_find_what_one_finds_in_the_same_order(nlp):
    asked = [(n, text_of(n), "2024-09-24") for n in range(9)]
    one = [(n, extract.find(nlp, text, day)) for n, text, day in asked]
    assert list(parallel.find_all(asked, 2)) == one


def test_an_article_that_raises_is_told_in_its_turn():
    asked = [
        ("a", text_of(1), None),
        ("b", text_of(2), "soon"),
        ("c", OSError("unread"), None),
        ("d", text_of(3), None),
    ]
    for workers in (1, 2):
        found = list(parallel.find_all(asked, workers))
        assert [key for key, _ in found] == ["a", "b", "c", "d"]
        assert isinstance(found[1][1], BadDate) and "'soon'" in str(found[1][1])
        assert isinstance(found[2][1], OSError)
        assert not any(isinstance(found[n][1], Exception) for n in (0, 3))


def deadly(text: str, published: object) -> object:
    """In a worker's place: one article kills the process that reads it."""
    if text == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    return f"read {text}"


def test_a_worker_that_is_killed_costs_its_article_only(monkeypatch):
    monkeypatch.setattr(parallel, "_in_worker", deadly)
    monkeypatch.setattr(parallel, "_start", int)
    texts = ["a", "b", "kill", "c", "d", "e", "kill", "f"]
    found = dict(parallel.find_all([(n, text, None) for n, text in enumerate(texts)], 2))
    assert [n for n, answer in found.items() if isinstance(answer, parallel.WorkerDied)] == [2, 6]
    assert [found[n] for n in (0, 1, 3, 4, 5, 7)] == [f"read {t}" for t in "abcdef"]


def test_few_articles_are_asked_for_ahead(monkeypatch):
    monkeypatch.setattr(parallel, "_in_worker", deadly)
    monkeypatch.setattr(parallel, "_start", int)
    taken = []
    asked = ((n, str(n), None) for n in range(50) if taken.append(n) is None)
    for done, _ in enumerate(parallel.find_all(asked, 2)):
        assert len(taken) - done <= 2 * parallel.AHEAD


class Unpicklable(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


def test_every_error_can_travel():
    assert str(parallel._portable(Unpicklable("this", "that"))) == "Unpicklable: this and that"
    known = BadDate("no date")
    assert parallel._portable(known) is known


def test_paths_with_workers_print_what_they_print_without(tmp_path):
    for n in range(5):
        (tmp_path / f"{n}.txt").write_text(text_of(n), encoding="utf8")
    paths = [str(tmp_path / name) for name in ("0.txt", "1.txt", "none.txt", "2.txt", "3.txt", "4.txt")]
    one, two = (CliRunner().invoke(main, ["extract", *paths, "--json", "--workers", n]) for n in "12")
    assert one.stdout == two.stdout and len(two.stdout.splitlines()) == 5
    assert one.exit_code == two.exit_code == 1 and "none.txt" in two.stderr
    assert [json.loads(line)["article"]["path"] for line in two.stdout.splitlines()] == [*paths[:2], *paths[3:]]


def test_a_database_with_workers_holds_what_it_holds_without(tmp_path):
    held = []
    for workers in (1, 2):
        db = open_db(tmp_path / f"{workers}.db")
        for n in range(5):
            save_article(db, Article(url=f"https://news.example/{n}", title=f"Story {n}", text=text_of(n)))
        db.execute("UPDATE article_version SET published_on = 'soon' WHERE id = 3")
        db.conn.commit()
        summary = jobs.extract(db, workers=workers)
        assert summary.counts["extracted"] == 4 and [name for name, _ in summary.failures] == ["https://news.example/2"]
        held.append((summary.counts, summary.failures, list(db.query("SELECT * FROM claim ORDER BY id"))))
    assert held[0] == held[1]


@pytest.mark.skipif(sys.platform == "win32", reason="signals to a group of processes")
@pytest.mark.parametrize("how", ["Ctrl-C", "killed"])
def test_no_process_outlives_the_command(tmp_path, how):
    archive = tmp_path / "many.jsonl"
    lines = [json.dumps({"id": str(n), "text": "\n\n".join(map(text_of, range(n, n + 20)))}) for n in range(200)]
    archive.write_text("\n".join(lines), encoding="utf8")
    command = [sys.executable, "-m", "onrecord", "extract", str(archive), "--json", "--workers", "2"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None and process.stdout.readline(), "it has begun"
    if how == "killed":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert b"Traceback" not in errors
    assert process.returncode == (1 if how == "Ctrl-C" else -signal.SIGKILL) and (b"Aborted!" in errors) == (
        how == "Ctrl-C"
    )
    deadline = time.monotonic() + 10
    while _group_lives(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _group_lives(process.pid)


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
