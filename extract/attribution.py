"""Attributions: which cue reports which contents of which source.

The encoder tags spans and scores pairs of words: a content's or a source's first word against the cue it belongs to
(`cue`), a cue's first word against its source (`source`); a word that points at itself has none.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

import numpy
from numpy.typing import NDArray

TokenSpan = tuple[int, int]
LEAST = 1 / 3  # score of an attribution; of those below, more were wrong than right on PolNeAR dev


@dataclass(frozen=True, slots=True)
class Attribution:
    """Spans are (start, end) token indices of the Doc, end exclusive; `contents` are the parts of one attribution in
    order; quotation marks may stand inside or outside of them. `score` is a probability-like number in 0..1."""

    cue: TokenSpan | None
    sources: tuple[TokenSpan, ...]
    contents: tuple[TokenSpan, ...]
    score: float


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """A span tagged SOURCE, CUE or CONTENT with its mean tag probability."""

    start: int
    end: int
    label: str
    score: float

    @property
    def tokens(self) -> TokenSpan:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class LinkScores:
    """Log probabilities of one chunk: row and column w stand for token `words[w]`, the first `fresh` are context."""

    words: list[int]
    fresh: int
    cue: NDArray[numpy.floating]
    source: NDArray[numpy.floating]


@dataclass(slots=True)
class _Group:
    cue: TaggedSpan | None
    contents: list[TaggedSpan] = field(default_factory=list)
    sources: list[TaggedSpan] = field(default_factory=list)
    links: list[float] = field(default_factory=list)


def link(spans: list[TaggedSpan], chunks: list[LinkScores]) -> list[Attribution]:
    """Group tagged spans into attributions, in order of their first content. Cues without content are dropped, and
    what scores less than LEAST."""
    groups: dict[int, _Group] = {}
    lone: list[_Group] = []
    ordered = sorted(spans, key=lambda s: s.start)
    for chunk in chunks:
        place = {token: w for w, token in enumerate(chunk.words)}
        fresh = set(chunk.words[chunk.fresh :])
        first, last = (bisect_left(ordered, at, key=lambda s: s.start) for at in (min(place), max(place) + 1))
        here = [s for s in ordered[first:last] if s.start in place]
        cues, sources, contents = ([s for s in here if s.label == k] for k in ("CUE", "SOURCE", "CONTENT"))
        for cue in (c for c in cues if c.start in fresh):
            group = groups.setdefault(cue.start, _Group(cue))
            own = [s for s in sources if _target(s, cues, chunk.cue, place)[0] == cue]
            found, chance = _source(cue, own or sources, chunk, place)
            if found:
                group.sources.append(found)
                group.links.append(chance)
        for span in (s for s in (*contents, *sources) if s.start in fresh):
            found, chance = _target(span, cues, chunk.cue, place)
            if span.label == "SOURCE":
                if found and span not in groups.setdefault(found.start, _Group(found)).sources:
                    groups[found.start].sources.append(span)
            elif found:
                group = groups.setdefault(found.start, _Group(found))
                group.contents.append(span)
                group.links.append(chance)
            else:
                lone.append(_Group(None, [span]))
    for group in groups.values():
        group.contents = _whole(group.contents)
    out = [_attribution(g) for g in [*groups.values(), *lone] if g.contents]
    return sorted((a for a in out if a.score >= LEAST), key=lambda a: a.contents[0])


def _target(
    span: TaggedSpan, candidates: list[TaggedSpan], scores: NDArray[numpy.floating], place: dict[int, int]
) -> tuple[TaggedSpan | None, float]:
    """The best candidate for a span's first word by the score of any of its words, None when "none" scores higher."""
    row = scores[place[span.start]]
    best, value = None, float(row[place[span.start]])
    for c in candidates:
        reach = max(float(row[place[t]]) for t in range(c.start, c.end) if t in place)
        if reach > value and c.tokens != span.tokens:
            best, value = c, reach
    return best, float(numpy.exp(value))


def _source(
    cue: TaggedSpan, sources: list[TaggedSpan], chunk: LinkScores, place: dict[int, int]
) -> tuple[TaggedSpan | None, float]:
    """The source that a cue and the source itself agree on: the sum of both directions' scores, against no source."""
    w = place[cue.start]
    best, value = None, 2 * float(chunk.source[w, w])
    for s in sources:
        there = max(float(chunk.source[w, place[t]]) for t in range(s.start, s.end) if t in place)
        back = max(float(chunk.cue[place[s.start], place[t]]) for t in range(cue.start, cue.end) if t in place)
        if there + back > value:
            best, value = s, there + back
    return best, float(numpy.exp(value / 2))


def _whole(contents: list[TaggedSpan]) -> list[TaggedSpan]:
    """The contents of one cue in order, those that touch as one."""
    done: list[TaggedSpan] = []
    for span in sorted(contents, key=lambda s: s.start):
        before = done[-1] if done else None
        if before is None or span.start > before.end:
            done.append(span)
        else:
            done[-1] = TaggedSpan(before.start, span.end, span.label, (before.score + span.score) / 2)
    return done


def _attribution(group: _Group) -> Attribution:
    contents = group.contents
    parts = [s.score for s in contents] + ([group.cue.score] if group.cue else [])
    score = sum(parts) / len(parts) * (sum(group.links) / len(group.links) if group.links else 0.5)
    sources = _without_strays(group)
    return Attribution(
        group.cue.tokens if group.cue else None,
        tuple(s.tokens for s in sources),
        tuple(s.tokens for s in contents),
        min(1.0, score),
    )


def _without_strays(group: _Group) -> list[TaggedSpan]:
    """The source that the cue points at comes first; others that point at the cue follow in the order of the text."""
    first, rest = group.sources[:1], sorted(group.sources[1:], key=lambda s: s.start)
    return first + [s for s in rest if s not in first]
