"""Who speaks: each claim's mention becomes full names, a class, a role and a degree of certainty.

Resolution stays within the article: a name is given only where the article prints it. A wrong name is worse than none,
so that a mention nobody fits keeps no names and a low confidence.
Developed on the cross-check corpus and the three articles (general rules; no name decides anything).
"""

from __future__ import annotations

from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from extract.confidence import curve
from extract.findings import Claim, Speaker
from extract.speakers.context import NOBODY, Context, Resolved, Spoken
from extract.speakers.resolve import resolve
from extract.speakers.said import date_claims, reread_dates

_CARRIED = 0.8  # a quotation without a cue usually goes on with the speaker before


@Language.factory("onrecord_speakers")
def create_speakers(nlp: Language, name: str) -> SpeakerResolver:
    """The pipe that names the speakers of `doc._.claims`."""
    return SpeakerResolver()


class SpeakerResolver:
    def __init__(self) -> None:
        for attribute in ("claims", "dates"):
            if not Doc.has_extension(attribute):
                Doc.set_extension(attribute, default=())

    def __call__(self, doc: Doc) -> Doc:
        if doc._.claims:
            published = doc._.published if Doc.has_extension("published") else None
            context = Context.of(doc, list(doc._.claims))
            claims = find_speakers(context, list(doc._.claims))
            doc._.claims = date_claims(claims, doc._.dates or (), published, context)
            doc._.dates = reread_dates(doc, doc._.dates or (), doc._.claims, published)
        return doc


def find_speakers(context: Context, claims: list[Claim]) -> list[Claim]:
    """The claims with their speakers, in the same order. Outer claims are settled before those inside them."""
    settled: dict[str, Resolved] = {}
    papers = []
    places = {claim.id: n for n, claim in enumerate(claims)}
    order = sorted(claims, key=lambda c: (c.nested_in is not None, _position(c)))
    for claim in order:
        found = _settle(claim, claims, places, settled, context)
        settled[claim.id] = found
        context.settle(Spoken(claim, _position(claim), found))
        if found.class_ == "document" and not found.names:
            papers.append(claim)
    for claim in papers:  # whoever wrote it may be said later
        settled[claim.id] = _settle(claim, claims, places, settled, context)
    return [_with_speaker(claim, settled[claim.id]) for claim in claims]


def _position(claim: Claim) -> int:
    """Where the speaker stands: the mention, else the cue, else the content."""
    mention = claim.speaker.mention
    return mention.start if mention else claim.cue.start if claim.cue else claim.content.start


def _settle(
    claim: Claim, claims: list[Claim], places: dict[str, int], settled: dict[str, Resolved], context: Context
) -> Resolved:
    mention = claim.speaker.mention
    if mention is not None:
        found = resolve(mention.text, mention.start, claim, context)
        return replace(found, basis="continued") if claim.speaker.basis == "continued" else found
    if claim.speaker.basis != "continued":
        return NOBODY
    earlier = (claims[n] for n in range(places[claim.id] - 1, -1, -1))
    before = next((c for c in earlier if c.nested_in is None and c.kind != "indirect"), None)
    carried = settled.get(before.id) if before else None
    if carried is None:
        return replace(NOBODY, basis="continued")
    return replace(carried, basis="continued", role=carried.role, certainty=carried.certainty * _CARRIED)


def _with_speaker(claim: Claim, found: Resolved) -> Claim:
    speaker = Speaker(claim.speaker.mention, found.names, found.class_, found.role, found.basis)
    return replace(claim, speaker=speaker, confidence=round(curve()(claim.confidence * found.certainty), 3))


__all__ = ["SpeakerResolver", "create_speakers", "find_speakers"]
