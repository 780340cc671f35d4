"""Examples cut into chunks and padded into batches of tensors."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from extract.inputs import WordPieces, chunks
from extract.training.data import IGNORE, Example

CLASSES = ("tag", "pos", "lemma", "dep", "start", "entity", "attribution")
POINTERS = ("arc", "coref", "cue", "source")  # values are token indices, turned into word indices of the chunk


@dataclass
class Item:
    """One chunk with its labels by word; `example` and `words` lead back to the document."""

    example: int
    words: list[int]
    fresh: int
    ids: list[int]
    quote: list[int]
    shape: list[int]
    first: list[int]
    last: list[int]
    labels: dict[str, list[int]]


def items(examples: Iterable[Example], word_pieces: WordPieces) -> list[Item]:
    return [
        Item(n, c.words, c.fresh, c.ids, c.quote, c.shape, c.first, c.last, _labels(example, c.words))
        for n, example in enumerate(examples)
        for c in chunks(example.doc, word_pieces)
    ]


def _labels(example: Example, words: list[int]) -> dict[str, list[int]]:
    place = {token: w for w, token in enumerate(words)}
    labels = {k: [example.labels[k][t] for t in words] for k in CLASSES if k in example.labels}
    for k in POINTERS:
        if k in example.labels:
            labels[k] = [place.get(example.labels[k][t], IGNORE) for t in words]
    return labels


def batches(all_items: list[Item], size: int, shuffle: random.Random | None = None) -> Iterator[list[Item]]:
    """Batches of chunks of like length."""
    jitter = (lambda: shuffle.random() * 40) if shuffle else (lambda: 0.0)
    order = sorted(all_items, key=lambda item: len(item.ids) + jitter())
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    if shuffle:
        shuffle.shuffle(groups)
    yield from groups


def tensors(batch: list[Item]) -> tuple[tuple[Tensor, ...], dict[str, Tensor]]:
    """The network's six inputs and the labels; sentence membership comes as label `sentence`."""
    mask = [[1] * len(item.ids) for item in batch]
    inputs = tuple(
        _pad(rows, 0)
        for rows in (
            [i.ids for i in batch],
            [i.quote for i in batch],
            [i.shape for i in batch],
            mask,
            [i.first for i in batch],
            [i.last for i in batch],
        )
    )
    labels = {k: _pad([i.labels.get(k, [IGNORE] * len(i.words)) for i in batch], IGNORE) for k in (*CLASSES, *POINTERS)}
    labels["sentence"] = _pad([_sentences(i) for i in batch], -1)
    return inputs, labels


def _sentences(item: Item) -> list[int]:
    starts = item.labels.get("start") or [0] * len(item.words)
    number, out = 0, []
    for s in starts:
        number += s == 1
        out.append(number)
    return out


def _pad(rows: list[list[int]], value: int) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [value] * (width - len(row)) for row in rows])
