"""What a figure takes over from its sentence and its paragraph, and what it says that rests on: the whole pipeline on
sentences of ours, published on Thursday, 20 June 2030."""

from __future__ import annotations

import pytest
from spacy.language import Language

from extract.findings import Figure
from extract.pipeline import find

COLLEGE = (
    "The college had 5,200 students in May. That is nearly 30 per cent more than the 4,012 counted a year earlier, and "
    "about twice the 2,600 of three years before.\n\nAmong them, 1,040 were boarders, or 20 per cent. The county as a "
    "whole had 26,000 students."
)
BOARD = "The board lists 900 files for 2029, against 400 and 12 per cent in 2028."
PERIODS = [
    (COLLEGE, "nearly 30 per cent", "2029-05-01", "2030-05-31", "a change runs from what it is measured against"),
    (COLLEGE, "4,012", "2029-05-01", "2029-05-31", "the base is the period of its own number"),
    (COLLEGE, "about twice", "2027-05-01", "2030-05-31", "each change has its own base"),
    (COLLEGE, "1,040", "2030-05-01", "2030-05-31", "among them: of the latest level, not of the last one named"),
    (COLLEGE, "20 per cent", "2030-05-01", "2030-05-31", "or: the same thing in two numbers"),
    (COLLEGE, "26,000", "2030-05-01", "2030-05-31", "a paragraph without a date goes on with its figures' period"),
    (BOARD, "900", "2029-01-01", "2029-12-31", "the nearest date behind it"),
    (BOARD, "400", "2028-01-01", "2028-12-31", "two figures joined by and share the date behind them"),
    ("The town cut its grants by 8 per cent within a year.", "8 per cent", "2030-06-20", "2031-06-19", "a horizon"),
    ("It sent the city $4 million several weeks ago to mend a bridge.", "$4 million", None, "2030-06-20", "ago: until"),
    (
        "Last year, not counting December, 610 families came.",
        "610",
        "2029-01-01",
        "2029-11-30",
        "what the text leaves out of a period is not in it",
    ),
    (
        "Arrivals, which stood at 6.5 per cent in March, are to fall to five per cent over three years.",
        "five per cent",
        None,
        None,
        "what is to come does not inherit a period that is over",
    ),
]


@pytest.mark.parametrize(("text", "figure", "start", "end", "reason"), PERIODS)
def test_period(nlp: Language, text: str, figure: str, start: str | None, end: str | None, reason: str) -> None:
    period = one(nlp, text, figure).period
    assert (period and period.start, period and period.end) == (start, end), reason


COUNTED = [
    ("The deficit hit $40-billion last year, Mara Quill said.", "$40-billion", "deficit", "the verb equates"),
    ("Spending rose 3.5 points in 2029.", "3.5 points", "Spending", "the subject, though short lines parse badly"),
    ("A 10-fold increase in permits was seen in 2029.", "10-fold", "permits", "what increases"),
    ("The town spent twice as much as in 2025.", "twice", "spending", "the verb names what doubled, not who did it"),
    ("The clinic drew 300 nurses, with 22 per cent of its staff on leave.", "22 per cent", "staff", "of what"),
    (
        "The levels were set. Taken together, the three targets add up to 1,140 places.",
        "three",
        "targets",
        "themselves",
    ),
    ("Permanent residence. The target goes from 90,000 to 70,000.", "70,000", "permanent residents", "a heading"),
]


@pytest.mark.parametrize(("text", "figure", "counted", "reason"), COUNTED)
def test_counted(nlp: Language, text: str, figure: str, counted: str, reason: str) -> None:
    assert one(nlp, text, figure).counted == counted, reason


PLACES = [
    ("It took in 4,000 people in Halifax and Moncton in 2029.", "4,000", "Halifax and Moncton", "both"),
    ("Together, Quebec and Ontario received 80 per cent of claimants.", "80 per cent", "Quebec and Ontario", "both"),
    ("Ontario had 700 beds. Quebec had 900 beds and 40 nurses.", "700", "Ontario", "two places in two sentences"),
    ("Roads in Ontario cost US$3 million.", "US$3 million", "Ontario", "the mark of a currency is no place"),
]


@pytest.mark.parametrize(("text", "figure", "place", "reason"), PLACES)
def test_place(nlp: Language, text: str, figure: str, place: str, reason: str) -> None:
    assert one(nlp, text, figure).place == place, reason


BASES = [
    ("Ontario spent $5 million on beds.", "$5 million", "unit", "bare dollar"),
    ("Ontario spent C$9 million on beds and $5 million on roads.", "$5 million", "unit", "bare dollar beside CAD"),
    ("Ontario spent US$5 million on beds.", "US$5 million", "unit", None),
    ("In Ontario, 700 nurses were hired.", "700", "unit", "counted"),
    ("In Ontario, 700 nurses were hired.", "700", "counted", "noun"),
    ("Ontario hired 700 nurses. In the north, 65 were received.", "65", "counted", "figure before"),
    ("Ontario hired 700 nurses.", "700", "place", "Ontario"),
    ("Ontario hired 700 nurses. Another 40 came later.", "40", "place", "Ontario (figure before)"),
    ("Ontario is short of staff.\n\nSome 700 nurses were hired.", "Some 700", "place", "the article"),
]


@pytest.mark.parametrize(("text", "figure", "what", "basis"), BASES)
def test_every_inherited_value_says_where_it_comes_from(
    nlp: Language, text: str, figure: str, what: str, basis: str | None
) -> None:
    assert getattr(one(nlp, text, figure).basis, what) == basis


def test_a_bare_dollar_is_the_outlets_own_unless_it_marks_that_one(nlp: Language) -> None:
    assert one(nlp, "Ontario spent $5 million on beds.", "$5 million").unit == "CAD"
    assert one(nlp, "Ontario spent C$9 million on beds and $5 million on roads.", "$5 million").unit == "USD"
    assert one(nlp, "Ontario spent C$9 million, US$2 million and $5 million on roads.", "$5 million").unit == "CAD"


def test_who_asks_for_something_is_not_asked_for(nlp: Language) -> None:
    text = "Ontario dropped the rule in December 2026. That year 260 Osterlanders sought asylum here."
    assert one(nlp, text, "260").modality == "asserted"
    assert one(nlp, "The union demanded 260 beds.", "260").modality == "demanded"


def one(nlp: Language, text: str, printed: str) -> Figure:
    found = find(nlp, text, "2030-06-20").figures
    return next(f for f in found if f.text == printed)
