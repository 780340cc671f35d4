"""Many articles, one after the other or side by side in processes of their own.

A process has one pipeline whose encoder uses one core: two such processes do more than one pipeline with two cores.
Few articles are under way at a time, so that memory does not grow with their number.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from typing import Any, TypeVar

from spacy import Language

import extract
from extract.findings import Findings
from extract.sections import Sections

AHEAD = 2  # articles a process that are under way or wait for it

Key = TypeVar("Key")
Published = str | date | Sections | None
Asked = tuple[Key, str | Exception, Published]
Answer = tuple[Key, Findings | Exception]


class WorkerDied(Exception):
    """The process that read an article was killed, perhaps for want of memory."""


def find_all(asked: Iterable[Asked[Key]], workers: int = 1) -> Iterator[Answer[Key]]:
    """The findings of each article, or what `find` raised, in the order in which they are asked for.

    An article is its key, which comes back, its text and its day of publication (or those of its sections). An
    exception in the place of the text comes back in its turn. `workers` is the number of processes; with 1 the work is
    done in this one.
    """
    if workers > 1:
        yield from Workers(workers).answers(asked)
        return
    nlp = extract.load()
    for key, text, published in asked:
        yield key, _answer(nlp, text, published)


def _answer(nlp: Language, text: str | Exception, published: Published) -> Findings | Exception:
    if isinstance(text, Exception):
        return text
    try:
        return extract.find(nlp, text, published)
    except Exception as error:  # one odd article never costs the others
        return error


class Workers:
    """The processes. When one dies, every article under way is tried again by itself, to know which one it was."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.pool = self._pool(number)

    def answers(self, asked: Iterable[Asked[Key]]) -> Iterator[Answer[Key]]:
        waiting: deque[tuple[Asked[Key], Future[Findings | Exception]]] = deque()
        try:
            for article in asked:
                waiting.append((article, self._submit(article)))
                if len(waiting) >= AHEAD * self.number:
                    yield self._next(waiting)
            while waiting:
                yield self._next(waiting)
        finally:
            self.pool.shutdown(cancel_futures=True)

    def _pool(self, number: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(number, multiprocessing.get_context("spawn"), initializer=_start)

    def _submit(self, article: Asked[Key]) -> Future[Findings | Exception]:
        _, text, published = article
        if isinstance(text, Exception):
            return _kept(text)
        try:
            return self.pool.submit(_in_worker, text, published)
        except BrokenProcessPool as error:
            broken: Future[Findings | Exception] = Future()
            broken.set_exception(error)  # found when its turn comes
            return broken

    def _next(self, waiting: deque[tuple[Asked[Key], Future[Findings | Exception]]]) -> Answer[Key]:
        article, future = waiting.popleft()
        try:
            return article[0], future.result()
        except BrokenProcessPool:
            answer = self._alone(article)
        for n, (other, future) in enumerate(waiting):
            if not (future.done() and future.exception() is None):
                waiting[n] = other, _kept(self._alone(other))
        self.pool.shutdown()
        self.pool = self._pool(self.number)
        return article[0], answer

    def _alone(self, article: Asked[Key]) -> Findings | Exception:
        _, text, published = article
        if isinstance(text, Exception):
            return text
        with self._pool(1) as pool:
            try:
                return pool.submit(_in_worker, text, published).result()
            except BrokenProcessPool:
                return WorkerDied("the process that read it was killed; there may be too little memory")


def _kept(answer: Findings | Exception) -> Future[Findings | Exception]:
    future: Future[Findings | Exception] = Future()
    future.set_result(answer)
    return future


_loaded: list[Language | Exception] = []  # in a worker: its pipeline, or why there is none


def _start() -> None:
    """Runs first in a worker. Ctrl-C ends it at once and without a word: what is to be said, the parent says."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _loaded.append(extract.load(threads=1))
    except Exception as error:
        _loaded.append(_portable(error))


def _end_with_parent() -> None:
    """Workers hold each other's pipes open: without this they would wait for ever for a parent that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _in_worker(text: str, published: Published) -> Findings | Exception:
    (nlp,) = _loaded
    answer = nlp if isinstance(nlp, Exception) else _answer(nlp, text, published)
    return _portable(answer) if isinstance(answer, Exception) else answer


def _portable(error: Exception) -> Exception:
    """The error as the parent can receive it: some cannot be made again from their arguments."""
    try:
        found: Any = pickle.loads(pickle.dumps(error))
        return error if type(found) is type(error) else RuntimeError(str(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
