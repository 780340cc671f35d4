"""On real input, read from ../shared: the letter in two translations, and the bars on the cross-check corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from crosscheck_database import Newsroom

from db.crosscheck.evaluate import NotACorpus, b_cubed, evaluate, table
from jobs import extractor

FIRST, SECOND = "000_4bf24d208766d4e3.txt", "001_aa1a8cf4958a353b.txt"


@pytest.fixture(scope="module")
def letter(shared: Path) -> dict:
    """The three real articles with their gold claims."""
    room = Newsroom()
    for line in (shared / "articles" / "gold.jsonl").read_text("utf-8").splitlines():
        article = json.loads(line)
        room.article(article["id"], article["text"], article["published"])
        for claim in article["claims"]:
            start, end = claim["content"]
            document = {"basis": "document"} if claim["document"] else {}
            room.claim(
                claim["id"],
                article["id"],
                article["text"][start:end],
                *claim["speakers"],
                said=claim["said_on"],
                **document,
            )
    return room.links("same_quote")


@pytest.mark.parametrize(
    ("first", "second"), [("surprised", "surprised"), ("better chance", "better chance"), ("the data", "the data")]
)
def test_the_letter_is_one_utterance_in_two_translations(letter: dict, first: str, second: str) -> None:
    pairs = [
        r
        for r in letter.values()
        if first in r["a_text"] and second in r["b_text"] and "Marc Miller" in r["explanation"]
    ]
    assert len(pairs) == 1
    assert "both quote a document: one origin" in pairs[0]["explanation"]
    assert FIRST in pairs[0]["a_url"] and SECOND in pairs[0]["b_url"]


def test_six_links_of_the_letter_at_least(letter: dict) -> None:
    assert len([r for r in letter.values() if FIRST in r["a_url"] and SECOND in r["b_url"]]) >= 6


BARS = {
    "same_quote": ("f1", 0.90),
    "same_figure": ("f1", 0.90),
    "conflicting_figure": ("recall", 0.70),
    "derived": ("recall", 0.70),
    "wire_copy": ("f1", 1.0),
    "revised": ("f1", 0.90),
    "role_conflict": ("f1", 0.90),
    "apparent_conflict": ("precision", 0.80),
}


@pytest.fixture(scope="module")
def corpus(shared: Path) -> dict:
    return evaluate(None, shared / "data" / "crosscheck")


@pytest.mark.parametrize("label", BARS)
def test_gold_claims_and_figures_give_the_gold_links(corpus: dict, label: str) -> None:
    score, bar = BARS[label]
    assert corpus["labels"][label][score] >= bar, corpus["labels"][label]


@pytest.mark.parametrize("label", ["conflicting_figure", "derived"])
def test_a_conflict_and_a_sum_are_not_said_lightly(corpus: dict, label: str) -> None:
    assert corpus["labels"][label]["precision"] >= 0.90, corpus["labels"][label]["wrong"]


def test_no_hard_negative_is_linked(corpus: dict) -> None:
    assert corpus["hard_negatives"]["n"] == 107
    assert corpus["hard_negatives"]["pairs"] == []


def test_the_table_says_it_all(corpus: dict) -> None:
    text = table(corpus)
    assert all(label in text for label in BARS)
    assert "0 of 107" in text
    assert json.loads(json.dumps(corpus)) == corpus


def test_another_folder_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotACorpus, match=f"{tmp_path.name}.*quotes.jsonl"):
        evaluate(None, tmp_path)


def test_our_own_extraction_gives_most_of_the_links(nlp, shared: Path) -> None:
    """The bars from the raw text; conflicts are few there, and are not held yet."""
    result = evaluate(extractor(nlp), shared / "data" / "crosscheck")
    assert result["labels"]["same_quote"]["f1"] >= 0.75, result["labels"]["same_quote"]
    assert result["labels"]["same_figure"]["f1"] >= 0.70, result["labels"]["same_figure"]
    assert result["labels"]["wire_copy"]["f1"] == 1.0
    assert result["hard_negatives"]["pairs"] == []


def test_groups_are_judged_by_what_is_in_them() -> None:
    gold = {("a", "b"), ("b", "c"), ("x", "y")}
    assert b_cubed(gold, gold) == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    cut = b_cubed(gold, {("a", "b"), ("x", "y")})
    assert cut["precision"] == 1.0 and cut["recall"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
