"""Whether a figure is asserted, demanded, projected, possible or denied: from the verbs and nouns that govern it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from spacy.tokens import Token

from extract.findings import Claim, Interval, Modality

from .frame import Frame
from .lexicon import Lexicon
from .recognise import Quantity

_BREAKS = re.compile(r"[,;:—–]| as | while | whereas | because | although | though | but ")
_OF_OBJECTS = ("demanded", "denied")  # 260 people who ask for something are not asked for themselves
_MARKS = frozenset({"as", "because", "since", "while", "although", "though", "after", "before", "whereas", "than"})


def modality_of(
    quantity: Quantity,
    frame: Frame,
    claim: Claim | None,
    period: Interval | None,
    published: str | None,
    words: Lexicon,
) -> Modality:
    """The nearest cue above the figure in the tree; else, where nothing parts them, the modality of its claim; else a
    period that begins after the day of publication makes it projected. `published` is an ISO day."""
    if claim is not None and claim.modality == "denied":
        return "denied"
    tokens = frame.tokens(quantity.start, quantity.end)
    if tokens and frame.parsed:
        found, open_ = _from_tree(tokens, frame, words)
    else:
        found, open_ = _from_words(quantity, frame, words), True
    if found is None and open_ and claim is not None and claim.modality != "asserted":
        return claim.modality
    if found is None and period is not None and published and (period.start or "") > published:
        return "projected"
    return cast(Modality, found or "asserted")


def _from_tree(tokens: list[Token], frame: Frame, words: Lexicon) -> tuple[str | None, bool]:
    """The first cue on the way up to the root; and whether that way was free of clauses of their own."""
    inside = {t.i for t in tokens}
    root = next((t for t in reversed(tokens) if t.head.i not in inside or t.head.i == t.i), tokens[-1])
    below = root
    for token in frame.above(root):
        found = _cue(token, inside, words)
        if found is not None and not (found in _OF_OBJECTS and below.dep_ == "nsubj" and token.pos_ == "VERB"):
            return found, True
        if _closes(token, words):
            return None, False
        below = token
    return None, True


def _cue(token: Token, inside: set[int], words: Lexicon) -> str | None:
    """The modality that a verb with its auxiliaries, or a noun such as "target", gives to what hangs below it."""
    cues = words.context["modality"]
    if token.pos_ in ("VERB", "AUX", "ADJ"):
        for child in token.children:
            if child.dep_ == "nsubj" and child.lower_ in words.context["aims"] and child.i not in inside:
                return "projected"
            if child.dep_ in ("aux", "aux:pass") or (child.dep_ == "mark" and child.lower_ == "to"):
                found = next((m for m, forms in cues.items() if child.lower_ in forms), None)
                if found is not None:
                    return found
                if child.lower_ == "to" and child.i and child.nbor(-1).lower_ in ("is", "are", "was", "were"):
                    return "projected"
    if token.i in inside or token.pos_ not in ("VERB", "NOUN", "ADJ"):
        return None
    return next((m for m, forms in cues.items() if token.lower_ in forms), None)


def _closes(token: Token, words: Lexicon) -> bool:
    """Whether what governs `token` says nothing about the figure below it: relative, adverbial and reported clauses."""
    if token.dep_ == "acl:relcl" or token.dep_ == "parataxis":
        return True
    if token.dep_ == "advcl":
        return any(c.dep_ == "mark" and c.lower_ in _MARKS for c in token.children)
    if token.dep_ == "conj":
        return any(c.dep_.startswith("nsubj") for c in token.children)
    if token.dep_ == "ccomp" and token.pos_ in ("VERB", "AUX"):
        cues = words.context["modality"]
        return not any(token.head.lower_ in cues[m] for m in ("demanded", "denied"))
    return False


def _from_words(quantity: Quantity, frame: Frame, words: Lexicon) -> str | None:
    """Without a tree: the last cue between the last break in the sentence and the figure."""
    start, _ = frame.sentence(quantity.start)
    before = frame.text[start : quantity.start].lower().replace("’", "'")
    clause = list(_pieces(before))[-1]
    padded = f" {' '.join(clause.split())} "
    nearest, found = -1, None
    for modality, cues in words.context["modality"].items():
        for cue in cues:
            at = padded.rfind(f" {cue} ")
            if at > nearest:
                nearest, found = at, modality
    return found


def _pieces(text: str) -> Iterator[str]:
    yield from _BREAKS.split(text)
