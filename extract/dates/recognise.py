"""Recognition: where the date expressions of a text are and what they say, still without an anchor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extract.dates.compose import compose
from extract.dates.found import Found
from extract.dates.grammar import Rule, grammar
from extract.dates.lexicon import Lexicon
from extract.dates.lookalikes import is_date



@dataclass(frozen=True)
class Recogniser:
    """The compiled grammar of one language and locale. `ranges` False leaves the two ends of a range as two dates."""

    words: Lexicon
    rules: Sequence[Rule]
    ranges: bool = True
    fiscal_month: int = 4

    @classmethod
    def of(cls, words: Lexicon, country: str, ranges: bool = True) -> Recogniser:
        locale = words["locales"].get(country) or words["locales"]["US"]
        return cls(words, tuple(grammar(words, locale["order"] == "dmy", country)), ranges, locale["fiscal_month"])

    def find(self, text: str) -> list[Found]:
        """The date expressions of `text` in order, none overlapping; their offsets are into `text`."""
        singles = select(f for f in self._candidates(text) if is_date(f, text, self.words))
        return [f for f in compose(singles, text, self.words, self.ranges) if not f.weak]

    def _candidates(self, text: str) -> Iterable[Found]:
        for rule in self.rules:
            for match in rule.pattern.finditer(text):
                said = rule.build(match)
                if said is not None:
                    yield Found(match.start(), match.end(), said, rule.name, rule.weak)


def select(found: Iterable[Found]) -> list[Found]:
    """Of those that overlap the one that starts first, of those the longest."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end, f.weak)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
