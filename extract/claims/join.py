"""Parts of one claim brought together: quotations that resume, run on, or stand without a cue."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import replace

from extract.claims.draft import Draft, Offsets, Quotations, trim
from extract.claims.layout import named_before, signature, signed_beside
from extract.claims.quotes import Quotation, paragraphs

Finder = Callable[[Quotation], tuple[Offsets | None, tuple[Offsets, ...]]]

_WORD = re.compile(r"\w+")
_ABBREVIATION = re.compile(
    r"\b(?:[A-ZÀ-Ý]|Mr|Mrs|Ms|Dr|St|Ste|Gov|Sen|Rep|Gen|Jr|Sr|Hon|Rt|Prof|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.$"
)
_SENTENCE_END = re.compile(r"[.!?…][”\"’')\]»]*(?=\s+[\"“«‘'(A-ZÀ-Ý])")
_LONGEST_GAP = 240


class Joiner:
    """Joins the drafts of one text.

    `cues` are the character spans of every cue: none of another claim may stand between two parts of one. `find`
    looks for the cue and the source of a quotation that no draft holds, `single` tells whether a source is one person.
    """

    def __init__(
        self, quotations: Quotations, cues: list[Offsets], find: Finder, single: Callable[[Offsets], bool]
    ) -> None:
        self.single = single
        self.quotations = quotations
        self.text = quotations.text
        self.cues = sorted(cues)
        self.find = find
        self.paragraphs = paragraphs(self.text)
        self._starts = [start for start, _ in self.paragraphs]
        self._said: dict[int, list[Draft]] = {}
        self._index = {q.start: n for n, q in enumerate(quotations.all)}

    def join(self, drafts: list[Draft]) -> list[Draft]:
        """Drafts with the same cue merged, misled quotations detached, and every quotation given to its claim."""
        self._said = self._by_paragraph(drafts)
        pool: list[Draft | None] = [d for draft in _by_cue(drafts) for d in self._detached(draft)]
        owners = self._owners(pool)
        previous: int | None = None
        for n, quotation in enumerate(self.quotations.all):
            owner = owners.get(n)
            before = self.quotations.all[n - 1] if n else None
            if before is not None and before.runs_on and previous is not None:
                previous = self._run_on(pool, previous, owner, quotation, owners)
            elif owner is not None and self._has_own_cue(pool[owner], quotation):
                previous = owner
            elif (ahead := self._leads(n, pool, owners)) is not None:
                previous = self._run_on(pool, ahead, owner, quotation, owners)
            elif previous is not None and before is not None and self._resumes(pool[previous], before, quotation):
                previous = self._run_on(pool, previous, owner, quotation, owners)
            else:
                previous = self._stand_alone(pool, owner, quotation, previous)
        found = [self._signed(d) for d in pool if d is not None]
        return sorted(found, key=lambda d: (d.start, -d.end))

    def _by_paragraph(self, drafts: list[Draft]) -> dict[int, list[Draft]]:
        """The drafts with a cue by the number of the paragraph that it stands in."""
        found: dict[int, list[Draft]] = {}
        for draft in drafts:
            if draft.cue is not None and not draft.within:
                found.setdefault(self._paragraph(draft.cue[0]), []).append(draft)
        return found

    def _signed(self, draft: Draft) -> Draft:
        """A quotation of several paragraphs whose signature stands below the last one."""
        opening = self.quotations.at(draft.start)
        if opening is not None and (name := named_before(self.text, self._line(opening.start), opening.start)):
            return replace(draft, cue=None, sources=(name,), basis=None)
        quotation = self.quotations.at(draft.end - 1)
        if draft.cue is not None or draft.sources or quotation is None or not self._is_paragraph(quotation):
            return draft
        signature = self._signature(quotation)
        return replace(draft, sources=(signature,), basis=None) if signature else draft

    def _detached(self, draft: Draft) -> list[Draft]:
        """A quotation that ends with its own period before the cue's sentence begins belongs to what came before."""
        if draft.cue is None or len(draft.parts) < 2:
            return [draft]
        anchor = min([draft.cue[0], *(s for s, _ in draft.sources)])
        kept: list[Offsets] = []
        loose: list[Offsets] = []
        for part, following in zip(draft.parts, (*draft.parts[1:], (anchor, anchor)), strict=True):
            gap = self.text[part[1] : min(anchor, following[0])]
            ended = part[1] <= anchor and "\n" not in self.text[part[1] : anchor]
            ended = ended and (self.text[part[1] - 1] in ".!?" or bool(_WORD.search(gap) and _SENTENCE_END.search(gap)))
            (loose if ended and self.quotations.kind((part,)) == "direct" else kept).append(part)
        if not kept or not loose:
            return [draft]
        return [replace(draft, parts=tuple(kept)), *(Draft((p,), score=draft.score) for p in loose)]

    def _owners(self, pool: list[Draft | None]) -> dict[int, int]:
        """Quotation → the draft that holds most of it."""
        owners: dict[int, int] = {}
        for d, draft in enumerate(pool):
            for n in self._held(draft) if draft else ():
                owners.setdefault(n, d)
        return owners

    def _held(self, draft: Draft) -> list[int]:
        """The numbers of the quotations of which a draft has the greater part."""
        held = []
        for start, end in draft.parts:
            for q in self.quotations.overlapping(start, end):
                shared = min(end, q.inner[1]) - max(start, q.inner[0])
                if 2 * shared > q.inner[1] - q.inner[0]:
                    held.append(self._index[q.start])
        return held

    def _line(self, position: int) -> int:
        return self.paragraphs[self._paragraph(position)][0]

    def _paragraph(self, position: int) -> int:
        return bisect_right(self._starts, position) - 1

    def _has_own_cue(self, draft: Draft | None, quotation: Quotation) -> bool:
        """Whether the draft has a cue or a source of its own in this quotation's paragraph, or right before it."""
        if draft is None:
            return False
        spans = [s for s in (draft.cue, *draft.sources) if s is not None]
        between = [
            self.text[end : quotation.start] if end <= quotation.start else self.text[quotation.end : start]
            for start, end in spans
        ]
        if any("\n" not in gap for gap in between):
            return True
        return any(gap.rstrip().endswith(":") and len(gap) < _LONGEST_GAP for gap in between)

    def _resumes(self, owner: Draft | None, before: Quotation, quotation: Quotation) -> bool:
        """Whether the quotation goes on after the reporter's words: “…,” she said. “…”"""
        gap = self.text[before.end : quotation.start]
        if owner is None or "\n" in gap or len(gap) > _LONGEST_GAP:
            return False
        if not _WORD.search(gap):
            return True
        spans = [s for s in (owner.cue, *owner.sources) if s is not None]
        if not any(before.end <= s < quotation.start for s, _ in spans):
            return False
        first, last = bisect_left(self.cues, (before.end, 0)), bisect_left(self.cues, (quotation.start, 0))
        if any(cue != owner.cue for cue in self.cues[first:last]):
            return False
        ends = _SENTENCE_END.finditer(self.text, before.end, quotation.start + 1)
        inner = [m for m in ends if m.end() < quotation.start - 1 and not self._abbreviates(m, before.end)]
        return not inner or self.text[inner[-1].end() : quotation.start].isspace()

    def _leads(self, n: int, pool: list[Draft | None], owners: dict[int, int]) -> int | None:
        """The claim of the next quotation where its cue stands between the two: “In March,” he said, “…”"""
        if n + 1 >= len(self.quotations.all) or n + 1 not in owners:
            return None
        here, following = self.quotations.all[n], self.quotations.all[n + 1]
        draft = pool[owners[n + 1]]
        gap = self.text[here.end : following.start]
        if draft is None or draft.cue is None or "\n" in gap or len(gap) > _LONGEST_GAP or _SENTENCE_END.search(gap):
            return None
        if (
            not here.end <= draft.cue[0] < following.start
            or self.text[here.inner[1] - 1 : here.inner[1]] not in ",?!—–"
        ):
            return None
        return owners[n + 1]

    def _abbreviates(self, match: re.Match[str], start: int) -> bool:
        return _ABBREVIATION.search(self.text[start : match.start() + 1]) is not None

    def _run_on(
        self, pool: list[Draft | None], previous: int, owner: int | None, quotation: Quotation, owners: dict[int, int]
    ) -> int:
        """The quotation made a part of the previous claim; a claim that held it gives up what it held."""
        base = pool[previous]
        assert base is not None
        part = trim(self.quotations, (quotation.start, quotation.end))
        if part is None:
            return previous
        other = pool[owner] if owner is not None and owner != previous else None
        parts = [p for p in base.parts if not quotation.start <= p[0] < quotation.end] + [part]
        cue, sources = base.cue, base.sources
        if other is not None and owner is not None:
            parts += [p for p in other.parts if not quotation.start <= p[0] < quotation.end]
            cue, sources = (other.cue, other.sources) if cue is None and not sources else (cue, sources)
            pool[owner] = None
            owners.update(dict.fromkeys(self._held(other), previous))
        pool[previous] = replace(base, parts=tuple(sorted(parts)), cue=cue, sources=sources)
        return previous

    def _stand_alone(
        self, pool: list[Draft | None], owner: int | None, quotation: Quotation, previous: int | None
    ) -> int | None:
        """A quotation without a cue of its own: carried on from the paragraph before, signed below, or found a cue."""
        held = pool[owner] if owner is not None else None
        whole = self._is_paragraph(quotation)
        if whole and (signature := self._signature(quotation)):
            draft = Draft(self._parts(quotation, held), None, (signature,), held.score if held else 0.6)
            return _put(pool, owner, draft)
        if whole and previous is not None and self._follows(pool[previous], quotation):
            draft = Draft(self._parts(quotation, held), None, (), held.score if held else 0.6, basis="continued")
            return _put(pool, owner, draft)
        if held is not None and (held.cue is not None or held.sources):
            return owner
        if whole and (said := self._said_before(quotation)):
            score = held.score if held else 0.6
            return _put(pool, owner, Draft(self._parts(quotation, held), None, said.sources[:1], score, "continued"))
        if not self._is_sentence(quotation) or not (quotation.closed or held):
            return owner if held is not None else None
        cue, sources = self.find(quotation)
        if cue is None and not sources:
            return owner if held is not None else None
        parts = self._parts(quotation, held)
        if cue is not None and any(s <= cue[0] < e for s, e in parts):
            parts = self._parts(quotation, None)  # predicted as far as into the attribution
        return _put(pool, owner, Draft(parts, cue, sources, held.score if held else 0.6))

    def _parts(self, quotation: Quotation, held: Draft | None) -> tuple[Offsets, ...]:
        if held is not None:
            return held.parts
        part = trim(self.quotations, (quotation.start, quotation.end))
        return (part,) if part else ((quotation.inner),)

    def _is_paragraph(self, quotation: Quotation) -> bool:
        if not _WORD.search(self.text, *quotation.inner):
            return False
        start, end = self.paragraphs[self._paragraph(quotation.start)]
        if _WORD.search(self.text, start, quotation.start):
            return False
        if _WORD.search(self.text, quotation.end, end) and not signed_beside(self.text, quotation.end, end):
            return False
        return len(_WORD.findall(self.text, start, end)) > 3

    def _is_sentence(self, quotation: Quotation) -> bool:
        inner = self.text[slice(*quotation.inner)].rstrip()
        return len(_WORD.findall(inner)) > 3 and inner[-1:] in ".,!?…—–-"

    def _follows(self, previous: Draft | None, quotation: Quotation) -> bool:
        """Whether the claim before ends in the paragraph right before this one, in quotation marks."""
        if previous is None or self.quotations.kind(previous.parts) == "indirect":
            return False
        return self._paragraph(previous.end) == self._paragraph(quotation.start) - 1

    def _said_before(self, quotation: Quotation) -> Draft | None:
        """What the last sentence of the paragraph before reports in the reporter's words: its speaker goes on."""
        n = self._paragraph(quotation.start) - 1
        if n < 0:
            return None
        start, end = self.paragraphs[n]
        begin = max((m.end() for m in _SENTENCE_END.finditer(self.text, start, end)), default=start)
        near = [d for d in self._said.get(n, []) if d.cue and d.sources and d.cue[0] >= begin]
        last = max(near, key=lambda d: d.cue or (0, 0), default=None)
        if last is None or not all(begin <= s < end for s, _ in (*last.sources, *last.parts)):
            return None
        return last if self.single(last.sources[0]) else None  # "critics say": one of them, and nobody knows which

    def _signature(self, quotation: Quotation) -> Offsets | None:
        """The speaker's name after a dash behind a quotation, or on the line below it."""
        n = self._paragraph(quotation.start)
        beside = signed_beside(self.text, quotation.end, self.paragraphs[n][1])
        if beside is not None or n + 1 >= len(self.paragraphs):
            return beside
        return signature(self.text, *self.paragraphs[n + 1])


def _by_cue(drafts: list[Draft]) -> list[Draft]:
    merged: dict[Offsets, Draft] = {}
    rest: list[Draft] = []
    for draft in drafts:
        if draft.cue is None or draft.within:
            rest.append(draft)
        elif draft.cue in merged:
            one = merged[draft.cue]
            parts = tuple(sorted({*one.parts, *draft.parts}))
            merged[draft.cue] = replace(one, parts=parts, sources=one.sources or draft.sources)
        else:
            merged[draft.cue] = draft
    return [*merged.values(), *rest]


def _put(pool: list[Draft | None], owner: int | None, draft: Draft) -> int:
    if owner is None:
        pool.append(draft)
        return len(pool) - 1
    pool[owner] = draft
    return owner
