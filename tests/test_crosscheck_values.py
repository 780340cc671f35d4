"""Printed numbers as intervals, names, words: the small parts that every link rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from db.crosscheck.drift import amounts_in, numbers_in
from db.crosscheck.names import same_name, same_speaker
from db.crosscheck.periods import meeting
from db.crosscheck.records import Figure, Version
from db.crosscheck.values import printed_range, relation, significant_digits, slip
from db.crosscheck.words import content_stems, words

PAPER = Version(1, "v", "a", 1, True, "Ledger", "", "", None, "en", date(2031, 3, 4))
PLAIN = Figure(
    1,
    "f",
    PAPER,
    0,
    1,
    "1",
    1.0,
    None,
    None,
    "person",
    "level",
    "none",
    "none",
    None,
    None,
    "asylum_claims",
    "Meridia",
    None,
    None,
    (),
    "asserted",
    date(2031, 3, 4),
)


def figure(text: str, value: float | None, modifier: str = "none", unit: str = "person", **more) -> Figure:
    return replace(PLAIN, text=text, value=value, modifier=modifier, unit=unit, **more)


RELATIONS = [
    (
        figure("59,735", 59735),
        figure("nearly 60,000", 60000, "just_under"),
        "same",
        "rounded up, and the hedge says so",
    ),
    (figure("60,412", 60412), figure("nearly 60,000", 60000, "just_under"), "differs", "nearly: below it, not above"),
    (figure("60,412", 60412), figure("60,000", 60000), "same", "a round number without a hedge was rounded"),
    (figure("64,000", 64000), figure("60,000", 60000), "differs", "but not by seven per cent"),
    (
        figure("about $1 billion", 1e9, "approx", unit="CAD"),
        figure("$9,400", 9400, unit="CAD"),
        "differs",
        "about a billion is not next to nothing",
    ),
    (
        figure("about $1 billion", 1e9, "approx", unit="CAD"),
        figure("$1.04 billion", 1.04e9, unit="CAD"),
        "same",
        "but a little more",
    ),
    (figure("260", 260), figure("263", 263), "differs", "one closing zero is a digit, not rounding"),
    (
        figure("$576.9 million", 576.9e6, unit="CAD"),
        figure("nearly $577 million", 577e6, "just_under", "CAD"),
        "same",
        "the next whole million",
    ),
    (figure("$576.9 million", 576.9e6, unit="CAD"), figure("$470 million", 470e6, unit="CAD"), "differs", "two sums"),
    (
        figure("17 per cent", 17, unit="percent"),
        figure("about 17 per cent", 17, "approx", "percent"),
        "same",
        "one hedges",
    ),
    (
        figure("55.6 per cent", 55.6, unit="percent"),
        figure("55%", 55, unit="percent"),
        "cut",
        "55.6 rounds to 56, cuts to 55",
    ),
    (figure("55.4 per cent", 55.4, unit="percent"), figure("55%", 55, unit="percent"), "same", "55.4 rounds to 55"),
    (
        figure("a quarter", 25, unit="percent"),
        figure("17%", 17, unit="percent"),
        "differs",
        "a fraction in words is not that loose",
    ),
    (figure("half", 50, unit="percent"), figure("49.6%", 49.6, unit="percent"), "same", "half is said of nearly half"),
    (
        figure("6.5 per cent", 6.5, unit="percent"),
        figure("65 per cent", 65, unit="percent"),
        "differs",
        "the point counts",
    ),
    (figure("more than 39,000", 39000, "at_least"), figure("39,540", 39540), "same", "just above the bound"),
    (
        figure("more than 39,000", 39000, "at_least"),
        figure("88,000", 88000),
        "open",
        "allowed by the words, but no news",
    ),
    (figure("more than 39,000", 39000, "at_least"), figure("38,200", 38200), "differs", "below the bound"),
    (
        figure("between 20,000 and 30,000", None, low=2e4, high=3e4),
        figure("24,100", 24100),
        "within",
        "a range holds it",
    ),
    (
        figure("between 20,000 and 30,000", None, low=2e4, high=3e4),
        figure("41,000", 41000),
        "differs",
        "a range misses it",
    ),
    (
        figure("just over twice", 2, "just_over", "multiple"),
        figure("2.02", 2.02, unit="multiple"),
        "same",
        "number words",
    ),
]


@pytest.mark.parametrize(("a", "b", "expected", "reason"), RELATIONS)
def test_two_printings(a: Figure, b: Figure, expected: str, reason: str) -> None:
    x, y = printed_range(a), printed_range(b)
    assert x and y
    assert relation(x, y) == relation(y, x) == expected, reason


def test_a_decrease_is_not_an_increase_of_the_same_size() -> None:
    up = figure("20%", 20, unit="percent", type="change_relative", direction="increase")
    down = replace(up, direction="decrease")
    x, y = printed_range(up), printed_range(down)
    assert x and y and relation(x, y) == "differs"


def test_a_figure_without_a_number_has_no_range() -> None:
    assert printed_range(figure("several", None)) is None


@pytest.mark.parametrize(
    ("a", "b", "words_found"),
    [
        (figure("$33 million", 33e6, unit="CAD"), figure("$33,000", 33e3, unit="CAD"), "a thousand times"),
        (figure("6.5%", 6.5, unit="percent"), figure("65%", 65, unit="percent"), "ten times"),
        (figure("650,000", 650000), figure("560,000", 560000), "another order"),
        (figure("412", 412), figure("377", 377), None),
    ],
)
def test_a_slip_is_named(a: Figure, b: Figure, words_found: str | None) -> None:
    x, y = printed_range(a), printed_range(b)
    assert x and y
    found = slip(x, y)
    assert found == slip(y, x)
    assert (words_found is None and found is None) or (words_found or "") in (found or "")


@pytest.mark.parametrize(
    ("text", "digits"), [("576,000", 3), ("17 per cent", 2), ("half", 1), ("6.5%", 2), ("0.04", 1)]
)
def test_digits_that_tell(text: str, digits: int) -> None:
    assert significant_digits(figure(text, 1)) == digits


YEAR = (date(2030, 1, 1), date(2030, 12, 31))
MEETINGS = [
    ({"period": YEAR}, {"period": YEAR}, "equal", "one year"),
    ({"period": YEAR}, {"period": (date(2030, 1, 1), date(2030, 11, 30))}, "near", "eleven months of it"),
    ({"period": YEAR}, {"period": (date(2029, 1, 1), date(2029, 12, 31))}, "other", "another year of the series"),
    ({"period": YEAR}, {"as_of": date(2030, 6, 1)}, "inferred", "undated, said within the year"),
    ({"period": YEAR}, {"as_of": date(2031, 1, 20)}, "inferred", "undated, said just after the year closed"),
    ({"period": YEAR}, {"as_of": date(2031, 9, 1)}, "apart", "undated, said long after"),
    ({"as_of": date(2031, 3, 1)}, {"as_of": date(2031, 3, 9)}, "undated", "both undated, one week"),
    ({"as_of": date(2031, 3, 1)}, {"as_of": date(2031, 6, 9)}, "apart", "both undated, three months"),
    ({"period": (date(2030, 1, 1), None)}, {"as_of": date(2031, 6, 9)}, "inferred", "since 2030: still open"),
]


@pytest.mark.parametrize(("a", "b", "expected", "reason"), MEETINGS)
def test_periods(a: dict, b: dict, expected: str, reason: str) -> None:
    x, y = replace(PLAIN, **a), replace(PLAIN, **b)
    assert meeting(x, y) == meeting(y, x) == expected, reason


NAMES = [
    ("Odile Tremblay-Roy", "Odile Tremblay Roy", True, "hyphen"),
    ("François Lacombe", "Francois Lacombe", True, "accent"),
    ("Mr. Whitlock", "Anders Whitlock", True, "surname alone"),
    ("A. Whitlock", "Anders Whitlock", True, "initial"),
    ("Anders Whitlock", "Berit Whitlock", False, "two people of one surname"),
    ("B. Whitlock", "Anders Whitlock", False, "the wrong initial"),
    ("Odile Roy", "Odile Tremblay", False, "another surname"),
    ("Canada", "Statistics Canada", False, "a country is not its agency"),
    ("Government of Meridia", "Government of Osterland", False, "two governments"),
    ("", "Anders Whitlock", False, "no name"),
]


@pytest.mark.parametrize(("a", "b", "expected", "reason"), NAMES)
def test_names(a: str, b: str, expected: bool, reason: str) -> None:
    assert same_name(a, b) is same_name(b, a) is expected, reason


def test_a_joint_statement_meets_one_of_its_authors() -> None:
    assert same_speaker(["Anders Whitlock", "Odile Tremblay-Roy"], ["Odile Tremblay-Roy"])
    assert not same_speaker(["Anders Whitlock"], [])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("it spent $1.04 billion on 12,400 beds", (1.04e9, 12400)),
        ("hundreds of thousands of dollars", (1e5,)),
        ("hundreds of millions of dollars", (1e8,)),
        ("since 2029 a quarter of them left", (25,)),
        ("three hundred beds", (300,)),
        ("three quarters of the beds", (75,)),
        ("one and a half", ()),
        ("two and a half weeks", (2.5,)),
        ("nobody left", ()),
    ],
)
def test_numbers_of_a_text(text: str, numbers: tuple[float, ...]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    ("text", "unit", "strong"),
    [
        ("up by 12 per cent", "percent", True),
        ("a fifth of them", "percent", True),
        ("$3 for each", "money", True),
        ("hundreds of millions of euros", "money", True),
        ("within three weeks", "week", False),
        ("three bridges", "bridg", False),
        ("there were 400", "", True),
    ],
)
def test_a_number_and_its_unit(text: str, unit: str, strong: bool) -> None:
    [amount] = amounts_in(text)
    assert (amount.unit, amount.strong) == (unit, strong)


def test_words_keep_the_decimal_point_and_lose_the_commas() -> None:
    assert words("The Minister’s 6.5 per cent, or 12,400 beds; “café”!") == [
        *("the", "minister", "6.5", "percent", "or", "12400", "beds", "cafe"),
    ]


def test_content_is_what_a_text_is_about() -> None:
    assert content_stems("she said that the shelters were full, again") == {"shelter", "full"}
    assert content_stems("elle a dit que le refuge était plein", "fr") == content_stems("des refuges pleins", "fr")
