"""Figures on the corpora: the bars of the project, measured as `onrecord evaluate figures` does."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.evaluate.figures import evaluate, table


def test_newsquant(nlp, shared: Path) -> None:  # type: ignore[no-untyped-def]
    result = evaluate(nlp, shared / "data/quantities/newsquant_dev.json")
    assert result["value"]["f"] >= 0.92
    assert result["value_unit"]["f"] >= 0.80
    assert "value_unit" in table(result)


def test_articles(nlp, shared: Path) -> None:  # type: ignore[no-untyped-def]
    result = evaluate(nlp, shared / "articles/gold.jsonl")
    assert result["value_unit"]["f"] >= 0.92
    for field in ("kind", "modifier", "direction"):
        assert result["fields"][field]["accuracy"] >= 0.9, field


def test_crosscheck_corpus(nlp, shared: Path) -> None:  # type: ignore[no-untyped-def]
    result = evaluate(nlp, shared / "data/crosscheck")
    assert result["value"]["f"] >= 0.92
    for field in ("kind", "modifier", "direction"):
        assert result["fields"][field]["accuracy"] >= 0.9, field


def test_unknown_gold_is_named(nlp, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    other = tmp_path / "numbers.csv"
    other.write_text("a,b\n")
    with pytest.raises(ValueError, match="numbers.csv"):
        evaluate(nlp, other)
