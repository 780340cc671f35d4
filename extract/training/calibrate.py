"""Fit `extract/confidence.py` to annotated articles: `python -m extract.training.calibrate [--write]`.

The gold of `../shared/articles` and of the cross-check corpus is small and was in view while the rules were written:
two numbers are all that is fitted, drawn towards changing nothing, and the error printed is of articles left out one at
a time.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy

from extract.confidence import FILE, Curve, curve, log_odds
from extract.evaluate.articles import calibration, confidences, load_gold
from extract.pipeline import find, load

CORPORA = ("articles", "data/crosscheck")
PULL = 2.0  # as many pseudo-observations as hold slope 1 and intercept 0
Judged = list[tuple[float, bool]]


def fit(judged: Sequence[tuple[float, bool]], steps: int = 50) -> Curve:
    """The curve of greatest likelihood by Newton's method, with a quadratic pull towards (1, 0)."""
    features = numpy.array([[log_odds(score), 1.0] for score, _ in judged])
    right = numpy.array([float(r) for _, r in judged])
    rest = numpy.array([1.0, 0.0])
    values = rest.copy()
    for _ in range(steps):
        chance = 1 / (1 + numpy.exp(-features @ values))
        slope = features.T @ (right - chance) - PULL * (values - rest)
        bend = (features * (chance * (1 - chance))[:, None]).T @ features + PULL * numpy.eye(2)
        values = values + numpy.linalg.solve(bend, slope)
    return Curve(float(values[0]), float(values[1]))


def left_out(articles: Sequence[Judged]) -> Judged:
    """Each article's claims with the confidence that the other articles' curve gives them."""
    out: Judged = []
    for n, own in enumerate(articles):
        others = [one for k, judged in enumerate(articles) if k != n for one in judged]
        fitted = fit(others)
        out += [(fitted(score), right) for score, right in own]
    return out


def raw_scores(shared: Path) -> list[Judged]:
    """By article: each found claim's score before any curve, and whether claim and names are right."""
    nlp, present = load(), curve()
    out = []
    for corpus in CORPORA:
        for article in load_gold(shared / corpus):
            claims = find(nlp, article.text, article.published).as_dict()["claims"]
            out.append([(present.undo(c), right) for c, right in confidences(article, claims)])
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    a = parser.parse_args()
    articles = raw_scores(a.shared)
    everything = [one for judged in articles for one in judged]
    fitted = fit(everything)
    result = {
        "slope": round(fitted.slope, 3),
        "intercept": round(fitted.intercept, 3),
        "claims": len(everything),
        "error_before": calibration(everything)["error"],
        "error_left_out": calibration(left_out(articles))["error"],
    }
    print(json.dumps(result, indent=1))
    if a.write:
        FILE.write_text(json.dumps(result, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
