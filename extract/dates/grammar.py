"""The grammar of single dates: named parts, and one rule a kind of expression.

A rule is a regular expression made of the parts and a function from its match to an `Expression`. Ranges, "the end of
…", "… at 9 a.m." are made of several of them, in `compose`. Every repetition is bounded, so that no text backtracks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from extract.dates import expression as ex
from extract.dates.calendar import Cell
from extract.dates.lexicon import Lexicon, any_of

Match = re.Match[str]
Build = Callable[[Match], ex.Expression | None]
Draft = tuple[str, str, str, Build]  # name, words that open it, pattern, what it says
WEAK = {"half", "portion", "day_part"}  # no dates by themselves: "the first half" waits for "of 2023"

SPACE = r"(?:[ \t\u00a0\u202f]{1,2}|[ \t]?\n[ \t]?)"
DASH = r"[-–—\u2010\u2011]"
OPENER = re.compile(r"(?<![\w$€£#@/])(?:[^\W\d_]+|\d|['’](?=\d))")  # every place where a date can begin
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|[.,:]\d|%)"
YEAR = r"(?:1\d{3}|2[01]\d{2})(?![\d%]|[.,]\d)"
DIGITS = r"\d{1,4}(?:[.,]\d{1,3})?"
SHORT_YEAR = r"['’]\d{2}(?!\d)"


@dataclass(frozen=True)
class Rule:
    """`opens` are the words that can stand first, in lower case ("0" for a digit): no other place need be tried."""

    name: str
    opens: frozenset[str]
    pattern: re.Pattern[str]
    build: Build

    @property
    def weak(self) -> bool:
        return self.name in WEAK


def grammar(words: Lexicon, day_first: bool, country: str) -> list[Rule]:
    """All rules of a language; a locale decides what 03/04/2024 is and when Thanksgiving falls."""
    parts = named_parts(words)
    rules = [*_days(words, day_first), *_cells(words, country), *_relatives(words), *_lengths(words), *_times(words)]
    first = _first_words(words)
    return [
        Rule(
            name,
            frozenset(word for group in opens.split() for word in first.get(group, {group})),
            _compiled(pattern, parts),
            build,
        )
        for name, opens, pattern, build in rules
    ]


def _first_words(words: Lexicon) -> dict[str, set[str]]:
    """For each group of words that can open a date, the first of each, in lower case."""
    vague = [phrase for phrases in words["vague"].values() for phrase in phrases]
    plurals = [words["plurals"].get(unit, unit + "s") for unit in words["units"]]
    groups: dict[str, Any] = {
        "month": [*words["months"], *words["month_abbreviations"]],
        "weekday": [*words["weekdays"], *words["weekday_abbreviations"]],
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
        "units": [*words["units"], *plurals],
        "day": words["days"],
        "day_part": words["day_parts"],
        "clock_word": words["clock_words"],
        "adverb": words["adverb_sets"],
        "vague": vague,
    }
    first = {name: {OPENER.findall(word.lower())[0] for word in group} for name, group in groups.items()}
    return {**first, "digit": {"0"}, "apostrophe": {"'"}}


def _compiled(pattern: str, parts: dict[str, str]) -> re.Pattern[str]:
    """`<month>` in a pattern stands for the part of that name, a space for any space within a paragraph."""
    named = re.sub(r"(?<!P)<([a-z_]+)>", lambda m: parts[m[1]], pattern.replace(" ", SPACE))
    return re.compile(rf"(?<![\w$€£#@/]){named}(?![\w])")


def named_parts(words: Lexicon) -> dict[str, str]:
    months = _capital(words["months"])
    short = _capital(words["month_abbreviations"])
    digits_or_words = _number(words)
    units = list(words["units"])
    plurals = [words["plurals"].get(unit, unit + "s") for unit in units]
    return {
        "month": rf"(?:{months}|{short}(?:\.|(?![a-z.])))",
        "long_month": rf"(?:{months}|{short}\.|Sept)",
        "weekday": _capital(words["weekdays"]),
        "any_weekday": rf"(?:{_capital(words['weekdays'])}|{_capital(words['weekday_abbreviations'])}\.?)",
        "day": DAY,
        "year": YEAR,
        "short_year": SHORT_YEAR,
        "dash": DASH,
        "season": rf"(?i:{any_of(words['seasons'])})",
        "unit": rf"(?i:{any_of(units)})",
        "units": rf"(?i:{any_of([*units, *plurals])})",
        "plural_units": rf"(?i:{any_of(plurals)})",
        "short_units": rf"(?:{any_of(words['abbreviated_units'])})\.?",
        "number": digits_or_words,
        "vague_number": rf"(?i:{any_of(words['vague_numbers'])})",
        "a": rf"(?i:{any_of(words['indefinite'])})",
        "ordinal": rf"(?i:{any_of(words['ordinals'])}|\d{{1,2}}(?:st|nd|rd|th))",
        "shift": rf"(?i:{any_of(words['shifts'])})",
        "reference_shift": rf"(?i:{any_of(words['reference_shifts'])})",
        "window": rf"(?i:{any_of(words['windows'])})",
        "after": rf"(?i:{any_of(words['after_durations'])})",
        "day_part": rf"(?i:{any_of(words['day_parts'])})",
        "zone": any_of(words["time_zones"]),
        "hedge": rf"(?i:{any_of(words['hedges'])})",
    }


def _capital(names: Any) -> str:
    """Names as they open with a capital, or all in capitals (a dateline)."""
    return any_of([form for name in names for form in (name, name.upper())])


def _number(words: Lexicon) -> str:
    small = [w for w, n in words["numbers"].items() if n < 10]
    tens = [w for w, n in words["numbers"].items() if n >= 20]
    word = rf"(?:{any_of(tens)}[\s-]{any_of(small)}|{any_of(words['numbers'])})"
    big = rf"(?:(?:{word}|a)\s)?(?:{words['hundred']}|{words['dozen']})"
    half = rf"{words['half']}\san?|an?\s{words['half']}"
    more = rf"(?:[\s-]and[\s-]a[\s-]{words['half']}|\s\d/\d)"
    return rf"(?:(?i:{half}|{big}|{word}{more}?)|{DIGITS}{more}?)"


def _days(words: Lexicon, day_first: bool) -> list[Draft]:
    """Dates with a day: written out, ISO, by numbers."""

    def named(m: Match) -> ex.Expression:
        got = m.groupdict()
        month, year = words.month(got["month"]), _year(got.get("year"))
        shift = _shift(words, got.get("shift"))
        first = ex.Calendar(year=year, month=month, day=_day(got["day"]), shift=shift)
        if not got.get("last"):
            return first
        return ex.Between(first, ex.Calendar(year=year, month=month, day=_day(got["last"])))

    def numeric(m: Match) -> ex.Expression | None:
        a, b = int(m["a"]), int(m["b"])
        day, month = (a, b) if (day_first and b <= 12) or a > 12 else (b, a)
        return _checked(_year(m["year"]) or 0, month, day)

    def iso(m: Match) -> ex.Expression | None:
        day = _checked(int(m["y"]), int(m["m"]), int(m["d"]))
        return ex.At(day, ex.Clock(int(m["H"]), int(m["M"]))) if day and m["H"] else day

    before = r"(?:<any_weekday>,? )?"
    year = r"(?:(?:,? |,)(?P<year><year>|<short_year>))?"
    last = r"(?: ?<dash> ?(?P<last><day>))?"
    return [
        (
            "month_day",
            "weekday month shift",
            rf"{before}(?:(?P<shift>(?i:last|this past|next)) )?(?P<month><month>) (?:the )?(?P<day><day>){last}{year}",
            named,
        ),
        (
            "day_month",
            "weekday the digit",
            rf"{before}(?:the )?(?P<day><day>)(?: ?<dash> ?(?P<last><day>))? (?:of )?(?P<month><month>){year}",
            named,
        ),
        (
            "iso",
            "digit",
            r"(?P<y>[12]\d{3})-(?P<m>\d\d)-(?P<d>\d\d)(?:[T\s](?P<H>[01]\d|2[0-3]):(?P<M>[0-5]\d)(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?",
            iso,
        ),
        ("ymd", "digit", r"(?P<y>[12]\d{3})(?P<s>[/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?P<H>(?!))?", iso),
        ("numeric", "digit", r"(?P<a>\d{1,2})(?P<s>[/.])(?P<b>\d{1,2})(?P=s)(?P<year>[12]\d{3}|\d{2}(?!\d))", numeric),
    ]


def _cells(words: Lexicon, country: str) -> list[Draft]:
    """Months, years, decades, centuries, seasons, quarters, weekdays, holidays."""
    holidays = {name.lower().replace("’", "'"): rule for name, rule in words["holidays"].items()}

    def shifted(m: Match, **names: Any) -> ex.Calendar:
        return ex.Calendar(shift=_shift(words, m["shift"]), **names)

    def holiday(m: Match) -> ex.Expression | None:
        rule = holidays.get(re.sub(r"\s+", " ", m["name"].lower().replace("’", "'")))
        rule = rule.get(country, rule["default"]) if isinstance(rule, dict) else rule
        return rule and shifted(m, holiday=rule, year=_year(m["year"]))

    def years(m: Match) -> ex.Expression | None:
        first, last = int(m["a"]), int(m["b"])
        last = last if last > 99 else first // 100 * 100 + last
        last += 100 if last < first and first % 100 == 99 else 0
        if len(m["b"]) == 2 and last == first + 1 and not m["school"]:
            return ex.CellOf("FY", first)
        return ex.Between(ex.Calendar(year=first), ex.Calendar(year=last)) if last > first else None

    def decade(m: Match) -> ex.Expression:
        if m["word"]:
            return ex.CellOf("DE", 1900 + words["decades"][m["word"].lower()])
        first = int(m["digits"])
        return ex.CellOf("DE", first if first > 99 else (2000 if first < 30 else 1900) + first)

    def century(m: Match) -> ex.Expression:
        n = _ordinal(words, m["n"])
        return ex.Calendar(year=n - 1, era="BC") if m["era"] else ex.CellOf("CE", (n - 1) * 100)

    maybe = r"(?:(?P<shift><shift>) )?"
    name = rf"(?P<name>(?i:{any_of(words['holidays'])}))"
    word = rf"(?P<word>(?i:{any_of(words['decades'])}))"
    spoken_quarter = r"(?:(?:the )?(?:(?P<shift><shift>) )?(?P<n>first|second|third|fourth)[\s-]quarter|Q(?P<q>[1-4]))"
    return [
        (
            "month_year",
            "month",
            r"(?P<month><month>)(?:,? of|,)? (?P<year><year>|<short_year>)",
            lambda m: ex.Calendar(year=_year(m["year"]), month=words.month(m["month"])),
        ),
        (
            "month",
            "month shift",
            rf"{maybe}(?P<month><long_month>)",
            lambda m: shifted(m, month=words.month(m["month"])),
        ),
        (
            "weekday",
            "weekday shift",
            rf"{maybe}(?P<day><weekday>)",
            lambda m: shifted(m, weekday=words.weekday(m["day"])),
        ),
        ("weekdays", "weekday", r"(?P<day><weekday>)(?:s|S)", lambda m: ex.Repeat(weekday=words.weekday(m["day"]))),
        (
            "season",
            "season shift the",
            rf"(?:(?:the )?{maybe}|the )?(?P<season><season>)(?: (?P<year><year>))?",
            lambda m: shifted(m, season=_season(words, m["season"]), year=_year(m["year"])),
        ),
        ("holiday", "holiday shift", rf"{maybe}{name}(?:,? (?P<year><year>))?", holiday),
        ("year", "digit", r"(?P<year><year>)", lambda m: ex.Calendar(year=int(m["year"]))),
        (
            "era_year",
            "digit",
            r"(?P<year>\d{1,4}) (?:BC|B\.C\.|BCE)",
            lambda m: ex.Calendar(year=int(m["year"]), era="BC"),
        ),
        (
            "years",
            "digit",
            r"(?P<a><year>)(?:<dash>|/)(?P<b>\d{2}(?!\d)|[12]\d{3}(?!\d))(?=(?P<school> (?:school|academic|season)))?",
            years,
        ),
        (
            "fiscal",
            "the fiscal",
            r"(?i:(?:the )?fiscal(?: year)?) (?P<year><year>)(?:<dash>\d{2,4})?",
            lambda m: ex.CellOf("FY", int(m["year"]) - (not re.search(DASH, m[0]))),
        ),
        (
            "decade",
            "the digit apostrophe decade",
            rf"(?:the )?(?:(?P<digits>[12]\d\d0)['’]?s|['’](?P<short>\d0)s|{word})",
            lambda m: (
                decade(m)
                if not m["short"]
                else ex.CellOf("DE", (2000 if int(m["short"]) < 30 else 1900) + int(m["short"]))
            ),
        ),
        (
            "century",
            "the ordinal digit",
            r"(?:the )?(?P<n><ordinal>)[\s-](?i:century)(?: (?P<era>BC|B\.C\.|BCE))?",
            century,
        ),
        (
            "quarter",
            "the ordinal shift q",
            rf"(?i:{spoken_quarter})(?: (?:of )?(?P<year><year>))?",
            lambda m: shifted(m, quarter=int(m["q"]) if m["q"] else _ordinal(words, m["n"]), year=_year(m["year"])),
        ),
        (
            "half",
            "the ordinal latter",
            r"(?i:(?:the )?(?P<n>first|second|latter)[\s-]half)",
            lambda m: ex.Calendar(half=1 if m["n"].lower() == "first" else 2),
        ),
    ]


def _relatives(words: Lexicon) -> list[Draft]:
    """Away from the day of writing or from the date last spoken of; vague ones; sets."""

    def day(m: Match) -> ex.Expression:
        n, part = words["days"][_plain(m[0])]
        return ex.At(ex.Offset("D", n), ex.Clock(part=part)) if part else ex.Offset("D", n)

    def whole(m: Match) -> ex.Expression:
        letter, per = words.unit(m["unit"])
        return ex.Offset(_cell_unit(letter, per), _shift(words, m["shift"]) or 0)

    def told(m: Match) -> ex.Expression | None:
        letter, per = words.unit(m["unit"])
        return ex.Offset(_cell_unit(letter, per), words["reference_shifts"][_plain(m["how"])], "reference")

    def day_of(m: Match) -> ex.Expression:
        how = _plain(m["how"])
        month = (
            ex.Offset("M", words["shifts"][how])
            if how in words["shifts"]
            else ex.Offset("M", words["reference_shifts"][how], "reference")
        )
        return ex.Within(ex.Calendar(day=_day(m["n"])), month)

    def repeat(m: Match) -> ex.Expression:
        if m["weekday"]:
            return ex.Repeat(weekday=words.weekday(m["weekday"]))
        if m["part"]:
            return ex.Repeat()
        letter, per = words.unit(m["unit"])
        n = words.number(m["n"]) if m["n"] else 2 if m["other"] else 1
        return ex.Repeat(letter, n, per)

    def portion(m: Match) -> ex.Expression:
        letter, per = words.unit(m["unit"])
        sign = -1 if m["which"].lower() in ("last", "final") else 1
        n = int(words.number(m["n"]) or 1) if m["n"] else 1 if sign < 0 else _ordinal(words, m["which"])
        return ex.Portion(ex.Offset("D", 0), _cell_unit(letter, per), sign * n, ordinal=not m["n"])

    vague = [(value, phrases) for value, phrases in words["vague"].items()]
    adverbs = any_of(words["adverb_sets"])
    return [
        ("day", "day", rf"(?i:{any_of(words['days'])})", day),
        (
            "whole",
            "shift",
            r"(?P<shift><shift>) (?P<unit>(?i:day|week|weekend|month|quarter|year|decade|century))",
            whole,
        ),
        ("weekend", "the", r"(?i:the (?P<unit>weekend))", lambda m: ex.Offset("WE", 0)),
        (
            "told",
            "reference_shift",
            r"(?P<how><reference_shift>) (?P<unit>(?i:day|week|weekend|month|quarter|year|decade|century))",
            told,
        ),
        (
            "bare_cell",
            "the",
            r"(?i:the) (?P<unit>(?i:year|month|quarter|decade|century))",
            lambda m: ex.Offset(_cell_unit(*words.unit(m["unit"])), 0, "reference"),
        ),
        (
            "beside",
            "the",
            r"(?i:the) (?P<unit>(?i:day|week|month|year)) (?P<way>(?i:before|after|earlier|later))(?! the| a | an | his| her| its| their)",
            lambda m: ex.Offset(
                _cell_unit(*words.unit(m["unit"])), -1 if m["way"].lower() in ("before", "earlier") else 1, "reference"
            ),
        ),
        (
            "ordinal_day",
            "the",
            r"(?i:the) (?P<n>(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th)) of (?P<how><shift>|<reference_shift>) (?i:month)",
            day_of,
        ),
        (
            "repeat",
            "every each",
            rf"(?i:every|each)(?P<other> other)?(?: (?P<n><number>))? (?:(?P<unit><units>)|(?P<weekday><weekday>)|(?P<part><day_part>))",
            repeat,
        ),
        ("adverb_set", "adverb", rf"(?i:(?P<word>{adverbs}))", lambda m: ex.Repeat(*_adverb(words, m["word"]))),
        (
            "often",
            "once twice three four five digit",
            r"(?i:once|twice|(?:three|four|five|\d{1,2}) times) (?:<a>|per) (?P<unit><unit>)",
            lambda m: ex.Repeat(words.unit(m["unit"])[0], 1, words.unit(m["unit"])[1]),
        ),
        (
            "portion",
            "the last final ordinal digit",
            rf"(?:the )?(?P<which>(?i:last|final)|<ordinal>)(?: (?P<n><number>))? (?P<unit>(?i:days?|weeks?|months?|quarters?|years?))",
            portion,
        ),
        *[("vague", "vague", rf"(?i:{any_of(phrases)})", _vague(value)) for value, phrases in vague],
        ("the_past", "the", rf"(?i:(?<=in\s)the past)(?! (?:<number>|<vague_number>|<units>))", _vague("PAST_REF")),
    ]


def _lengths(words: Lexicon) -> list[Draft]:
    """Durations, and what they lead to: "six months", "the past six months", "six months ago"."""

    def size(m: Match) -> tuple[str, float | None, int]:
        got = m.groupdict()
        letter, per = words.unit(got["unit"])
        number = got.get("n")
        return letter, words.number(number) if number else (None if got.get("some") else 1), per

    def plain(m: Match) -> ex.Expression:
        letter, n, per = size(m)
        return ex.Length(letter, n, per) if n != 0 else None

    def window(m: Match) -> ex.Expression:
        letter, n, per = size(m)
        n = None if m["unit"].lower().endswith("s") and not m["n"] else n
        return ex.Length(letter, n, per, words["windows"][_plain(m["window"])])

    def away(m: Match) -> ex.Expression:
        letter, n, per = size(m)
        sign, base = words["after_durations"][_plain(m["after"])]
        if n is None:
            return ex.Ago(letter, sign, per, base)
        if letter.startswith("T"):
            return ex.At(ex.Offset("D", 0), ex.Clock(part="XX")) if base == "anchor" else None
        return ex.Offset(letter, sign * n * per, base, exact=True)

    def bare(m: Match) -> ex.Expression:
        letter, per = words.unit(m["unit"])
        return ex.Length(letter, None, per)

    hedge = r"(?:(?P<hedge><hedge>) )?"
    some = r"(?:(?P<n><number>|<a>)(?: more| full| straight| consecutive)?|(?P<some><vague_number>)(?: more)?)"
    return [
        ("length", "number some hedge digit", rf"{hedge}{some}(?: |-)(?P<unit><units>)(?:[-\s]long)?", plain),
        ("length", "number some hedge digit", r"(?P<n>\d{1,3}) ?(?P<unit><short_units>)", plain),
        (
            "and_a_half",
            "a an",
            r"(?P<n>an?) (?P<unit><unit>) and a half",
            lambda m: ex.Length(words.unit(m["unit"])[0], 1.5, words.unit(m["unit"])[1]),
        ),
        (
            "window",
            "the window",
            rf"(?:(?i:the) )?(?P<window><window>)(?: (?:(?P<n><number>)|(?P<some><vague_number>)))? (?P<unit><plural_units>)",
            window,
        ),
        (
            "window",
            "the window",
            r"(?:(?i:the) )?(?P<window>(?i:past|coming))(?P<n>)(?P<some>)? (?P<unit><unit>)",
            window,
        ),
        ("away", "number some hedge digit units", rf"{hedge}{some} (?P<unit><units>) (?P<after><after>)", away),
        (
            "away",
            "number some hedge digit units",
            r"(?P<some>)(?P<unit><plural_units>) (?P<after>(?i:ago|earlier|later))",
            lambda m: ex.Ago(
                words.unit(m["unit"])[0],
                words["after_durations"][_plain(m["after"])][0],
                words.unit(m["unit"])[1],
                words["after_durations"][_plain(m["after"])][1],
            ),
        ),
        ("bare_plural", "units", r"(?P<unit><plural_units>)(?:-(?:long|old))?", bare),
        (
            "unit_long",
            "units",
            r"(?P<unit><unit>)-long",
            lambda m: ex.Length(words.unit(m["unit"])[0], 1, words.unit(m["unit"])[1]),
        ),
    ]


def _times(words: Lexicon) -> list[Draft]:
    """Hours and parts of the day."""

    def clock(m: Match) -> ex.Expression | None:
        got = m.groupdict()
        hour, minute = int(got["hour"]), int(got.get("minute") or 0)
        half = (got.get("half") or "").lower().replace(".", "").replace(" ", "")
        if half:
            if hour > 12:
                return None
            hour = hour % 12 + words["half_days"][half]
        return ex.Clock(hour, minute) if hour < 24 else None

    def oclock(m: Match) -> ex.Expression | None:
        hour = int(words.number(m["hour"]) or 0)
        part = words["day_parts"].get((m["part"] or "").lower())
        return ex.Clock(hour + 12 if part in ("AF", "EV", "NI") and hour < 12 else hour) if 0 < hour < 25 else None

    def part_of(m: Match) -> ex.Expression:
        part = words["day_parts"][m["part"].lower()]
        how = _plain(m["how"])
        if how == "all" or how in words["reference_shifts"]:
            return ex.At(ex.Offset("D", words["reference_shifts"].get(how, 0), "reference"), ex.Clock(part=part))
        return ex.At(ex.Offset("D", words["shifts"].get(how, 0)), ex.Clock(part=part))

    half = r"(?P<half>(?i:[ap]\.? ?m\b\.?))"
    zone = r"(?: (?:<zone>))?"
    return [
        ("clock", "digit", rf"(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))? ?{half}{zone}", clock),
        (
            "clock24",
            "digit",
            rf"(?P<hour>[01]?\d|2[0-3])[:h](?P<minute>[0-5]\d)(?::\d\d)?(?: ?hrs| hours)?{zone}",
            clock,
        ),
        ("military", "digit", r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d) (?:hours|hrs|GMT|UTC)", clock),
        (
            "oclock",
            "number digit",
            r"(?P<hour><number>)(?: o['’]clock| in the (?P<part>morning|afternoon|evening))",
            oclock,
        ),
        (
            "clock_word",
            "clock_word",
            rf"(?i:{any_of(words['clock_words'])})",
            lambda m: ex.Clock(words["clock_words"][m[0].lower()]),
        ),
        (
            "part_of_day",
            "this last that the all",
            r"(?P<how>(?i:this|last|that|all|the next|the following|the same|that same|the previous)) (?P<part><day_part>)",
            part_of,
        ),
        (
            "day_part",
            "the day_part",
            r"(?:(?i:the) )?(?P<part><day_part>)",
            lambda m: ex.Clock(part=words["day_parts"][m["part"].lower()]),
        ),
    ]


def _plain(words: str | None) -> str:
    return re.sub(r"\s+", " ", words or "").lower()


def _shift(words: Lexicon, said: str | None) -> int | None:
    return words["shifts"].get(_plain(said)) if said else None


def _season(words: Lexicon, said: str) -> int:
    return int(words["season_first_month"][words["seasons"][said.lower()]])


def _adverb(words: Lexicon, said: str) -> tuple[str, int]:
    unit, n = words["adverb_sets"][said.lower()]
    return unit, n


def _vague(value: Any) -> Build:
    return lambda m: ex.Vague(value)


def _ordinal(words: Lexicon, said: str) -> int:
    return int(words["ordinals"].get(said.lower()) or re.sub(r"\D", "", said))


def _cell_unit(letter: str, per: int) -> Any:
    """The calendar cell of a unit: a decade is DE, three months are a quarter."""
    return {("Y", 10): "DE", ("Y", 100): "CE", ("M", 3): "Q", ("M", 6): "H"}.get((letter, per), letter)


def _day(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _year(text: str | None) -> int | None:
    """2024 of "2024", 1998 of "’98" and "98": two digits lie within the seventy years before 2030."""
    if not text:
        return None
    digits = int(re.sub(r"\D", "", text))
    return digits if digits > 99 else digits + (2000 if digits < 30 else 1900)


def _checked(year: int, month: int, day: int) -> ex.Calendar | None:
    try:
        Cell("D", date(year, month, day))
    except ValueError:  # 2024-13-45 is no date
        return None
    return ex.Calendar(year=year, month=month, day=day)
