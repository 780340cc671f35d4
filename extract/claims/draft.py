"""From a predicted span to a claim's content: snapped to quotation marks, trimmed, its kind known.

Conventions (design.md and the gold): a direct content leaves its outer marks out and keeps its closing comma; a mixed
one keeps the marks inside it; a leading "that", outer punctuation and the final period of an indirect one are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from extract.claims.quotes import Quotation
from extract.findings import Basis, Kind

Offsets = tuple[int, int]

_WORD = re.compile(r"\w+")
_THAT = re.compile(r"(?:[\s,;:.…–—-]|that\b(?=[\s,]))+", re.IGNORECASE)
_SUBORDINATE = re.compile(r"\bthat,?\s+\W*\Z", re.IGNORECASE)
_TRAILING = re.compile(r",?\s+(?:and|but|or)\s*\Z")
_LINK = re.compile(r"(?:\s+(?:that|as))?\s+[“‘«\"']?")
_NEAR = 40  # characters at the end where a trailing "and" stands
_OPEN_END = " \t\r\n\u00a0,;:.–—-"


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim in the making. Character offsets; `cue` and `sources` are spans of tokens, as the encoder gave them.

    `basis` is set where the speaker is carried over ("continued"); `within` says that the claim stands inside another.
    """

    parts: tuple[Offsets, ...]
    cue: Offsets | None = None
    sources: tuple[Offsets, ...] = ()
    score: float = 0.0
    basis: Basis | None = None
    within: bool = False

    @property
    def start(self) -> int:
        return self.parts[0][0]

    @property
    def end(self) -> int:
        return self.parts[-1][1]


class Quotations:
    """The quotations of one text, looked up by position in logarithmic time."""

    def __init__(self, text: str, found: list[Quotation], determiners: frozenset[int] = frozenset()) -> None:
        self.text = text
        self.determiners = determiners  # where a "that" points at a noun and opens no clause
        self.all = found
        self._starts = [q.start for q in found]

    def overlapping(self, start: int, end: int) -> list[Quotation]:
        """The quotations that share a character with `start`..`end`, in order."""
        n = bisect_left(self._starts, end)
        found = []
        while n and self.all[n - 1].end > start:
            n -= 1
            found.append(self.all[n])
        return found[::-1]

    def at(self, position: int) -> Quotation | None:
        """The quotation whose inner text holds `position`."""
        return next((q for q in self.overlapping(position, position + 1) if q.inner[0] <= position < q.inner[1]), None)

    def quoted(self, start: int, end: int) -> tuple[Offsets, ...]:
        """The words inside marks within `start`..`end`: inner spans, cut to the range."""
        spans = [(max(q.inner[0], start), min(q.inner[1], end)) for q in self.overlapping(start, end)]
        return tuple((s, e) for s, e in spans if s < e and _WORD.search(self.text, s, e))

    def kind(self, parts: tuple[Offsets, ...]) -> Kind:
        """Direct where all words stand inside marks, indirect where none does, else mixed.

        A part that keeps its outer mark (said that “…”) is a piece of the reporter's sentence: mixed.
        """
        inside = outside = False
        for start, end in parts:
            quoted = self.quoted(start, end)
            outside |= any(q.start == start for q in self.overlapping(start, start + 1))
            for word in _WORD.finditer(self.text, start, end):
                if any(s <= word.start() < e for s, e in quoted):
                    inside = True
                else:
                    outside = True
        return "mixed" if inside and outside else "direct" if inside else "indirect"


def snap(quotations: Quotations, part: Offsets, barred: list[Offsets], own: list[Offsets]) -> Offsets:
    """Stretch a part that ends within a quotation to all of it, unless that would swallow another span.

    `barred` are all predicted spans in order, `own` those of the part's own attribution. A quotation is one utterance:
    a prediction that holds only its first sentence lost the rest. Marks are taken in at a boundary; `trim` decides
    whether they stay.
    """
    start, end = part
    for q in quotations.overlapping(start, end):
        touched = min(end, q.inner[1]) - max(start, q.inner[0])
        if touched <= 0:
            continue
        grown = (min(start, q.start), max(end, q.end))
        added = [(s, e) for s, e in ((grown[0], start), (end, grown[1])) if s < e]
        if not any(span not in own for s, e in added for span in _between(barred, s, e)):
            start, end = grown
    return start, end


def joined(quotations: Quotations, parts: tuple[Offsets, ...]) -> tuple[Offsets, ...]:
    """Parts with nothing but a mark, "that" or "as" between them as one: "rejected his argument | that …".

    Only after the reporter's own words: a quotation and what follows it stay apart.
    """
    done = list(parts[:1])
    for start, end in parts[1:]:
        before = done[-1]
        if quotations.kind((before,)) == "indirect" and _LINK.fullmatch(quotations.text, before[1], start):
            held = quotations.at(end - 1)
            done[-1] = (before[0], held.end if held is not None and end == held.inner[1] else end)
        else:
            done.append((start, end))
    return tuple(done)


def _between(spans: list[Offsets], start: int, end: int) -> Iterator[Offsets]:
    """The spans of a sorted list, none overlapping another, that share a character with `start`..`end`, last first."""
    n = bisect_left(spans, (end, end))
    while n and spans[n - 1][1] > start:
        n -= 1
        yield spans[n]


def trim(quotations: Quotations, part: Offsets) -> Offsets | None:
    """The part by the conventions of its kind; None where no word is left."""
    text = quotations.text
    start, end = part
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if not _WORD.search(text, start, end):
        return None
    lead = _THAT.match(text, start, end)
    if lead and not any(p in quotations.determiners for p in range(start, lead.end())):
        start = lead.end()
    inner = quotations.quoted(start, end)
    if inner and quotations.kind(((inner[0][0], end),)) == "direct" and not _WORD.search(text, start, inner[0][0]):
        opening = quotations.overlapping(*inner[0])[0]
        if inner[0][0] != opening.inner[0] or not _SUBORDINATE.search(text, max(0, start - 12), inner[0][0]):
            return _stripped(text, inner[0][0], inner[-1][1])
        start = opening.start
    near = max(start, end - _NEAR)
    if tail := _TRAILING.search(text[near:end]):
        end = near + tail.start()
    while end > start and (text[end - 1] in _OPEN_END or _is_stray(quotations, end)):
        if _abbreviation(text, start, end):
            break
        end -= 1
    return (start, end) if _WORD.search(text, start, end) else None


def _stripped(text: str, start: int, end: int) -> Offsets:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_stray(quotations: Quotations, end: int) -> bool:
    """Whether the sign before `end` closes a quotation that nothing opened."""
    return quotations.text[end - 1] in '”»"' and not quotations.overlapping(end - 1, end)


def _abbreviation(text: str, start: int, end: int) -> bool:
    """Whether the final period belongs to initials ("the U.S.") and stays."""
    return text[end - 1] == "." and re.search(r"\b[A-Z]\.[A-Z]\.$", text[max(start, end - 5) : end]) is not None
