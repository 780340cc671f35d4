"""The component: quantities of a document become `Figure`s."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from extract.findings import Claim, DateMention, Figure, FigureBasis, Interval

from .change import kind_and_direction
from .context import Contents, Periods, Standing, claim_of, period_of
from .counted import Counted, CountedFinder
from .frame import Frame
from .lexer import Lexeme
from .lexicon import Lexicon
from .measures import measure_of, stem
from .modality import modality_of
from .places import Located, Where, default_place, find_places, gazetteer, place_of
from .recognise import Quantity, recognise

_THEM = re.compile(r"(?:among|of|amongst) (?:them|those|these)\b", re.IGNORECASE)
_SAME_WORDS = 6
_US_DOLLAR = "USD"
_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman", "countries": "country"}


class FigureFinder:
    """Finds the figures of documents. Word lists are read once, when it is made."""

    def __init__(self, words: Lexicon | None = None) -> None:
        self.words = words or Lexicon.load()
        self.gazetteer = gazetteer(self.words.places)

    def __call__(self, doc: Doc) -> Doc:
        doc._.figures = self.find(doc)
        return doc

    def quantities(
        self, doc: Doc, masks: Sequence[tuple[int, int]] | None = None
    ) -> tuple[list[Quantity], list[Lexeme]]:
        """All quantities outside the document's dates, also those that are no figures (`reason` says why)."""
        spans = [(d.start, d.end) for d in _dates(doc)] if masks is None else masks
        return recognise(doc.text, self.words, spans)

    def find(self, doc: Doc) -> list[Figure]:
        """The figures of `doc` in order, with the ids f1, f2, …"""
        quantities, lexemes = self.quantities(doc)
        reader = _Reader(self, doc, quantities, lexemes)
        return [replace(reader.figure(at), id=f"f{n}") for n, at in enumerate(reader.wanted, 1)]

    def unit(self, quantity: Quantity, what: Counted, printed: Set[str | None]) -> tuple[str | None, str | None]:
        """The printed unit; the currency of the country for a bare sign; person or the singular noun for a count; and
        what that rests on where the amount does not say it.

        Who writes "C$" and never "US$" means US dollars by a bare sign. `printed`: the units that the document names.
        """
        home = self.words.home_currency.get(quantity.unit or "")
        if home is not None:
            abroad = home in printed and _US_DOLLAR not in printed
            return (_US_DOLLAR, f"bare {quantity.unit} beside {home}") if abroad else (home, f"bare {quantity.unit}")
        if quantity.unit is not None or what.head is None:
            return quantity.unit, None
        person = what.head in self.words.person
        return "person" if person else _IRREGULAR.get(what.head, stem(what.head)), "counted"


@dataclass(frozen=True, slots=True)
class _Level:
    """The level with the latest period in a paragraph: what "among them" and a change there go back to."""

    start: int
    period: Interval
    place: Located


class _Reader:
    """Reads the figures of one document in order; what one says is remembered for the next."""

    def __init__(self, finder: FigureFinder, doc: Doc, quantities: list[Quantity], lexemes: list[Lexeme]) -> None:
        self.finder, self.doc, self.quantities, self.lexemes = finder, doc, quantities, lexemes
        self.wanted = [n for n, q in enumerate(quantities) if q.reason is None]
        self.printed = {q.unit for q in quantities}
        self.frame = Frame(doc)
        self.places = find_places(doc, lexemes, finder.words, finder.gazetteer)
        self.default = default_place(self.places, finder.words)
        self.counting = CountedFinder(self.frame, finder.words)
        self.contents = Contents(_claims(doc))
        self.dates = Periods(_dates(doc), _published(doc), doc.text)
        self.periods: dict[tuple[float | None, float | None], Interval] = {}
        self.last_period: Interval | None = None
        self.last_end = -1
        self.level: _Level | None = None
        self.spans = [(self.quantities[n].start, self.quantities[n].end) for n in self.wanted]
        self.last: tuple[tuple[int, int], Located] = ((-1, -1), Located())

    def figure(self, at: int) -> Figure:
        """The figure of quantity number `at`."""
        quantity, words, text = self.quantities[at], self.finder.words, self.frame.text
        kind, direction = kind_and_direction(quantity, self.lexemes, words)
        what = self.counting.find(quantity, kind)
        claim = claim_of(quantity.start, quantity.end, self.contents, self.frame)
        clause = self.frame.clause_span(quantity.start, quantity.end)
        sentence = self.frame.sentence(quantity.start)
        (unit, unit_basis), money = self.finder.unit(quantity, what, self.printed), quantity.kind == "money"
        modality = modality_of(quantity, self.frame, claim, None, _published(self.doc), words)
        period = self._period(quantity, what, kind, modality, clause, claim)
        place = self._place(at, kind, what, clause, claim)
        if period is not None and kind == "level" and self.last_period is not None:
            latest = self._level_here(quantity)
            if latest is None or str(period.end) > str(latest.end):
                self.level = _Level(quantity.start, period, place)
        return Figure(
            start=quantity.start,
            end=quantity.end,
            text=text[quantity.start : quantity.end],
            value=_tidy(quantity.value),
            low=_tidy(quantity.low),
            high=_tidy(quantity.high),
            unit=unit,
            kind=kind,
            modifier=quantity.modifier,
            direction=direction,
            counted=what.phrase,
            of=what.of,
            measure=measure_of(
                self.counting.full_name(what), text[slice(*clause)], text[slice(*sentence)], unit, kind, money, words
            ),
            place=place.name,
            period=period,
            claim=claim.id if claim else None,
            speaker=claim.speaker.names if claim else (),
            modality=modality_of(quantity, self.frame, claim, period, _published(self.doc), words),
            basis=FigureBasis(unit_basis, what.basis or None, place.basis),
        )

    def _period(
        self,
        quantity: Quantity,
        what: Counted,
        kind: str,
        modality: str,
        clause: tuple[int, int],
        claim: Claim | None,
    ) -> Interval | None:
        number = (quantity.value or quantity.low, quantity.high)
        earlier = None
        if what.basis == "same number before":
            earlier = self.periods.get(number)
        elif self._opens_with_them(quantity):
            earlier = self.level.period if self.level else None
        elif self._is_same(quantity) or (what.basis == "figure before" and self._in_paragraph(quantity)):
            earlier = self.last_period
        standing = Standing(quantity.start, quantity.end, clause, kind, modality, quantity.kind == "money", self.spans)
        horizon = self.dates.horizon(standing, self.frame.text)
        if horizon is not None:  # of this sum or this change alone: nothing inherits it
            self.last_period, self.last_end = None, quantity.end
            return horizon
        found = period_of(standing, self.frame, self.dates, claim, earlier, self._level_here(quantity))
        self.last_period, self.last_end = found, quantity.end
        if found is not None:
            self.periods.setdefault(number, found)
        return found

    def _opens_with_them(self, quantity: Quantity) -> bool:
        """ "Among them, 190 …": of those that the last level counted."""
        start, _ = self.frame.sentence(quantity.start)
        return bool(_THEM.match(self.frame.text, start))

    def _is_same(self, quantity: Quantity) -> bool:
        """ "190, or 32 per cent", "190 were refused, or 32 per cent": one thing in two numbers."""
        between = self.frame.text[max(self.last_end, 0) : quantity.start]
        close = between.count(" ") <= _SAME_WORDS
        return between in (" or ", " (", ", about ") or (close and between.endswith(", or "))

    def _in_paragraph(self, quantity: Quantity) -> bool:
        """Whether the figure before stands in the same paragraph."""
        return self.last_end > self.frame.paragraph(quantity.start)[0]

    def _level_here(self, quantity: Quantity) -> Interval | None:
        """The latest period of a level in the figure's paragraph so far: what a change leads up to."""
        here = self.level is not None and self.level.start >= self.frame.paragraph(quantity.start)[0]
        return self.level.period if self.level and here else None

    def _place(self, at: int, kind: str, what: Counted, clause: tuple[int, int], claim: Claim | None) -> Located:
        quantity = self.quantities[at]
        sentence = part = self.frame.sentence(quantity.start)
        start, end = _piece(claim, quantity.start) if claim is not None else sentence
        if sentence[0] <= start:
            part = (start, min(sentence[1], end))
            clause = (max(clause[0], part[0]), min(clause[1], part[1]))
        where = Where(
            quantity.start,
            quantity.end,
            clause,
            part,
            sentence,
            after=self.quantities[at + 1].start if at + 1 < len(self.quantities) else len(self.frame.text),
            before=self.quantities[at - 1].end if at else 0,
            share=kind == "share",
            money=quantity.kind == "money" and what.head not in self.finder.words.context["own_money"],
        )
        paragraph = self.frame.paragraph(quantity.start)
        follows = self.last[0] == paragraph or what.basis in ("figure before", "same number before")
        inherited = Located(self.default, "the article") if self.default else Located()
        if self._opens_with_them(quantity) and self.level is not None:
            inherited = self.level.place.passed_on("figure before")
        elif follows and self.last[1].name:
            inherited = self.last[1].passed_on("figure before")
        place = place_of(where, self.places, inherited)
        self.last = (paragraph, place)
        return place


def _piece(claim: Claim, at: int) -> tuple[int, int]:
    """The claim's content; of a quotation that the reporter's words interrupt, the piece around character `at`."""
    whole = (claim.content.start, claim.content.end)
    return next((p for p in claim.parts if claim.kind == "direct" and p[0] <= at < p[1]), whole)


def _tidy(value: float | None) -> float | None:
    return None if value is None else round(value, 2) if value != int(value) else float(int(value))


def _dates(doc: Doc) -> Sequence[DateMention]:
    return getattr(doc._, "dates", None) or () if doc.has_extension("dates") else ()


def _claims(doc: Doc) -> Sequence[Claim]:
    return getattr(doc._, "claims", None) or () if doc.has_extension("claims") else ()


def _published(doc: Doc) -> str | None:
    day = getattr(doc._, "published", None) if doc.has_extension("published") else None
    return day.isoformat()[:10] if day else None


def find_figures(doc: Doc, words: Lexicon | None = None) -> list[Figure]:
    """The figures of a document, dates and claims respected where its extensions hold them."""
    return FigureFinder(words).find(doc)


@Language.factory("onrecord_figures")
def create_figures(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """The spaCy factory of the component."""
    if not Doc.has_extension("figures"):
        Doc.set_extension("figures", default=None)
    _: Any = (nlp, name)
    return FigureFinder()
