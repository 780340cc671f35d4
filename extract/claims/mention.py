"""Where a claim's speaker stands: the predicted source, put right by the tree where the two cannot both be right."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token

from extract.claims.cues import Reporting, is_verb
from extract.claims.draft import Draft, Offsets
from extract.claims.recover import subject_beside
from extract.claims.sentences import Sentences
from extract.claims.syntax import Characters, name_end, phrase, subject
from extract.findings import Span
from extract.lexicon import words

_CIRCUMSTANCE = re.compile(r"(?<=\w)\s+(?:at|during|on|in)\s+(?:an?|the)\s")


def find_mention(doc: Doc, chars: Characters, sentences: Sentences, draft: Draft, cue: Reporting | None) -> Span | None:
    """The speaker's mention; None where the claim has none of its own."""
    if draft.basis == "continued":
        return Span.cut(chars.text, *draft.sources[0]) if draft.sources else None
    by_tree = _subject(doc, chars, draft, cue)
    if not draft.sources:
        if by_tree is None and cue is not None and not cue.noun and is_verb(doc[cue.head]):
            by_tree = subject_beside(doc, chars, chars.token(cue.start), sentences.at(cue.start))
        return by_tree and Span.cut(chars.text, *_named(doc, chars, by_tree))
    source: Offsets | None = draft.sources[0]
    if cue is not None and cue.lemma not in {"cite", "quote"}:
        right = (s for s in draft.sources if not _is_wrong(doc, chars, sentences, s, cue))
        source = next(right, None) or _beside(doc, chars, sentences, draft, cue, by_tree)
    if source is None:
        return None
    return Span.cut(
        chars.text, *_without_circumstance(chars.text, _whole(doc, chars, source, cue.head if cue else None))
    )


def _named(doc: Doc, chars: Characters, span: Offsets) -> Offsets:
    start, end = chars.tokens(span)
    return chars.chars(start, name_end(doc, end))


def is_single(chars: Characters, source: Offsets) -> bool:
    """Whether a source is one person, body or document: no plural, no "and" between names."""
    tokens = chars.doc[slice(*chars.tokens(source))]
    head = _root(chars.doc, chars, source)
    return (
        head.tag_ not in {"NNS", "NNPS", "CD"}
        and head.lower_ not in {"they", "some", "many", "others"}
        and not any(t.lower_ == "and" and t.head.head.i == head.i for t in tokens)
    )


def _beside(
    doc: Doc, chars: Characters, sentences: Sentences, draft: Draft, cue: Reporting, by_tree: Offsets | None
) -> Offsets | None:
    """Who speaks where every source is wrong: the subject; else the first source, unless another paragraph names it."""
    start = chars.token(cue.start)
    beside = by_tree or subject_beside(doc, chars, start, sentences.at(cue.start))
    source = draft.sources[0]
    elsewhere = "\n" in chars.text[min(source[0], cue.start) : max(source[0], cue.start)]
    return beside or (None if elsewhere else source)


def _subject(doc: Doc, chars: Characters, draft: Draft, cue: Reporting | None) -> Offsets | None:
    """The subject of the cue, unless it is part of what is said."""
    if cue is None or not chars.tree:
        return None
    head = doc[cue.head]
    governed = cue.noun and head.dep_ in {"obj", "obl"}
    found = subject(head.head if governed else head)  # "The memo ends with a warning: “…”"
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
    spoken_to = root.dep_ in {"obj", "iobj"} and root.head.i == cue.head
    follows = root.i == cue.head + 1 and cue.lemma in words("cues", "addressed") and root.dep_ not in {"nsubj", "ROOT"}
    return chars.tree and (spoken_to or follows)


def _root(doc: Doc, chars: Characters, span: Offsets) -> Token:
    start, end = chars.tokens(span)
    tokens = doc[start : max(end, start + 1)]
    return next((t for t in tokens if not start <= t.head.i < end or t.head.i == t.i), tokens[0])


def _whole(doc: Doc, chars: Characters, source: Offsets, cue_head: int | None) -> Offsets:
    """A source that stops at an article, a possessor or an adjective of the subject, widened to its noun phrase."""
    if not chars.tree:
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
