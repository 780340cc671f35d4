"""What a match of each rule means: one method a rule of `dates_rules_LANG.yml`, from match to `Expression`."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from extract.dates import expression as ex
from extract.dates.calendar import Cell, Unit
from extract.dates.lexicon import Lexicon

Match = re.Match[str]
Said = ex.Expression | None
CELLS: dict[tuple[str, int], Unit] = {("Y", 10): "DE", ("Y", 100): "CE", ("M", 3): "Q", ("M", 6): "H"}
AHEAD = 30  # a year of two digits below this is in the 2000s


class Builders:
    """The meanings of the rules, with the words of a language and the customs of a country."""

    def __init__(self, words: Lexicon, country: str) -> None:
        self.words = words
        self.country = country
        self.day_first = words.locale(country)["order"] == "dmy"
        self.holidays = {_plain(name): rule for name, rule in words["holidays"].items()}

    # Days

    def month_day(self, m: Match) -> Said:
        got = m.groupdict()
        month, year = self.words.month(m["month"]), _year(m["year"])
        first = ex.Calendar(year=year, month=month, day=_digits(m["day"]), shift=self._shift(got.get("shift")))
        return ex.Between(first, ex.Calendar(year=year, month=month, day=_digits(m["last"]))) if m["last"] else first

    def day_month(self, m: Match) -> Said:
        month, year = self.words.month(m["month"]), _year(m["year"])
        first = ex.Calendar(year=year, month=month, day=_digits(m["day"]))
        return ex.Between(first, ex.Calendar(year=year, month=month, day=_digits(m["last"]))) if m["last"] else first

    def iso(self, m: Match) -> Said:
        got = m.groupdict()
        day = _checked(int(m["y"]), int(m["m"]), int(m["d"]))
        return ex.At(day, ex.Clock(int(got["H"]), int(got["M"]))) if day and got.get("H") else day

    def numeric(self, m: Match) -> Said:
        """24/09/2024 is clear in every country, 03/04/2024 is read by its custom."""
        a, b = int(m["a"]), int(m["b"])
        day, month = (a, b) if a > 12 or (self.day_first and b <= 12) else (b, a)
        return _checked(_year(m["year"]) or 0, month, day)

    def ordinal_day(self, m: Match) -> Said:
        how = _plain(m["how"])
        near = how in self.words["shifts"]
        step = self.words["shifts" if near else "reference_shifts"][how]
        return ex.Within(ex.Calendar(day=_digits(m["n"])), ex.Offset("M", step, "anchor" if near else "reference"))

    # Cells of the calendar

    def month_year(self, m: Match) -> Said:
        return ex.Calendar(year=_year(m["year"]), month=self.words.month(m["month"]))

    def month(self, m: Match) -> Said:
        return ex.Calendar(month=self.words.month(m["month"]), shift=self._shift(m["shift"]))

    def weekday(self, m: Match) -> Said:
        return ex.Calendar(weekday=self.words.weekday(m["day"]), shift=self._shift(m["shift"]))

    def weekdays(self, m: Match) -> Said:
        return ex.Repeat(weekday=self.words.weekday(m["day"]))

    def season(self, m: Match) -> Said:
        first = self.words["season_first_month"][self.words["seasons"][_plain(m["season"])]]
        return ex.Calendar(season=first, year=_year(m["year"]), shift=self._shift(m["shift"]))

    def holiday(self, m: Match) -> Said:
        return ex.Calendar(holiday=self._holiday(m["name"]), year=_year(m["year"]), shift=self._shift(m["shift"]))

    def holiday_weekend(self, m: Match) -> Said:
        return ex.WeekOf(ex.Calendar(holiday=self._holiday(m["name"]), year=_year(m["year"])), "WE")

    def year(self, m: Match) -> Said:
        return ex.Calendar(year=int(m["year"]))

    def era_year(self, m: Match) -> Said:
        return ex.Calendar(year=int(m["year"]), era="BC")

    def years(self, m: Match) -> Said:
        """ "2023-24" is a fiscal year, "1914-18" and "2019-2021" are ranges, "2024-03" is neither."""
        first, last = int(m["a"]), int(m["b"])
        if last < 100:
            last += first // 100 * 100 + (100 if first % 100 == 99 else 0)
        if len(m["b"]) == 2 and last == first + 1 and not m["school"]:
            return ex.CellOf("FY", first)
        return ex.Between(ex.Calendar(year=first), ex.Calendar(year=last)) if last > first else None

    def fiscal(self, m: Match) -> Said:
        """Fiscal 2024 is the one that ends in 2024; "fiscal 2023-24" says so itself."""
        return ex.CellOf("FY", int(m["year"]) - (not m["more"]))

    def decade(self, m: Match) -> Said:
        if m["digits"]:
            return ex.CellOf("DE", int(m["digits"]))
        tens = int(m["short"]) if m["short"] else self.words["decades"][_plain(m["word"])]
        return ex.CellOf("DE", (2000 if m["short"] and tens < AHEAD else 1900) + tens)

    def century(self, m: Match) -> Said:
        n = self._ordinal(m["n"])
        return ex.Calendar(year=n - 1, era="BC") if m["era"] else ex.CellOf("CE", (n - 1) * 100)

    def quarter(self, m: Match) -> Said:
        quarter = int(m["q"]) if m.groupdict().get("q") else self._ordinal(m["n"])
        shift = self._shift(m.groupdict().get("shift"))
        return ex.Calendar(quarter=quarter, year=_year(m["year"]), shift=shift)

    def half(self, m: Match) -> Said:
        return ex.Calendar(half=1 if self.words["ordinals"].get(_plain(m["n"])) == 1 else 2)

    # Counted from the day of writing, or from the date last spoken of

    def day(self, m: Match) -> Said:
        n, part = self.words["days"][_plain(m[0])]
        return ex.At(ex.Offset("D", n), ex.Clock(part=part)) if part else ex.Offset("D", n)

    def whole(self, m: Match) -> Said:
        """ "Last week" is a week of the calendar, "the last decade" the ten years until now."""
        if self._cell(m["unit"]) == "FY":
            return ex.Offset("FY", self._shift(m["shift"]) or 0)
        (unit, per), step = self.words.unit(m["unit"]), self._shift(m["shift"]) or 0
        long = per >= 10 or (unit, per) == ("W", 2)
        return ex.Length(unit, 1, per, step) if long and step else ex.Offset(self._cell(m["unit"]), step)

    def weekend(self, m: Match) -> Said:
        return ex.Offset("WE", 0)

    def told(self, m: Match) -> Said:
        return ex.Offset(self._cell(m["unit"]), self.words["reference_shifts"].get(_plain(m["how"]), 0), "reference")

    def year_end(self, m: Match) -> Said:
        return ex.Part(ex.Offset(self._cell(m["unit"] or m["which"]), 0), "END")

    def beside(self, m: Match) -> Said:
        return ex.Offset(self._cell(m["unit"]), self.words["beside"][_plain(m["way"])], "reference")

    def portion(self, m: Match) -> Said:
        sign = -1 if _plain(m["which"]) in self.words["last_ones"] else 1
        n = int(self.words.number(m["n"]) or 1) if m["n"] else 1 if sign < 0 else self._ordinal(m["which"])
        return ex.Portion(ex.Offset("D", 0), self._cell(m["unit"]), sign * n, ordinal=not m["n"])

    # Sets and vague ones

    def repeat(self, m: Match) -> Said:
        if m.groupdict().get("weekday"):
            return ex.Repeat(weekday=self.words.weekday(m["weekday"]))
        got = m.groupdict()
        if got.get("season"):
            return ex.Repeat(season=self.words["seasons"][_plain(m["season"])])
        unit, per = self.words.unit(m["unit"]) if m["unit"] else ("D", 1)
        n = None if got.get("some") else self.words.number(m["n"]) if got.get("n") else 2 if got.get("other") else 1
        return ex.Repeat(unit, n, per)

    def adverb_set(self, m: Match) -> Said:
        unit, n = self.words["adverb_sets"][_plain(m["word"])]
        return ex.Repeat(unit, n)

    def often(self, m: Match) -> Said:
        unit, per = self.words.unit(m["unit"])
        return ex.Repeat(unit, 1, per)

    def present(self, m: Match) -> Said:
        return ex.Vague("PRESENT_REF")

    def past(self, m: Match) -> Said:
        return ex.Vague("PAST_REF")

    def future(self, m: Match) -> Said:
        return ex.Vague("FUTURE_REF")

    # Durations and what they lead to

    def length(self, m: Match) -> Said:
        unit, n, per = self._size(m)
        if not (least := m.groupdict().get("least")):
            return ex.Length(unit, n, per) if n != 0 else None
        low = self.words.number(least)
        return ex.Length(unit, n, per, least=low) if low and n and low < n else None

    def bare_plural(self, m: Match) -> Said:
        return self.length(m)

    def and_a_half(self, m: Match) -> Said:
        unit, n, per = self._size(m)
        return ex.Length(unit, (n or 1) + 0.5, per)

    def window(self, m: Match) -> Said:
        unit, n, per = self._size(m)
        several = m["unit"].lower() in self.words.plurals and not m.groupdict().get("n")
        return ex.Length(unit, None if several else n, per, self.words["windows"][_plain(m["window"])])

    def away(self, m: Match) -> Said:
        unit, n, per = self._size(m)
        sign, base = self.words["after_durations"][_plain(m["after"])]
        if n is None or m.groupdict().get("least"):  # "five or six years ago": nobody says how many
            return ex.Ago(unit, sign, per, base)
        if unit.startswith("T"):
            return ex.At(ex.Offset("D", 0), ex.Clock(part="XX")) if base == "anchor" else None
        return ex.Offset(CELLS.get((unit, 1), unit), sign * n * per, base, exact=True)  # type: ignore[arg-type]

    # Hours and parts of the day

    def clock(self, m: Match) -> Said:
        got = m.groupdict()
        hour, minute = int(m["hour"]), int(m["minute"] or 0)
        if half := re.sub(r"[\s.]", "", (got.get("half") or "").lower()):
            hour = hour % 12 + self.words["half_days"][half] if hour <= 12 else 24
        return ex.Clock(hour, minute) if hour < 24 else None

    def clock24(self, m: Match) -> Said:
        return self.clock(m)

    def oclock(self, m: Match) -> Said:
        hour = int(self.words.number(m["hour"]) or 0)
        part = self.words["day_parts"].get(_plain(m["part"]))
        hour += 12 if part in ("AF", "EV", "NI") and hour < 12 else 0
        return ex.Clock(hour) if 0 < hour < 24 else None

    def clock_word(self, m: Match) -> Said:
        return ex.Clock(self.words["clock_words"][_plain(m[0])])

    def part_of_day(self, m: Match) -> Said:
        how, part = _plain(m["how"]), ex.Clock(part=self.words["day_parts"][_plain(m["part"])])
        if how in self.words["shifts"]:
            return ex.At(ex.Offset("D", self.words["shifts"][how]), part)
        return ex.At(ex.Offset("D", self.words["reference_shifts"].get(how, 0), "reference"), part)

    def day_part(self, m: Match) -> Said:
        return ex.Clock(part=self.words["day_parts"][_plain(m["part"])])

    def _size(self, m: Match) -> tuple[str, float | None, int]:
        """Unit, number (None: not said how many; 1 where there is none) and how many of the unit one is."""
        got = m.groupdict()
        unit, per = self.words.unit(m["unit"])
        if number := got.get("n"):
            return unit, self.words.number(number), per
        return unit, None if got.get("some") is not None else 1, per

    def _cell(self, word: str) -> Any:
        if word.lower().startswith(("fiscal", "financial")):
            return "FY"
        letter, per = self.words.unit(word)
        return CELLS.get((letter, per), letter)

    def _holiday(self, name: str) -> str:
        rule = self.holidays[_plain(name)]
        return str(rule.get(self.country, rule["default"]) if isinstance(rule, dict) else rule)

    def _shift(self, said: str | None) -> int | None:
        return self.words["shifts"].get(_plain(said)) if said else None

    def _ordinal(self, said: str) -> int:
        return int(self.words["ordinals"].get(_plain(said)) or _digits(said))


def _plain(words: str | None) -> str:
    return re.sub(r"\s+", " ", words or "").lower().replace("’", "'")


def _digits(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _year(text: str | None) -> int | None:
    """2024 of "2024", 1998 of "’98", 2021 of "’21"."""
    if not text:
        return None
    digits = _digits(text)
    return digits if digits > 99 else digits + (2000 if digits < AHEAD else 1900)


def _checked(year: int, month: int, day: int) -> ex.Calendar | None:
    try:
        Cell("D", date(year, month, day))
    except ValueError:  # 2024-13-45 is no date
        return None
    return ex.Calendar(year=year, month=month, day=day)
