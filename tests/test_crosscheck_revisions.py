"""`revised` and `role_conflict`: what one article changed, and what one person was called."""

from __future__ import annotations

import pytest
from crosscheck_database import Newsroom

FIRST = (
    "The ministry spent 6.5 million dollars on beds. “We will open the harbour shelter,” Anders Whitlock said, "
    "“and keep it open.” The mayor thinks that the money is late."
)
WHITLOCK = "Anders Whitlock"


def two_versions(second: str, claims: dict[str, str], figures: dict[str, tuple[str, str]]) -> dict:
    """Links between `FIRST` and `second`; `claims` maps ids to words of either version, `figures` to two "
    "printings."""
    room = Newsroom()
    for id, text, of in (("v1", FIRST, ""), ("v2", second, "v1")):
        room.article(id, text, of=of)
        for name, words in claims.items():
            if name.startswith(id):
                room.claim(name, id, words, WHITLOCK)
        for name, (words, value) in figures.items():
            if name.startswith(id):
                room.figure(name, id, words, float(value))
    return room.links()


def test_a_moved_comma_is_nothing() -> None:
    second = FIRST.replace("“We will open the harbour shelter,”", "We will open the harbour shelter,").replace(
        "beds.", "beds;"
    )
    quote = "We will open the harbour shelter"
    links = two_versions(
        second, {"v1c": quote, "v2c": quote}, {"v1f": ("6.5 million", "6.5e6"), "v2f": ("6.5 million", "6.5e6")}
    )
    assert set(links) == {("same_quote", "v1c", "v2c"), ("same_figure", "v1f", "v2f")}
    assert "one origin" in links["same_quote", "v1c", "v2c"]["explanation"]


def test_a_lost_decimal_point_is_everything() -> None:
    second = FIRST.replace("6.5 million", "65 million")
    links = two_versions(second, {}, {"v1f": ("6.5 million", "6.5e6"), "v2f": ("65 million", "65e6")})
    link = links["revised", "v1f", "v2f"]
    assert "“6.5 million” became “65 million”" in link["explanation"]
    assert (link["a_id"], link["b_id"]) == ("v1f", "v2f"), "from the older to the newer"
    assert ("revised", "v1", "v2") in links


def test_a_changed_claim_is_shown_before_and_after() -> None:
    second = FIRST.replace("We will open the harbour shelter", "We may open the harbour shelter")
    claims = {"v1c": "We will open the harbour shelter", "v2c": "We may open the harbour shelter"}
    links = two_versions(second, claims, {})
    assert "“We will open the harbour shelter” became “We may" in links["revised", "v1c", "v2c"]["explanation"]
    assert ("same_quote", "v1c", "v2c") not in links


def test_a_claim_whose_figure_was_corrected_is_told_at_the_figure() -> None:
    room = Newsroom()
    for id, number, of in (("v1", "650,000", ""), ("v2", "560,000", "v1")):
        room.article(id, f"He said Meridia has {number} guests, more than ever.", of=of)
        claim = room.claim(f"{id}c", id, f"Meridia has {number} guests", WHITLOCK)
        room.figure(f"{id}f", id, number, float(number.replace(",", "")), claim=claim)
    links = room.links()
    assert ("revised", "v1f", "v2f") in links and ("revised", "v1c", "v2c") not in links
    assert "650,000 against 560,000" in links["same_quote", "v1c", "v2c"]["explanation"]


@pytest.mark.parametrize(
    ("second", "claims", "note"),
    [
        (
            FIRST + " Nurses cheered the plan loudly.",
            {"v2c": "Nurses cheered the plan loudly"},
            "added: “Nurses cheered",
        ),
        (
            FIRST.replace(" The mayor thinks that the money is late.", ""),
            {"v1c": "the money is late"},
            "removed: “the money is late”",
        ),
    ],
)
def test_what_was_added_and_removed_is_listed(second: str, claims: dict[str, str], note: str) -> None:
    links = two_versions(second, claims, {})
    assert note in links["revised", "v1", "v2"]["explanation"]


def test_a_claim_that_one_run_overlooked_was_not_removed() -> None:
    links = two_versions(FIRST + " Nurses cheered.", {"v1c": "the money is late"}, {})
    assert "removed" not in links["revised", "v1", "v2"]["explanation"]


def test_only_consecutive_versions_are_compared() -> None:
    room = Newsroom()
    for n, number in enumerate(("41,200", "42,300", "43,400"), 1):
        room.article(f"v{n}", f"There were {number} claims in the year.", of=f"v{n - 1}" if n > 1 else "")
        room.figure(f"f{n}", f"v{n}", number, float(number.replace(",", "")))
    revised = {(a, b) for _, a, b in room.links("revised")}
    assert revised == {("f1", "f2"), ("f2", "f3"), ("v1", "v2"), ("v2", "v3")}


ROLES = [
    (["Immigration Minister", "Finance Minister"], ["2031-03-04", "2031-03-05"], {(0, 1)}, "two offices in one week"),
    (["Immigration Minister", "minister of immigration and families"], ["2031-03-04"] * 2, set(), "one office, cut"),
    (["Immigration Minister", "federal minister"], ["2031-03-04"] * 2, set(), "a minister of no portfolio is any"),
    (["Immigration Minister", "former finance minister"], ["2031-03-04"] * 2, set(), "former is no present office"),
    (["Immigration Minister", "Liberal member"], ["2031-03-04"] * 2, set(), "a member may be minister"),
    (["Immigration Minister", "Finance Minister"], ["2031-03-04", "2031-09-05"], set(), "he may have changed office"),
    (
        ["Immigration Minister", "Finance Minister", "Immigration Minister"],
        ["2031-03-04", "2031-06-05", "2031-09-06"],
        {(0, 1), (1, 2)},
        "but hardly to another and back",
    ),
]


@pytest.mark.parametrize(("roles", "days", "expected", "reason"), ROLES)
def test_offices(roles: list[str], days: list[str], expected: set, reason: str) -> None:
    room = Newsroom()
    for i, (role, day) in enumerate(zip(roles, days, strict=True)):
        room.article(f"a{i}", f"The {role} spoke of topic{i} alone.", day)
        room.claim(f"c{i}", f"a{i}", f"topic{i}", WHITLOCK if i else "Mr. Whitlock", role=role)
    links = room.links("role_conflict")
    assert {(a, b) for _, a, b in links} == {(f"c{i}", f"c{j}") for i, j in expected}, reason
    for link in links.values():
        assert WHITLOCK in link["explanation"] and "Finance Minister" in link["explanation"]


def test_two_people_of_one_surname_hold_two_offices() -> None:
    room = Newsroom()
    for id, name, role in (("a", WHITLOCK, "Immigration Minister"), ("b", "Berit Whitlock", "Finance Minister")):
        room.article(id, f"The {role} spoke of topic{id} alone.")
        room.claim(f"c-{id}", id, f"topic{id}", name, role=role)
    assert not room.links("role_conflict")
