"""Where a claim's speaker stands: the predicted source, put right by the tree where the two cannot both be right."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token

from extract.claims.cues import Reporting
from extract.claims.draft import Draft, Offsets
from extract.claims.sentences import Sentences
from extract.claims.syntax import Characters, has_tree, phrase, subject
from extract.findings import Span

_CIRCUMSTANCE = re.compile(r"(?<=\w)\s+(?:at|during|on|in)\s+(?:an?|the)\s")


def find_mention(doc: Doc, chars: Characters, sentences: Sentences, draft: Draft, cue: Reporting | None) -> Span | None:
    """The speaker's mention; None where the claim has none of its own."""
    if draft.basis == "continued":
        return None
    by_tree = _subject(doc, chars, draft, cue)
    if not draft.sources:
        return by_tree and Span.cut(doc.text, *by_tree)
    source = draft.sources[0]
    if by_tree is not None and cue is not None and _is_wrong(doc, chars, sentences, source, cue):
        source = by_tree
    return Span.cut(doc.text, *_without_circumstance(doc.text, _whole(doc, chars, source, cue.head if cue else None)))


def _subject(doc: Doc, chars: Characters, draft: Draft, cue: Reporting | None) -> Offsets | None:
    """The subject of the cue, unless it is part of what is said."""
    if cue is None or not has_tree(doc):
        return None
    found = subject(doc[cue.head])
    if found is None or found.tag_[:1] not in {"N", "P", "W", "D", "J", "C", ""}:
        return None
    if any(s <= found.idx < e for s, e in draft.parts):
        return None
    return chars.chars(*phrase(found))


def _is_wrong(doc: Doc, chars: Characters, sentences: Sentences, source: Offsets, cue: Reporting) -> bool:
    """Whether a source stands in another sentence than its cue, or is the one spoken to ("warned X that …")."""
    if sentences.at(source[0]) != sentences.at(cue.start):
        return True
    root = _root(doc, chars, source)
    return root.dep_ in {"obj", "iobj"} and root.head.i == cue.head


def _root(doc: Doc, chars: Characters, span: Offsets) -> Token:
    start, end = chars.tokens(span)
    tokens = doc[start : max(end, start + 1)]
    return next((t for t in tokens if not start <= t.head.i < end or t.head.i == t.i), tokens[0])


def _whole(doc: Doc, chars: Characters, source: Offsets, cue_head: int | None) -> Offsets:
    """A source that stops at an article, a possessor or an adjective of the subject, widened to its noun phrase."""
    if not has_tree(doc):
        return source
    root = _root(doc, chars, source)
    if (
        root.dep_ == "nmod:poss"
        and root.head.dep_.startswith("nsubj")
        and root.head.pos_ == "NOUN"
        and cue_head == root.head.head.i
    ):
        return chars.chars(*phrase(root.head))
    if root.pos_ not in {"DET", "ADJ", "NUM"} or root.head.i == root.i or root.head.pos_ not in {"NOUN", "PROPN"}:
        return source
    return chars.chars(*phrase(root.head))


def _without_circumstance(text: str, source: Offsets) -> Offsets:
    """ "X at a press briefing on Monday": a name ends where the circumstances begin."""
    match = _CIRCUMSTANCE.search(text, *source)
    if match is None or not re.search(r"[A-ZÀ-Ý][\w’'-]*\Z", text[source[0] : match.start()]):
        return source
    return source[0], match.start()
