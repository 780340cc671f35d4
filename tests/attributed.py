"""Documents by hand: a text whose attributions are marked, `{s:source} {c:cue} {t:content}`.

A number tells attributions apart (`{c2:added}`); one without belongs to the first. What the encoder would predict is
thus written beside the words it would predict it for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from extract.attribution import Attribution
from extract.claims import ClaimFinder, find_claims
from extract.claims.syntax import Characters
from extract.dates import find_dates
from extract.findings import Claim
from extract.speakers import SpeakerResolver

MARK = re.compile(r"\{([sct])(\d*):|\}")


@cache
def tokenizer() -> Language:
    return spacy.blank("en")


def document(marked: str, published: str | None = None, score: float = 0.9) -> Doc:
    """The Doc of a marked text, with its attributions and dates set and no tags, tree or entities."""
    text, spans, open_ = "", defaultdict(lambda: defaultdict(list)), []
    position = 0
    for mark in MARK.finditer(marked):
        text += marked[position : mark.start()]
        position = mark.end()
        if mark[1]:
            open_.append((mark[1], mark[2] or "1", len(text)))
        else:
            kind, number, start = open_.pop()
            spans[number][kind].append((start, len(text)))
    text += marked[position:]
    ClaimFinder(), SpeakerResolver()
    for attribute in ("published", "dates"):
        if not Doc.has_extension(attribute):
            Doc.set_extension(attribute, default=None)
    doc = tokenizer()(text)
    chars = Characters(doc)
    doc._.attributions = [
        Attribution(
            cue=chars.tokens(kinds["c"][0]) if kinds["c"] else None,
            sources=tuple(chars.tokens(s) for s in kinds["s"]),
            contents=tuple(chars.tokens(t) for t in kinds["t"]),
            score=score,
        )
        for _, kinds in sorted(spans.items())
    ]
    doc._.published = date.fromisoformat(published) if published else None
    doc._.dates = find_dates(doc, doc._.published)
    return doc


def claims_of(marked: str) -> list[Claim]:
    """The claims of a marked text, their speakers not yet resolved."""
    return find_claims(document(marked))


def spoken(marked: str, published: str | None = None) -> list[Claim]:
    """The claims of a marked text with speakers and dates."""
    doc = document(marked, published)
    doc._.claims = find_claims(doc)
    return list(SpeakerResolver()(doc)._.claims)
