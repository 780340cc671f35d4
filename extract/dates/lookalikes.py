"""What looks like a date and is none: "May" the verb, 2000 people, Bill 1996, "the fall of Kabul", a 34-year-old.

One test a rule, on the words beside the match; the word lists are in `dates_LANG.yml`. Rules without a test are dates
wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extract.dates.expression import Calendar
from extract.dates.found import Found
from extract.dates.lexicon import Lexicon

REACH = 40  # characters beside a match that are looked at
WORD_BEFORE = re.compile(r"([\w’'.%$€£#&]+)[\s(\[“\"‘—–-]*$")
WORD_AFTER = re.compile(r"\s*([\w%’']+)?")
SENTENCE_START = re.compile(r"(?:^|[.!?:;—–_\n”\"]['’)\"”]*\s*[“\"‘'(]*|``)$")
SENTENCE_END_BEFORE = re.compile(r"[.!?]\s*$")
NUMBER_BEFORE = re.compile(r"\d[-.\s]?$|\d/$|[$€£#]\s?$")  # the middle of a phone number, a price
FIGURE_AFTER = re.compile(r"[-–/]\d")
FIRST_NEAR, LAST_NEAR = 1980, 2049  # "2024 levels" are a year's; counts in the thousands have their comma in news
CURRENCY = ("$", "€", "£")


@dataclass(frozen=True)
class Setting:
    """A match among its words."""

    found: Found
    said: str
    before: str
    after: str
    words: Lexicon

    @property
    def last(self) -> str:
        """The word before, as written."""
        match = WORD_BEFORE.search(self.before)
        return match[1] if match else ""

    @property
    def following(self) -> str:
        """The word behind, as written."""
        match = WORD_AFTER.match(self.after)
        return (match and match[1]) or ""

    @property
    def opens_sentence(self) -> bool:
        return bool(SENTENCE_START.search(self.before))

    def after_one_of(self, table: str) -> bool:
        return self.last.lower() in self.words[table] and not SENTENCE_END_BEFORE.search(self.before)

    def precedes(self, table: str) -> bool:
        """Whether a word of the table stands right behind, a hyphen allowed ("2000-people")."""
        return bool(re.match(rf"\s?(?:[-–]\s?)?{self.words.any_of[table]}(?!\w)", self.after))


def is_date(found: Found, text: str, words: Lexicon) -> bool:
    """Whether its surroundings let it be a date."""
    test = TESTS.get(found.rule)
    if test is None:
        return True
    before, after = text[max(0, found.start - REACH) : found.start], text[found.end : found.end + REACH]
    return test(Setting(found, text[found.start : found.end], before, after, words))


def _year(at: Setting) -> bool:
    """A number of four digits: not one in a name, an address, a phone number, a price, nor a count of people."""
    part = re.search(rf"{at.words.any_of['year_prefixes']}[-–]$", at.before.lower())
    if NUMBER_BEFORE.search(at.before) or FIGURE_AFTER.match(at.after) or (at.before.endswith(("-", "–")) and not part):
        return False
    if at.last.rstrip(".") in at.words["not_year_before"] or _in_address(at):
        return False
    if at.precedes("not_year_after"):
        return at.after_one_of("surely_before_year")
    expected = at.after_one_of("before_year") or at.before.endswith(("(", "["))
    near = FIRST_NEAR <= int(at.said) <= LAST_NEAR and int(at.said) != 2000  # "2000 pieces" are a round count
    if not expected and not near and _is_plural(at.following) and at.following not in at.words["singular_in_s"]:
        return at.last.lower() in at.words["indefinite"]
    return bool(expected or part or (int(at.said) >= 1900 and not at.following.isdigit()))


def _in_address(at: Setting) -> bool:
    return bool(re.match(rf"(?:\s[A-Z][\w'’-]+){{0,3}}\s{at.words.any_of['street_words']}\b", at.after))


def _is_plural(word: str) -> bool:
    return bool(re.fullmatch(r"[a-z]{2,}[^s\W]s", word))


def _month(at: Setting) -> bool:
    """ "May", "March" and months that are first names need a date's company."""
    assert isinstance(at.found.says, Calendar)
    name = at.said.rstrip(".").capitalize()
    if at.found.says.shift is not None or name not in at.words["ambiguous_months"]:
        return True
    named = at.following[:1].isupper()
    if at.after_one_of("surely_before_month") or (at.after_one_of("before_month") and not named):
        return True
    if name in at.words["verb_months"]:
        return at.said in at.words["verb_months"][name] and not at.opens_sentence and not at.last[:1].isupper()
    return not named and (at.opens_sentence or not at.last[:1].isupper())


def _weekday(at: Setting) -> bool:
    return at.following not in at.words["not_after_weekday"]


def _season(at: Setting) -> bool:
    assert isinstance(at.found.says, Calendar)
    if at.found.says.year or at.found.says.shift is not None:
        return True
    name = at.said.split()[-1]
    falls = name in at.words["verb_seasons"] and at.precedes("not_after_verb_season")
    if name[:1].isupper() or (falls and not re.match(r"\s\w+\s(?:[12]\d{3}|last|this|next|that)\b", at.after)):
        return False
    return at.said != name or at.after_one_of("season_before")


def _length(at: Setting) -> bool:
    said = at.said.lower()
    if said.endswith(("quarter", "quarters")) and _is_part(at):
        return False
    if at.precedes("age_after") or at.after_one_of("age_before") or at.before.endswith((*CURRENCY, "-")):
        return False
    if re.match(r"\d+\s[A-Z][a-z]", at.said):
        return False  # "60 Minutes", the programme
    in_turn = any(f" {word} " in said for word in at.words["in_turn"]) or at.precedes("after_in_turn")
    counted = in_turn or said.startswith(tuple("0123456789"))
    return counted or said.split()[-1] not in at.words["not_units_alone"]


def _is_part(at: Setting) -> bool:
    """ "Three-quarters of those", "three quarters of the boats": parts of a whole, and no quarters of a year."""
    hyphen = re.search(r"[-‐‑]quarters?$", at.said)
    return bool(re.match(r"\s+of\b", at.after)) or bool(hyphen and at.following.lower() != "year")


def _bare_plural(at: Setting) -> bool:
    return at.said.endswith("-long") or at.after_one_of("before_bare_plural")


def _away(at: Setting) -> bool:
    """ "two years before", and not "two years before the vote": that is a duration."""
    if at.last.lower() in at.words["scale_words"] or not _length(at):
        return False
    return not at.said.lower().endswith(tuple(at.words["before_words"])) or _stands_alone(at)


def _stands_alone(at: Setting) -> bool:
    return not re.match(r"\s\w", at.after) or at.precedes("after_landmark")


def _clock24(at: Setting) -> bool:
    """A time and not a score: "at 10:57", "16:00 GMT"."""
    return bool(re.search(r"[A-Za-z]$", at.said)) or at.after_one_of("before_clock")


def _clock_word(at: Setting) -> bool:
    return at.said[:1].islower() or at.opens_sentence


def _told(at: Setting) -> bool:
    """A bare "the year": a span of time, or whose total it is."""
    bare = re.fullmatch(r"(?i:the)\s\w+", at.said)
    if bare and at.said.lower().endswith("week"):  # "the end of the week", not "the player of the week"
        return bool(at.words.before("before_week").search(at.before))
    return not bare or at.after.startswith(("’s", "'s")) or at.after_one_of("before_cell")


def _adverb(at: Setting) -> bool:
    """Not the name of a paper: "The Daily Courier"."""
    return not (at.said[:1].isupper() and at.following[:1].isupper())


def _years(at: Setting) -> bool:
    """ "2019-2021", and not the middle of a phone number."""
    return (
        not NUMBER_BEFORE.search(at.before) and not at.before.endswith(("-", "–")) and not FIGURE_AFTER.match(at.after)
    )


def _numeric(at: Setting) -> bool:
    return not re.search(r"\d[-./]$", at.before) and not re.match(r"[-./]\d", at.after)


TESTS: dict[str, Callable[[Setting], bool]] = {
    "year": _year,
    "years": _years,
    "month": _month,
    "weekday": _weekday,
    "season": _season,
    "length": _length,
    "away": _away,
    "bare_plural": _bare_plural,
    "clock24": _clock24,
    "clock_word": _clock_word,
    "told": _told,
    "adverb_set": _adverb,
    "numeric": _numeric,
    "beside": _stands_alone,
}
