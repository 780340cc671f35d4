"""Where quotation marks open and close, in any style, without ever failing on an odd one.

Marks pair within a paragraph; a quotation left open runs on when the next paragraph opens with a mark again, as
printed speech of several paragraphs does. One pass, linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.claims.cues import forms
from extract.lexicon import words

_MARK = re.compile(r"``|''|[“”„‟\"«»‘’‚']")
_OPENERS = {
    "“": "double",
    "„": "double",
    "‟": "double",
    "``": "double",
    "«": "guillemets",
    "‘": "single",
    "‚": "single",
}
_CLOSERS = {"”": "double", "''": "double", "»": "guillemets", "’": "single"}
_STRAIGHT = {'"': "double", "'": "single"}
_ELISION = re.compile(r"['’‘](?:\d\ds?\b|em\b|til\b|tis\b|twas\b|cause\b|n\b)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…](?=\s|\Z)")
_PARAGRAPH = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation of the outer level: `start` at its opening mark, `end` after its closing one.

    `inner` is the text between the marks. `closed` is false where no mark closes it in its paragraph; then `runs_on`
    says whether the next paragraph opens with a mark again.
    """

    start: int
    end: int
    inner: tuple[int, int]
    closed: bool = True
    runs_on: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    family: str
    opens: bool
    closes: bool


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The lines of `text` that are not blank, as character offsets without the surrounding space."""
    spans = []
    for match in _PARAGRAPH.finditer(text):
        line = match.group()
        if stripped := line.strip():
            start = match.start() + line.index(stripped[0])
            spans.append((start, start + len(stripped)))
    return spans


def find_quotations(text: str) -> list[Quotation]:
    """Every quotation of the outer level in order.

    >>> [(q.inner, q.closed) for q in find_quotations('He said “no” twice, then “perhaps')]
    [((9, 11), True), ((26, 33), False)]
    """
    spans = paragraphs(text)
    found: list[Quotation] = []
    for n, (start, end) in enumerate(spans):
        following = spans[n + 1] if n + 1 < len(spans) else None
        found += _paragraph(text, start, end, following)
    return found


def _paragraph(text: str, start: int, end: int, following: tuple[int, int] | None) -> list[Quotation]:
    marks = _marks(text, start, end)
    last_close = max((n for n, mark in enumerate(marks) if mark.family == "single" and mark.closes), default=-1)
    found: list[Quotation] = []
    opened: _Mark | None = None
    for n, mark in enumerate(marks):
        if opened is None:
            if mark.opens and (mark.family != "single" or n < last_close or mark.start == start):
                opened = mark
        elif mark.family == opened.family and mark.closes and not _possessive(text, marks, n, last_close):
            found.append(Quotation(opened.start, mark.end, (opened.end, mark.start)))
            opened = None
    if opened is not None:
        resumed = _resumed(text, start, opened, end)
        runs_on = resumed is None and following is not None and _opens_with(text, following, opened.family)
        if runs_on or opened.family != "single":
            stop = end if resumed is None else resumed
            found.append(Quotation(opened.start, stop, (opened.end, stop), closed=False, runs_on=runs_on))
    return found


def _resumed(text: str, start: int, opened: _Mark, end: int) -> int | None:
    """Where the reporter goes on although no mark closes: at ", said X", or after the sentence that a mark stands in.

    None where the quotation is one of several paragraphs: it begins with a sentence, and nobody is named in it.
    """
    if cue := _set_off().search(text, opened.end, end):
        return cue.start() + 1
    before = text[start : opened.start].rstrip()
    if not before or before[-1] in ".,:;!?…—–-”\"'»)" or before.endswith(" that"):
        return None
    stop = _SENTENCE.search(text, opened.end, end)
    return stop.end() if stop else end


@cache
def _set_off() -> re.Pattern[str]:
    """ ", said X" or ", X said" with the end of a sentence, a day or a place after it."""
    verbs = "|".join(sorted(form for form, lemma in forms().items() if lemma in words("cues", "postposed")))
    who = r"(?:he|she|they|(?:[a-z]++\s++){0,3}(?:[A-ZÀ-Ý][\w.’'-]*+\s*+){1,4})"
    return re.compile(rf",\s+(?:(?:{verbs})\s+{who}|{who}\s*\b(?:{verbs})\b(?=\s*(?:[.,;:]|on\b|in\b|$)))")


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    marks = [_mark(text, match, start, end) for match in _MARK.finditer(text, start, end)]
    return [mark for mark in marks if mark is not None]


def _mark(text: str, match: re.Match[str], start: int, end: int) -> _Mark | None:
    """What a mark may do where it stands; None for an apostrophe or a sign of inches."""
    sign = match.group()
    before = text[match.start() - 1] if match.start() > start else " "
    after = text[match.end()] if match.end() < end else " "
    if sign in "'’‘" and ((before.isalnum() and after.isalnum()) or _ELISION.match(text, match.start())):
        return None
    free = before.isspace() or before in "([{—–-/“‘«\"'"
    may_open = free and not after.isspace()
    may_close = not before.isspace() and not after.isalnum()
    if sign in _OPENERS:
        stray = sign in "“‘" and may_close and not may_open  # “word“, as some keyboards set it
        return _Mark(match.start(), match.end(), _OPENERS[sign], not stray, stray)
    if sign in _CLOSERS:
        turned = sign in "”’" and may_open and not may_close
        return _Mark(match.start(), match.end(), _CLOSERS[sign], turned, not turned)
    inches = sign == '"' and before.isdigit() and not after.isalnum()
    return _Mark(match.start(), match.end(), _STRAIGHT[sign], may_open and not inches, may_close)


def _possessive(text: str, marks: list[_Mark], n: int, last_close: int) -> bool:
    """Whether a single mark that could close is rather a plural's apostrophe ("the ministers’ plan")."""
    mark = marks[n]
    if mark.family != "single" or n >= last_close:
        return False
    return text[mark.start - 1 : mark.start].casefold() == "s" and text[mark.end : mark.end + 2].strip().islower()


def _opens_with(text: str, paragraph: tuple[int, int], family: str) -> bool:
    match = _MARK.match(text, paragraph[0], paragraph[1])
    if match is None:
        return False
    sign = match.group()
    return (_OPENERS.get(sign) or _STRAIGHT.get(sign)) == family
