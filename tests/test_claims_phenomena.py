"""What the issue asks of claims, phenomenon by phenomenon, through the whole pipeline. People and bodies are invented.

The passages are those on which the rules decide or the encoder is sure. Developed on most of them.
"""

from __future__ import annotations

import pytest

import extract

PASSAGES = [
    # text, the contents of its claims in order (parts parted by a bar), why
    (
        (
            "Immigration lawyer Devon Asare met the delegation on Tuesday. “My clients wait three years for a "
            "letter that takes ten minutes to write,” he told reporters. The department had no new figures."
        ),
        ["My clients wait three years for a letter that takes ten minutes to write,"],
        "direct, a pronoun",
    ),
    (
        (
            "A spokesperson for the board told CityBeat that 18 hearings were postponed in February. Lawyers "
            "noted that the interpreters had not been paid."
        ),
        ["18 hearings were postponed in February", "the interpreters had not been paid"],
        "two indirect claims in two sentences",
    ),
    (
        (
            "Settlement workers complain that language classes fill within hours. The province argues it has "
            "doubled the number of seats since 2023."
        ),
        ["language classes fill within hours", "it has doubled the number of seats since 2023"],
        "no “that” after the verb",
    ),
    (
        "Bellerose argued that the ferry was “a luxury we cannot defend” in a year of cuts. Riders disagree.",
        ["the ferry was “a luxury we cannot defend” in a year of cuts"],
        "mixed: a clause with a piece in marks",
    ),
    (
        (
            "In its brief, the Harbour Legal Clinic called the new form “a trap for anyone without a lawyer.” "
            "It has 27 pages."
        ),
        ["the new form “a trap for anyone without a lawyer.”"],
        "mixed: called X “…”",
    ),
    (
        ("“I voted for the cap,” MP Ned Farrow conceded. “I was wrong about the nurses.” He sits on the committee."),
        ["I voted for the cap, | I was wrong about the nurses."],
        "interrupted between sentences",
    ),
    (
        (
            "“When the first bus came,” recalled Sister Odette Maillard, 71, “we had twelve beds. By night we "
            "had twelve beds and ninety guests.” The convent has since added a kitchen."
        ),
        ["When the first bus came, | we had twelve beds. By night we had twelve beds and ninety guests."],
        "interrupted within a sentence, the verb first",
    ),
    (
        (
            "Councillor Bettina Frayne read from a prepared text.\n\n“We were told the hotel would be used for "
            "three months,” she said. “It has been three years.\n\n“Nobody asked the neighbours. Nobody asked "
            "the guests.\n\n“And nobody has told us when it ends.”\n\nThe federal department pays for 212 "
            "rooms."
        ),
        [
            (
                "We were told the hotel would be used for three months, | It has been three years. | Nobody asked "
                "the neighbours. Nobody asked the guests. | And nobody has told us when it ends."
            )
        ],
        "paragraphs that each open and close once",
    ),
    (
        (
            "“There is a myth that nobody checks,” Sparrowhawk said.\n\n“I have been checked at that bridge "
            "200 times.\n\n“I carry the receipts.”"
        ),
        [
            "There is a myth that nobody checks,",
            "I have been checked at that bridge 200 times. | I carry the receipts.",
        ],
        "closed once, then two paragraphs that run on without a cue",
    ),
    (
        (
            "“The kitchen feeds forty,” said cook Abel Tran.\n\n“On Sundays it feeds a hundred.”\n\n“We do not "
            "ask for papers.”"
        ),
        ["The kitchen feeds forty,", "On Sundays it feeds a hundred.", "We do not ask for papers."],
        "two paragraphs go on without a cue",
    ),
    (
        (
            "Farrow said his office had received 600 letters about the ferry.\n\n“Six hundred. We normally get "
            "six.”\n\nThe ferry's last crossing is on Saturday."
        ),
        ["his office had received 600 letters about the ferry", "Six hundred. We normally get six."],
        "a paragraph of quotation after an indirect claim",
    ),
    (
        "The centre, according to its own website, serves 900 meals a day. Volunteers put the number at 400.",
        ["The centre | serves 900 meals a day"],
        "according to, set in the middle",
    ),
    (
        (
            "About 70 per cent of the graduates stayed in the region, according to a survey by the college. "
            "The rest went to Calgary."
        ),
        ["About 70 per cent of the graduates stayed in the region"],
        "according to, at the end",
    ),
    (
        (
            "“Nobody should wait six years to hold their own child.” — Farida Nassar, Refugee Families "
            "Coalition\n\nThe coalition has 300 members."
        ),
        ["Nobody should wait six years to hold their own child."],
        "signed after a dash",
    ),
    (
        (
            "“Our kitchens will close without this permit.”\n— Carla Benning, Chief Executive, Lodging Council "
            "of Canada\n\nThe council speaks for 8,000 hotels."
        ),
        ["Our kitchens will close without this permit."],
        "signed below, after a dash",
    ),
    (
        (
            "What readers told us this week:\n\n“The new points grid forgets the trades.” – Hamid Sorel, "
            "Moncton\n\n“My employer filled out forty pages for one cook.” – Anita Pell, Canmore"
        ),
        ["The new points grid forgets the trades.", "My employer filled out forty pages for one cook."],
        "several signatures after dashes",
    ),
    (
        "Whitehorse put it this way: “You cannot cap a family.” She received a standing ovation.",
        ["You cannot cap a family."],
        "a colon before the marks",
    ),
    (
        (
            'Asked whether the cap would stay, the minister answered: "We will look at it every fall." He then '
            "left for Regina."
        ),
        ["We will look at it every fall."],
        "who was asked asked nothing",
    ),
    (
        (
            "Statement from Mayor Dot Millar on the hostel fire\n\nMayor Dot Millar made the following "
            "statement on Saturday:\n\n“Eleven people lost everything last night. We will find each of them a "
            "room.”"
        ),
        ["Eleven people lost everything last night. We will find each of them a room."],
        "the statement stands below its announcement",
    ),
    (
        (
            "Government invests in newcomer hubs\n\nFREDERICTON, N.B., Jan. 22, 2026 – Labour Minister Rhoda "
            "Fenwick today announced $6 million for newcomer hubs in four towns.\n\n“Small towns are where "
            "newcomers become neighbours,” said Minister Fenwick.\n\n“We could not have kept our doors open "
            "without this help.”\n\nSister Ursula Blanchard, Director, Maison du Fleuve"
        ),
        [
            "$6 million for newcomer hubs in four towns",
            "Small towns are where newcomers become neighbours,",
            "We could not have kept our doors open without this help.",
        ],
        "a name on the line below, no dash",
    ),
    (
        "Ferry cancellation ‘a disgrace’: island mayor\n\nThe island has 900 residents.",
        ["Ferry cancellation ‘a disgrace’"],
        "a headline with the speaker behind the colon",
    ),
    (
        "Rents fell after student cap: report\n\nThe report covers 14 cities.",
        ["Rents fell after student cap"],
        "a document behind the colon",
    ),
    (
        "Haldane: Ottawa will not pay for second shelter\n\nThe city had asked for $4 million.",
        ["Ottawa will not pay for second shelter", "$4 million"],
        "a name before the colon",
    ),
    (
        "How the cap works: a guide for students\n\nThe cap takes effect in May.",
        [],
        "a label is no speaker",
    ),
    (
        ("Her argument that interpreters are underpaid persuaded the arbitrator. The award was made public on Friday."),
        ["interpreters are underpaid"],
        "her argument that …",
    ),
    (
        "Haldane's promise that no family would be split has not been kept. Lawyers counted 41 such cases.",
        ["no family would be split"],
        "the clause ends where the sentence goes on",
    ),
    (
        (
            "The board ignored a warning by two engineers that the heating would fail. The building was "
            "evacuated in January."
        ),
        ["the heating would fail"],
        "a warning by X that …",
    ),
    (
        "The claim that was filed in March is still open. The report that she wrote has 40 pages.",
        [],
        "relative clauses are no claims",
    ),
    (
        ("“The officer looked at me and said ‘come back next year,’ and that was it,” Nadia Ferhat recalled. She did."),
        ["The officer looked at me and said ‘come back next year,’ and that was it,", "come back next year,"],
        "marks within marks are a claim within the claim",
    ),
    (
        "‘The list is closed, and it will stay closed,’ a clerk told the families. They went home.",
        ["The list is closed, and it will stay closed,"],
        "single outer marks",
    ),
    (
        "«Nobody reads the appendix», joked researcher Ove Hallberg. «I put a recipe in it once.»",
        ["Nobody reads the appendix | I put a recipe in it once."],
        "guillemets, resumed",
    ),
    (
        "“The files were in a basement, said archivist Mona Drew. She found them in May.",
        ["The files were in a basement,"],
        "never closed: the reporter goes on at the comma",
    ),
    (
        (
            "Mayor Ines Corbeil said the city was “at the end of its rope. The council votes on "
            "Thursday.\n\n“We will manage,” she added."
        ),
        ["the city was “at the end of its rope", "We will manage,"],
        "never closed within a sentence: its end",
    ),
    (
        "The school needs a second bus,” Adesanya told trustees. They agreed.",
        ["The school needs a second bus"],
        "never opened",
    ),
    (
        ("In the '60s the Poles' Hall held dances; O'Malley's band played till '74. The miners' widows ran the bar."),
        [],
        "apostrophes at both ends of words",
    ),
    (
        "‘The boys’ coats were wet and it wasn’t even noon,’ Morin said. She drove them to St. Anne’s.",
        ["The boys’ coats were wet and it wasn’t even noon,"],
        "apostrophes within single marks",
    ),
    (
        ("The so-called “astronaut families” of the 1990s are grown up now. Many “temporary” permits lasted a decade."),
        [],
        "so-called",
    ),
    (
        (
            "A sign reading “No Vacancy” hung in the window of the hostel for most of the winter. Marchers "
            "carried placards that read “Status Now” through downtown Calgary."
        ),
        [],
        "signs and placards",
    ),
    (
        "The phrase “safe third country” confuses even lawyers. A “visitor” can stay six months.",
        [],
        "a phrase that is spoken of",
    ),
    (
        ("The choir closed with “Four Strong Rivers” and an encore. Its album, “Songs From the Ferry,” is out in May."),
        [],
        "songs and albums",
    ),
    (
        (
            "In an essay called “Who Gets to Stay?” published last fall, Wendell Kuc followed four families. "
            "It was widely read."
        ),
        [],
        "an essay called “…”",
    ),
    (
        "Anna-Lise “Tiny” Bergqvist, nicknamed “Mother Ferry” by the crew, retired last fall.",
        [],
        "nicknames of people",
    ),
    (
        "Officers nicknamed the crossing “the Funnel.” It closed in 2023.",
        [],
        "a nickname of a place",
    ),
    (
        "“The minister says the list is short, but the list is 11,000 names long,” Chow said.",
        ["The minister says the list is short, but the list is 11,000 names long,", "the list is short"],
        "a verb with its clause within a quotation",
    ),
    (
        "Finch said that, according to staff, the lot was sold in secret. A lawyer is looking into it.",
        ["according to staff, the lot was sold in secret", "the lot was sold in secret"],
        "that, according to X, …",
    ),
]


@pytest.mark.parametrize(("text", "contents", "why"), PASSAGES, ids=[row[2] for row in PASSAGES])
def test_phenomena(nlp, text, contents, why):
    claims = extract.find(nlp, text, published="2026-03-05").claims
    assert [" | ".join(text[s:e] for s, e in claim.parts) for claim in claims] == contents, why


CUES = [
    # text, then (cue, negated, modality) of its claims in order, why
    ("Haldane denied that the program had been cut.", [("denied", True, "denied")], "a denial"),
    ("Farrow did not deny that he had met her.", [("did not deny", True, "asserted")], "a denial that was not made"),
    ("No official said how many files were lost.", [("said", True, "asserted")], "the subject negates"),
    ("Feld warned that the cap could push rents higher.", [("warned", False, "possible")], "could"),
    ("Feld said the bank will publish its forecast in May.", [("said", False, "projected")], "will"),
    ("Corbeil said the province must pay for the shelter.", [("said", False, "demanded")], "must"),
    ("Adesanya said every school should have a nurse.", [("said", False, "demanded")], "should"),
    ("Trustees asked why the money had run out.", [("asked", False, "asserted")], "a question demands nothing"),
]


@pytest.mark.parametrize(("text", "expected", "why"), CUES, ids=[row[2] for row in CUES])
def test_negation_and_modality(nlp, text, expected, why):
    claims = extract.find(nlp, text, published="2026-03-05").claims
    assert [(c.cue and c.cue.text, c.negated, c.modality) for c in claims] == expected, why


SPEAKERS = [
    # text, mentions in order, why
    ("“Our streets are full.” — Farida Nassar, Harbour Coalition", ["Farida Nassar, Harbour Coalition"], "a dash"),
    ("Rents fell after student cap: report\n\nIt rained.", ["report"], "a headline"),
    (
        "The board ignored a warning by two engineers that the heating would fail. The building was evacuated in May.",
        ["two engineers"],
        "who warned, not who ignored it",
    ),
    (
        "The critic said the plan had no numbers.\n\n“It is a brochure. You cannot live in one.”",
        ["The critic", "The critic"],
        "carried over from an indirect claim",
    ),
]


@pytest.mark.parametrize(("text", "mentions", "why"), SPEAKERS, ids=[row[2] for row in SPEAKERS])
def test_speakers_by_layout_and_nouns(nlp, text, mentions, why):
    claims = extract.find(nlp, text, published="2026-03-05").claims
    assert [c.speaker.mention and c.speaker.mention.text for c in claims] == mentions, why
