"""Small questions to a tree: the words under a word, a verb's subject, tokens by character."""

from __future__ import annotations

from bisect import bisect_right

from spacy.tokens import Doc, Token

Offsets = tuple[int, int]

_REACH = 8  # tokens from a content that has no verb to the verb of its clause
_HANGERS = {"punct", "acl:relcl", "acl", "parataxis", "appos", "cc", "conj", "discourse"}


class Characters:
    """Characters ↔ tokens of one document."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.text = doc.text  # spaCy joins its words anew at every call
        self.tree = len(doc) > 0 and doc.has_annotation("DEP")
        self.tagged = doc.has_annotation("TAG")
        self._starts = [t.idx for t in doc]

    def token(self, position: int) -> int:
        """The index of the token that holds or precedes the character."""
        return max(0, bisect_right(self._starts, position) - 1)

    def tokens(self, span: Offsets) -> tuple[int, int]:
        """The tokens that share a character with `span`, end exclusive."""
        start = self.token(span[0])
        if start < len(self.doc) and self.doc[start].idx + len(self.doc[start]) <= span[0]:
            start += 1
        end = bisect_right(self._starts, span[1] - 1)
        return start, max(start, end)

    def chars(self, start: int, end: int) -> Offsets:
        """The characters of tokens `start`..`end`, space at both ends left out."""
        while start < end - 1 and self.doc[start].is_space:
            start += 1
        while end - 1 > start and self.doc[end - 1].is_space:
            end -= 1
        return self.doc[start].idx, self.doc[end - 1].idx + len(self.doc[end - 1])


def subject(verb: Token) -> Token | None:
    """Who does what the verb says: its subject, else that of the verb it is joined to or hangs from.

    "She wrote, adding that …", "He called on … and asked …"; for "a letter saying that …" the noun.
    """
    seen: set[int] = set()
    token = verb
    while token.i not in seen:
        seen.add(token.i)
        found = next((c for c in token.children if c.dep_ in {"nsubj", "nsubj:outer", "csubj"}), None)
        if found is not None:
            return found
        if token.dep_ in {"acl", "acl:relcl"} and token.head.pos_ in {"NOUN", "PROPN", "PRON"}:
            return token.head
        if token.dep_ not in {"conj", "advcl", "xcomp", "parataxis", "ccomp"} or token.head.i == token.i:
            return None
        token = token.head
    return None


def phrase(head: Token, full: bool = False) -> tuple[int, int]:
    """The tokens of the noun phrase of `head`, end exclusive: from its leftmost word to its last of-phrase or name.

    Relative clauses, appositions and coordinated phrases at its end are left out unless `full`.
    """
    left, right = head.i, head.i
    for child in head.children:
        if not full and child.i > head.i and child.dep_ in _HANGERS:
            continue
        if child.dep_ == "punct":
            continue
        subtree = [t.i for t in child.subtree]
        if min(subtree) < head.i:
            left = min(left, *subtree)
        if max(subtree) > head.i:
            right = max(right, *subtree)
    return left, right + 1


def entity_end(doc: Doc, end: int) -> int:
    """The end of a span of tokens that is not within a name: "on Mill | Street"."""
    while 0 < end < len(doc) and doc[end].ent_iob_ == "I" and doc[end].ent_type_ == doc[end - 1].ent_type_:
        end += 1
    return end


def name_end(doc: Doc, end: int) -> int:
    """The same for a speaker, who does not stop between office and name: "archivist | Mona Drew"."""
    named = 0 < end < len(doc) and doc[end].ent_type_ == "PERSON" and doc[end].ent_iob_ == "B"
    office = named and doc[end - 1].tag_ in {"NN", "NNP"} and not doc[end - 1].ent_type_
    return entity_end(doc, end + 1 if office else end)


def clause_end(chars: Characters, cue: Offsets, content: Offsets) -> int | None:
    """Where the clause ends that begins with a content without a verb and hangs from its cue; None where none does."""
    start, end = chars.tokens(content)
    if not chars.tree or start >= end or any(t.tag_[:1] in {"V", "M"} for t in chars.doc[start:end]):
        return None
    heads = set(range(*chars.tokens(cue)))
    for verb in chars.doc[end : end + _REACH]:
        if verb.i not in heads and verb.head.i in heads and verb.left_edge.i == start and verb.tag_[:1] == "V":
            last = verb.right_edge
            return last.idx + len(last)
        if verb.is_punct or verb.is_space:
            return None
    return None
