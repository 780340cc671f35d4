"""A few invented articles in a database, for the tests of the cross-check: rows as extraction would save them."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from db.crosscheck import crosscheck
from db.schema import migrations


class Newsroom:
    """Builds articles, claims and figures whose public ids are readable names."""

    def __init__(self) -> None:
        self.db = Database(memory=True)
        migrations.apply(self.db)
        self.db.execute("PRAGMA foreign_keys = ON")

    def article(self, id: str, text: str, published: str = "2031-03-04", *, of: str = "", **more: Any) -> str:
        """A version called `id`; `of` names the version of the same article that it replaces."""
        known = next(self.db.query("SELECT article_id FROM article_version WHERE public_id = ?", [of]), None)
        if known is None:
            row = {"public_id": f"art-{id}", "url": f"https://{id}.example/1", "outlet": more.pop("outlet", id)}
            article = self.db.table("article").insert(row | {"first_seen": "2031-03-04T10:00:00Z"}).last_pk
        else:
            article = known["article_id"]
        number = (
            1 + self.db.execute("SELECT count(*) FROM article_version WHERE article_id = ?", [article]).fetchone()[0]
        )
        version = {
            "public_id": id,
            "article_id": article,
            "number": number,
            "title": "Shelters",
            "text": text,
            "text_hash": id,
        }
        version |= {"published_on": published, "fetched_at": f"{published}T12:00:00Z"} | more
        pk = self.db.table("article_version").insert(version).last_pk
        self.db.execute("UPDATE article SET current_version = ? WHERE id = ?", [pk, article])
        return id

    def claim(self, id: str, article: str, words: str, *names: str, **more: Any) -> str:
        version, start = self._place(article, words)
        said = more.pop("said", None)
        row = {"public_id": id, "version_id": version, "local_id": id, "kind": "indirect", "start": start}
        row |= {"end": start + len(words), "text": words, "parts": "[]", "names": json.dumps(names), "basis": "named"}
        row |= {"speaker_class": "person" if names else "unknown", "said_from": said, "said_to": said, "said_on": ""}
        row |= {"negated": 0, "modality": "asserted", "confidence": 1.0, "quoted": "[]"}
        self.db.table("claim").insert(row | more)
        return id

    def figure(self, id: str, article: str, words: str, value: float | None, **more: Any) -> str:
        """A figure; `measure` is a key, `period` a pair of days, `names` its speakers, `claim` a public id."""
        version, start = self._place(article, words)
        measure, period = more.pop("measure", "asylum_claims"), more.pop("period", (None, None))
        if measure:
            definition = more.pop("definition", f"How many {measure}")
            self.db.table("measure").insert({"key": measure, "label": measure, "definition": definition}, ignore=True)
            measure = next(self.db.query("SELECT id FROM measure WHERE key = ?", [measure]))["id"]
        claim = next(self.db.query("SELECT id FROM claim WHERE public_id = ?", [more.pop("claim", "")]), {"id": None})[
            "id"
        ]
        row = {"public_id": id, "version_id": version, "local_id": id, "start": start, "end": start + len(words)}
        row |= {"text": words, "value": value, "measure_id": measure, "names": json.dumps(more.pop("names", []))}
        row |= {"unit": "person", "kind": "level", "modifier": "none", "direction": "none", "place": "Meridia"}
        row |= {"period_from": period[0], "period_to": period[1], "modality": "asserted", "claim_id": claim}
        self.db.table("figure").insert(row | more)
        return id

    def links(self, label: str | None = None) -> dict[tuple[str, str, str], dict[str, Any]]:
        """Runs the cross-check; (label, smaller id, larger id) → row of the view `links`."""
        crosscheck(self.db)
        rows = self.db.query("SELECT * FROM links")
        return {(r["label"], *sorted((r["a_id"], r["b_id"]))): r for r in rows if label in (None, r["label"])}

    def standing(self, figure: str) -> tuple[int, int, int]:
        sql = "SELECT origins, agrees, conflicts FROM figure_standing JOIN figure ON id = figure_id WHERE public_id = ?"
        return self.db.execute(sql, [figure]).fetchone()

    def _place(self, article: str, words: str) -> tuple[int, int]:
        row = next(self.db.query("SELECT id, text FROM article_version WHERE public_id = ?", [article]))
        assert words in row["text"], f"{article} does not print {words!r}"
        return row["id"], row["text"].index(words)
