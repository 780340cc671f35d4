"""Small newsrooms at random, in which everything that the cross-check looks for happens: one invented affair told by
several papers, copied, rounded, mistyped, corrected, planned anew; and what people and later runs do to it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from crosscheck_database import Newsroom

SAYINGS = [
    "we will reopen the harbour shelter before the first snow and hire forty interpreters for the families",
    "the ferry timetable leaves whole valleys without a nurse and without a school for most of the winter",
    "nobody counted the lanterns on the quay until the lighthouse keeper asked the council for new ones",
]
RETOLD = [
    "the harbour shelter is to open its doors again and interpreters will be engaged",
    "valleys have neither nurse nor school because of the ferry and its timetable",
    "it took the lighthouse keeper to have the lanterns of the quay counted",
]
SPEAKERS = ["Anders Whitlock", "A. Whitlock", "Whitlock", "Odile Tremblay-Roy", "Berta Whitlock"]
OFFICES = ["Immigration Minister", "Minister of Fisheries", "minister of labour", None]
PERIODS = [("2030-01-01", "2030-12-31"), ("2031-01-01", "2031-12-31"), (None, None)]
MEASURES = ["asylum_claims", "asylum_claims_pending", "shelter_beds", None]
BODY = "The works at the {0} quay began on a {1} morning, and the crews that came by boat from {2} brought two cranes."


class Affair:
    """A newsroom and what may happen in it, by a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.room = Newsroom()
        self.db = self.room.db
        self.articles: list[str] = []
        self._number = 0

    def happen(self) -> None:
        """One more thing: mostly an article."""
        rare: list[Callable[[], None]] = [self._version, self._lose, self._change, self._rename, self._reject]
        rare += [self._restore, self._credit, self._lose_claim, self._define, self._name_outlet]
        self.chance.choice(rare)() if self.articles and self.chance.random() < 0.45 else self._article()

    def _article(self, of: str = "", day: date | None = None) -> None:
        choose, id = self.chance.choice, self._name("a")
        day = day or date(2031, 3, 1) + timedelta(days=choose((0, 0, 0, 1, 1, 2, 5, 9, 20, 40, 110)))
        copied = [BODY.format(*choose((("old", "grey", "Osterland"), ("new", "bright", "Meridia")))) for _ in range(3)]
        told = [self._wording() for _ in range(choose((0, 1, 2, 3)))]
        numbers = [self._number_words() for _ in range(choose((0, 1, 2, 3)))]
        part = choose((True, False, False))
        sentences = [f"In {id} one reads: {words}, he said." for words, _ in told]
        sentences += [f"There were {words} in the {id} list." for words, _, _ in numbers]
        sentences += ["Some 140 of the 980 who asked, 14.3 per cent, were let in."] if part else []
        text = " ".join([*(copied if choose((True, False)) else []), *sentences])
        self.room.article(id, text, str(day), of=of, origin=choose(("North Wire", None, None)))
        self.articles.append(id)
        claims = [self._claim(id, words, day) for words, _ in told]
        for words, value, modifier in numbers:
            self._figure(id, words, value, modifier, choose(claims) if claims else "")
        if part:
            share = {"unit": "percent", "kind": "share", "measure": "admitted_share"}
            self.room.figure(self._name("f"), id, "140", 140.0, period=PERIODS[0], measure="admitted")
            self.room.figure(self._name("f"), id, "980", 980.0, period=PERIODS[0])
            self.room.figure(self._name("f"), id, "14.3 per cent", 14.3, period=PERIODS[0], **share)

    def _claim(self, article: str, words: str, day: date) -> str:
        choose, id = self.chance.choice, self._name("c")
        more: dict[str, Any] = {"role": choose(OFFICES), "said": choose((str(day), None))}
        more |= choose(({}, {}, {"basis": "document"}, {"modality": "denied"}, {"speaker_class": "anonymous"}))
        return self.room.claim(id, article, words, choose(SPEAKERS), **more)

    def _figure(self, article: str, words: str, value: float, modifier: str, claim: str) -> None:
        choose = self.chance.choice
        more = {"measure": choose(MEASURES), "period": choose(PERIODS), "claim": claim, "modifier": modifier}
        more |= {"modality": choose(("asserted", "asserted", "projected", "projected", "demanded", "denied"))}
        more |= {"names": choose(([], ["Anders Whitlock"], ["Odile Tremblay-Roy"])), "counted": "people"}
        self.room.figure(self._name("f"), article, words, value, **more)

    def _wording(self) -> tuple[str, int]:
        at = self.chance.randrange(len(SAYINGS))
        words = SAYINGS[at].split()
        start, stop = self.chance.choice(((0, None), (0, 9), (4, None), (2, 12)))
        cut = " ".join(words[start:stop])
        return self.chance.choice((cut, cut, RETOLD[at])), at

    def _number_words(self) -> tuple[str, float, str]:
        choose = self.chance.choice
        value = choose((39_540, 39_171, 40_000, 395_400, 980, 140))
        return f"{value:,}", float(value), choose(("none", "none", "approx", "just_under", "at_least"))

    def _version(self) -> None:
        day = date(2031, 3, 1) + timedelta(days=self.chance.randrange(30))
        self._article(of=self.chance.choice(self.articles), day=day)

    def _lose(self) -> None:
        self._on_one("figure", "DELETE FROM figure WHERE id = ?")

    def _lose_claim(self) -> None:
        self._on_one("claim", "UPDATE figure SET claim_id = NULL WHERE claim_id = ?", "DELETE FROM claim WHERE id = ?")

    def _change(self) -> None:
        place = self.chance.choice(("Meridia", "Osterland"))
        self._on_one("figure", f"UPDATE figure SET place = '{place}' WHERE id = ?")

    def _rename(self) -> None:
        name = self.chance.choice(SPEAKERS)
        self._on_one("claim", f"UPDATE claim SET names = json_array('{name}') WHERE id = ?")

    def _credit(self) -> None:
        self._on_one("article_version", "UPDATE article_version SET origin = 'North Wire' WHERE id = ?")

    def _define(self) -> None:
        meaning = self.chance.choice(("NULL", "'How many asked'"))
        self._on_one("measure", f"UPDATE measure SET definition = {meaning} WHERE id = ?")

    def _name_outlet(self) -> None:
        self._on_one("article", "UPDATE article SET outlet = 'The Quay Lantern' WHERE id = ?")

    def _reject(self) -> None:
        rows = self.db.execute("SELECT public_id FROM link ORDER BY public_id").fetchall()
        if rows:
            (link,) = self.chance.choice(rows)
            self.db.execute("INSERT INTO decision VALUES ('link_rejected', ?, '', NULL, '2031-04-01')", [link])
            self.db.execute("DELETE FROM link WHERE public_id = ?", [link])

    def _restore(self) -> None:
        rows = self.db.execute("SELECT key FROM decision ORDER BY key").fetchall()
        if rows:
            self.db.execute("DELETE FROM decision WHERE key = ?", list(self.chance.choice(rows)))

    def _on_one(self, table: str, *statements: str) -> None:
        rows = self.db.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()
        if rows:
            row = self.chance.choice(rows)
            for statement in statements:
                self.db.execute(statement, row)

    def _name(self, letter: str) -> str:
        self._number += 1
        return f"{letter}{self._number}"
