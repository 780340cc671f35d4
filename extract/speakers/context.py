"""What the resolution rules know of an article while they walk through its claims."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from spacy.tokens import Doc, Span

from extract.claims.quotes import Quotation, find_quotations, paragraphs
from extract.claims.sentences import Sentences
from extract.claims.syntax import Characters
from extract.findings import Basis, Claim, SpeakerClass
from extract.lexicon import lexicon
from extract.speakers.names import fold
from extract.speakers.people import People, Person, home_towns

_MEMORY = 60  # claims: who spoke longer ago is meant by no pronoun
_ENTITIES = 200  # how far back "the agency" and "the city" look
_NAME = r"(?<![\w-])[A-ZÀ-Ý][\w-]+(?: [A-ZÀ-Ý][\w-]+)?"


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


@dataclass
class Context:
    """One article: its people, its quotations, and who has spoken so far."""

    doc: Doc
    chars: Characters
    people: People
    quotations: list[Quotation]
    lines: list[tuple[int, int]]
    speakers: list[Person]
    sentences: Sentences
    contents: list[tuple[int, int]]
    spoken: list[Spoken] = field(default_factory=list)
    papers: dict[str, Resolved | None] = field(default_factory=dict)
    by_claim: dict[str, Resolved] = field(default_factory=dict)
    acronyms: dict[str, str | None] = field(default_factory=dict)
    provinces_at: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, doc: Doc, claims: list[Claim]) -> Context:
        people = People(doc)
        mentions = [c.speaker.mention for c in claims if c.speaker.mention]
        named = [p for m in mentions for _, p in people.within(m.start, m.end)]
        speakers = list(dict.fromkeys(named))
        contents = sorted(part for c in claims if c.nested_in is None for part in c.parts)
        text = doc.text
        return cls(
            doc, Characters(doc), people, find_quotations(text), paragraphs(text), speakers, Sentences(text), contents
        )

    @cached_property
    def antecedents(self) -> dict[int, tuple[int, float]]:
        """Pronouns' antecedents by token, see `extract.encoder`; none where no encoder has read the document."""
        return self.doc._.antecedents if Doc.has_extension("antecedents") else {}

    @property
    def text(self) -> str:
        return self.chars.text

    def tokens(self, start: int, end: int) -> Span:
        """The tokens of a range of characters."""
        return self.doc[slice(*self.chars.tokens((start, end)))]

    def line(self, position: int) -> int:
        """The number of the paragraph that holds `position`."""
        return max(0, bisect_right(self.lines, (position, len(self.text) + 1)) - 1)

    def sentence(self, position: int) -> tuple[int, int]:
        """The characters of the sentence at `position`, by punctuation."""
        return self.sentences.at(position)

    def quotation_at(self, position: int) -> Quotation | None:
        n = bisect_right(self.quotations, position, key=lambda q: q.start) - 1
        if n >= 0 and self.quotations[n].inner[0] <= position < self.quotations[n].inner[1]:
            return self.quotations[n]
        return None

    def recent(self, position: int) -> list[Spoken]:
        """The last claims settled whose speakers stand before `position`, in the order of the text."""
        n = bisect_left(self.spoken, position, key=lambda s: s.position)
        return self.spoken[max(0, n - _MEMORY) : n]

    def following(self, position: int) -> list[Spoken]:
        """The next claims settled from `position` on."""
        n = bisect_left(self.spoken, position, key=lambda s: s.position)
        return self.spoken[n : n + _MEMORY]

    def settle(self, spoken: Spoken) -> None:
        """Keep a settled claim, in the order of the text."""
        insort(self.spoken, spoken, key=lambda s: s.position)
        self.by_claim[spoken.claim.id] = spoken.resolved

    def last(self, position: int) -> Spoken | None:
        """The last claim settled whose speaker stands before `position`."""
        recent = self.recent(position)
        return recent[-1] if recent else None

    def reported(self, position: int) -> bool:
        """Whether `position` stands in the content of a claim."""
        n = bisect_right(self.contents, (position, len(self.text) + 1)) - 1
        return n >= 0 and self.contents[n][0] <= position < self.contents[n][1]

    def last_body(self, position: int, fits: Callable[[str], bool]) -> str | None:
        """The last organisation named before `position` whose name `fits`."""
        return _last_fitting(self.entities.get("ORG", []), position, fits)

    def last_town(self, position: int, fits: Callable[[str], bool]) -> str | None:
        """The last place named before `position` that may be a town and whose name `fits`."""
        return _last_fitting(self.towns, position, fits)

    @cached_property
    def entities(self) -> dict[str, list[tuple[int, str]]]:
        """Label → the ends and texts of its entities in order."""
        found: dict[str, list[tuple[int, str]]] = {}
        for entity in self.doc.ents:
            found.setdefault(entity.label_, []).append((entity.end_char, entity.text))
        return found

    @cached_property
    def towns(self) -> list[tuple[int, str]]:
        """The ends and names of places in order, without regions ("the Interior") but with those that only their people
        tell ("a Port Ellen landlord")."""
        places = [(end, name) for end, name in self.entities.get("LOC", []) if not self._is_region(end, name)]
        return sorted({*places, *home_towns(self.doc)})

    def _is_region(self, end: int, name: str) -> bool:
        before = self.text[max(0, end - len(name) - 4) : end - len(name)]
        return "the " in (before.casefold(), name[:4].casefold())

    def is_place(self, name: str) -> bool:
        """Whether the article treats a name that no list knows as a place: "in X", "the government of X"."""
        return name in self.people.places

    def province(self, position: int) -> str | None:
        """The province (or state) that the article is about: the one named most, the nearest before on a tie."""
        tied = self.provinces
        if not tied:
            return self.unlisted_province
        return max(tied, key=lambda name: self._last_before(name, position)) if len(tied) > 1 else tied[0]

    def _last_before(self, name: str, position: int) -> int:
        """Where a province is named last before `position`, -1 where nowhere."""
        if name not in self.provinces_at:
            self.provinces_at[name] = [m.start() for m in re.finditer(re.escape(name), self.text)]
        places = self.provinces_at[name]
        n = bisect_right(places, position - len(name)) - 1
        return places[n] if n >= 0 else -1

    @cached_property
    def provinces(self) -> list[str]:
        """The provinces named most."""
        table = lexicon("governments")
        names = [*table["provinces"], *table["territories"], *table["states"]]
        counts = Counter({name: self.text.count(name) for name in names if name in self.text})
        merged: Counter[str] = Counter()
        for name, count in counts.items():
            merged["Quebec" if fold(name) == "quebec" else name] += count
        return [name for name in merged if merged[name] == max(merged.values())]

    @cached_property
    def unlisted_province(self) -> str | None:
        """The place whose premier or government the article names."""
        found = re.findall(rf"({_NAME})[’']s? (?:premier|government|share|finance|immigration)", self.text)
        found += re.findall(rf"(?:[Pp]remier|[Gg]overnment|[Pp]rovince) of ({_NAME})", self.text)
        found += re.findall(rf"({_NAME}) (?:Premier|government)\b", self.text)
        places = Counter(name for name in found if self.is_place(name))
        return places.most_common(1)[0][0] if places else None

    @cached_property
    def country(self) -> str | None:
        """The country that "federal" means here."""
        for name, marks in lexicon("governments")["federal_country"].items():
            if any(mark in self.text for mark in marks):
                return str(name)
        return None


def _last_fitting(known: list[tuple[int, str]], position: int, fits: Callable[[str], bool]) -> str | None:
    n = bisect_right(known, position, key=lambda e: e[0])
    return next((known[i][1] for i in range(n - 1, max(-1, n - 1 - _ENTITIES), -1) if fits(known[i][1])), None)
