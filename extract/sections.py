"""Articles in sections with days of their own: the updates of a live blog, each read as if it stood alone.

"Yesterday" in an update of Friday is Thursday, even when the page was put up on Monday; and who spoke in one update
does not go on speaking in the next. The price: a surname in one update does not find the full name in another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TypeVar

from extract.findings import Claim, DateMention, Figure, Findings, Span

Sections = tuple[tuple[int, str | None], ...]
Shifted = TypeVar("Shifted", bound=Span)


def sections(updates: Sequence[tuple[int, str | None]], day: str | None) -> Sections:
    """The sections of an article published on `day` whose `updates` (start, published) are known; empty for an ordinary
    article. What stands before the first update, and an update without a date, have the article's day.

    >>> sections([(20, "2024-09-24"), (70, None)], "2024-09-23")
    ((0, '2024-09-23'), (20, '2024-09-24'), (70, '2024-09-23'))
    """
    dated = [(start, published or day) for start, published in updates]
    return tuple(dated if not dated or dated[0][0] == 0 else [(0, day), *dated])


def find_in_sections(find: Callable[[str, str | date | None], Findings], text: str, sections: Sections) -> Findings:
    """The findings of all sections, in their order, with offsets into the whole `text` and ids counted through.

    A section is where it begins and its day of publication; the first begins at 0. `find` reads one of them.
    """
    claims: list[Claim] = []
    figures: list[Figure] = []
    dates: list[DateMention] = []
    for (start, day), (end, _) in pairwise([*sections, (len(text), None)]):
        found = find(text[start:end], day)
        names = {claim.id: f"c{len(claims) + n}" for n, claim in enumerate(found.claims, 1)}
        claims += (_moved_claim(claim, start, names) for claim in found.claims)
        first = len(figures) + 1
        figures += (
            replace(_moved(figure, start), id=f"f{n}", claim=names.get(figure.claim or ""))
            for n, figure in enumerate(found.figures, first)
        )
        dates += (_moved(mention, start) for mention in found.dates)
    return Findings(tuple(claims), tuple(figures), tuple(dates))


def _moved(span: Shifted, by: int) -> Shifted:
    return replace(span, start=span.start + by, end=span.end + by)


def _moved_claim(claim: Claim, by: int, names: dict[str, str]) -> Claim:
    mention = claim.speaker.mention
    return replace(
        claim,
        id=names[claim.id],
        nested_in=names.get(claim.nested_in or ""),
        content=_moved(claim.content, by),
        parts=tuple((start + by, end + by) for start, end in claim.parts),
        quoted=tuple((start + by, end + by) for start, end in claim.quoted),
        cue=claim.cue and _moved(claim.cue, by),
        speaker=replace(claim.speaker, mention=mention and _moved(mention, by)),
    )
