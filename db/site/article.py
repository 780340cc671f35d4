"""An article's page: its text with every claim, figure and date marked where it stands, and a list of them beside."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from db.site.highlight import Mark, Range, highlight, paragraphs
from db.site.pages import Missing, page
from db.site.rows import Reader, Row, end_columns, end_joins
from db.site.words import anchor, names, period, quantity, sentence

INHERITED = re.compile(r"^bare|before|heading|vocabulary|pronoun|relative|\((?:sentence|paragraph)\)|^the article")
ARTICLE = "SELECT * FROM article WHERE public_id = :id"
VERSIONS = """
SELECT id, public_id, number, title, published, fetched_at FROM article_version WHERE article_id = :article
ORDER BY number
"""
VERSION = "SELECT * FROM article_version WHERE id = :id"
EXTRACTION = "SELECT * FROM extraction_run WHERE version_id = :version"
CLAIMS = """
SELECT c.*, n.public_id AS nested FROM claim c LEFT JOIN claim n ON n.id = c.nested_in
WHERE c.version_id = :version ORDER BY c.start, c."end" DESC, c.id
"""
SPEAKERS = """
SELECT cs.claim_id, s.public_id AS speaker, s.name FROM claim c JOIN claim_speaker cs ON cs.claim_id = c.id
JOIN speaker s ON s.id = cs.speaker_id WHERE c.version_id = :version ORDER BY cs.claim_id, cs.position
"""
FIGURES = """
SELECT f.*, m.label AS measure, m.key AS measure_key, c.public_id AS claim
FROM figure f LEFT JOIN measure m ON m.id = f.measure_id LEFT JOIN claim c ON c.id = f.claim_id
WHERE f.version_id = :version ORDER BY f.start, f.id
"""
DATES = "SELECT * FROM date_mention WHERE version_id = :version ORDER BY start, id"
SEGMENTS = "SELECT * FROM segment WHERE version_id = :version ORDER BY start"
LEFT_OUT = "SELECT reason, text FROM left_out WHERE version_id = :version ORDER BY number"
LINKS = f"""
WITH mine(kind, id) AS (
    SELECT 'article', :version
    UNION ALL SELECT 'claim', id FROM claim WHERE version_id = :version
    UNION ALL SELECT 'figure', id FROM figure WHERE version_id = :version),
near(link, own_kind, own_id, kind, id) AS (
    SELECT l.id, m.kind, m.id, l.b_kind, l.b_id FROM mine m JOIN link l ON l.a_kind = m.kind AND l.a_id = m.id
    UNION
    SELECT l.id, m.kind, m.id, l.a_kind, l.a_id FROM mine m JOIN link l ON l.b_kind = m.kind AND l.b_id = m.id)
SELECT l.public_id, l.label, l.score, l.explanation, n.own_kind, n.own_id, n.kind AS b_kind, {end_columns("b")}
FROM near n JOIN link l ON l.id = n.link {end_joins("b", "n.kind", "n.id")}
ORDER BY l.label, l.score DESC, l.id LIMIT 500
"""


@page("article.html")
async def article_page(reader: Reader, request: Any) -> Row:
    found, versions = await article_and_versions(reader, request)
    version = await _version(reader, found, versions, request.args.get("version"))
    return {"article": found, "version": version, "versions": versions, **await _found(reader, version)}


async def article_and_versions(reader: Reader, request: Any) -> tuple[Row, list[Row]]:
    """The article of the address, and its versions in order. Raises Missing."""
    found = await reader.one(ARTICLE, id=request.url_vars["public_id"])
    if found is None:
        raise Missing("No article has this address.")
    return found, await reader.all(VERSIONS, article=found["id"])


async def _version(reader: Reader, article: Row, versions: list[Row], asked: str | None) -> Row:
    """The version asked for by its number, the current one without a number."""
    ids = {str(row["number"]): row["id"] for row in versions}
    version = await reader.one(VERSION, id=ids.get(asked) if asked else article["current_version"])
    if version is None:
        raise Missing(f"This article has no version {asked}." if asked else "This article has no text yet.")
    return version


async def _found(reader: Reader, version: Row) -> Row:
    """Claims, figures and dates of a version, each with its links, and the paragraphs they are marked in."""
    claims = await reader.all(CLAIMS, version=version["id"])
    figures = await reader.all(FIGURES, version=version["id"])
    dates = await reader.all(DATES, version=version["id"])
    speakers: dict[int, list[Row]] = defaultdict(list)
    for row in await reader.all(SPEAKERS, version=version["id"]):
        speakers[row["claim_id"]].append(row)
    links: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in await reader.all(LINKS, version=version["id"]):
        links[row["own_kind"], row["own_id"]].append(row)
    for number, claim in enumerate(claims, 1):
        claim |= {"number": number, "speakers": speakers[claim["id"]], "links": links["claim", claim["id"]]}
    for figure in figures:
        days = period(figure["period_from"], figure["period_to"])
        figure |= {"links": links["figure", figure["id"]], "period": days, "inherited": _inherited(figure)}
    for date in dates:
        date["days"] = period(date["from_date"], date["to_date"])
    return {
        "claims": claims,
        "figures": figures,
        "dates": dates,
        "links": links["article", version["id"]],
        "extraction": await reader.one(EXTRACTION, version=version["id"]),
        "updates": {row["start"]: row for row in await reader.all(SEGMENTS, version=version["id"])},
        "left_out": await reader.all(LEFT_OUT, version=version["id"]),
        "paragraphs": marked(version["text"], claims, figures, dates),
    }


def marked(text: str, claims: Iterable[Row], figures: Iterable[Row], dates: Iterable[Row]) -> list[tuple[int, Markup]]:
    """The paragraphs of an article as HTML, its findings marked, each with where it begins."""
    marks = [
        *(_mark(c, "claim", _parts(c), _claim_tip(c), style=c["kind"], number=c["number"]) for c in claims),
        *(_mark(f, "figure", ((f["start"], f["end"]),), _figure_tip(f)) for f in figures),
        *(_mark(d, "date", ((d["start"], d["end"]),), _date_tip(d)) for d in dates),
    ]
    return [(start, highlight(text, marks, start, end)) for start, end in paragraphs(text)]


def _mark(found: Row, kind: str, ranges: tuple[Range, ...], tip: str, **more: Any) -> Mark:
    return Mark(anchor(found["public_id"], kind), kind, ranges, tip=tip, **more)


def _parts(claim: Row) -> tuple[Range, ...]:
    parts = tuple((int(start), int(end)) for start, end in json.loads(claim["parts"]))
    return parts or ((claim["start"], claim["end"]),)


def _claim_tip(claim: Row) -> str:
    return sentence(
        (
            f"Claim {claim['number']}",
            names(claim["names"]) or claim["mention"] or "speaker unknown",
            claim["role"],
            f"“{claim['cue']}”" if claim["cue"] else "",
            claim["modality"],
            "negated" if claim["negated"] else "",
            _elsewhere(claim),
        )
    )


def _figure_tip(figure: Row) -> str:
    counted = sentence((figure["counted"], figure["whole"] and f"of {figure['whole']}"))
    return sentence(("Figure", quantity(figure), counted, figure["place"], figure["period"], _elsewhere(figure)))


def _inherited(figure: Row) -> str:
    """What the amount does not say itself and where that comes from: "place from Meridia (figure before)"."""
    bases = {name: figure[f"{name}_basis"] or "" for name in ("unit", "counted", "place", "period")}
    return ", ".join(f"{name} from {basis}" for name, basis in bases.items() if INHERITED.search(basis))


def _date_tip(date: Row) -> str:
    return sentence(("Date", date["value"], date["days"] if date["days"] != date["value"] else ""))


def _elsewhere(finding: Row) -> str:
    count = len(finding["links"])
    return f"{count} link{'s' * (count != 1)} to other printings" if count else ""
