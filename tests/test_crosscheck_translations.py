"""One page in another language, or translated back into its own."""

from __future__ import annotations

import pytest
from crosscheck_checker import problems
from crosscheck_database import Newsroom

from db.crosscheck.translations import landmarks, number_pairs, order_kept

ENGLISH = (
    "PORT ALDER — The harbour town took in 1,240 people between January and June, 310 more than in the same months of "
    "2029, its clerk Marta Oyelaran told the council of Port Alder on Tuesday. Of those, 485 came by way of Lindmark "
    "and 212 by way of Castrel, where the border office of the Halden Agency was closed for 23 days.\n\n"
    "The town spent $6.4 million on beds, a third of what Minister Anders Whitlock had promised in Corrin. The Halden "
    "Agency pays 85 dollars a night; the houses on Quay Street ask for 119. Mayor Inga Sorel, who wrote to Whitlock "
    "in April and again in May, says that 74 families still live in the sports hall of Castrel.\n\n"
    "Whitlock answered that Corrin would send 2.5 million before the end of September. The council votes on it in "
    "Lindmark on October 14, when the contract with Halden ends. Until then Marta Oyelaran counts every Friday, and "
    "the next count of Port Alder is due on the 28th."
)
FRENCH = (
    "PORT ALDER — La ville portuaire a accueilli 1 240 personnes de janvier à juin, soit 310 de plus qu’aux mêmes mois "
    "de 2029, a indiqué mardi sa greffière Marta Oyelaran au conseil de Port Alder. Parmi elles, 485 sont passées par "
    "Lindmark et 212 par Castrel, où le bureau frontalier de l’Agence Halden est resté fermé 23 jours.\n\n"
    "La ville a dépensé 6,4 millions de dollars en lits, le tiers de ce que le ministre Anders Whitlock avait promis à "
    "Corrin. L’Agence Halden verse 85 dollars la nuit; les maisons de la rue du Quai en demandent 119. La mairesse "
    "Inga Sorel, qui a écrit à Whitlock en avril puis en mai, dit que 74 familles vivent encore dans la salle de sport "
    "de Castrel.\n\n"
    "Whitlock a répondu que Corrin enverrait 2,5 millions avant la fin de septembre. Le conseil se prononcera à "
    "Lindmark le 14 octobre, à l’échéance du contrat avec Halden. D’ici là, Marta Oyelaran compte chaque vendredi, et "
    "le prochain décompte de Port Alder est attendu le 28."
)
BACK = (
    "PORT ALDER — From January through June, 1,240 persons were welcomed by the port city: 310 above the total for "
    "that part of 2029, according to what Marta Oyelaran, the registrar, indicated to councillors of Port Alder this "
    "Tuesday. Some 485 passed through Lindmark while 212 passed through Castrel; there the frontier bureau run by the "
    "Halden Agency stayed shut during 23 days.\n\n"
    "Beds have cost the city $6.4 million, or one third of the sum that minister Anders Whitlock promised at Corrin. "
    "For each night Halden disburses 85 dollars, and homes along Quay Street demand 119. The mayoress, Inga Sorel, "
    "having written Whitlock during April, then during May, affirms that the gymnasium of Castrel is still home to 74 "
    "families.\n\n"
    "In reply Whitlock said Corrin is going to send 2.5 million by late September. A vote by councillors will be held "
    "at Lindmark, October 14, upon expiry of the Halden contract. Meanwhile Marta Oyelaran keeps counting on Fridays; "
    "for Port Alder another tally is expected the 28th."
)
OWN = (
    "Families sleep in a sports hall, and the money is late. That is what a letter by Inga Sorel says, which the mayor "
    "read to reporters in Castrel: 74 families wait there, while Corrin holds back most of the $6.4 million. Anders "
    "Whitlock did not pick up the phone.\n\n"
    "At 119 dollars a night on Quay Street and 85 from the Halden Agency, somebody loses, said a landlord in Lindmark "
    "who has 212 beds. His bureau was shut for 23 days. The clerk, Marta Oyelaran, puts the newcomers at 1,240, of "
    "whom 485 came to Lindmark, and 310 of them in June alone.\n\n"
    "By October 14, the day of the vote in Port Alder, the 2.5 million from Whitlock may be there, or not. Sorel has "
    "heard such words since 2029, and on the 28th another count is due for Halden and for Corrin."
)


def linked(one: str, other: str, lang: str = "en") -> str | None:
    """The explanation of the link between two articles."""
    room = Newsroom()
    room.article("ledger", one)
    room.article("post", other, lang=lang)
    return next((row["explanation"] for row in room.links("wire_copy").values()), None)


@pytest.mark.parametrize(("other", "lang"), [(FRENCH, "fr"), (BACK, "en")], ids=["translated", "translated back"])
def test_a_page_that_was_translated_is_one_origin(other: str, lang: str) -> None:
    explanation = linked(ENGLISH, other, lang)
    assert explanation is not None
    assert "in the same order" in explanation
    assert "one origin" in explanation


def test_two_translations_of_one_page() -> None:
    assert linked(BACK, FRENCH, "fr")


def test_a_report_of_its_own_with_the_same_names_and_numbers() -> None:
    assert linked(ENGLISH, OWN) is None
    assert linked(OWN, FRENCH, "fr") is None


def test_the_same_words_are_told_as_such() -> None:
    assert "five-word runs" in (linked(ENGLISH, ENGLISH + " Nobody asked.") or "")


def test_numbers_and_names_in_two_languages() -> None:
    english = landmarks("It cost $6.4 million. In Québec 1,240 people came; Marta Oyelaran’s count was 1,239.", "en")
    french = landmarks("Cela a coûté 6,4 millions. Au Québec, 1 240 personnes. Marta Oyelaran en a compté 1 239.", "fr")
    assert english == ("6.4", "quebec", "1240", "marta", "oyelaran", "1239")
    assert french == ("6.4", "quebec", "1240", "oyelaran", "1239"), "a name that begins a sentence says nothing"
    assert number_pairs(english) == {("6.4", "1240"), ("1240", "1239")} == number_pairs(french)


def test_the_explanation_can_be_made_again_and_a_forged_one_is_found_out() -> None:
    room = Newsroom()
    room.article("ledger", ENGLISH)
    room.article("post", FRENCH, lang="fr", origin="North Wire")
    said = "Whitlock answered that Corrin would send 2.5 million"
    room.claim("c", "ledger", said, "Anders Whitlock", quoted=f"[[{(at := ENGLISH.index(said))}, {at + len(said)}]]")
    assert "post credits North Wire" in room.links("wire_copy")["wire_copy", "ledger", "post"]["explanation"]
    assert list(problems(room.db)) == []
    room.db.execute("UPDATE link SET explanation = replace(explanation, ' of ', '1 of ')")
    assert list(problems(room.db))


def test_too_little_to_tell_by_its_order() -> None:
    marks = landmarks("On the day Marta Oyelaran of Port Alder counted 40 and 50 in Castrel.", "en")
    assert order_kept(marks, marks) == (0, 0)
