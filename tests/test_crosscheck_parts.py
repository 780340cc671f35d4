"""What looks like a conflict and is none: a part and its whole, some people and all, two counts of one report."""

from __future__ import annotations

import pytest
from crosscheck_database import Newsroom

YEAR = ("2030-01-01", "2030-12-31")
CONFLICTS = ("conflicting_figure", "apparent_conflict")
Printed = tuple[str, float]

PARTS = [
    ("The camp sent on 312 of the 945 families it had.", {}, "straight behind"),
    ("The camp sent on 312 of its 945 families.", {}, "with its owner"),
    ("The camp sent on 312 of the valley's 945 families.", {}, "with a named owner"),
    ("Only 312 left by bus, the warden reckons, out of 945 who asked.", {}, "far behind, in the same sentence"),
    ("The camp holds 945 families. By May 312 of them had left.", {}, "of them: those named before"),
    ("It counts 312 families, and 945 had asked.", {"whole": "945"}, "as extraction found it"),
]


@pytest.mark.parametrize(("text", "more", "reason"), PARTS)
def test_a_part_is_no_conflict_with_its_whole_in_one_article_or_in_two(text: str, more: dict, reason: str) -> None:
    room = Newsroom()
    room.article("ledger", text)
    room.figure("part", "ledger", "312", 312, names=["Ada Brandt"], period=YEAR, **more)
    room.figure("whole", "ledger", "945", 945, names=["Nils Aaker"], period=YEAR)
    for id, number, value in (("post", "312", 312), ("herald", "945", 945)):
        room.article(id, f"It came to {number} families.", outlet=id)
        room.figure(f"f-{id}", id, number, value, period=YEAR)
    links = room.links()
    across = ("conflicting_figure", "f-herald", "f-post")
    assert [key for key in links if key[0] in CONFLICTS and key != across] == [], reason
    assert ("same_figure", "f-post", "part") in links and ("same_figure", "f-herald", "whole") in links


RIVALS = [
    ("The board gives 312 families. The warden speaks of 945.", "nothing says that one is of the other"),
    ("The board gives 945 families, of the 312 who asked.", "no part is larger than its whole"),
    ("The board gives 312 families. Of the 945 he heard nothing, the warden says.", "another sentence"),
]


@pytest.mark.parametrize(("text", "reason"), RIVALS)
def test_two_numbers_for_one_thing_are_still_a_conflict(text: str, reason: str) -> None:
    room = Newsroom()
    room.article("ledger", text)
    room.figure("a", "ledger", "312", 312, names=["Ada Brandt"], period=YEAR)
    room.figure("b", "ledger", "945", 945, names=["Nils Aaker"], period=YEAR)
    assert list(room.links()) == [("conflicting_figure", "a", "b")], reason


WITHIN = [
    ({}, "conflicting_figure", "one measure, place and period, and two speakers"),
    ({"period": (None, None)}, None, "one of them names no period"),
    ({"period": ("2030-01-01", "2030-12-20")}, None, "not quite the same period"),
    ({"definition": None, "measure": "open_file"}, None, "a measure made of the phrase's words"),
    ({"place": None}, None, "nobody knows where"),
]


@pytest.mark.parametrize(("more", "expected", "reason"), WITHIN)
def test_within_one_article_a_conflict_needs_more(more: dict, expected: str | None, reason: str) -> None:
    room = Newsroom()
    room.article("ledger", "The board counts 312 files, the warden 945.", "2030-11-04")
    shared = {k: v for k, v in more.items() if k != "period"}
    room.figure("a", "ledger", "312", 312, names=["Ada Brandt"], period=YEAR, **shared)
    room.figure("b", "ledger", "945", 945, names=["Nils Aaker"], **({"period": YEAR} | more))
    assert [label for label, *_ in room.links()] == ([expected] if expected else []), reason


ALL = "new claims"
PEOPLES = [
    (ALL, "claims by Veranian citizens", "apparent_conflict", "some against all"),
    ("claims from Verania", "claims by Veranian citizens", "conflicting_figure", "one people, named twice"),
    ("Veranian claims", "claims by citizens of Ostrovia", "apparent_conflict", "two peoples"),
    (ALL, "claims in Verania", "conflicting_figure", "a place, no people"),
    (ALL, "claims by Meridian residents", "conflicting_figure", "the people of the place itself: everybody"),
    (ALL, "claims", "conflicting_figure", "neither names a people"),
]


@pytest.mark.parametrize(("one", "other", "expected", "reason"), PEOPLES)
def test_a_share_of_some_people_is_not_that_of_all(one: str, other: str, expected: str, reason: str) -> None:
    room = Newsroom()
    share = {"unit": "percent", "kind": "change_relative", "direction": "decrease", "period": YEAR}
    for id, text, value, counted in (("ledger", "34 per cent", 34, one), ("post", "70 per cent", 70, other)):
        room.article(id, f"They fell by {text}.")
        room.figure(f"f-{id}", id, text, value, counted=counted, **share)
    links = room.links()
    assert [label for label, *_ in links] == [expected], reason
    explanation = links[expected, "f-ledger", "f-post"]["explanation"]
    assert ("the population differs" in explanation) == (expected == "apparent_conflict")


def test_the_sentence_may_name_the_people_and_a_count_of_some_is_no_news() -> None:
    room = Newsroom()
    room.article("ledger", "In all 5,210 claims were filed. Among citizens of Verania there were 1,904.")
    room.article("post", "The board registered 5,390 claims.")
    room.figure("all", "ledger", "5,210", 5210, counted="claims", period=YEAR)
    room.figure("some", "ledger", "1,904", 1904, counted="claims", period=YEAR)
    room.figure("other", "post", "5,390", 5390, counted="claims", period=YEAR)
    assert list(room.links()) == [("conflicting_figure", "all", "other")]
