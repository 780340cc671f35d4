"""What a figure counts, where, when and how it is meant: on parses written by hand. Every sentence is ours."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc
from spacy.vocab import create_vocab

from extract.figures import FigureFinder
from extract.figures.measures import measure_of
from extract.findings import Claim, Cue, DateMention, Figure, Span, Speaker

FINDER = FigureFinder()
VOCAB = create_vocab("en", English.Defaults)
Token = tuple[str, str, str, int, str]  # word, tag, pos, head, dep


def parsed(*tokens: Token, published: str | None = None) -> Doc:
    for name in ("dates", "claims", "published", "figures"):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
    words = [t[0] for t in tokens]
    doc = Doc(
        VOCAB,
        words=words,
        spaces=[
            n + 1 < len(words) and words[n + 1] not in (".", ",", "%", "'s", "-") and words[n] not in ("$", "-")
            for n in range(len(words))
        ],
        tags=[t[1] for t in tokens],
        pos=[t[2] for t in tokens],
        heads=[t[3] for t in tokens],
        deps=[t[4] for t in tokens],
        sent_starts=[n == 0 or words[n - 1] == "." for n in range(len(words))],
    )
    doc._.published = datetime.date.fromisoformat(published) if published else None
    doc._.dates, doc._.claims = [], []
    return doc


def plain(text: str) -> Doc:
    """A tokenised document, without tags or parse."""
    for name in ("dates", "claims", "published", "figures"):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
    doc = English().make_doc(text)
    doc._.dates, doc._.claims, doc._.published = [], [], None
    return doc


def figures(doc: Doc) -> list[Figure]:
    return FINDER.find(doc)


TOOK_IN: tuple[Token, ...] = (
    ("Manitoba", "NNP", "PROPN", 1, "nsubj"),
    ("took", "VBD", "VERB", 1, "ROOT"),
    ("in", "RP", "ADP", 1, "compound:prt"),
    ("380", "CD", "NUM", 5, "nummod"),
    ("asylum", "NN", "NOUN", 5, "compound"),
    ("seekers", "NNS", "NOUN", 1, "obj"),
)


HOSTS: tuple[Token, ...] = (
    ("Manitoba", "NNP", "PROPN", 1, "nsubj"),
    ("hosts", "VBZ", "VERB", 1, "ROOT"),
    ("4,100", "CD", "NUM", 1, "obj"),
    ("of", "IN", "ADP", 7, "case"),
    ("the", "DT", "DET", 7, "det"),
    ("9,800", "CD", "NUM", 7, "nummod"),
    ("asylum", "NN", "NOUN", 7, "compound"),
    ("seekers", "NNS", "NOUN", 2, "nmod"),
    (".", ".", "PUNCT", 1, "punct"),
)
HOSTS_OF_THE_COUNTRY: tuple[Token, ...] = (
    *HOSTS[:4],
    ("the", "DT", "DET", 5, "det"),
    ("country", "NN", "NOUN", 9, "nmod:poss"),
    ("'s", "POS", "PART", 5, "case"),
    ("9,800", "CD", "NUM", 9, "nummod"),
    ("asylum", "NN", "NOUN", 9, "compound"),
    ("seekers", "NNS", "NOUN", 2, "nmod"),
    (".", ".", "PUNCT", 1, "punct"),
)


@pytest.mark.parametrize("tokens", [HOSTS, HOSTS_OF_THE_COUNTRY], ids=["of the 9,800", "of the country's 9,800"])
def test_a_part_counts_what_its_whole_counts(tokens: tuple[Token, ...]) -> None:
    part, whole = figures(parsed(*tokens))
    assert (part.counted, part.unit, part.measure) == ("asylum seekers", "person", whole.measure)
    assert whole.counted == "asylum seekers"


def test_the_noun_behind_the_number() -> None:
    (figure,) = figures(parsed(*TOOK_IN, (".", ".", "PUNCT", 1, "punct")))
    assert (figure.counted, figure.unit, figure.measure) == ("asylum seekers", "person", "asylum_claims")
    assert figure.place == "Manitoba"


def test_a_noun_left_out_is_taken_from_the_figure_before() -> None:
    doc = parsed(
        *TOOK_IN,
        (",", ",", "PUNCT", 9, "punct"),
        ("whereas", "IN", "SCONJ", 10, "mark"),
        ("65,570", "CD", "NUM", 10, "nsubj:pass"),
        ("were", "VBD", "AUX", 10, "aux:pass"),
        ("received", "VBN", "VERB", 1, "advcl"),
        ("in", "IN", "ADP", 12, "case"),
        ("Alberta", "NNP", "PROPN", 10, "obl"),
        (".", ".", "PUNCT", 1, "punct"),
    )
    first, second = figures(doc)
    assert (second.counted, second.unit, second.place) == ("asylum seekers", "person", "Alberta")
    assert first.place == "Manitoba"


def test_a_share_keeps_its_whole() -> None:
    doc = parsed(
        ("Alberta", "NNP", "PROPN", 1, "nsubj"),
        ("hosts", "VBZ", "VERB", 1, "ROOT"),
        ("160", "CD", "NUM", 1, "obj"),
        ("of", "IN", "ADP", 5, "case"),
        ("the", "DT", "DET", 5, "det"),
        ("289", "CD", "NUM", 2, "nmod"),
        ("in", "IN", "ADP", 8, "case"),
        ("the", "DT", "DET", 8, "det"),
        ("country", "NN", "NOUN", 5, "nmod"),
        (".", ".", "PUNCT", 1, "punct"),
    )
    first, second = figures(doc)
    assert (first.of, first.place) == ("289", "Alberta")
    assert (second.value, second.place) == (289, "Canada")


def test_per_cent_counts_what_stands_behind_of() -> None:
    doc = parsed(
        ("Trawlers", "NNS", "NOUN", 1, "nsubj"),
        ("had", "VBD", "VERB", 1, "ROOT"),
        ("17", "CD", "NUM", 4, "nummod"),
        ("per", "IN", "ADP", 4, "case"),
        ("cent", "NN", "NOUN", 1, "obj"),
        ("of", "IN", "ADP", 7, "case"),
        ("harbour", "NN", "NOUN", 7, "compound"),
        ("permits", "NNS", "NOUN", 4, "nmod"),
        (".", ".", "PUNCT", 1, "punct"),
    )
    (figure,) = figures(doc)
    assert (figure.kind, figure.unit, figure.counted, figure.of) == (
        "share",
        "percent",
        "harbour permits",
        "harbour permits",
    )


def test_money_is_counted_by_its_verb_and_aim() -> None:
    doc = parsed(
        ("Ontario", "NNP", "PROPN", 1, "nsubj"),
        ("spent", "VBD", "VERB", 1, "ROOT"),
        ("$", "$", "SYM", 1, "obj"),
        ("576", "CD", "NUM", 4, "compound"),
        ("million", "CD", "NUM", 2, "nummod"),
        ("on", "IN", "ADP", 7, "case"),
        ("social", "JJ", "ADJ", 7, "amod"),
        ("services", "NNS", "NOUN", 1, "obl"),
        (".", ".", "PUNCT", 1, "punct"),
    )
    (figure,) = figures(doc)
    assert (figure.counted, figure.unit, figure.place) == ("spending on social services", "CAD", "Ontario")
    assert figure.measure == "service_spending"


def reduce_by(*front: Token) -> Doc:
    n = len(front)
    return parsed(
        *front,
        ("the", "DT", "DET", n + 1, "det"),
        ("number", "NN", "NOUN", n - 1, "obj"),
        ("of", "IN", "ADP", n + 4, "case"),
        ("temporary", "JJ", "ADJ", n + 4, "amod"),
        ("workers", "NNS", "NOUN", n + 1, "nmod"),
        ("by", "IN", "ADP", n + 7, "case"),
        ("50", "CD", "NUM", n + 7, "nummod"),
        ("%", "NN", "NOUN", n - 1, "obl"),
        (".", ".", "PUNCT", 1, "punct"),
    )


def test_a_change_counts_the_object_of_its_verb_and_takes_the_modality_above_it() -> None:
    doc = reduce_by(
        ("Yukon", "NNP", "PROPN", 1, "nsubj"),
        ("urges", "VBZ", "VERB", 1, "ROOT"),
        ("Ottawa", "NNP", "PROPN", 1, "obj"),
        ("to", "TO", "PART", 4, "mark"),
        ("reduce", "VB", "VERB", 1, "xcomp"),
    )
    (figure,) = figures(doc)
    assert (figure.kind, figure.direction, figure.counted) == ("change_relative", "decrease", "temporary workers")
    assert (figure.modality, figure.place) == ("demanded", "Yukon")


MODALITIES = [
    ("will", "MD", "projected"),
    ("could", "MD", "possible"),
    ("should", "MD", "demanded"),
    ("did", "VBD", "asserted"),
]


@pytest.mark.parametrize(("auxiliary", "tag", "modality"), MODALITIES)
def test_modality_of_an_auxiliary(auxiliary: str, tag: str, modality: str) -> None:
    doc = reduce_by(
        ("Yukon", "NNP", "PROPN", 2, "nsubj"), (auxiliary, tag, "AUX", 2, "aux"), ("reduce", "VB", "VERB", 2, "ROOT")
    )
    assert figures(doc)[0].modality == modality


def test_period_is_inherited_with_its_basis() -> None:
    doc = parsed(
        *TOOK_IN, ("in", "IN", "ADP", 7, "case"), ("2023", "CD", "NUM", 1, "obl"), (".", ".", "PUNCT", 1, "punct")
    )
    at = doc.text.index("2023")
    doc._.dates = [DateMention(at, at + 4, "2023", "DATE", "2023", "2023-01-01", "2023-12-31")]
    (figure,) = figures(doc)
    assert figure.period is not None
    assert (figure.period.start, figure.period.end, figure.period.basis) == ("2023-01-01", "2023-12-31", "2023")


def test_two_years_joined_are_one_period() -> None:
    doc = parsed(
        *TOOK_IN,
        ("in", "IN", "ADP", 7, "case"),
        ("2022", "CD", "NUM", 1, "obl"),
        ("and", "CC", "CCONJ", 9, "cc"),
        ("2023", "CD", "NUM", 7, "conj"),
        (".", ".", "PUNCT", 1, "punct"),
    )
    doc._.dates = [
        DateMention(at, at + 4, year, "DATE", year, f"{year}-01-01", f"{year}-12-31")
        for year in ("2022", "2023")
        for at in [doc.text.index(year)]
    ]
    (figure,) = figures(doc)
    assert figure.period is not None
    assert (figure.period.start, figure.period.end, figure.period.basis) == (
        "2022-01-01",
        "2023-12-31",
        "2022 and 2023",
    )


def test_a_period_to_come_is_projected() -> None:
    doc = parsed(
        *TOOK_IN,
        ("in", "IN", "ADP", 7, "case"),
        ("2027", "CD", "NUM", 1, "obl"),
        (".", ".", "PUNCT", 1, "punct"),
        published="2024-02-21",
    )
    at = doc.text.index("2027")
    doc._.dates = [DateMention(at, at + 4, "2027", "DATE", "2027", "2027-01-01", "2027-12-31")]
    assert figures(doc)[0].modality == "projected"


def claim(doc: Doc, name: str, start: int, end: int, ident: str) -> Claim:
    speaker = Speaker(None, (name,), "person", None, "named")
    content = Span(start, end, doc.text[start:end])
    cue = Cue(0, 1, doc.text[0], "say")
    return Claim(ident, "indirect", content, ((start, end),), (), cue, speaker, None, False, "asserted", None, 1.0)


def test_a_figure_belongs_to_the_innermost_claim() -> None:
    doc = parsed(*TOOK_IN, (".", ".", "PUNCT", 1, "punct"))
    whole, inner = (0, len(doc.text)), (doc.text.index("380"), len(doc.text))
    doc._.claims = [claim(doc, "Odile Tremblay-Roy", *whole, "c1"), claim(doc, "Anders Whitlock", *inner, "c2")]
    (figure,) = figures(doc)
    assert (figure.claim, figure.speaker) == ("c2", ("Anders Whitlock",))


def test_the_countrys_number_is_the_countrys() -> None:
    part, whole = figures(parsed(*HOSTS_OF_THE_COUNTRY))
    assert (part.place, whole.place) == ("Manitoba", "Canada")


def test_an_unknown_place_of_the_model_counts() -> None:
    doc = parsed(
        ("Port", "NNP", "PROPN", 1, "compound"),
        ("Amarell", "NNP", "PROPN", 2, "nsubj"),
        ("had", "VBD", "VERB", 2, "ROOT"),
        ("40", "CD", "NUM", 4, "nummod"),
        ("nurses", "NNS", "NOUN", 2, "obj"),
        (".", ".", "PUNCT", 2, "punct"),
    )
    doc.set_ents([doc.char_span(0, 12, label="LOC")])
    assert figures(doc)[0].place == "Port Amarell"


def test_without_tags_or_parse_it_still_finds_values_and_nouns() -> None:
    doc = Doc(VOCAB, words=["They", "counted", "4,812", "grey", "seals", "in", "May", "."])
    (figure,) = figures(doc)
    assert (figure.value, figure.counted, figure.id) == (4812, "grey seals", "f1")


def test_an_unlisted_measure_gets_a_key_from_its_stems() -> None:
    doc = Doc(VOCAB, words=["They", "counted", "4,812", "grey", "seals", "."])
    assert figures(doc)[0].measure == "grey_seal"


def test_the_noun_behind_were() -> None:
    doc = parsed(
        ("Some", "DT", "DET", 3, "det"),
        ("190", "CD", "NUM", 3, "nsubj"),
        ("were", "VBD", "AUX", 3, "cop"),
        ("nurses", "NNS", "NOUN", 3, "ROOT"),
        (".", ".", "PUNCT", 3, "punct"),
    )
    (figure,) = figures(doc)
    assert (figure.counted, figure.unit, figure.modifier) == ("nurses", "person", "approx")


MEASURES = [
    ("non-permanent residents", "", "person", False, "level", "temporary_residents", "not permanent ones"),
    ("permanent residents", "", "person", False, "level", "permanent_residents", "the plain phrase"),
    ("study permits", "", "permit", False, "change_relative", "study_permits_change", "a change of it"),
    ("spending on services", "for asylum seekers", "CAD", True, "level", "service_spending", "money by its head"),
    ("spending on roads", "in the north", "CAD", True, "level", "spending_road", "not this file's money"),
    ("grey seals", "", "seal", False, "level", "grey_seal", "the fallback"),
]


@pytest.mark.parametrize(("counted", "around", "unit", "money", "kind", "key", "reason"), MEASURES)
def test_measures(counted: str, around: str, unit: str, money: bool, kind: str, key: str, reason: str) -> None:
    sentence = f"{counted} {around}"
    assert measure_of(counted, sentence, sentence, unit, kind, money, FINDER.words) == key, reason


PLACES = [
    ("380 nurses work across the country.", None, "nobody names the country"),
    ("Manitoba complains. Across the country 380 nurses work.", "Canada", "a place of the country of places.yml"),
    ("The federal government moved 380 nurses.", None, "any federation has a federal government"),
    ("REGINA – The board moved 380 nurses.", None, "a dateline"),
    ("Regina – The board moved 380 nurses.", None, "a dateline in small letters"),
    ("The board in Regina moved 380 nurses.", "Regina", "but a town otherwise"),
    ("She told reporters in Regina. The board moved 380 nurses.", None, "the town of a news conference"),
    ("Talks on Monday in Regina failed. The board moved 380 nurses.", None, "of a meeting, the day between"),
    ("The board moved 380 nurses, she said in Regina.", None, "where she said it"),
    ("She said in Regina 380 nurses moved.", "Regina", "where they moved"),
    ("Saint-Brandon quarrels. The board moved 380 nurses.", None, "half a name is no name"),
    ("The Manitoba-Ontario accord moved 380 nurses.", "Manitoba", "two whole names"),
]


@pytest.mark.parametrize(("text", "place", "reason"), PLACES)
def test_only_a_place_that_the_text_gives_is_the_place(text: str, place: str | None, reason: str) -> None:
    assert figures(plain(text))[0].place == place, reason


def test_one_mention_of_an_unknown_place_is_not_where_all_the_figures_are() -> None:
    doc = plain("Port-Amarell slept. The board moved 380 nurses. It opened 24 wards.")
    doc.set_ents([doc.char_span(0, 12, label="LOC", alignment_mode="expand")])
    assert [f.place for f in figures(doc)] == [None, None]


def test_words_of_the_reporter_within_a_quotation_are_none_of_the_speakers() -> None:
    doc = plain("Alberta sent us 380 nurses, she told guests at a dinner in Manitoba. They stayed.")
    cut, again = doc.text.index(", she"), doc.text.index("They")
    quote = claim(doc, "Odile Tremblay-Roy", 0, len(doc.text), "c1")
    doc._.claims = [replace(quote, kind="direct", parts=((0, cut), (again, len(doc.text))))]
    assert figures(doc)[0].place == "Alberta"


def test_of_which_is_of_the_noun_before() -> None:
    asked = (
        ("380", "CD", "NUM", 1, "nummod"),
        ("nurses", "NNS", "NOUN", 2, "nsubj"),
        ("asked", "VBD", "VERB", 2, "ROOT"),
        ("the", "DT", "DET", 4, "det"),
        ("towns", "NNS", "NOUN", 2, "obj"),
        (",", ",", "PUNCT", 4, "punct"),
        ("12", "CD", "NUM", 9, "nsubj"),
        ("of", "IN", "ADP", 8, "case"),
        ("which", "WDT", "PRON", 6, "nmod"),
        ("agreed", "VBD", "VERB", 4, "acl:relcl"),
        (".", ".", "PUNCT", 2, "punct"),
    )
    assert [f.counted for f in figures(parsed(*asked))] == ["nurses", "towns"]


def test_of_them_is_of_what_rose_or_fell_last() -> None:
    fell = (
        *TOOK_IN,
        (".", ".", "PUNCT", 1, "punct"),
        ("Permits", "NNS", "NOUN", 8, "nsubj"),
        ("fell", "VBD", "VERB", 8, "ROOT"),
        ("50", "CD", "NUM", 10, "nummod"),
        ("per", "IN", "NOUN", 8, "obl"),
        ("cent", "NN", "NOUN", 10, "fixed"),
        (".", ".", "PUNCT", 8, "punct"),
        ("There", "EX", "PRON", 14, "expl"),
        ("are", "VBP", "VERB", 14, "ROOT"),
        ("90", "CD", "NUM", 14, "nsubj"),
        ("of", "IN", "ADP", 17, "case"),
        ("them", "PRP", "PRON", 15, "nmod"),
        (".", ".", "PUNCT", 14, "punct"),
    )
    assert [f.counted for f in figures(parsed(*fell))] == ["asylum seekers", "Permits", "Permits"]
