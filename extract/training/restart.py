"""Go on from a run that was cut short (`train --start work/run`, its `network.pt`) or from the model that ships: its
8-bit weights as a network's starting point (`train --start extract/model`).

What a run learned is not lost when the next one has only an hour of two CPU cores. The float weights of a run are
100 MB and not kept in the repository; the quantised ones lose nothing that a few steps do not bring back.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import nn

from extract.training.model import Network

Arrays = dict[str, NDArray]


def start_from(network: Network, model: Path) -> list[str]:
    """Loads every parameter that the folder `model` has and returns the names of those it lacks (newer heads)."""
    if (model / "network.pt").is_file():
        return list(network.load_state_dict(torch.load(model / "network.pt", weights_only=True), False).missing_keys)
    graph = onnx.load(str(model / "encoder.onnx")).graph
    stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    weights = {n: _whole(stored, n) for n in _names(stored)}
    found = {n: w for n, w in weights.items() if n in network.state_dict()}
    linear = [n for n in _order_of_linear_layers(network) if n.removesuffix("weight") + "bias" in stored or "pair" in n]
    unnamed = sorted((n for n in weights if n.startswith("onnx::MatMul_")), key=lambda n: int(n.rpartition("_")[2]))
    for place in [n for n in unnamed if weights[n].ndim == 3]:  # the relations but ROOT, which is not exported
        unnamed.remove(place)
        found["dep.weight"] = network.dep.weight.detach().numpy().copy()
        found["dep.weight"][network.not_root.numpy()] = weights[place]
    for name, place in zip(linear, unnamed, strict=False):  # heads that are newer than the model come last
        found[name] = weights[place].T
    mixture = next(v for n, v in stored.items() if n.startswith("onnx::Split"))
    found["mixture"] = numpy.log(mixture)
    labels = json.loads((model / "labels.json").read_text(encoding="utf8"))
    if "attribution_steps" in labels:
        found["chain.steps"] = numpy.array(labels["attribution_steps"], numpy.float32)
    missing = network.load_state_dict({n: torch.tensor(w.copy()) for n, w in found.items()}, strict=False)
    return list(missing.missing_keys)


def _names(stored: Arrays) -> list[str]:
    kept = {n.removesuffix("_quantized") for n in stored}
    return [n for n in kept if not n.endswith(("_scale", "_zero_point"))]


def _whole(stored: Arrays, name: str) -> NDArray:
    if name in stored:
        return stored[name]
    zero = stored[name + "_zero_point"].astype(numpy.float32)
    return (stored[name + "_quantized"].astype(numpy.float32) - zero) * stored[name + "_scale"]


def _order_of_linear_layers(network: Network) -> list[str]:
    """Parameter names in the order of execution, by which the exported graph numbers its matrices."""
    order: list[str] = []
    hooks = [
        module.register_forward_hook(lambda *_, name=name: order.append(name + ".weight"))
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear)
    ]
    network(*(torch.ones(1, 4, dtype=torch.long) for _ in range(6)))
    for hook in hooks:
        hook.remove()
    return order
