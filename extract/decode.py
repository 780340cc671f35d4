"""From the network's scores to structures: BIO spans by Viterbi, dependency trees by Chu-Liu/Edmonds."""

from __future__ import annotations

from functools import cache

import numpy
from numpy.typing import NDArray

Scores = NDArray[numpy.floating]


def bio_spans(scores: Scores, names: list[str], steps: Scores | None = None) -> list[tuple[int, int, str, float]]:
    """The best legal BIO sequence of `scores` [words, labels] (log probabilities) as (start, end, label, probability).

    `steps` [labels, labels] are a trained chain's scores for label j after label i. Ends are exclusive; the probability
    is the mean of the chosen tags' within the span.
    """
    if not len(scores):
        return []
    path = _viterbi(scores, names, steps)
    spans: list[tuple[int, int, str, float]] = []
    chance = numpy.exp(scores[numpy.arange(len(path)), path])
    start = -1
    for w, tag in enumerate([*path, 0]):
        name = names[tag]
        if start >= 0 and (w == len(path) or not name.startswith("I-")):
            spans.append((start, w, names[path[start]][2:], float(chance[start:w].mean())))
            start = -1
        if w < len(path) and name.startswith("B-"):
            start = w
    return spans


def _viterbi(scores: Scores, names: list[str], steps: Scores | None) -> list[int]:
    legal = legal_steps(tuple(names))
    if steps is None:
        greedy = scores.argmax(1)
        if not names[greedy[0]].startswith("I-") and not legal[greedy[:-1], greedy[1:]].any():
            return [int(tag) for tag in greedy]  # each word's best tag may follow the last one's: nothing beats that
    else:
        legal = legal + steps
    best = numpy.where([n.startswith("I-") for n in names], -numpy.inf, scores[0])
    back = numpy.zeros(scores.shape, dtype=numpy.int64)
    for w in range(1, len(scores)):
        reach = best[:, None] + legal
        back[w] = reach.argmax(0)
        best = reach.max(0) + scores[w]
    path = [int(best.argmax())]
    for w in range(len(scores) - 1, 0, -1):
        path.append(int(back[w, path[-1]]))
    return path[::-1]


@cache
def legal_steps(names: tuple[str, ...]) -> Scores:
    """0 where label j may follow label i, else minus infinity: I-X only after B-X or I-X."""
    return numpy.array(
        [[0.0 if b[:1] != "I" or (a[:1] in "BI" and a[2:] == b[2:]) else -numpy.inf for b in names] for a in names]
    )


def tree(arc: Scores) -> list[int]:
    """The best tree with one root over `arc` [words, words] (word i's score for head j; its own column is the root).

    Returns each word's head; the root is its own head. Greedy heads are kept when they form a tree, else
    Chu-Liu/Edmonds decides, with each of the likeliest roots tried (Zmigrod et al. 2020 say why one must).
    """
    n = len(arc)
    heads = arc.argmax(1)
    if int((heads == numpy.arange(n)).sum()) == 1 and _cycle(heads) is None:
        return [int(h) for h in heads]
    root_scores, others = arc.diagonal(), arc.astype(numpy.float64, copy=True)
    numpy.fill_diagonal(others, -numpy.inf)
    greedy = others.max(1)
    best, value = heads, -numpy.inf
    for root in map(int, root_scores.argsort()[::-1][:3]):
        if greedy.sum() - greedy[root] + root_scores[root] <= value:
            continue  # not even every word's best head makes this root the better one
        found = _rooted(arc, root)
        if (total := float(arc[numpy.arange(n), found].sum())) > value:
            best, value = found, total
    return [int(h) for h in best]


def _rooted(arc: Scores, root: int) -> NDArray[numpy.int64]:
    scores = arc.astype(numpy.float64, copy=True)
    numpy.fill_diagonal(scores, -numpy.inf)
    scores[root] = -numpy.inf
    scores[root, root] = 0.0
    return _edmonds(scores, root)


def _edmonds(scores: Scores, root: int) -> NDArray[numpy.int64]:
    """Maximum spanning arborescence: break the greedy choice's cycle by contracting it, and solve the smaller graph."""
    heads = scores.argmax(1)
    heads[root] = root
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    inside = numpy.array(cycle)
    outside = numpy.delete(numpy.arange(len(scores)), inside)
    kept = scores[inside, heads[inside]]
    small = numpy.full((len(outside) + 1, len(outside) + 1), -numpy.inf)
    small[:-1, :-1] = scores[numpy.ix_(outside, outside)]
    leave = scores[numpy.ix_(outside, inside)]  # an outside word's best head within the cycle
    small[:-1, -1] = leave.max(1)
    enter = scores[numpy.ix_(inside, outside)] - kept[:, None]  # which word of the cycle gives up its head
    small[-1, :-1] = enter.max(0)
    new_root = int(numpy.flatnonzero(outside == root)[0])
    solved = _edmonds(small, new_root)
    for k, v in enumerate(outside):
        heads[v] = inside[leave[k].argmax()] if solved[k] == len(outside) else outside[solved[k]]
    heads[root] = root
    entry = int(solved[-1])
    heads[inside[enter[:, entry].argmax()]] = outside[entry]
    return heads


def _cycle(heads: NDArray[numpy.int64]) -> list[int] | None:
    """Words on one cycle longer than a self-loop, or None."""
    state = [0] * len(heads)
    for begin in range(len(heads)):
        path = []
        v = begin
        while not state[v]:
            state[v] = 1
            path.append(v)
            v = int(heads[v])
        if state[v] == 1 and int(heads[v]) != v and v in path:
            return path[path.index(v) :]
        for u in path:
            state[u] = 2
    return None
