"""Sentences by their punctuation alone: what holds whatever the encoder says about a text."""

from __future__ import annotations

import re
from bisect import bisect_right

from extract.claims.quotes import paragraphs

Offsets = tuple[int, int]

_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-ZÀ-Ý]|Mr|Mrs|Ms|Dr|St|Ste|Gov|Sen|Rep|Gen|Jr|Sr|Hon|Rt|Prof|No|Inc|Ltd|Co|vs|v"
    r"|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec))\.\Z"
)
_END = re.compile(r"(?<![.!?…])[.!?…]++[”\"’')\]»]*(?=\s+[\"“«‘'(\[A-ZÀ-Ý0-9])")


_LONGEST = 4000  # characters


class Sentences:
    """The sentences of a text, found by position."""

    def __init__(self, text: str) -> None:
        self.spans = [span for start, end in paragraphs(text) for span in _split(text, start, end)]
        self._starts = [start for start, _ in self.spans]

    def at(self, position: int) -> Offsets:
        """The sentence that holds `position`; an empty one where the text has none before it."""
        n = bisect_right(self._starts, position) - 1
        return self.spans[n] if n >= 0 else (0, 0)

    def number(self, position: int) -> int:
        """Which sentence holds `position`, counted from 0."""
        return max(0, bisect_right(self._starts, position) - 1)

    def cut(self, start: int, end: int) -> list[Offsets]:
        """The pieces of a span, sentence by sentence."""
        n = max(0, bisect_right(self._starts, start) - 1)
        pieces = []
        while n < len(self.spans) and self.spans[n][0] < end:
            piece = (max(start, self.spans[n][0]), min(end, self.spans[n][1]))
            if piece[0] < piece[1]:
                pieces.append(piece)
            n += 1
        return pieces


def _split(text: str, start: int, end: int) -> list[Offsets]:
    spans, begin = [], start
    for match in _END.finditer(text, start, end):
        single = match.group() == "."
        if single and _ABBREVIATION.search(text[max(begin, match.end() - 8) : match.end()]):
            continue
        spans.append((begin, match.end()))
        begin = match.end()
        while begin < end and text[begin].isspace():
            begin += 1
    spans = [*spans, (begin, end)] if begin < end else spans
    return [piece for span in spans for piece in _shortened(text, *span)]


def _shortened(text: str, start: int, end: int) -> list[Offsets]:
    """A sentence in pieces no longer than _LONGEST, cut at spaces: a page of a table has no period, and what is looked
    for in a sentence must not cost the square of the page."""
    pieces = []
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + 1, start + _LONGEST)
        cut = start + _LONGEST if cut < 0 else cut + 1
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)]
