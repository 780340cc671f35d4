"""Spans of the attribution chain, against every sequence of labels and every set of spans counted one by one."""

from __future__ import annotations

from itertools import combinations, product

import numpy
import pytest

from extract import spans
from extract.decode import legal_steps
from extract.spans import chain_spans

NAMES = ["O", "B-CUE", "I-CUE", "B-CONTENT", "I-CONTENT"]


def sequences(scores, steps):
    """Each legal sequence of labels with its probability."""
    steps = legal_steps(tuple(NAMES)) + steps
    weights = {}
    for path in product(range(len(NAMES)), repeat=len(scores)):
        if not NAMES[path[0]].startswith("I-"):
            moves = sum(steps[a, b] for a, b in zip(path[:-1], path[1:], strict=True))
            weights[path] = numpy.exp(moves + sum(scores[w, tag] for w, tag in enumerate(path)))
    total = sum(weights.values())
    return {path: weight / total for path, weight in weights.items()}


def spans_of(path):
    found, start = [], None
    for w, tag in enumerate([*path, 0]):
        name = NAMES[tag]
        if start is not None and not name.startswith("I-"):
            found.append((start, w, NAMES[path[start]][2:]))
            start = None
        if w < len(path) and name.startswith("B-"):
            start = w
    return found


def best_by_counting(scores, steps, least):
    """The set of spans without overlap with the greatest sum of probabilities over `least`."""
    chances = {}
    for path, probability in sequences(scores, steps).items():
        for span in spans_of(path):
            chances[span] = chances.get(span, 0.0) + probability
    likely = [span for span, chance in chances.items() if chance > least]
    sets = (s for size in range(len(likely) + 1) for s in combinations(likely, size))
    apart = (s for s in sets if all(a[1] <= b[0] or b[1] <= a[0] for a, b in combinations(s, 2)))
    return sorted(max(apart, key=lambda s: sum(chances[span] - least for span in s)))


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("words", [1, 2, 5])
def test_the_chosen_spans_are_those_of_counting(monkeypatch, seed, words):
    monkeypatch.setattr(spans, "SURE", 1.0)
    chance = numpy.random.default_rng(seed)
    scores = numpy.log(chance.dirichlet([0.4] * len(NAMES), size=words))
    steps = chance.normal(size=(len(NAMES), len(NAMES)))
    assert [s[:3] for s in chain_spans(scores, NAMES, steps)] == best_by_counting(scores, steps, spans.LEAST)


def test_words_that_are_sure_stay_where_no_pair_of_ends_is(monkeypatch):
    """A content may begin at any of the first four words and end at any of the last four: no span is right with a
    probability of .3, yet all of them share the middle."""
    inside, begin, out = NAMES.index("I-CONTENT"), NAMES.index("B-CONTENT"), NAMES.index("O")
    chance = numpy.full((20, len(NAMES)), 1e-6)
    for w in range(20):
        edge = w < 4 or w > 15
        chance[w, out] = 0.4 if edge else 0.01
        chance[w, inside] = 0.3 if edge else 0.98
        chance[w, begin] = 0.2 if w < 5 else 1e-6
    scores, steps = numpy.log(chance / chance.sum(1, keepdims=True)), numpy.zeros((len(NAMES), len(NAMES)))
    (found,) = chain_spans(scores, NAMES, steps)
    assert found.start <= 4 and found.end >= 16 and found.label == "CONTENT"
    monkeypatch.setattr(spans, "SURE", 1.0)
    assert chain_spans(scores, NAMES, steps) == []


def test_a_span_of_a_long_chunk_keeps_its_probability():
    """Sums over a thousand words neither vanish nor overflow."""
    scores = numpy.full((1000, len(NAMES)), -20.0)
    scores[:, 0] = -1e-8
    scores[700] = [-20.0, -1e-8, -20.0, -20.0, -20.0]
    assert [s[:3] for s in chain_spans(scores, NAMES, numpy.zeros((len(NAMES),) * 2))] == [(700, 701, "CUE")]


def test_no_words_no_spans():
    assert chain_spans(numpy.zeros((0, len(NAMES))), NAMES, numpy.zeros((len(NAMES),) * 2)) == []
