"""Attributions become claims: who is to be found by `extract.speakers`, everything else is settled here.

The encoder predicts cues, sources and contents; these rules join the parts of one claim, set its exact boundaries by
the quotation marks, read negation and modality off its cue, and add claims that other claims contain.
Developed on the cross-check corpus and the three articles; PolNeAR's training part gave the cue lists.
"""

from __future__ import annotations

from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from extract.claims.cues import Reporting, modality, read_cue
from extract.claims.draft import Draft, Offsets, Quotations, snap, trim
from extract.claims.join import Joiner
from extract.claims.quotes import find_quotations
from extract.claims.recover import cue_beside, cue_in, nested
from extract.claims.regroup import Regrouper
from extract.claims.sentences import Sentences
from extract.claims.syntax import Characters, has_tree, phrase, subject
from extract.findings import Claim, Cue, Span, Speaker
from extract.lexicon import words

NOBODY = Speaker(mention=None, names=(), class_="unknown", role=None, basis="named")


@Language.factory("onrecord_claims")
def create_claims(nlp: Language, name: str) -> ClaimFinder:
    """The pipe that sets `doc._.claims` from `doc._.attributions`."""
    return ClaimFinder()


class ClaimFinder:
    def __init__(self) -> None:
        for attribute in ("attributions", "claims"):
            if not Doc.has_extension(attribute):
                Doc.set_extension(attribute, default=())

    def __call__(self, doc: Doc) -> Doc:
        doc._.claims = find_claims(doc)
        return doc


def find_claims(doc: Doc) -> list[Claim]:
    """The claims of a document in order of their content, ids c1, c2, …; speakers have their mention only."""
    if not len(doc):
        return []
    chars = Characters(doc)
    quotations = Quotations(doc.text, find_quotations(doc.text))
    regrouper = Regrouper(quotations, Sentences(doc.text), lambda s, c: cue_in(doc, chars, s, c))
    drafts = regrouper.regroup(_drafts(doc, chars, quotations))
    cues = [d.cue for d in drafts if d.cue is not None]
    joined = Joiner(quotations, cues, lambda q: cue_beside(doc, chars, q)).join(drafts)
    inner = [d for d in (_trimmed(quotations, d) for d in nested(doc, chars, joined)) if d is not None]
    claims = [claim for draft in [*joined, *inner] if (claim := _claim(doc, chars, quotations, draft)) is not None]
    return _nest(claims)


def _drafts(doc: Doc, chars: Characters, quotations: Quotations) -> list[Draft]:
    drafts = []
    known = [a for a in doc._.attributions or () if a.contents]
    edges = [span for a in known for span in ((a.cue, *a.sources) if a.cue else a.sources)]
    barred = [chars.chars(*span) for span in (*edges, *(c for a in known for c in a.contents))]
    for attribution in known:
        contents = [chars.chars(*c) for c in attribution.contents]
        lines = [line for content in contents for line in _lines(doc.text, content)]
        snapped = [snap(quotations, line, [b for b in barred if b not in contents]) for line in lines]
        parts = tuple(sorted({p for s in snapped if (p := trim(quotations, s)) is not None}))
        if parts:
            cue = chars.chars(*attribution.cue) if attribution.cue else None
            sources = tuple(chars.chars(*s) for s in attribution.sources)
            drafts.append(Draft(parts, cue, sources, attribution.score))
    return drafts


def _lines(text: str, span: Offsets) -> list[Offsets]:
    """A span cut at line breaks."""
    cut, start = [], span[0]
    while (at := text.find("\n", start, span[1])) >= 0:
        cut.append((start, at))
        start = at + 1
    return [(s, e) for s, e in [*cut, (start, span[1])] if text[s:e].strip()]


def _trimmed(quotations: Quotations, draft: Draft) -> Draft | None:
    parts = tuple(p for part in draft.parts if (p := trim(quotations, part)) is not None)
    parts = tuple((s, e - 1) if quotations.text[e - 1] in ".,!?" else (s, e) for s, e in parts)
    return replace(draft, parts=parts) if parts else None


def _claim(doc: Doc, chars: Characters, quotations: Quotations, draft: Draft) -> Claim | None:
    cue = _cue(doc, chars, draft)
    kind = "indirect" if draft.within else quotations.kind(draft.parts)
    if cue is not None and kind == "indirect" and cue.lemma in words("cues", "silent") and not cue.noun:
        return None
    text = doc.text
    first = doc[slice(*chars.tokens(draft.parts[0]))]
    how = modality(cue, first)
    quoted = tuple(q for part in draft.parts for q in quotations.quoted(*part))
    return Claim(
        id="",
        kind=kind,
        content=Span.cut(text, draft.start, draft.end),
        parts=draft.parts,
        quoted=quoted,
        cue=Cue(cue.start, cue.end, text[cue.start : cue.end], cue.lemma) if cue else None,
        speaker=replace(NOBODY, mention=_mention(doc, chars, draft, cue), basis=draft.basis or "named"),
        said_on=None,
        negated=(cue is not None and cue.negated) or how == "denied",
        modality=how,
        nested_in=None,
        confidence=round(draft.score, 3),
    )


def _cue(doc: Doc, chars: Characters, draft: Draft) -> Reporting | None:
    if draft.cue is None:
        return None
    start, end = chars.tokens(draft.cue)
    after = min((s for s, _ in draft.parts if s >= draft.cue[1]), default=None)
    return read_cue(doc, start, end, None if after is None else chars.token(after))


def _mention(doc: Doc, chars: Characters, draft: Draft, cue: Reporting | None) -> Span | None:
    """Where the speaker is named: the predicted source, else the subject of the cue."""
    if draft.sources:
        return Span.cut(doc.text, *draft.sources[0])
    if cue is None or draft.basis == "continued" or not has_tree(doc):
        return None
    found = subject(doc[cue.head])
    return None if found is None else Span.cut(doc.text, *chars.chars(*phrase(found)))


def _nest(claims: list[Claim]) -> list[Claim]:
    """Claims in order, numbered, each with the smallest claim that holds all its parts."""
    ordered = sorted(claims, key=lambda c: (c.content.start, -c.content.end, c.parts))
    numbered = [replace(claim, id=f"c{n}") for n, claim in enumerate(ordered, 1)]
    done: list[Claim] = []
    open_: list[Claim] = []
    for claim in numbered:
        open_ = [c for c in open_ if c.content.end > claim.content.start]
        holders = [c for c in open_ if _holds(c, claim)]
        inner = min(holders, key=lambda c: c.content.end - c.content.start, default=None)
        done.append(replace(claim, nested_in=inner.id if inner else None))
        open_.append(claim)
    return done


def _holds(outer: Claim, inner: Claim) -> bool:
    return outer.parts != inner.parts and all(
        any(s <= start and end <= e for s, e in outer.parts) for start, end in inner.parts
    )


__all__ = ["ClaimFinder", "create_claims", "find_claims"]
