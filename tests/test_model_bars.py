"""The shipped model on PolNeAR's development part: what was reached is not lost again (0.3.0, two points below it)."""

from __future__ import annotations

from pathlib import Path

from spacy import Language

from extract.evaluate import attribution


def test_attribution_keeps_what_it_reached(nlp: Language, shared: Path) -> None:
    result = attribution.evaluate(nlp, shared / "data/attribution/polnear_dev.jsonl.gz")
    assert result["content"]["exact"]["f"] >= 0.66
    assert result["content"]["words"]["f"] >= 0.895
    assert result["source"]["exact"]["f"] >= 0.79
    assert result["cue"]["exact"]["f"] >= 0.72
    assert result["linked"]["f"] >= 0.64
