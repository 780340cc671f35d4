"""Where the sentence points: to the past or the future, by the verb that is nearest to the date."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from spacy.tokens import Doc, Token

from extract.dates.lexicon import Lexicon, any_of
from extract.dates.resolve import Direction

REACH = 300  # characters of a sentence that are looked at on either side
TOKENS = 60
SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z])|\n\s*\n")
ABBREVIATION = re.compile(r"\b(?:[A-Za-z]|[A-Z][a-z]{1,3}|[ap]\.m|U\.S|[A-Z]\.[A-Z])\.\s*$")


class Tense:
    """The tenses of one text; `tagged` is its Doc where that has Penn tags, which tell more than words do."""

    def __init__(self, text: str, tagged: Doc | None, words: Lexicon) -> None:
        self.text = text
        self.doc = tagged if tagged is not None and tagged.has_annotation("TAG") else None
        self.sentences = self.doc is not None and self.doc.has_annotation("SENT_START")
        self.words = words

    def direction(self, start: int, end: int) -> Direction | None:
        """Past or future for the date at characters `start` to `end`; None when nothing in its sentence says."""
        if re.match(r"['’]s\b", self.text[end : end + 3]):
            return None  # "Wednesday's ruling" has its own time, whatever its sentence is about
        words = self.words
        before, after = _sentence(self.text, start, end)
        told = re.search(rf"\b{words.any_of['not_future_with']}\b", before + after)
        if not told and _stands_before("future_before", before, words):
            return "future"
        said = self._by_tags(start, end) if self.doc is not None else _by_cues(before, after, words)
        return said or ("future" if _stands_before("future_before_unless_told", before, words) else None)

    def _by_tags(self, start: int, end: int) -> Direction | None:
        """The nearest verb group before the date in its sentence, else the first one after it."""
        span = self.doc.char_span(start, end, alignment_mode="expand") if self.doc is not None else None
        if span is None:
            return None
        doc, (first, last) = span.doc, self._bounds(span.start, span.end)
        for token in [*reversed(doc[first : span.start]), *doc[span.end : last]]:
            if said := _of_verb(token, first, self.words):
                return None if said == "present" else said
        return None

    def _bounds(self, start: int, end: int) -> tuple[int, int]:
        """The sentence around the tokens, at most 60 tokens on either side."""
        assert self.doc is not None
        first, last = max(0, start - TOKENS), min(len(self.doc), end + TOKENS)
        if self.sentences:
            first = next((i for i in range(start, first, -1) if self.doc[i].is_sent_start), first)
            last = next((i for i in range(end, last) if self.doc[i].is_sent_start), last)
        return first, last


def _stands_before(table: str, before: str, words: Lexicon) -> bool:
    """Whether a word of the table is in front of the date, an hour allowed between: "until 9 a.m. Tuesday"."""
    return bool(re.search(rf"\b{words.any_of[table]}\s+(?:\d[\w:.]*\s+){{0,3}}(?:on\s|mid-|early\s|late\s)?$", before))


def _by_cues(before: str, after: str, words: Lexicon) -> Direction | None:
    """By the word lists: the last cue before the date in its sentence, else the first one after it."""
    cue = _cues(tuple(words["future_cues"]), tuple(words["past_cues"]), tuple(words["past_endings"]))
    found = list(cue.finditer(before))
    match = found[-1] if found else cue.search(after)
    if match is None:
        return None
    return "future" if match["future"] else "past"


@cache
def _cues(future: tuple[str, ...], past: tuple[str, ...], endings: tuple[str, ...]) -> re.Pattern[str]:
    """As written: "May" is a month, "may" is a cue."""
    ended = "|".join(rf"\w{{2,20}}{ending}" for ending in endings)
    return re.compile(rf"(?:(?<!\w)|(?=['’]))(?:(?P<future>{any_of(future)})|(?P<past>{any_of(past)}|{ended}))(?!\w)")


def _sentence(text: str, start: int, end: int) -> tuple[str, str]:
    before, after = text[max(0, start - REACH) : start], text[end : end + REACH]
    ends = [m for m in SENTENCE_END.finditer(before) if not ABBREVIATION.search(before[: m.start() + 1])]
    stop = next((m for m in SENTENCE_END.finditer(after) if not ABBREVIATION.search(after[: m.start() + 1])), None)
    return (before[ends[-1].end() :] if ends else before), (after[: stop.start()] if stop else after)


def _of_verb(token: Token, first: int, words: Lexicon) -> Literal["past", "present", "future"] | None:
    """What one verb says, with its auxiliaries to the left; None where another verb must say it."""
    tag, lower = token.tag_, token.text.lower()
    left = token.doc[max(first, token.i - 5) : token.i]
    tags = [t.tag_ for t in left]
    if tag == "MD":
        return "future" if lower not in words["backward_modals"] else None
    if lower in words["planned_acts"] and tag in ("VBD", "VBN"):
        return "future"
    if tag == "VBD":
        return "past"
    if "MD" in tags[-3:] and left[-3:][tags[-3:].index("MD")].text.lower() in words["backward_modals"]:
        return None
    if "TO" in tags[-2:]:
        return "future" if any(t.text.lower() in words["intentions"] for t in left) else None
    if tag in ("VB", "VBN", "JJ") and "MD" in tags:
        return "future"
    if lower in words["planned_verbs"] and tag in ("VBN", "JJ"):
        return "future"
    if tag == "VBN":
        return "past"
    if tag in ("VBP", "VBZ"):
        ahead = lower in words["present_ahead"] or (lower in words["intentions"] and lower not in words["auxiliaries"])
        return "future" if ahead else "present"
    return None
