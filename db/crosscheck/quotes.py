"""`same_quote`: one utterance printed by two articles, word for word, cut, translated or told in other words.

Two tiers. *Same words*: three-word runs of the shorter claim stand in the other (containment, since one outlet prints a
part of what the other prints). *Another wording*: few words are shared, but the speaker, the day, and rare words or
numbers are; of all claims of that speaker in the two articles these two fit each other best. The second scores below
.5 and its explanation says what it rests on. Numbers and negations that differ are named in both tiers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from .candidates import MIN_SHARED, RARE, Profile
from .drift import drift, printed, shared_amounts
from .names import same_speaker
from .records import Claim
from .store import Link, ordered
from .words import containment, weight

MIN_CONTAINMENT = 0.3  # finds 99.8 % of printed variants at precision .988 before any gate (anchors of the project)
ANONYMOUS_CONTAINMENT = 0.6  # where no name says that the speaker is the same
MIN_RUNS = 3  # three-word runs: a claim of four words says too little to be recognised by its words alone
MIN_EVIDENCE = 0.5  # weight of all that two wordings share; a rare stem weighs up to 1
OTHER_NUMBERS = 1.5  # the same where a telling number is in one only: they may well speak of two things
SMALL = 0.5  # weight of a small number with its unit; a telling number weighs 1
MIN_COVERAGE = 0.15  # of the heavier claim's weight: one word out of a long statement is chance
SLACK = timedelta(days=1)
REPRINT = timedelta(days=45)
NEWS_CYCLE = timedelta(days=3)


def same_quotes(pairs: Iterable[tuple[Profile, Profile]]) -> Iterator[Link]:
    """Links between claims of different articles (versions of one article are `revisions`' business). Of any two
    versions all pairs must be given that are to be compared: other wordings compete with each other."""
    loose: dict[tuple[int, int], list[tuple[float, Profile, Profile]]] = defaultdict(list)
    taken: set[tuple[int, int]] = set()
    for pair in pairs:
        a, b = sorted(pair, key=lambda p: p.claim.version.public_id)
        strength = same_words(a, b)
        if strength:
            taken |= {(a.claim.id, b.claim.version.id), (b.claim.id, a.claim.version.id)}
            yield _link(a, b, 0.5 + strength / 2, "The same words")
        elif _same_occasion(a.claim, b.claim):
            evidence = _evidence(a, b)
            if evidence:
                loose[a.claim.version.id, b.claim.version.id].append((evidence, a, b))
    for rivals in loose.values():
        yield from _best_pairs(rivals, taken)


def same_words(a: Profile, b: Profile) -> float:
    """The containment of three-word runs, 0.0 where speaker or date forbid the link or too few words are shared."""
    if min(len(a.runs), len(b.runs)) < MIN_RUNS:
        same = a.stems and a.tokens == b.tokens
        return 1.0 if same and _one_speaker(a.claim, b.claim) and _near(a.claim, b.claim) else 0.0
    share = containment(a.runs, b.runs)
    if share < MIN_CONTAINMENT or len(a.runs & b.runs) < MIN_SHARED or not a.stems & b.stems:
        return 0.0
    if not _near(a.claim, b.claim):
        return 0.0
    if _one_speaker(a.claim, b.claim):
        return share
    nameless = {"anonymous", "unknown"} & {a.claim.speaker_class, b.claim.speaker_class}
    return share if nameless and share >= ANONYMOUS_CONTAINMENT else 0.0


def _one_speaker(a: Claim, b: Claim) -> bool:
    if "anonymous" in (a.speaker_class, b.speaker_class):
        return False
    return same_speaker(a.names, b.names)


def _near(a: Claim, b: Claim) -> bool:
    """The days on which they were said allow one utterance; undated claims may be reprinted for some weeks."""
    if a.said and b.said:
        return max(a.said[0], b.said[0]) - min(a.said[1], b.said[1]) <= SLACK
    return abs(a.version.day - b.version.day) <= REPRINT


def _same_occasion(a: Claim, b: Claim) -> bool:
    """Stricter than `_near`, for claims in different words: one named speaker, and one day or one news cycle."""
    if not _one_speaker(a, b) or (a.modality == "denied") != (b.modality == "denied"):
        return False
    return _near(a, b) if a.said and b.said else abs(a.day - b.day) <= NEWS_CYCLE


def _evidence(a: Profile, b: Profile) -> float:
    """The weight of shared stems and numbers, 0.0 where it is too little to call two wordings one utterance.

    A small number ("eight months") counts with rare stems, not instead of them. Where a number that tells something
    stands in one only, or two do not fit, the words must say more.
    """
    common = [weight(s, a.lang) for s in sorted(a.stems & b.stems)]
    shared_numbers = shared_amounts(a.amounts, b.amounts)
    telling = [n for n in shared_numbers if n.strong]
    if not telling and max(common, default=0.0) < RARE:
        return 0.0
    shared = sum(common) + len(telling) + SMALL * (len(shared_numbers) - len(telling))
    differ = not shared_numbers and any(n.strong for n in (*a.amounts, *b.amounts))
    least = OTHER_NUMBERS if differ else MIN_EVIDENCE
    lighter, heavier = sorted(sum(weight(s, p.lang) for s in sorted(p.stems)) + len(p.amounts) for p in (a, b))
    if shared < least or (shared < MIN_COVERAGE * heavier and not telling):
        return 0.0
    return shared * (0.5 + min(1.0, shared / lighter) / 2)


def _best_pairs(pairs: list[tuple[float, Profile, Profile]], taken: set[tuple[int, int]]) -> Iterator[Link]:
    """One to one, the best first: an article prints an utterance once. Claims already linked by their words are out."""
    used = set(taken)
    for evidence, a, b in sorted(pairs, key=lambda p: (-p[0], p[1].claim.public_id, p[2].claim.public_id)):
        keys = {(a.claim.id, b.claim.version.id), (b.claim.id, a.claim.version.id)}
        if not keys & used:
            used |= keys
            yield _link(a, b, min(0.49, 0.2 + evidence / 8), "Another wording or translation of one utterance, by its")


def _link(a: Profile, b: Profile, score: float, how: str) -> Link:
    first, second = ordered(a.claim, b.claim)
    x, y = (a, b) if first is a.claim else (b, a)
    return Link("same_quote", first, second, score, _explain(x, y, how))


def _explain(a: Profile, b: Profile, how: str) -> str:
    x, y = a.claim, b.claim
    who = " and ".join(x.names) if _one_speaker(x, y) else "a speaker whom one of them does not name"
    shared = sorted(a.stems & b.stems)
    numbers = [n.value for n in shared_amounts(a.amounts, b.amounts)]
    if how.startswith("The same"):
        share = containment(a.runs, b.runs) or 1.0
        text = f"{how}: {share:.0%} of the three-word runs of the shorter claim stand in the other; both from {who}"
    else:
        parts = [f"words ({', '.join(shared)})"] if shared else []
        parts += [f"numbers ({printed(numbers)})"] if numbers else []
        text = f"{how} {' and '.join(parts)}, its speaker ({who}) and its day; no longer run of words is shared"
    notes = [text, *drift(x, y)]
    if x.version.origin and x.version.origin == y.version.origin:
        notes.append(f"both articles credit {x.version.origin}: one origin")
    if "document" in (x.speaker_class, x.basis) and "document" in (y.speaker_class, y.basis):
        notes.append("both quote a document: one origin")
    return "; ".join(notes) + "."
