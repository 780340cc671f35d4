"""Recognition: where the date expressions of a text are and what they say, still without an anchor."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extract.dates.compose import Composer
from extract.dates.found import Found
from extract.dates.grammar import OPENER, Rule, grammar, joins
from extract.dates.lexicon import Lexicon
from extract.dates.lookalikes import is_date


@dataclass(frozen=True)
class Recogniser:
    """The compiled grammar of one language and locale. `ranges` False leaves the two ends of a range as two dates."""

    words: Lexicon
    by_opener: dict[str, tuple[Rule, ...]]
    joins: dict[str, re.Pattern[str]]
    ranges: bool = True
    fiscal_month: int = 4

    @classmethod
    def of(cls, words: Lexicon, country: str, ranges: bool = True) -> Recogniser:
        rules = grammar(words, country)
        return cls(words, _by_opener(rules), joins(words), ranges, words.locale(country)["fiscal_month"])

    def find(self, text: str) -> list[Found]:
        """The date expressions of `text` in order, none overlapping; their offsets are into `text`."""
        singles = select(f for f in self._candidates(text) if is_date(f, text, self.words))
        return [f for f in Composer(text, self.words, self.joins).compose(singles, self.ranges) if not f.weak]

    def _candidates(self, text: str) -> Iterable[Found]:
        for opener in OPENER.finditer(text):
            for rule in self.by_opener.get(_opener(opener[0]), ()):
                match = rule.pattern.match(text, opener.start())
                said = rule.build(match) if match else None
                if match and said is not None:
                    yield Found(match.start(), match.end(), said, rule.name, rule.weak)


def _opener(word: str) -> str:
    return "0" if word.isdigit() else word.lower().replace("’", "'")


def _by_opener(rules: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    """The rules to try at a word: a sentence without any such word costs one scan."""
    table: dict[str, list[Rule]] = {}
    for rule in rules:
        for word in rule.opens:
            table.setdefault(word, []).append(rule)
    return {word: tuple(group) for word, group in table.items()}


def select(found: Iterable[Found]) -> list[Found]:
    """Of those that overlap the one that starts first, of those the longest."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end, f.weak)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
