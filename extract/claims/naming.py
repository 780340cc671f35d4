"""Words in quotation marks that nobody says: names of works, people and places, signs, marks around a doubtful word.

Who names a thing, or puts a word in marks, reports no utterance. What tells them apart is the verb that governs the
marks (title, nickname) and the letters within: a title capitalises its words, an utterance its first one.
Developed on invented passages.
"""

from __future__ import annotations

import re

from extract.claims.cues import Reporting, reporting_verbs
from extract.claims.draft import Draft, Quotations
from extract.findings import Kind, Span
from extract.lexicon import words

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+\s+)?\Z")
_SENTENCE = 4  # words that an utterance without a cue or a speaker has at least


def is_name(quotations: Quotations, draft: Draft, kind: Kind, cue: Reporting | None, mention: Span | None) -> bool:
    """Whether a direct or mixed content is a name, a sign, or a word in marks rather than something said."""
    inner = [quotations.text[s:e] for part in draft.parts for s, e in quotations.quoted(*part)]
    if draft.basis == "continued":
        return False
    if _is_word(quotations, draft):
        return True
    if cue is None:
        return all(_is_title(text) for text in inner) or (
            mention is None and not any(_is_utterance(text, kind) for text in inner)
        )
    if cue.lemma in words("cues", "names"):
        return True
    if cue.lemma in words("cues", "names_or_judges"):
        return all(_is_title(text) for text in inner) or _is_named(quotations.text, cue, mention)
    if not (cue.noun or cue.lemma in reporting_verbs()):
        return all(_is_title(text) for text in inner)
    return cue.lemma in {"read", "say"} and mention is not None and _is_sign(quotations.text, mention)


def _is_named(text: str, cue: Reporting, mention: Span | None) -> bool:
    """ "The old one was called a “visitor record”": the subject of the passive bears the name and says nothing."""
    passive = _PASSIVE.search(text, max(0, cue.start - 30), cue.start)
    return passive is not None and mention is not None and mention.end <= cue.start


def _is_sign(text: str, mention: Span) -> bool:
    """ "a sign read", "a button that read": what bears the words is the mention or stands right before it."""
    relative = mention.text.lower() in {"that", "which"}
    found = _WORD.findall(text[max(0, mention.start - 40) : mention.start] if relative else mention.text)
    return bool(found) and found[-1].lower() in words("cues", "signs")


def _is_word(quotations: Quotations, draft: Draft) -> bool:
    """ "The term “economic refugee”": a noun right before the marks says that the words are spoken of."""
    start = draft.start
    quotation = next(iter(quotations.overlapping(start, draft.end)), None)
    if quotation is None or len(draft.parts) > 1 or draft.end > quotation.end:
        return False
    before = _WORD.findall(quotations.text[max(0, quotation.start - 40) : quotation.start])
    extra = _WORD.findall(quotations.text[start : quotation.start]) if start < quotation.start else []
    return bool(before) and before[-1].lower() in words("cues", "name_nouns") and len(extra) <= 2


def _is_utterance(text: str, kind: Kind) -> bool:
    """Without a cue and a speaker: a quotation of several words that is not part of the reporter's own sentence."""
    return kind == "direct" and len(_WORD.findall(text)) >= _SENTENCE and not _is_title(text)


def _is_title(text: str) -> bool:
    """ "Who Gets to Stay?", "the Funnel": all but the small words are capitalised, and not the first one only."""
    found = _WORD.findall(text)
    beyond_first = any(word[0].isupper() for word in found[1:])
    return beyond_first and all(word[0].isupper() or word in words("cues", "title_small") for word in found)
