"""Articles, versions and findings into rows: one transaction an article, the same rows however often it is repeated.

An article is known by its canonical URL, or by the importer's id where it has none. Another text or another headline is
another version. Findings are upserted on public ids made of the version and the span, so that a repeated extraction
keeps the rows (and the links to them) of what it finds again and removes what it no longer finds.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlite_utils import Database

from db.connect import transaction
from db.decisions import renamed
from db.ids import day, public_id, text_hash, utc, utc_now
from db.rows import paragraph, record_extraction, replace_rows, save_measures
from db.speakers import SpokenBy, save_speakers, speakers_of

if TYPE_CHECKING:
    from extract.findings import Claim, DateMention, Figure, Findings, Span
    from scraper.article import Article
    from scraper.page import Page

Outcome = Literal["new", "changed", "unchanged"]


class BadArticle(ValueError):
    """An article that cannot be stored, by its URL or id, and why."""


class BadSpan(ValueError):
    """A finding whose offsets do not give its own words: a fault of the extraction, never stored."""


@dataclass(frozen=True, slots=True)
class Saved:
    version_id: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Version:
    """What the findings of a version are stored with."""

    id: int
    public_id: str
    text: str
    published_on: str | None


def save_article(
    db: Database, article: Article, page: Page | None = None, *, at: str | None = None, past: bool = False
) -> Saved:
    """Store an article, with the raw page it came from, in one transaction.

    A live page (`page` given) whose text an older version already has brings that version back; an imported object that
    repeats any known version changes nothing. A page of the `past`, older than what is known, never becomes the current
    version of an article that has one. Raises BadArticle.
    """
    _check(article)
    at = utc(article.fetched_at or at or utc_now())
    with transaction(db):
        article_id, article_pid, current = _article(db, article, at)
        pid = public_id(article_pid, text_hash(article.text), article.title or "")
        known = _known_version(db, article_id, article, pid)
        if known is None:
            version_id = _insert_version(db, article, article_id, pid, page, at)
            if current is None or not past:
                _set_current(db, article_id, version_id)
            return Saved(version_id, "new" if current is None else "changed")
        _complete(db, known, article)
        live = page is not None and not past
        if live:
            _set_current(db, article_id, known)
        return Saved(known, "changed" if live and known != current else "unchanged")


def save_page(db: Database, page: Page) -> str:
    """Keep a page as received, compressed, under the SHA-256 of its bytes, which is returned."""
    digest = hashlib.sha256(page.body).hexdigest()
    db.execute(
        "INSERT INTO raw_page(hash, content_type, bytes, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [digest, page.content_type, len(page.body), zlib.compress(page.body)],
    )
    return digest


def save_findings(
    db: Database,
    version_id: int,
    findings: Findings,
    model: str,
    code: str,
    *,
    measures: Mapping[str, Mapping[str, Any]] | None = None,
    at: str | None = None,
) -> None:
    """Store what was found in a version, in one transaction; what was found there before and no longer is goes.

    `measures` is the vocabulary of measures by key: `label`, `definition`, `unit`, `official_url`, each optional.
    Raises BadSpan.
    """
    row = db.execute(
        "SELECT id, public_id, text, published_on FROM article_version WHERE id = ?", [version_id]
    ).fetchone()
    version = _Version(*row)
    findings = renamed(db, version_id, findings)
    with transaction(db):
        claims = _save_claims(db, version, findings.claims)
        keys = {figure.measure for figure in findings.figures if figure.measure}
        figures = _figure_rows(version, findings.figures, claims, save_measures(db, keys, measures or {}))
        replace_rows(db, "figure", version.id, version.public_id, figures)
        replace_rows(db, "date_mention", version.id, version.public_id, _date_rows(version, findings.dates))
        record_extraction(db, version_id, model, code, "done", None, at)


def save_failure(
    db: Database, version_id: int, error: str, model: str, code: str, *, status: str = "failed", at: str | None = None
) -> None:
    """Note that a version was not extracted, and why; findings of an earlier extraction stay.

    `status` is `failed`, or `skipped` for what the pipeline is not made for.
    """
    with transaction(db):
        record_extraction(db, version_id, model, code, status, error, at)


def _check(article: Article) -> None:
    name = article.url or article.id
    if not name:
        raise BadArticle("an article needs a `url` or an `id`")
    if not article.text.strip():
        raise BadArticle(f"{name}: the article has no text")
    for field in (article.text, article.title or "", name):
        if "\x00" in field:
            raise BadArticle(f"{name}: holds a NUL character, so it is not text; save it again as UTF-8")
        try:
            field.encode()
        except UnicodeEncodeError as error:
            raise BadArticle(f"{name!a}: holds half of a surrogate pair at {error.start}; save it as UTF-8") from error


def _article(db: Database, article: Article, at: str) -> tuple[int, str, int | None]:
    """Row id, public id and current version (None when new) of the article."""
    key, value = ("url", article.url) if article.url else ("url IS NULL AND external_id", article.id)
    where = f"SELECT id, public_id, current_version FROM article WHERE {key} = ?"
    found = db.execute(where, [value]).fetchone()
    if found is None:
        pid = public_id("url", article.url) if article.url else public_id("id", article.id)
        db.execute(
            "INSERT INTO article(public_id, url, external_id, outlet, first_seen) VALUES (?, ?, ?, ?, ?)",
            [pid, article.url, article.id, article.outlet, at],
        )
        found = db.execute(where, [value]).fetchone()
    else:
        db.execute(
            "UPDATE article SET outlet = coalesce(outlet, ?), external_id = coalesce(external_id, ?) WHERE id = ?",
            [article.outlet, article.id, found[0]],
        )
    return found


def _known_version(db: Database, article_id: int, article: Article, pid: str) -> int | None:
    """The version that has this text and this headline; a page that lost its headline is no new version."""
    if article.title:
        found = db.execute("SELECT id FROM article_version WHERE public_id = ?", [pid]).fetchone()
    else:
        found = db.execute(
            "SELECT id FROM article_version WHERE article_id = ? AND text_hash = ? ORDER BY number DESC LIMIT 1",
            [article_id, text_hash(article.text)],
        ).fetchone()
    return found and found[0]


def _insert_version(db: Database, article: Article, article_id: int, pid: str, page: Page | None, at: str) -> int:
    row = {
        "public_id": pid,
        "article_id": article_id,
        "title": article.title,
        "text": article.text,
        "text_hash": text_hash(article.text),
        "byline": article.byline,
        "origin": article.origin,
        "lang": article.lang,
        "published": article.published,
        "published_on": day(article.published),
        "published_source": article.published_source,
        "fetched_at": at,
        "page_hash": page and save_page(db, page),
    }
    cursor = db.execute(
        f"""INSERT INTO article_version({", ".join(row)}, number) VALUES ({", ".join(":" + c for c in row)},
            (SELECT 1 + count(*) FROM article_version WHERE article_id = :article_id))""",
        row,
    )
    return int(cursor.lastrowid or 0)


def _complete(db: Database, version_id: int, article: Article) -> None:
    """Fill in what was not known before. A day of publication that appears asks for another extraction, because every
    relative date rests on it."""
    before = db.execute("SELECT published_on FROM article_version WHERE id = ?", [version_id]).fetchone()[0]
    db.execute(
        """UPDATE article_version SET byline = coalesce(byline, ?), origin = coalesce(origin, ?),
           lang = coalesce(lang, ?), published = coalesce(published, ?), published_on = coalesce(published_on, ?),
           published_source = coalesce(published_source, ?) WHERE id = ?""",
        [
            *(article.byline, article.origin, article.lang, article.published, day(article.published)),
            *(article.published_source, version_id),
        ],
    )
    if before is None and day(article.published):
        db.execute("DELETE FROM extraction_run WHERE version_id = ?", [version_id])


def _set_current(db: Database, article_id: int, version_id: int) -> None:
    db.execute("UPDATE article SET current_version = ?, status = 'live' WHERE id = ?", [version_id, article_id])


def _save_claims(db: Database, version: _Version, claims: Iterable[Claim]) -> dict[str, int]:
    """Row ids of the claims by their local ids (c1, c2, ...)."""
    claims = list(claims)
    speakers_before = speakers_of(db, version.id)
    rows = [_claim_row(version, claim) for claim in claims]
    ids = replace_rows(db, "claim", version.id, version.public_id, rows)
    by_local = {claim.id: row_id for claim, row_id in zip(claims, ids, strict=True)}
    for claim in claims:
        if claim.nested_in in by_local:
            db.execute("UPDATE claim SET nested_in = ? WHERE id = ?", [by_local[claim.nested_in], by_local[claim.id]])
    spoken = [_spoken(by_local[claim.id], claim, row) for claim, row in zip(claims, rows, strict=True)]
    save_speakers(db, version.id, spoken, speakers_before)
    return by_local


def _claim_row(version: _Version, claim: Claim) -> dict[str, Any]:
    _check_span(version, claim.content)
    cue, mention, said = claim.cue, claim.speaker.mention, claim.said_on
    for span in (cue, mention):
        if span is not None:
            _check_span(version, span)
    return {
        "local_id": claim.id,
        "kind": claim.kind,
        "start": claim.content.start,
        "end": claim.content.end,
        "text": claim.content.text,
        "parts": json.dumps(claim.parts),
        "quoted": json.dumps(claim.quoted),
        "cue_start": cue and cue.start,
        "cue_end": cue and cue.end,
        "cue": cue and cue.text,
        "cue_lemma": cue and cue.lemma,
        "mention_start": mention and mention.start,
        "mention_end": mention and mention.end,
        "mention": mention and mention.text,
        "names": json.dumps(claim.speaker.names, ensure_ascii=False),
        "speaker_class": claim.speaker.class_,
        "role": claim.speaker.role,
        "basis": claim.speaker.basis,
        "said_from": said and said.start,
        "said_to": said and said.end,
        "said_basis": said and said.basis,
        "said_on": (said and (said.end or said.start)) or version.published_on or "",
        "negated": int(claim.negated),
        "modality": claim.modality,
        "nested_in": None,
        "confidence": float(claim.confidence),
    }


def _spoken(claim_id: int, claim: Claim, row: dict[str, Any]) -> SpokenBy:
    speaker = claim.speaker
    printed = speaker.mention.text if speaker.mention and speaker.basis == "named" and len(speaker.names) == 1 else None
    return SpokenBy(
        claim_id,
        tuple(dict.fromkeys(speaker.names)),
        speaker.class_,
        speaker.role,
        printed,
        row["said_from"] or row["said_on"] or None,
        row["said_to"] or row["said_on"] or None,
    )


def _figure_rows(
    version: _Version, figures: Iterable[Figure], claims: Mapping[str, int], measures: Mapping[str, int]
) -> list[dict[str, Any]]:
    rows = []
    for figure in figures:
        _check_span(version, figure)
        start, end = paragraph(version.text, figure.start, figure.end)
        rows.append(
            {
                "local_id": figure.id,
                **{name: getattr(figure, name) for name in ("start", "end", "text", "value", "low", "high", "unit")},
                **{name: getattr(figure, name) for name in ("kind", "modifier", "direction", "counted", "place")},
                "whole": figure.of,
                "measure_id": measures.get(figure.measure or ""),
                "period_from": figure.period and figure.period.start,
                "period_to": figure.period and figure.period.end,
                "period_basis": figure.period and figure.period.basis,
                "claim_id": claims.get(figure.claim or ""),
                "names": json.dumps(figure.speaker, ensure_ascii=False),
                "modality": figure.modality,
                "unit_basis": figure.basis.unit,
                "counted_basis": figure.basis.counted,
                "place_basis": figure.basis.place,
                "context_start": start,
                "context_end": end,
            }
        )
    return rows


def _date_rows(version: _Version, dates: Iterable[DateMention]) -> list[dict[str, Any]]:
    rows = []
    for mention in dates:
        _check_span(version, mention)
        rows.append(
            {
                **{name: getattr(mention, name) for name in ("start", "end", "text", "type", "value", "anchor")},
                "from_date": mention.from_,
                "to_date": mention.to,
            }
        )
    return rows


def _check_span(version: _Version, span: Span) -> None:
    if version.text[span.start : span.end] != span.text:
        raise BadSpan(f"the text at {span.start}-{span.end} is not {span.text!r}")
