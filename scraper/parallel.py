"""Several sources at once, each of them one request after another: hosts wait, the run does not."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, Full, Queue
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
WORKERS = 64  # sources side by side: nearly all of the time their threads wait for a host's turn
WAITING = 32  # results that wait for their consumer, each a page


def side_by_side(
    groups: Iterable[Iterable[T]], do: Callable[[T], R], workers: int = WORKERS
) -> Iterator[tuple[T, R | Exception]]:
    """`do` on every thing of every group, the groups in threads side by side, the things of a group in their order.

    Yields each thing with its result, or with the exception it raised, as they come. A consumer that stops early stops
    the threads after the request they are at; few results wait unconsumed, so that pages do not pile up in memory.
    """
    waiting = deque(list(group) for group in groups)
    results: Queue[tuple[T, R | Exception]] = Queue(maxsize=WAITING)
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            try:
                group = waiting.popleft()
            except IndexError:
                return
            for thing in group:
                if stop.is_set():
                    return
                _put(results, (thing, _result(do, thing)), stop)

    total = sum(map(len, waiting))
    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(workers, len(waiting)))]
    for thread in threads:
        thread.start()
    try:
        for _ in range(total):
            yield _get(results)
    finally:
        stop.set()


def _result(do: Callable[[T], R], thing: T) -> R | Exception:
    try:
        return do(thing)
    except Exception as error:
        return error


def _put(results: Queue[T], result: T, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            results.put(result, timeout=0.5)
            return
        except Full:
            continue


def _get(results: Queue[T]) -> T:
    """The next result. Waits in steps, because a wait without end cannot be interrupted on every platform."""
    while True:
        try:
            return results.get(timeout=0.5)
        except Empty:
            continue
