"""The scorers, on invented articles small enough to count by hand."""

from __future__ import annotations

import gzip
import json

import pytest
import spacy
from attributed import document
from spacy.language import Language
from spacy.tokens import Doc

from extract.evaluate import articles, attribution

TEXT = "Odile Roy said the port is full. “We wait,” she said. Ilse Brandt asked for help."


def claim(start: int, end: int, names: list[str], **changed):
    """A found claim as `onrecord extract --json` prints it."""
    found = {
        "kind": "indirect",
        "content": {"start": start, "end": end, "text": TEXT[start:end]},
        "parts": [[start, end]],
        "cue": {"start": 10, "end": 14, "text": "said", "lemma": "say"},
        "speaker": {"mention": None, "names": names, "class": "person", "role": None, "basis": "named"},
        "said_on": None,
        "negated": False,
        "modality": "asserted",
        "nested_in": None,
        "confidence": 0.9,
    }
    return found | changed


def gold(start: int, end: int, names: tuple[str, ...], **changed) -> articles.GoldClaim:
    fields = {
        "id": f"g{start}",
        "kind": "indirect",
        "parts": ((start, end),),
        "cue": (10, 14),
        "names": names,
        "class_": "person",
        "roles": (),
        "said_on": None,
        "negated": False,
        "modality": "asserted",
        "nested": False,
        "weak": False,
    }
    return articles.GoldClaim(**(fields | changed))


def article(*claims: articles.GoldClaim, aliases: dict[str, str] | None = None) -> articles.GoldArticle:
    return articles.GoldArticle("a", "2024-09-25", TEXT, aliases or {}, claims)


def test_claims_pair_by_overlap_of_one_half_and_no_less():
    one = article(gold(0, 20, ("Odile Roy",)))
    assert articles.score([one], [[claim(0, 10, ["Odile Roy"])]])["claims"]["f"] == 1.0
    assert articles.score([one], [[claim(0, 9, ["Odile Roy"])]])["claims"]["f"] == 0.0


def test_each_claim_pairs_once():
    result = articles.score([article(gold(0, 20, ("Odile Roy",)))], [[claim(0, 20, ["Odile Roy"])] * 2])
    assert (result["claims"]["p"], result["claims"]["r"]) == (0.5, 1.0)


def test_weak_gold_is_neither_rewarded_nor_punished():
    weak = article(gold(0, 20, ("Odile Roy",)), gold(40, 60, ("Ilse Brandt",), weak=True))
    both = [claim(0, 20, ["Odile Roy"]), claim(40, 60, ["Nobody"])]
    assert articles.score([weak], [both])["claims"] == {"p": 1.0, "r": 1.0, "f": 1.0}
    assert articles.score([weak], [both[:1]])["claims"] == {"p": 1.0, "r": 1.0, "f": 1.0}


NAMES = [
    (("Odile Roy",), ["odile roy"], "person", True, "case"),
    (("François Roy",), ["Francois Roy"], "person", True, "accents"),
    (("Odile Roy", "Ilse Brandt"), ["Ilse Brandt", "Odile Roy"], "group", True, "order does not count"),
    (("Odile Roy", "Ilse Brandt"), ["Odile Roy"], "person", False, "one of two is missing"),
    (("Odile Roy",), [], "person", False, "no name"),
    (("Town of Brill",), ["Brill"], "organisation", True, "an alias of the gold"),
    (("anonymous port official",), ["a port official"], "anonymous", True, "a label is judged by its class"),
    (("dock workers (unnamed)",), ["Odile Roy"], "person", False, "a named person is no group"),
]


@pytest.mark.parametrize(("wanted", "names", "class_", "right", "why"), NAMES, ids=[row[4] for row in NAMES])
def test_names(wanted, names, class_, right, why):
    speaker = {"names": names, "class": class_}
    assert articles.names_right(gold(0, 5, wanted), speaker, {"Brill": "Town of Brill"}) is right, why


def test_fields_are_judged_on_the_pairs_that_the_gold_annotates():
    one = article(gold(0, 20, ("Odile Roy",), roles=("the mayor",), said_on="2024-09-24", modality="demanded"))
    said = {"start": "2024-09-24", "end": "2024-09-24", "basis": "said Tuesday"}
    speaker = claim(0, 20, ["Odile Roy"])["speaker"] | {"role": "Mayor"}
    result = articles.score([one], [[claim(0, 20, ["Odile Roy"], said_on=said, speaker=speaker)]])
    assert result["role"] == {"right": 1.0, "of": 1}
    assert (result["said_on"]["right"], result["modality"]["right"]) == (1.0, 0.0)


def test_confidence_is_set_against_what_was_right():
    one = article(gold(0, 20, ("Odile Roy",)), gold(40, 60, ("Ilse Brandt",), weak=True))
    right, wrong = claim(0, 20, ["Odile Roy"], confidence=0.95), claim(62, 70, ["Odile Roy"], confidence=0.35)
    topic = claim(40, 60, ["Ilse Brandt"], confidence=0.5)
    assert articles.confidences(one, [right, wrong, topic]) == [(0.95, True), (0.35, False)]
    judged = articles.score([one], [[right, wrong, topic]])["calibration"]
    assert judged["error"] == pytest.approx((0.05 + 0.35) / 2)
    assert judged["brier"] == pytest.approx((0.05**2 + 0.35**2) / 2)
    assert [row["claims"] for row in judged["bins"]] == [1, 1]


def test_a_corpus_of_articles_is_judged_by_whole_claims(tmp_path):
    row = {"id": "a", "published": None, "text": TEXT, "aliases": {}, "claims": []}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row), encoding="utf-8")
    nlp = spacy.blank("en")
    for name in ("claims", "figures", "dates", "published"):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)

    @Language.component("find_nothing")
    def find_nothing(doc: Doc) -> Doc:
        doc._.claims, doc._.figures, doc._.dates = [], [], []
        return doc

    nlp.add_pipe("find_nothing")
    result = attribution.evaluate(nlp, tmp_path)
    assert result["claims"] == {"p": 0.0, "r": 0.0, "f": 0.0}
    assert "claims_and_names" in attribution.table(result)


def test_contents_are_judged_by_kind():
    text = "“We wait,” said Roy. Brandt said it rained."
    quoted = attribution.Triple((), (), ((1, 8),))
    reported = attribution.Triple((), (), ((33, 42),))
    kinds = attribution.summary(attribution.count(text, [quoted, reported], [reported]))["kinds"]
    assert kinds["direct"]["exact"] == {"p": 0.0, "r": 0.0, "f": 0.0}
    assert kinds["indirect"]["exact"] == kinds["indirect"]["words"] == {"p": 1.0, "r": 1.0, "f": 1.0}


def test_a_missing_corpus_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=str(tmp_path)):
        articles.load_gold(tmp_path)
    with pytest.raises(FileNotFoundError, match="polnear"):
        attribution.load_rows(tmp_path / "polnear.jsonl.gz")


def test_both_gold_corpora_load(shared):
    real = articles.load_gold(shared / "articles")
    ours = articles.load_gold(shared / "data" / "crosscheck")
    for one in (*real, *ours):
        for found in one.claims:
            assert all(0 <= s < e <= len(one.text) for s, e in found.parts)
    assert sum(len(a.claims) for a in ours) == 142


def test_attribution_counts_what_the_experiment_counted():
    text = "Roy said “we wait” and Brandt agreed."
    same = attribution.Triple(((0, 3),), ((4, 8),), ((10, 17),))
    counts = attribution.count(text, [same], [same])
    result = attribution.summary(counts)
    assert result["content"]["exact"]["f"] == result["linked"]["f"] == 1.0
    assert result["kinds"]["direct"]["exact"] == {"p": 1.0, "r": 1.0, "f": 1.0}
    wrong = attribution.Triple(((23, 29),), ((4, 8),), ((10, 17),))
    assert attribution.summary(attribution.count(text, [same], [wrong]))["linked"]["f"] == 0.0


def test_spans_are_trimmed_of_marks_and_punctuation():
    text = "“We wait,” she said."
    assert attribution.trim(text, 0, 10) == (1, 8)


def test_predictions_are_scored_against_a_polnear_file(tmp_path):
    row = {
        "text": "Roy said that rain came.",
        "annotations": [{"attributions": [{"source": [[0, 3]], "cue": [[4, 8]], "content": [[9, 23]]}]}],
    }
    path = tmp_path / "corpus.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.write(json.dumps(row))
    nlp = spacy.blank("en")
    predicted = document("{s:Roy} {c:said} {t:that rain came}.")._.attributions

    @Language.component("predict_by_hand")
    def predict(doc: Doc) -> Doc:
        doc._.attributions = predicted
        return doc

    nlp.add_pipe("predict_by_hand", name="onrecord_encoder")
    result = attribution.evaluate(nlp, path)
    assert result["content"]["exact"]["f"] == result["linked"]["f"] == 1.0
    assert "indirect      1.000    1.000    1.000" in attribution.table(result)
