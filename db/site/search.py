"""Search over what was said and over whole articles, best match first, with the words found marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from datasette.database import QueryInterrupted

from db.site.beside import with_printings, with_speakers
from db.site.highlight import SNIPPET_CLOSE, SNIPPET_OPEN, snippet
from db.site.pages import page, page_number
from db.site.rows import Reader, Row

PAGE = 20
LAST_PAGE = 50
COUNTED = 1000
MAX_QUERY, MAX_TERMS = 200, 12
KINDS = ("direct", "indirect", "mixed")
MODALITIES = ("asserted", "demanded", "projected", "possible", "denied")

OUTLETS = "SELECT DISTINCT outlet FROM article WHERE outlet IS NOT NULL ORDER BY outlet LIMIT 500"
CLAIM_COLUMNS = """c.public_id AS id, c.kind, c.modality, c.negated, c.role, c.names, c.mention, c.said_on, c.text,
    a.public_id AS article, a.outlet, v.title, v.published_on AS published"""
ARTICLE_COLUMNS = """a.public_id AS article, a.outlet, v.title, v.byline, v.published_on AS published,
    substr(v.text, 1, 280) AS text"""
BY_SPEAKER = """c.id IN (SELECT cs.claim_id FROM claim_speaker cs JOIN speaker s ON s.id = cs.speaker_id
    WHERE s.name LIKE :speaker ESCAPE '\\'
       OR s.id IN (SELECT speaker_id FROM speaker_alias WHERE alias LIKE :speaker ESCAPE '\\'))"""


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks, as given in the address; absent parts are empty strings."""

    text: str = ""
    scope: str = "claims"
    speaker: str = ""
    outlet: str = ""
    kind: str = ""
    modality: str = ""
    since: str = ""
    until: str = ""
    page: int = 1

    @classmethod
    def of(cls, arguments: Any) -> Question:
        def get(name: str) -> str:
            return (arguments.get(name) or "").replace("\0", "").strip()[:MAX_QUERY]

        return cls(
            text=get("q"),
            scope="articles" if get("in") == "articles" else "claims",
            speaker=get("speaker"),
            outlet=get("outlet"),
            kind=get("kind") if get("kind") in KINDS else "",
            modality=get("modality") if get("modality") in MODALITIES else "",
            since=_day(get("since")),
            until=_day(get("until")),
            page=page_number(arguments.get("page"), LAST_PAGE),
        )

    @property
    def asks(self) -> bool:
        return any((self.text, self.speaker, self.outlet, self.kind, self.modality, self.since, self.until))

    @property
    def of_claims(self) -> bool:
        """Whether it asks for something that whole articles do not have."""
        return any((self.speaker, self.kind, self.modality))

    def arguments(self, scope: str, page: int = 1) -> str:
        """The question as the query part of an address, in another scope or on another page."""
        given = {"q": self.text, "in": scope, "outlet": self.outlet, "since": self.since, "until": self.until}
        if scope == "claims":
            given |= {"speaker": self.speaker, "kind": self.kind, "modality": self.modality}
        if page > 1:
            given["page"] = str(page)
        return urlencode({name: value for name, value in given.items() if value or name == "q"})


def fts_query(text: str) -> str:
    """What a reader types as an FTS5 expression that cannot fail: words are all required, "a phrase" stays together,
    a star at the end of a word stands for any ending. Every term is quoted, so no operator of FTS5 is reachable.

    >>> fts_query('asylum OR "work permit" reimb* NEAR(')
    '"asylum" "OR" "work permit" "reimb"* "NEAR("'
    """
    terms = []
    for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', text[:MAX_QUERY].replace("\0", " ")):
        term = phrase or word.rstrip("*")
        if any(character.isalnum() for character in term):
            terms.append('"' + term.replace('"', '""') + '"' + ("*" if word.endswith("*") else ""))
    return " ".join(terms[:MAX_TERMS])


def _day(asked: str) -> str:
    """A day as an address gives it; anything that is none is left aside."""
    try:
        return date.fromisoformat(asked).isoformat() if len(asked) == 10 else ""
    except ValueError:
        return ""


def claims_sql(question: Question) -> tuple[str, Row]:
    """FROM, WHERE and their parameters for the claims asked for; columns, order and limit are the caller's."""
    joins = "JOIN article_version v ON v.id = c.version_id JOIN article a ON a.id = v.article_id"
    return _matching("claim_fts", "claim c", "c.id", joins, question)


def articles_sql(question: Question) -> tuple[str, Row]:
    joins = "JOIN article a ON a.current_version = v.id"
    return _matching("article_version_fts", "article_version v", "v.id", joins, question)


@page("search.html")
async def search_page(reader: Reader, request: Any) -> Row:
    question = Question.of(request.args)
    outlets = [row["outlet"] for row in await reader.kept(OUTLETS)]
    context: Row = {"question": question, "kinds": KINDS, "modalities": MODALITIES, "outlets": outlets, "size": PAGE}
    return context | (await _answer(reader, question) if question.asks else {})


async def _answer(reader: Reader, question: Question) -> Row:
    try:
        rows = await _rows(reader, question)
        counts = {"claims": await _count(reader, claims_sql(question))}
        if not question.of_claims:
            counts["articles"] = await _count(reader, articles_sql(question))
    except QueryInterrupted:
        return {"too_slow": True}
    more = len(rows) > PAGE and question.page < LAST_PAGE
    return {"rows": rows[:PAGE], "counts": counts, "next": question.page + 1 if more else None}


async def _rows(reader: Reader, question: Question) -> list[Row]:
    in_claims = question.scope == "claims"
    source, parameters = claims_sql(question) if in_claims else articles_sql(question)
    columns = CLAIM_COLUMNS if in_claims else ARTICLE_COLUMNS
    order = "c.said_on DESC, c.id" if in_claims else "v.published_on DESC, v.id"
    if "match" in parameters:
        table, column = ("claim_fts", 0) if in_claims else ("article_version_fts", 1)
        columns += f", snippet({table}, {column}, :open, :close, '…', 40) AS snippet"
        parameters |= {"open": SNIPPET_OPEN, "close": SNIPPET_CLOSE}
        order = f"{table}.rank"
    sql = f"SELECT {columns} {source} ORDER BY {order} LIMIT {PAGE + 1} OFFSET :skip"
    rows = await reader.all(sql, **parameters, skip=(question.page - 1) * PAGE)
    for row in rows:
        row["shown"] = snippet(row.get("snippet") or row["text"])
    return await with_printings(reader, await with_speakers(reader, rows)) if in_claims else rows


async def _count(reader: Reader, source: tuple[str, Row]) -> int:
    found = await reader.one(f"SELECT count(*) AS n FROM (SELECT 1 {source[0]} LIMIT {COUNTED + 1})", **source[1])
    return found["n"] if found else 0


def _matching(fts: str, table: str, key: str, joins: str, question: Question) -> tuple[str, Row]:
    where: list[str] = []
    parameters: Row = {}
    match = fts_query(question.text)
    origin = f"FROM {table}"
    if match:
        origin = f"FROM {fts} JOIN {table} ON {key} = {fts}.rowid"
        where.append(f"{fts} MATCH :match")
        parameters["match"] = match
    elif question.text:
        where.append("0")  # nothing but punctuation was typed: no words, no matches
    if table.startswith("claim"):
        where.append("c.current = 1")
    if question.outlet:
        where.append("c.outlet = :outlet" if table.startswith("claim") else "a.outlet = :outlet")
        parameters["outlet"] = question.outlet
    if question.speaker and table.startswith("claim"):
        where.append(BY_SPEAKER)
        parameters["speaker"] = "%" + re.sub(r"([%_\\])", r"\\\1", question.speaker) + "%"
    for name in ("kind", "modality"):
        if getattr(question, name) and table.startswith("claim"):
            where.append(f"c.{name} = :{name}")
            parameters[name] = getattr(question, name)
    day = "c.said_on" if table.startswith("claim") else "v.published_on"
    for name, compared in (("since", ">="), ("until", "<=")):
        if getattr(question, name):
            where.append(f"substr({day}, 1, 10) {compared} :{name}")
            parameters[name] = getattr(question, name)
    return f"{origin} {joins} WHERE {' AND '.join(where) or '1'}", parameters
