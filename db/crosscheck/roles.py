"""`role_conflict`: one person under two offices that do not go together.

Two different portfolios on one day, or an office that stands between two mentions of another one: ministers change
office, but seldom to one and back. Which of the two is wrong is left to the reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from .names import name_key, same_name
from .records import Claim, Records
from .store import Link, ordered
from .words import content_stems, fold, lexicon

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


def role_conflicts(records: Records) -> Iterator[Link]:
    for mentions in _people(records):
        mentions.sort(key=lambda m: (m.day, m.claim.public_id))
        for i, mention in enumerate(mentions):
            before = [m for m in mentions[:i] if _different(m, mention)]
            after = [m for m in mentions[i + 1 :] if _different(m, mention)]
            for other in _against(mention, before, after):
                yield _link(mention, other)


def _against(mention: Mention, before: list[Mention], after: list[Mention]) -> list[Mention]:
    at_once = [m for m in before + after if abs(m.day - mention.day) <= SAME_TIME]
    returns = {m.portfolio for m in before} & {m.portfolio for m in after}
    around = [m for m in before[-NEIGHBOURS:] + after[:NEIGHBOURS] if m.portfolio in returns]
    return [*{m.claim.id: m for m in at_once + around}.values()]


def _people(records: Records) -> Iterator[list[Mention]]:
    """The mentions of each person, one an article and office: names that one longer name covers are one person's."""
    by_surname: dict[str, dict[tuple, Mention]] = defaultdict(dict)
    for claim in records.claims:
        mention = _mention(claim)
        if mention:
            key = (claim.version.article, mention.name, mention.head, mention.portfolio)
            kept = by_surname[name_key(mention.name)[-1]].setdefault(key, mention)
            if claim.start < kept.claim.start:
                by_surname[name_key(mention.name)[-1]][key] = mention
    for _, mentions in sorted(by_surname.items()):
        names = sorted({m.name for m in mentions.values()}, key=lambda n: (-len(name_key(n)), n))
        while names:
            full = names[0]
            covered = {n for n in names if same_name(n, full)}
            names = [n for n in names if n not in covered]
            yield [m for m in mentions.values() if m.name in covered]


def _mention(claim: Claim) -> Mention | None:
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


def _different(a: Mention, b: Mention) -> bool:
    """One kind of office, no word in common: "immigration minister" is part of "minister of immigration and …"."""
    return a.head == b.head and not a.portfolio & b.portfolio and a.claim.version.article != b.claim.version.article


def _link(a: Mention, b: Mention) -> Link:
    first, second = ordered(a.claim, b.claim)
    x, y = (a, b) if first is a.claim else (b, a)
    gap = abs(a.day - b.day)
    when = f"{gap} day{'s' if gap > 1 else ''} apart" if gap else "on one day"
    text = (
        f"{a.name if len(a.name) >= len(b.name) else b.name} is “{x.claim.role}” in {x.claim.version.outlet} "
        f"({x.claim.version.day}) and “{y.claim.role}” in {y.claim.version.outlet} ({y.claim.version.day}), {when}"
    )
    if gap > SAME_TIME:
        text += "; the one office is given both before and after the other"
    return Link("role_conflict", first, second, 0.8 if gap <= SAME_TIME else 0.6, text + ".")
