"""What the encoder sees of a document: word pieces in chunks, each piece with its quotation state and letter shape.

Used alike in training and at run time, so that the two cannot drift apart. The word pieces are those of MiniLM's
uncased vocabulary; what lower-casing loses comes back as `shape`, and `quote` tells the model where it stands inside
quotation marks, which a window of pieces cannot always see.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from spacy.tokens import Doc
from tokenizers import BertWordPieceTokenizer

MAX_PIECES = 320  # a chunk, with its [CLS] and [SEP]
CONTEXT_PIECES = 64  # of the previous chunk's end, repeated before the next so that it sees what came before
MAX_WORD_PIECES = 12  # a URL is no sentence
LONGEST_CACHED = 60  # characters: longer words are too rare to be worth the memory
CLS, SEP = 101, 102

OUTSIDE, INSIDE, OPENING, CLOSING = range(4)
SHAPES = ("none", "lower", "title", "upper", "mixed", "digit")


class Pieces(Protocol):
    """What the network is given, a list each: of pieces `ids`, `quote` and `shape`, of words `first` and `last`."""

    ids: list[int]
    quote: list[int]
    shape: list[int]
    first: list[int]
    last: list[int]


@dataclass(slots=True)
class Chunk:
    """Consecutive words of a document. `words[w]` is a token's index there, `first[w]` and `last[w]` the
    indices of its first and last piece.

    The words before `fresh` are context: another chunk has their annotation.
    """

    ids: list[int] = field(default_factory=lambda: [CLS])
    quote: list[int] = field(default_factory=lambda: [OUTSIDE])
    shape: list[int] = field(default_factory=lambda: [0])
    words: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    fresh: int = 0

    def add_piece(self, piece: int, quote: int = OUTSIDE, shape: int = 0) -> None:
        self.ids.append(piece)
        self.quote.append(quote)
        self.shape.append(shape)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A token's pieces; none for white space, and a paragraph's end is a [SEP] that is no word."""

    token: int
    pieces: tuple[int, ...]
    quote: int
    shape: int
    is_break: bool


class WordPieces:
    """Pieces of single words, cached: `WordPieces(path)("Roxham") -> (piece ids)`."""

    def __init__(self, vocabulary: Path) -> None:
        tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)

        @lru_cache(maxsize=100_000)
        def pieces(word: str) -> tuple[int, ...]:
            return tuple(tokenizer.encode(word, add_special_tokens=False).ids[:MAX_WORD_PIECES])

        self._pieces = pieces

    def __call__(self, word: str) -> tuple[int, ...]:
        return self._pieces(word) if len(word) <= LONGEST_CACHED else self._pieces.__wrapped__(word)


def chunks(doc: Doc, word_pieces: WordPieces) -> Iterator[Chunk]:
    """Cut a document into chunks of at most MAX_PIECES, at paragraph ends where that is possible.

    Every token that is not white space is fresh in exactly one chunk.
    """
    units = list(_units(doc, word_pieces))
    start = 0
    while start < len(units):
        chunk = Chunk()
        for unit in units[_context_start(units, start) : start]:
            _add(chunk, unit)
        chunk.fresh = len(chunk.words)
        end = _chunk_end(units, start, MAX_PIECES - 1 - len(chunk.ids))
        for unit in units[start:end]:
            _add(chunk, unit)
        chunk.add_piece(SEP)
        if len(chunk.words) > chunk.fresh:
            yield chunk
        start = end


def _units(doc: Doc, word_pieces: WordPieces) -> Iterator[_Unit]:
    states = quote_states(doc.text)
    for token in doc:
        if token.is_space:
            if "\n" in token.text:
                yield _Unit(token.i, (SEP,), OUTSIDE, 0, True)
            continue
        pieces = word_pieces(token.text) or (100,)  # [UNK]: a sign that the vocabulary lacks is still a word
        yield _Unit(token.i, pieces, states[token.idx], shape_of(token.text), False)


def _add(chunk: Chunk, unit: _Unit) -> None:
    if not unit.is_break:
        chunk.words.append(unit.token)
        chunk.first.append(len(chunk.ids))
        chunk.last.append(len(chunk.ids) + len(unit.pieces) - 1)
    for piece in unit.pieces:
        chunk.add_piece(piece, unit.quote, unit.shape)


def _context_start(units: list[_Unit], start: int) -> int:
    room, at = CONTEXT_PIECES, start
    while at > 0 and len(units[at - 1].pieces) <= room:
        at -= 1
        room -= len(units[at].pieces)
    return at


def _chunk_end(units: list[_Unit], start: int, room: int) -> int:
    """The last paragraph end within `room` pieces, else the last sentence-like end, else as many words as fit."""
    end, paragraph, sentence = start, start, start
    while end < len(units) and len(units[end].pieces) <= room:
        room -= len(units[end].pieces)
        end += 1
        if units[end - 1].is_break:
            paragraph = end
        elif units[end - 1].pieces[0] in (1012, 1029, 999):  # . ? !
            sentence = end
    if end == len(units):
        return end
    return next((cut for cut in (paragraph, sentence) if cut > start), max(end, start + 1))


def shape_of(word: str) -> int:
    """The number of a word's letter shape in SHAPES."""
    return _shape(word) if len(word) <= LONGEST_CACHED else _shape.__wrapped__(word)


@lru_cache(maxsize=20_000)
def _shape(word: str) -> int:
    if any(c.isdigit() for c in word):
        return SHAPES.index("digit")
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return SHAPES.index("none")
    if all(c.islower() for c in letters):
        return SHAPES.index("lower")
    if letters[0].isupper() and all(c.islower() for c in letters[1:]):
        return SHAPES.index("title")
    return SHAPES.index("upper" if all(c.isupper() for c in letters) else "mixed")


def quote_states(text: str) -> list[int]:
    """For each character: outside, inside, opening or closing quotation mark. A paragraph's end closes what is open.

    Double marks of every kind count; single curly ones where they pair up within the paragraph and are no apostrophe.
    """
    states = [OUTSIDE] * len(text)
    closing = [i for i, c in enumerate(text) if c == "’" and _ends_single(text, i)]
    breaks = [i for i, c in enumerate(text) if c == "\n"]
    inside = single = False
    for i, c in enumerate(text):
        if c == "\n":
            inside = single = False
        elif c in "“«„" or (c == '"' and not inside):
            states[i], inside = OPENING, True
        elif c in "”»" or c == '"':
            states[i], inside = CLOSING, False
        elif not inside and not single and c == "‘" and _closes_later(i, closing, breaks):
            states[i], single = OPENING, True
        elif single and c == "’" and _ends_single(text, i):
            states[i], single = CLOSING, False
        else:
            states[i] = INSIDE if inside or single else OUTSIDE
    return states


def _closes_later(opening: int, closing: list[int], breaks: list[int]) -> bool:
    """Whether a mark of `closing` follows before the paragraph ends at one of `breaks`."""
    mark, end = bisect_left(closing, opening + 2), bisect_left(breaks, opening)
    return mark < len(closing) and (end == len(breaks) or closing[mark] < breaks[end])


def _ends_single(text: str, i: int) -> bool:
    return i + 1 == len(text) or not text[i + 1].isalnum()
