"""Attribution spans out of a chain of labels: of all sets of spans that do not overlap, the one of which most can be
expected to be right to the word.

The likeliest sequence of labels often goes through a span that another pair of ends outweighs once all sequences are
summed, and passes over spans that are on no likely sequence as a whole. Choosing by what is counted goes back to
Goodman (1996, "Parsing algorithms and metrics"). Where no one pair of ends is likely but the words are, they decide.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from extract.decode import Scores, bio_spans, legal_steps

LEAST = 0.3  # probability of a span to the word: what is right less often than half of F lowers F
SURE = 0.8  # mean probability of the labels of a span that is kept for its words
_RESCALE = 16  # words between two rescalings, few enough to stay within floating point


class Tagged(NamedTuple):
    """Words `start` to `end`, exclusive, with the mean probability of their labels."""

    start: int
    end: int
    label: str
    score: float


class _Likely(NamedTuple):
    start: int
    end: int
    label: str
    probability: float


def chain_spans(scores: Scores, names: list[str], steps: Scores) -> list[Tagged]:
    """The spans of `scores` [words, labels] (log probabilities) under a chain in order. `names` are the labels O, B-X
    and I-X, `steps` [labels, labels] the scores of label j after label i."""
    if not len(scores):
        return []
    steps = legal_steps(tuple(names)) + steps
    before, after = _sums(scores, names, steps)
    words = before + after - scores - numpy.logaddexp.reduce(before[-1])  # log probabilities of each word's labels
    likely = _likely(scores, words, before, after, names, steps)
    chance = numpy.exp(scores)
    chosen = [_tagged(span, chance, names) for span in _best_set(likely, len(scores))]
    path = [_tagged(_Likely(*span), chance, names) for span in bio_spans(words, names)]
    kept = [s for s in path if s.score > SURE and not any(c.start < s.end and s.start < c.end for c in chosen)]
    return sorted([*chosen, *kept])


def _sums(scores: Scores, names: list[str], steps: Scores) -> tuple[Scores, Scores]:
    """The log weight of all sequences up to each word and label, and from it on; both with its own score (forward and
    backward, Rabiner 1989)."""
    weights = numpy.exp(scores.astype(numpy.float64))
    moves = numpy.exp(steps)
    first = numpy.array([not n.startswith("I-") for n in names], dtype=float)
    return _pass(weights, moves, weights[0] * first), _pass(weights[::-1], moves.T, weights[-1])[::-1]


def _pass(weights: NDArray[numpy.float64], moves: NDArray[numpy.float64], row: NDArray[numpy.float64]) -> Scores:
    rows, logs, log = numpy.empty_like(weights), numpy.zeros(len(weights)), 0.0
    rows[0] = row
    for w in range(1, len(weights)):
        row = row @ moves * weights[w]
        if w % _RESCALE == 0:
            total = row.sum()
            row, log = row / total, log + numpy.log(total)
        rows[w], logs[w] = row, log
    with numpy.errstate(divide="ignore"):
        return numpy.log(rows) + logs[:, None]


def _likely(
    scores: Scores, words: Scores, before: Scores, after: Scores, names: list[str], steps: Scores
) -> list[_Likely]:
    """All spans that are exactly right with a probability over LEAST; each begins where a beginning is as likely."""
    total = numpy.logaddexp.reduce(before[-1])
    found = []
    for label in dict.fromkeys(n[2:] for n in names if n != "O"):
        begin, inside = names.index(f"B-{label}"), names.index(f"I-{label}")
        others = [i for i in range(len(names)) if i != inside]
        leave = numpy.zeros((2, len(scores)))  # log weight of what follows a span's last word, which is B- or I-
        for n, last in enumerate((begin, inside)):
            leave[n, :-1] = numpy.logaddexp.reduce(steps[last][others] + after[1:, others], axis=1)
        along = numpy.cumsum(scores[:, inside] + steps[inside, inside], dtype=numpy.float64)
        onward = along + leave[1]
        for start in numpy.flatnonzero(words[:, begin] > numpy.log(LEAST)):
            head = before[start, begin] - total
            longer = head + steps[begin, inside] - steps[inside, inside] - along[start] + onward[start + 1 :]
            chances = numpy.exp([head + leave[0, start], *longer])
            found += [
                _Likely(int(start), int(start + more) + 1, label, float(chances[more]))
                for more in numpy.flatnonzero(chances > LEAST)
            ]
    return found


def _best_set(spans: list[_Likely], words: int) -> list[_Likely]:
    """The spans without overlap whose probabilities over LEAST add up to most."""
    ending: dict[int, list[_Likely]] = {}
    for span in spans:
        ending.setdefault(span.end, []).append(span)
    gain: list[float] = [0.0] * (words + 1)
    last: list[_Likely | None] = [None] * (words + 1)
    for end in range(1, words + 1):
        gain[end] = gain[end - 1]
        for span in ending.get(end, ()):
            value = gain[span.start] + span.probability - LEAST
            if value > gain[end]:
                gain[end], last[end] = value, span
    chosen, at = [], words
    while at > 0:
        best = last[at]
        at = best.start if best else at - 1
        if best:
            chosen.append(best)
    return chosen[::-1]


def _tagged(span: _Likely, chance: Scores, names: list[str]) -> Tagged:
    inside = chance[span.start + 1 : span.end, names.index(f"I-{span.label}")].sum()
    score = (chance[span.start, names.index(f"B-{span.label}")] + inside) / (span.end - span.start)
    return Tagged(span.start, span.end, span.label, float(score))
