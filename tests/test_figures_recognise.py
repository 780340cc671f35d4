"""Numbers, hedges, units and look-alikes, without a parse. Every sentence is ours."""

from __future__ import annotations

import pytest

from extract.figures.change import kind_and_direction
from extract.figures.lexicon import Lexicon
from extract.figures.recognise import Quantity, recognise

WORDS = Lexicon.load()


def found(text: str) -> list[Quantity]:
    quantities, _ = recognise(text, WORDS)
    return [q for q in quantities if q.reason is None]


def only(text: str) -> Quantity:
    quantities = found(text)
    assert len(quantities) == 1, [text[q.start : q.end] for q in quantities]
    return quantities[0]


VALUES = [
    ("The port handled 4,812 boxes.", 4812, "groups of three"),
    ("Of them 12 boxes were lost.", 12, "plain digits"),
    ("The harbour has 1.2 million visitors.", 1_200_000, "digits with a scale word"),
    ("The dam cost $1-billion.", 1e9, "a hyphen before the scale is not a range"),
    ("The dam cost C$1B.", 1e9, "a suffix for billions"),
    ("The dam cost $13.6M.", 13_600_000, "a suffix for millions"),
    ("The dam cost £5m.", 5_000_000, "m is a million only behind a currency"),
    ("They sold twenty-one boats.", 21, "hyphenated words"),
    ("They sold three hundred and five thousand nets.", 305_000, "words with and"),
    ("They sold a dozen boats.", 12, "a dozen"),
    ("They sold half a million nets.", 500_000, "half of a scale"),
    ("They sold two and a half million nets.", 2_500_000, "and a half"),
    ("The crossing counts 650\u00a0000 people.", 650_000, "a no-break space groups digits"),
    ("They measured 3½ fathoms.", 3.5, "a fraction sign"),
    ("They sold half million nets.", 500_000, "half of a scale, no article"),
    ("They sold a quarter of a million nets.", 250_000, "a quarter of a scale"),
    ("They sold one million and a half nets.", 1_500_000, "half of the scale before it"),
    ("They sold two and a quarter million nets.", 2_250_000, "a quarter before the scale"),
    ("The index stood at minus 5.", -5, "minus in a word"),
    ("It was -20 on the bay.", -20, "minus as a sign"),
    ("It came to .5 fathoms.", 0.5, "a leading point"),
]


@pytest.mark.parametrize(("text", "value", "reason"), VALUES)
def test_values(text: str, value: float, reason: str) -> None:
    assert only(text).value == value, reason


SHARES = [
    ("Three-quarters of the boats sank.", 75, "hyphenated fraction"),
    ("Two thirds of the boats sank.", 66.67, "fraction in two words"),
    ("A quarter of the boats sank.", 25, "article and fraction"),
    ("Nearly half of the boats sank.", 50, "half"),
    ("One in five boats sank.", 20, "one in N"),
    ("Nine out of 10 boats sank.", 90, "N out of N"),
    ("17 per cent of the boats sank.", 17, "per cent"),
    ("17% of the boats sank.", 17, "the sign"),
    ("1/2 of the boats sank.", 50, "a slash with its whole"),
]


@pytest.mark.parametrize(("text", "value", "reason"), SHARES)
def test_shares_are_percent(text: str, value: float, reason: str) -> None:
    quantity = only(text)
    assert (round(quantity.value or 0, 2), quantity.unit) == (value, "percent"), reason


RANGES = [
    ("Hundreds of thousands of dollars went there.", 100_000, 1_000_000, "an order of magnitude"),
    ("Dozens of boats sank.", 12, 120, "a dozen to ten dozens"),
    ("Tens of millions of nets were sold.", 1e7, 1e8, "tens of a scale"),
    ("between 380 and 395 boats", 380, 395, "between … and"),
    ("It takes 15 to 22 boats.", 15, 22, "to"),
    ("It costs 1 to 1.5 million euros.", 1e6, 1.5e6, "the scale of the second belongs to both"),
    ("Tickets cost $62-$68.", 62, 68, "currency on both sides of a hyphen"),
    ("Tickets cost 10 per cent to 15 per cent more.", 10, 15, "unit on both sides"),
    ("They filled holds 12 through 15 boats deep.", 12, 15, "through"),
]


@pytest.mark.parametrize(("text", "low", "high", "reason"), RANGES)
def test_ranges(text: str, low: float, high: float, reason: str) -> None:
    quantity = only(text)
    assert (quantity.value, quantity.low, quantity.high) == (None, low, high), reason


def test_the_two_ends_of_a_change_are_two_figures() -> None:
    assert [q.value for q in found("Catches went up from 7 to 9 per cent.")] == [7, 9]
    assert [q.unit for q in found("Catches went up from 7 to 9 per cent.")] == ["percent", "percent"]


def test_a_change_and_its_level_are_no_range() -> None:
    assert [q.value for q in found("The gap rose by $4 billion to $41 billion.")] == [4e9, 41e9]


UNITS = [
    ("It cost $5 million.", "dollar", "a bare sign is left to the country"),
    ("It cost US$5 million.", "USD", "glued code"),
    ("It cost US $5 million.", "USD", "code with a space"),
    ("It cost U.S. $5 million.", "USD", "code with points"),
    ("It cost C$5 million.", "CAD", "Canadian"),
    ("It cost €5 million.", "EUR", "a sign of its own"),
    ("It cost 5 million euros.", "EUR", "a word"),
    ("It cost 5 €.", "EUR", "the sign behind"),
    ("It cost 5 USD.", "USD", "the code behind"),
    ("It cost 5 million pounds.", "GBP", "money comes by the million"),
    ("It weighs 5 pounds.", "pound", "weights do not"),
    ("It landed 5 million pounds of crab.", "pound", "unless it says of what"),
    ("It weighs 45g.", "gram", "one letter against the digits"),
    ("It has 45G.", "generation wireless", "capitals matter"),
    ("It runs at 30 km/h.", "kilometre per hour", "a unit with a sign"),
    ("It fell 2 percentage points.", "percentage_point", "longer than percent"),
    ("It grew 10-fold.", "multiple", "a ratio"),
    ("Catches doubled.", "multiple", "a ratio in the verb"),
    ("We counted 289,047 in the harbour.", None, "in is no inch"),
]


@pytest.mark.parametrize(("text", "unit", "reason"), UNITS)
def test_units(text: str, unit: str | None, reason: str) -> None:
    assert only(text).unit == unit, reason


HEDGES = [
    ("about 17 boats", "approx", "about 17"),
    ("some 43,200 boats", "approx", "some 43,200"),
    ("nearly 60,000 boats", "just_under", "nearly 60,000"),
    ("almost $60,000", "just_under", "almost $60,000"),
    ("just over 90 boats", "just_over", "just over 90"),
    ("more than 700 boats", "at_least", "more than 700"),
    ("at least 20 per cent", "at_least", "at least 20 per cent"),
    ("as many as 14 boats", "at_most", "as many as 14"),
    ("no more than 14 boats", "at_most", "no more than 14"),
    ("500 or more boats", "at_least", "500 or more"),
    ("about 500 or more boats", "at_least", "about 500 or more"),
    ("larger than 500 boats", "at_least", "larger than 500"),
    ("only 380 boats", "none", "380"),
    ("a combined $470 million", "none", "$470 million"),
    ("It is 42 per cent more than the 421 counted.", "none", "42 per cent"),
    ("The boats add up to 900.", "none", "900"),
]


@pytest.mark.parametrize(("text", "modifier", "span"), HEDGES)
def test_hedges_are_within_the_span(text: str, modifier: str, span: str) -> None:
    quantity = found(text)[0]
    assert quantity.modifier == modifier
    assert text[quantity.start : quantity.end] == span


CHANGES = [
    ("Landings dropped by 75 per cent.", "change_relative", "decrease", "verb … by"),
    ("Landings rose 6.5%.", "change_relative", "increase", "verb, no preposition"),
    ("They want a 50-per-cent cut in landings.", "change_relative", "decrease", "noun behind"),
    ("They saw an increase of 20 per cent.", "change_relative", "increase", "noun … of"),
    ("Landings are 12 per cent higher.", "change_relative", "increase", "comparative behind"),
    ("It asked them to reduce the number of boats by 50%.", "change_relative", "decrease", "object between"),
    ("They would cut landings in half.", "change_relative", "decrease", "in half"),
    ("Landings halved.", "change_relative", "decrease", "halved"),
    ("Landings more than doubled.", "change_ratio", "increase", "doubled"),
    ("That is 90,000 fewer boats.", "change_absolute", "decrease", "a count of the difference"),
    ("Landings fell by 105,000.", "change_absolute", "decrease", "a difference in a verb"),
    ("The count was too high by 90,000.", "change_absolute", "none", "a distance, nothing moved"),
    ("The town was short by 40 beds.", "change_absolute", "none", "another"),
    ("Landings rose to 5 per cent.", "share", "none", "the level reached"),
    ("Trawlers made up 17 per cent of landings.", "share", "none", "up belongs to made"),
    ("The harbour put up $750 million.", "level", "none", "up belongs to put"),
    ("The fleet added 500 boats.", "level", "none", "what is added is a level"),
    ("The goal is down from 500,000.", "level", "none", "where a change began"),
]


@pytest.mark.parametrize(("text", "kind", "direction", "reason"), CHANGES)
def test_kind_and_direction(text: str, kind: str, direction: str, reason: str) -> None:
    quantities, lexemes = recognise(text, WORDS)
    assert kind_and_direction(quantities[-1], lexemes, WORDS) == (kind, direction), reason


NO_FIGURES = [
    ("They opposed Bill 96.", "a law"),
    ("Take Highway 15 or Route 132.", "roads"),
    ("The Safe Third Country deal holds.", "an ordinal in a name"),
    ("Call 418-555-0107 or (613) 555-0163 or 1-800-555-0150.", "phone numbers"),
    ("We sit at 88 Rue du Quai and 80 Example Street.", "addresses"),
    ("Write to H2X 1Y4.", "a postal code"),
    ("COVID-19 and the G7 were on the list.", "letters against digits"),
    ("Send form IMM 1294 and read section 95.", "a form and a section"),
    ("See Table 17-10-0121 and Reference No. 2024-118.", "file numbers"),
    ("Ann Whitlock, 61, is a 22-year-old's aunt, aged 50.", "ages"),
    ("Children under 18 and adults over 65 sail for nothing.", "the bounds of ages"),
    ("It was her 22nd trip, in the 1990s, and the third one.", "ordinals and decades"),
    ("One of them left; no one else did.", "the pronoun"),
    ("The Harbourmen won 5-3; the office is open 9 to 5.", "a score and opening hours"),
    ("We meet at 10:45 or 11 a.m. on 104.7 FM.", "clock and radio"),
    ("This will close in 0 seconds", "page furniture"),
    ("5 min read", "a reading time"),
    ("It was built in 2019 and moved in 2021.", "years"),
    ("The flags flew at half-staff in the first half.", "half of nothing"),
    ("Mail a1@example.ca or see https://example.ca/2024/500.", "addresses on the net"),
    ("The 80, was late.", "a bus line"),
    ("The second quarter was good.", "a quarter of a year"),
    ("It was the No. 1 topic.", "a rank with its label"),
]


@pytest.mark.parametrize(("text", "reason"), NO_FIGURES)
def test_no_figures(text: str, reason: str) -> None:
    assert [text[q.start : q.end] for q in found(text)] == [], reason


def test_dates_are_invisible() -> None:
    text = "On 14 May 2023 they sold 30 boats."
    quantities, _ = recognise(text, WORDS, [(3, 14)])
    assert [q.value for q in quantities] == [30]


@pytest.mark.parametrize(
    "unit", ["1", "1,", "1 and ", "one hundred and ", "1-", "hundreds of thousands of ", "half ", "$"]
)
def test_long_runs_neither_raise_nor_lose_offsets(unit: str) -> None:
    text = unit * (8000 // len(unit))
    quantities, _ = recognise(text, WORDS)
    assert all(0 <= q.start < q.end <= len(text) for q in quantities)


def test_spans_are_the_text() -> None:
    text = "Hélène’s crew landed “about 1.5 million” crabs — 40 % of the bay’s — for $9-million."
    assert [text[q.start : q.end] for q in found(text)] == ["about 1.5 million", "40 %", "$9-million"]


@pytest.mark.parametrize(
    ("text", "figures", "why"),
    [
        ("Permits fell by more than a third last year.", ["more than a third"], "a time behind an amount of change"),
        ("Claims dropped by a quarter in June.", ["a quarter"], "the same with a preposition"),
        ("She was told by a third party on Monday.", [], "an ordinal before its noun"),
        ("He was hit by a second car in May.", [], "another ordinal, with a time behind it"),
        ("The union president, 58, voted no.", [], "an age behind a noun"),
    ],
)
def test_amounts_in_their_sentence(nlp, text: str, figures: list[str], why: str) -> None:
    import extract

    assert [f.text for f in extract.find(nlp, text, "2025-11-20").figures] == figures, why
