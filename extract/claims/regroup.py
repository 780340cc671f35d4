"""Predicted attributions checked against the layout of the text before anything is joined.

Whatever the encoder links, an indirect content belongs to its cue's sentence (in PolNeAR's training part 96 % do, and
98 % hold one sentence only), no content but a running quotation crosses a paragraph, and a quotation in another
sentence with a reporting verb of its own is another's. What is cut loose looks for a cue in its own sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from extract.claims.draft import Draft, Offsets, Quotations, trim
from extract.claims.sentences import Sentences

CueFinder = Callable[[Offsets, Offsets], tuple[Offsets | None, tuple[Offsets, ...]]]


class Regrouper:
    """Splits drafts. `find` looks for the cue and source of a content (second argument) in a sentence (first)."""

    def __init__(self, quotations: Quotations, sentences: Sentences, find: CueFinder) -> None:
        self.quotations = quotations
        self.text = quotations.text
        self.sentences = sentences
        self.find = find

    def regroup(self, drafts: list[Draft]) -> list[Draft]:
        """The drafts with the parts that their cue can have, and new drafts for the others that find a cue."""
        cues: set[Offsets | None] = {d.cue for d in drafts}
        kept: list[Draft] = []
        loose: list[Draft] = []
        for draft in drafts:
            own, others = self._split(draft)
            if own:
                kept.append(replace(draft, parts=tuple(own)))
            loose += [Draft((part,), score=draft.score) for part in others]
        for draft in loose:
            found = self._rehomed(draft)
            if found is not None and (found.cue is None or found.cue not in cues):
                cues.add(found.cue)
                kept.append(found)
        return kept

    def _split(self, draft: Draft) -> tuple[list[Offsets], list[Offsets]]:
        own: list[Offsets] = []
        loose: list[Offsets] = []
        anchor = draft.cue or (draft.sources[0] if draft.sources else None)
        for part in draft.parts:
            if self.quotations.kind((part,)) == "direct":
                fits = anchor is None or self._reaches(anchor, part)
                (own if fits else loose).append(part)
                continue
            if (inner := self._swallowed(part)) is not None:
                loose.append(inner)
                continue
            pieces = self._pieces(part)
            home = self._home(pieces, anchor)
            own += [home] if home else []
            loose += [p for p in pieces if p != home]
        return own, loose

    def _swallowed(self, part: Offsets) -> Offsets | None:
        """A quotation taken for one content with the words that attribute it: “…,” X said at the quay."""
        q = self.quotations.at(part[0] + 1) or self.quotations.at(part[0])
        if q is None or not q.closed or q.start > part[0] + 1 or q.end + 5 > part[1]:
            return None
        if self.text[q.inner[1] - 1] not in ",?!" or len(self.text[slice(*q.inner)].split()) < 4:
            return None
        cue, _ = self.find(part, q.inner)
        return trim(self.quotations, (q.start, q.end)) if cue is not None and cue[0] >= q.end else None

    def _pieces(self, part: Offsets) -> list[Offsets]:
        """The sentences of a part; a quotation is not cut within."""
        cut = self.sentences.cut(*part)
        joined: list[Offsets] = []
        for piece in cut:
            if joined and self.quotations.at(piece[0]) and self.quotations.at(joined[-1][1] - 1):
                joined[-1] = (joined[-1][0], piece[1])
            else:
                joined.append(piece)
        return [p for piece in joined if (p := trim(self.quotations, piece)) is not None]

    def _home(self, pieces: list[Offsets], anchor: Offsets | None) -> Offsets | None:
        """The piece in the anchor's sentence; for an anchor that stands alone ("He said this:") the next sentence."""
        if anchor is None:
            return pieces[0] if pieces else None
        start, end = self.sentences.at(anchor[0])
        inside = [p for p in pieces if p[0] < end and start < p[1]]
        if inside:
            return inside[0]
        after = [p for p in pieces if p[0] >= end and "\n" not in self.text[anchor[1] : p[0]]]
        return after[0] if after and self.text[anchor[1] : after[0][0]].rstrip()[-1:] == ":" else None

    def _reaches(self, anchor: Offsets, part: Offsets) -> bool:
        """Whether a quotation can belong to a cue: in its paragraph or after its colon, with no other verb nearer."""
        low, high = sorted((anchor, part))
        between = self.text[low[1] : high[0]]
        if "\n" in between:
            return anchor < part and between.rstrip().endswith(":")
        start, end = self.sentences.at(anchor[0])
        if part[0] < end and start < part[1]:
            nearer, _ = self.find((start, end), part)
            return nearer is None or not part[1] <= nearer[0] < anchor[0] - 1
        sentence = self.sentences.at(part[1] - 1)
        cue, _ = self.find(sentence, part)
        return cue is None or cue == anchor

    def _rehomed(self, draft: Draft) -> Draft | None:
        """A loose part with the cue of its own sentence; a quotation stays without one, other words do not."""
        part = draft.parts[0]
        if self.quotations.kind((part,)) == "direct":
            return draft
        cue, sources = self.find(self.sentences.at(part[0]), part)
        if cue is None or not sources:
            return None
        return replace(draft, cue=cue, sources=sources)
