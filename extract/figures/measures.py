"""The normalised key of what a figure measures, so that two sources' figures can meet."""

from __future__ import annotations

import re
from typing import Any

from .lexicon import Lexicon

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def measure_of(
    counted: str | None, clause: str, sentence: str, unit: str | None, kind: str, money: bool, words: Lexicon
) -> str | None:
    """A key of measures.yml, or one made of the stems of the counted phrase; with a suffix for shares and changes."""
    inner, outer, around = _words(counted or ""), _words(clause), _words(sentence)
    first = inner.split(" ", 2)[1]
    suffix = words.measure_suffixes.get(kind, "")
    for measure in words.measures:
        if not _fits_unit(measure["unit"], unit, money):
            continue
        if _fits_head(measure, first, around) or _fits_words(measure, inner, outer):
            return str(measure["key"]) + suffix
    own = _WORD.findall((counted or "").lower())
    stems = [stem(word) for word in own if word not in words.context["small_words"]][:4]
    return "_".join(stems) + suffix if stems else None


def noun_of(phrase: str, words: Lexicon) -> str | None:
    """What the first measure that `phrase` names alone counts ("Immigration target": permanent residents)."""
    inner = _words(phrase)
    for measure in words.measures:
        if measure.get("noun") and any(all(_occurs(s, inner) for s in stems) for stems in measure["words"]):
            return str(measure["noun"])
    return None


def stem(word: str) -> str:
    """A light stem: plural and possessive endings off, so that "claims" and "claim" meet."""
    word = word.lower().removesuffix("'s").removesuffix("’s")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")) and len(word) > 5:
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def _words(text: str) -> str:
    """The words in lower case, each with a space before it, those with hyphens followed by their parts."""
    found = _WORD.findall(text.lower())
    parts = (part for word in found if "-" in word for part in word.split("-"))
    return f" {' '.join((*found, *parts))}"


def _fits_unit(wanted: str, unit: str | None, money: bool) -> bool:
    if wanted == "money":
        return money or unit == "percent"
    if wanted == "duration":
        return unit in ("day", "week", "month", "year", "percent")
    return not money and unit not in ("day", "week", "month", "year")


def _fits_head(measure: dict[str, Any], first: str, around: str) -> bool:
    """Money by the first word of its phrase ("funding for …"), where a word of the file stands near it."""
    near = measure.get("near")
    return first in measure.get("heads", ()) and (not near or any(_occurs(s, around) for s in near))


def _fits_words(measure: dict[str, Any], inner: str, outer: str) -> bool:
    """Whether all stems of one alternative occur in phrase and clause, one of them (strict: all) in the phrase."""
    enough = all if measure.get("strict") else any
    return any(
        all(_occurs(s, inner) or _occurs(s, outer) for s in stems) and enough(_occurs(s, inner) for s in stems)
        for stems in measure["words"]
    )


def _occurs(stem_: str, words: str) -> bool:
    return f" {stem_}" in words
