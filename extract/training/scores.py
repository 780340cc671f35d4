"""Scores of a network on the development sets while it trains, and of the model that ships on the treebanks:
`python -m extract.training.scores extract/model`. All other shipped figures come from `onrecord evaluate`, which runs
the whole pipeline.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy
import torch

from extract.decode import bio_spans, tree
from extract.encoder import Encoder
from extract.inputs import WordPieces
from extract.training import data
from extract.training.batches import Item, batches, items, tensors
from extract.training.model import OUTPUTS, Network

Read = tuple[Item, dict[str, numpy.ndarray]]


def scores(network: Network, labels: data.LabelSets, shared: Path, pieces: WordPieces) -> dict[str, float]:
    """Fractions: tag, pos, lemma, LAS, UAS with gold sentences, sentence-start F, entity and attribution exact F on
    tokens, right links given gold spans."""
    network.eval()
    out: dict[str, float] = {}
    for name in ("ewt", "gum"):
        examples = list(data.treebank_examples(shared / f"nlp/{name}_dev.conllu.gz", labels))
        out |= {f"{name}_{k}": v for k, v in _syntax(_predict(network, items(examples, pieces))).items()}
    polnear = data.polnear_examples(
        shared / "attribution/polnear_dev.jsonl.gz", shared / "nlp/corenlp_silver_dev.spacy"
    )
    out |= _attribution(network, labels, items(polnear, pieces))
    gum = items(data.treebank_examples(shared / "nlp/gum_dev.conllu.gz", labels), pieces)
    out["gum_coref"] = _pointers(list(_predict(network, gum)), "coref")
    uner = items(data.uner_examples(shared / "nlp/uner_ewt_dev.iob2.gz"), pieces)
    out["uner_entity"] = _spans(list(_predict(network, uner)), labels.entity, "entity")[""]
    network.train()
    return {k: round(v, 4) for k, v in out.items()}


def _predict(network: Network, all_items: list[Item]) -> Iterator[Read]:
    """Each chunk's outputs, padding cut off and context words dropped from the items' view by `fresh`."""
    for batch in batches(all_items, 8):
        inputs, _ = tensors(batch)
        with torch.no_grad():
            result = dict(zip(OUTPUTS, (t.numpy() for t in network(*inputs)), strict=True))
        for n, item in enumerate(batch):
            yield item, {k: v[n] for k, v in result.items()}


def of_model(folder: Path, labels: data.LabelSets, shared: Path) -> dict[str, float]:
    """The scores on the treebanks, by the same names, of a model as it ships."""
    encoder = Encoder(folder)
    out = {}
    for name in ("ewt", "gum"):
        examples = data.treebank_examples(shared / f"nlp/{name}_dev.conllu.gz", labels)
        read = ((item, encoder.outputs(item)) for item in items(examples, encoder.pieces))
        out |= {f"{name}_{k}": round(float(v), 4) for k, v in _syntax(read).items()}
    return out


def _syntax(read: Iterable[Read]) -> dict[str, float]:
    right: Counter[str] = Counter()
    total = found = wanted = both = 0
    for item, y in read:
        n = len(item.words)
        starts = [w for w in range(n) if item.labels["start"][w] == 1] or [0]
        for a, b in zip(starts, [*starts[1:], n], strict=True):
            heads = tree(y["arc"][a:b, a:b])
            for w in range(a, b):
                gold = item.labels["arc"][w]
                if w < item.fresh or gold < 0:
                    continue
                total += 1
                arc = a + heads[w - a] == gold
                right["uas"] += arc
                right["las"] += arc and int(y["dep"][w, gold]) == item.labels["dep"][w]
                for k in ("tag", "pos", "lemma"):
                    right[k] += int(y[k][w]) == item.labels[k][w]
        for w in range(item.fresh, n):
            p, g = y["start"][w, 1] > y["start"][w, 0], item.labels["start"][w] == 1
            found, wanted, both = found + p, wanted + g, both + (p and g)
    return {k: v / total for k, v in right.items()} | {"start": 2 * both / max(1, found + wanted)}


def _attribution(network: Network, labels: data.LabelSets, all_items: list[Item]) -> dict[str, float]:
    read = list(_predict(network, all_items))
    steps = network.chain.steps.detach().numpy()
    by_label = _spans(read, labels.attribution, "attribution", steps)
    out = {f"polnear_{k.lower() or 'all'}": v for k, v in by_label.items()}
    out["polnear_entity"] = _spans([r for r in read if "entity" in r[0].labels], labels.entity, "entity")[""]
    return out | {f"link_{k}": _pointers(read, k) for k in ("cue", "source")}


def _pointers(read: list[Read], head: str) -> float:
    """How many words that should point at another (or at themselves) do."""
    right = total = 0
    for item, y in read:
        for w in range(item.fresh, len(item.words)):
            if head in item.labels and item.labels[head][w] >= 0:
                total += 1
                right += int(y[head][w, : len(item.words)].argmax()) == item.labels[head][w]
    return right / max(1, total)


def _spans(read: list[Read], names: list[str], head: str, steps: numpy.ndarray | None = None) -> dict[str, float]:
    """Exact F by label, and over all under the empty name."""
    counts: Counter[tuple[str, str]] = Counter()
    for item, y in read:
        n = len(item.words)
        gold = {s for s in _gold_spans(item.labels[head], names) if s[0] >= item.fresh}
        guess = {(a, b, label) for a, b, label, _ in bio_spans(y[head][:n], names, steps) if a >= item.fresh}
        for kind, spans in (("gold", gold), ("guess", guess), ("both", gold & guess)):
            for s in spans:
                counts[kind, s[2]] += 1
                counts[kind, ""] += 1
    every = {label for _, label in counts}
    return {v: 2 * counts["both", v] / max(1, counts["gold", v] + counts["guess", v]) for v in every | {""}}


def _gold_spans(tags: list[int], names: list[str]) -> list[tuple[int, int, str]]:
    out: list[tuple[int, int, str]] = []
    for w, tag in enumerate(tags):
        name = names[tag] if tag >= 0 else "O"
        if name[:1] == "B":
            out.append((w, w + 1, name[2:]))
        elif name[:1] == "I" and out and out[-1][1] == w:
            out[-1] = (out[-1][0], w + 1, out[-1][2])
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    a = parser.parse_args()
    known = json.loads((a.model / "labels.json").read_text(encoding="utf8"))
    labels = data.LabelSets(**{name: values for name, values in known.items() if name != "attribution_steps"})
    print(json.dumps(of_model(a.model, labels, a.shared), indent=1))


if __name__ == "__main__":
    main()
