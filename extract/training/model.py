"""The network: MiniLM with two extra input embeddings, and a head for each kind of annotation.

Shapes: B chunks, P pieces, W words. A word is represented by its first piece. Syntax reads a learned mixture of the
encoder's layers (Peters et al. 2018), and of a word in pieces its last piece too, where endings are; the rest reads
the encoder's last layer. Arcs and links are biaffine scores over pairs of words
(Dozat & Manning 2017).
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from extract.decode import legal_steps
from extract.inputs import SHAPES
from extract.training.data import LabelSets

ARC, REL, LINK = 192, 64, 128
IMPOSSIBLE = -1e4


def minilm_config(folder: Path, **options) -> BertConfig:
    """Dropout on the states, none on the attention, where it costs a seventh of the time of a step."""
    return BertConfig.from_pretrained(folder, attention_probs_dropout_prob=0.0, **options)


class Biaffine(nn.Module):
    """score[b, i, j]: word j as the target of word i."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.source = nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Dropout(0.1))
        self.target = nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Dropout(0.1))
        self.pair = nn.Linear(inner, inner, bias=False)
        self.prior = nn.Linear(inner, 1)

    def forward(self, words: Tensor) -> Tensor:
        target = self.target(words)
        return self.pair(self.source(words)) @ target.transpose(1, 2) + self.prior(target).transpose(1, 2)


class Relations(nn.Module):
    """Labels of word pairs: score[b, r, i, j] for the labels `some`, or of chosen targets only."""

    def __init__(self, width: int, inner: int, labels: int) -> None:
        super().__init__()
        self.source = nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Dropout(0.1))
        self.target = nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Dropout(0.1))
        self.weight = nn.Parameter(torch.randn(labels, inner + 1, inner + 1) * 0.02)

    def _ends(self, words: Tensor) -> tuple[Tensor, Tensor]:
        one = torch.ones_like(words[..., :1])
        return torch.cat([self.source(words), one], -1), torch.cat([self.target(words), one], -1)

    def forward(self, words: Tensor, some: Tensor) -> Tensor:
        source, target = self._ends(words)
        return (source.unsqueeze(1) @ self.weight[some]) @ target.unsqueeze(1).transpose(2, 3)

    def chosen(self, words: Tensor, targets: Tensor) -> Tensor:
        """[B, W, R] for the target `targets[b, i]` of each word."""
        source, target = self._ends(words)
        target = target.gather(1, targets.unsqueeze(-1).expand(-1, -1, target.shape[-1]))
        return torch.einsum("bwi,rij,bwj->bwr", source, self.weight, target)


class Chain(nn.Module):
    """A linear-chain conditional random field over BIO labels (Lafferty et al. 2001): learned scores for the step from
    one label to the next, illegal steps excluded."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.steps = nn.Parameter(torch.zeros(len(names), len(names)))
        self.register_buffer("legal", torch.tensor(legal_steps(tuple(names)), dtype=torch.float).clamp(min=IMPOSSIBLE))
        inside = torch.tensor([n.startswith("I-") for n in names])
        self.register_buffer("first", inside.float() * IMPOSSIBLE)

    def loss(self, scores: Tensor, gold: Tensor) -> Tensor:
        """Negative log likelihood a word. `scores` [B, W, labels] in float32; `gold` [B, W], negative where a row's
        words have ended."""
        there = gold >= 0
        tags = gold.clamp(min=0)
        steps = self.steps + self.legal
        path = (scores.gather(-1, tags.unsqueeze(-1)).squeeze(-1) * there).sum()
        path = path + (steps[tags[:, :-1], tags[:, 1:]] * there[:, 1:]).sum()
        reach = scores[:, 0] + self.first
        for w in range(1, scores.shape[1]):
            further = torch.logsumexp(reach.unsqueeze(2) + steps, 1) + scores[:, w]
            reach = torch.where(there[:, w : w + 1], further, reach)
        return (torch.logsumexp(reach, 1).sum() - path) / there.sum()


class Network(nn.Module):
    def __init__(self, labels: LabelSets, config: BertConfig) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        width = config.hidden_size
        self.quote = nn.Embedding(4, width)
        self.shape = nn.Embedding(len(SHAPES), width)
        nn.init.normal_(self.quote.weight, std=0.02)
        nn.init.normal_(self.shape.weight, std=0.02)
        self.mixture = nn.Parameter(torch.zeros(config.num_hidden_layers + 1))
        self.ending = nn.Linear(width, width)
        nn.init.zeros_(self.ending.weight)
        nn.init.zeros_(self.ending.bias)
        self.drop = nn.Dropout(0.1)
        self.tag = nn.Linear(width, len(labels.tag))
        self.pos = nn.Linear(width, len(labels.pos))
        self.lemma = nn.Linear(width, len(labels.lemma))
        self.start = nn.Linear(width, 2)
        self.entity = nn.Linear(width, len(labels.entity))
        self.attribution = nn.Linear(width, len(labels.attribution))
        self.arc = Biaffine(width, ARC)
        self.dep = Relations(width, REL, len(labels.dep))
        self.cue = Biaffine(width, LINK)
        self.source = Biaffine(width, LINK)
        self.coref = Biaffine(width, LINK)
        self.chain = Chain(labels.attribution)
        self.root = labels.dep.index("ROOT")
        not_root = torch.tensor([n for n, name in enumerate(labels.dep) if name != "ROOT"])
        self.register_buffer("not_root", not_root, persistent=False)

    @classmethod
    def from_minilm(cls, labels: LabelSets, folder: Path) -> Network:
        network = cls(labels, minilm_config(folder))
        network.encoder = BertModel.from_pretrained(folder, config=minilm_config(folder), add_pooling_layer=False)
        # Rare words keep their pre-trained places, and a step costs a third less.
        network.encoder.embeddings.word_embeddings.weight.requires_grad = False
        return network

    def words(
        self, ids: Tensor, quote: Tensor, shape: Tensor, mask: Tensor, first: Tensor, last: Tensor
    ) -> tuple[Tensor, Tensor]:
        """(syntax, meaning): the words' vectors [B, W, width] from the layer mixture and from the last layer."""
        embedded = self.encoder.embeddings.word_embeddings(ids) + self.quote(quote) + self.shape(shape)
        out = self.encoder(inputs_embeds=embedded, attention_mask=mask, output_hidden_states=True)
        weights = torch.softmax(self.mixture, 0)
        mixed = sum(w * h for w, h in zip(weights, out.hidden_states, strict=True))
        begin, end = (place.unsqueeze(-1).expand(-1, -1, embedded.shape[-1]) for place in (first, last))
        syntax = mixed.gather(1, begin) + self.ending(mixed.gather(1, end))
        return self.drop(syntax), self.drop(out.last_hidden_state.gather(1, begin))

    def forward(
        self, ids: Tensor, quote: Tensor, shape: Tensor, mask: Tensor, first: Tensor, last: Tensor
    ) -> tuple[Tensor, ...]:
        """What ships, in the order of `OUTPUTS`: classes where the best is enough, scores where a decoder follows."""
        syntax, meaning = self.words(ids, quote, shape, mask, first, last)
        return (
            self.tag(syntax).argmax(-1),
            self.pos(syntax).argmax(-1),
            self.lemma(syntax).argmax(-1),
            self.start(syntax).log_softmax(-1),
            self.arc(syntax).log_softmax(-1),
            self.relation(syntax),
            self.entity(meaning).log_softmax(-1),
            self.attribution(meaning).log_softmax(-1),
            self.cue(meaning).log_softmax(-1),
            self.source(meaning).log_softmax(-1),
            self.coref(meaning).log_softmax(-1),
        )

    def relation(self, syntax: Tensor) -> Tensor:
        """[B, W, W] the best label for each pair of words: ROOT for a word that is its own head, and for no other."""
        best = self.not_root[self.dep(syntax, self.not_root).argmax(1)]
        places = torch.arange(syntax.shape[1])
        return best.masked_fill(places == places.unsqueeze(1), self.root)


INPUTS = ("ids", "quote", "shape", "mask", "first", "last")
OUTPUTS = ("tag", "pos", "lemma", "start", "arc", "dep", "entity", "attribution", "cue", "source", "coref")
