"""The component: quantities of a document become `Figure`s."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from extract.findings import Claim, DateMention, Figure

from .change import kind_and_direction
from .context import claim_of, modality_of, period_of
from .counted import Counted, CountedFinder
from .frame import Frame
from .lexer import Lexeme
from .lexicon import Lexicon
from .measures import measure_of, stem
from .places import Place, find_places, gazetteer, place_of
from .recognise import Quantity, recognise

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
        frame = Frame(doc)
        places = find_places(doc, lexemes, self.words, self.gazetteer)
        counting = CountedFinder(frame, self.words)
        figures: list[Figure] = []
        for quantity in quantities:
            if quantity.reason is None:
                figure = self._figure(doc, quantity, frame, lexemes, places, counting)
                figures.append(replace(figure, id=f"f{len(figures) + 1}"))
        return figures

    def _figure(
        self,
        doc: Doc,
        quantity: Quantity,
        frame: Frame,
        lexemes: Sequence[Lexeme],
        places: Sequence[Place],
        counting: CountedFinder,
    ) -> Figure:
        kind, direction = kind_and_direction(quantity, lexemes, self.words)
        what = counting.find(quantity, kind)
        claim = claim_of(quantity.start, quantity.end, _claims(doc))
        clause = frame.clause_span(quantity.start, quantity.end)
        sentence = frame.sentence(quantity.start)
        unit = self._unit(quantity, what)
        money = quantity.kind == "money"
        text = doc.text
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
            measure=measure_of(what.phrase, text[clause[0] : clause[1]], unit, kind, money, self.words),
            place=place_of(quantity.start, quantity.end, sentence, clause, places),
            period=period_of(quantity.start, quantity.end, clause, frame, _dates(doc), claim),
            claim=claim.id if claim else None,
            speaker=claim.speaker.names if claim else (),
            modality=modality_of(text[sentence[0] : sentence[1]], quantity.start - sentence[0], claim, self.words),
        )

    def _unit(self, quantity: Quantity, what: Counted) -> str | None:
        """The printed unit; the currency of the country for a bare sign; person or the singular noun for a count."""
        if quantity.unit in self.words.home_currency:
            return self.words.home_currency[quantity.unit]
        if quantity.unit is not None:
            return quantity.unit
        if what.head is None:
            return None
        return "person" if what.head in self.words.person else _IRREGULAR.get(what.head, stem(what.head))


def _tidy(value: float | None) -> float | None:
    return None if value is None else round(value, 2) if value != int(value) else float(int(value))


def _dates(doc: Doc) -> Sequence[DateMention]:
    return getattr(doc._, "dates", None) or () if doc.has_extension("dates") else ()


def _claims(doc: Doc) -> Sequence[Claim]:
    return getattr(doc._, "claims", None) or () if doc.has_extension("claims") else ()


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
