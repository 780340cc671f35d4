"""Readers of a served site and what they see: answers, times, bytes of a CSV as they come, the server's memory."""

from __future__ import annotations

import http.client
import math
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
READERS, EACH = 4, 40  # requests of a kind
PATIENCE = 60.0  # seconds for all requests of a kind; what is not asked by then is left out


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def memory(self) -> float:
        """Peak in MB, its shared pages of the database included."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf8")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024


@dataclass(frozen=True)
class Times:
    """Milliseconds of the requests of a kind, sorted; an answer that is not the page (most often: the query took too
    long) counts as one that takes for ever."""

    spent: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.spent)

    @property
    def p95(self) -> float:
        return self.spent[max(0, math.ceil(0.95 * len(self.spent)) - 1)]

    @property
    def failed(self) -> float:
        return sum(map(math.isinf, self.spent)) / len(self.spent)


OURS = "from datasette.cli import cli; cli()"
WITHOUT_PLUGINS = "import sys; sys._called_from_test = True; " + OURS  # the one switch that Datasette 0.65 has for it


@contextmanager
def served(arguments: list[str], program: str = OURS, ready: str = "/-/versions.json") -> Iterator[Server]:
    """A Datasette with these arguments, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", program, *arguments, "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = Server(port, process.pid)
    try:
        for _ in range(600):
            try:
                ask(server.connect(), ready)
                break
            except OSError:
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def ask(connection: http.client.HTTPConnection, path: str) -> float:
    """Milliseconds until the whole answer is there, infinity when it is not the page."""
    begun = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return 1000 * (time.perf_counter() - begun) if answer.status == 200 else math.inf


def times(server: Server, choose: Callable[[], str], count: int = EACH) -> Times:
    """Of `count` requests by four readers at once, each on a connection of its own, after one that is not counted."""
    ask(server.connect(), choose())
    own = threading.local()
    until = time.monotonic() + PATIENCE

    def one(path: str) -> float | None:
        if time.monotonic() > until:
            return None
        if not hasattr(own, "connection"):
            own.connection = server.connect()
        return ask(own.connection, path)

    with ThreadPoolExecutor(READERS) as readers:
        spent = [one for one in readers.map(one, [choose() for _ in range(count)]) if one is not None]
    return Times(sorted(spent))


def download(server: Server, path: str, patience: float = PATIENCE) -> tuple[float, float]:
    """(milliseconds until the first byte of a CSV's rows, rows a second), over at most `patience` seconds."""
    connection, begun = server.connect(), time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    if answer.status != 200:
        return math.inf, 0.0
    answer.readline()
    first = time.perf_counter() - begun
    lines = 0
    while (data := answer.read1(1 << 16)) and time.perf_counter() - begun < patience:
        lines += data.count(b"\n")
    connection.close()
    return 1000 * first, lines / (time.perf_counter() - begun)
