"""WARC archives: written by warcio as crawlers write them, broken as they are met, and read back as they were."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

import jobs
from db import open_db, runs
from onrecord import main
from scraper import Keywords, Source

STORY = (
    "The ferry to Port Alder will not sail before Thursday, its owner said on Monday, as ice closed the channel.",
    "Some {n} people who had come to claim asylum at the harbour were waiting in the hall on Mill Street.",
    "“They have been patient,” said Odile Tremblay-Roy, who was handing out soup. “More patient than I would be.”",
)
URL = "https://www.ledger.example/ferry"


def story(n: object = 40, title: str = "The boat stays in") -> bytes:
    body = "".join(f"<p>{line.format(n=n)}</p>" for line in STORY)
    article = f"<article><h1>{title}</h1>{body}</article>"
    return f"<html><head><title>{title}</title></head><body>{article}</body></html>".encode()


def text(n: object = 40) -> str:
    return "\n\n".join(STORY).format(n=n)


class Archive:
    """A WARC file in the making."""

    def __init__(self, path: Path, *, zipped: bool = True, version: str = "WARC/1.0") -> None:
        self.path, self.offsets = path, [0]
        self.out = path.open("wb")
        self.writer = WARCWriter(self.out, gzip=zipped, warc_version=version)
        self.writer.write_record(self.writer.create_warcinfo_record(path.name, {"software": "crawler"}))

    def add(
        self, body: bytes = b"", url: str = URL, date: str = "2024-09-24T08:00:00Z", *, status: str = "200 OK",
        kind: str = "response", **headers: str,
    ) -> Archive:  # fmt: skip
        self.out.flush()
        self.offsets.append(self.out.tell())
        named = {"Content-Type": "text/html; charset=utf-8"} | {n.replace("_", "-"): v for n, v in headers.items()}
        http = StatusAndHeaders(status, list(named.items()), protocol="HTTP/1.1") if kind != "resource" else None
        more = {"WARC-Date": date} | {name: value for name, value in named.items() if name.startswith("WARC-")}
        if kind == "resource":
            more["Content-Type"] = "text/html"
        record = self.writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=more
        )
        self.writer.write_record(record)
        return self

    def again(self, url: str = URL, date: str = "2024-09-25T08:00:00Z", first: str = "2024-09-24T08:00:00Z") -> Archive:
        """A revisit of the page that was taken at `first`."""
        more = {"WARC-Date": date}
        self.writer.write_record(self.writer.create_revisit_record(url, "sha1:X", url, first, warc_headers_dict=more))
        return self

    def close(self) -> Path:
        self.out.close()
        return self.path


def load(db, *paths: Path, **more: object) -> dict[str, int]:
    summary = jobs.import_files(db, paths, **more)
    assert summary.counts["failed"] == len(summary.failures)
    return {name: count for name, count in summary.counts.items() if count}


def versions(db) -> list[tuple]:
    return db.execute(
        """SELECT a.url, v.number, v.text, v.fetched_at, a.current_version = v.id FROM article_version v
           JOIN article a ON a.id = v.article_id ORDER BY a.url, v.number"""
    ).fetchall()


FIRST, SECOND = "2024-09-24T08:00:00+00:00", "2024-09-25T08:00:00+00:00"


@pytest.mark.parametrize(("name", "zipped"), [("a.warc.gz", True), ("a.warc", False)])
@pytest.mark.parametrize("version", ["WARC/1.0", "WARC/1.1"])
def test_a_page_is_read_like_one_that_is_fetched(db, tmp_path, name, zipped, version):
    path = Archive(tmp_path / name, zipped=zipped, version=version).add(story()).close()
    assert load(db, path) == {"records": 1, "new": 1}
    assert versions(db) == [(URL, 1, text(), FIRST, 1)]
    assert db.execute("SELECT outlet FROM article").fetchone() == ("ledger.example",)
    assert load(db, path) == {"records": 1, "unchanged": 1}, "again, it changes nothing"
    assert len(versions(db)) == 1


def chunked(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:100], body[100:])) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(story()), {"Content_Encoding": "gzip"}),
        (zlib.compress(story()), {"Content_Encoding": "deflate"}),
        (zlib.compress(story(), wbits=-15), {"Content_Encoding": "deflate"}),
        (brotli.compress(story()), {"Content_Encoding": "br"}),
        (brotli.compress(gzip.compress(story())), {"Content_Encoding": "gzip, br"}),
        (story(), {"Content_Encoding": "gzip", "Content_Length": "200"}),
        (story(), {"Content_Encoding": "br", "Transfer_Encoding": "chunked"}),
        (chunked(story()), {"Transfer_Encoding": "chunked"}),
        (chunked(gzip.compress(story())), {"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"}),
        (story().decode().encode("cp1252"), {"Content_Type": "text/html; charset=windows-1252"}),
        (story().decode().encode("utf-16"), {"Content_Type": "text/html"}),
    ],
    ids=[
        "gzip",
        "deflate",
        "bare-deflate",
        "br",
        "gzip-br",
        "undone",
        "undone-chunked",
        "chunked",
        "chunked-gzip",
        "windows-1252",
        "utf-16",
    ],
)
def test_whatever_the_page_is_packed_in(db, tmp_path, body, headers):
    path = Archive(tmp_path / "a.warc.gz").add(body, **headers).close()
    assert load(db, path) == {"records": 1, "new": 1}
    assert versions(db)[0][2] == text()


LONG = story().replace(
    b"</article>", b"".join(b"<p>Hall %d was cold by noon.</p>" % n for n in range(4000)) + b"</article>"
)


def broken(data: bytes) -> bytes:
    half = len(data) // 2
    return data[:half] + b"\xff" * 40 + data[half + 40 :]


@pytest.mark.parametrize("kind", ["gzip", "deflate", "br"])
@pytest.mark.parametrize("hurt", [lambda data: data[: len(data) // 2], broken], ids=["cut", "corrupt"])
def test_a_page_whose_packing_breaks_off_is_refused(db, tmp_path, kind, hurt):
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[kind](LONG)
    path = Archive(tmp_path / "a.warc.gz").add(hurt(packed), Content_Encoding=kind).add(story(), URL + "2").close()
    summary = jobs.import_files(db, [path])
    assert summary.counts["new"] == 1 and [url for url, *_ in versions(db)] == [URL + "2"]
    ((what, reason),) = summary.failures
    assert what.startswith(f"{path}:") and ("compression is broken" in reason or "not complete" in reason)


@pytest.mark.parametrize(
    ("body", "headers", "why"),
    [
        (story()[:-100], {"Content_Length": str(len(story()))}, "the body has"),
        (chunked(story())[:-120], {"Transfer_Encoding": "chunked"}, "chunks break off"),
        (b"\x28\xb5\x2f\xfd1234", {"Content_Encoding": "zstd"}, "packed as 'zstd'"),
        (gzip.compress(bytes(20 << 20)), {"Content_Encoding": "gzip"}, "when unpacked"),
        (brotli.compress(bytes(20 << 20)), {"Content_Encoding": "br"}, "when unpacked"),
        (story()[:-100], {"WARC_Truncated": "length"}, "only its beginning"),
        (story()[:-100], {"WARC_Segment_Number": "1"}, "in segments"),
    ],
    ids=["short", "chunks", "zstd", "gzip-bomb", "br-bomb", "truncated", "segments"],
)
def test_half_a_page_is_never_an_article(db, tmp_path, body, headers, why):
    path = Archive(tmp_path / "a.warc.gz").add(body, **headers).close()
    summary = jobs.import_files(db, [path])
    ((what, reason),) = summary.failures
    assert what.startswith(f"{path}:") and why in reason and not versions(db)


@pytest.mark.parametrize("date", ["garbage", "20240924080000", "2024-13-01T00:00:00Z"])
def test_a_capture_without_a_date_is_named(db, tmp_path, date):
    path = Archive(tmp_path / "a.warc.gz").add(story(), date=date).add(story(), URL + "2").close()
    summary = jobs.import_files(db, [path])
    ((_, reason),) = summary.failures
    assert f"WARC-Date cannot be read: '{date}'" in reason and [url for url, *_ in versions(db)] == [URL + "2"]


def test_a_revisit_is_a_recheck_of_what_is_known(db, tmp_path):
    path = Archive(tmp_path / "a.warc.gz").again().again(URL + "2").add(story()).close()
    assert load(db, path) == {"records": 3, "new": 1, "unchanged": 1, "revisit": 1}
    checks = "SELECT url, at, outcome FROM fetch ORDER BY at"
    noted = [(URL, FIRST, "new"), (URL, SECOND, "unchanged")]
    assert db.execute(checks).fetchall() == noted and len(versions(db)) == 1
    load(db, path)
    assert db.execute(checks).fetchall() == noted, "once"
    later = Archive(tmp_path / "b.warc.gz").again(date="2024-09-28T08:00:00Z", first="2024-09-27T08:00:00Z").close()
    assert load(db, later) == {"records": 1, "revisit": 1}, "what it repeats was never seen here"


def test_an_import_leaves_the_rechecks_of_a_source_alone(db, tmp_path):
    source = runs.save_source(db, "ledger", "Ledger", "feed", "https://ledger.example/feed", "en", at=FIRST)
    at, due = "2024-09-26T08:00:00+00:00", "2024-09-26T09:00:00+00:00"
    run = runs.start_run(db, "scrape")
    runs.record_fetch(db, URL, "new", run_id=run, source_id=source, next_try=due, at=at)
    before = runs.last_fetch(db, URL), runs.recent_urls(db, source, FIRST, SECOND.replace("25", "28"), 9)
    assert before[1] == [URL]
    load(db, Archive(tmp_path / "a.warc.gz").add(story(), ETag='"old"').again().close())
    assert (runs.last_fetch(db, URL), runs.recent_urls(db, source, FIRST, SECOND.replace("25", "28"), 9)) == before


def test_captures_become_versions_in_the_order_of_their_dates(db, tmp_path):
    later = Archive(tmp_path / "1.warc.gz").add(story(44), date="2024-09-25T08:00:00Z").close()
    first = Archive(tmp_path / "2.warc.gz").add(story(40), date="2024-09-24T08:00:00Z").close()
    assert load(db, later, first) == {"records": 2, "new": 1, "changed": 1}
    assert versions(db) == [(URL, 1, text(40), FIRST, 0), (URL, 2, text(44), SECOND, 1)]
    before = versions(db)
    assert load(db, first, later) == {"records": 2, "unchanged": 2}
    assert versions(db) == before


def test_a_capture_of_the_past_never_replaces_what_is_known(db, tmp_path):
    later = Archive(tmp_path / "1.warc.gz").add(story(44), date="2024-09-25T08:00:00Z").close()
    first = Archive(tmp_path / "2.warc.gz").add(story(40), date="2024-09-24T08:00:00Z").close()
    load(db, later)
    assert load(db, first)["changed"] == 1
    assert [(n, current) for _, n, _, _, current in versions(db)] == [(1, 1), (2, 0)]
    assert load(db, first, later) == {"records": 2, "unchanged": 2}


def test_what_is_passed_over_is_counted_by_its_reason(db, tmp_path):
    path = (
        Archive(tmp_path / "a.warc.gz")
        .add(story())
        .add(b"<h1>no</h1>", "https://ledger.example/gone", status="404 Not Found")
        .add(b"\x89PNG", "https://ledger.example/a.png", Content_Type="image/png")
        .again("https://ledger.example/ferry2")
        .add(b"<html><body><a href=/x>x</a></body></html>", "https://ledger.example/city")
        .add(story(50), "https://other.example/a", kind="resource")
        .close()
    )
    found = load(db, path, hosts=["ledger.example"])
    assert found == {
        "records": 6, "new": 1, "other_status": 1, "other_type": 1, "revisit": 1, "no_article": 1, "other_host": 1
    }  # fmt: skip
    assert load(db, path)["new"] == 1, "a resource is a page as well"


def test_topic_and_sources_choose_and_name(db, tmp_path):
    path = (
        Archive(tmp_path / "a.warc.gz")
        .add(story())
        .add(story().replace(b"asylum", b"soup"), "https://ledger.example/soup")
        .add(story(), "https://elsewhere.example/a")
        .close()
    )
    topic = Keywords(("asylum",))
    ledger = Source("ledger", "The Harbour Ledger", "feed", ("https://ledger.example/feed",), keywords=topic)
    found = load(db, path, sources=[ledger], listed=True)
    assert found == {"records": 3, "new": 1, "off_topic": 1, "other_host": 1}
    assert load(db, path, sources=[ledger], topic=topic) == {"records": 3, "new": 1, "unchanged": 1, "off_topic": 1}
    assert db.execute("SELECT outlet FROM article ORDER BY id").fetchall() == [
        ("The Harbour Ledger",), ("elsewhere.example",)
    ]  # fmt: skip


def five(path: Path, **more: bool) -> Archive:
    made = Archive(path, **more)
    for n in range(5):
        made.add(story(n + 20), f"https://ledger.example/{n}")
    made.close()
    return made


@pytest.mark.parametrize(("name", "zipped"), [("a.warc.gz", True), ("a.warc", False)])
def test_a_file_that_is_cut_off_gives_what_came_before(db, tmp_path, name, zipped):
    made = five(tmp_path / name, zipped=zipped)
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[: made.offsets[-1] + (200 if zipped else 600)])
    found = load(db, made.path)
    assert found["new"] == 4 and found["failed"] == 1
    made.path.write_bytes(whole)
    assert load(db, made.path) == {"records": 5, "new": 1, "unchanged": 4}


@pytest.mark.parametrize(("name", "zipped"), [("a.warc.gz", True), ("a.warc", False)])
def test_a_broken_record_costs_itself_only(db, tmp_path, name, zipped):
    made = five(tmp_path / name, zipped=zipped)
    data = bytearray(made.path.read_bytes())
    start = made.offsets[3]
    data[start + 12 : start + 60] = b"\xff" * 48 if zipped else b"#" * 48
    if not zipped:
        data[start : start + 12] = b"#" * 12
    made.path.write_bytes(bytes(data))
    summary = jobs.import_files(db, [made.path])
    assert summary.counts["new"] == 4
    assert summary.failures and all(str(made.path) in what for what, _ in summary.failures)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.warc.gz", b"", "is empty"),
        ("a.warc", b"<html>", "is no WARC file"),
        ("a.warc.gz", b"PK\x03\x04zip", "is no WARC file"),
        ("a.warc.gz", gzip.compress(b"hello"), "broken (Unknown archive format"),
        ("a.warc", b"WARC/1.0\r\nnonsense", "broken (a record without WARC-Type)"),
    ],
)
def test_what_is_no_archive_is_named(db, tmp_path, name, data, why):
    (tmp_path / name).write_bytes(data)
    summary = jobs.import_files(db, [tmp_path / name])
    assert summary.counts["new"] == 0
    ((what, reason),) = summary.failures
    assert str(tmp_path / name) in what and why in reason


def test_a_missing_file_and_one_gzipped_as_a_whole(db, tmp_path):
    plain = five(tmp_path / "plain.warc", zipped=False)
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(gzip.compress(plain.path.read_bytes()))
    summary = jobs.import_files(db, [tmp_path / "none.warc", whole])
    (missing, no_file), (_, as_whole) = summary.failures
    assert missing == str(tmp_path / "none.warc") and "No such file" in no_file
    assert "warcio recompress" in as_whole


def test_memory_does_not_grow_with_the_file(db, tmp_path):
    import tracemalloc

    made = Archive(tmp_path / "big.warc", zipped=False)
    picture = bytes(4 << 20)
    for n in range(12):
        made.add(picture, f"https://ledger.example/{n}.png", Content_Type="image/png").add(
            story(n + 20), f"https://ledger.example/{n}"
        )
    made.close()
    load(db, made.path)
    tracemalloc.start()
    load(db, made.path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < made.path.stat().st_size / 4


# Out again


def exported(db, tmp_path: Path, name: str = "out.warc.gz", **more: str) -> Path:
    jobs.export_pages(db, tmp_path / name, "onrecord test", **more)
    return tmp_path / name


@pytest.mark.parametrize("name", ["out.warc.gz", "out.warc"])
def test_there_and_back(db, tmp_path, name):
    archive = Archive(tmp_path / "a.warc.gz").add(story(40), ETag='"1"').add(story(44), date="2024-09-25T08:00:00Z")
    load(
        db,
        archive.add(story(50).decode().encode("cp1252"), "https://ledger.example/b", Content_Type="text/html").close(),
    )
    path = exported(db, tmp_path, name)
    again = open_db(tmp_path / "again.db")
    assert load(again, path) == {"records": 3, "new": 2, "changed": 1}
    assert versions(again) == versions(db)
    pages = "SELECT hash, content_type FROM raw_page ORDER BY hash"
    assert again.execute(pages).fetchall() == db.execute(pages).fetchall()


def test_what_is_written_is_valid_with_digests_that_hold(db, tmp_path):
    load(
        db,
        Archive(tmp_path / "a.warc.gz").add(story(40), ETag='"1"').add(story(44), date="2024-09-25T08:00:00Z").close(),
    )
    checked = []
    with exported(db, tmp_path).open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            record.content_stream().read()
            http = record.http_headers
            checked.append(
                (record.rec_type, record.rec_headers.get_header("WARC-Date"), http and http.get_header("ETag"))
            )
    assert [kind for kind, _, _ in checked] == ["warcinfo", "response", "response"]
    assert checked[1][1:] == ("2024-09-24T08:00:00Z", '"1"')


def test_what_came_again_is_written_as_a_revisit(db, tmp_path):
    load(db, Archive(tmp_path / "a.warc.gz").add(story()).add(story(), date="2024-09-25T08:00:00Z").close())
    summary = jobs.export_pages(db, tmp_path / "out.warc.gz", "t")
    assert (summary.counts["pages"], summary.counts["revisits"]) == (1, 1)
    with (tmp_path / "out.warc.gz").open("rb") as file:
        found = [record.rec_headers for record in ArchiveIterator(file)]
    page, again = found[1:]
    assert page.get_header("WARC-Payload-Digest") == again.get_header("WARC-Payload-Digest")
    assert page.get_header("WARC-Date") == again.get_header("WARC-Refers-To-Date")
    other = open_db(tmp_path / "other.db")
    assert load(other, tmp_path / "out.warc.gz") == {"records": 2, "new": 1, "unchanged": 1}
    checks = "SELECT url, at, outcome FROM fetch ORDER BY at"
    assert other.execute(checks).fetchall() == db.execute(checks).fetchall()


def test_filters_and_versions_without_a_page(db, tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"url": "https://l.example/x", "text": "He said so.", "published": "2024-09-01"}\n'
    )
    load(db, tmp_path / "a.jsonl", Archive(tmp_path / "a.warc.gz").add(story()).close())
    summary = jobs.export_pages(db, tmp_path / "o.warc.gz", "t")
    assert (summary.counts["pages"], summary.counts["without_page"]) == (1, 1)
    assert jobs.export_pages(db, tmp_path / "o.warc.gz", "t", outlet="Nobody").counts["pages"] == 0
    assert jobs.export_pages(db, tmp_path / "o.warc.gz", "t", outlet="Ledger.Example").counts["pages"] == 1


def test_an_export_that_fails_leaves_the_file_before(db, tmp_path, monkeypatch):
    load(db, Archive(tmp_path / "a.warc.gz").add(story()).close())
    path = exported(db, tmp_path)
    before = path.read_bytes()

    def full(*_: object) -> Callable:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scraper.warc._response", full)
    with pytest.raises(OSError, match="No space"):
        exported(db, tmp_path)
    assert path.read_bytes() == before and not list(tmp_path.glob(".out*"))


def test_the_commands(tmp_path):
    archive = Archive(tmp_path / "a.warc.gz").add(story()).close()
    database, out = str(tmp_path / "c.db"), str(tmp_path / "o.warc.gz")
    sources = tmp_path / "sources.yml"
    sources.write_text("topics:\n  asylum:\n    include: [asylum]\nsources:\n  l:\n    feed: https://l.example/f\n")
    run = CliRunner().invoke
    more = ["--db", database, "--sources", str(sources)]
    assert run(main, ["import", str(archive), "--topic", "asylum", *more]).exit_code == 0
    wrong = run(main, ["import", str(archive), "--topic", "none", *more])
    assert wrong.exit_code == 2 and "there are asylum" in wrong.output
    done = run(main, ["export", "pages", "--warc", out, "--db", database])
    assert done.exit_code == 0 and "1 pages; 0 versions came without one" in done.output
    assert run(main, ["export", "pages", "--db", database]).exit_code == 2
    assert run(main, ["export", "claims", "--warc", out, "--db", database]).exit_code == 2
    assert "cannot be filtered by --speaker" in run(main, ["export", "pages", "--warc", out, "--speaker", "x"]).output
    nowhere = run(main, ["export", "pages", "--warc", str(tmp_path / "no" / "o.warc.gz"), "--db", database])
    assert nowhere.exit_code == 2 and "cannot be written" in nowhere.output
