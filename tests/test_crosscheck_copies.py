"""`wire_copy` and what follows from it: how many origins stand behind a figure."""

from __future__ import annotations

import pytest
from crosscheck_database import Newsroom

WIRE = (
    "PORT ALDER — The province opened two reception centres near the harbour on Monday after a summer in which "
    "the old ones filled up week by week. Officials counted 41,200 claims in the year and expect the number to "
    "fall in spring.\n\n"
    "Minister Anders Whitlock toured both buildings with the mayor and four nurses who will run the night desk. "
    "Each has a kitchen, a school room and a small clinic that opens on weekdays.\n\n"
    "Neighbours had asked for a later start of works, and the council moved the date twice before the tender "
    "closed."
)
REWRITE = (
    "Two reception centres welcomed their first guests this week in Port Alder. Minister Anders Whitlock toured "
    "both buildings with the mayor and four nurses who will run the night desk. Each has a kitchen, a school room "
    "and a small clinic that opens on weekdays. Our reporter found the beds made and the coffee strong. Officials "
    "counted 41,200 claims in the year and expect the number to fall in spring, which shopkeepers on Quay Street "
    "doubt."
)
OWN = (
    "On Monday the ministry gave the press a walk through the new houses for refugees. Cooks were at work, a "
    "teacher pinned maps to the wall, and somebody had already broken a window. The year brought 41,200 claims, "
    "by the count of the ministry, so nobody thinks the rooms will be empty for long. The bus from the border "
    "stops outside four times a day."
)
SPEECH = (
    "“Nobody who comes to this harbour in winter will sleep in a tent while I hold this office, and nobody who "
    "works in our hospitals will be told to go home to a country that has no hospitals,” the minister said. “We "
    "will count the beds every Friday and print the number on the door, and if it is zero we will rent a hotel "
    "and send the bill on.”"
)
FRAMES = {
    "ledger": "Reporters pressed round the lectern after lunch. {} Rain fell on the square and the brass band packed "
    "up early that day, and the mayor left by the side door with two aides.",
    "post": "{} That is what he read from a card in a hall a few steps from the sea, before teachers, nurses and bus "
    "drivers who had queued since dawn for seats and left them one by one when the questions began.",
}


def copies(room: Newsroom) -> set[tuple[str, str]]:
    return {(a, b) for _, a, b in room.links("wire_copy")}


@pytest.mark.parametrize(
    ("other", "expected", "reason"),
    [
        (WIRE, True, "the same text"),
        (REWRITE, True, "a rewrite that keeps half"),
        (OWN, False, "the same event, own words"),
    ],
)
def test_two_texts(other: str, expected: bool, reason: str) -> None:
    room = Newsroom()
    room.article("ledger", WIRE)
    room.article("post", other)
    assert (("ledger", "post") in copies(room)) is expected, reason


def test_a_shared_credit_lowers_the_bar_and_is_said() -> None:
    third = f"{OWN} {WIRE.split(chr(10))[0]}"
    for origin, expected in ((None, set()), ("North Wire", {("ledger", "post")})):
        room = Newsroom()
        room.article("ledger", WIRE, origin=origin)
        room.article("post", third, origin=origin and f"The {origin}")
        assert copies(room) == expected
    assert "both credit North Wire" in next(iter(room.links("wire_copy").values()))["explanation"]


def test_two_witnesses_of_one_speech_are_no_copies() -> None:
    room = Newsroom()
    for id, frame in FRAMES.items():
        text = frame.format(SPEECH)
        room.article(id, text)
        start = text.index(SPEECH)
        room.claim(f"c-{id}", id, SPEECH, "Anders Whitlock", quoted=f"[[{start}, {start + len(SPEECH)}]]")
    assert not copies(room)
    assert room.links("same_quote"), "but they quote one speech"


def test_versions_of_one_article_are_no_copies() -> None:
    room = Newsroom()
    room.article("v1", WIRE)
    room.article("v2", WIRE + " The clinic is closed on Fridays.", of="v1")
    assert not copies(room)


def test_boilerplate_that_everybody_prints_makes_no_copies() -> None:
    notice = "Subscribe to our morning letter and never miss what your town talks about at breakfast today or tomorrow"
    room = Newsroom()
    for i in range(70):
        own = " ".join(f"word{i}x{n}" for n in range(10))
        room.article(f"a{i:02}", f"{own} {notice}")
    assert not copies(room)


def test_origins_are_counted_not_pages() -> None:
    room = Newsroom()
    year = {"period": ("2030-01-01", "2030-12-31")}
    for id, text, number in (
        ("ledger", WIRE, "41,200"),
        ("mirror", WIRE, "41,200"),
        ("post", OWN, "41,200"),
        ("herald", OWN.replace("41,200", "43,900").upper(), "43,900"),
    ):
        room.article(id, text if id != "herald" else "The ministry said that 43,900 claims came in.")
        room.figure(f"f-{id}", id, number, float(number.replace(",", "")), **year)
    room.links()
    assert room.standing("f-ledger") == (2, 1, 1), "the mirror is no second origin, the Post is; the Herald differs"
    assert room.standing("f-mirror") == (2, 1, 1)
    assert room.standing("f-post") == (2, 1, 1), "Ledger and mirror are one"
    assert room.standing("f-herald") == (1, 0, 2)


def test_one_agency_and_one_letter_are_one_origin() -> None:
    room = Newsroom()
    year = {"period": ("2030-01-01", "2030-12-31")}
    texts = {
        "ledger": "The letter counts 41,200 claims.",
        "post": "By the letter there were 41,200 of them.",
        "times": "North Wire heard of 41,200 claims.",
        "globe": "Some 41,200 came, North Wire was told.",
    }
    for id, text in texts.items():
        room.article(id, text, origin="North Wire" if "Wire" in text else None)
        letter = "letter" in text
        claim = room.claim(f"c-{id}", id, "41,200", "Anders Whitlock", basis="document" if letter else "named")
        room.figure(f"f-{id}", id, "41,200", 41200, claim=claim, **year)
    room.links()
    assert {room.standing(f"f-{id}") for id in texts} == {(2, 1, 0)}


def test_a_corrected_version_no_longer_disagrees() -> None:
    room = Newsroom()
    year = {"period": ("2030-01-01", "2030-12-31")}
    room.article("post", "It was 39,540 in all, by the books.")
    room.figure("f-post", "post", "39,540", 39540, **year)
    room.article("v1", "The ministry counted 39,171 people last year.")
    room.figure("f-v1", "v1", "39,171", 39171, **year)
    room.links()
    assert room.standing("f-post") == (1, 0, 1)
    room.article("v2", "The ministry counted 39,540 people last year.", of="v1")
    room.figure("f-v2", "v2", "39,540", 39540, **year)
    links = room.links()
    assert room.standing("f-post") == (2, 1, 0)
    assert ("conflicting_figure", "f-post", "f-v1") in links, "what was printed was printed"
