"""The rows that are compared, read once from the database into plain values.

Nothing here writes. Everything that depends on an order is sorted by public id, so that a database filled in another
order gives the same links.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one article. `day` is the day of publication, else the day it was fetched."""

    id: int
    public_id: str
    article: str
    number: int
    current: bool
    outlet: str
    title: str
    text: str
    origin: str | None
    lang: str
    day: date

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
    nested: bool

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


@dataclass(frozen=True)
class Records:
    versions: tuple[Version, ...]
    claims: tuple[Claim, ...]
    figures: tuple[Figure, ...]
    claim_by_id: dict[int, Claim] = field(repr=False, default_factory=dict)

    @cached_property
    def histories(self) -> list[list[Version]]:
        """The versions of each article that has several, oldest first."""
        groups: dict[str, list[Version]] = {}
        for version in self.versions:
            groups.setdefault(version.article, []).append(version)
        return [sorted(g, key=lambda v: v.number) for _, g in sorted(groups.items()) if len(g) > 1]

    @cached_property
    def claims_of(self) -> dict[int, list[Claim]]:
        out: dict[int, list[Claim]] = {}
        for claim in sorted(self.claims, key=lambda c: (c.start, c.end, c.public_id)):
            out.setdefault(claim.version.id, []).append(claim)
        return out

    @cached_property
    def figures_of(self) -> dict[int, list[Figure]]:
        out: dict[int, list[Figure]] = {}
        for figure in sorted(self.figures, key=lambda f: (f.start, f.end, f.public_id)):
            out.setdefault(figure.version.id, []).append(figure)
        return out


def load(db: Database) -> Records:
    """All versions, claims and figures, each list sorted by public id."""
    versions = {v.id: v for v in (_version(row) for row in db.query(VERSIONS))}
    claims = {c.id: c for c in (_claim(row, versions) for row in db.query(CLAIMS))}
    figures = [_figure(row, versions, claims) for row in db.query(FIGURES)]
    return Records(
        tuple(sorted(versions.values(), key=lambda v: v.public_id)),
        tuple(sorted(claims.values(), key=lambda c: c.public_id)),
        tuple(sorted(figures, key=lambda f: f.public_id)),
        claims,
    )


VERSIONS = """
SELECT v.id, v.public_id, a.public_id AS article, v.number, a.current_version IS v.id AS current,
       coalesce(a.outlet, a.url, a.public_id) AS outlet, coalesce(v.title, '') AS title, v.text, v.origin,
       coalesce(v.lang, 'en') AS lang, coalesce(v.published_on, substr(v.published, 1, 10)) AS published_on,
       v.fetched_at
FROM article_version v JOIN article a ON a.id = v.article_id
"""

CLAIMS = "SELECT * FROM claim"

FIGURES = """
SELECT f.*, m.key AS measure, m.definition IS NOT NULL AS defined
FROM figure f LEFT JOIN measure m ON m.id = f.measure_id
"""


def _version(row: dict) -> Version:
    return Version(
        row["id"],
        row["public_id"],
        row["article"],
        row["number"],
        bool(row["current"]),
        row["outlet"],
        row["title"],
        row["text"],
        row["origin"],
        row["lang"][:2].lower(),
        _day(row["published_on"]) or _day(row["fetched_at"]) or date.min,
    )


def _claim(row: dict, versions: dict[int, Version]) -> Claim:
    start, end = _day(row["said_from"]), _day(row["said_to"])
    said = (start or end, end or start) if start or end else None
    return Claim(
        row["id"],
        row["public_id"],
        versions[row["version_id"]],
        row["kind"],
        row["start"],
        row["end"],
        row["text"],
        tuple((a, b) for a, b in json.loads(row["quoted"])),
        tuple(json.loads(row["names"])),
        row["speaker_class"],
        row["role"],
        row["basis"],
        said,  # type: ignore[arg-type]
        bool(row["negated"]),
        row["modality"],
        row["nested_in"] is not None,
    )


def _figure(row: dict, versions: dict[int, Version], claims: dict[int, Claim]) -> Figure:
    start, end = _day(row["period_from"]), _day(row["period_to"])
    version = versions[row["version_id"]]
    claim = claims.get(row["claim_id"])
    return Figure(
        row["id"],
        row["public_id"],
        version,
        row["start"],
        row["end"],
        row["text"],
        row["value"],
        row["low"],
        row["high"],
        row["unit"],
        row["kind"],
        row["modifier"],
        row["direction"],
        row["counted"],
        row["whole"],
        row["measure"],
        row["place"],
        (start, end) if start or end else None,
        row["claim_id"],
        tuple(json.loads(row["names"])),
        row["modality"],
        claim.day if claim else version.day,
        bool(row["defined"]),
    )


def _day(text: str | None) -> date | None:
    """The day of an ISO 8601 date or instant; None where there is none or it cannot be read."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
