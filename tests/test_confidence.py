"""Confidence as a probability: the curve that ships and how it is fitted."""

from __future__ import annotations

import random

import pytest

from extract.confidence import Curve, curve, sigmoid
from extract.evaluate.articles import calibration
from extract.training.calibrate import fit, left_out


def test_the_curve_that_ships_keeps_the_order() -> None:
    values = [curve()(n / 20) for n in range(21)]
    assert values == sorted(values) and 0 <= values[0] < values[-1] <= 1


def test_a_curve_can_be_undone() -> None:
    bent = Curve(1.7, 0.4)
    assert [bent.undo(bent(x)) for x in (0.1, 0.5, 0.9)] == pytest.approx([0.1, 0.5, 0.9])


def _underrated(seed: int, n: int) -> list[tuple[float, bool]]:
    """Scores that are right more often than they say: in truth sigmoid(2 · log odds + 1)."""
    chance = random.Random(seed)
    truth = Curve(2.0, 1.0)
    scores = [sigmoid(chance.uniform(-2, 2)) for _ in range(n)]
    return [(s, chance.random() < truth(s)) for s in scores]


def test_the_fit_finds_the_curve_that_made_the_data() -> None:
    fitted = fit(_underrated(1, 4000))
    assert (fitted.slope, fitted.intercept) == pytest.approx((2.0, 1.0), abs=0.2)


def test_few_data_change_little() -> None:
    fitted = fit([(0.6, True), (0.4, False)])
    assert (fitted.slope, fitted.intercept) == pytest.approx((1.0, 0.0), abs=0.2)


def test_the_fit_helps_articles_it_has_not_seen() -> None:
    articles = [_underrated(seed, 60) for seed in range(12)]
    before = calibration([one for judged in articles for one in judged])["error"]
    assert calibration(left_out(articles))["error"] < before / 1.5
