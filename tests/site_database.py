"""A small invented newsroom in a database, and a real Datasette serving it, for the tests of the site."""

from __future__ import annotations

import dataclasses
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from bs4 import BeautifulSoup
from hostile_article import HOSTILE, HOSTILE_LATER, HOSTILE_OUTLET, SCRIPT, hostile_findings

from db import open_db
from db.ids import public_id
from db.reading import save_reading
from db.save import save_article, save_findings
from db.site.settings import datasette_arguments
from extract.findings import Claim, Cue, DateMention, Figure, Findings, Interval, Span, Speaker
from scraper.article import Article, Segment

ROOT = Path(__file__).parent.parent
METADATA = ROOT / "metadata.yml"

LEDGER = (
    "The province of Meridia received 41,200 asylum claims in 2031, the minister’s office said on Tuesday.\n\n"
    "“We housed nearly 12,000 families last winter,” said Minister Anders Whitlock. “Nobody was turned away.”\n\n"
    "Odile Tremblay-Roy, who runs the Port Alder shelter, said Mr. Whitlock had promised that 30 per cent "
    "of the cost would be repaid by March 2032."
)
HERALD = (
    "Meridia counted 38,900 asylum claims in 2031, according to a letter from the federal registry.\n\n"
    "Mr. Whitlock said the province housed “nearly 12,000 families” in the cold months."
)
HERALD_CORRECTED = HERALD.replace("38,900", "39,800")


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), words)


def claim(
    text: str, id: str, words: str, names: tuple[str, ...], *, kind: str = "indirect", cue: str = "said", **more: object
) -> Claim:
    """A claim whose content runs over `words`; `parts` given as the pieces' words."""
    content = span(text, words)
    pieces = [span(text, piece) for piece in more.pop("pieces", (words,))]  # type: ignore[attr-defined]
    mention = more.pop("mention", None)
    named = span(text, str(mention)) if mention else None
    speaker = Speaker(named, names, more.pop("class_", "person"), more.pop("role", None), "named")  # type: ignore[arg-type]
    verb = span(text, cue)
    reported = Cue(verb.start, verb.end, verb.text, lemma="say")
    fields = {"said_on": None, "negated": False, "modality": "asserted", "nested_in": None, "confidence": 0.9} | more
    parts = tuple((p.start, p.end) for p in pieces)
    return Claim(id, kind, content, parts, (), reported, speaker, **fields)  # type: ignore[arg-type]


def figure(text: str, id: str, words: str, value: float, unit: str, **more: object) -> Figure:
    found = span(text, words)
    return Figure(found.start, found.end, found.text, id=id, value=value, unit=unit, **more)  # type: ignore[arg-type]


def date(text: str, words: str, value: str, from_: str | None = None, to: str | None = None) -> DateMention:
    found = span(text, words)
    return DateMention(found.start, found.end, found.text, "DATE", value, from_, to)


YEAR_2031 = Interval("2031-01-01", "2031-12-31", "in 2031")
ASYLUM = {"counted": "asylum claims", "place": "Meridia", "period": YEAR_2031, "measure": "asylum_claims"}


def ledger_findings() -> Findings:
    quote = "We housed nearly 12,000 families last winter,” said Minister Anders Whitlock. “Nobody was turned away."
    promise = "Mr. Whitlock had promised that 30 per cent of the cost would be repaid by March 2032"
    inner = "30 per cent of the cost would be repaid by March 2032"
    return Findings(
        (
            claim(
                LEDGER,
                "c1",
                quote,
                ("Anders Whitlock",),
                kind="direct",
                pieces=("We housed nearly 12,000 families last winter", "Nobody was turned away."),
                mention="Minister Anders Whitlock",
                role="minister of housing",
                said_on=Interval("2032-01-13", "2032-01-13", "Tuesday"),
            ),
            claim(LEDGER, "c2", promise, ("Odile Tremblay-Roy",), mention="Odile Tremblay-Roy"),
            claim(LEDGER, "c3", inner, ("Anders Whitlock",), cue="promised", modality="projected", nested_in="c2"),
        ),
        (
            figure(LEDGER, "f1", "41,200 asylum claims", 41200, "person", **ASYLUM),
            figure(
                LEDGER,
                "f2",
                "nearly 12,000 families",
                12000,
                "family",
                modifier="just_under",
                claim="c1",
                speaker=("Anders Whitlock",),
            ),
            figure(LEDGER, "f3", "30 per cent", 30, "percent", kind="share", of="the cost", claim="c3"),
        ),
        (
            date(LEDGER, "2031", "2031", "2031-01-01", "2031-12-31"),
            date(LEDGER, "last winter", "2031-WI"),
            date(LEDGER, "March 2032", "2032-03", "2032-03-01", "2032-03-31"),
        ),
    )


def herald_findings(text: str) -> Findings:
    count = "39,800" if "39,800" in text else "38,900"
    number = float(count.replace(",", ""))
    housed = "the province housed “nearly 12,000 families” in the cold months"
    whole = f"Meridia counted {count} asylum claims in 2031"
    return Findings(
        (
            claim(
                text,
                "c1",
                whole,
                (),
                cue="according to",
                class_="document",
                mention="a letter",
            ),
            claim(text, "c2", housed, ("Anders Whitlock",), kind="mixed", mention="Mr. Whitlock", role="mayor"),
        ),
        (figure(text, "f1", f"{count} asylum claims", number, "person", claim="c1", **ASYLUM),),
        (date(text, "2031", "2031", "2031-01-01", "2031-12-31"),),
    )


def build(path: Path) -> None:
    """Three outlets, six versions, six links, one finished run with a failure."""
    db = open_db(path)
    first = Article(LEDGER, "https://ledger.example/a1", title="Meridia housed thousands", outlet="Harbour Ledger")
    ledger = save_article(db, _dated(first, "2032-01-14T09:30:00-05:00", byline="Imani Castellan"))
    save_findings(db, ledger.version_id, ledger_findings(), "m1", "0.1")
    second = Article(HERALD, "https://herald.example/b/2", title="A count disputed", outlet="Northgate Herald")
    herald = save_article(db, _dated(second, "2032-01-15", origin="Prairie Wire"))
    save_findings(db, herald.version_id, herald_findings(HERALD), "m1", "0.1")
    corrected = dataclasses.replace(second, text=HERALD_CORRECTED)
    later = save_article(db, _dated(corrected, "2032-01-15", origin="Prairie Wire"))
    save_findings(db, later.version_id, herald_findings(HERALD_CORRECTED), "m1", "0.1")
    bad = Article(HOSTILE, "javascript:alert(1)", title=f"</title>{SCRIPT}", outlet=HOSTILE_OUTLET, byline=SCRIPT)
    for edition in (bad, dataclasses.replace(bad, text=HOSTILE_LATER)):
        hostile = save_article(db, _dated(edition, "2032-01-16"))
        save_findings(db, hostile.version_id, hostile_findings(edition.text), "m1", "0.1")
    unread = Article("A short notice with nothing in it yet.", id="import-7", outlet="Harbour Ledger")
    waiting = save_article(db, unread, at="2032-01-17T00:00:00+00:00")
    update = Segment(0, len(unread.text), "Notice", "2032-01-17T07:15:00-05:00", "u1")
    read = dataclasses.replace(
        unread,
        paywalled=True,
        truncated=f"12 of the 900 words {SCRIPT}",
        segments=(update,),
        left_out=(("caption", SCRIPT),),
    )
    save_reading(db, waiting.version_id, read, [])
    _links(db, ledger.version_id, herald.version_id, later.version_id, hostile.version_id)
    _run(db)
    db.close()


def _dated(article: Article, published: str, **more: str) -> Article:
    return dataclasses.replace(article, published=published, fetched_at="2032-01-16T08:00:00+00:00", **more)


def _row(db, table: str, version: int, local: str) -> int:
    found = db.execute(f"SELECT id FROM {table} WHERE version_id = ? AND local_id = ?", [version, local]).fetchone()
    return found[0]


def _links(db, ledger: int, herald: int, later: int, hostile: int) -> None:
    housed = ("claim", _row(db, "claim", ledger, "c1"), "claim", _row(db, "claim", later, "c2"))
    counted, before, after = (_row(db, "figure", version, "f1") for version in (ledger, herald, later))
    shared, cost = _row(db, "figure", ledger, "f3"), _row(db, "figure", hostile, "f2")
    conflict = "Same measure, place and period; 41,200 is not 39,800."
    rows = [
        ("same_quote", *housed, 0.9, "Same words."),
        ("conflicting_figure", "figure", counted, "figure", after, 0.8, conflict),
        ("revised", "figure", before, "figure", after, 1.0, f"38,900 became 39,800 between versions. {SCRIPT}"),
        (
            "apparent_conflict",
            "figure",
            shared,
            "figure",
            cost,
            0.5,
            f"Alike in words; the place is not the same. {SCRIPT}",
        ),
        ("derived", "figure", shared, "figure", counted, 0.8, "30 per cent: share, 100 × 12,360 / 41,200 = 30."),
        ("wire_copy", "article", ledger, "article", later, 0.4, "The texts share part of their body."),
    ]
    standings = [(counted, 1, 0, 1), (after, 1, 0, 1)]
    db.conn.executemany(
        "INSERT INTO figure_standing(figure_id, origins, agrees, conflicts) VALUES (?, ?, ?, ?)", standings
    )
    for number, row in enumerate(rows):
        db.execute(
            """INSERT INTO link(label, a_kind, a_id, b_kind, b_id, score, explanation, public_id, found_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, '2032-01-16T10:00:00+00:00')""",
            [*row, public_id("link", number)],
        )


def _run(db) -> None:
    db.execute(
        """INSERT INTO scrape_run(command, started_at, finished_at, discovered, fetched, new, changed, failed)
           VALUES ('run', '2032-01-16T08:00:00+00:00', '2032-01-16T08:02:00+00:00', 5, 5, 3, 1, 1)"""
    )
    db.execute(
        """INSERT INTO fetch(run_id, url, at, outcome, error)
           VALUES (1, 'https://ledger.example/gone', '2032-01-16T08:01:00+00:00', 'failed', 'HTTP status 404')"""
    )
    db.conn.commit()


class Site:
    """A served database: its address, its pages as soup, and the public ids of its rows."""

    def __init__(self, address: str, path: Path) -> None:
        self.address, self.name, self.db = address, path.stem, open_db(path)

    def get(self, path: str) -> requests.Response:
        return requests.get(self.address + path, timeout=30)

    def soup(self, path: str, status: int = 200) -> BeautifulSoup:
        answer = self.get(path)
        assert answer.status_code == status, answer.text[-2000:]
        return BeautifulSoup(answer.text, "lxml")

    def page(self, table: str, where: str) -> str:
        found = self.db.execute(f"SELECT public_id FROM {table} WHERE {where}").fetchone()[0]
        return f"/-/{table}/{found}"


def words(soup) -> str:
    return re.sub(r"\s+", " ", soup.get_text(" ", strip=True))


@contextmanager
def served(path: Path, inspect_path: Path | None = None) -> Iterator[str]:
    """The address of a real Datasette that serves `path` with our settings, on a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = datasette_arguments(path, METADATA, "127.0.0.1", port, inspect_path)
    log = path.with_suffix(".log")
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "datasette", *arguments], stdout=out, stderr=out, cwd=ROOT)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            requests.get(f"{address}/-/versions.json", timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError(f"Datasette did not start: {log.read_text()}")
