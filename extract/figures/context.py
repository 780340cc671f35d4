"""What a figure inherits from where it stands: period, modality, claim and speaker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from extract.findings import Claim, DateMention, Interval, Modality

from .frame import Frame
from .lexicon import Lexicon

Scope = Literal["clause", "sentence", "paragraph"]


def claim_of(start: int, end: int, claims: Sequence[Claim]) -> Claim | None:
    """The innermost claim whose content holds the figure."""
    holding = [
        c for c in claims if any(s <= start and end <= e for s, e in c.parts or ((c.content.start, c.content.end),))
    ]
    return min(holding, key=lambda c: (c.content.end - c.content.start, -c.content.start), default=None)


def period_of(
    start: int, end: int, clause: tuple[int, int], frame: Frame, dates: Sequence[DateMention], claim: Claim | None
) -> Interval | None:
    """The dates of the clause, else of the sentence, else the last one before it in the paragraph. `basis` names them."""
    known = [d for d in dates if d.from_ and d.to and d.type in ("DATE", "DURATION")]
    known = [d for d in known if not _said_when(d, claim, start, end)]
    spans: tuple[tuple[tuple[int, int], Scope], ...] = (
        (clause, "clause"),
        (frame.sentence(start), "sentence"),
        (frame.paragraph(start), "paragraph"),
    )
    for (low, high), scope in spans:
        near = [d for d in known if low <= d.start < high]
        if scope == "paragraph":
            near = [d for d in near if d.end <= start][-1:]
        if near:
            date = min(near, key=lambda d: _distance(d, start, end))
            basis = date.text if scope == "clause" else f"{date.text} ({scope})"
            return Interval(date.from_, date.to, basis)
    return None


def _said_when(date: DateMention, claim: Claim | None, start: int, end: int) -> bool:
    """The day something was said is not the period of what was said."""
    if claim is None or claim.cue is None:
        return False
    outside = not any(s <= date.start < e for s, e in claim.parts)
    return outside and date.type == "DATE" and len(date.value) >= 10


def _distance(date: DateMention, start: int, end: int) -> int:
    """Characters between; a date behind the figure is nearer than one before it."""
    return date.start - end if date.start >= end else 3 * (start - date.end) + 5
