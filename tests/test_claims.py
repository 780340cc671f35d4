"""From predicted attributions to claims: boundaries, kinds, joined parts, cues. Names and places are invented."""

from __future__ import annotations

import pytest
from attributed import claims_of, document
from spacy.tokens import Doc

from extract.claims import find_claims

BOUNDARIES = [
    # marked text, kind, parts, why
    (
        "{s:Odile Tremblay-Roy} {c:said} {t:that the shelters were full}.",
        "indirect",
        ["the shelters were full"],
        "leading that and the final period are the reporter's",
    ),
    (
        "{t:“The shelters are full,”} {c:said} {s:Odile Tremblay-Roy}.",
        "direct",
        ["The shelters are full,"],
        "outer marks go, the closing comma stays",
    ),
    (
        "{t:The shelters are full}, {c:according to} {s:the port authority}.",
        "indirect",
        ["The shelters are full"],
        "no comma at the end",
    ),
    (
        "{s:She} {c:called} {t:the plan “a paper boat.”}",
        "mixed",
        ["the plan “a paper boat.”"],
        "marks inside a mixed content stay, with the period they hold",
    ),
    (
        "{s:The ministry} {c:said} {t:it would “not rest” until the last file is read}.",
        "mixed",
        ["it would “not rest” until the last file is read"],
        "a period outside the marks goes",
    ),
    (
        "{t:“We will wait. We will} not move,” {s:he} {c:said}.",
        "direct",
        ["We will wait. We will not move,"],
        "a prediction that stops within a quotation is stretched to all of it",
    ),
    (
        "{s:He} {c:assured} reporters {t:that “the door is open.”}",
        "mixed",
        ["“the door is open.”"],
        "a quotation built into the reporter's sentence by that is mixed",
    ),
    (
        "‘{t:Good talks},’ {c:says} {s:Whitlock}",
        "direct",
        ["Good talks,"],
        "single marks as outer ones, in a headline",
    ),
    (
        "{s:Le préfet} {c:said}: {t:« Nous restons. »}",
        "direct",
        ["Nous restons."],
        "guillemets, space within them left out",
    ),
    (
        '{t:"They came in May,"} {s:she} {c:said}.',
        "direct",
        ["They came in May,"],
        "straight marks",
    ),
    (
        "{s:The board} {c:said} {t:claims had reached the U.S.}",
        "indirect",
        ["claims had reached the U.S."],
        "the period of an abbreviation stays",
    ),
]


@pytest.mark.parametrize(("marked", "kind", "parts", "why"), BOUNDARIES, ids=[row[3] for row in BOUNDARIES])
def test_boundaries_and_kinds(marked, kind, parts, why):
    (claim,) = claims_of(marked)
    text = document(marked).text
    assert [text[start:end] for start, end in claim.parts] == parts, why
    assert claim.kind == kind, why
    assert claim.content.text == text[claim.content.start : claim.content.end]


JOINED = [
    (
        "{t:“We counted twice,”} {s:Petrov} {c:said}. “The sum was the same.”",
        [["We counted twice,", "The sum was the same."]],
        "a quotation resumed after the reporter's words belongs to the same claim",
    ),
    (
        "{t:“We counted twice,”} {c:said} {s:Petrov}, {t:“and the sum was the same.”}",
        [["We counted twice,", "and the sum was the same."]],
        "interrupted within a sentence",
    ),
    (
        "{t:“We counted twice,”} {s:Petrov} {c:said}. {t2:“The sum was the same,”} {s2:he} {c2:added}.",
        [["We counted twice,"], ["The sum was the same,"]],
        "a second cue makes a second claim",
    ),
    (
        "{s:She} {c:insisted}: {t:“We keep our doors open.}\n\n“We have done so for years.”",
        [["We keep our doors open.", "We have done so for years."]],
        "each paragraph opens with a mark, the last one closes",
    ),
    (
        "{t:“We keep our doors open,”} {c:said} {s:Petrov}.\n\n“Nobody is turned away at night in this town.”",
        [["We keep our doors open,"], ["Nobody is turned away at night in this town."]],
        "a closed quotation and a paragraph of quotation are two claims",
    ),
    (
        "{t:“A first,”} {s:he} {c:said}. {t:“A second.”} {s2:Ouellet} {c2:said} {t2:nothing had changed}.",
        [["A first,", "A second."], ["nothing had changed"]],
        "the next sentence's cue takes no quotation that ended before it",
    ),
]


@pytest.mark.parametrize(("marked", "expected", "why"), JOINED, ids=[row[2] for row in JOINED])
def test_parts_of_one_claim_are_joined(marked, expected, why):
    text = document(marked).text
    assert [[text[s:e] for s, e in claim.parts] for claim in claims_of(marked)] == expected, why


def test_a_quotation_that_goes_on_in_the_next_paragraph_is_continued():
    _, second = claims_of("{t:“It was cold,”} {c:said} {s:Petrov}.\n\n“The boats came in one by one that night.”")
    assert (second.cue, second.speaker.mention, second.speaker.basis) == (None, None, "continued")


def test_a_missed_quotation_is_found_by_the_verb_beside_it():
    (claim,) = claims_of("“Nobody told the harbour master about this,” said Ilse Brandt on Monday.")
    assert claim.content.text == "Nobody told the harbour master about this,"
    assert claim.cue is not None and claim.cue.text == "said"
    assert claim.speaker.mention is not None and claim.speaker.mention.text.startswith("Ilse Brandt")


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “friendship file” was closed in May.",
        "Her first novel, “The Salt Road at Night,” sold well.",
        "The ministers’ plan and the mayors’ plan differ.",
    ],
)
def test_words_in_marks_that_nobody_says_are_no_claims(text):
    assert claims_of(text) == []


def test_a_signed_quotation_of_a_press_release_speaks_for_its_signer():
    marked = (
        "“The bridge opens in spring, and we will have our road again.”\n\nThe Hon. Anders Whitlock, Minister of Roads"
    )
    (claim,) = claims_of(marked)
    assert claim.cue is None
    assert (
        claim.speaker.mention is not None
        and claim.speaker.mention.text == "The Hon. Anders Whitlock, Minister of Roads"
    )


CUES = [
    # marked text, cue, lemma, negated, modality
    ("{s:She} {c:said} {t:the ferry is late}.", "said", "say", False, "asserted"),
    ("{s:She} {c:has said} {t:the ferry is late}.", "said", "say", False, "asserted"),
    ("{s:She} {c:did not say} {t:when the ferry leaves}.", "did not say", "say", True, "asserted"),
    ("{s:She} didn’t {c:say} {t:when the ferry left}.", "didn’t say", "say", True, "asserted"),
    ("{s:She} {c:denied} {t:that the ferry was late}.", "denied", "deny", True, "denied"),
    ("{s:She} {c:rejects} {t:the offer}.", "rejects", "reject", True, "denied"),
    ("{s:She} {c:asked} {t:the port to send help}.", "asked", "ask", False, "demanded"),
    ("{s:She} is {c:calling} {t:for more ferries}.", "calling for", "call", False, "demanded"),
    ("{s:She} {c:expects} {t:40 boats}.", "expects", "expect", False, "projected"),
    ("{s:She} {c:promised} {t:to send a boat}.", "promised", "promise", False, "projected"),
    ("{s:She} {c:said} {t:the ferry will leave at noon}.", "said", "say", False, "projected"),
    ("{s:She} {c:said} {t:ferries are to stop in May}.", "said", "say", False, "projected"),
    ("{s:She} {c:warned} {t:the ferry could sink}.", "warned", "warn", False, "possible"),
    ("{s:She} {c:did not rule out} {t:a strike}.", "did not rule out", "rule", True, "possible"),
    ("{s:She} {c:declined to say} {t:who paid for it}.", "declined to say", "say", True, "asserted"),
    ("{s:She} {c:said} {t:the port has to act}.", "said", "say", False, "demanded"),
]


@pytest.mark.parametrize(("marked", "cue", "lemma", "negated", "modality"), CUES, ids=[row[0] for row in CUES])
def test_cue_negation_and_modality(marked, cue, lemma, negated, modality):
    (claim,) = claims_of(marked)
    assert claim.cue is not None
    assert (claim.cue.text, claim.cue.lemma, claim.negated, claim.modality) == (cue, lemma, negated, modality)


def test_a_cue_of_appearance_reports_nothing():
    assert claims_of("{s:The mayor} {c:seemed} {t:to enjoy the storm}.") == []


def test_a_noun_with_to_the_effect_that_is_a_claim_within_the_claim():
    marked = (
        "{s:The envoys} {c:wrote} {t:they were hurt by remarks made in May by the mayor of Saltmarsh to the effect "
        "that the harbour had been sold}."
    )
    outer, inner = claims_of(marked)
    assert inner.content.text == "the harbour had been sold"
    assert inner.nested_in == outer.id
    assert inner.cue is not None and inner.cue.text == "remarks"
    assert inner.speaker.mention is not None and inner.speaker.mention.text == "the mayor of Saltmarsh"


def test_a_verb_with_its_own_clause_is_a_claim_within_the_claim():
    from extract.attribution import Attribution

    words = ["Ana", "said", "Petrov", "told", "us", "that", "boats", "sank", "."]
    heads = [1, 1, 3, 1, 3, 7, 7, 3, 1]
    deps = ["nsubj", "ROOT", "nsubj", "ccomp", "obj", "mark", "nsubj", "ccomp", "punct"]
    tags = ["NNP", "VBD", "NNP", "VBD", "PRP", "IN", "NNS", "VBD", "."]
    document("x")  # declares the attributes
    import spacy

    doc = Doc(spacy.blank("en").vocab, words=words, heads=heads, deps=deps, tags=tags)
    doc._.attributions = [Attribution((1, 2), ((0, 1),), ((2, 8),), 0.9)]
    outer, inner = find_claims(doc)
    assert (outer.content.text, inner.content.text) == ("Petrov told us that boats sank", "boats sank")
    assert inner.nested_in == outer.id
    assert inner.speaker.mention is not None and inner.speaker.mention.text == "Petrov"


def test_ids_follow_the_text_and_spans_hold():
    marked = "{s2:Ilse} {c2:said} {t2:it rained}. {t:“It did,”} {s:Petrov} {c:said}."
    claims = claims_of(marked)
    assert [c.id for c in claims] == ["c1", "c2"]
    text = document(marked).text
    for claim in claims:
        for span in (claim.content, claim.cue, claim.speaker.mention):
            assert span is not None and text[span.start : span.end] == span.text


def test_a_document_without_attributions_or_words_has_no_claims():
    assert claims_of("") == []
    assert claims_of("Nothing was said.") == []
    assert claims_of("   \n\n  ") == []
