"""From the scores of the model and the rules to a probability that claim and names are right.

The product of tag, link and resolution scores orders claims well and is too low for most of them; two numbers set it
right (Platt 1999: a logistic curve over the log odds). `python -m extract.training.calibrate` fits them.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "model" / "confidence.json"
_LEAST = 0.001


@dataclass(frozen=True, slots=True)
class Curve:
    """sigmoid(slope · log odds + intercept); slope 1 and intercept 0 change nothing.

    >>> round(Curve(2.0, 0.5)(0.5), 3), round(Curve(2.0, 0.5).undo(0.622), 3)
    (0.622, 0.5)
    """

    slope: float
    intercept: float

    def __call__(self, score: float) -> float:
        return sigmoid(self.slope * log_odds(score) + self.intercept)

    def undo(self, confidence: float) -> float:
        """The score that was given this confidence."""
        return sigmoid((log_odds(confidence) - self.intercept) / self.slope)


@cache
def curve() -> Curve:
    """The curve that ships."""
    fitted = json.loads(FILE.read_text(encoding="utf8"))
    return Curve(fitted["slope"], fitted["intercept"])


def log_odds(chance: float) -> float:
    kept = min(max(chance, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))
