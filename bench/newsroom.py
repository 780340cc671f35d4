"""A generated database of any size, with what makes real ones hard: bursts, repetition, a few loud speakers.

Events come in bursts: a handful of articles by different outlets, now and then dozens, print the same quotations
(whole, cut, with a word changed, retold) and the same figures (exact, rounded, hedged, now and then mistyped or
revised); some copy a wire. A figure's value follows from its measure, place and year. Speakers, measures and outlets
follow power laws. All names and words are invented.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlite_utils import Database

from bench.newsroom_rows import CLAIMS, FIGURES, Rows
from db import open_db
from db.ids import public_id

OUTLETS, PLACES, COMMON_MEASURES = 60, 40, 300
SHARED_CLAIMS, SHARED_FIGURES = 5, 10  # of an article, told by others of the burst too
VOCABULARY, HALF = 20_000, 400  # words; the commonest of them that make up half of all text
FIRST, DAYS = date(2019, 1, 1), 2500
MOST = 40  # articles of a burst
CREDITED, COPIED = 0.15, 0.3  # shares of a burst
SYLLABLES = [consonant + vowel for consonant in "bdklmnrstv" for vowel in "aeo"]
SMALL_WORDS = (
    "the",
    "that",
    "its",
    "had",
    "been",
    "to",
    "for",
    "what",
    "would",
    "in",
    "and",
    "of",
    "with",
    "they",
    "we",
)
PORTFOLIOS = ("immigration", "fisheries", "labour", "housing", "transport", "justice", "health", "schools")

Quote = tuple[str, int]  # words, speaker


@dataclass(frozen=True)
class Fact:
    """What is counted: `measure` is a row id, `year` None where the figure names none."""

    measure: int
    place: str
    year: int | None
    modality: str


@dataclass(frozen=True)
class Event:
    """What the articles of a burst have in common."""

    day: date
    quotes: list[Quote]
    facts: list[Fact]
    wire: list[str]


class Newsroom:
    """Rows of an invented newsroom, the same for the same seed. `days`: how long it took to print the articles."""

    def __init__(self, articles: int, seed: int = 7, days: int = DAYS) -> None:
        self.articles, self.days = articles, days
        self.chance = random.Random(seed)
        self.words = [self._word() for _ in range(VOCABULARY)]
        names = (f"{self._word().title()} {self._word().title()}" for _ in range(max(articles // 20, 50)))
        self.speakers = list(dict.fromkeys(names))
        self.measures = COMMON_MEASURES + 2 * articles  # the first are the common ones

    def fill(self, path: str | Path) -> Database:
        """Make the database; ten claims and twenty figures an article."""
        db = open_db(path)
        db.conn.execute("PRAGMA synchronous = OFF")
        people = [(n, public_id("speaker", name), name) for n, name in enumerate(self.speakers, 1)]
        db.conn.executemany("INSERT INTO speaker(id, public_id, name, class) VALUES (?, ?, ?, 'person')", people)
        db.conn.executemany(
            "INSERT INTO measure(id, key, label, definition, unit) VALUES (?, ?, ?, ?, 'person')", self._measures()
        )
        self.add(db, self.articles)
        db.execute("ANALYZE")
        db.conn.commit()
        return db

    def add(self, db: Database, articles: int, first: int = 0, until: int | None = None) -> None:
        """Add so many articles behind the number `first`. The days run on to the last at number `until` (by default the
        last of these articles)."""
        article, end = first, first + articles
        while article < end:
            size = min(int(1.5 * self.chance.paretovariate(2)), MOST, end - article)
            event = self._event(int(self.days * min(1.0, article / (until or end))))
            rows = Rows()
            for number in range(article + 1, article + size + 1):
                self._article(rows, number, event)
            rows.insert(db)
            article += size
        db.conn.commit()

    def _event(self, day: int) -> Event:
        chance = self.chance
        voices = [self._speaker() for _ in range(4)]
        when = FIRST + timedelta(days=day + chance.randrange(3))
        quotes = [(self._sentence(chance.randrange(12, 22)), chance.choice(voices)) for _ in range(CLAIMS)]
        facts = [self._fact(when.year, common=n < 1) for n in range(SHARED_FIGURES + 4)]
        return Event(when, quotes, facts, [self._sentence(14) for _ in range(8)])

    def _article(self, rows: Rows, number: int, event: Event) -> None:
        chance = self.chance
        outlet = f"Outlet {self._power(6, OUTLETS)}"
        credited = chance.random() < CREDITED
        day = event.day + timedelta(days=int(chance.expovariate(1)))
        article = rows.article(number, outlet, day, "North Wire" if credited else None)
        copied = credited or chance.random() < COPIED
        for sentence in event.wire[chance.randrange(3) :] if copied else [self._sentence(14) for _ in range(6)]:
            article.say(f"{sentence.capitalize()}.")
        quotes = chance.sample(event.quotes, SHARED_CLAIMS)
        own = [(self._sentence(14), self._speaker()) for _ in range(CLAIMS - SHARED_CLAIMS)]
        for words, speaker in [*quotes, *own]:
            told, verbatim = self._told(words)
            article.claim(told, speaker, self.speakers[speaker - 1], self._role(speaker), event.day, verbatim=verbatim)
        facts = chance.sample(event.facts, SHARED_FIGURES)
        facts += [self._fact(day.year, common=chance.random() < 0.05) for _ in range(FIGURES - SHARED_FIGURES)]
        for fact in facts:
            value, digits, modifier = self._printed(fact)
            before, behind = self._sentence(4), self._sentence(3)
            article.figure(before, f"{digits} people", behind, value, modifier, fact)
        article.end()

    def _told(self, words: str) -> tuple[str, bool]:
        """A quotation as one outlet prints it, and whether it stands in quotation marks."""
        chance, said = self.chance, words.split()
        how = chance.random()
        if how < 0.4:
            return words, True
        if how < 0.7:  # cut
            start = chance.randrange(len(said) // 3)
            return " ".join(said[start : len(said) - chance.randrange(len(said) // 3)]), True
        if how < 0.85:  # a word changed
            said[chance.randrange(len(said))] = chance.choice(self.words)
            return " ".join(said), True
        telling = [word for word in said if word not in SMALL_WORDS]
        chance.shuffle(telling)
        return " ".join(f"{chance.choice(SMALL_WORDS)} {word}" for word in telling), False

    def _fact(self, year: int, *, common: bool) -> Fact:
        """A common measure is one of a few that everybody prints, for places of which one is printed most."""
        chance = self.chance
        measure = (
            self._power(12, COMMON_MEASURES) if common else chance.randrange(COMMON_MEASURES + 1, self.measures + 1)
        )
        place = f"Place {self._power(2, PLACES)}"
        when = chance.choices((year, year - 1, None), (70, 15, 15))[0]
        return Fact(measure, place, when, "projected" if chance.random() < 0.05 else "asserted")

    def _printed(self, fact: Fact) -> tuple[float, str, str]:
        """Value, digits and hedge of a printing: most are right."""
        chance = self.chance
        series = random.Random(f"{fact.measure} {fact.place}")
        value = int(10 ** series.uniform(2, 5.5) * (1 + 0.07 * ((fact.year or 2018) - 2018)))
        how = chance.random()
        if how < 0.02:  # mistyped
            digits = str(value)
            value = int(digits[1] + digits[0] + digits[2:]) if digits[1] > "0" else value * 10
        elif how < 0.04:  # revised
            value = int(value * (1 + chance.choice((-1, 1)) * chance.uniform(0.01, 0.05)))
        elif how < 0.35:
            value = round(value, 2 - len(str(value)) + (chance.random() < 0.5))
            return float(value), f"about {value:,}" if how < 0.15 else f"{value:,}", "approx" if how < 0.15 else "none"
        return float(value), f"{value:,}", "none"

    def _role(self, speaker: int) -> str:
        """Every third speaker is a minister, who is given another office now and then."""
        held = PORTFOLIOS[speaker % len(PORTFOLIOS)]
        slip = self.chance.random() < 0.005
        return f"minister of {self.chance.choice(PORTFOLIOS) if slip else held}" if speaker % 3 == 0 else "mayor"

    def _measures(self) -> Iterator[tuple[int, str, str, str | None]]:
        for n in range(1, COMMON_MEASURES + 1):
            yield n, f"measure_{n}", f"Measure {n}", f"How many are counted as {n}"
        for n in range(COMMON_MEASURES + 1, self.measures + 1):
            words = self._sentence(4).split()[::2]
            yield n, f"{'_'.join(words)}_{n}", " ".join(words).capitalize(), None

    def _sentence(self, length: int) -> str:
        """Words of the subject and small ones in turn; a few words are common and most are rare, as in any text."""
        chance = self.chance
        draws = (min(int(HALF * (1 / (1 - chance.random()) - 1)), VOCABULARY - 1) for _ in range((length + 1) // 2))
        pairs = (f"{self.words[n]} {chance.choice(SMALL_WORDS)}" for n in draws)
        return " ".join(pairs)

    def _speaker(self) -> int:
        return self._power(8, len(self.speakers))

    def _power(self, scale: float, most: int) -> int:
        """1 to `most`, by a power law: about half of the time at most `scale`."""
        return min(int(scale * (self.chance.paretovariate(0.9) - 1)) + 1, most)

    def _word(self) -> str:
        return "".join(self.chance.choices(SYLLABLES, k=self.chance.randrange(2, 5)))


def links(db: Database, share: float = 0.1, seed: int = 11) -> Iterator[tuple]:
    """Links between figures of one value and measure, for a site that is measured without its cross-check."""
    chance = random.Random(seed)
    (figures,) = db.execute("SELECT count(*) FROM figure").fetchone()
    for n in range(int(share * figures)):
        a, label = chance.randrange(1, figures + 1), chance.choice(("same_figure", "same_figure", "conflicting_figure"))
        b = min(figures, a + chance.randrange(1, 200))
        text = "Same measure, place and period."
        yield public_id("link", n), label, "figure", a, "figure", b, 0.8, text, "2025-01-01"
