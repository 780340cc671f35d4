"""How fast the site answers at a million claims: `python -m bench.run_site --articles 100000`.

Four readers at once ask for pages chosen at random. Times are wall-clock milliseconds on this machine.
"""

from __future__ import annotations

import argparse
import math
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import requests
from sqlite_utils import Database

from bench.newsroom import Newsroom, links
from bench.results_file import Row, write
from db import open_db
from db.site.settings import datasette_arguments

COMMAND = "python -m bench.run_site"
ROOT = Path(__file__).parents[1]
READERS, EACH = 4, 40  # requests of a kind


@contextmanager
def served(arguments: list[str], ready: str) -> Iterator[tuple[str, int]]:
    """(address, process id) of a Datasette with these arguments."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "datasette", *[str(port) if a == "PORT" else a for a in arguments]]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                requests.get(address + ready, timeout=60)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(20)


def pages(db: Database, chance: random.Random) -> dict[str, Callable[[], str]]:
    """Kind of page → a function that gives an address of that kind."""

    def one(sql: str) -> list[str]:
        return [row[0] for row in db.execute(sql)]

    articles = one("SELECT public_id FROM article ORDER BY random() LIMIT 400")
    speakers = one("SELECT public_id FROM speaker WHERE id <= 200 ORDER BY random()")
    found = one("SELECT public_id FROM link ORDER BY random() LIMIT 400")
    words = [text.split()[chance.randrange(5)] for text in one("SELECT text FROM claim ORDER BY random() LIMIT 400")]
    measures = one("SELECT key FROM measure ORDER BY id LIMIT 50")
    return {
        "home": lambda: "/",
        "search": lambda: f"/-/search?q={chance.choice(words)}",
        "speaker": lambda: f"/-/speaker/{chance.choice(speakers)}",
        "article": lambda: f"/-/article/{chance.choice(articles)}",
        "compare": lambda: f"/-/link/{chance.choice(found)}",
        "measure": lambda: f"/-/measure/{chance.choice(measures)}",
        "outlet": lambda: f"/-/outlet?name=Outlet+{chance.randrange(1, 40)}",
        "table with facets": lambda: f"/onrecord/facts?measure={chance.choice(measures)}",
    }


def times(address: str, choose: Callable[[], str], count: int = EACH) -> list[float]:
    """Milliseconds of `count` requests by four readers at once, after one that is not counted; an answer that is not
    the page (most often: the query took too long) counts as one that takes for ever."""

    def ask(path: str) -> float:
        begun = time.perf_counter()
        answer = requests.get(address + path, timeout=120)
        return 1000 * (time.perf_counter() - begun) if answer.status_code == 200 else math.inf

    ask(choose())
    with ThreadPoolExecutor(READERS) as readers:
        return list(readers.map(ask, [choose() for _ in range(count)]))


def memory(pid: int) -> float:
    """Peak of a process in MB, its shared pages of the database included."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--db", type=Path, help="keep the generated database there, or use the one that is there")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = a.db or Path(folder) / "onrecord.db"
        if not path.exists():
            begun = time.time()
            db = Newsroom(a.articles).fill(path)
            db.conn.executemany(
                """INSERT INTO link(public_id, label, a_kind, a_id, b_kind, b_id, score, explanation, found_at)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                links(db),
            )
            db.conn.commit()
            db.execute("ANALYZE")
            db.conn.commit()
            db.close()
            print(f"generated in {time.time() - begun:.0f} s, {path.stat().st_size >> 20} MB")
        db = open_db(path)
        chance = random.Random(3)
        rows, corpus = [], f"{db['claim'].count:,} claims, {db['figure'].count:,} figures"
        ours = datasette_arguments(path, ROOT / "metadata.yml")
        ours[ours.index("--port") + 1] = "PORT"
        with served(ours, "/-/versions.json") as (address, pid):
            for kind, choose in pages(db, chance).items():
                spent = sorted(times(address, choose))
                median, p95 = statistics.median(spent), spent[int(0.95 * len(spent)) - 1]
                failed = sum(map(math.isinf, spent)) / len(spent)
                rows.append(Row("On Record", f"{kind}, {corpus}", {"failed": failed}, COMMAND))
                print(f"{kind:20} median {median:7.1f} ms   p95 {p95:7.1f} ms", flush=True)
            print(f"memory {memory(pid):.0f} MB")
            rows.append(Row("On Record", f"memory, {corpus}", {"MB": memory(pid)}, COMMAND))
        write("site", rows)


if __name__ == "__main__":
    main()
