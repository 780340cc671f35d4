"""A generated database of any size, with what makes real ones hard: bursts, repetition, a few loud speakers.

Events come in bursts: a handful of articles by different outlets, now and then dozens, print the same quotations and
figures with small changes. Speakers, measures and outlets follow a power law. All names and words are invented.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from sqlite_utils import Database

from db import open_db
from db.ids import public_id, text_hash

OUTLETS, PLACES, MEASURES = 60, 40, 300
CLAIMS, FIGURES = 10, 20  # of an article
FIRST = date(2019, 1, 1)
_SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "do",
    "ka",
    "ke",
    "ko",
    "la",
    "le",
    "lo",
    "ma",
    "me",
    "mo",
    "na",
    "ne",
    "no",
    "ra",
    "re",
    "ro",
    "sa",
    "se",
    "so",
    "ta",
    "te",
    "to",
    "va",
    "ve",
    "vo",
]
_COMMON = [
    "the",
    "town",
    "said",
    "that",
    "its",
    "people",
    "had",
    "been",
    "asked",
    "to",
    "wait",
    "for",
    "what",
    "the",
    "province",
    "would",
    "pay",
    "in",
    "the",
    "winter",
]


class Newsroom:
    """Rows of an invented newsroom, the same for the same seed."""

    def __init__(self, articles: int, seed: int = 7) -> None:
        self.articles = articles
        self.chance = random.Random(seed)
        self.words = [self._word() for _ in range(20_000)]
        self.speakers = [f"{self._word().title()} {self._word().title()}{n}" for n in range(max(articles // 20, 50))]

    def fill(self, path: str | Path) -> Database:
        """Make the database; about ten claims and twenty figures an article."""
        db = open_db(path)
        db.conn.execute("PRAGMA synchronous = OFF")
        chance = self.chance
        db.conn.executemany(
            "INSERT INTO speaker(id, public_id, name, class) VALUES (?, ?, ?, 'person')",
            [(n, public_id("speaker", name), name) for n, name in enumerate(self.speakers, 1)],
        )
        db.conn.executemany(
            "INSERT INTO measure(id, key, label, unit) VALUES (?, ?, ?, 'person')",
            [(n, f"measure_{n}", f"Measure {n}") for n in range(1, MEASURES + 1)],
        )
        article = 0
        while article < self.articles:
            size = min(1 + int(chance.paretovariate(1.1)), 80, self.articles - article)
            article = self._event(db, article, size)
        db.conn.commit()
        db.execute("ANALYZE")
        db.conn.commit()
        return db

    def _event(self, db: Database, first: int, size: int) -> int:
        """One event in `size` articles of different outlets, within a few days."""
        chance = self.chance
        day = FIRST + timedelta(days=int(2500 * (first / self.articles)) + chance.randrange(3))
        quotes = [" ".join(chance.choices(self.words, k=6) + chance.choices(_COMMON, k=9)) for _ in range(CLAIMS + 4)]
        measures = [min(int(chance.paretovariate(0.7)), MEASURES) for _ in range(6)]
        values = [chance.choice((1, 10, 100)) * chance.randrange(12, 999) for _ in range(FIGURES + 6)]
        claims, figures, spoken, versions, rows = [], [], [], [], []
        for n in range(first + 1, first + size + 1):
            outlet = f"Outlet {min(int(chance.paretovariate(0.6)), OUTLETS)}"
            sentences, offset = [], 0
            pid = public_id("bench", n)
            for c in range(CLAIMS):
                text = chance.choice(quotes) if chance.random() < 0.6 else " ".join(chance.choices(self.words, k=14))
                who = min(int(chance.paretovariate(0.8)), len(self.speakers))
                sentence = f"“{text},” said {self.speakers[who - 1]}."
                claim_id = (n - 1) * CLAIMS + c + 1
                start, end = offset + 1, offset + 1 + len(text)
                claims.append(
                    (
                        *(claim_id, public_id(pid, "c", c), n, f"c{c + 1}", "direct", start, end, text),
                        *(json.dumps([[start, end]]), json.dumps([[start, end]]), "said", "say"),
                        *(self.speakers[who - 1], json.dumps([self.speakers[who - 1]]), "person", "mayor", "named"),
                        *(day.isoformat(), day.isoformat(), day.isoformat(), 0, "asserted", 0.9),
                    )
                )
                spoken.append((claim_id, who))
                sentences.append(sentence)
                offset += len(sentence) + 1
            for f in range(FIGURES):
                value = chance.choice(values) if chance.random() < 0.7 else chance.randrange(10, 99_999)
                printed = f"{value:,} people"
                sentence = f"It counted {printed} by then."
                at = offset + len("It counted ")
                figures.append(
                    (
                        *(
                            (n - 1) * FIGURES + f + 1,
                            public_id(pid, "f", f),
                            n,
                            f"f{f + 1}",
                            at,
                            at + len(printed),
                            printed,
                        ),
                        *(float(value), "person", "level", "none", "none", "people", chance.choice(measures)),
                        *(
                            f"Place {min(int(chance.paretovariate(0.9)), PLACES)}",
                            f"{day.year}-01-01",
                            f"{day.year}-12-31",
                        ),
                        *("[]", "asserted", offset, offset + len(sentence)),
                    )
                )
                sentences.append(sentence)
                offset += len(sentence) + 1
            body = " ".join(sentences)
            rows.append((n, pid, f"https://outlet.example/{n}", outlet, day.isoformat()))
            versions.append(
                (n, public_id(pid, "v"), n, f"Report {n} of {outlet}", body, text_hash(body), day.isoformat())
            )
        _insert(db, rows, versions, claims, spoken, figures)
        return first + size

    def _word(self) -> str:
        return "".join(self.chance.choices(_SYLLABLES, k=self.chance.randrange(2, 5)))


def _insert(db: Database, rows: list, versions: list, claims: list, spoken: list, figures: list) -> None:
    many = db.conn.executemany
    many("INSERT INTO article(id, public_id, url, outlet, first_seen) VALUES (?, ?, ?, ?, ?)", rows)
    many(
        """INSERT INTO article_version(id, public_id, article_id, number, title, text, text_hash, published,
           published_on, fetched_at, lang) VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?7, ?7 || 'T12:00:00+00:00', 'en')""",
        versions,
    )
    many("UPDATE article SET current_version = ?1 WHERE id = ?1", [(row[0],) for row in rows])
    many(
        """INSERT INTO claim(id, public_id, version_id, local_id, kind, start, "end", text, parts, quoted, cue,
           cue_lemma, mention, names, speaker_class, role, basis, said_from, said_to, said_on, negated, modality,
           confidence)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        claims,
    )
    many("INSERT INTO claim_speaker VALUES (?, ?, 0)", spoken)
    many(
        """INSERT INTO figure(id, public_id, version_id, local_id, start, "end", text, value, unit, kind, modifier,
           direction, counted, measure_id, place, period_from, period_to, names, modality, context_start, context_end)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        figures,
    )
    many(
        "INSERT INTO extraction_run(version_id, model, code, at, status) VALUES (?, 'bench', 'bench', ?, 'done')",
        [(row[0], row[4]) for row in rows],
    )


def links(db: Database, share: float = 0.1, seed: int = 11) -> Iterator[tuple]:
    """Links between figures of one value and measure, for a site that is measured without its cross-check."""
    chance = random.Random(seed)
    (figures,) = db.execute("SELECT count(*) FROM figure").fetchone()
    for n in range(int(share * figures)):
        a, label = chance.randrange(1, figures + 1), chance.choice(("same_figure", "same_figure", "conflicting_figure"))
        b = min(figures, a + chance.randrange(1, 200))
        yield (
            public_id("link", n),
            label,
            "figure",
            a,
            "figure",
            b,
            0.8,
            "Same measure, place and period.",
            "2025-01-01",
        )
