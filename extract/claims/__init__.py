"""Attributions become claims: who is to be found by `extract.speakers`, everything else is settled here.

The encoder predicts cues, sources and contents; these rules join the parts of one claim, set its exact boundaries by
the quotation marks, read negation and modality off its cue, and add claims that other claims contain.
Developed on the cross-check corpus and the three articles; PolNeAR's training part gave the cue lists.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from spacy.language import Language
from spacy.tokens import Doc

from extract.claims.draft import Draft, Offsets, Quotations, snap, trim
from extract.claims.finish import make_claim, number
from extract.claims.join import Joiner
from extract.claims.layout import with_headline
from extract.claims.mention import is_single
from extract.claims.nominal import Nominal
from extract.claims.quotes import find_quotations
from extract.claims.recover import cited, citing, cue_beside, cue_in, nested
from extract.claims.regroup import Regrouper
from extract.claims.repair import Repairer
from extract.claims.sentences import Sentences
from extract.claims.syntax import Characters, clause_end, entity_end, name_end
from extract.findings import Claim


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
    those = frozenset(t.idx for t in doc if t.lower_ == "that" and t.tag_ == "DT" and t.dep_ == "det")
    quotations = Quotations(chars.text, find_quotations(chars.text), those)
    sentences = Sentences(chars.text)
    regrouper = Regrouper(quotations, sentences, lambda s, c: cue_in(doc, chars, s, c))
    drafts = [_completed(chars, quotations, d) for d in regrouper.regroup(_drafts(doc, chars, quotations))]
    drafts = Repairer(doc, chars, quotations, sentences).repair(drafts)
    drafts = with_headline(doc, chars, quotations, Nominal(doc, chars, quotations, sentences).repair(drafts))
    cues = [d.cue for d in drafts if d.cue is not None]
    joined = Joiner(quotations, cues, lambda q: cue_beside(doc, chars, q), partial(is_single, chars)).join(drafts)
    joined = citing(doc, chars, cited(doc, chars, sentences, joined))
    inner = [d for d in (_trimmed(quotations, d) for d in nested(doc, chars, joined)) if d is not None]
    made = [(make_claim(doc, chars, quotations, sentences, d), d.within) for d in [*joined, *inner]]
    return number([(claim, within) for claim, within in made if claim is not None])


def _drafts(doc: Doc, chars: Characters, quotations: Quotations) -> list[Draft]:
    drafts = []
    known = [a for a in doc._.attributions or () if a.contents]
    edges = [span for a in known for span in ((a.cue, *a.sources) if a.cue else a.sources)]
    barred = sorted(chars.chars(*span) for span in (*edges, *(c for a in known for c in a.contents)))
    for attribution in known:
        contents = [chars.chars(start, entity_end(doc, end)) for start, end in attribution.contents]
        lines = [line for content in contents for line in _lines(chars.text, content)]
        snapped = [snap(quotations, line, barred, contents) for line in lines]
        parts = tuple(sorted({p for s in snapped if (p := trim(quotations, s)) is not None}))
        if parts:
            cue = chars.chars(*attribution.cue) if attribution.cue else None
            sources = tuple(chars.chars(start, name_end(doc, end)) for start, end in attribution.sources)
            drafts.append(Draft(parts, cue, sources, attribution.score))
    return drafts


def _completed(chars: Characters, quotations: Quotations, draft: Draft) -> Draft:
    """The draft with its clause whole where the prediction stops before the verb: "when the rules | take effect"."""
    if draft.cue is None or len(draft.parts) != 1 or quotations.kind(draft.parts) != "indirect":
        return draft
    end = clause_end(chars, draft.cue, draft.parts[0])
    span = end and trim(quotations, (draft.start, end))
    return replace(draft, parts=(span,)) if span else draft


def _lines(text: str, span: Offsets) -> list[Offsets]:
    """A span cut at line breaks."""
    cut, start = [], span[0]
    while (at := text.find("\n", start, span[1])) >= 0:
        cut.append((start, at))
        start = at + 1
    return [(s, e) for s, e in [*cut, (start, span[1])] if text[s:e].strip()]


def _trimmed(quotations: Quotations, draft: Draft) -> Draft | None:
    parts = tuple(p for part in draft.parts if (p := trim(quotations, part)) is not None)
    parts = tuple(_unmarked(quotations.text, *p) for p in parts)
    parts = tuple((s, e - 1) if _is_outer(quotations.text, e) else (s, e) for s, e in parts)
    return replace(draft, parts=parts) if parts else None


def _unmarked(text: str, start: int, end: int) -> Offsets:
    """A claim within a quotation without its inner marks, where they open at its start and close at its end."""
    closing = {"‘": "’", "“": "”", "'": "'", '"': '"', "«": "»"}.get(text[start])
    if closing is None or closing not in (text[end - 1], text[end : end + 1]):
        return start, end
    return start + 1, end - 1 if text[end - 1] == closing else end


def _is_outer(text: str, end: int) -> bool:
    """Whether the sign before `end` belongs to the sentence around a claim within a claim, not to inner marks."""
    return text[end - 1] in ".,!?" and text[end : end + 1] not in {"’", "”", "'", '"', "»"}


__all__ = ["ClaimFinder", "create_claims", "find_claims"]
