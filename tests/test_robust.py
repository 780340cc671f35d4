"""Whatever the text, `find` raises nothing and every span is cut from the text. Times are measured in `bench/`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import extract
from extract.findings import Findings, Span
from extract.inputs import INSIDE, OPENING, OUTSIDE, quote_states
from extract.pipeline import load

MARKS = ("“", "”", "„", "‟", '"', "«", "»", "‘", "’", "‚", "'", "``", "''", "‹", "›", "「", "」", "〝")
PIECES = (
    *MARKS,
    *(" ", "\n", "\n\n", "\t", "\u00a0", "\u2009", "\u2028", "\u200b", "\x00", "\x1c", "\x85", "\ufeff", "\r\n"),
    *(
        "e\u0301",
        "\u0301",
        "א",
        "مرحبا",
        "\u202e",
        "\u202c",
        "👩‍👩‍👧",
        "🇨🇦",
        "ﬁ",
        "İ",
        "ß",
        "ǅ",
        "漢字",
        "\U0001d7d9",
        "²",
        "½",
        "٣",
    ),
    *(".", ",", "…", "!", "?", ":", "—", "-", "(", ")", "$", "%", "@", "://", "www.", "/"),
    *("Mira Voss", "said", "says", "told", "according to", "that", "he", "they", "the minister", "who", "and", "not"),
    *(
        "40",
        "1,200",
        "3.5",
        "10 per cent",
        "$5 million",
        "May 3",
        "last week",
        "in 2019",
        "from 1 to",
        "between",
        "half",
    ),
    *("a letter dated", "Port Ellen", "the agency", "RAN (RAN)", "premier", "of them", "citing", "to the effect that"),
)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def whole() -> Iterator[object]:
    """A pipeline of this module's own: hypothesis asks for fixtures that no example can spoil."""
    yield load()


def spans_of(found: Findings) -> Iterator[Span]:
    for claim in found.claims:
        yield claim.content
        yield from (s for s in (claim.cue, claim.speaker.mention) if s is not None)
    yield from found.figures
    yield from found.dates


def check(text: str, found: Findings) -> None:
    for span in spans_of(found):
        assert 0 <= span.start < span.end <= len(text) and text[span.start : span.end] == span.text, span
    for claim in found.claims:
        assert claim.parts and (claim.parts[0][0], claim.parts[-1][1]) == (claim.content.start, claim.content.end)
        for start, end in (*claim.parts, *claim.quoted):
            assert claim.content.start <= start < end <= claim.content.end, claim


@QUICK
@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
def test_any_text(whole, text):
    check(text, extract.find(whole, text, "2024-09-24"))


@QUICK
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=80), between=st.sampled_from(("", " ", " ", "\n")))
def test_words_of_the_rules_in_any_order(whole, pieces, between):
    text = between.join(pieces)
    check(text, extract.find(whole, text, "2024-09-24"))


@QUICK
@given(text=st.text(st.sampled_from(" \n\t\r\x0b\x0c\x1c\x85\u00a0\u2003\u2028\u3000"), max_size=60))
def test_white_space_alone_says_nothing(whole, text):
    assert extract.find(whole, text) == Findings()


@pytest.mark.parametrize("mark", MARKS)
def test_marks_without_a_partner(whole, mark):
    for text in (
        mark,
        mark * 3,
        f"{mark}We took in 40 people, said Mira Voss.",
        f"We took in 40 people,{mark} said Mira Voss on May 3.",
        f"Mira Voss said{mark}\n\n{mark}We took in 40 people.\n\n{mark}Then no more.",
        f"Mira Voss said: {mark}",
    ):
        check(text, extract.find(whole, text, "2024-09-24"))


@pytest.mark.parametrize("unit", ['"', "‘", "!", "a", "A-", "1,", "\n", " ", "Aa ", "the "])
def test_one_thing_thousands_of_times(whole, unit):
    text = unit * 2_000
    check(text, extract.find(whole, text, "2024-09-24"))


@pytest.mark.parametrize("unit", ["1", "1,", ",", ", ", "and ", "one hundred and ", "May ", "12:", "1-"])
def test_a_hundred_kilobytes_for_the_rules_of_dates_and_figures(whole, unit):
    """Nothing backtracks: this would not end in a day if a pattern did. How long it takes is measured in bench."""
    text = unit * (100_000 // len(unit))
    doc = whole.make_doc(text)
    doc._.claims = ()
    for name in ("onrecord_dates", "onrecord_figures"):
        whole.get_pipe(name)(doc)
    check(text, Findings((), tuple(doc._.figures), tuple(doc._.dates)))


def test_two_thousand_quotes_in_a_paragraph_of_a_hundred_kilobytes(whole):
    text = " ".join(f"“Indubitably {n} came,” said Mira Voss again." for n in range(10_000, 12_000))
    assert len(text.encode()) > 95_000
    found = extract.find(whole, text, "2024-09-24")
    check(text, found)
    assert len(found.claims) > 1500 and len(found.figures) > 1500


def test_signs_without_spaces_keep_their_text(whole):
    for text in ("!" * 700 + " and " + "x" * 1000, "a" * 300, "a" * 301 + " b", "»" * 300 + " »"):
        doc = whole.make_doc(text)
        assert doc.text == text and len(doc) > 0


def test_a_single_mark_opens_where_one_closes_it_before_the_paragraph_ends():
    assert quote_states("‘a’ ‘b\n’")[4] == OUTSIDE
    assert quote_states("‘a’ ‘b’")[4:6] == [OPENING, INSIDE]
    assert quote_states("‘’ ‘s")[0] == OUTSIDE
