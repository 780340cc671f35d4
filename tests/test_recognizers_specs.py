"""The specifications of Recognizers-Text (read from ../shared): what passes keeps passing, what differs has its reason.

`python -m bench.run_specs --failed` names the inputs that fail. The bars are what was reached, and may only rise.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bench.specs import FILES, Case, Outcome, Purpose, cases, judge, passes
from extract.figures.lexicon import Lexicon

BARS = {"Number": 0.95, "Percent": 1.0, "NumberRange": 0.95, "Currency": 1.0, "Age": 1.0, "DateTime": 0.95}
SUPPORTED = {"Number": 97, "Percent": 15, "NumberRange": 47, "Currency": 129, "Age": 17, "DateTime": 328}


@pytest.fixture(scope="module")
def outcomes(shared: Path) -> dict[str, Outcome]:
    return {outcome.model: outcome for outcome in judge(shared / "data/recognizers_specs", Purpose.load())}


@pytest.mark.parametrize("model", FILES)
def test_the_share_that_passes_does_not_fall(outcomes: dict[str, Outcome], model: str) -> None:
    outcome = outcomes[model]
    print(f"{model}: {outcome.share:.3f} of {len(outcome.passed) + len(outcome.failed)} supported inputs")
    assert outcome.share >= BARS[model], [case.index for case in outcome.failed]
    assert len(outcome.passed) + len(outcome.failed) >= SUPPORTED[model], "more inputs are excused than before"


def test_every_difference_still_holds_somewhere(outcomes: dict[str, Outcome]) -> None:
    held = {name for outcome in outcomes.values() for name, _ in outcome.different}
    stale = [difference.name for difference in Purpose.load().differences if difference.name not in held]
    assert not stale, "nothing differs in this way any more: take it out of specs_differences.yml"


def test_every_difference_has_its_reason() -> None:
    assert all(len(difference.reason) > 20 for difference in Purpose.load().differences)


def _case(model: str, text: str, *results: dict[str, object]) -> Case:
    return Case(model, 0, text, date(2024, 9, 25), results)


def _named(value: str, unit: str = "") -> dict[str, object]:
    return {"TypeName": "x", "Resolution": {"value": value, "unit": unit} if unit else {"value": value}}


def _dated(kind: str, **value: str) -> dict[str, object]:
    return {"TypeName": f"datetimeV2.{kind}", "Resolution": {"values": [{"type": kind, **value}]}}


COMPARED = [
    (_case("Number", "Odile counted twelve boats.", _named("12")), True, "a value"),
    (_case("Number", "Odile counted twelve boats."), False, "one too many"),
    (_case("Currency", "It cost C$40.", _named("40", "Canadian dollar")), True, "a value with its unit"),
    (_case("Currency", "It cost C$40.", _named("40", "Euro")), False, "another unit"),
    (_case("NumberRange", "more than 30 boats", _named("(30,)")), True, "an open end"),
    (_case("Age", "a boat ten years old", _named("10", "Year")), True, "an age"),
    (_case("DateTime", "on May 3, 2022", _dated("date", timex="2022-05-03", value="2022-05-03")), True, "a day"),
    (
        _case("DateTime", "in May 2022", _dated("daterange", timex="2022-05", start="2022-05-01", end="2022-06-01")),
        True,
        "a month, whose end is the day after there",
    ),
    (_case("DateTime", "for six weeks", _dated("duration", timex="P6W", value="x")), True, "a length"),
    (_case("DateTime", "every six weeks", _dated("duration", timex="P6W", value="x")), False, "a set is no length"),
]


@pytest.mark.parametrize(("case", "same", "why"), COMPARED, ids=[c[2] for c in COMPARED])
def test_comparison(case: Case, same: bool, why: str) -> None:
    assert passes(case, Purpose.load(), Lexicon.load()) is same, why


def test_cases_are_read_with_their_day(tmp_path: Path) -> None:
    rows = [{"Input": "today", "Context": {"ReferenceDateTime": "2024-09-25T00:00:00"}, "Results": []}]
    (tmp_path / "DateTime").mkdir()
    (tmp_path / "DateTime/DateTimeModel.json").write_text("\ufeff" + json.dumps(rows), encoding="utf8")
    assert cases(tmp_path, "DateTime") == [Case("DateTime", 0, "today", date(2024, 9, 25), ())]
