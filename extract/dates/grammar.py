"""The grammar of single dates: rules read from `dates_rules_LANG.yml`, compiled with the words of `dates_LANG.yml`.

A rule is a regular expression and the `builders` method that says what its match means. Ranges, "the end of …", "… at
9 a.m." are made of several such dates, in `compose`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extract.dates.builders import Builders
from extract.dates.expression import Expression
from extract.dates.lexicon import Lexicon, any_of

SPACE = r"(?:[ \t\u00a0\u202f]{1,2}|[ \t]?\n[ \t]?)"  # within a paragraph: no blank line
NO_DATE_BEFORE = r"(?<![\w$€£#@/])(?<!\d[.,])"
OPENER = re.compile(NO_DATE_BEFORE + r"(?:[^\W\d_]+|\d|['’](?=\d))")  # every place where a date can begin
DIGITS = r"\d{1,3}(?:,\d{3}){0,2}(?:\.\d{1,2})?|\d{1,4}|\d{0,2}[½¼¾]"
WEAK = {"half", "portion", "day_part"}  # no dates by themselves: "the first half" waits for "of 2023"


@dataclass(frozen=True)
class Rule:
    """`opens` are the words that can stand first, in lower case ("0" for a digit): no other place need be tried."""

    name: str
    opens: frozenset[str]
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str]], Expression | None]

    @property
    def weak(self) -> bool:
        return self.name in WEAK


def grammar(words: Lexicon, country: str) -> list[Rule]:
    """All rules of a language; the country decides what 03/04/2024 is and when Thanksgiving falls."""
    groups, parts, builders = word_groups(words), named_parts(words), Builders(words, country)
    first = {name: {OPENER.findall(word.lower())[0] for word in group} for name, group in groups.items()}
    first |= {"digit": {"0"}, "apostrophe": {"'"}}
    rules = []
    for name, rule in words["rules"].items():
        kind = name.partition("/")[0]
        opens = frozenset(word for group in rule["opens"].split() for word in first.get(group, {group}))
        pattern = NO_DATE_BEFORE + named("".join(rule["pattern"]), parts) + r"(?!\w)"
        rules.append(Rule(kind, opens, re.compile(pattern), getattr(builders, kind)))
    return rules


def joins(words: Lexicon) -> dict[str, re.Pattern[str]]:
    """The words between and in front of dates, by name."""
    return {name: re.compile(named(pattern, {})) for name, pattern in words["joins"].items()}


def named(pattern: str, parts: dict[str, str]) -> str:
    """The pattern with its named parts put in: `<month>` is one, `(?P<month>` is not; a space is any space."""

    found = re.compile(r"(?<!\?P)<([a-z_]+)>")
    while found.search(pattern):
        pattern = found.sub(lambda match: parts[match[1]], pattern)
    return pattern.replace(" ", SPACE)


def word_groups(words: Lexicon) -> dict[str, Iterable[str]]:
    """The words of each group that a rule's `opens` can name."""
    return {
        "month": [*words["months"], *words["month_abbreviations"]],
        "weekday": [*words["weekdays"], *words["weekday_abbreviations"]],
        "weekdays": [name + "s" for name in words["weekdays"]],
        "season": words["seasons"],
        "holiday": words["holidays"],
        "decade": words["decades"],
        "ordinal": words["ordinals"],
        "shift": words["shifts"],
        "reference_shift": words["reference_shifts"],
        "window": words["windows"],
        "number": [*words["numbers"], words["hundred"], words["dozen"], words["half"], *words["indefinite"]],
        "some": words["vague_numbers"],
        "hedge": words["hedges"],
        "units": [*words["units"], *words.plurals],
        "day": words["days"],
        "day_part": words["day_parts"],
        "clock_word": words["clock_words"],
        "adverb": words["adverb_sets"],
        **words["vague"],
    }


def named_parts(words: Lexicon) -> dict[str, str]:
    """The regular expression of each `<name>`. Months and weekdays have their capital or are all capitals."""
    months, short = _capital(words["months"]), _capital(words["month_abbreviations"])
    listed = {
        "season": words["seasons"],
        "unit": words["units"],
        "plural_units": words.plurals,
        "units": [*words["units"], *words.plurals],
        "vague_number": words["vague_numbers"],
        "a": words["indefinite"],
        "shift": words["shifts"],
        "reference_shift": words["reference_shifts"],
        "window": words["windows"],
        "after": words["after_durations"],
        "day_part": words["day_parts"],
        "day_word": words["days"],
        "clock_word": words["clock_words"],
        "hedge": words["hedges"],
        "holiday": words["holidays"],
        "decade": words["decades"],
        "adverb": words["adverb_sets"],
        **words["vague"],
    }
    return {
        **words["parts_of_rules"],
        **{name: f"(?i:{any_of(table)})" for name, table in listed.items()},
        "month": rf"(?:{months}|{short}(?:\.|(?![a-z.])))",
        "long_month": rf"(?:{months}|{short}\.|Sept)",
        "weekday": _capital(words["weekdays"]),
        "any_weekday": rf"(?:{_capital(words['weekdays'])}|{_capital(words['weekday_abbreviations'])}\.?)",
        "day": r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|[.,:]\d|%)",
        "year": r"(?:1\d{3}|2[01]\d{2})(?![\d%]|[.,]\d)",
        "short_year": r"['’]\d{2}(?!\d)",
        "dash": r"[-–—\u2010\u2011]",
        "short_units": rf"(?:{any_of(words['abbreviated_units'])})\.?",
        "ordinal": rf"(?i:{any_of(words['ordinals'])}|\d{{1,2}}(?:st|nd|rd|th))",
        "zone": any_of(words["time_zones"]),
        "number": _number(words),
    }


def _capital(names: Iterable[str]) -> str:
    return any_of([form for name in names for form in (name, name.upper())])


def _number(words: Lexicon) -> str:
    """A number in digits or words: "12", "twenty-one", "a dozen", "half a", "two and a half", "5 1/2"."""
    small = any_of([w for w, n in words["numbers"].items() if n < 10])
    tens = any_of([w for w, n in words["numbers"].items() if n >= 20])
    word = rf"(?:{tens}[\s-]{small}|{any_of(words['numbers'])})"
    big = rf"(?:(?:{word}|a)\s)?(?:{words['hundred']}|{words['dozen']})"
    half = rf"{words['half']}\san?|an?\s{words['half']}"
    more = rf"(?:[\s-]and[\s-]a[\s-]{words['half']}|\s\d/\d)?"
    return rf"(?:(?i:{half}|{big}|{word}{more})|(?:{DIGITS}){more})"
