"""The words of dates in one language, read from `extract/patterns/dates_LANG.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import numeric

import yaml

from extract.lexicon import LOADER

PATTERNS = Path(__file__).parent.parent / "patterns"


@dataclass(frozen=True)
class Lexicon:
    """Word tables by name (see the YAML file for what each is). `number` and the like read a word back.

    `any_of[name]` is the regular expression of a list's words.
    """

    tables: dict[str, Any]
    any_of: dict[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.tables[name]

    @property
    def plurals(self) -> list[str]:
        """The plural of each unit, in the order of the units."""
        return [self["plurals"].get(unit, unit + "s") for unit in self["units"]]

    def before(self, name: str) -> re.Pattern[str]:
        """A pattern that finds a word of a table right in front, a space or a hyphen after it."""
        return _in_front(tuple(self[name]))

    def locale(self, country: str) -> dict[str, Any]:
        """The customs of a country ("order" of numeric dates, "fiscal_month"); the American ones if unknown."""
        return self["locales"].get(country) or self["locales"]["US"]

    def unit(self, word: str) -> tuple[str, int]:
        """("M", 1) of "month" or "months", ("Y", 10) of "decades"."""
        word = word.lower().rstrip(".")
        word = self["abbreviated_units"].get(word, word)
        singular = {plural: one for one, plural in self["plurals"].items()}.get(word) or word.removesuffix("s")
        letter, per = self["units"][singular]
        return letter, per

    def month(self, word: str) -> int:
        key = word.rstrip(".").capitalize()
        return self["months"].get(key) or self["month_abbreviations"][key]

    def weekday(self, word: str) -> int:
        key = word.rstrip(".").capitalize()
        return (
            self["weekdays"].get(key)
            or self["weekday_abbreviations"].get(key)
            or self["weekdays"][key.removesuffix("s")]
        )

    def number(self, words: str) -> float | None:
        """3.0 of "three", 21 of "twenty-one", 2.5 of "two and a half", 100 of "a hundred"; None of "several"."""
        words = re.sub(r"[\s\u00a0-]+", " ", words.lower()).strip()
        if words in self["vague_numbers"]:
            return None
        total, counted = 0.0, False
        for word in re.sub(r"\band (?:a|an)? ?", "", words).replace(",", "").split():
            if word in self["numbers"]:
                total, counted = total + self["numbers"][word], True
            elif word in (self["hundred"], self["dozen"]):
                total, counted = (total or 1) * (100 if word == self["hundred"] else 12), True
            elif word == self["half"]:
                total += 0.5
            elif "/" in word:
                above, below = word.split("/")
                total += int(above) / max(int(below), 1)
            elif word in self["indefinite"]:
                total += 1 if words in self["indefinite"] else 0
            elif word[-1] in "½¼¾":
                total, counted = total + float(word[:-1] or 0) + numeric(word[-1]), True
            elif word[:1].isdigit():
                total, counted = total + float(word), True
        return total if total or counted else None


@cache
def lexicon(language: str = "en") -> Lexicon:
    """The tables of a language. Raises FileNotFoundError naming the file where there is none."""
    path = PATTERNS / f"dates_{language}.yml"
    tables = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    rules = yaml.load((PATTERNS / f"dates_rules_{language}.yml").read_text(encoding="utf-8"), Loader=LOADER)
    tables |= {"rules": rules["rules"], "joins": rules["joins"], "parts_of_rules": rules["parts"]}
    return Lexicon(tables, {name: any_of(table) for name, table in tables.items() if isinstance(table, list)})


def any_of(words: Iterable[str]) -> str:
    """A regular expression of the words, longest first, any space between two, either apostrophe."""
    escaped = (re.escape(w).replace(r"\ ", r"\s").replace("'", "['’]") for w in sorted(words, key=len, reverse=True))
    return f"(?:{'|'.join(escaped)})"


@cache
def _in_front(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?P<word>(?i:{any_of(words)}))(?:\s{{1,2}}|-)$")
