"""The encoder as shipped, on sentences of our own: an ordinary spaCy Doc comes out of it, whatever goes in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spacy import Language
from spacy.tokens import Doc

from extract.encoder import MODEL, Encoder, ModelError

NEWS = (
    "Odile Tremblay-Roy said on Tuesday that 4,200 people had asked for shelter.\n\n"
    "“We are full,” the mayor added. “We cannot go on.”\n\n"
    "According to the housing office, the count doubled since March."
)
ODD = [
    "",
    " ",
    "\n\n",
    "x",
    "\n\nBegins with a break.",
    "Ends with one.\n\n",
    "“",
    "”””",
    "a\u00a0b\tc",
    "🙂 😀",
    "…",
    "x" * 3000,
]


def doc_of(nlp: Language, text: str) -> Doc:
    return nlp(nlp.make_doc(text))


@pytest.mark.parametrize("text", [NEWS, *ODD, NEWS * 30], ids=lambda t: repr(t[:12]))
def test_annotation_is_whole(nlp: Language, text: str) -> None:
    doc = doc_of(nlp, text)
    assert doc.text == text
    for token in doc:
        assert token.head.sent == token.sent
        assert token.dep_ and token.tag_ and token.lemma_
    assert all(sum(t.head == t for t in s) == 1 for s in doc.sents)
    for a in doc._.attributions:
        for start, end in (*a.contents, *a.sources, *([a.cue] if a.cue else [])):
            assert 0 <= start < end <= len(doc)
        assert a.contents and 0 <= a.score <= 1


def test_a_paragraph_ends_its_sentence(nlp: Language) -> None:
    doc = doc_of(nlp, "Talks go on in Fort Rideau\n\nThe minister left early")
    assert len(list(doc.sents)) == 2


def test_tags_trees_names_and_attributions(nlp: Language) -> None:
    doc = doc_of(nlp, NEWS)
    said = next(t for t in doc if t.text == "said")
    assert (said.tag_, said.lemma_, said.dep_) == ("VBD", "say", "ROOT")
    assert next(t for t in doc if t.text == "people").dep_.startswith("nsubj")
    assert ("Odile Tremblay-Roy", "PERSON") in [(e.text, e.label_) for e in doc.ents]
    found = {doc[a.cue[0] : a.cue[1]].text: a for a in doc._.attributions if a.cue}
    assert {"said", "added"} <= set(found)
    assert [doc[s:e].text for s, e in found["said"].sources] == ["Odile Tremblay-Roy"]
    assert "4,200 people had asked for shelter" in doc[found["said"].contents[0][0] : found["said"].contents[0][1]].text


def test_a_folder_without_the_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"encoder\.onnx.*missing"):
        Encoder(tmp_path)


def test_a_model_of_another_version_says_what_it_lacks(tmp_path: Path) -> None:
    for file in MODEL.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    labels = json.loads((tmp_path / "labels.json").read_text(encoding="utf8"))
    del labels["attribution_steps"]
    (tmp_path / "labels.json").write_text(json.dumps(labels), encoding="utf8")
    with pytest.raises(ModelError, match="attribution_steps missing"):
        Encoder(tmp_path)


def test_what_ships_is_small_and_says_what_it_is() -> None:
    meta = json.loads((MODEL / "meta.json").read_text(encoding="utf8"))
    assert sum(p.stat().st_size for p in MODEL.iterdir()) <= 40_000_000
    assert meta["version"] and meta["data"] and meta["scores"]
    assert all({"name", "licence"} <= set(d) for d in meta["data"])
