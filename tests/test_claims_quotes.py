"""Quotation marks of every kind, paired or not."""

from __future__ import annotations

import random

import pytest

from extract.claims.quotes import find_quotations, paragraphs

CASES = [
    # text, inner texts, closed, why
    ("He said “no” twice.", ["no"], [True], "curly"),
    ('He said "no" and "yes".', ["no", "yes"], [True, True], "straight marks alternate"),
    ("‘Rain,’ she said.", ["Rain,"], [True], "single marks outside"),
    ("« Oui », a-t-il dit.", [" Oui "], [True], "guillemets"),
    ("“He said ‘no’ to me.”", ["He said ‘no’ to me."], [True], "nested marks belong to the outer quotation"),
    ("‘the ministers’ plan’ failed", ["the ministers’ plan"], [True], "a plural's apostrophe closes nothing"),
    ("It’s the ’90s and the boys’ club.", [], [], "apostrophes"),
    ("rock 'n' roll and the '80s", [], [], "elisions with straight marks"),
    ("a pipe of 5\" and a 7' wall", [], [], "inches and feet"),
    ("“There is talk. […] “It helps,” she said.", ["There is talk. […] “It helps,"], [True], "a stray second opener"),
    ("He said “no.\nThen he left.", ["no."], [False], "never closed: to the end of its paragraph"),
    ("done” he said", [], [], "never opened"),
    ("the “word“ as typed", ["word"], [True], "an opener in the place of a closer"),
    ("the ”word” as typed", ["word"], [True], "a closer in the place of an opener"),
    ("``Quite so,'' he said.", ["Quite so,"], [True], "typewriter pairs"),
]


@pytest.mark.parametrize(("text", "inner", "closed", "why"), CASES, ids=[row[3] for row in CASES])
def test_quotations(text, inner, closed, why):
    found = find_quotations(text)
    assert [text[slice(*q.inner)] for q in found] == inner, why
    assert [q.closed for q in found] == closed, why


def test_a_quotation_runs_on_where_the_next_paragraph_opens_again():
    first, second = find_quotations("“We came early.\n\n“We stayed late.”")
    assert (first.closed, first.runs_on) == (False, True)
    assert (second.closed, second.runs_on) == (True, False)


def test_any_string_gives_ordered_quotations_within_the_text():
    alphabet = "ab S.,!?\n “”‘’\"'«»`é9—[]"
    draw = random.Random(7)
    for _ in range(2000):
        text = "".join(draw.choice(alphabet) for _ in range(draw.randrange(60)))
        end = 0
        for q in find_quotations(text):
            assert end <= q.start < q.inner[0] <= q.inner[1] <= q.end <= len(text)
            end = q.end


def test_paragraphs_leave_blank_lines_and_outer_space_out():
    text = "  One. \n\n\nTwo.\n   \n"
    assert [text[s:e] for s, e in paragraphs(text)] == ["One.", "Two."]
