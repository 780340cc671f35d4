"""The frame a figure stands in: its sentence, its clause, its paragraph, found with the parse or without it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

_PARAGRAPH = re.compile(r"[^\n]+")
_CLAUSES = frozenset({"ROOT", "conj", "advcl", "ccomp", "acl:relcl", "acl", "parataxis", "csubj", "xcomp"})
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "ste",
        "jr",
        "sr",
        "gov",
        "sen",
        "rep",
        "gen",
        "rd",
        "ave",
        "blvd",
        "no",
        "nos",
        "vs",
    ]
    + [
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "hon",
        "prof",
        "co",
        "inc",
        "approx",
    ]
)
_LONGEST_SENTENCE = 1_000  # characters; each of its figures looks around in all of it
_LONGEST_PARAGRAPH = 5_000
_STOPS = re.compile(r"(?<=[.!?])[”’\"')\]]*\s+(?=[“\"'A-Z\d$])")


@dataclass
class Frame:
    """Character spans of paragraphs and sentences of a document, and the clause of a token."""

    doc: Doc
    paragraphs: list[tuple[int, int]] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        text = self.text = self.doc.text  # spaCy joins its words anew at every call
        self.paragraphs = _pieces((m.span() for m in _PARAGRAPH.finditer(text)), _LONGEST_PARAGRAPH, text)
        self.parsed = self.doc.has_annotation("DEP")  # which looks at every token where there is none
        parsed = self.doc.has_annotation("SENT_START")
        sentences = _split(text, self._parsed_sentences() if parsed else self.paragraphs)
        self.sentences = _pieces(sentences, _LONGEST_SENTENCE, text)
        self._starts = [s for s, _ in self.sentences]
        self._paragraph_starts = [s for s, _ in self.paragraphs]

    def _parsed_sentences(self) -> list[tuple[int, int]]:
        """Sentences of the parse, cut at line ends: a heading is not part of the sentence below it."""
        found: list[tuple[int, int]] = []
        text = self.text
        for sentence in self.doc.sents:
            found.extend(
                (sentence.start_char + m.start(), sentence.start_char + m.end())
                for m in _PARAGRAPH.finditer(text[sentence.start_char : sentence.end_char])
            )
        return found

    def sentence(self, at: int) -> tuple[int, int]:
        """The sentence that holds character `at`."""
        return _holding(self.sentences, self._starts, at)

    def paragraph(self, at: int) -> tuple[int, int]:
        """The paragraph that holds character `at`."""
        return _holding(self.paragraphs, self._paragraph_starts, at)

    def tokens(self, start: int, end: int) -> list[Token]:
        """The tokens that the characters `start` to `end` touch."""
        span = self.doc.char_span(start, end, alignment_mode="expand")
        return [] if span is None else list(span)

    def clause(self, token: Token) -> Token | None:
        """The head of the clause around `token`: the nearest ancestor that opens one; None without a parse."""
        if not self.parsed:
            return None
        for ancestor in self.above(token):
            if ancestor.dep_ in _CLAUSES and ancestor.pos_ in ("VERB", "AUX"):
                return ancestor
            if ancestor.dep_ == "ROOT":
                return ancestor
        return None

    def clause_span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the clause around a span; its sentence where there is no parse."""
        tokens = self.tokens(start, end)
        head = self.clause(tokens[-1]) if tokens else None
        if head is None:
            return self.sentence(start)
        low, high = self.sentence(start)
        subtree = list(head.subtree)
        return max(low, subtree[0].idx), min(high, subtree[-1].idx + len(subtree[-1].text))

    def above(self, token: Token) -> list[Token]:
        """`token` and its ancestors, up to the end of the sentence."""
        low, high = self.sentence(token.idx)
        found: list[Token] = []
        for ancestor in [token, *token.ancestors]:
            if not low <= ancestor.idx < high:
                break
            found.append(ancestor)
        return found


def _holding(spans: list[tuple[int, int]], starts: list[int], at: int) -> tuple[int, int]:
    if not spans:
        return (0, 0)
    return spans[max(0, bisect_right(starts, at) - 1)]


def _pieces(spans: Iterable[tuple[int, int]], longest: int, text: str) -> list[tuple[int, int]]:
    """The spans, those longer than any that people write cut at the last space of every `longest` characters."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        while end - start > longest:
            space = text.rfind(" ", start + longest // 2, start + longest)
            cut = start + longest if space < 0 else space + 1
            found.append((start, cut))
            start = cut
        found.append((start, end))
    return found


def _split(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences by punctuation: for documents without a parse, and where the parse has run two together."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        at = start
        for stop in _STOPS.finditer(text, start, end):
            word = text[max(at, stop.start() - 8) : stop.start() - 1].rsplit(None, 1)[-1:]
            if word and (word[0].lower().strip('“"(') in _ABBREVIATIONS or len(word[0]) == 1 or "." in word[0]):
                continue
            found.append((at, stop.start()))
            at = stop.end()
        found.append((at, end))
    return found
