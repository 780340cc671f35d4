"""What looks like a date and is none: "May" the verb, 2000 people, Bill 1996, "the fall of Kabul", a 34-year-old."""

from __future__ import annotations

import re
from collections.abc import Callable

from extract.dates.expression import Calendar, Length
from extract.dates.found import Found
from extract.dates.lexicon import Lexicon

WORD_BEFORE = re.compile(r"([\w’'.%$€£#&]+)[\s(\[“\"‘—–-]*$")
WORD_AFTER = re.compile(r"[\s]*([\w%’']+)?")
SENTENCE_START = re.compile(r"(?:^|[.!?:;—–_\n”\"]['’)\"”]*\s*[“\"‘'(]*|``)$")
AGE = re.compile(r"[\s-]olds?\b|[\s-]of[\s-]age\b|['’]?\s(?:of imprisonment)?$(?!)")
NOT_PHONE = re.compile(r"\d[-.\s]?$|\d/$")
FIRST_YEAR = 1000


def is_date(found: Found, text: str, words: Lexicon) -> bool:
    """Whether its surroundings let it be a date. Looks at no more than 40 characters on either side."""
    before, after = text[max(0, found.start - 40) : found.start], text[found.end : found.end + 40]
    test = TESTS.get(found.rule)
    return test is None or test(found, text[found.start : found.end], before, after, words)


def _last_word(before: str) -> str:
    match = WORD_BEFORE.search(before)
    return match[1] if match else ""


def _next_word(after: str) -> str:
    match = WORD_AFTER.match(after)
    return (match and match[1]) or ""


def _year(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    if (
        NOT_PHONE.search(before)
        or before.endswith(("-", "–"))
        and not re.search(r"(?i:mid|post|pre|early|late)[-–]$", before)
    ):
        return False
    last, following = _last_word(before), _next_word(after)
    spelled = re.match(rf"(?:\s[A-Z][\w'’-]+){{0,3}}\s{words.any_of['street_words']}\b", after)
    if (
        re.match(r"[-–/]\d", after)
        or last.rstrip(".") in words["not_year_before"]
        or spelled
        or before.rstrip().endswith(tuple("$€£#"))
    ):
        return False
    if re.match(rf"\s?(?:[-–]\s?)?{words.any_of['not_year_after']}(?!\w)", after):
        return last.lower() in ("in", "since", "until", "during", "by")
    expected = last.lower() in words["before_year"]
    if (
        not expected
        and re.match(r"\s[a-z]+[^s\W]s\b", after)
        and not re.match(r"\s(?:was|is|has|as|this|its|his|does|says)\b", after)
    ):
        return last.lower() in ("a", "an")
    return expected or (int(said) >= 1900 and not following.isdigit()) or bool(re.search(r"[(\[]$", before))


def _month(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    assert isinstance(found.says, Calendar)
    if found.says.shift is not None:
        return True
    last, following = _last_word(before), _next_word(after)
    if last.lower() in words["before_month"] and not re.search(r"[.!?]\s*$", before):
        return True
    if (
        said.rstrip(".") not in words["ambiguous_months"]
        and said.rstrip(".").capitalize() not in words["ambiguous_months"]
    ):
        return True
    opens = bool(SENTENCE_START.search(before))
    if said.capitalize() in ("May", "March"):
        return not opens and not last[:1].isupper() and following[:1].islower() and said == "March"
    return not (last[:1].isupper() and not opens) and not following[:1].isupper()


def _weekday(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    return _next_word(after) not in words["not_after_weekday"]


def _season(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    assert isinstance(found.says, Calendar)
    if found.says.year or found.says.shift is not None:
        return True
    name = said.split()[-1]
    if name[:1].isupper():
        return False
    if (
        re.match(r"\s(?:of|in|from|to|for)\s(?!(?:[12]\d{3}|last|this|next|that|the same)\b)", after)
        and name.lower() == "fall"
    ):
        return False
    return said.lower().startswith("the ") or _last_word(before).lower() in words["season_before"]


def _length(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    if AGE.match(after) or re.search(r"\b(?:aged?|ages)\s$", before):
        return False
    if re.search(r"second$|quarters?$|semesters?$", said.lower()) and not re.match(r"(?:one|\d+)\b", said.lower()):
        return not re.search(r"(?:second|quarters?)$", said.lower())
    if re.search(r"[\s-](?:quarters?)$", said.lower()):
        return False
    if re.match(r"\d+\s[A-Z][a-z]", said):
        return False  # "60 Minutes", the programme
    return not before.endswith(("$", "-", "€", "£"))


def _bare_plural(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    assert isinstance(found.says, Length)
    return said.endswith("-long") or _last_word(before).lower() in words["before_bare_plural"]


def _clock24(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    """A time and not a score: "at 10:57", "16:00 GMT"."""
    return bool(re.search(r"[A-Z]{2,3}$|hrs$|hours$", said)) or _last_word(before).lower() in (
        "at",
        "by",
        "until",
        "from",
        "around",
        "about",
        "before",
        "after",
        "to",
        "and",
        "between",
        "since",
    )


def _bare_cell(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    return after.startswith(("’s", "'s")) or _last_word(before).lower() in (
        "of",
        "for",
        "in",
        "during",
        "over",
        "throughout",
        "earlier",
        "later",
        "within",
        "off",
    )


def _adverb(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    """Not the name of a paper or a company: "The Daily Courier"."""
    return not (said[:1].isupper() and _next_word(after)[:1].isupper())


def _numeric(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    return not re.search(r"\d[-./]$", before) and not re.match(r"[-./]\d", after)


def _clock_word(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    return said[:1].islower() or bool(SENTENCE_START.search(before))


def _beside(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    """ "the day after" by itself, not "the day after the vote"."""
    return not re.match(r"\s\w", after) or bool(re.match(r"\s(?:that|was|were|had|is|and|but)\b", after))


def _away(found: Found, said: str, before: str, after: str, words: Lexicon) -> bool:
    if not _length(found, said, before, after, words):
        return False
    return (
        not said.lower().endswith(("before", "prior"))
        or not re.match(r"\s\w", after)
        or _beside(found, said, before, after, words)
    )


TESTS: dict[str, Callable[[Found, str, str, str, Lexicon], bool]] = {
    "year": _year,
    "month": _month,
    "weekday": _weekday,
    "season": _season,
    "length": _length,
    "away": _away,
    "bare_plural": _bare_plural,
    "clock24": _clock24,
    "bare_cell": _bare_cell,
    "adverb_set": _adverb,
    "numeric": _numeric,
    "clock_word": _clock_word,
    "beside": _beside,
}
