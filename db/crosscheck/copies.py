"""`wire_copy`: articles that share their body, and the origins that follow from it.

Measured by containment of five-word runs, since a rewrite that keeps half of a wire story has a Jaccard of .48 and a
containment of .99. The reporter's own words count; quotations are left out where enough remains, because two reporters
who heard one speech are two witnesses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from logging import getLogger

from .records import Records, Version
from .store import Link, ordered
from .words import containment, fold, runs, stable_hash, words

log_ = getLogger(__name__)

RUN = 5
COPY = 0.5  # of the shorter article's runs
CREDITED = 0.3  # where both credit the same agency
KEEP_ONE_IN = 4  # runs kept in the index of candidates; the measure itself uses all
MIN_SHARED = 2  # kept runs that make a candidate
MAX_ARTICLES = 60  # a run that stands in more articles is boilerplate
MIN_RUNS = 15  # with fewer own words a text is compared quotations and all; a text this short may be anybody's

Runs = frozenset[tuple[str, ...]]


def wire_copies(records: Records) -> Iterator[Link]:
    """One link for each pair of articles, between the two versions that share most."""
    own = {v.id: _own_runs(v, records) for v in records.versions}
    best: dict[tuple[str, str], tuple[float, str, str, Version, Version]] = {}
    for a, b in _candidates(records, own):
        share = containment(own[a.id], own[b.id])
        if min(len(own[a.id]), len(own[b.id])) < MIN_RUNS:
            continue
        if share >= (CREDITED if sameagency(a, b) else COPY):
            key = (min(a.article, b.article), max(a.article, b.article))
            found = (share, a.public_id, b.public_id, a, b)
            best[key] = max(best.get(key, found), found, key=lambda f: f[:3])
    for share, _, _, a, b in best.values():
        first, second = ordered(a, b)
        yield _link(first, second, share, own)


def sameagency(a: Version, b: Version) -> bool:
    """Both articles credit the same agency."""
    return bool(a.origin and b.origin) and agency(a.origin or "") == agency(b.origin or "")


def agency(name: str) -> str:
    """The key of a credited agency: "The Canadian Press" and "Canadian Press" are one."""
    return fold(name).removeprefix("the ").removeprefix("la ").strip()


def _own_runs(version: Version, records: Records) -> Runs:
    spans = sorted(q for c in records.claims_of.get(version.id, ()) for q in c.quoted)
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(version.text[at : max(at, start)])
        at = max(at, end)
    pieces.append(version.text[at:])
    own = frozenset(run for piece in pieces for run in runs(words(piece), RUN))
    return own if len(own) >= MIN_RUNS else runs(words(version.text), RUN)


def _candidates(records: Records, own: dict[int, Runs]) -> Iterator[tuple[Version, Version]]:
    index: dict[int, list[Version]] = defaultdict(list)
    for version in records.versions:
        for hashed in sorted(map(stable_hash, own[version.id])):
            if hashed % KEEP_ONE_IN == 0:
                index[hashed].append(version)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    by_id = {v.id: v for v in records.versions}
    passed_over = 0
    for versions in index.values():
        passed_over += len(versions) > MAX_ARTICLES
        for a, b in combinations(versions, 2) if len(versions) <= MAX_ARTICLES else ():
            if a.article != b.article:
                shared[a.id, b.id] += 1
    if passed_over:
        log_.info("%d runs of words stand in over %d articles: taken for boilerplate", passed_over, MAX_ARTICLES)
    for (a_id, b_id), count in shared.items():
        if count >= MIN_SHARED:
            yield by_id[a_id], by_id[b_id]


def _link(a: Version, b: Version, share: float, own: dict[int, Runs]) -> Link:
    shorter = min((a, b), key=lambda v: (len(own[v.id]), v.public_id))
    text = (
        f"{share:.0%} of the {len(own[shorter.id])} five-word runs of the shorter text ({shorter.outlet}) stand in the "
        f"other, quotations aside: one origin, not two confirmations"
    )
    if sameagency(a, b):
        text += f"; both credit {a.origin}"
    elif a.origin or b.origin:
        text += f"; {(a if a.origin else b).outlet} credits {a.origin or b.origin}"
    return Link("wire_copy", a, b, min(1.0, share + (0.2 if sameagency(a, b) else 0.0)), text + ".")
