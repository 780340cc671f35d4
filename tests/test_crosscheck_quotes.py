"""`same_quote`: what is one utterance, what is not, and what its explanation owns up to."""

from __future__ import annotations

import pytest
from crosscheck_database import Newsroom

WHITLOCK, ROY = "Anders Whitlock", "Odile Tremblay-Roy"
PLEDGE = "We will reopen the harbour shelter before the first snow and hire forty interpreters for the families"
CUT = "we will reopen the harbour shelter before the first snow"
RETOLD = "the harbour shelter is to open its doors again and interpreters will be engaged"

CASES = [
    (PLEDGE, CUT, {}, True, "one outlet prints the first half"),
    (PLEDGE, PLEDGE.replace("snow", "frost"), {}, True, "one word differs"),
    (PLEDGE, RETOLD, {}, True, "another wording: harbour, shelter, interpreters"),
    (PLEDGE, "the ferry timetable will change in spring", {}, False, "the same minister on another matter"),
    (PLEDGE, CUT, {"speaker": ROY}, False, "the same words from somebody else"),
    (PLEDGE, RETOLD, {"speaker": ROY}, False, "like words from somebody else"),
    (PLEDGE, CUT, {"said": ("2031-03-03", "2031-03-20")}, False, "said again on another day"),
    (PLEDGE, CUT, {"days": ("2031-03-04", "2031-03-29")}, True, "undated, reprinted some weeks later"),
    (PLEDGE, RETOLD, {"days": ("2031-03-04", "2031-03-29")}, False, "another wording, undated, weeks later: a theme"),
    (PLEDGE, CUT, {"speaker": "Whitlock"}, True, "the surname alone"),
    (PLEDGE, RETOLD, {"modality": "denied"}, False, "a denial is not the assertion in other words"),
    ("it was a mistake", "it was a mistake", {}, True, "short, but the same to the word"),
    ("so they did", "so they do", {}, False, "no content at all"),
    (
        "the shelter has 412 beds",
        "the shelter has 377 places",
        {},
        False,
        "one common word and two numbers: two counts",
    ),
    ("arrivals rose to 41,212", "a total of 41,212 people", {}, True, "a telling number in common"),
    ("it brings three quarters of a bridge", "she has three wishes for the ferry", {}, False, "three: of what?"),
    ("the toll falls by 50 per cent", "they built one and a half", {}, False, "a half of something is no share"),
    ("the toll falls by 50 per cent", "half of it is to go", {}, True, "a share, in figures and as a fraction"),
    ("the ferry is late by 40 minutes", "it carries 40 lorries", {}, False, "one small number of two things"),
    (
        "the harbour rots for eight months",
        "eight months were lost, the harbour says",
        {},
        True,
        "a rare word beside it",
    ),
    ("lost for eight months", "within eight months", {}, False, "a small number and its unit alone"),
    ("it gets $41 million", "the bill is 41 million dollars", {}, True, "a sum, written in two ways"),
    (
        "the valley must open its ledgers",
        "the valley has lost 945 families, and 312 flats are empty",
        {},
        False,
        "numbers in one only, and little else in common",
    ),
]


@pytest.mark.parametrize(("first", "second", "more", "expected", "reason"), CASES)
def test_two_claims(first: str, second: str, more: dict, expected: bool, reason: str) -> None:
    room = Newsroom()
    days = more.get("days", ("2031-03-04", "2031-03-05"))
    said = more.get("said", (None, None))
    room.article("ledger", f"He said {first}.", days[0])
    room.article("herald", f"In the capital he said {second}.", days[1])
    room.claim("a", "ledger", first, WHITLOCK, said=said[0])
    second_speaker, modality = more.get("speaker", WHITLOCK), more.get("modality", "asserted")
    room.claim("b", "herald", second, second_speaker, said=said[1], modality=modality)
    assert (("same_quote", "a", "b") in room.links()) is expected, reason


def test_the_same_words_weigh_more_than_another_wording() -> None:
    room = Newsroom()
    for id, text in (("ledger", PLEDGE), ("herald", CUT), ("post", RETOLD)):
        room.article(id, text)
        room.claim(f"c-{id}", id, text, WHITLOCK)
    links = room.links("same_quote")
    same, other = links["same_quote", "c-herald", "c-ledger"], links["same_quote", "c-ledger", "c-post"]
    assert same["score"] > 0.5 > other["score"]
    assert "The same words: 100%" in same["explanation"]
    assert "Another wording" in other["explanation"] and "harbour, interpret, open, shelter" not in same["explanation"]
    assert "harbour" in other["explanation"] and WHITLOCK in other["explanation"]


DRIFTS = [
    (
        "the province spent hundreds of millions of dollars on beds for families last winter",
        "the province spent hundreds of thousands of dollars on beds for families last winter",
        "100,000,000 against 100,000",
        "millions and thousands",
    ),
    (
        "the share of refused claims in the northern district is 6.5 per cent this year",
        "the share of refused claims in the northern district is 65 per cent this year",
        "6.5 against 65",
        "a lost decimal point",
    ),
    (
        "the harbour shelter will take in families from the southern camps this winter",
        "the harbour shelter will not take in families from the southern camps this winter",
        "only the second has a negation: “not”",
        "a lost negation",
    ),
]


@pytest.mark.parametrize(("first", "second", "note", "reason"), DRIFTS)
def test_drift_is_never_silent(first: str, second: str, note: str, reason: str) -> None:
    room = Newsroom()
    room.article("ledger", first, "2031-03-04")
    room.article("post", second, "2031-03-05")
    room.claim("a", "ledger", first, WHITLOCK)
    room.claim("b", "post", second, WHITLOCK)
    explanation = room.links()["same_quote", "a", "b"]["explanation"]
    assert "DRIFT" in explanation and note in explanation, reason


def test_equal_words_have_no_drift() -> None:
    room = Newsroom()
    for id in ("ledger", "post"):
        room.article(id, PLEDGE)
        room.claim(f"c-{id}", id, PLEDGE, WHITLOCK)
    assert "DRIFT" not in room.links()["same_quote", "c-ledger", "c-post"]["explanation"]


def test_a_nameless_speaker_needs_more_words() -> None:
    room = Newsroom()
    room.article("ledger", f"{PLEDGE}, an official said.")
    room.article("post", f"{PLEDGE}, he added. It is early.")
    room.article(
        "herald", f"{CUT} or the doors stay shut for good, the mayor of Port Alder thinks, whatever it costs us."
    )
    room.claim("a", "ledger", PLEDGE, "official", speaker_class="anonymous")
    room.claim("b", "post", PLEDGE, WHITLOCK)
    long = f"{CUT} or the doors stay shut for good, the mayor of Port Alder thinks, whatever it costs us"
    room.claim("c", "herald", long, "official", speaker_class="anonymous")
    assert set(room.links("same_quote")) == {("same_quote", "a", "b")}


def test_in_other_words_each_claim_meets_its_best_counterpart_only() -> None:
    room = Newsroom()
    room.article("ledger", "The harbour shelter opens on Friday. The interpreters of Osterland arrive at the border.")
    room.article("post", "Doors of the shelter by the harbour will open. At the border interpreters help.")
    room.claim("l1", "ledger", "The harbour shelter opens on Friday", WHITLOCK)
    room.claim("l2", "ledger", "The interpreters of Osterland arrive at the border", WHITLOCK)
    room.claim("p1", "post", "Doors of the shelter by the harbour will open", WHITLOCK)
    room.claim("p2", "post", "At the border interpreters help", WHITLOCK)
    assert set(room.links("same_quote")) == {("same_quote", "l1", "p1"), ("same_quote", "l2", "p2")}


def test_one_article_never_confirms_itself() -> None:
    room = Newsroom()
    room.article("ledger", f"{PLEDGE}. Later: {CUT}.")
    room.claim("a", "ledger", PLEDGE, WHITLOCK)
    room.claim("b", "ledger", CUT, WHITLOCK)
    assert not room.links("same_quote")


def test_one_letter_and_one_agency_are_said_to_be_one_origin() -> None:
    room = Newsroom()
    for id in ("ledger", "post"):
        room.article(id, PLEDGE, origin="North Wire")
        room.claim(f"c-{id}", id, PLEDGE, WHITLOCK, basis="document")
    explanation = room.links()["same_quote", "c-ledger", "c-post"]["explanation"]
    assert "both articles credit North Wire: one origin" in explanation
    assert "both quote a document: one origin" in explanation
