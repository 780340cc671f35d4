"""Noun phrases around a figure: from the tags where they are enough, from the tree for what hangs on behind."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc, Token

_NOUNS = frozenset({"NOUN", "PROPN"})
_BEFORE_NOUN = frozenset({"ADJ", "NOUN", "PROPN", "VERB"})
_PUNCTUATION = " ,.;:!?()[]“”\"'’—–-"
_HYPHENS = frozenset("-–‑")
_LONGEST_CHUNK = 7
_LONGEST_TAIL = 7


def chunk(doc: Doc, start: int) -> tuple[int, int] | None:
    """The nouns with their adjectives that begin at token `start` (token span), or None: "new study permits".

    A possessor is passed over: "the country's asylum seekers" gives "asylum seekers"."""
    end, last, begin = start, -1, start
    while end < len(doc) and end - start < _LONGEST_CHUNK:
        token = doc[end]
        hyphen = token.text in _HYPHENS and end > start and not doc[end - 1].whitespace_
        if token.tag_ == "POS" and end > start:
            end, begin, last = end + 1, end + 1, -1
            continue
        if token.pos_ == "NUM" and end == begin > start:  # "the country's 289,047 asylum seekers"
            end, begin = end + 1, end + 1
            continue
        if not hyphen and not _may_stand_before_noun(token):
            break
        if token.pos_ in _NOUNS and not _is_time(token):
            last = end
        end += 1
    while begin < last and doc[begin].lower_ in ("fewer", "more", "additional", "extra", "other", "further"):
        begin += 1
    return (begin, last + 1) if last >= begin else None


def _may_stand_before_noun(token: Token) -> bool:
    if token.pos_ == "VERB":
        return token.tag_ in ("VBN", "VBG", "JJ")
    return token.pos_ in _BEFORE_NOUN and token.text[0].isalpha()


def _is_time(token: Token) -> bool:
    return token.lower_ in ("year", "years", "month", "months", "week", "today", "yesterday", "quarter")


def chunk_after_of(token: Token) -> tuple[int, int] | None:
    """The noun phrase after "of" right behind `token` ("number of temporary immigrants"), articles skipped."""
    doc, at = token.doc, token.i + 1
    if at >= len(doc) or doc[at].lower_ != "of":
        return None
    at += 1
    while at < len(doc) and doc[at].lower_ in (
        "the",
        "all",
        "a",
        "an",
        "its",
        "their",
        "these",
        "those",
        "total",
        "new",
    ):
        if doc[at].lower_ == "new":
            break
        at += 1
    if at < len(doc) and doc[at].pos_ == "NUM":  # the whole of a part: "160,651 of the 289,047 asylum seekers"
        at += 1
    return chunk(doc, at) if at < len(doc) else None


def head_of(doc: Doc, span: tuple[int, int]) -> Token:
    """The last noun of a chunk: the head of an English noun phrase without what follows it."""
    return next(t for t in reversed(doc[span[0] : span[1]]) if t.pos_ in _NOUNS)


def describe(doc: Doc, span: tuple[int, int]) -> str:
    """The chunk and the short phrase behind it that says which things are counted ("claims by Mexican citizens")."""
    head = head_of(doc, span)
    end = span[1]
    if doc.has_annotation("DEP"):
        for child in head.children:
            if child.i >= end and _belongs(child):
                edges = [t.i for t in child.subtree]
                if min(edges) == end:
                    end = max(edges) + 1
    return text_of(list(doc[span[0] : end]))


def _belongs(child: Token) -> bool:
    """Places and times have fields of their own; long and comma-parted clauses explain, they do not define."""
    size = sum(1 for _ in child.subtree)
    if any(t.is_punct or t.is_digit or "\n" in t.text for t in child.subtree):
        return False
    if child.dep_ == "acl":
        return size <= 5 and child.tag_ in ("VBN", "VBG")
    return child.dep_ == "nmod" and size <= _LONGEST_TAIL and case_of(child) in _DEFINING


_DEFINING = frozenset({"of", "from", "by", "with", "for", "on", "among", "without"})


def case_of(token: Token) -> str:
    """The preposition or the mark of a phrase, in lower case."""
    return next((c.lower_ for c in token.children if c.dep_ in ("case", "mark")), "")


def left_of(head: Token) -> tuple[int, int]:
    """The chunk that ends at the noun `head`: back over adjectives and nouns."""
    doc, start = head.doc, head.i
    while start > 0 and head.i - start < _LONGEST_CHUNK:
        token = doc[start - 1]
        hyphen = token.text in _HYPHENS and not token.whitespace_
        if not hyphen and (not _may_stand_before_noun(token) or token.is_sent_end):
            break
        start -= 1
    return start, head.i + 1


def text_of(tokens: Sequence[Token]) -> str:
    """Tokens as printed, white space collapsed, outer marks off."""
    return " ".join("".join(t.text_with_ws for t in tokens).split()).strip(_PUNCTUATION)


def tail(start: Token) -> str:
    """A preposition with the phrase behind it, up to eight words, not past a mark, a verb of its own or a date."""
    kept: list[Token] = []
    for token in start.doc[start.i : start.i + 8]:
        stop = token.is_punct and token.text not in _HYPHENS
        if stop or "\n" in token.text or token.lower_ in _TAIL_STOPS or (token.is_digit and kept):
            break
        kept.append(token)
    while kept and kept[-1].pos_ not in _NOUNS:
        kept.pop()
    return text_of(kept)


_TAIL_STOPS = frozenset(
    {"and", "between", "since", "last", "this", "next", "as", "because", "while", "who", "which", "that", "in"}
)
