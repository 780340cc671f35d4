"""`role_conflict`: one person under two offices that do not go together.

Two different portfolios on one day, or an office that stands between two mentions of another one: ministers change
office, but seldom to one and back. Which of the two is wrong is left to the reader. Compared are the mentions next to
each other in time; two bearers of one surname are two, and a surname alone is anybody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from .names import name_key, same_name
from .places import NEAREST, Filed, position
from .records import Claim
from .store import Link, ordered
from .words import content_stems, fold, lexicon, stable_hash

SAME_TIME = 3  # days
NEIGHBOURS = 8  # mentions of the other office that a link is made to, on either side


@dataclass(frozen=True, slots=True)
class Mention:
    """A claim that gives its speaker an office: `head` is the kind of office, `portfolio` what it is for."""

    claim: Claim
    name: str
    head: str
    portfolio: frozenset[str]

    @property
    def day(self) -> int:
        return self.claim.version.day.toordinal()


def mentions(claims: Iterable[Claim]) -> Iterator[Mention]:
    """Of the claims of one article (all versions): one mention for each name and office, the first."""
    found: dict[tuple, Mention] = {}
    for claim in sorted(claims, key=lambda c: (c.start, c.public_id)):
        mention = mention_in(claim)
        if mention:
            found.setdefault((mention.name, mention.head, mention.portfolio), mention)
    yield from found.values()


def filed(mention: Mention) -> Filed:
    key = stable_hash("role", name_key(mention.name)[-1])
    return Filed("role", mention.claim.id, position(mention.claim.version.day, mention.claim.public_id), (key,))


def role_conflicts(series: Sequence[Mention], places: range) -> Iterator[Link]:
    """Links of the mentions at `places` in the series of one surname, which is in the order of positions."""
    reach = NEAREST["role"]
    ours = {m.claim.id for m in series[places.start : places.stop]}
    for i in range(max(0, places.start - reach), min(len(series), places.stop + reach)):
        mention = series[i]
        before, after = list(series[max(0, i - reach) : i]), list(series[i + 1 : i + 1 + reach])
        if _two_people({m.name for m in (*before, mention, *after)}):
            before, after = ([m for m in side if _full(m.name) and _full(mention.name)] for side in (before, after))
        before, after = ([m for m in side if _different(m, mention)] for side in (before, after))
        for other in _against(mention, before, after):
            if i in places or other.claim.id in ours:
                yield _link(mention, other)


def mention_in(claim: Claim) -> Mention | None:
    if claim.speaker_class != "person" or len(claim.names) != 1 or not claim.role or not name_key(claim.names[0]):
        return None
    listed = lexicon(claim.version.lang)
    plain = fold(claim.role).replace("'s ", " ")
    stems = content_stems(plain, claim.version.lang)
    head = next((w for w in plain.split() if w in listed.offices), None)
    if head is None or listed.former & set(plain.replace("-", " ").split()):
        return None
    places = content_stems(" ".join(listed.places), claim.version.lang)
    portfolio = stems - places - content_stems(" ".join(listed.offices), claim.version.lang)
    return Mention(claim, claim.names[0], head, portfolio) if portfolio else None


def _against(mention: Mention, before: list[Mention], after: list[Mention]) -> list[Mention]:
    at_once = [m for m in before + after if abs(m.day - mention.day) <= SAME_TIME]
    returns = {m.portfolio for m in before} & {m.portfolio for m in after}
    around = [m for m in before[-NEIGHBOURS:] + after[:NEIGHBOURS] if m.portfolio in returns]
    return [*{m.claim.id: m for m in at_once + around}.values()]


def _full(name: str) -> bool:
    return len(name_key(name)) > 1


def _two_people(names: set[str]) -> bool:
    full = [name for name in names if _full(name)]
    return any(not same_name(a, b) for a, b in combinations(full, 2))


def _different(a: Mention, b: Mention) -> bool:
    """One person under one kind of office, no word in common: "immigration minister" is part of "minister of
    immigration and …"."""
    other = a.head == b.head and not a.portfolio & b.portfolio and a.claim.version.article != b.claim.version.article
    return other and same_name(a.name, b.name)


def _link(a: Mention, b: Mention) -> Link:
    first, second = ordered(a.claim, b.claim)
    x, y = (a, b) if first is a.claim else (b, a)
    gap = abs(a.day - b.day)
    when = f"{gap} day{'s' if gap > 1 else ''} apart" if gap else "on one day"
    text = (
        f"{x.name if len(x.name) >= len(y.name) else y.name} is “{x.claim.role}” in {x.claim.version.outlet} "
        f"({x.claim.version.day}) and “{y.claim.role}” in {y.claim.version.outlet} ({y.claim.version.day}), {when}"
    )
    if gap > SAME_TIME:
        text += "; the one office is given both before and after the other"
    return Link("role_conflict", first, second, 0.8 if gap <= SAME_TIME else 0.6, text + ".")
