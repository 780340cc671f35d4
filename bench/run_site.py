"""How fast the site answers at a million claims: `python -m bench.run_site --articles 100000`, under ten minutes on two
free cores, half of them to generate the database (`--db FILE` keeps it).

Four readers at once ask for pages chosen at random: of our site, of our site while articles are being saved, and of
plain Datasette with its default settings, without our plugin, for the page of its own that answers the same question.
Times are wall-clock milliseconds on this machine. Says what misses its bar, and exits with 1 then.
"""

from __future__ import annotations

import argparse
import io
import math
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from bench.newsroom import Newsroom, links
from bench.results_file import Row, write
from bench.site_readers import ROOT, WITHOUT_PLUGINS, Server, Times, download, served, times
from db import open_db
from db.export import export
from db.site.settings import datasette_arguments

OURS, PLAIN = "On Record", "Datasette, default settings"
MEDIAN, P95, WHILE_WRITING = 50, 150, 3  # ms, ms, times the quiet p95
FIRST_BYTE, ROWS, MEMORY = 200, 100_000, 500  # ms, rows a second, MB
WITHOUT_BAR = ("measure", "outlet")  # kinds of page that are measured only
Choose = Callable[[], str]


@dataclass
class Report:
    """The rows of the results file, and what missed its bar."""

    command: str
    rows: list[Row] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, system: str, kind: str, scores: dict[str, float]) -> None:
        """Whole numbers; a time that is infinite is none and stays out."""
        known: dict[str, float] = {name: round(score) for name, score in scores.items() if math.isfinite(score)}
        self.rows.append(Row(system, kind, known, self.command))
        print(f"{system:28} {kind:18} " + "  ".join(f"{name} {score:,}" for name, score in known.items()), flush=True)

    def bar(self, what: str, value: float, most: float = math.inf, least: float = -math.inf) -> None:
        if not least <= value <= most:
            wanted = f"at most {most:,.0f}" if value > most else f"at least {least:,.0f}"
            self.missed.append(f"{what}: {value:,.0f}, not {wanted}")


def chosen(db: Database, name: str) -> dict[str, tuple[Choose, Choose]]:
    """Kind of page → functions that give an address of that kind: ours, and plain Datasette's own."""
    chance = random.Random(3)

    def pairs(table: str, where: str = "1") -> list[tuple[str, int]]:
        key = "key" if table == "measure" else "public_id"
        return list(db.execute(f"SELECT {key}, id FROM {table} WHERE {where} ORDER BY random() LIMIT 400"))

    def kind(ours: str, plain: str, asked: list[tuple[str, int]]) -> tuple[Choose, Choose]:
        one = lambda: chance.choice(asked)  # noqa: E731
        return (lambda: ours.format(one()[0]), lambda: f"/{name}" + plain.format(*one()))

    words = [(row[0].split()[chance.randrange(5)], 0) for row in db.execute(
        "SELECT text FROM claim ORDER BY random() LIMIT 400")]  # fmt: skip
    outlets = [(quote(row[0]), 0) for row in db.execute("SELECT DISTINCT outlet FROM article LIMIT 40")]
    facets = "&_facet=".join(("", "outlet", "measure", "unit", "modality"))
    measures = pairs("measure", "id <= 50")
    return {
        "home": (lambda: "/", lambda: "/"),
        "search": kind("/-/search?q={0}", "/claim?_fts_table=claim_fts&_fts_pk=id&_search={0}", words),
        "speaker": kind("/-/speaker/{0}", "/speaker/{1}", pairs("speaker", "id <= 200")),
        "article": kind("/-/article/{0}", "/article_version/{1}", pairs("article")),
        "compare": kind("/-/link/{0}", "/link/{1}", pairs("link")),
        "measure": kind("/-/measure/{0}", "/measure/{1}", measures),
        "outlet": kind("/-/outlet?name={0}", "/article?outlet={0}", outlets),
        "table with facets": kind(f"/{name}/facts?measure={{0}}", "/facts?measure={0}" + facets, measures),
    }


def pages(server: Server, kinds: dict[str, Choose]) -> Iterator[tuple[str, Times]]:
    for kind, choose in kinds.items():
        yield kind, times(server, choose)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """While a scrape saves articles into the database."""
    command = [sys.executable, "-m", "bench.site_writer", str(path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline()  # the first article is there
    try:
        yield
    finally:
        if process.poll() is not None:
            raise RuntimeError("the writer ended by itself")
        process.terminate()
        process.communicate()


def ours(report: Report, path: Path, kinds: dict[str, Choose]) -> dict[str, Times]:
    """The site, then the site while articles are saved, its CSV and its memory."""
    arguments = datasette_arguments(path, ROOT / "metadata.yml")
    del arguments[arguments.index("--port") :][:2]
    with served(arguments) as server:
        quiet = dict(pages(server, kinds))
        with writing(path):
            busy = dict(pages(server, kinds))
        for kind, seen in quiet.items():
            scores = {"median, ms": seen.median, "p95, ms": seen.p95, "p95 while writing, ms": busy[kind].p95}
            report.add(OURS, kind, scores | {"failed": 100 * (seen.failed + busy[kind].failed)})
            if kind in WITHOUT_BAR:
                continue
            report.bar(f"{kind}, median, ms", seen.median, MEDIAN)
            report.bar(f"{kind}, p95, ms", seen.p95, P95)
            report.bar(f"{kind}, p95 while writing, ms", busy[kind].p95, WHILE_WRITING * seen.p95)
        csv(report, OURS, *download(server, f"/{path.stem}/figures.csv?_stream=on"))
        report.add(OURS, "memory of the server", {"MB": server.memory()})
        report.bar("memory, MB", server.memory(), MEMORY)
    return quiet


def plain(report: Report, path: Path, kinds: dict[str, Choose], quiet: dict[str, Times]) -> None:
    """The same questions to Datasette as it comes; no page of it is a bar of ours."""
    with served(["serve", str(path)], WITHOUT_PLUGINS) as server:
        for kind, seen in pages(server, kinds):
            scores = {"median, ms": seen.median, "p95, ms": seen.p95, "failed": 100 * seen.failed}
            report.add(PLAIN, kind, scores | {"median to ours, %": 100 * seen.median / quiet[kind].median})
        csv(report, PLAIN, *download(server, f"/{path.stem}/figures.csv?_stream=on"))
        report.add(PLAIN, "memory of the server", {"MB": server.memory()})


def csv(report: Report, system: str, first: float, rows: float) -> None:
    report.add(system, "CSV of all figures", {"first byte, ms": first, "rows a second": rows})
    if system != PLAIN:
        report.bar(f"{system}: CSV, first byte, ms", first, FIRST_BYTE)
        report.bar(f"{system}: CSV, rows a second", rows, least=ROWS)


class Sink(io.RawIOBase):
    """Takes an export, and knows when its first bytes came."""

    def __init__(self) -> None:
        self.first = math.inf

    def write(self, data: object) -> int:
        self.first = min(self.first, time.perf_counter())
        return 0


def generated(path: Path, articles: int) -> Database:
    if not path.exists():
        begun = time.time()
        db = Newsroom(articles).fill(path)
        db.conn.executemany(
            """INSERT INTO link(public_id, label, a_kind, a_id, b_kind, b_id, score, explanation, found_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            links(db),
        )
        db.conn.commit()
        db.execute("ANALYZE")
        db.conn.commit()
        db.close()
        print(f"generated in {time.time() - begun:.0f} s, {path.stat().st_size >> 20} MB", flush=True)
    return open_db(path)


def exported(report: Report, db: Database) -> None:
    """`onrecord export figures`, without the disk."""
    sink, begun = Sink(), time.perf_counter()
    rows = export(db, "figures", sink).rows  # type: ignore[arg-type]
    csv(report, "On Record, export", 1000 * (sink.first - begun), rows / (time.perf_counter() - begun))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--db", type=Path, help="keep the generated database there, or use the one that is there")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = a.db or Path(folder) / "onrecord.db"
        db = generated(path, a.articles)
        print(f"{db['claim'].count:,} claims, {db['figure'].count:,} figures, {db['article'].count:,} articles")
        report = Report(f"python -m bench.run_site --articles {a.articles}")
        kinds = chosen(db, path.stem)
        quiet = ours(report, path, {kind: pair[0] for kind, pair in kinds.items()})
        exported(report, db)
        plain(report, path, {kind: pair[1] for kind, pair in kinds.items()}, quiet)
    write("site", report.rows)
    print("\n".join(["misses its bar:", *report.missed]) if report.missed else "everything is within its bar")
    return int(bool(report.missed))


if __name__ == "__main__":
    sys.exit(main())
