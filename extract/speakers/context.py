"""What the resolution rules know of an article while they walk through its claims."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from spacy.tokens import Doc

from extract.claims.quotes import Quotation, find_quotations, paragraphs
from extract.claims.syntax import Characters
from extract.findings import Basis, Claim, SpeakerClass
from extract.lexicon import lexicon
from extract.speakers.names import fold
from extract.speakers.people import People, Person


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who a mention means. `certainty` is 0..1; no names where nobody can be named without guessing."""

    names: tuple[str, ...]
    class_: SpeakerClass
    role: str | None = None
    basis: Basis = "named"
    certainty: float = 0.9
    persons: tuple[Person, ...] = ()
    plural: bool = False


NOBODY = Resolved((), "unknown", certainty=0.3)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A claim whose speaker is settled, kept for the pronouns and documents after it."""

    claim: Claim
    position: int
    resolved: Resolved


@dataclass(slots=True)
class Context:
    """One article: its people, its quotations, and who has spoken so far."""

    doc: Doc
    chars: Characters
    people: People
    quotations: list[Quotation]
    lines: list[tuple[int, int]]
    speakers: list[Person]
    spoken: list[Spoken] = field(default_factory=list)

    @classmethod
    def of(cls, doc: Doc, claims: list[Claim]) -> Context:
        people = People(doc)
        mentions = [c.speaker.mention for c in claims if c.speaker.mention]
        named = [p for m in mentions for _, p in people.within(m.start, m.end)]
        speakers = list(dict.fromkeys(named))
        return cls(doc, Characters(doc), people, find_quotations(doc.text), paragraphs(doc.text), speakers)

    @property
    def text(self) -> str:
        return self.doc.text

    def line(self, position: int) -> int:
        """The number of the paragraph that holds `position`."""
        return max(0, bisect_right(self.lines, (position, len(self.text) + 1)) - 1)

    def sentence(self, position: int) -> tuple[int, int]:
        """The characters of the sentence at `position`; the paragraph where there are no sentence bounds."""
        if len(self.doc) and self.doc.has_annotation("SENT_START"):
            sent = self.doc[min(self.chars.token(position), len(self.doc) - 1)].sent
            return sent.start_char, sent.end_char
        return self.lines[self.line(position)] if self.lines else (0, len(self.text))

    def quotation_at(self, position: int) -> Quotation | None:
        n = bisect_right([q.start for q in self.quotations], position) - 1
        if n >= 0 and self.quotations[n].inner[0] <= position < self.quotations[n].inner[1]:
            return self.quotations[n]
        return None

    def last(self, position: int) -> Spoken | None:
        """The last claim settled whose speaker stands before `position`."""
        before = [s for s in self.spoken if s.position < position]
        return max(before, key=lambda s: s.position, default=None)

    def province(self, position: int) -> str | None:
        """The province (or state) that the article is about: the one named most, the nearest before on a tie."""
        table = lexicon("governments")
        names = [*table["provinces"], *table["territories"], *table["states"]]
        counts = Counter({name: self.text.count(name) for name in names if name in self.text})
        if not counts:
            return None
        merged: Counter[str] = Counter()
        for name, count in counts.items():
            merged["Quebec" if fold(name) == "quebec" else name] += count
        best = max(merged.values())
        tied = [name for name in merged if merged[name] == best]
        return max(tied, key=lambda name: self.text.rfind(name, 0, position))

    def country(self) -> str | None:
        """The country that "federal" means here."""
        for name, marks in lexicon("governments")["federal_country"].items():
            if any(mark in self.text for mark in marks):
                return str(name)
        return None
