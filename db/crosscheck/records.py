"""The rows that are compared, as plain values, read from the database as they are asked for.

Nothing here writes. Lists are in the order of the text, or sorted by public id, so that a database filled in another
order gives the same links.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlite_utils import Database

from .recent import Recent


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one article. `article` is the article's public id; `day` the day of publication, else the day it
    was fetched. The text is read when it is asked for."""

    id: int
    public_id: str
    article: str
    number: int
    current: bool
    outlet: str
    title: str
    texts: _Texts = field(repr=False, compare=False)
    origin: str | None
    lang: str
    day: date

    @property
    def text(self) -> str:
        return self.texts[self.id]

    @property
    def kind(self) -> str:
        return "article"


@dataclass(frozen=True, slots=True)
class Claim:
    """`said` is the interval of days in which it was said, None where the article does not let one tell."""

    id: int
    public_id: str
    version: Version
    type: str
    start: int
    end: int
    text: str
    quoted: tuple[tuple[int, int], ...]
    names: tuple[str, ...]
    speaker_class: str
    role: str | None
    basis: str
    said: tuple[date, date] | None
    negated: bool
    modality: str

    @property
    def kind(self) -> str:
        return "claim"

    @property
    def day(self) -> date:
        return self.said[1] if self.said else self.version.day


@dataclass(frozen=True, slots=True)
class Figure:
    """`as_of` is the day a figure without a period speaks for: that of its claim, else of its article. `defined`: its
    measure has a definition, and is no key made of the words of its phrase."""

    id: int
    public_id: str
    version: Version
    start: int
    end: int
    text: str
    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    type: str
    modifier: str
    direction: str
    counted: str | None
    whole: str | None
    measure: str | None
    place: str | None
    period: tuple[date | None, date | None] | None
    claim: int | None
    names: tuple[str, ...]
    modality: str
    as_of: date
    defined: bool = True

    @property
    def kind(self) -> str:
        return "figure"


End = Version | Claim | Figure
KEPT = {"version": 150_000, "claim": 10_000, "figure": 15_000, "text": 1_000}  # twice as many may be held
T = TypeVar("T", Version, Claim, Figure)


class Records:
    """Versions, claims and figures by row id. Those that were read lately are kept."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._texts = _Texts(db)
        self._versions = _Table[Version](db, VERSIONS, "v.id", self._version, KEPT["version"])
        self._claims = _Table[Claim](db, CLAIMS, "c.id", self._claim, KEPT["claim"])
        self._figures = _Table[Figure](db, FIGURES, "f.id", self._figure, KEPT["figure"])

    def versions(self, ids: Iterable[int]) -> dict[int, Version]:
        return self._versions.get(ids)

    def claims(self, ids: Iterable[int]) -> dict[int, Claim]:
        """Ids that are no longer there are left out, here and in `figures`."""
        return self._claims.get(ids)

    def figures(self, ids: Iterable[int]) -> dict[int, Figure]:
        return self._figures.get(ids)

    def claims_of(self, version: Version) -> list[Claim]:
        """In the order of the text."""
        return self._found_in("claim", version, self.claims)

    def figures_of(self, version: Version) -> list[Figure]:
        return self._found_in("figure", version, self.figures)

    def read_ahead(self, versions: Iterable[int]) -> None:
        """Read versions with their texts, claims and figures in few queries."""
        ids = json.dumps(list(versions))
        self.versions(json.loads(ids))
        for version, text in self._db.execute(f"SELECT id, text FROM article_version WHERE id IN {LISTED}", [ids]):
            self._texts.keep(version, text)
        for table, read in (("claim", self.claims), ("figure", self.figures)):
            read(i for (i,) in self._db.execute(f"SELECT id FROM {table} WHERE version_id IN {LISTED}", [ids]))

    def _found_in(self, table: str, version: Version, read: Any) -> list[Any]:
        rows = self._db.execute(f"SELECT id FROM {table} WHERE version_id = ?", [version.id])
        return sorted(read(i for (i,) in rows).values(), key=lambda x: (x.start, x.end, x.public_id))

    def _version(self, rows: list[tuple]) -> Iterable[Version]:
        for id_, public_id, article, number, current, outlet, title, origin, lang, published, fetched in rows:
            day = _day(published) or _day(fetched) or date.min
            shared = (self._texts, origin, lang[:2].lower(), day)
            yield Version(id_, public_id, article, number, bool(current), outlet, title, *shared)

    def _claim(self, rows: list[tuple]) -> Iterable[Claim]:
        versions = self.versions(row[2] for row in rows)
        for id_, public_id, version, *about, quoted, names, class_, role, basis, start, end, negated, modality in rows:
            spans = tuple((a, b) for a, b in json.loads(quoted))
            who = (tuple(json.loads(names)), class_, role, basis)
            row: tuple[Any, ...] = (*about, spans, *who, _interval(start, end), bool(negated), modality)
            yield Claim(id_, public_id, versions[version], *row)

    def _figure(self, rows: list[tuple]) -> Iterable[Figure]:
        versions = self.versions(row[2] for row in rows)
        for id_, public_id, version, *about, start, end, claim, names, modality, defined, said, until in rows:
            first, last = _day(start), _day(end)
            period = (first, last) if first or last else None
            as_of = _interval(said, until)
            day = as_of[1] if as_of else versions[version].day
            row: tuple[Any, ...] = (*about, period, claim, tuple(json.loads(names)), modality, day, bool(defined))
            yield Figure(id_, public_id, versions[version], *row)


class _Table(Generic[T]):
    def __init__(self, db: Database, query: str, key: str, made: Any, kept: int) -> None:
        self._db, self._query, self._made = db, f"{query} WHERE {key} IN {LISTED}", made
        self._kept: Recent[int, T] = Recent(kept)

    def get(self, ids: Iterable[int]) -> dict[int, T]:
        wanted = dict.fromkeys(ids)
        found = self._kept.known(wanted)
        missing = [i for i in wanted if i not in found]
        if missing:
            rows = self._db.execute(self._query, [json.dumps(missing)]).fetchall()
            for thing in self._made(rows):
                found[thing.id] = thing
                self._kept.keep(thing.id, thing)
        return {i: found[i] for i in wanted if i in found}


class _Texts:
    """The texts of versions by their row id."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._kept: Recent[int, str] = Recent(KEPT["text"])

    def keep(self, version: int, text: str) -> None:
        self._kept.keep(version, text)

    def __getitem__(self, version: int) -> str:
        return self._kept.made(version, lambda: self._read(version))

    def _read(self, version: int) -> str:
        return self._db.execute("SELECT text FROM article_version WHERE id = ?", [version]).fetchone()[0]


LISTED = "(SELECT value FROM json_each(?))"

VERSIONS = """
SELECT v.id, v.public_id, a.public_id, v.number, a.current_version IS v.id, coalesce(a.outlet, a.url, a.public_id),
       coalesce(v.title, ''), v.origin, coalesce(v.lang, 'en'), coalesce(v.published_on, v.published), v.fetched_at
FROM article_version v JOIN article a ON a.id = v.article_id
"""

CLAIMS = """
SELECT c.id, c.public_id, c.version_id, c.kind, c.start, c."end", c.text, c.quoted, c.names, c.speaker_class, c.role,
       c.basis, c.said_from, c.said_to, c.negated, c.modality
FROM claim c
"""

FIGURES = """
SELECT f.id, f.public_id, f.version_id, f.start, f."end", f.text, f.value, f.low, f.high, f.unit, f.kind, f.modifier,
       f.direction, f.counted, f.whole, m.key, f.place, f.period_from, f.period_to, f.claim_id, f.names, f.modality,
       m.definition IS NOT NULL, c.said_from, c.said_to
FROM figure f LEFT JOIN measure m ON m.id = f.measure_id LEFT JOIN claim c ON c.id = f.claim_id
"""


def _interval(start: str | None, end: str | None) -> tuple[date, date] | None:
    first, last = _day(start), _day(end)
    if first is None and last is None:
        return None
    return first or last, last or first  # type: ignore[return-value]


@lru_cache(maxsize=20_000)
def _day(text: str | None) -> date | None:
    """The day of an ISO 8601 date or instant; None where there is none or it cannot be read."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
