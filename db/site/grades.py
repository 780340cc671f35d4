"""What kind of agreement or disagreement a link is: the three grades of a difference, and what is none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grade:
    """`key` becomes a CSS class; `name` is what a badge says, `meaning` finishes the sentence."""

    key: str
    name: str
    meaning: str


CONTRADICTS = Grade("contradicts", "Contradicts", "both cannot be right about the same thing")
OFFICES = Grade("contradicts", "Contradicts", "one person, one day, two offices")
OTHER = Grade("other", "Other definition or date", "alike in words; definition, place or period is not the same")
ROUNDING = Grade("rounding", "Rounding", "the values agree within what their wording allows")
AGREES = Grade("agrees", "Agrees", "the same value of the same thing")
SAME_WORDS = Grade("agrees", "Same words", "one utterance, word for word")
OTHER_WORDS = Grade("reworded", "Other words", "one utterance, cut, translated or paraphrased")
DERIVED = Grade("derived", "Arithmetic", "one follows from others")
COPY = Grade("copy", "One origin", "copies of one text, not two confirmations")
REVISED = Grade("revised", "Changed", "the outlet printed something else before")
DIFFERENCES = (CONTRADICTS, OTHER, ROUNDING)
_BY_LABEL = {
    "conflicting_figure": CONTRADICTS,
    "role_conflict": OFFICES,
    "apparent_conflict": OTHER,
    "derived": DERIVED,
    "wire_copy": COPY,
    "revised": REVISED,
}


def grade(label: str, same: bool) -> Grade:
    """The grade of a link; `same` says of a `same_figure` whether both values read alike when normalised, of a
    `same_quote` whether no word differs, and nothing of other labels.

    >>> grade("same_figure", False).name
    'Rounding'
    """
    if label == "same_figure":
        return AGREES if same else ROUNDING
    if label == "same_quote":
        return SAME_WORDS if same else OTHER_WORDS
    return _BY_LABEL[label]
