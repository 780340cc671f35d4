"""Who speaks, by every way of mentioning them. People, offices and places are invented or plain geography."""

from __future__ import annotations

import pytest
from attributed import document, spoken
from spacy.tokens import Doc

from extract.claims import find_claims
from extract.findings import DateMention
from extract.pipeline import find
from extract.speakers import SpeakerResolver

CAST = (
    "Quebec Premier Odile Tremblay-Roy met federal Immigration Minister Anders Whitlock and Public Works Minister "
    "Ilse LeBrandt in Ottawa. Mr. Whitlock had brought a map.\n\n"
)


def last(marked: str, published: str | None = None):
    return spoken(marked, published)[-1].speaker


MENTIONS = [
    # text after CAST, names, class, role, basis, why
    (
        "{s:Tremblay-Roy} {c:said} {t:it rained}.",
        ["Odile Tremblay-Roy"],
        "person",
        "Quebec Premier",
        "named",
        "surname",
    ),
    (
        "{s:Mr. Whitlock} {c:said} {t:it rained}.",
        ["Anders Whitlock"],
        "person",
        "federal Immigration Minister",
        "named",
        "title",
    ),
    (
        "{s:Lebrandt} {c:said} {t:it rained}.",
        ["Ilse LeBrandt"],
        "person",
        "Public Works Minister",
        "named",
        "spelt otherwise",
    ),
    (
        "{s:Minister Whitlock} {c:said} {t:it rained}.",
        ["Anders Whitlock"],
        "person",
        "Minister",
        "named",
        "office and surname",
    ),
    (
        "{s:The premier} {c:said} {t:it rained}.",
        ["Odile Tremblay-Roy"],
        "person",
        "premier",
        "description",
        "one of that office",
    ),
    (
        "{s:the public works minister} {c:said} {t:it rained}.",
        ["Ilse LeBrandt"],
        "person",
        "public works minister",
        "description",
        "the portfolio decides between two ministers",
    ),
    (
        "{s:Whitlock and LeBrandt} {c:said} {t:it rained}.",
        ["Anders Whitlock", "Ilse LeBrandt"],
        "group",
        None,
        "named",
        "joint speakers",
    ),
    (
        "{s:The federal ministers} {c:said} {t:it rained}.",
        ["Anders Whitlock", "Ilse LeBrandt"],
        "group",
        "federal ministers",
        "description",
        "those two who share the office",
    ),
    (
        "{s:Quebec} {c:said} {t:it rained}.",
        ["Government of Quebec"],
        "organisation",
        None,
        "named",
        "a place speaks as its government",
    ),
    ("{s:Ottawa} {c:said} {t:it rained}.", ["Government of Canada"], "organisation", None, "named", "a capital"),
    ("{s:The feds} {c:said} {t:it rained}.", ["Government of Canada"], "organisation", None, "named", "slang"),
    (
        "{s:The federal government} {c:said} {t:it rained}.",
        ["Government of Canada"],
        "organisation",
        None,
        "named",
        "level",
    ),
    (
        "{s:the province} {c:said} {t:it rained}.",
        ["Government of Quebec"],
        "organisation",
        None,
        "named",
        "the one in the article",
    ),
    ("{s:Manitoba} {c:said} {t:it rained}.", ["Government of Manitoba"], "organisation", None, "named", "any province"),
    (
        "{s:The Portuguese government} {c:said} {t:it rained}.",
        ["Portuguese government"],
        "organisation",
        None,
        "named",
        "an adjective not listed",
    ),
    (
        "{s:the Tremblay-Roy government} {c:said} {t:it rained}.",
        ["Government of Quebec"],
        "organisation",
        None,
        "named",
        "by its leader",
    ),
    (
        "{s:the office of Quebec’s premier} {c:said} {t:it rained}.",
        ["Office of the Premier of Quebec"],
        "organisation",
        None,
        "named",
        "an office is not its holder",
    ),
    (
        "{s:A spokesperson for Whitlock} {c:said} {t:it rained}.",
        ["a spokesperson for Whitlock"],
        "anonymous",
        "spokesperson for Whitlock",
        "description",
        "whoever speaks for someone is not that someone",
    ),
    (
        "{s:Ivo Halloran, a spokesman for Whitlock,} {c:said} {t:it rained}.",
        ["Ivo Halloran"],
        "person",
        "spokesman for Whitlock",
        "named",
        "a named spokesman",
    ),
    (
        "{s:A senior official who asked not to be named} {c:said} {t:it rained}.",
        ["a senior official"],
        "anonymous",
        "senior official",
        "description",
        "an anonymous source",
    ),
    ("{s:One of them} {c:said} {t:it rained}.", ["one of them"], "anonymous", None, "description", "one of several"),
    ("{s:Growers’ groups} {c:said} {t:it rained}.", ["growers’ groups"], "group", None, "description", "a crowd"),
    (
        "{s:The Harbour Commission} {c:said} {t:it rained}.",
        ["Harbour Commission"],
        "organisation",
        None,
        "named",
        "a body",
    ),
    (
        "A Saltmarsh landlord saw it. {s:City hall} {c:said} {t:it rained}.",
        ["City of Saltmarsh"],
        "organisation",
        None,
        "named",
        "the town of its people",
    ),
    ("{s:the auditor} {c:said} {t:it rained}.", [], "person", "auditor", "description", "nobody fits: no name"),
    ("{s:The letter} {c:said} {t:it rained}.", [], "document", None, "document", "nobody is said to have written it"),
]


@pytest.mark.parametrize(
    ("marked", "names", "class_", "role", "basis", "why"), MENTIONS, ids=[row[5] for row in MENTIONS]
)
def test_mentions(marked, names, class_, role, basis, why):
    speaker = last(CAST + marked)
    if names is not None:
        assert list(speaker.names) == names, why
    assert speaker.class_ == class_, why
    assert speaker.basis == basis, why
    if role is not None:
        assert speaker.role == role, why


PRONOUNS = [
    (
        "{s:Premier Odile Tremblay-Roy} {c:said} {t:it rained}. {s2:She} {c2:added} {t2:that it would stop}.",
        ["Odile Tremblay-Roy"],
        "the last speaker",
    ),
    (
        "{s:Mr. Anders Whitlock} {c:said} {t:it rained}. Ms. Ilse Brandt sat beside him. "
        "{s2:He} {c2:added} {t2:it would stop}.",
        ["Anders Whitlock"],
        "a woman named in between does not agree",
    ),
    (
        "{t:“Mr. Pieter Dray told me it rained,”} {c:said} {s:Mr. Anders Whitlock}. {t2:“I was there,”} "
        "{s2:he} {c2:said}.",
        ["Anders Whitlock"],
        "a man named inside the quotation has not got the floor",
    ),
    (
        "{s:Anders Whitlock and Ilse Brandt} {c:wrote} {t:that it rained}.\n\n{t2:“It was wet,”} {s2:they} {c2:wrote}.",
        ["Anders Whitlock", "Ilse Brandt"],
        "they: the joint speakers",
    ),
    (
        "{s:The Harbour Commission} {c:said} {t:it rained}. {s2:It} {c2:added} {t2:that boats were late}.",
        ["Harbour Commission"],
        "it: the body",
    ),
    (
        "Premier Odile Roy and Mayor Pieter Dray met Friday. {s:The two leaders} {c:agreed} {t:to build a bridge}.",
        ["Odile Roy", "Pieter Dray"],
        "the two leaders",
    ),
    ("{s:He} {c:said} {t:it rained}.", [], "nobody is there to be meant"),
    (
        "Mayor Pieter Dray spoke for an hour. {s2:Anders Whitlock} {c2:said} {t2:it rained}.\n\nHarbour Minister Ilse "
        "Brandt came late. The mayor took the bag and left. {s:He} {c:wants} {t:more boats}.",
        ["Pieter Dray"],
        "the office that the sentence before begins with",
    ),
    (
        "{s2:Pieter Dray} {c2:said} {t2:it rained}. {t:“We had to act,”} {s:the harbour minister} {c:said}. Quebec’s "
        "Harbour Minister Ilse Brandt disagreed.",
        ["Pieter Dray"],
        "an office goes with who has spoken rather than with who is named only later",
    ),
]


@pytest.mark.parametrize(("marked", "names", "why"), PRONOUNS, ids=[row[2] for row in PRONOUNS])
def test_pronouns_and_pairs(marked, names, why):
    assert list(last(marked).names) == names, why


PAPERS = [
    (
        "The letter, seen by the Gull Press, was from Minister Anders Whitlock and Ilse Brandt and addressed to the "
        "mayor.\n\n{s:The letter} {c:says} {t:the port is full}.",
        ["Anders Whitlock", "Ilse Brandt"],
        "who it was from",
    ),
    (
        "In a letter to the port, {s:Anders Whitlock} {c:said} {t:it was full}. {t2:“No berth is left,”} "
        "{s2:the letter} {c2:reads}.",
        ["Anders Whitlock"],
        "who said something in it",
    ),
    (
        "{s:The letter} {c:says} {t:the port is full}. In the letter, {s2:Ilse Brandt} {c2:said} {t2:ships wait}.",
        ["Ilse Brandt"],
        "who wrote it is told later",
    ),
]


@pytest.mark.parametrize(("marked", "names", "why"), PAPERS, ids=[row[2] for row in PAPERS])
def test_a_document_speaks_for_its_authors(marked, names, why):
    speaker = next(
        c.speaker for c in spoken(marked) if c.speaker.mention and "letter" in c.speaker.mention.text.lower()
    )
    assert (list(speaker.names), speaker.class_, speaker.basis) == (names, "document", "document"), why


def test_a_continued_quotation_keeps_the_speaker():
    claims = spoken("{t:“It was cold,”} {c:said} {s:Ilse Brandt}.\n\n“The boats came in one by one that night.”")
    assert claims[1].speaker.names == ("Ilse Brandt",)
    assert claims[1].speaker.basis == "continued"
    assert claims[1].confidence < claims[0].confidence


@pytest.mark.parametrize(
    ("leader", "body"),
    [("Premier Odile Roy", "Government of Manitoba"), ("Prime Minister Odile Roy", "Government of Canada")],
)
def test_the_government_is_that_of_its_head_who_spoke_last(leader: str, body: str) -> None:
    marked = f"{{s2:{leader}}} {{c2:told}} Ottawa {{t2:that Manitoba was wet}}. {{t:It rained}}, {{c:according to}} "
    assert last(marked + "{s:the government}.").names == (body,)


def test_two_people_of_one_surname_stay_apart():
    marked = "Mayor Pieter Dray met his sister Anna Dray. {s:Ms. Dray} {c:said} {t:it rained}."
    assert last(marked).names == ("Anna Dray",)


def test_an_unresolved_speaker_has_little_confidence():
    marked = "{s:Ilse Brandt} {c:said} {t:it rained}. {s2:The auditor} {c2:said} {t2:it snowed}."
    named, nobody = spoken(marked)
    assert nobody.speaker.names == ()
    assert nobody.confidence < named.confidence / 2


SAID = [
    ("{s:Ilse Brandt} {c:said} Tuesday {t:that it rained}.", "2024-09-24", "after the cue"),
    (
        "{t:“It rained,”} {s:Ilse Brandt} {c:told} reporters in Saltmarsh on Monday.",
        "2024-09-23",
        "with a place between",
    ),
    ("On Monday, {s:Ilse Brandt} {c:said} {t:it rained}.", "2024-09-23", "before the speaker"),
    ("{s:Ilse Brandt} {c:said} {t:it rained on Monday}.", None, "a date of the content is not the claim's"),
    ("{s:Ilse Brandt} {c:says} {t:it rains}.", None, "no date at all"),
    ("In a letter dated Sunday, {s:Ilse Brandt} {c:said} {t:it rained}.", "2024-09-22", "the letter's date"),
    (
        "In a letter dated Sunday, {s:Ilse Brandt} {c:said} {t:it rained}.\n\n{t2:“It pours,”} "
        "{s2:the letter} {c2:says}.",
        "2024-09-22",
        "the letter's date goes with the letter",
    ),
    (
        "{s:Ilse Brandt} {c:said} Monday {t:that it rained}. {t2:“It pours,”} {s2:she} {c2:added}.",
        "2024-09-23",
        "the same speaker goes on",
    ),
    (
        "{s2:Ilse Brandt} {c2:wants} {t2:more boats}.\n\nIn a letter dated Sunday, {s:Ilse Brandt} {c:writes} "
        "{t:that it rained}. It pours, she adds, and more.",
        "2024-09-22",
        "a lead tells what the letter of the next paragraph says",
    ),
    (
        "SALTMARSH, September 24, 2024 – {s:The harbour board} {c:announced} {t:that boats will sail}.\n\n"
        "{t2:“We are ready,”} {c2:said} {s2:Ilse Brandt}.",
        "2024-09-24",
        "a release speaks on the day of its dateline",
    ),
    ("SALTMARSH, September 24, 2024, was wet. {s:Ilse Brandt} {c:said} {t:it rained}.", None, "a day in a sentence"),
]


@pytest.mark.parametrize(("marked", "day", "why"), SAID, ids=[row[2] for row in SAID])
def test_said_on(marked, day, why):
    said = spoken(marked, "2024-09-25")[-1].said_on
    assert (said and said.start, said and said.end) == (day, day), why


def test_a_letters_last_week_is_not_the_articles():
    marked = "In a letter dated September 3, {s:Ilse Brandt} {c:said} {t:the port was “closed last week.”}"
    doc = document(marked, "2024-09-25")
    doc._.claims = find_claims(doc)
    dates: list[DateMention] = SpeakerResolver()(doc)._.dates
    last_week = next(d for d in dates if d.text == "last week")
    assert (last_week.from_, last_week.anchor) == ("2024-08-26", "document")


def _pointing(marked: str, pronoun: str, antecedent: str, chance: float):
    """The last claim of a text whose model leads from one word to another."""
    doc = document(marked)
    Doc.set_extension("antecedents", default={}, force=True)
    at = {t.text: t.i for t in doc}
    doc._.antecedents = {at[pronoun]: (at[antecedent], chance)}
    doc._.claims = find_claims(doc)
    return SpeakerResolver()(doc)._.claims[-1].speaker


def test_the_models_chain_of_mentions_decides_between_two_candidates():
    marked = "Anders Whitlock met Pieter Dray at the port. {s:He} {c:said} {t:it rained}."
    assert _pointing(marked, "He", "Dray", 0.9).names == ("Pieter Dray",)
    assert _pointing(marked, "He", "Whitlock", 0.9).names == ("Anders Whitlock",)
    assert _pointing(marked, "He", "Dray", 0.3).names == last(marked).names, "unsure: as if it had said nothing"


def test_a_pronoun_for_an_office_that_nobody_is_known_to_hold_names_nobody():
    marked = "{s2:Anders Whitlock} {c2:said} {t2:it rained}. The auditor came in. {s:He} {c:said} {t:it was dry}."
    assert last(marked).names == ("Anders Whitlock",)
    assert _pointing(marked, "He", "auditor", 0.9).names == ()


def test_many_claims_take_time_in_proportion(monkeypatch):
    """Counted in names looked at, not in seconds: a pronoun looks back at a bounded number of them."""
    from extract.speakers.people import People

    looked = []
    before = People.before

    def counted(people, position):
        found = before(people, position)
        looked.append(len(found))
        return found

    monkeypatch.setattr(People, "before", counted)
    spoken(
        "{s:Ms. Ilse Brandt} {c:said} {t:it rained}. "
        + "".join(
            f"Ilse Brandt stood there. {{s{n}:She}} {{c{n}:added}} {{t{n}:that it poured}}. " for n in range(2, 120)
        )
    )
    assert len(looked) >= 118 and max(looked) <= 40


def test_a_date_of_another_clause_is_no_day_of_speech(nlp) -> None:
    """With a tree: "a year earlier" belongs to the number, "on Monday" to the verb of speech."""
    import extract

    text = (
        "Mayor Petra Lindholm-Sato says the shelters “are full,” with 3,400 people, up from 2,150 a year earlier.\n\n"
        "Her deputy, Owen Trask, told reporters in Halifax on Monday that beds were being added."
    )
    days = [claim.said_on and claim.said_on.start for claim in extract.find(nlp, text, "2025-11-26").claims]
    assert days == [None, "2025-11-24"]


def test_a_source_of_another_paragraph_gives_way_to_the_cues_own() -> None:
    marked = "{s:Jean Roy}: no.\n\nThe word {c:came} from {s:Marie Dray and Paul Lavoie}: {t:“It rained twice.”}"
    assert last(marked).names == ("Marie Dray", "Paul Lavoie")


def test_undated_words_of_the_people_of_the_news_are_of_its_day(nlp) -> None:
    """Monday is the only day named: Brandt speaks where it is told; Sand, three paragraphs on, was asked some time."""
    text = (
        "Ilse Brandt called the plan “a good start.” Both sides met in Saltmarsh on Monday.\n\n"
        "The harbour was full. Nobody counted.\n\nA teacher, Tove Lind, said she had seen nothing."
    )
    said = {c.speaker.names: c.said_on for c in find(nlp, text, "2024-09-24").claims}
    first = said[("Ilse Brandt",)]
    assert first is not None and (first.start, first.basis) == ("2024-09-23", "Monday (the day of the news)")
    assert said[("Tove Lind",)] is None
