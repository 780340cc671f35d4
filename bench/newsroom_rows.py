"""The rows of generated articles: what is said goes into the text, and claims and figures are found where it stands."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from db.ids import public_id, text_hash

if TYPE_CHECKING:
    from bench.newsroom import Fact

CLAIMS, FIGURES = 10, 20  # of an article


@dataclass
class Rows:
    """By table, tuples in the order of COLUMNS. Ids follow from the number of the article, without a gap."""

    of: dict[str, list[tuple]] = field(default_factory=lambda: defaultdict(list))

    def article(self, number: int, outlet: str, day: date, origin: str | None) -> Written:
        return Written(self, number, outlet, day.isoformat(), origin)

    def insert(self, db: Database) -> None:
        for table, columns in COLUMNS.items():
            marks = ", ".join("?" * len(columns.split(",")))
            db.conn.executemany(f"INSERT INTO {table}({columns}) VALUES ({marks})", self.of[table])
        versions = ((row[0],) for row in self.of["article"])
        db.conn.executemany("UPDATE article SET current_version = ?1 WHERE id = ?1", versions)


class Written:
    """An article that is being written; its id and its only version's id are its number."""

    def __init__(self, rows: Rows, number: int, outlet: str, day: str, origin: str | None) -> None:
        self._rows, self._number, self._outlet, self._day, self._origin = rows.of, number, outlet, day, origin
        self._pid = public_id("bench", number)
        self._text: list[str] = []
        self._length = 0
        self._found = {"claim": 0, "figure": 0}

    def say(self, sentence: str) -> int:
        """Returns the offset of the sentence."""
        start = self._length
        self._text.append(sentence)
        self._length += len(sentence) + 1
        return start

    def claim(self, words: str, speaker: int, name: str, role: str, said: date, *, verbatim: bool) -> None:
        sentence = f"“{words},” said {name}." if verbatim else f"{name} said {words}."
        start = self.say(sentence) + sentence.index(words)
        id_, pid, local = self._next("claim")
        spans, day = json.dumps([[start, start + len(words)]]), said.isoformat()
        row: tuple[Any, ...] = (id_, pid, self._number, local, "direct" if verbatim else "indirect")
        row += (start, start + len(words), words, spans, spans if verbatim else "[]", "said", "say", name)
        row += (json.dumps([name]), "person", role, "named", day, day, day, 0, "asserted", 0.9)
        self._rows["claim"].append(row)
        self._rows["claim_speaker"].append((id_, speaker, 0))

    def figure(self, before: str, printed: str, behind: str, value: float, modifier: str, fact: Fact) -> None:
        sentence = f"{before.capitalize()} {printed} {behind}."
        at = self.say(sentence)
        id_, pid, local = self._next("figure")
        start = at + len(before) + 1
        period = (f"{fact.year}-01-01", f"{fact.year}-12-31") if fact.year else (None, None)
        row: tuple[Any, ...] = (id_, pid, self._number, local, start, start + len(printed), printed, value, "person")
        row += ("level", modifier, "none", "people", fact.measure, fact.place, *period, "[]", fact.modality)
        self._rows["figure"].append((*row, at, at + len(sentence)))

    def end(self) -> None:
        text, number, day = " ".join(self._text), self._number, self._day
        url, fetched = f"https://outlet.example/{number}", f"{day}T12:00:00+00:00"
        self._rows["article"].append((number, self._pid, url, self._outlet, day))
        title = f"Report {number} of {self._outlet}"
        row = (number, public_id(self._pid, "v"), number, 1, title, text, text_hash(text), self._origin)
        self._rows["article_version"].append((*row, "en", day, day, fetched))
        self._rows["extraction_run"].append((number, "bench", "bench", day, "done"))

    def _next(self, kind: str) -> tuple[int, str, str]:
        self._found[kind] += 1
        n = self._found[kind]
        each = CLAIMS if kind == "claim" else FIGURES
        return (self._number - 1) * each + n, public_id(self._pid, kind, n), f"{kind[0]}{n}"


COLUMNS = {
    "article": "id, public_id, url, outlet, first_seen",
    "article_version": "id, public_id, article_id, number, title, text, text_hash, origin, lang, published, "
    "published_on, fetched_at",
    "claim": 'id, public_id, version_id, local_id, kind, start, "end", text, parts, quoted, cue, cue_lemma, mention, '
    "names, speaker_class, role, basis, said_from, said_to, said_on, negated, modality, confidence",
    "claim_speaker": "claim_id, speaker_id, position",
    "figure": 'id, public_id, version_id, local_id, start, "end", text, value, unit, kind, modifier, direction, '
    "counted, measure_id, place, period_from, period_to, names, modality, context_start, context_end",
    "extraction_run": "version_id, model, code, at, status",
}
