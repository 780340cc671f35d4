"""Our recogniser on the Recognizers-Text specifications: `python -m bench.run_specs [--failed]`.

Prints for each model how many inputs are supported (all but those that we read differently on purpose, listed with
their reasons in `specs_differences.yml`) and the share of them that passes; with --failed the place of each that does
not, and how often each difference held.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from bench.results_file import Row, write
from bench.specs import Outcome, Purpose, judge

SPECS = Path(__file__).parents[2] / "shared" / "data" / "recognizers_specs"


def row(outcome: Outcome) -> Row:
    """A model as a row of the README's table: the counts are whole numbers."""
    supported = len(outcome.passed) + len(outcome.failed)
    scores = {"share that passes": outcome.share, "supported inputs": supported, "different": len(outcome.different)}
    return Row("On Record", outcome.model, scores, "python -m bench.run_specs")


def main() -> None:
    purpose = Purpose.load()
    outcomes = judge(SPECS, purpose)
    for outcome in outcomes:
        supported = len(outcome.passed) + len(outcome.failed)
        print(f"{outcome.model:12} {len(outcome.passed):4} of {supported:4} supported inputs pass: {outcome.share:.3f}")
        print(f"{'':12} {len(outcome.different):4} different on purpose")
    if "--failed" in sys.argv[1:]:
        for outcome in outcomes:
            print(f"{outcome.model}: failed", [case.index for case in outcome.failed])
        held = Counter(name for outcome in outcomes for name, _ in outcome.different)
        for difference in purpose.differences:
            print(f"{held[difference.name]:4} {difference.name}: {difference.reason}")
    write("specs", [row(outcome) for outcome in outcomes])


if __name__ == "__main__":
    main()
