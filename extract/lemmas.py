"""Lemmas as edit rules: a class for the model to choose, so that no dictionary ships.

A rule is `case|strip|add`: take the form as printed (`p`) or lower-cased (`l`), strip so many letters from its end, add
these. It is the suffix variant of Straka's UDPipe 2 lemmatiser (2018).

>>> lemma_rule("said", "say")
'l|2|y'
>>> apply_lemma_rule("l|2|y", "Said")
'say'
"""

from __future__ import annotations


def lemma_rule(form: str, lemma: str) -> str:
    case = "p" if lemma[:1].isupper() else "l"
    source = form if case == "p" else form.lower()
    shared = 0
    while shared < min(len(source), len(lemma)) and source[shared] == lemma[shared]:
        shared += 1
    return f"{case}|{len(source) - shared}|{lemma[shared:]}"


def apply_lemma_rule(rule: str, form: str) -> str:
    """The lemma; the form itself where the rule strips more than the form has."""
    case, strip, add = rule.split("|", 2)
    source = form if case == "p" else form.lower()
    if int(strip) > len(source):
        return source
    return source[: len(source) - int(strip)] + add
