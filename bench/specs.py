"""Our recogniser against the Recognizers-Text specifications (MIT): JSON lists of an input and what must be read in it.

An input passes where what we read in it is what the specification reads: the same number of things with the same values
(and units of currencies and ages, ends of ranges, days of dates). Inputs that we read differently on purpose are listed
with their reason in `specs_differences.yml`; such an input counts neither as a pass nor as a failure, and one that
passes all the same counts as a pass. The share is that of the inputs that remain.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from extract.dates import find_dates
from extract.figures.lexicon import Lexicon
from extract.figures.recognise import Quantity, recognise
from extract.findings import DateMention

Same = Callable[[dict[str, Any], DateMention], bool]
DIFFERENCES = Path(__file__).parent / "specs_differences.yml"
DATES = "DateTime"
DAYS = {"date", "daterange", "duration", "set"}  # the kinds of dates that we are about; the others are times
FILES = {
    "Number": "Number/NumberModel.json",
    "Percent": "Number/PercentModel.json",
    "NumberRange": "Number/NumberRangeModel.json",
    "Currency": "NumberWithUnit/CurrencyModel.json",
    "Age": "NumberWithUnit/AgeModel.json",
    DATES: "DateTime/DateTimeModel.json",
}
OPEN = {"at_least": (None, math.inf), "just_over": (None, math.inf), "at_most": (-math.inf, None)}
OPEN |= {"just_under": (-math.inf, None)}


@dataclass(frozen=True)
class Case:
    """One input of a model's specification; `index` is its place in the file, `results` what must be read in it."""

    model: str
    index: int
    text: str
    reference: date | None
    results: tuple[dict[str, Any], ...]

    @property
    def kinds(self) -> set[str]:
        """The kinds of its dates ("date", "daterange", "time", …), without the prefix of the specification."""
        return {str(result.get("TypeName")).rpartition(".")[2] for result in self.results}


@dataclass(frozen=True)
class Item:
    """A quantity as it is compared; `low` is `high` where there is one value, infinite where an end is open."""

    low: float
    high: float
    unit: str | None = None

    def same(self, other: Item) -> bool:
        ends = ((self.low, other.low), (self.high, other.high))
        return self.unit == other.unit and all(math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9) for a, b in ends)


@dataclass(frozen=True)
class Difference:
    """What we read differently on purpose: inputs of `models` that match `pattern`, have a date of one of `kinds`, or
    are listed by their index."""

    name: str
    reason: str
    models: frozenset[str]
    pattern: re.Pattern[str] | None
    kinds: frozenset[str]
    inputs: dict[str, frozenset[int]]
    conventions: tuple[Same, ...]

    def holds(self, case: Case) -> bool:
        if case.index in self.inputs.get(case.model, ()):
            return True
        if case.model not in self.models:
            return False
        return bool(self.kinds & case.kinds) or bool(self.pattern and self.pattern.search(case.text))


@dataclass(frozen=True)
class Outcome:
    """How a model fared: `different` are its failures by the difference that explains each, `failed` the others."""

    model: str
    passed: tuple[Case, ...]
    failed: tuple[Case, ...]
    different: tuple[tuple[str, Case], ...]

    @property
    def share(self) -> float:
        return len(self.passed) / max(1, len(self.passed) + len(self.failed))


@dataclass(frozen=True)
class Purpose:
    """`specs_differences.yml`: the differences, and our keys of the specification's names of units."""

    differences: tuple[Difference, ...]
    units: dict[str, str]

    @classmethod
    def load(cls, path: Path = DIFFERENCES) -> Purpose:
        table = yaml.safe_load(path.read_text(encoding="utf8"))
        return cls(tuple(_difference(name, row) for name, row in table["differences"].items()), table["units"])


def _difference(name: str, row: dict[str, Any]) -> Difference:
    return Difference(
        name,
        row["reason"],
        frozenset(row.get("models", ())),
        re.compile(row["pattern"]) if "pattern" in row else None,
        frozenset(row.get("kinds", ())),
        {model: frozenset(indices) for model, indices in row.get("inputs", {}).items()},
        tuple(CONVENTIONS[name] for name in row.get("conventions", ())),
    )


def cases(folder: Path, model: str) -> list[Case]:
    """The inputs of a model, in the order of its file."""
    rows = json.loads((folder / FILES[model]).read_text(encoding="utf-8-sig"))
    return [
        Case(model, index, row["Input"], _reference(row), tuple(row["Results"]))
        for index, row in enumerate(rows)
        if all(result.get("TypeName") for result in row["Results"])
    ]


def _reference(row: dict[str, Any]) -> date | None:
    when = row.get("Context", {}).get("ReferenceDateTime")
    return date.fromisoformat(when[:10]) if when else None


def judge(folder: Path, purpose: Purpose) -> list[Outcome]:
    """Every model's outcome on the specifications in `folder`."""
    words = Lexicon.load()
    return [_outcome(cases(folder, model), model, purpose, words) for model in FILES]


def _outcome(some: Sequence[Case], model: str, purpose: Purpose, words: Lexicon) -> Outcome:
    passed, failed, different = [], [], []
    for case in some:
        if passes(case, purpose, words):
            passed.append(case)
        elif why := explained(case, purpose.differences):
            different.append((why, case))
        else:
            failed.append(case)
    return Outcome(model, tuple(passed), tuple(failed), tuple(different))


def explained(case: Case, differences: Sequence[Difference]) -> str | None:
    """The difference that explains why an input fails: the first of the conventions that together would make all its
    dates right, else the first that holds."""
    by_convention = _conventions(case, differences) if case.model == DATES and case.kinds <= DAYS else None
    return by_convention or next((d.name for d in differences if d.holds(case)), None)


def _conventions(case: Case, differences: Sequence[Difference]) -> str | None:
    got = find_dates(case.text, case.reference, country="US")
    applied: list[str] = []

    def same(wanted: dict[str, Any], one: DateMention) -> bool:
        if same_date(wanted, one):
            return True
        name = next((d.name for d in differences for convention in d.conventions if convention(wanted, one)), None)
        applied.extend([name] if name else [])
        return name is not None

    return applied[0] if _paired(list(case.results), got, same) and applied else None


def passes(case: Case, purpose: Purpose, words: Lexicon) -> bool:
    """Whether we read in an input what its specification says."""
    if case.model == DATES:
        return _paired(list(case.results), find_dates(case.text, case.reference, country="US"), same_date)
    return _paired(expected(case, purpose.units), found(case, words), Item.same)


def _paired(wanted: list[Any], got: Sequence[Any], same: Callable[[Any, Any], bool]) -> bool:
    """Whether both sides can be taken out in pairs that are the same, with nothing left."""
    for one in got:
        match = next((w for w in wanted if same(w, one)), None)
        if match is None:
            return False
        wanted.remove(match)
    return not wanted


# Quantities


def expected(case: Case, units: dict[str, str]) -> list[Item]:
    """What the specification reads in an input, in our units. A value of "null" is no figure and expects none."""
    items = []
    for result in case.results:
        said = result["Resolution"]
        if case.model == "NumberRange":
            items.append(_interval(said["value"]))
        elif said["value"] not in (None, "null"):
            value = float(str(said["value"]).rstrip("%"))
            named = "percent" if case.model == "Percent" else said.get("unit")
            items.append(Item(value, value, named and units.get(named, named)))
    return items


def _interval(said: str) -> Item:
    """ "[20,30)" as its two ends; whether an end itself is in is not compared."""
    low, high = said[1:-1].split(",")
    return Item(float(low or -math.inf), float(high or math.inf))


def found(case: Case, words: Lexicon) -> list[Item]:
    """What we read in an input, of the kind that its model is about; dates are hidden, as they are in an article."""
    dates = find_dates(case.text, case.reference or date(2024, 9, 25), country="US")
    masks = [(d.start, d.end) for d in dates if d.type not in ("DURATION", "SET")]
    quantities, _ = recognise(case.text, words, masks)
    return [READERS[case.model](quantity) for quantity in quantities if WANTED[case.model](quantity)]


WANTED: dict[str, Callable[[Quantity], bool]] = {
    "Number": lambda q: q.reason != "furniture",
    "Percent": lambda q: q.kind == "percent" and q.style != "fraction",
    "NumberRange": lambda q: q.low is not None or q.modifier in OPEN,
    "Currency": lambda q: q.kind == "money",
    "Age": lambda q: q.reason == "age",
}


def _plain(quantity: Quantity) -> Item:
    part = 0.01 if quantity.style == "fraction" else 1.0  # a fraction is a share in percent with us
    low = quantity.value if quantity.low is None else quantity.low
    high = quantity.value if quantity.high is None else quantity.high
    return Item((low or 0.0) * part, (high or 0.0) * part)


def _bounded(quantity: Quantity) -> Item:
    item = _plain(quantity)
    low, high = OPEN.get(quantity.modifier, (None, None))
    return Item(item.low if low is None else low, item.high if high is None else high)


def _with_unit(quantity: Quantity) -> Item:
    item = _plain(quantity)
    return Item(item.low, item.high, quantity.unit)


def _aged(quantity: Quantity) -> Item:
    item = _plain(quantity)
    return Item(item.low, item.high, quantity.unit or "year")


READERS: dict[str, Callable[[Quantity], Item]] = {
    "Number": _plain,
    "Percent": _with_unit,
    "NumberRange": _bounded,
    "Currency": _with_unit,
    "Age": _aged,
}

# Dates


def same_date(wanted: dict[str, Any], got: DateMention) -> bool:
    """Our value is the specification's TIMEX or one of the days it may mean, or our first and last days are its own.

    The specification gives the candidate before and the one after the day of writing where a date can be either; we
    choose by the tense, so that either is right. Its ranges end on the day after the last.
    """
    if _kind(wanted) in ("duration", "set") and got.type != _kind(wanted).upper():
        return False
    return any(_same_timex(value, got) or _same_days(value, got) for value in _values(wanted))


def _kind(wanted: dict[str, Any]) -> str:
    return str(wanted["TypeName"]).rpartition(".")[2]


def _values(wanted: dict[str, Any]) -> list[dict[str, str]]:
    return (wanted.get("Resolution") or {}).get("values") or []


def _same_timex(value: dict[str, str], got: DateMention) -> bool:
    timex = value.get("timex", "")
    if value.get("type") == "daterange" and (value.get("Mod") or got.type == "DURATION" != timex[:1] == "P"):
        return False
    return got.value in (timex, value.get("value"))


def _same_days(value: dict[str, str], got: DateMention) -> bool:
    if value.get("type") == "date":
        return got.from_ == got.to == value.get("value")
    if value.get("type") != "daterange":
        return False
    start, end = value.get("start"), value.get("end")
    return (start is None or start == got.from_) and _ends_on(end, got.to)


def _ends_on(end: str | None, last: str | None) -> bool:
    """The specification ends on the day after; "since 2021" has no end there and the day of writing with us."""
    if end is None or last is None:
        return end is None
    return last in (end, (date.fromisoformat(end) - timedelta(days=1)).isoformat())


# Conventions that differ, each a test of one date of the specification against one of ours


def _both_ends_in(wanted: dict[str, Any], got: DateMention) -> bool:
    """ "2014 to 2018" ends there where 2018 begins, with us where 2018 ends."""
    return "/" in got.value and any(
        (got.from_ or "") <= value.get("start", "") <= value.get("end", "") <= _day_after(got.to)
        for value in _values(wanted)
    )


def _day_after(day: str | None) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day else ""


def _window(wanted: dict[str, Any], got: DateMention) -> bool:
    """ "The next three days" begin tomorrow there, and end with the day of writing or begin on it with us."""
    return bool(got.type == "DURATION" and (got.from_ or got.to)) and any(
        value.get("timex", "").rstrip(")").rpartition(",")[2] == got.value or "X" in got.value
        for value in _values(wanted)
    )


def _several(wanted: dict[str, Any], got: DateMention) -> bool:
    """ "A few weeks" are three there, and nobody knows how many with us."""
    return "X" in got.value and any(
        re.sub(r"[\d.]+", "X", value.get("timex", "")) == got.value for value in _values(wanted)
    )


def _span(wanted: dict[str, Any], got: DateMention) -> bool:
    """ "In two weeks", "within two weeks": a day or a range there, a duration with us."""
    return got.type == "DURATION" and got.from_ is None and _kind(wanted) in ("date", "daterange")


def _named_cell(wanted: dict[str, Any], got: DateMention) -> bool:
    """ "Before 2010", "the end of 2010": an open range or a part of the year there; with us the year that is named."""
    return any(
        value.get("Mod") and (got.value == value.get("timex") or _holds(got, value.get("start") or value.get("end")))
        for value in _values(wanted)
    )


def _cell_of_unit(wanted: dict[str, Any], got: DateMention) -> bool:
    """ "Three weeks later": a day there, the week with us."""
    unit = got.value.count("-") < 2
    return _kind(wanted) == "date" and unit and any(_holds(got, value.get("value")) for value in _values(wanted))


def _holds(got: DateMention, day: str | None) -> bool:
    """Whether a day lies in our first to last, one day either way since the specification's ends are the day after."""
    if day is None or got.from_ is None or got.to is None:
        return False
    one, at = timedelta(days=1), date.fromisoformat(day[:10])
    return date.fromisoformat(got.from_) - one <= at <= date.fromisoformat(got.to) + one


CONVENTIONS: dict[str, Same] = {
    "both ends in": _both_ends_in,
    "window": _window,
    "several": _several,
    "span": _span,
    "named cell": _named_cell,
    "cell of unit": _cell_of_unit,
}
