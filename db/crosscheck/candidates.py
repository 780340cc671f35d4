"""Which claims are worth comparing. Never all with all: pairs share runs of words, or a speaker, a day and a rare word.

A block that grows past its limit says nothing about its members and is passed over; how many were is logged, so that
what is lost is known.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from logging import getLogger
from math import log

from .drift import Amount, amounts_in
from .names import surnames
from .records import Claim
from .words import content_stems, runs, stems

log_ = getLogger(__name__)

RUN = 3
MIN_SHARED = 2  # runs in common: one may be "the shelter has"
MAX_BLOCK = 250  # claims
WINDOW = 46  # days: claims further apart never meet
OCCASION = 4  # days
NUMBER_STEP = 0.02  # relative width of a class of numbers that count as near

Pairs = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Profile:
    """A claim as the comparison sees it."""

    claim: Claim
    stems: frozenset[str]
    tokens: tuple[str, ...]
    runs: frozenset[tuple[str, ...]]
    surnames: frozenset[str]
    amounts: tuple[Amount, ...]


def profile(claim: Claim) -> Profile:
    lang = claim.version.lang
    tokens = tuple(stems(claim.text, lang))
    return Profile(
        claim,
        content_stems(claim.text, lang),
        tokens,
        runs(tokens, RUN),
        surnames(claim.names),
        amounts_in(claim.text, lang),
    )


def sharing_words(profiles: list[Profile]) -> Pairs:
    """Pairs of different articles with two runs of three words in common, or wholly the same words."""
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for i, p in enumerate(profiles):
        for run in p.runs if len(p.runs) >= MIN_SHARED else ():
            blocks[run].append(i)
        if p.stems:
            blocks["same", p.tokens].append(i)
    shared: Counter[tuple[int, int]] = Counter()
    equal: Pairs = set()
    for key, block in _split(blocks, profiles):
        pairs = _across_articles(block, profiles)
        if isinstance(key, tuple) and key[0] == "same" and len(key) == 2:
            equal.update(pairs)
        else:
            shared.update(pairs)
    return equal | {pair for pair, count in shared.items() if count >= MIN_SHARED}


def sharing_occasion(profiles: list[Profile], rare: Iterable[str]) -> Pairs:
    """Pairs of different articles with a speaker, a few days, and a rare stem or a near number in common."""
    telling = frozenset(rare)
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for i, p in enumerate(profiles):
        window = p.claim.day.toordinal() // OCCASION
        marks = [*(p.stems & telling), *{c for n in p.amounts for c in _classes(n.value)}]
        for name in p.surnames:
            for mark in marks:
                blocks[name, window, mark].append(i)
                blocks[name, window + 1, mark].append(i)
    found: Pairs = set()
    for _, block in _within_limit(blocks.items(), "speaker, day and word"):
        found.update(_across_articles(block, profiles))
    return found


def _split(blocks: dict[Hashable, list[int]], profiles: list[Profile]) -> Iterator[tuple[Hashable, list[int]]]:
    """The blocks; those over the limit cut into overlapping windows of time, since distant claims never meet."""

    def parts() -> Iterator[tuple[Hashable, list[int]]]:
        for key, block in blocks.items():
            if len(block) <= MAX_BLOCK:
                yield key, block
                continue
            windows: dict[int, list[int]] = defaultdict(list)
            for i in block:
                window = profiles[i].claim.version.day.toordinal() // WINDOW
                windows[window].append(i)
                windows[window + 1].append(i)
            yield from ((key, part) for part in windows.values())

    return _within_limit(parts(), "run of words")


def _within_limit(blocks: Iterable[tuple[Hashable, list[int]]], what: str) -> Iterator[tuple[Hashable, list[int]]]:
    passed_over = 0
    for key, block in blocks:
        if len(block) <= MAX_BLOCK:
            yield key, block
        else:
            passed_over += 1
    if passed_over:
        log_.info("%d blocks of over %d claims that share a %s were passed over", passed_over, MAX_BLOCK, what)


def _across_articles(block: list[int], profiles: list[Profile]) -> Iterator[tuple[int, int]]:
    for i, j in combinations(block, 2):
        if profiles[i].claim.version.article != profiles[j].claim.version.article:
            yield i, j


def _classes(number: float) -> tuple[tuple[str, int], ...]:
    """Two overlapping classes of near numbers: any two within the step share one."""
    if number <= 0:
        return (("number", 0),)
    place = int(log(number) / (2 * NUMBER_STEP))
    return ("number", place), ("number", place + 1)
