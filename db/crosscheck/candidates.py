"""Which claims are worth comparing: two runs of words in common, or a speaker, a few days and a rare word or number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from .drift import Amount, amounts_in
from .meetings import Meetings
from .names import surnames
from .places import BY_RUN, BY_SPEAKER, BY_WORDS, Filed, Pairs, position
from .records import Claim
from .words import content_stems, stable_hash, stems, weight

RUN = 3
MIN_SHARED = 2  # runs in common: one may be "the shelter has"
TELLING = 2  # words of a run that say what it is about; others ("it is the") stand everywhere and are not filed
RARE = 0.5  # weight of a stem that few statements have
NUMBER_STEP = 0.02  # relative width of a class of numbers that count as near


@dataclass(frozen=True, slots=True)
class Profile:
    """A claim as the comparison sees it."""

    claim: Claim
    stems: frozenset[str]
    tokens: tuple[str, ...]
    runs: frozenset[int]
    surnames: frozenset[str]
    amounts: tuple[Amount, ...]

    @property
    def lang(self) -> str:
        return self.claim.version.lang


def profile(claim: Claim) -> Profile:
    lang = claim.version.lang
    tokens = tuple(stems(claim.text, lang))
    runs = frozenset(map(hash, zip(tokens, tokens[1:], tokens[2:], strict=False)))
    amounts = amounts_in(claim.text, lang)
    return Profile(claim, content_stems(claim.text, lang), tokens, runs, surnames(claim.names), amounts)


def filed(p: Profile) -> Filed:
    """The keys of a claim: its runs of words, all its words, and what its speakers said that is rare."""
    keys = {_tagged(key, tag) for tag, key in _keys(p)}
    return Filed("claim", p.claim.id, position(p.claim.day, p.claim.public_id), tuple(sorted(keys)))


def candidates(claims: Sequence[Filed], meetings: Meetings) -> Pairs:
    """The claims that these are compared with, of their own articles too."""
    met = meetings.met(claims)
    by_run = met.key & 3 == BY_RUN
    return met.where(~by_run).pairs() | met.where(by_run).pairs(MIN_SHARED)


def _tagged(key: int, tag: int) -> int:
    """A key whose last two bits say what it was made of."""
    return key & ~3 | tag


def _keys(p: Profile) -> Iterator[tuple[int, int]]:
    for run in zip(p.tokens, p.tokens[1:], p.tokens[2:], strict=False):
        if sum(word in p.stems or word[0].isdigit() for word in run) >= TELLING:
            yield BY_RUN, stable_hash("run", *run)
    if p.stems:
        yield BY_WORDS, stable_hash("same", *p.tokens)
    marks = [*(s for s in p.stems if weight(s, p.lang) >= RARE), *(c for n in p.amounts for c in _classes(n.value))]
    for name in p.surnames:
        yield from ((BY_SPEAKER, stable_hash("said", name, mark)) for mark in marks)


def _classes(number: float) -> tuple[int, ...]:
    """Two overlapping classes of near numbers: any two within the step share one."""
    if number <= 0:
        return (0,)
    place = int(log(number) / (2 * NUMBER_STEP))
    return place, place + 1
