"""Which figures meet, and what becomes of them: agreement, conflict, a conflict in appearance, a result."""

from __future__ import annotations

import pytest
from crosscheck_database import Newsroom

YEAR, YEAR_BEFORE = ("2030-01-01", "2030-12-31"), ("2029-01-01", "2029-12-31")
LEVEL = ("39,540", 39540, {"period": YEAR})

PAIRS = [
    (LEVEL, ("39,540", 39540, {"period": YEAR}), "same_figure", "equal"),
    (LEVEL, ("nearly 40,000", 40000, {"period": YEAR, "modifier": "just_under"}), "same_figure", "hedged"),
    (LEVEL, ("39,171", 39171, {"period": YEAR}), "conflicting_figure", "two numbers for one thing"),
    (LEVEL, ("39,171", 39171, {"period": YEAR, "place": "Osterland"}), None, "another place"),
    (LEVEL, ("39,540", 39540, {"period": YEAR, "place": "Osterland"}), None, "an equal number in another place"),
    (LEVEL, ("39,171", 39171, {"period": YEAR_BEFORE}), None, "another year of one series"),
    (LEVEL, ("39,540", 39540, {"period": YEAR, "measure": "beds"}), None, "an equal number of another thing"),
    (LEVEL, ("45,000", 45000, {"period": YEAR, "modality": "demanded"}), None, "a demand is no count"),
    (LEVEL, ("45,000", 45000, {"period": YEAR, "modality": "projected"}), None, "nor is a forecast"),
    (LEVEL, ("45,000", 45000, {"period": YEAR, "kind": "change_absolute"}), None, "nor is a rise by that many"),
    (LEVEL, ("45", 45, {"period": YEAR, "unit": "percent"}), None, "nor is a percentage"),
    (LEVEL, ("39,540", 39540, {}), "same_figure", "undated, equal to the digit"),
    (LEVEL, ("44,100", 44100, {"published": "2030-10-01"}), "conflicting_figure", "undated, printed within the year"),
    (LEVEL, ("1,904", 1904, {"published": "2030-10-01"}), None, "undated, and another world: a part or a rate"),
    (LEVEL, ("3,954", 3954, {"published": "2030-10-01"}), "conflicting_figure", "undated, but a digit is missing"),
    (LEVEL, ("1,904", 1904, {"period": YEAR}), "conflicting_figure", "another world, but of one printed year"),
    (LEVEL, ("44,100", 44100, {"period": YEAR, "place": None}), None, "another place, or nobody knows"),
    (
        ("39,540", 39540, {"period": YEAR, "place": None}),
        ("44,100", 44100, {"period": YEAR, "place": None}),
        None,
        "both may be anywhere",
    ),
    (
        ("$92 million", 9.2e7, {"unit": "CAD", "period": YEAR}),
        ("$61 million", 6.1e7, {"unit": "CAD", "published": "2030-05-01"}),
        None,
        "a sum of a year, and one printed half a year before its end",
    ),
    (
        LEVEL,
        ("94,100", 94100, {"published": "2031-05-01"}),
        None,
        "undated, printed later, and of another size",
    ),
    (LEVEL, ("44,100", 44100, {"published": "2031-05-01"}), "apparent_conflict", "undated, printed later"),
    (LEVEL, ("44,100", 44100, {"period": ("2030-01-01", "2030-11-30")}), "apparent_conflict", "eleven months of it"),
    (
        LEVEL,
        ("between 30,000 and 45,000", None, {"low": 3e4, "high": 4.5e4, "period": YEAR}),
        "apparent_conflict",
        "a range",
    ),
    (("denied", 5, {"modality": "denied"}), ("denied", 5, {"modality": "denied"}), None, "a denied figure is nobody's"),
    (
        ("$90 million", 9e7, {"unit": "CAD", "period": YEAR}),
        ("$90 million", 9e7, {"unit": "USD", "period": YEAR}),
        "apparent_conflict",
        "one number in two currencies",
    ),
    (
        ("$92 million", 9.2e7, {"unit": "CAD", "period": YEAR}),
        ("$92 million", 9.2e7, {"unit": "CAD", "period": YEAR_BEFORE}),
        "conflicting_figure",
        "a sum is spent in one of two years",
    ),
    (
        ("17%", 17, {"unit": "percent", "kind": "share", "period": YEAR}),
        ("17%", 17, {"unit": "percent", "kind": "share", "period": YEAR_BEFORE}),
        None,
        "a share may stay as it was",
    ),
    (
        ("41,212", 41212, {"measure": None, "counted": "asylum claims"}),
        ("41,212", 41212, {"measure": None, "counted": "new claims"}),
        "same_figure",
        "no measure, but equal to the digit and both of claims",
    ),
    (
        ("41,212", 41212, {"measure": None, "counted": "claims"}),
        ("41,212", 41212, {"measure": None, "counted": "hospital beds"}),
        None,
        "no measure, and of other things",
    ),
    (
        ("17,490", 17490, {"measure": "refugee_claims_filed", "period": YEAR}),
        ("23,995", 23995, {"measure": "refugee_claims_referred", "period": YEAR}),
        "apparent_conflict",
        "like measures",
    ),
]


@pytest.mark.parametrize(("first", "second", "expected", "reason"), PAIRS)
def test_two_figures(first: tuple, second: tuple, expected: str | None, reason: str) -> None:
    room = Newsroom()
    for id, (text, value, more) in (("ledger", first), ("post", second)):
        more = dict(more)
        room.article(id, f"It came to {text} in all.", more.pop("published", "2031-03-04"))
        room.figure(f"f-{id}", id, text, value, **more)
    links = room.links()
    assert [label for label, a, b in links if {a, b} == {"f-ledger", "f-post"}] == ([expected] if expected else []), (
        reason
    )
    for link in links.values():
        assert all(text in link["explanation"] for text in (first[0], second[0])), "both printings are shown"


def test_a_slip_of_scale_is_named_and_not_decided() -> None:
    room = Newsroom()
    for id, text, value in (("ledger", "$33 million", 33e6), ("post", "$33,000", 33e3)):
        room.article(id, f"The bill was {text}.", outlet=id.title())
        room.figure(f"f-{id}", id, text, value, unit="CAD", period=YEAR)
    explanation = room.links()["conflicting_figure", "f-ledger", "f-post"]["explanation"]
    assert "a thousand times" in explanation and "Ledger" in explanation and "Post" in explanation


def test_two_speakers_in_one_article_may_conflict_but_one_does_not_with_himself() -> None:
    room = Newsroom()
    room.article("ledger", "The board counts 17 per cent. The premier counts 25 per cent. Later she says 24 per cent.")
    for id, text, value, who in (
        ("f1", "17", 17, "Board"),
        ("f2", "25", 25, "Odile Roy"),
        ("f3", "24", 24, "Odile Roy"),
    ):
        room.figure(id, "ledger", f"{text} per cent", value, names=[who], unit="percent", kind="share", period=YEAR)
    conflicts = room.links("conflicting_figure")
    assert {(a, b) for _, a, b in conflicts} == {("f1", "f2"), ("f1", "f3")}


@pytest.mark.parametrize(("value", "meets"), [(470, True), (92, False)], ids=["a rival", "a part"])
def test_the_article_itself_contradicts_a_speaker_only_with_a_number_of_his_size(value: int, meets: bool) -> None:
    room = Newsroom()
    room.article("ledger", f"The auditor opened 400 files. The count shows {value} of them.")
    room.figure("whole", "ledger", "400", 400, names=["Linnea Foss"], measure="files", period=YEAR)
    room.figure("other", "ledger", str(value), value, names=[], measure="files", period=YEAR)
    assert bool(room.links("conflicting_figure")) == meets


RESULTS = [
    (
        "share",
        "30 per cent",
        30,
        {"unit": "percent", "kind": "share", "measure": "refused_share", "counted": "refused claims"},
        ("12,210", 12210, {"measure": "refused_claims"}),
        ("40,700", 40700, {"measure": "asylum_claims"}),
        "100 × 12,210 / 40,700 = 30",
    ),
    (
        "growth",
        "nearly 42 per cent",
        42,
        {
            "unit": "percent",
            "kind": "change_relative",
            "direction": "increase",
            "modifier": "just_under",
            "measure": "asylum_growth",
        },
        ("57,800", 57800, {"period": YEAR}),
        ("40,800", 40800, {"period": YEAR_BEFORE}),
        "(57,800 / 40,800 − 1) = 41.6667",
    ),
    (
        "ratio",
        "just over twice",
        2,
        {"unit": "multiple", "kind": "change_ratio", "modifier": "just_over", "measure": "asylum_growth"},
        ("82,400", 82400, {"period": YEAR}),
        ("40,800", 40800, {"period": YEAR_BEFORE}),
        "82,400 / 40,800 = 2.01961",
    ),
    (
        "difference",
        "17,000",
        17000,
        {"kind": "change_absolute", "direction": "increase", "measure": "asylum_growth"},
        ("57,800", 57800, {"period": YEAR}),
        ("40,800", 40800, {"period": YEAR_BEFORE}),
        "57,800 − 40,800 = 17,000",
    ),
    (
        "sum",
        "98,615",
        98615,
        {"period": ("2029-01-01", "2030-12-31")},
        ("57,812", 57812, {"period": YEAR}),
        ("40,803", 40803, {"period": YEAR_BEFORE}),
        "57,812 + 40,803 = 98,615",
    ),
]


@pytest.mark.parametrize(("kind", "text", "value", "more", "one", "other", "expression"), RESULTS)
def test_a_result_is_written_out(
    kind: str, text: str, value: float, more: dict, one: tuple, other: tuple, expression: str
) -> None:
    room = Newsroom()
    room.article("ledger", f"The registry counted {one[0]}, against {other[0]}. That is {text}, it said.")
    room.figure("result", "ledger", text, value, **more)
    room.figure("one", "ledger", one[0], one[1], **one[2])
    room.figure("other", "ledger", other[0], other[1], **other[2])
    links = room.links("derived")
    assert set(links) == {("derived", "one", "result"), ("derived", "other", "result")}
    for link in links.values():
        assert link["a_id"] == "result" and kind in link["explanation"] and expression in link["explanation"]


def test_a_result_that_was_not_printed_is_not_claimed() -> None:
    room = Newsroom()
    room.article("ledger", "Of 40,700 claims 12,210 were refused, or 35 per cent, the registry said.")
    room.figure("result", "ledger", "35 per cent", 35, unit="percent", kind="share", measure="refused_share")
    room.figure("one", "ledger", "12,210", 12210, measure="refused_claims")
    room.figure("other", "ledger", "40,700", 40700)
    assert not room.links("derived")
