"""Export a trained network to ONNX, quantised: `python -m extract.training.export work/run extract/model`.

Weights become 8-bit integers (dynamic quantisation, a scale per output channel), which makes the model a third of the
size and faster on a CPU. The second matrix of each feed-forward layer stays as it is: its inputs have outliers that one
scale a tensor cannot hold (Bondarenko et al. 2021), and quantising it cost a point of F. Writes
`encoder.onnx`, `labels.json`, `vocab.txt` and `meta.json`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import shutil
from datetime import date
from pathlib import Path

import spacy
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from extract.evaluate import attribution
from extract.training.data import LabelSets
from extract.training.model import INPUTS, OUTPUTS, Network, minilm_config
from extract.training.scores import of_model
from extract.training.train import MINILM_SHA256, minilm_folder

FLOAT = ("/dep/MatMul", "/dep/MatMul_1")  # a batch of matrices, which the quantised kernel refuses
log = logging.getLogger(__name__)
DATA = [
    {"name": "UD English EWT", "licence": "CC BY-SA 4.0", "for": "syntax"},
    {"name": "UD English GUM, genres with free texts", "licence": "CC BY 4.0", "for": "syntax, mentions"},
    {
        "name": "PolNeAR",
        "licence": "none stated; its texts are their publishers' and not shipped",
        "for": "attribution",
    },
    {"name": "Stanford CoreNLP on PolNeAR", "licence": "as PolNeAR", "for": "entities, sentence bounds (silver)"},
    {"name": "wikigold", "licence": "CC BY 4.0", "for": "entities"},
]


def export(run: Path, out: Path, version: str, shared: Path) -> None:
    labels = LabelSets(**json.loads((run / "labels.json").read_text(encoding="utf8")))
    folder = minilm_folder()
    network = Network(labels, minilm_config(folder, attn_implementation="eager"))
    network.load_state_dict(torch.load(run / "network.pt", weights_only=True))
    network.eval()
    out.mkdir(parents=True, exist_ok=True)
    whole = run / "float"  # a model folder of its own, to see what quantisation costs
    whole.mkdir(exist_ok=True)
    _to_onnx(network, whole / "encoder.onnx")
    layers = range(len(network.encoder.encoder.layer))
    feed_forward = [f"/encoder/encoder/layer.{n}/output/dense/MatMul" for n in layers]
    quantize_dynamic(
        whole / "encoder.onnx",
        out / "encoder.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        nodes_to_exclude=[*FLOAT, *feed_forward],
    )
    known = json.loads((run / "labels.json").read_text(encoding="utf8"))
    known["attribution_steps"] = [[round(v, 4) for v in row] for row in network.chain.steps.tolist()]
    for place in (whole, out):
        (place / "labels.json").write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf8")
        shutil.copy(folder / "vocab.txt", place / "vocab.txt")
    costs = quantisation_cost(whole, out, shared)
    _write_meta(run, out, version, costs, of_model(out, labels, shared))


def quantisation_cost(whole: Path, small: Path, shared: Path) -> dict[str, dict[str, float]]:
    """Exact F of contents, sources and cues on PolNeAR dev of the float network and of the quantised one."""
    scores = {}
    for name, folder in (("float", whole), ("quantised", small)):
        nlp = spacy.blank("en")
        nlp.add_pipe("onrecord_encoder", config={"folder": str(folder)})
        result = attribution.evaluate(nlp, shared / "attribution/polnear_dev.jsonl.gz")
        scores[name] = {label: result[label]["exact"]["f"] for label in attribution.LABELS}
        log.info("%s: %s", name, scores[name])
    return scores


def _to_onnx(network: Network, path: Path) -> None:
    pieces = torch.randint(1000, 3000, (2, 48))
    zeros = torch.zeros_like(pieces)
    words = torch.arange(1, 33).repeat(2, 1)
    axes = {n: {0: "chunks", 1: "words" if n in ("first", "last") else "pieces"} for n in INPUTS}
    square = {"arc", "dep", "cue", "source", "coref"}
    axes |= {n: {0: "chunks", 1: "words", **({2: "targets"} if n in square else {})} for n in OUTPUTS}
    torch.onnx.export(
        network,
        (pieces, zeros, zeros, torch.ones_like(pieces), words, words),
        str(path),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def _write_meta(
    run: Path, out: Path, version: str, quantisation: dict[str, dict[str, float]], treebanks: dict[str, float]
) -> None:
    """What the model is and was made from; `scores` are added by `onrecord evaluate`, on the quantised model."""
    metrics = run / "metrics.json"
    meta = {
        "version": version,
        "made": date.today().isoformat(),
        "encoder": {
            "from": "sentence-transformers/all-MiniLM-L6-v2",
            "licence": "Apache-2.0",
            "sha256": MINILM_SHA256,
        },
        "data": DATA,
        "files": {
            n: hashlib.sha256((out / n).read_bytes()).hexdigest() for n in ("encoder.onnx", "labels.json", "vocab.txt")
        },
        "training": json.loads(metrics.read_text(encoding="utf8")) if metrics.is_file() else None,
        "quantisation, exact F on PolNeAR dev": quantisation,
        "treebanks, dev, as it ships": treebanks,
        "scores": {},
    }
    (out / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    a = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    export(a.run, a.out, a.version, a.shared)


if __name__ == "__main__":
    main()
