"""Average the weights of runs: `python -m extract.training.average work/soup work/run3 work/run4 --shares .5 .5`.

Runs that go on from one another lie in one basin: their mean is often better than each of them and costs nothing at
run time (Wortsman et al. 2022, "Model soups"). A later stage that learned trees but overfitted attributions keeps the
first and gives back the second. Prints the development scores of the mean and writes a run's folder for `export`.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
from pathlib import Path

import torch

from extract.inputs import WordPieces
from extract.training.data import LabelSets
from extract.training.model import Network, minilm_config
from extract.training.scores import scores
from extract.training.train import minilm_folder


def mean(runs: list[Path], shares: list[float]) -> dict[str, torch.Tensor]:
    """The weighted mean of each parameter; `shares` add up to 1 and go with `runs`, of the same labels and sizes."""
    if len(shares) != len(runs) or abs(sum(shares) - 1) > 1e-6:
        raise SystemExit(f"{len(runs)} runs want as many --shares that add up to 1, not {shares}")
    states = [torch.load(run / "network.pt", weights_only=True) for run in runs]
    return {name: sum(s * state[name] for s, state in zip(shares, states, strict=True)) for name in states[0]}


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--shares", type=float, nargs="+", help="a run's weight in the mean; else all the same")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    a = parser.parse_args()
    shares = a.shares or [1 / len(a.runs)] * len(a.runs)
    labels = LabelSets(**json.loads((a.runs[0] / "labels.json").read_text(encoding="utf8")))
    network = Network(labels, minilm_config(minilm_folder()))
    network.load_state_dict(mean(a.runs, shares))
    a.out.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), a.out / "network.pt")
    shutil.copy(a.runs[0] / "labels.json", a.out / "labels.json")
    made = {"mean of": [str(run) for run in a.runs], "shares": shares}
    made["dev"] = scores(network, labels, a.shared, WordPieces(minilm_folder() / "vocab.txt"))
    (a.out / "metrics.json").write_text(json.dumps(made, indent=1), encoding="utf8")
    logging.info("%s", json.dumps(made))


if __name__ == "__main__":
    main()
