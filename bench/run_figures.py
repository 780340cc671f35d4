"""Other systems' figures by our scorer on NewsQuant dev: `python -m bench.run_figures` (extra `bench`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import recognizers
from bench.results_file import Row, write
from bench.run_onrecord import figure_scores
from extract.evaluate import newsquant as scorer

CORPUS = Path(__file__).parents[2] / "shared" / "data" / "quantities" / "newsquant_dev.json"
NAMES = {"percentage": "percentage", "dimensionless": "-"}


def quantulum(text: str) -> list[scorer.Item]:
    from quantulum3 import classifier, parser

    classifier.USE_CLF = False  # its stored classifier loads with no scikit-learn of today; its own rules take over
    out = []
    for q in parser.parse(text):
        low, high = (q.value - (q.uncertainty or 0), q.value + (q.uncertainty or 0))
        out.append(scorer.Item(low, high, NAMES.get(q.unit.name, q.unit.name)))
    return out


SYSTEMS: dict[str, tuple[Callable[[str], list[scorer.Item]], str]] = {
    "quantulum3": (quantulum, "without its classifier"),
    "Recognizers-Text": (recognizers.quantities, ""),
}


def measure(system: str, sentences: list[dict[str, Any]]) -> Row:
    """A system on the corpus; a sentence that it cannot read counts as read without a figure, and is counted."""
    read, note = SYSTEMS[system]
    raised = 0

    def found(sentence: dict[str, Any]) -> list[scorer.Item]:
        nonlocal raised
        try:
            return read(sentence["text"])
        except Exception:  # what a peer cannot read is counted, not hidden
            raised += 1
            return []

    result = scorer.compare(sentences, [found(s) for s in sentences])
    notes = [note] if note else []
    notes += [f"raised on {raised} sentences"] if raised else []
    return Row(system, "NewsQuant dev", figure_scores(result), "python -m bench.run_figures", ", ".join(notes))


def main() -> None:
    sentences: list[dict[str, Any]] = json.loads(CORPUS.read_text(encoding="utf8"))
    rows = [measure(system, sentences) for system in SYSTEMS]
    write("figures", rows)
    for row in rows:
        print(row.system, row.scores, row.note)


if __name__ == "__main__":
    main()
