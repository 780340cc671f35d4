"""The command line: what scripts rely on (exit codes, streams) and what people read (help, clear errors)."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
import requests
from click.testing import CliRunner, Result
from loopback_site import Answer, serve_site, write_sources

import extract as extract_package
from commands.analyse import CORPORA
from commands.share import TABLES
from db import open_db
from db.save import save_article, save_findings
from extract.findings import Claim, Figure, Findings, Span, Speaker
from onrecord import main
from scraper.article import Article

TEXT = "Minister Anders Whitlock said 4,200 families wait for housing in Port Alder."


def run(*arguments: object, **more) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], **more)


def commands(group: click.Group = main, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        path = (*before, name)
        found += commands(command, path) if isinstance(command, click.Group) else [path]
    return found


@pytest.fixture
def full(tmp_path) -> Path:
    """A database with one article, one claim and one figure."""
    path = tmp_path / "full.db"
    db = open_db(path)
    version = save_article(db, Article(TEXT, url="https://h.example/1", outlet="Herald", published="2024-09-24"))
    content = Span.cut(TEXT, TEXT.index("4,200"), len(TEXT) - 1)
    speaker = Speaker(Span.cut(TEXT, 9, 24), ("Anders Whitlock",), "person", "Minister", "named")
    part = (content.start, content.end)
    claim = Claim("c1", "indirect", content, (part,), (), None, speaker, None, False, "asserted", None, 0.9)
    figure = Figure(content.start, content.start + 14, "4,200 families", id="f1", value=4200, unit="family", claim="c1")
    save_findings(db, version.version_id, Findings((claim,), (figure,), ()), "m", "0")
    db.close()
    return path


@pytest.fixture(scope="module")
def nowhere() -> Path:
    """A folder in which nothing can be made, even by root."""
    if not Path("/proc/self").exists():
        pytest.skip("needs /proc, where nobody can make a file")
    return Path("/proc")


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_explains_itself_with_an_example(path):
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert f"onrecord {' '.join(path)}" in result.output.split("Example:")[1]


def test_commands_are_those_of_the_contract():
    alone = {"run", "scrape", "import", "read", "extract", "crosscheck"}
    expected = alone | {"serve", "publish", "runs", "export", "doctor", "backup", "evaluate"}
    assert set(commands()) == {(name,) for name in expected} | {
        ("sources", "check"), ("sources", "add"), ("links", "reject"), ("links", "restore"), ("links", "list"),
        ("speakers", "merge"), ("speakers", "split"), ("speakers", "list"),
        ("measures", "correct"), ("measures", "reset"), ("measures", "list"),
    }  # fmt: skip


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_whatever_touches_the_database_takes_db(path):
    takes = "--db FILE" in run(*path, "--help").output
    assert takes == (path not in [("read",), ("evaluate",), ("sources", "check"), ("sources", "add")])


@pytest.mark.parametrize("table", TABLES)
def test_export_prints_the_table_and_nothing_else(full, table):
    result = run("export", table, "--db", full)
    assert result.exit_code == 0 and result.stderr == ""
    header, *rows = csv.reader(io.StringIO(result.stdout))
    assert len(header) > 10 and all(len(row) == len(header) for row in rows)


def test_export_to_a_file_comes_with_its_manifest(full, tmp_path):
    out = tmp_path / "facts.csv"
    result = run("export", "facts", "--db", full, "--out", out, "--since", "2024-09-24", "--outlet", "herald")
    assert result.exit_code == 0 and result.stdout == "" and "1 rows" in result.stderr
    manifest = json.loads((tmp_path / "facts.csv.manifest.json").read_text())
    assert (manifest["rows"], manifest["bytes"]) == (1, out.stat().st_size)
    assert manifest["filters"] == {"outlet": "herald", "since": "2024-09-24"}
    assert sorted(p.name for p in tmp_path.glob("*facts*")) == ["facts.csv", "facts.csv.manifest.json"]


def test_export_as_json_lines(full):
    (fact,) = map(json.loads, run("export", "facts", "--db", full, "--format", "json").stdout.splitlines())
    assert (fact["value"], fact["speaker"], fact["quote"]) == (4200, None, TEXT[30:-1])


def test_a_reader_that_stops_early_is_no_error(full):
    command = f"{sys.executable} -m onrecord export facts --db {full} | head -c 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True)
    assert done.stderr == "" and done.returncode == 0


def test_doctor_on_a_sound_and_on_a_hurt_database(full):
    sound = run("doctor", "--db", full)
    assert sound.exit_code == 0 and "FAIL" not in sound.stdout
    db = open_db(full)
    db.execute("UPDATE figure SET start = start + 1")
    db.execute("INSERT INTO claim_fts(claim_fts, rowid, text, names) SELECT 'delete', id, text, names FROM claim")
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("UPDATE claim_speaker SET speaker_id = 99")
    db.close()
    hurt = run("doctor", "--db", full)
    failed = [line for line in hurt.stdout.splitlines() if line.startswith("FAIL")]
    assert hurt.exit_code == 1
    assert [line.split()[1] for line in failed] == ["rows", "search", "offsets"]
    assert "claim_speaker" in hurt.stdout and "rebuild" in hurt.stdout and "is not its text" in hurt.stdout


def test_backup_is_a_whole_database_and_never_overwrites(full, tmp_path):
    copy = tmp_path / "copy.db"
    assert run("backup", copy, "--db", full).exit_code == 0
    assert open_db(copy)["claim"].count == 1
    again = run("backup", copy, "--db", full)
    assert again.exit_code == 2 and f"{copy}: exists already" in again.stderr
    lost = run("backup", tmp_path / "none" / "copy.db", "--db", full)
    assert lost.exit_code == 2 and "there is no folder" in lost.stderr


NEED_A_DATABASE = [("export", "facts"), ("extract",), ("crosscheck",), ("doctor",), ("backup", "x.db"), ("serve",)]


@pytest.mark.parametrize("command", NEED_A_DATABASE, ids=" ".join)
def test_an_absent_database_is_named_and_not_made(command, tmp_path):
    path = tmp_path / "none.db"
    result = run(*command, "--db", path)
    assert result.exit_code == 2
    assert f"{path}: no such database" in result.stderr
    assert not path.exists()


def other_sqlite(path: Path) -> None:
    import sqlite3

    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes(id)")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_text("This is a text file, and a long one. " * 90), "not a database"),
        (lambda path: path.write_bytes(os.urandom(5000)), "not a database"),
        (lambda path: path.mkdir(), "this is a folder"),
        (other_sqlite, "not one of On Record"),
    ],
    ids=["text", "binary", "folder", "another program's"],
)
@pytest.mark.parametrize("command", [("export", "facts"), ("import", "a.jsonl"), ("doctor",)], ids=" ".join)
def test_a_file_that_is_not_our_database_is_refused_and_left_alone(command, make, words, tmp_path):
    path = tmp_path / "x.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    result = run(*command, "--db", path)
    assert result.exit_code == 2
    assert f"{path}: " in result.stderr and words in result.stderr and "--db" in result.stderr
    assert before is None or path.read_bytes() == before


def test_a_database_of_a_later_version_is_refused(full):
    db = open_db(full)
    db["_sqlite_migrations"].insert({"migration_set": "onrecord", "name": "m999_future", "applied_at": "2030"})
    db.close()
    result = run("export", "facts", "--db", full)
    assert result.exit_code == 2 and "later version" in result.stderr


def test_a_folder_that_cannot_be_written_is_named(nowhere, full, tmp_path):
    archive = tmp_path / "a.jsonl"
    archive.write_text('{"id": "1", "text": "A"}\n')
    for result in (
        run("import", archive, "--db", nowhere / "x.db"),
        run("export", "facts", "--db", full, "--out", nowhere / "x.csv"),
        run("backup", nowhere / "x.db", "--db", full),
        run("import", archive, "--db", tmp_path / "none" / "x.db"),
    ):
        assert result.exit_code == 2, result.output
        assert "/x." in result.stderr and "Traceback" not in result.output
        assert "job is writing" not in result.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read"),
        ("", "sources"),
        ("sources: [", ":1"),
        ("sources:\n  cbc:\n    fede: https://a.example/\n", "cbc.fede"),
        ("sources:\n  cbc:\n    feed: nonsense\n", "'nonsense' is not an address"),
    ],
    ids=["absent", "empty", "not YAML", "unknown key", "no address"],
)
@pytest.mark.parametrize("command", [("run",), ("scrape",), ("sources", "check")], ids=" ".join)
def test_malformed_sources_stop_the_command_before_anything_is_made(command, text, words, tmp_path):
    path, db = tmp_path / "sources.yml", tmp_path / "x.db"
    if text is not None:
        path.write_text(text)
    result = run(*command, "--sources", path, *(() if command[0] == "sources" else ("--db", db)))
    assert result.exit_code == 2
    assert str(path) in result.stderr and words in result.stderr
    assert not db.exists()


def test_scrape_sums_up_and_names_what_failed(tmp_path):
    with serve_site() as site:
        site.article("/a", "Shelter waits for its asylum grant")
        site.feed({"/a": ("Shelter waits for its asylum grant", ""), "/gone": ("Old asylum story of the town", "")})
        sources = write_sources(tmp_path / "s.yml", herald=f"{site.base}/feed.xml")
        first = run("scrape", "--sources", sources, "--db", tmp_path / "x.db")
        site.feed({"/a": ("Shelter waits for its asylum grant", "")})
        second = run("scrape", "--sources", sources, "--db", tmp_path / "x.db", "--due")
    assert first.exit_code == 1 and first.stdout == ""
    assert "Scraped: 2 discovered, 1 fetched, 1 new, 1 failed" in first.stderr
    assert f"failed: {site.base}/gone: HTTP 404" in first.stderr
    assert second.exit_code == 0 and "1 not due, 0 failed" in second.stderr


def test_sources_check_says_which_answer(tmp_path):
    with serve_site() as site:
        site.feed({"/a": ("Asylum shelter waits for a grant", "")})
        site.pages["/page"] = Answer(b"<!doctype html><html><body>Moved.</body></html>")
        urls = {"good": f"{site.base}/feed.xml", "bad": f"{site.base}/page"}
        result = run("sources", "check", "--sources", write_sources(tmp_path / "s.yml", **urls))
    assert result.exit_code == 1
    told = [line for line in result.stdout.splitlines() if not line.startswith("   ")]
    assert sorted(line.split()[:2] for line in told) == [["FAIL", "bad:"], ["ok", "good:"]]
    assert "find its present address with `onrecord sources add SITE`" in result.stdout
    assert "1 of 2 sources answer" in result.stderr


def test_import_exits_with_one_when_a_line_is_bad(tmp_path):
    archive, db = tmp_path / "a.jsonl", tmp_path / "x.db"
    archive.write_text('{"id": "1", "text": "A"}\n{"id": \n')
    result = run("import", archive, "--db", db)
    assert result.exit_code == 1 and result.stdout == ""
    assert "Imported: 2 discovered, 1 new, 1 failed" in result.stderr
    assert f"failed: {archive}:2: malformed JSON" in result.stderr
    archive.write_text('{"id": "1", "text": "A"}\n')
    assert run("import", archive, "--db", db).exit_code == 0


def test_read_prints_the_article_object(tmp_path):
    with serve_site() as site:
        site.article("/a", "Shelter waits")
        page, empty = tmp_path / "a.html", tmp_path / "empty.html"
        page.write_bytes(site.pages["/a"].body)
        empty.touch()
        result = run("read", page, empty, f"{site.base}/a", f"{site.base}/none", "--json", "--allow-private")
        private = run("read", f"{site.base}/a")
    saved, fetched = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 1
    assert saved["title"] == fetched["title"] == "Shelter waits" and saved["text"] == fetched["text"]
    assert (saved["url"], fetched["url"]) == (None, f"{site.base}/a")
    assert saved["text"].count("\n\n") == 2 and saved["published"].startswith("2024-09-24")
    assert f"failed: {empty}: " in result.stderr and f"failed: {site.base}/none: HTTP 404" in result.stderr
    assert private.exit_code == 1 and "failed: http" in private.stderr


@pytest.fixture
def quick(nlp, monkeypatch):
    monkeypatch.setattr(extract_package, "load", lambda: nlp)


def test_extract_prints_one_object_a_line_and_names_what_failed(quick, tmp_path):
    good, empty, binary = tmp_path / "good.txt", tmp_path / "empty.txt", tmp_path / "binary.txt"
    good.write_text(f"{TEXT}\r\n\r\nIt was 12 per cent more than on Tuesday.\n", newline="")
    empty.touch()
    binary.write_bytes(b"\x7fELF\x00\x00")
    archive = tmp_path / "a.jsonl"
    archive.write_text(json.dumps({"id": "x", "text": TEXT, "published": "2023-01-02"}) + "\n{nonsense\n")
    result = run("extract", good, empty, binary, archive, tmp_path / "none.txt", "--json", "--published", "2024-09-24")
    first, second = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 1
    assert first["article"]["path"] == str(good) and first["article"]["text"] == good.read_bytes().decode()
    assert (first["article"]["published"], second["article"]["published"]) == ("2024-09-24", "2023-01-02")
    assert second["article"]["id"] == "x"
    assert set(first) == {"article", "claims", "figures", "dates"}
    for found in (first, second):
        text = found["article"]["text"]
        spans = [c["content"] for c in found["claims"]] + found["figures"] + found["dates"]
        assert spans and all(text[span["start"] : span["end"]] == span["text"] for span in spans)
    failed = [line for line in result.stderr.splitlines() if line.startswith("failed: ")]
    assert len(failed) == 4
    for path in (empty, binary, f"{archive}:2", tmp_path / "none.txt"):
        assert any(line.startswith(f"failed: {path}: ") for line in failed)


def test_a_rebuilt_crosscheck_says_the_same_and_what_was_passed_over(tmp_path, monkeypatch):
    import db.crosscheck.meetings
    from bench.newsroom import Newsroom

    Newsroom(30).fill(tmp_path / "x.db").close()
    said = run("crosscheck", "--db", tmp_path / "x.db").stderr
    assert "same quote" in said and "passed over" not in said
    assert run("crosscheck", "--rebuild", "--db", tmp_path / "x.db").stderr == said
    monkeypatch.setitem(db.crosscheck.meetings.NEAREST, "claim", 1)
    assert "comparisons passed over" in run("crosscheck", "--rebuild", "--db", tmp_path / "x.db").stderr


def test_extract_and_crosscheck_a_database(quick, tmp_path):
    archive, db = tmp_path / "a.jsonl", tmp_path / "x.db"
    archive.write_text(json.dumps({"id": "x", "text": TEXT, "published": "2024-09-24"}) + "\n")
    run("import", archive, "--db", db)
    result = run("extract", "--db", db)
    assert result.exit_code == 0 and "Extracted: 1 extracted" in result.stderr
    assert run("extract", "--db", db).stderr == "Extracted: 0 failed\n"
    assert run("crosscheck", "--db", db).exit_code == 0
    assert "4,200" in run("export", "figures", "--db", db).stdout
    assert run("doctor", "--db", db).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("extract", "a.txt"), "PATHs go with --json"),
        (("extract", "--json"), "PATHs go with --json"),
        (("extract", "a.txt", "--json", "--published", "soon"), "'soon' is not ISO 8601"),
        (("export", "facts", "--label", "x"), "facts cannot be filtered by label"),
        (("export", "facts", "--since", "soon"), "soon"),
        (("export", "verdicts"), "verdicts"),
        (("evaluate", "dates", "no-such-folder"), "no-such-folder"),
        (("serve", "--port", "99999"), "99999"),
        (("import",), "Missing argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_exits_with_two_and_says_why(arguments, words, full):
    result = run(*arguments, *(("--db", full) if arguments[0] in ("export", "serve") else ()))
    assert result.exit_code == 2
    assert words in result.stderr


def test_serve_publishes_the_database(full):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "onrecord", "serve", "--db", str(full), "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr.readline() == f"Serving {full} at http://127.0.0.1:{port} (stop with Ctrl-C)\n"
        page = _patiently(f"http://127.0.0.1:{port}/full/claims.json?_shape=array")
        assert [row["speaker"] for row in page.json()] == ["Anders Whitlock"]
    finally:
        process.terminate()
        process.communicate()


def _patiently(url: str) -> requests.Response:
    deadline = time.monotonic() + 60
    while True:
        try:
            return requests.get(url, timeout=10)
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_a_taken_port_is_said(full):
    with serve_site() as site:
        result = run("serve", "--db", full, "--port", site.base.rsplit(":", 1)[1])
    assert result.exit_code == 2 and "choose another --port" in result.stderr


def test_progress_is_silent_when_not_on_a_terminal(full, tmp_path):
    archive = tmp_path / "a.jsonl"
    archive.write_text('{"id": "1", "text": "A"}\n' * 5)
    command = [sys.executable, "-m", "onrecord", "import", str(archive), "--db", str(tmp_path / "x.db")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "" and done.stderr == "Imported: 5 discovered, 1 new, 4 unchanged, 0 failed\n"


def test_light_commands_start_without_the_model(full):
    code = (
        "import sys; from click.testing import CliRunner; from onrecord import main\n"
        f"for a in (['--help'], ['export', 'facts', '--db', {str(full)!r}], ['doctor', '--db', {str(full)!r}]):\n"
        "    assert CliRunner().invoke(main, a).exit_code == 0\n"
        "print(sorted({'spacy', 'onnxruntime', 'trafilatura', 'datasette'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("kind", CORPORA)
def test_every_kind_of_evaluation_has_its_judge(kind):
    import importlib

    judge = importlib.import_module(CORPORA[kind])
    assert callable(judge.evaluate) and callable(judge.table)


@pytest.mark.parametrize("kind", CORPORA)
def test_a_folder_that_is_no_corpus_is_named(kind, quick, tmp_path):
    result = run("evaluate", kind, tmp_path)
    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr


def test_evaluate_prints_a_table_or_json(quick, shared):
    table = run("evaluate", "articles", shared / "articles", "--limit", "1")
    scores = json.loads(run("evaluate", "articles", shared / "articles", "--limit", "1", "--json").stdout)
    assert table.exit_code == 0 and "claims" in table.stdout
    assert scores["articles"] == 1
