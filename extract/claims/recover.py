"""Claims that the encoder does not predict: quotations it missed, and claims inside the content of others.

The rules are the classic ones (a reporting verb with a subject and a clause) and only fill gaps: learned spans decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc, Token

from extract.claims.cues import forms, is_verb, lemma_of, reporting_verbs, reports
from extract.claims.draft import Draft, Offsets
from extract.claims.quotes import Quotation, find_quotations
from extract.claims.sentences import Sentences
from extract.claims.syntax import Characters, phrase, subject
from extract.lexicon import words

_REACH = 16
_STOP = re.compile(r"[.!?…\n]")
_CLOSING = {"”", '"', "»", "’", "''", ","}
_OPENING = {"“", '"', "«", "‘", "``"}
_PHRASE_END = {"in", "at", "on", "during", "when", "who", "after", "before", "while", "as", "to", "about", "with"}
_CLAUSES = {"ccomp", "xcomp", "parataxis", "acl"}
_EFFECT = re.compile(r"\bto the effect that\b", re.IGNORECASE)
_NESTED_SCORE = 0.6


def speech_verbs() -> frozenset[str]:
    """Lemmas of verbs that report what was said."""
    return frozenset(w.split()[0] for w in words("cues", "report")) - words("cues", "silent") - {"according", "per"}


def cue_beside(doc: Doc, chars: Characters, quotation: Quotation) -> tuple[Offsets | None, tuple[Offsets, ...]]:
    """The reporting verb right after or before a quotation, with its subject: “…,” said X. / X said: “…”"""
    start, end = chars.tokens((quotation.start, quotation.end))
    while start > 1 and doc[start - 1].is_space and (doc[start - 2].is_space or doc[start - 2].text == ":"):
        start -= 1  # "… issued the following statement:" stands in a paragraph of its own
    before = _window(doc, start - 1, -1)
    cue, sources = _nearest(doc, chars, _window(doc, end, 1), before, speech_verbs())
    if cue is None and before and before[0].text == ":" and chars.tree:
        return None, _before_colon(chars, before)
    return cue, sources


def _before_colon(chars: Characters, window: list[Token]) -> tuple[Offsets, ...]:
    """ "The letter ends with a plea: “…”": whoever the sentence is about."""
    found = next((t for t in reversed(window) if t.dep_ in {"nsubj", "nsubj:pass"}), None)
    return (chars.chars(*phrase(found)),) if found is not None else ()


def cue_in(
    doc: Doc, chars: Characters, sentence: Offsets, content: Offsets
) -> tuple[Offsets | None, tuple[Offsets, ...]]:
    """The reporting verb of a sentence nearest to a content in it, with its subject."""
    first, last = chars.tokens(sentence)
    start, end = chars.tokens(content)
    while end < last and doc[end].text in _CLOSING:
        end += 1
    while start > first and doc[start - 1].text in _OPENING:
        start -= 1
    after = [t for t in _window(doc, end, 1) if t.i < last]
    before = [t for t in _window(doc, start - 1, -1) if t.i >= first]
    return _nearest(doc, chars, after, before, reporting_verbs())


def _nearest(
    doc: Doc, chars: Characters, after: list[Token], before: list[Token], verbs: frozenset[str]
) -> tuple[Offsets | None, tuple[Offsets, ...]]:
    for window, follows in ((after, True), (before, False)):
        for token in window:
            if reports(token) and lemma_of(token) in verbs:
                source = _source(doc, token, window, follows)
                if source is not None:
                    return chars.chars(token.i, token.i + 1), (chars.chars(*source),)
    return None, ()


def subject_beside(doc: Doc, chars: Characters, verb: int, sentence: Offsets) -> Offsets | None:
    """The words before or after a reporting verb that can name a speaker, where no tree says who it is."""
    first, last = chars.tokens(sentence)
    after_marks = verb == first or doc[verb - 1].is_punct or doc[verb - 1].is_quote
    if after_marks:
        found = _nominal(doc, verb + 1, last)
    else:
        start = max((t.i + 1 for t in doc[first:verb] if t.is_punct or t.is_quote), default=first)
        found = _nominal(doc, start, verb)
    return chars.chars(*found) if found else None


def _window(doc: Doc, at: int, step: int) -> list[Token]:
    """The words beside a quotation up to the end of the sentence, at most `_REACH` of them, nearest first."""
    found: list[Token] = []
    while 0 <= at < len(doc) and len(found) < _REACH:
        token = doc[at]
        if (_STOP.search(token.text) and len(token) == 1) or "\n" in token.text or token.text in '“”"«»':
            break
        found.append(token)
        at += step
    return found


def _source(doc: Doc, verb: Token, window: list[Token], after: bool) -> tuple[int, int] | None:
    if (found := subject(verb)) is not None and found in window:
        return phrase(found)
    low, high = min(t.i for t in window), max(t.i for t in window) + 1
    before = _nominal(doc, low, verb.i)
    return before or (_nominal(doc, verb.i + 1, high) if after else None)


def _nominal(doc: Doc, start: int, end: int) -> tuple[int, int] | None:
    """Without a tree: the words of a range up to the first comma or preposition, where they can name someone."""
    while start < end and (doc[start].is_punct or doc[start].lower_ in words("cues", "auxiliary")):
        start += 1
    stop = start
    while stop < end and not doc[stop].is_punct and doc[stop].lower_ not in _PHRASE_END:
        stop += 1
    while stop > start and doc[stop - 1].lower_ in words("cues", "auxiliary") | {"also", "then", "later"}:
        stop -= 1
    return (start, stop) if stop > start and any(t.is_alpha for t in doc[start:stop]) else None


def cited(doc: Doc, chars: Characters, sentences: Sentences, drafts: list[Draft]) -> list[Draft]:
    """ "X, citing Y, said …": what encoders take for a claim about Y is Y's own claim inside that of X."""
    kept: list[Draft] = []
    for draft in drafts:
        verb = doc[chars.token(draft.cue[0])] if draft.cue else None
        if verb is None or verb.lower_ not in {"citing", "quoting"}:
            kept.append(draft)
            continue
        if _has_verb(doc, chars, draft.parts[0]):
            source = _nominal(doc, verb.i + 1, chars.tokens(sentences.at(verb.idx))[1])
            sources = (chars.chars(*source),) if source else draft.sources
            kept.append(replace(draft, sources=sources, within=True))
            continue
        sentence = sentences.at(draft.start)
        hosts = [d for d in drafts if d.cue and d is not draft and sentences.at(d.cue[0]) == sentence]
        if hosts:
            kept.append(replace(draft, parts=hosts[0].parts, sources=draft.parts[:1], within=True))
    return kept


def citing(doc: Doc, chars: Characters, drafts: list[Draft]) -> list[Draft]:
    """The drafts with those of whom others cite: "X, citing Y, said …" where no attribution was predicted for Y."""
    taken = {chars.token(d.cue[0]) for d in drafts if d.cue}
    found: list[Draft] = []
    for draft in drafts:
        if draft.cue is None or not draft.sources or draft.within:
            found.append(draft)
            continue
        first, last = chars.token(draft.sources[0][0]), chars.token(draft.cue[0])
        verb = next((t for t in doc[first:last] if t.lower_ in {"citing", "quoting"} and t.i not in taken), None)
        source = verb and _nominal(doc, verb.i + 1, last)
        if verb is None or not source or verb.i - 1 <= first:
            found.append(draft)
            continue
        before = verb.i - 1 if doc[verb.i - 1].text == "," else verb.i
        found.append(replace(draft, sources=(chars.chars(first, before),)))
        cue = chars.chars(verb.i, verb.i + 1)
        found.append(replace(draft, cue=cue, sources=(chars.chars(*source),), within=True))
    return found


def _has_verb(doc: Doc, chars: Characters, part: Offsets) -> bool:
    return any(t.pos_ in {"VERB", "AUX"} for t in doc[slice(*chars.tokens(part))])


def nested(doc: Doc, chars: Characters, drafts: list[Draft]) -> list[Draft]:
    """Claims inside the contents of others: a verb with its own subject and clause, a noun with its clause."""
    held = {d.cue for d in drafts}
    found: list[Draft] = []
    for draft in drafts:
        for part in draft.parts:
            start, end = chars.tokens(part)
            inner = [*_quotes(doc, chars, part), *_verbs(doc, chars, start, end), *_nouns(doc, chars, part)]
            for one in inner:
                if one.cue not in held and one.parts != draft.parts:
                    found.append(one)
                    held.add(one.cue)
    return found


def _verbs(doc: Doc, chars: Characters, start: int, end: int) -> Iterator[Draft]:
    if not chars.tree:
        return
    demands = frozenset({"ask", "demand", "request", "urge"})
    for verb in doc[start:end]:
        lemma = lemma_of(verb)
        if (
            verb.lower_ not in forms()
            or not is_verb(verb)
            or lemma not in speech_verbs() | demands | {"promise", "deny"}
        ):
            continue
        clause = next((c for c in verb.children if c.dep_ in _CLAUSES and c.i > verb.i and start <= c.i < end), None)
        owner = next((c for c in verb.children if c.dep_ == "nsubj"), None)
        if clause is None or owner is None or not start <= owner.i < end or owner.lower_ in {"who", "which", "that"}:
            continue
        if clause.dep_ == "xcomp" and lemma not in demands:
            continue
        if doc[verb.i + 1].pos_ == "ADP" or any(
            c.dep_ == "aux" and c.tag_ == "MD" or c.dep_ == "neg" for c in verb.children
        ):
            continue
        tokens = [t.i for t in clause.subtree if start <= t.i < end and t.i > verb.i]
        low, high = min(tokens), max(tokens) + 1
        yield _inner(chars, (low, high), (verb.i, verb.i + 1), phrase(owner))


def _quotes(doc: Doc, chars: Characters, part: Offsets) -> Iterator[Draft]:
    """“She told us ‘come back’”: marks within marks, right after a verb of speech whose subject stands there too."""
    text = chars.text[part[0] - 1 : part[1]]  # from the outer mark on, where there is one
    base = part[0] - 1
    if base < 0 or text[0] not in _OPENING:
        return
    for quotation in find_quotations(chars.text[slice(*part)]):
        span = (part[0] + quotation.inner[0], part[0] + quotation.inner[1])
        at = chars.token(part[0] + quotation.start) - 1
        while at >= 0 and (doc[at].text in {",", ":"} or doc[at].tag_ == "PRP"):
            at -= 1
        verb = doc[at] if at > chars.token(part[0]) else None
        if verb is None or not quotation.closed or not is_verb(verb) or lemma_of(verb) not in speech_verbs():
            continue
        owner = subject(verb)
        if owner is not None and owner.idx >= part[0]:
            yield Draft((span,), chars.chars(at, at + 1), (chars.chars(*phrase(owner)),), _NESTED_SCORE, within=True)


def _nouns(doc: Doc, chars: Characters, part: Offsets) -> Iterator[Draft]:
    """ "comments by X to the effect that …": the noun reports, X speaks, the clause runs to the end of the part."""
    for match in _EFFECT.finditer(chars.text, *part):
        at, first = chars.token(match.start()), chars.token(part[0])
        noun = next((t for t in reversed(doc[max(first, at - 20) : at]) if _noun(t)), None)
        if noun is None:
            continue
        by = next((t for t in doc[noun.i + 1 : at] if t.lower_ in {"by", "from", "of"}), None)
        source = (by.i + 1, at) if by is not None and by.i + 1 < at else _owner(doc, noun.i, first)
        content = (chars.token(match.end()) + 1, chars.tokens(part)[1])
        if content[0] < content[1]:
            yield _inner(chars, content, (noun.i, noun.i + 1), source)


def _owner(doc: Doc, noun: int, first: int) -> Offsets | None:
    """Whose the noun is: "the premier’s comments"."""
    if noun - 1 <= first or doc[noun - 1].text not in {"’s", "'s", "’", "'"}:
        return None
    start = noun - 1
    while start > first and (doc[start - 1].pos_ in {"NOUN", "PROPN", "ADJ", "DET"} or doc[start - 1].text == "-"):
        start -= 1
    return (start, noun - 1) if start < noun - 1 else None


def _noun(token: Token) -> bool:
    low = token.lower_
    return low in words("cues", "noun") or (low.endswith("s") and low[:-1] in words("cues", "noun"))


def _inner(chars: Characters, content: Offsets, cue: Offsets, source: Offsets | None) -> Draft:
    sources = (chars.chars(*source),) if source else ()
    return Draft((chars.chars(*content),), chars.chars(*cue), sources, _NESTED_SCORE, within=True)
