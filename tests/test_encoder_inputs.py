"""What the encoder sees: chunks, quotation states, lemma rules; and how its scores become spans and trees."""

from __future__ import annotations

import itertools
import random

import numpy
import pytest
import spacy

from extract.decode import bio_spans, tree
from extract.encoder import MODEL
from extract.inputs import CLOSING, INSIDE, MAX_PIECES, OPENING, OUTSIDE, WordPieces, chunks, quote_states
from extract.lemmas import apply_lemma_rule, lemma_rule

NLP = spacy.blank("en")
MARKS = {OUTSIDE: ".", INSIDE: "i", OPENING: "<", CLOSING: ">"}


@pytest.mark.parametrize(
    ("text", "inside", "why"),
    [
        ("a “b c” d", "b c", "curly marks"),
        ('a "b c" d', "b c", "straight marks"),
        ("a « b » d", " b ", "French marks"),
        ("the ‘old rule,’ he said", "old rule,", "single curly marks that pair up"),
        ("the workers’ fund didn’t pay", "", "apostrophes are no marks"),
        ("“b c", "b c", "an unpaired opening mark lasts to the paragraph's end"),
        ("“b\n\nc d", "b", "a new paragraph begins outside"),
        ("b” c", "", "an unpaired closing mark opens nothing"),
        ("“a ‘b’ c” d", "a ‘b’ c", "single marks inside double ones are inside"),
    ],
)
def test_quote_states(text: str, inside: str, why: str) -> None:
    states = quote_states(text)
    assert len(states) == len(text)
    assert "".join(c for c, s in zip(text, states, strict=True) if s == INSIDE) == inside, why


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces(MODEL / "vocab.txt")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "One line.",
        "\n\nStarts with a break. Ends with one.\n\n",
        "Tremblay-Roy said so. " * 400,
        "word " * 2000,
        "\n\n".join(["A paragraph of a few words, no more."] * 120),
        "x" * 5000,
        "日本語 العربية 🙂 \u200b mixed\u00a0with spaces\tand tabs",
    ],
    ids=["empty", "blank", "short", "breaks", "long paragraph", "no full stop", "paragraphs", "one word", "scripts"],
)
def test_every_word_is_fresh_in_one_chunk(pieces: WordPieces, text: str) -> None:
    doc = NLP.make_doc(text)
    fresh = [w for c in chunks(doc, pieces) for w in c.words[c.fresh :]]
    assert fresh == [t.i for t in doc if not t.is_space]
    for chunk in chunks(doc, pieces):
        assert len(chunk.ids) == len(chunk.quote) == len(chunk.shape) <= MAX_PIECES
        assert all(0 < first <= last < len(chunk.ids) - 1 for first, last in zip(chunk.first, chunk.last, strict=True))
        assert all(last < first for last, first in zip(chunk.last, chunk.first[1:], strict=False)), "pieces of one word"


@pytest.mark.parametrize(
    ("form", "lemma"), [("said", "say"), ("Was", "be"), ("Ministers", "minister"), ("Ottawa", "Ottawa"), ("n’t", "not")]
)
def test_lemma_rules_give_the_lemma_back(form: str, lemma: str) -> None:
    assert apply_lemma_rule(lemma_rule(form, lemma), form) == lemma


def test_a_lemma_rule_that_does_not_fit_leaves_the_word() -> None:
    assert apply_lemma_rule("l|9|be", "Am") == "am"


def test_bio_spans_are_legal_even_where_greedy_tags_are_not() -> None:
    names = ["O", "B-CUE", "I-CUE", "B-SOURCE", "I-SOURCE"]
    chance = numpy.full((4, 5), 0.01)
    for w, tag in enumerate([1, 4, 0, 2]):  # B-CUE, then an I-SOURCE and an I-CUE that nothing begins
        chance[w, tag] = 0.9
    chance[1, 2] = 0.5  # the second best tag continues the cue
    chance[3, 0] = 0.4
    spans = bio_spans(numpy.log(chance), names)
    assert [(a, b, label) for a, b, label, _ in spans] == [(0, 2, "CUE")]


def brute_force(arc: numpy.ndarray) -> float:
    n = len(arc)
    best = -numpy.inf
    for heads in itertools.product(range(n), repeat=n):
        if sum(h == i for i, h in enumerate(heads)) == 1 and all(_reaches_root(heads, i) for i in range(n)):
            best = max(best, sum(arc[i, h] for i, h in enumerate(heads)))
    return best


def _reaches_root(heads: tuple[int, ...] | list[int], i: int) -> bool:
    for _ in heads:
        i = heads[i]
    return heads[i] == i


def test_trees_are_trees_and_the_best_ones() -> None:
    """Against every possible tree of a few words with random scores; a clear root, as only the likeliest are tried."""
    rng = random.Random(7)
    for n in (3, 4, 5) * 30:
        arc = numpy.array([[rng.gauss(0, 2) for _ in range(n)] for _ in range(n)])
        arc[0, 0] += 20
        heads = tree(arc)
        assert sum(h == i for i, h in enumerate(heads)) == 1
        assert all(_reaches_root(heads, i) for i in range(n))
        assert sum(arc[i, h] for i, h in enumerate(heads)) == pytest.approx(brute_force(arc))


@pytest.mark.parametrize("n", [1, 2, 30])
def test_trees_of_any_size(n: int) -> None:
    arc = numpy.random.default_rng(n).normal(size=(n, n))
    heads = tree(arc)
    assert sum(h == i for i, h in enumerate(heads)) == 1
    assert all(_reaches_root(heads, i) for i in range(n))
