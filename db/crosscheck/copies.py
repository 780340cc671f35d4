"""`wire_copy`: articles that share their body, and the origins that follow from it.

Measured by containment of five-word runs, since a rewrite that keeps half of a wire story has a Jaccard of .48 and a
containment of .99. The reporter's own words count; quotations are left out where enough remains, because two reporters
who heard one speech are two witnesses. A text that shares few words may still be the other one translated
(`translations`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

import numpy as np

from .meetings import Meetings
from .places import BY_NUMBERS, Filed, Pairs, position
from .recent import Recent
from .records import Records, Version
from .store import Link, ordered
from .translations import Landmarks, is_retold, landmarks, number_pairs, order_kept
from .words import containment, fold, runs, stable_hash, words

KEPT = 500  # texts
RUN = 5
COPY = 0.5  # of the shorter article's runs
CREDITED = 0.3  # where both credit the same agency
KEEP_ONE_IN = 4  # runs kept in the index of candidates; the measure itself uses all
MIN_SHARED = 2  # kept runs that make a candidate
MIN_PAIRS = 3  # pairs of numbers that make one
PROMISING = 0.12  # of the shorter text's kept runs: far below what makes a copy, since they are a sample
RETOLD = 0.5  # score of what shares all its names and numbers in their order, and few words
MIN_RUNS = 15  # with fewer own words a text is compared quotations and all; a text this short may be anybody's

Runs = frozenset[tuple[str, ...]]


class OwnWords:
    """The five-word runs of texts, and their names and numbers, quotations aside."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._made: Recent[int, Runs] = Recent(KEPT)
        self._landmarks: Recent[int, Landmarks] = Recent(KEPT)

    def __call__(self, version: Version) -> Runs:
        return self._made.made(version.id, lambda: _own_runs(version, self._records))

    def landmarks(self, version: Version) -> Landmarks:
        return self._landmarks.made(version.id, lambda: _own_landmarks(version, self._records))


def filed(version: Version, own: OwnWords) -> Filed:
    kept = (run for run in map(" ".join, own(version)) if crc32(run.encode()) % KEEP_ONE_IN == 0)
    keys = {stable_hash("text", run) & ~1 for run in kept}
    keys |= {stable_hash("numbers", *pair) | BY_NUMBERS for pair in number_pairs(own.landmarks(version))}
    return Filed("article", version.id, position(version.day, version.public_id), tuple(sorted(keys)))


def candidates(texts: Sequence[Filed], meetings: Meetings) -> Pairs:
    """The versions whose text these may share, or be a translation of."""
    met = meetings.met(texts)
    by_numbers = met.key & BY_NUMBERS == BY_NUMBERS
    shared = met.where(~by_numbers).pairs(MIN_SHARED)
    sizes = meetings.text_keys({*shared.other.tolist(), *(text.item for text in texts)})
    own = np.array([sizes[texts[i].item] for i in shared.one.tolist()])
    others = np.array([sizes[i] for i in shared.other.tolist()])
    promising = shared.times >= PROMISING * np.minimum(own, others)
    return shared.where(promising) | met.where(by_numbers).pairs(MIN_PAIRS)


def wire_copies(pairs: Iterable[tuple[Version, Version]], own: OwnWords) -> Iterator[Link]:
    """One link for each pair of articles, between the two versions that share most: of any two articles all pairs of
    versions must be given that are to be compared."""
    best: dict[tuple[str, str], tuple[float, str, str, Version, Version]] = {}
    for pair in pairs:
        a, b = sorted(pair, key=lambda v: v.public_id)
        share = containment(own(a), own(b))
        if min(len(own(a)), len(own(b))) < MIN_RUNS:
            continue
        is_copy = share >= (CREDITED if sameagency(a, b) else COPY)
        if is_copy or is_retold(own.landmarks(a), own.landmarks(b)):
            key = (min(a.article, b.article), max(a.article, b.article))
            found = (share if is_copy else 0.0, a.public_id, b.public_id, a, b)
            best[key] = max(best.get(key, found), found, key=lambda f: f[:3])
    for share, _, _, a, b in best.values():
        first, second = ordered(a, b)
        yield _link(first, second, share, own) if share else _retold(first, second, own)


def sameagency(a: Version, b: Version) -> bool:
    """Both articles credit the same agency."""
    return bool(a.origin and b.origin) and agency(a.origin or "") == agency(b.origin or "")


def agency(name: str) -> str:
    """The key of a credited agency: "The Canadian Press" and "Canadian Press" are one."""
    return fold(name).removeprefix("the ").removeprefix("la ").strip()


def _own_runs(version: Version, records: Records) -> Runs:
    own = frozenset(run for piece in _own_pieces(version, records) for run in runs(words(piece), RUN))
    return own if len(own) >= MIN_RUNS else runs(words(version.text), RUN)


def _own_landmarks(version: Version, records: Records) -> Landmarks:
    return tuple(mark for piece in _own_pieces(version, records) for mark in landmarks(piece, version.lang))


def _own_pieces(version: Version, records: Records) -> Iterator[str]:
    """The text without what stands in quotation marks."""
    at = 0
    for start, end in sorted(q for c in records.claims_of(version) for q in c.quoted):
        yield version.text[at : max(at, start)]
        at = max(at, end)
    yield version.text[at:]


def _link(a: Version, b: Version, share: float, own: OwnWords) -> Link:
    shorter = min((a, b), key=lambda v: (len(own(v)), v.public_id))
    text = (
        f"{share:.0%} of the {len(own(shorter))} five-word runs of the shorter text ({shorter.outlet}) stand in the "
        f"other, quotations aside: one origin, not two confirmations"
    )
    return Link("wire_copy", a, b, min(1.0, share + (0.2 if sameagency(a, b) else 0.0)), f"{text}{_credit(a, b)}.")


def _retold(a: Version, b: Version, own: OwnWords) -> Link:
    shared, fewest = order_kept(own.landmarks(a), own.landmarks(b))
    text = (
        f"{shared} of {fewest} runs of three of the names and numbers that both print stand in the same order, "
        f"quotations aside, though few words are shared: a translation or a retelling of one text, one origin"
    )
    return Link("wire_copy", a, b, RETOLD * shared / fewest, f"{text}{_credit(a, b)}.")


def _credit(a: Version, b: Version) -> str:
    if sameagency(a, b):
        return f"; both credit {a.origin}"
    return f"; {(a if a.origin else b).outlet} credits {a.origin or b.origin}" if a.origin or b.origin else ""
