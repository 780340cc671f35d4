"""What is found in an article. All offsets are characters into the article's text, end exclusive.

The invariant of the whole project, tested everywhere: `text[span.start:span.end] == span.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["direct", "indirect", "mixed"]
Modality = Literal["asserted", "demanded", "projected", "possible", "denied"]
SpeakerClass = Literal["person", "organisation", "document", "group", "anonymous", "unknown"]
Basis = Literal["named", "pronoun", "description", "continued", "document"]


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    text: str

    @classmethod
    def cut(cls, text: str, start: int, end: int) -> Span:
        """`text[start:end]` with its place: the only way a span should be made from bare offsets."""
        return cls(start, end, text[start:end])


@dataclass(frozen=True, slots=True)
class Cue(Span):
    """The word that reports: a verb without its auxiliary ("said"), a noun ("claim"), "according to"."""

    lemma: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks. `mention` is None when the speaker is carried over from an earlier sentence.

    `names` are full canonical names, several for a joint speaker, none when unknown; `role` is as printed.
    """

    mention: Span | None
    names: tuple[str, ...]
    class_: SpeakerClass
    role: str | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Interval:
    """Days, ISO 8601, both inclusive; None where an end is open. `basis` is the words or the rule it rests on."""

    start: str | None
    end: str | None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One attribution. `content` runs from the first to the last character, without the outer marks of a direct
    quotation; `parts` are its pieces when the reporter's words interrupt it; `quoted` are the spans inside marks."""

    id: str
    kind: Kind
    content: Span
    parts: tuple[tuple[int, int], ...]
    quoted: tuple[tuple[int, int], ...]
    cue: Cue | None
    speaker: Speaker
    said_on: Interval | None
    negated: bool
    modality: Modality
    nested_in: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class FigureBasis:
    """What a figure's unit, counted thing and place rest on, where the amount itself does not print them: a relation in
    the sentence ("subject"), or where it was taken over from ("figure before", "heading"); of a place, its words. The
    period has a basis of its own."""

    unit: str | None = None
    counted: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Figure(Span):
    """A quantity as printed (hedge and unit word within the span) and as normalised.

    `value` is null for a range (`low`, `high`). `counted` is the thing counted, `of` the whole a share is taken from.
    `measure` is the normalised key by which two sources' figures meet.
    """

    id: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    kind: str = "level"
    modifier: str = "none"
    direction: str = "none"
    counted: str | None = None
    of: str | None = None
    measure: str | None = None
    place: str | None = None
    period: Interval | None = None
    claim: str | None = None
    speaker: tuple[str, ...] = ()
    modality: Modality = "asserted"
    basis: FigureBasis = FigureBasis()


@dataclass(frozen=True, slots=True)
class DateMention(Span):
    """A TIMEX3 expression: `type` DATE, TIME, DURATION or SET, `value` as TimeML normalises it.

    `from_` and `to` are its interval in days. `anchor` says what a relative expression was resolved against: the
    article's publication, the quoted document's own date, or the claim's.
    """

    type: str = "DATE"
    value: str = ""
    from_: str | None = None
    to: str | None = None
    anchor: str = "published"


@dataclass(frozen=True, slots=True)
class Findings:
    claims: tuple[Claim, ...] = ()
    figures: tuple[Figure, ...] = ()
    dates: tuple[DateMention, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The three lists as `onrecord extract --json` prints them."""
        return {
            "claims": [_claim(c) for c in self.claims],
            "figures": [_figure(f) for f in self.figures],
            "dates": [_date(d) for d in self.dates],
        }


def _span(span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"start": span.start, "end": span.end, "text": span.text}


def _interval(interval: Interval | None) -> dict[str, Any] | None:
    return None if interval is None else {"start": interval.start, "end": interval.end, "basis": interval.basis}


def _claim(c: Claim) -> dict[str, Any]:
    return {
        "id": c.id,
        "kind": c.kind,
        "content": _span(c.content),
        "parts": [list(p) for p in c.parts],
        "quoted": [list(q) for q in c.quoted],
        "cue": c.cue and {**(_span(c.cue) or {}), "lemma": c.cue.lemma},
        "speaker": {
            "mention": _span(c.speaker.mention),
            "names": list(c.speaker.names),
            "class": c.speaker.class_,
            "role": c.speaker.role,
            "basis": c.speaker.basis,
        },
        "said_on": _interval(c.said_on),
        "negated": c.negated,
        "modality": c.modality,
        "nested_in": c.nested_in,
        "confidence": c.confidence,
    }


def _figure(f: Figure) -> dict[str, Any]:
    return {
        "id": f.id,
        **(_span(f) or {}),
        "value": _number(f.value),
        "low": _number(f.low),
        "high": _number(f.high),
        "unit": f.unit,
        "kind": f.kind,
        "modifier": f.modifier,
        "direction": f.direction,
        "counted": f.counted,
        "of": f.of,
        "measure": f.measure,
        "place": f.place,
        "period": _interval(f.period),
        "claim": f.claim,
        "speaker": list(f.speaker),
        "modality": f.modality,
        "basis": {"unit": f.basis.unit, "counted": f.basis.counted, "place": f.basis.place},
    }


def _date(d: DateMention) -> dict[str, Any]:
    return {**(_span(d) or {}), "type": d.type, "value": d.value, "from": d.from_, "to": d.to, "anchor": d.anchor}


def _number(x: float | None) -> float | int | None:
    return int(x) if isinstance(x, float) and x.is_integer() else x
