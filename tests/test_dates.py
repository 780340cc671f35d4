"""Dates found and resolved in sentences of our own. The day of writing is Wednesday 25 September 2024 unless said."""

from __future__ import annotations

import doctest
import importlib
from datetime import date

import pytest
import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

from extract.dates import find_dates, reanchor
from extract.findings import DateMention

WEDNESDAY = date(2024, 9, 25)

# text, [(span, type, value, from, to)], what the case shows
CASES = [
    ("Odile Roy met them on Tuesday.", [("Tuesday", "DATE", "2024-09-24", "2024-09-24", "2024-09-24")], "nearest past"),
    ("She will testify Friday.", [("Friday", "DATE", "2024-09-27", "2024-09-27", "2024-09-27")], "future by its verb"),
    ("It closed Wednesday.", [("Wednesday", "DATE", "2024-09-25", "2024-09-25", "2024-09-25")], "the day itself"),
    (
        "It closed last Wednesday.",
        [("last Wednesday", "DATE", "2024-09-18", "2024-09-18", "2024-09-18")],
        "not the day",
    ),
    (
        "They sang Tuesday night.",
        [("Tuesday night", "TIME", "2024-09-24TNI", "2024-09-24", "2024-09-24")],
        "part of day",
    ),
    (
        "He called at 9:30 p.m. ET on Tuesday.",
        [("9:30 p.m. ET on Tuesday", "TIME", "2024-09-24T21:30", "2024-09-24", "2024-09-24")],
        "a clock before its day",
    ),
    ("The rule came last June.", [("last June", "DATE", "2024-06", "2024-06-01", "2024-06-30")], "same year's June"),
    (
        "The rule came last October.",
        [("last October", "DATE", "2023-10", "2023-10-01", "2023-10-31")],
        "October is ahead",
    ),
    ("In February, arrivals fell.", [("February", "DATE", "2024-02", "2024-02-01", "2024-02-29")], "past by the verb"),
    (
        "The plan will change in February.",
        [("February", "DATE", "2025-02", "2025-02-01", "2025-02-28")],
        "future by the verb",
    ),
    ("On Oct. 3 they will vote.", [("Oct. 3", "DATE", "2024-10-03", "2024-10-03", "2024-10-03")], "abbreviation"),
    (
        "It was signed on March 15.",
        [("March 15", "DATE", "2024-03-15", "2024-03-15", "2024-03-15")],
        "this year's March",
    ),
    ("It opened in Sept. 2021.", [("Sept. 2021", "DATE", "2021-09", "2021-09-01", "2021-09-30")], "Sept."),
    ("Dated 3 May 2022.", [("3 May 2022", "DATE", "2022-05-03", "2022-05-03", "2022-05-03")], "day first"),
    ("Dated May 3rd, 2022.", [("May 3rd, 2022", "DATE", "2022-05-03", "2022-05-03", "2022-05-03")], "ordinal day"),
    ("Dated 2022-05-03.", [("2022-05-03", "DATE", "2022-05-03", "2022-05-03", "2022-05-03")], "ISO"),
    ("Last week it rose.", [("Last week", "DATE", "2024-W38", "2024-09-16", "2024-09-22")], "ISO week"),
    (
        "They meet early next week.",
        [("early next week", "DATE", "2024-W40", "2024-09-30", "2024-10-06")],
        "part of a week",
    ),
    (
        "Over the weekend, they wrote.",
        [("the weekend", "DATE", "2024-W38-WE", "2024-09-21", "2024-09-22")],
        "the past one",
    ),
    (
        "Over the past six months it grew.",
        [("the past six months", "DURATION", "P6M", "2024-03-25", "2024-09-25")],
        "window",
    ),
    (
        "In the next two years, more will come.",
        [("the next two years", "DURATION", "P2Y", "2024-09-25", "2026-09-25")],
        "window ahead",
    ),
    (
        "The past several years were hard.",
        [("The past several years", "DURATION", "PXY", None, "2024-09-25")],
        "not said how many",
    ),
    (
        "Costs have risen since 2021.",
        [("2021", "DATE", "2021", "2021-01-01", "2024-09-25")],
        "open to the day of writing",
    ),
    (
        "Costs rose between 2021 and 2022.",
        [("between 2021 and 2022", "DATE", "2021/2022", "2021-01-01", "2022-12-31")],
        "one range",
    ),
    (
        "From 2021 to 2023, costs rose.",
        [("From 2021 to 2023", "DATE", "2021/2023", "2021-01-01", "2023-12-31")],
        "one range",
    ),
    (
        "From March to June 2023 it held.",
        [("From March to June 2023", "DATE", "2023-03/2023-06", "2023-03-01", "2023-06-30")],
        "the year said once",
    ),
    (
        "From November to March 2024 it held.",
        [("From November to March 2024", "DATE", "2023-11/2024-03", "2023-11-01", "2024-03-31")],
        "over New Year",
    ),
    ("The 2023-24 budget passed.", [("2023-24", "DATE", "2023/2024", "2023-04-01", "2024-03-31")], "fiscal year"),
    (
        "In fiscal 2024 it doubled.",
        [("fiscal 2024", "DATE", "2023/2024", "2023-04-01", "2024-03-31")],
        "named by its end",
    ),
    ("The 2019–2021 plan ended.", [("2019–2021", "DATE", "2019/2021", "2019-01-01", "2021-12-31")], "en dash range"),
    (
        "In the third quarter of 2023 it fell.",
        [("the third quarter of 2023", "DATE", "2023-Q3", "2023-07-01", "2023-09-30")],
        "quarter",
    ),
    (
        "In the first half of last year it fell.",
        [("the first half of last year", "DATE", "2023-H1", "2023-01-01", "2023-06-30")],
        "half",
    ),
    (
        "The first 11 months of 2023 were slow.",
        [("The first 11 months of 2023", "DATE", "2023-01/2023-11", "2023-01-01", "2023-11-30")],
        "first months",
    ),
    ("In the 1990s it was rare.", [("the 1990s", "DATE", "199", "1990-01-01", "1999-12-31")], "decade"),
    ("In the early ’90s it was rare.", [("the early ’90s", "DATE", "199", "1990-01-01", "1999-12-31")], "short decade"),
    ("In the 19th century it was rare.", [("the 19th century", "DATE", "18", "1800-01-01", "1899-12-31")], "century"),
    ("Last winter was mild.", [("Last winter", "DATE", "2023-WI", "2023-12-01", "2024-02-29")], "winter over New Year"),
    (
        "In the summer of 2019 they left.",
        [("the summer of 2019", "DATE", "2019-SU", "2019-06-01", "2019-08-31")],
        "season of a year",
    ),
    ("It began by mid-March.", [("mid-March", "DATE", "2024-03", "2024-03-01", "2024-03-31")], "mid-"),
    (
        "At the end of 2025 it will end.",
        [("the end of 2025", "DATE", "2025", "2025-01-01", "2025-12-31")],
        "end of a year",
    ),
    ("They came on Canada Day.", [("Canada Day", "DATE", "2024-07-01", "2024-07-01", "2024-07-01")], "fixed holiday"),
    ("They came on Good Friday.", [("Good Friday", "DATE", "2024-03-29", "2024-03-29", "2024-03-29")], "from Easter"),
    ("They came on Labour Day.", [("Labour Day", "DATE", "2024-09-02", "2024-09-02", "2024-09-02")], "first Monday"),
    (
        "Three weeks ago they met.",
        [("Three weeks ago", "DATE", "2024-W36", "2024-09-02", "2024-09-08")],
        "ago, in weeks",
    ),
    ("Ten days ago they met.", [("Ten days ago", "DATE", "2024-09-15", "2024-09-15", "2024-09-15")], "ago, in days"),
    ("Several weeks ago they met.", [("Several weeks ago", "DATE", "PXW", None, "2024-09-24")], "vague ago"),
    (
        "On April 1 there were 40, up from 30 a year earlier.",
        [
            ("April 1", "DATE", "2024-04-01", "2024-04-01", "2024-04-01"),
            ("a year earlier", "DATE", "2023-04-01", "2023-04-01", "2023-04-01"),
        ],
        "counted from the date before",
    ),
    (
        "In 2016 they came. That year it rained.",
        [
            ("2016", "DATE", "2016", "2016-01-01", "2016-12-31"),
            ("That year", "DATE", "2016", "2016-01-01", "2016-12-31"),
        ],
        "that year",
    ),
    ("It lasted five years.", [("five years", "DURATION", "P5Y", None, None)], "duration"),
    ("It lasted two and a half hours.", [("two and a half hours", "DURATION", "PT2H30M", None, None)], "fraction"),
    ("A 90-day review began.", [("90-day", "DURATION", "P90D", None, None)], "hyphen"),
    ("They meet every Sunday.", [("every Sunday", "SET", "XXXX-WXX-7", None, None)], "set of weekdays"),
    ("It is counted each quarter.", [("each quarter", "SET", "P3M", None, None)], "set of quarters"),
    ("They meet every other week.", [("every other week", "SET", "P2W", None, None)], "every other"),
    ("They are currently full.", [("currently", "DATE", "PRESENT_REF", "2024-09-25", "2024-09-25")], "present"),
    ("They recently moved.", [("recently", "DATE", "PAST_REF", None, "2024-09-25")], "past"),
    ("It sank in 218 BC.", [("218 BC", "DATE", "BC0218", None, None)], "before our era"),
    (
        "On the\u00a028th\u00a0of last month it sank.",
        [("the\u00a028th\u00a0of last month", "DATE", "2024-08-28", "2024-08-28", "2024-08-28")],
        "no-break spaces",
    ),
    (
        "They met on June\n10, 2024.",
        [("June\n10, 2024", "DATE", "2024-06-10", "2024-06-10", "2024-06-10")],
        "a wrapped line",
    ),
    (
        "In the last quarter of 2023 it fell.",
        [("the last quarter of 2023", "DATE", "2023-Q4", "2023-10-01", "2023-12-31")],
        "the last of a year, not last quarter",
    ),
    (
        "They sat from Oct. 3 to 7 in Gaspé.",
        [("from Oct. 3 to 7", "DATE", "2024-10-03/2024-10-07", "2024-10-03", "2024-10-07")],
        "a range of days",
    ),
    (
        "The 2024 levels rose in the last decade.",
        [
            ("2024", "DATE", "2024", "2024-01-01", "2024-12-31"),
            ("the last decade", "DURATION", "P10Y", "2014-09-25", "2024-09-25"),
        ],
        "a year before its plural; ten years until now",
    ),
    ("They fish each summer.", [("each summer", "SET", "XXXX-SU", None, None)], "a set of seasons"),
    ("Nets are mended every spring.", [("every spring", "SET", "XXXX-SP", None, None)], "a set of seasons"),
    ("It is asked every few months.", [("every few months", "SET", "PXM", None, None)], "nobody says how many"),
    ("They meet every weekend.", [("every weekend", "SET", "XXXX-WXX-WE", None, None)], "a set of weekends"),
    ("It takes 5 to 10 days.", [("5 to 10 days", "DURATION", "P5D/P10D", None, None)], "both ends of a length"),
    (
        "Five or six years ago it sank.",
        [("Five or six years ago", "DATE", "PXY", None, "2024-09-24")],
        "how long ago is not said",
    ),
    ("It took 30 or 40 days.", [("30 or 40 days", "DURATION", "P30D/P40D", None, None)], "both ends, with or"),
    (
        "It lasts between two and three weeks.",
        [("between two and three weeks", "DURATION", "P2W/P3W", None, None)],
        "both ends, in words",
    ),
    (
        "He waited two years and three months.",
        [("two years and three months", "DURATION", "P2Y3M", None, None)],
        "a length of two units",
    ),
    ("He waited 2½ years.", [("2½ years", "DURATION", "P2.5Y", None, None)], "a sign for the half"),
    ("He waited three years and a half.", [("three years and a half", "DURATION", "P3.5Y", None, None)], "a half more"),
    (
        "It fell for three quarters in a row.",
        [("three quarters", "DURATION", "P9M", None, None)],
        "in a row: quarters of a year",
    ),
    ("It fell for 3 quarters.", [("3 quarters", "DURATION", "P9M", None, None)], "real quarters"),
    (
        "They left in the year 2015.",
        [("2015", "DATE", "2015", "2015-01-01", "2015-12-31")],
        "the year has its number behind it",
    ),
    (
        "The last four months of 2021 were slow.",
        [("The last four months of 2021", "DATE", "2021-09/2021-12", "2021-09-01", "2021-12-31")],
        "the last months of a year, not until now",
    ),
    (
        "The last week of 2019 was slow.",
        [("The last week of 2019", "DATE", "2019-W52", "2019-12-23", "2019-12-29")],
        "a week belongs to the year that has its Thursday",
    ),
    (
        "Odile Roy left on Friday of last week.",
        [("Friday of last week", "DATE", "2024-09-20", "2024-09-20", "2024-09-20")],
        "the day of a week",
    ),
    (
        "In the last fiscal year it fell.",
        [("the last fiscal year", "DATE", "2023/2024", "2023-04-01", "2024-03-31")],
        "a fiscal year told from now",
    ),
    (
        "They met over Labour Day weekend.",
        [("Labour Day weekend", "DATE", "2024-W35-WE", "2024-08-31", "2024-09-01")],
        "the weekend before a holiday Monday",
    ),
    (
        "They ran it from Jan. 1 to March 31.",
        [("from Jan. 1 to March 31", "DATE", "2024-01-01/2024-03-31", "2024-01-01", "2024-03-31")],
        "the two ends of a range are in order",
    ),
    (
        "It rose from 2015 until now.",
        [("from 2015 until now", "DATE", "2015/2024-09-25", "2015-01-01", "2024-09-25")],
        "a range up to now",
    ),
    (
        "It rose from 2021 to May 2023.",
        [("from 2021 to May 2023", "DATE", "2021/2023-05", "2021-01-01", "2023-05-31")],
        "a year and a month as ends",
    ),
    (
        "Last year's third quarter was weak.",
        [("Last year's third quarter", "DATE", "2023-Q3", "2023-07-01", "2023-09-30")],
        "a quarter of a year that is told",
    ),
    ("In 2023 Q4 it fell.", [("2023 Q4", "DATE", "2023-Q4", "2023-10-01", "2023-12-31")], "the year in front"),
    (
        "In winter 2023-24 it snowed.",
        [("winter 2023-24", "DATE", "2023-WI", "2023-12-01", "2024-02-29")],
        "a winter has two years",
    ),
    (
        "It closes by year's end.",
        [("year's end", "DATE", "2024", "2024-01-01", "2024-12-31")],
        "the end of this year",
    ),
    (
        "They vote at the end of the week.",
        [("the end of the week", "DATE", "2024-W39", "2024-09-23", "2024-09-29")],
        "a bare week with a part named",
    ),
    (
        "It took 12.45 seconds on May 3.",
        [
            ("12.45 seconds", "DURATION", "PT12.45S", None, None),
            ("May 3", "DATE", "2024-05-03", "2024-05-03", "2024-05-03"),
        ],
        "no date begins inside a decimal",
    ),
    (
        "They met in June\n\n10 came.",
        [("June", "DATE", "2024-06", "2024-06-01", "2024-06-30")],
        "no date across paragraphs",
    ),
]


@pytest.mark.parametrize(("text", "expected", "why"), CASES, ids=[f"{c[2]}: {c[0]}"[:60] for c in CASES])
def test_dates(text: str, expected: list[tuple[str, str, str, str | None, str | None]], why: str) -> None:
    assert [_row(d) for d in find_dates(text, WEDNESDAY)] == expected, why


NOT_DATES = [
    ("Whitlock may go, and they march on.", "verbs"),
    ("May I ask why?", "a modal that opens the sentence"),
    ("Theresa May resigned, and so did April Lavoie.", "names"),
    ("Then we sat in the sun.", "we, sat and sun are no weekdays"),
    ("The man, aged 34, has a 12-year-old son who is 3 years old.", "ages"),
    ("Bill 96 and Bill 2021, section 1998 and Highway 2020.", "names with numbers"),
    ("He lives at 1650 Maple Grove Avenue.", "an address"),
    ("Call 613-555-2021 or 514 555 1999.", "phone numbers"),
    ("They counted 2,021 people and 2000 soldiers for $1999.", "counts and prices"),
    ("On second reading, give me a second.", "second"),
    ("Prices fall after the fall of the house.", "fall"),
    ("Three quarters of them left, one of us at 3/4 speed.", "fractions"),
    ("Three-quarters of those asked, and nearly three-quarters of all, agreed.", "a hyphen makes a part of a whole"),
    ("The player of the week and the quote of the week.", "titles"),
    ("Call 418-2015-2019.", "two years inside a phone number"),
    ("They delivered 2000 pieces.", "a round count"),
    ("It won 16:30 and lost 3-2.", "scores"),
    ("Dated 2023-13-45 or Feb. 30 or 99/99/2020.", "no such days"),
    ("It closes in 0 seconds.", "page furniture"),
    ("The Daily Courier and 60 Minutes asked.", "names of papers and programmes"),
    ("It is 300 million years ago.", "no such calendar"),
    ("", "nothing"),
    ("\n\n \n", "blank"),
]


@pytest.mark.parametrize(("text", "why"), NOT_DATES, ids=[c[1] for c in NOT_DATES])
def test_look_alikes(text: str, why: str) -> None:
    assert find_dates(text, WEDNESDAY) == [], why


def test_offsets_hold_in_every_text() -> None:
    text = "“On Oct. 3,” she said,\nthen—by 2025–26’s end… ‘last week’\u00a0or «Tuesday».\n\nÉté 2024; 3 May 2022–"
    found = find_dates(text, WEDNESDAY)
    assert len(found) >= 5
    assert all(text[d.start : d.end] == d.text for d in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))


def test_country_decides_numeric_dates_and_thanksgiving() -> None:
    text = "Filed 03/04/2024, after Thanksgiving 2023; sealed 25/12/2023."
    assert _values(find_dates(text, WEDNESDAY, country="CA")) == ["2024-04-03", "2023-10-09", "2023-12-25"]
    assert _values(find_dates(text, WEDNESDAY, country="US")) == ["2024-03-04", "2023-11-23", "2023-12-25"]


def test_without_a_day_of_writing_relative_dates_stay_open() -> None:
    found = find_dates("On Tuesday, Oct. 3 and last week, not in 2021, it rose.", None)
    assert [(d.value, d.from_) for d in found] == [("XXXX-10-03", None), ("XXXX-WXX", None), ("2021", "2021-01-01")]


def test_ranges_can_be_left_as_their_two_ends() -> None:
    found = find_dates("between 2021 and 2022", WEDNESDAY, ranges=False)
    assert _values(found) == ["2021", "2022"]


def test_a_history_takes_its_years_from_the_story() -> None:
    text = "In 1931 they met. By March 1932 they quarrelled. In 1933 and 1934 they wrote. In October they parted."
    assert _values(find_dates(text, WEDNESDAY))[-1] == "1934-10"


def test_tense_comes_from_the_tags_of_a_tagged_document() -> None:
    words = ["Hearings", "begin", "Monday", ",", "and", "she", "planned", "a", "march", "on", "Saturday", "."]
    tags = ["NNS", "VBP", "NNP", ",", "CC", "PRP", "VBD", "DT", "NN", "IN", "NNP", "."]
    doc = Doc(Vocab(), words=words, tags=tags)
    assert _values(find_dates(doc, WEDNESDAY)) == ["2024-09-30", "2024-09-28"]


def test_a_month_inside_a_person_is_a_name() -> None:
    doc = Doc(
        Vocab(),
        words=["In", "April", "Lavoie", "they", "trust", "."],
        ents=["O", "B-PERSON", "I-PERSON", "O", "O", "O"],
    )
    assert find_dates(doc, WEDNESDAY) == []


def test_a_present_verb_points_nowhere_so_the_nearest_is_meant() -> None:
    words = [
        "They",
        "left",
        "early",
        ".",
        "Her",
        "lawyer",
        "says",
        "she",
        "has",
        "a",
        "hearing",
        "on",
        "Dec.",
        "3",
        ".",
    ]
    tags = ["PRP", "VBD", "RB", ".", "PRP$", "NN", "VBZ", "PRP", "VBZ", "DT", "NN", "IN", "NNP", "CD", "."]
    assert _values(find_dates(Doc(Vocab(), words=words, tags=tags), WEDNESDAY)) == ["2024-12-03"]


def test_the_next_morning_follows_the_last_day_named() -> None:
    text = "It began on June 10. In 2015 it was rare. The next morning they met."
    assert _values(find_dates(text, WEDNESDAY)) == ["2024-06-10", "2015", "2024-06-11TMO"]


def test_reanchor_resolves_again_against_the_letter() -> None:
    text = "The letter says help came last week and on Tuesday, since 2021, not on June 10, 2024."
    last_week, tuesday, since, june = find_dates(text, WEDNESDAY)
    letter = date(2024, 9, 10)
    assert reanchor(last_week, text, letter, "document") == DateMention(
        last_week.start, last_week.end, "last week", "DATE", "2024-W36", "2024-09-02", "2024-09-08", "document"
    )
    assert reanchor(tuesday, text, letter, "claim").value == "2024-09-10"
    assert reanchor(since, text, letter, "document").to == "2024-09-10"
    assert reanchor(june, text, letter, "document") == june, "an absolute date has no anchor"


def test_reanchor_far_into_a_long_document() -> None:
    text = "Nothing here. " * 200 + "\n\nThey met last week in Lac-Brome."
    (mention,) = find_dates(text, WEDNESDAY)
    assert reanchor(mention, text, date(2020, 1, 15), "claim").value == "2020-W02"


def test_component_sets_the_dates_of_a_document() -> None:
    nlp = spacy.blank("en")
    Doc.set_extension("published", default=None, force=True)
    nlp.add_pipe("onrecord_dates")
    doc = nlp.make_doc("They met on Tuesday.")
    doc._.published = WEDNESDAY
    for _, pipe in nlp.pipeline:
        doc = pipe(doc)
    assert [d.value for d in doc._.dates] == ["2024-09-24"]


FUZZ = [
    "1",
    ",",
    "and ",
    "1 ",
    "the ",
    "one hundred ",
    "May ",
    "Tuesday ",
    "from 2021 to ",
    "1,",
    "a ",
    "- ",
    "1/2",
    "last ",
    "\n",
]


@pytest.mark.parametrize("piece", FUZZ)
def test_long_nonsense_comes_to_an_end(piece: str) -> None:
    """A rule that backtracked would run for hours here, into the suite's time limit."""
    text = piece * (10_000 // len(piece))
    found = find_dates(text, WEDNESDAY)
    assert all(text[d.start : d.end] == d.text for d in found)


def test_docstring_examples() -> None:
    for name in ("extract.dates", "extract.dates.resolve"):
        module = importlib.import_module(name)
        assert doctest.testmod(module).failed == 0
        assert doctest.testmod(module).attempted > 0


def _row(d: DateMention) -> tuple[str, str, str, str | None, str | None]:
    return d.text, d.type, d.value, d.from_, d.to


def _values(found: list[DateMention]) -> list[str]:
    return [d.value for d in found]
