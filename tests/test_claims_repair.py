"""What layout, punctuation and trees put right in predicted attributions. Sentences are tagged by hand."""

from __future__ import annotations

import pytest
from attributed import document, tokenizer
from spacy.tokens import Doc

from extract.attribution import Attribution
from extract.claims import find_claims
from extract.claims.sentences import Sentences

POS = {"N": "NOUN", "V": "VERB", "D": "DET", "P": "PRON", "I": "ADP", "R": "ADV", "J": "ADJ", "M": "AUX", "C": "CCONJ"}


def tagged(sentence: str, heads: list[int] | None = None, deps: list[str] | None = None) -> Doc:
    """A Doc of "word/TAG" pairs; no tree unless heads and dependencies are given."""
    document("x")  # declares the attributes
    pairs = [word.rsplit("/", 1) for word in sentence.split()]
    words = [word for word, _ in pairs]
    tags = [tag for _, tag in pairs]
    spaces = [n + 1 < len(words) and words[n + 1] not in {".", ",", "’s"} for n in range(len(words))]
    pos = [POS.get(tag[0], "PUNCT") if tag[0].isalpha() else "PUNCT" for tag in tags]
    doc = Doc(tokenizer().vocab, words=words, spaces=spaces, tags=tags, pos=pos, heads=heads, deps=deps)
    doc._.attributions = []
    return doc


POSTPOSED = [
    (
        "Boats/NNS wait/VBP outside/RB ,/, the/DT harbour/NN board/NN estimates/VBZ ./.",
        ["Boats wait outside"],
        "the harbour board",
        "the speaker and the verb after a comma",
    ),
    (
        "Boats/NNS wait/VBP outside/RB ,/, said/VBD Ilse/NNP Brandt/NNP ./.",
        ["Boats wait outside"],
        "Ilse Brandt",
        "the verb before its subject",
    ),
    (
        "Boats/NNS wait/VBP outside/RB ,/, according/VBG to/IN the/DT harbour/NN board/NN ./.",
        ["Boats wait outside"],
        "the harbour board",
        "according to",
    ),
    (
        "According/VBG to/IN Ilse/NNP Brandt/NNP ,/, who/WP keeps/VBZ count/NN ,/, boats/NNS wait/VBP outside/RB ./.",
        ["boats wait outside"],
        "Ilse Brandt, who keeps count",
        "according to, with a relative clause between",
    ),
    (
        "Boats/NNS wait/VBP ,/, port/NN data/NNS show/VBP ,/, at/IN a/DT cost/NN of/IN $9/CD ./.",
        ["Boats wait", "at a cost of $9"],
        "port data",
        "in the middle of what it reports",
    ),
    (
        "BRILL/NNP —/: Boats/NNS wait/VBP outside/RB ,/, the/DT board/NN says/VBZ ./.",
        ["Boats wait outside"],
        "the board",
        "a dateline is not said",
    ),
]


@pytest.mark.parametrize(("sentence", "parts", "source", "why"), POSTPOSED, ids=[row[3] for row in POSTPOSED])
def test_attributions_set_off_by_commas(sentence, parts, source, why):
    doc = tagged(sentence)
    (claim,) = find_claims(doc)
    assert [doc.text[s:e] for s, e in claim.parts] == parts, why
    assert claim.speaker.mention is not None and claim.speaker.mention.text == source, why


@pytest.mark.parametrize(
    "sentence",
    [
        "Anders/NNP Whitlock/NNP ,/, the/DT mayor/NN ,/, said/VBD boats/NNS wait/VBP ./.",
        "Boats/NNS wait/VBP ,/, and/CC nobody/NN knows/VBZ why/WRB ./.",
        "A/DT pilot/NN ,/, who/WP asked/VBD for/IN tea/NN ,/, told/VBD us/PRP the/DT bar/NN is/VBZ shut/JJ ./.",
    ],
)
def test_commas_of_other_kinds_set_nothing_off(sentence):
    assert find_claims(tagged(sentence)) == []


def test_a_second_verb_takes_its_own_clause():
    doc = tagged("Brill/NNP insists/VBZ that/IN boats/NNS wait/VBP and/CC demands/VBZ that/IN they/PRP sail/VBP ./.")
    doc._.attributions = [Attribution((1, 2), ((0, 1),), ((2, 10),), 0.9)]
    first, second = find_claims(doc)
    assert (first.content.text, second.content.text) == ("boats wait", "they sail")
    assert (second.cue and second.cue.text, second.modality) == ("demands", "demanded")
    assert second.speaker.mention is not None and second.speaker.mention.text == "Brill"


def test_a_cited_source_claims_the_same_within_the_claim():
    doc = tagged("The/DT Gull/NNP ,/, citing/VBG a/DT pilot/NN ,/, says/VBZ boats/NNS wait/VBP ./.")
    doc._.attributions = [
        Attribution((7, 8), ((0, 2),), ((8, 10),), 0.9),
        Attribution((3, 4), ((0, 2),), ((4, 6),), 0.8),
    ]
    outer, inner = find_claims(doc)
    assert inner.content == outer.content
    assert inner.nested_in == outer.id
    assert inner.speaker.mention is not None and inner.speaker.mention.text == "a pilot"


def test_the_one_spoken_to_is_not_the_speaker():
    doc = tagged(
        "Roy/NNP warned/VBD Brandt/NNP that/IN boats/NNS wait/VBP ./.",
        heads=[1, 1, 1, 5, 5, 1, 1],
        deps=["nsubj", "ROOT", "obj", "mark", "nsubj", "ccomp", "punct"],
    )
    doc._.attributions = [Attribution((1, 2), ((2, 3),), ((3, 6),), 0.9)]
    (claim,) = find_claims(doc)
    assert claim.speaker.mention is not None and claim.speaker.mention.text == "Roy"


def test_indirect_contents_stay_in_their_cues_sentence_and_paragraph():
    doc = document("{s:Roy} {c:said} {t:boats wait. It rained in Brill}.\n\n{t:Nobody came to the quay}.")
    assert [c.content.text for c in find_claims(doc)] == ["boats wait"]


def test_a_quotation_of_another_speaker_is_given_back():
    doc = document("{s:The crew} {c:wrote} {t:that boats wait}. {t:“They have the names of all,”} Corin said.")
    crew, corin = find_claims(doc)
    assert (crew.content.text, corin.content.text) == ("boats wait", "They have the names of all,")
    assert corin.speaker.mention is not None and corin.speaker.mention.text == "Corin"


SENTENCES = [
    ("Mr. Roy left. She stayed.", ["Mr. Roy left.", "She stayed."], "a title's period"),
    ("It cost $1.5 million. Why?", ["It cost $1.5 million.", "Why?"], "a decimal point"),
    ("“It rained.” He left.", ["“It rained.”", "He left."], "a mark after the period"),
    ("He asked “Why?” twice.", ["He asked “Why?” twice."], "a small letter follows"),
    ("One\n\nTwo.", ["One", "Two."], "a blank line"),
]


@pytest.mark.parametrize(("text", "expected", "why"), SENTENCES, ids=[row[2] for row in SENTENCES])
def test_sentences_by_punctuation(text, expected, why):
    assert [text[s:e] for s, e in Sentences(text).spans] == expected, why
