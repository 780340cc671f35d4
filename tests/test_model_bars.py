"""The shipped model against what the experiment in `../shared/recipes` reached on PolNeAR's development part."""

from __future__ import annotations

from pathlib import Path

from spacy import Language

from extract.evaluate import attribution


def test_attribution_reaches_the_experiment(nlp: Language, shared: Path) -> None:
    result = attribution.evaluate(nlp, shared / "data/attribution/polnear_dev.jsonl.gz")
    assert result["content"]["exact"]["f"] >= 0.63
    assert result["content"]["words"]["f"] >= 0.89
    assert result["source"]["exact"]["f"] >= 0.77
    assert result["cue"]["exact"]["f"] >= 0.69
