"""What the cross-check costs as a newsroom grows: `python -m bench.run_crosscheck 10000 100000 1000000` (claims).

For each size a generated newsroom (ten claims and twenty figures an article) is compared anew, then two hundred
articles are added and what is due is compared. Each run is a process of its own, so that its peak memory is its own;
of what takes seconds only, the median of five.

A newsroom grows because it goes on: so many articles a day (`--a-day`), and a larger one has more days. With `--days`
all sizes are of as many days, so that a larger one has more outlets on each story: then every claim has more others
beside it, until the series of those that meet are full.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from math import log
from pathlib import Path

from bench.newsroom import CLAIMS, Newsroom
from bench.results_file import Row, write
from db import open_db
from db.crosscheck import PASSED_OVER, crosscheck

COMMAND = "python -m bench.run_crosscheck"
ROOT = Path(__file__).parents[1]
ADDED = 200  # articles
ONCE = 50_000  # claims: what takes seconds only is measured several times


@dataclass(frozen=True)
class Cost:
    """Seconds of processor and by the clock, peak memory in MB, links in the database, and comparisons passed over."""

    cpu: float
    wall: float
    memory: float
    links: int
    passed_over: int


def cost(path: Path, *, rebuild: bool) -> Cost:
    """Of one run over the database at `path`."""
    db = open_db(path)
    begun, clock = time.process_time(), time.perf_counter()
    found = crosscheck(db, rebuild=rebuild)
    spent = time.process_time() - begun, time.perf_counter() - clock
    passed_over = found.pop(PASSED_OVER, 0)
    return Cost(*spent, peak(), found.total(), passed_over)


def peak() -> float:
    """Of this process, in MB."""
    status = Path("/proc/self/status").read_text(encoding="utf8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def cost_apart(path: Path, *, rebuild: bool) -> Cost:
    """The same, in a process of its own."""
    command = [sys.executable, "-m", "bench.run_crosscheck", "--of", str(path), *(["--rebuild"] if rebuild else [])]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return Cost(**json.loads(done.stdout))


def cost_of_copy(path: Path) -> Cost:
    """Of everything anew, in a copy."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        return cost_apart(Path(shutil.copy(path, folder)), rebuild=True)


def median(costs: list[Cost]) -> Cost:
    """By the time of the processor."""
    return sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2]


def measure(claims: int, folder: Path, days: int) -> tuple[Cost, Cost]:
    """Everything anew, and 200 more articles. A database that is in the folder already is used as it is."""
    articles = claims // CLAIMS
    path = folder / f"newsroom_{claims}_{days}.db"
    if not path.exists():
        Newsroom(articles, days=days).fill(path).close()
    anew = median([*(cost_of_copy(path) for _ in range(ONCE // claims - 1)), cost_apart(path, rebuild=True)])
    print(f"{claims:>9,} claims anew: {anew}", flush=True)
    db = open_db(path)
    Newsroom(articles, days=days).add(db, ADDED, first=articles)
    db.close()
    added = cost_apart(path, rebuild=False)
    print(f"{claims:>9,} claims, {ADDED} articles added: {added}", flush=True)
    return anew, added


def rows(measured: dict[tuple[int, int], tuple[Cost, Cost]], command: str) -> list[Row]:
    """Growth is told as the time against n log n: 1 at the smallest size, and at most that at the others."""
    smallest = min(measured)
    least = measured[smallest][0].cpu / (smallest[0] * log(smallest[0]))
    out = []
    for (claims, days), (anew, added) in sorted(measured.items()):
        scores = {
            "anew, s": anew.cpu,
            "anew, by the clock, s": anew.wall,
            "against n log n": anew.cpu / (claims * log(claims)) / least,
            "anew, MB": round(anew.memory),
            "links": anew.links,
            "comparisons passed over": anew.passed_over,
            f"{ADDED} articles added, s": added.cpu,
            f"{ADDED} articles added, by the clock, s": added.wall,
            f"{ADDED} articles added, share of the time": added.cpu / anew.cpu,
            f"{ADDED} articles added, MB": round(added.memory),
        }
        out.append(Row("On Record", f"{claims:,} claims, {2 * claims:,} figures, {days:,} days", scores, command))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claims", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--a-day", type=int, default=40, metavar="N", help="articles a day (by default 40)")
    parser.add_argument("--days", type=int, metavar="N", help="all sizes of so many days instead")
    parser.add_argument("--folder", type=Path, help="keep the generated databases there, or use those that are there")
    parser.add_argument("--of", type=Path, help="only print the cost of one run over this database")
    parser.add_argument("--rebuild", action="store_true", help="with --of: compare everything anew")
    a = parser.parse_args()
    if a.of:
        print(json.dumps(asdict(cost(a.of, rebuild=a.rebuild))))
        return
    with tempfile.TemporaryDirectory() as folder:
        measured = {}
        command = " ".join([COMMAND, *map(str, a.claims), f"--days {a.days}" if a.days else f"--a-day {a.a_day}"])
        for claims in a.claims:
            days = a.days or max(1, claims // CLAIMS // a.a_day)
            measured[claims, days] = measure(claims, a.folder or Path(folder), days)
        write("crosscheck_scale", rows(measured, command))


if __name__ == "__main__":
    main()
