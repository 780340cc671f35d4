"""One link between sources: both printings side by side, the words that differ marked, why they are linked, what kind
of disagreement it is, and who else prints either of them under which origin."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

from db.crosscheck.values import printed_range
from db.site.highlight import Mark, differences, highlight, paragraphs
from db.site.pages import Missing, page
from db.site.rows import Reader, Row, end_columns, end_joins, one_end
from db.site.words import names, number, period, quantity

LINK = f"""
SELECT l.*, {end_columns("a")}, {end_columns("b")}, av.text AS a_body, bv.text AS b_body
FROM link l {end_joins("a", "l.a_kind", "l.a_id")} {end_joins("b", "l.b_kind", "l.b_id")}
WHERE l.public_id = :id
"""
CLAIM = "SELECT * FROM claim WHERE id = :id"
FIGURE = "SELECT f.*, m.label AS measure FROM figure f LEFT JOIN measure m ON m.id = f.measure_id WHERE f.id = :id"
ARTICLE = "SELECT v.*, a.outlet FROM article_version v JOIN article a ON a.id = v.article_id WHERE v.id = :id"
PRINTINGS = """
WITH near AS (
    SELECT l.label, l.b_kind AS kind, l.b_id AS id FROM link l
    WHERE l.a_kind = :kind AND l.a_id = :id AND l.label = :label
    UNION SELECT l.label, l.a_kind, l.a_id FROM link l WHERE l.b_kind = :kind AND l.b_id = :id AND l.label = :label)
SELECT DISTINCT a.public_id AS article, a.outlet, v.title, v.origin, v.published_on AS published,
       coalesce(c.public_id, f.public_id) AS ref, n.kind
FROM near n LEFT JOIN claim c ON n.kind = 'claim' AND c.id = n.id
LEFT JOIN figure f ON n.kind = 'figure' AND f.id = n.id
JOIN article_version v ON v.id = coalesce(c.version_id, f.version_id) JOIN article a ON a.current_version = v.id
ORDER BY v.published_on, a.outlet LIMIT 30
"""
COPIES = """
SELECT DISTINCT a.public_id AS article, a.outlet FROM link l
JOIN article a ON a.current_version = CASE WHEN l.a_id IN (SELECT id FROM article_version WHERE article_id = :article)
    THEN l.b_id ELSE l.a_id END
WHERE l.label = 'wire_copy' AND (
    (l.a_kind = 'article' AND l.a_id IN (SELECT id FROM article_version WHERE article_id = :article))
    OR (l.b_kind = 'article' AND l.b_id IN (SELECT id FROM article_version WHERE article_id = :article)))
ORDER BY a.outlet LIMIT 30
"""
STANDING = "SELECT origins, agrees, conflicts FROM figure_standing WHERE figure_id = :id"
OFFICES = """
SELECT r.role, count(DISTINCT r.claim_id) AS claims, group_concat(DISTINCT a.outlet) AS outlets
FROM claim_speaker cs JOIN speaker_role r ON r.speaker_id = cs.speaker_id
JOIN claim c ON c.id = r.claim_id JOIN article_version v ON v.id = c.version_id JOIN article a ON a.id = v.article_id
WHERE cs.claim_id = :claim AND r.from_date <= :day AND r.to_date >= :day
GROUP BY r.role ORDER BY claims DESC, r.role LIMIT 6
"""
SAME = {"claim": "same_quote", "figure": "same_figure"}
GRADES = {
    "conflicting_figure": "Contradicts: both cannot be right about the same thing",
    "role_conflict": "Contradicts: one person, one day, two offices",
    "apparent_conflict": "Other definition, place or date: not the same thing",
    "derived": "Arithmetic: one follows from others",
    "wire_copy": "One origin: copies of one text",
    "revised": "Changed: the outlet printed something else before",
}
ROWS = {"claim": CLAIM, "figure": FIGURE, "article": ARTICLE}


@page("compare.html")
async def compare_page(reader: Reader, request: Any) -> Row:
    link = await reader.one(LINK, id=request.url_vars["public_id"])
    if link is None:
        raise Missing("No link between sources has this address.")
    sides = [_side(link, "a"), _side(link, "b")]
    changed = differences(sides[0]["text"], sides[1]["text"])
    for side, ranges in zip(sides, changed, strict=True):
        side["printed"] = highlight(side["text"], [Mark("", "differs", ranges, linked=False)])
    details = [await reader.one(ROWS[side["kind"]], id=side["id"]) or {} for side in sides]
    for side, detail in zip(sides, details, strict=True):
        side |= await _origins(reader, side, detail)
    same_words = not any(changed)
    facts = compared(*details)
    return {
        "link": link,
        "sides": sides,
        "facts": facts,
        "same_words": same_words,
        "grade": grade(link["label"], facts, same_words),
    }


def grade(label: str, facts: list[tuple[str, str, str]], same_words: bool) -> str:
    """What kind of agreement or disagreement a link is, in words: contradicts, other definition or date, rounding."""
    if label == "same_figure":
        value = next(((first, second) for field, first, second in facts if field == "Value"), ("", ""))
        return "Agrees" if value[0] == value[1] else "Rounding: the values agree within what their wording allows"
    if label == "same_quote":
        return "Same words" if same_words else "One utterance, in other words"
    return GRADES.get(label, "")


async def _origins(reader: Reader, side: Row, detail: Row) -> Row:
    """Who else prints this end, under which credit, copies of its article, and how many origins that makes."""
    if side["kind"] == "article":
        return {}
    version = await reader.one("SELECT article_id FROM article_version WHERE id = :id", id=detail["version_id"])
    label = SAME[side["kind"]]
    found: Row = {
        "printings": await reader.all(PRINTINGS, kind=side["kind"], id=side["id"], label=label),
        "copies": await reader.all(COPIES, article=(version or {}).get("article_id")),
    }
    if side["kind"] == "figure":
        found["standing"] = await reader.one(STANDING, id=side["id"])
    elif detail["role"]:
        found["offices"] = await reader.all(OFFICES, claim=side["id"], day=detail["said_to"] or detail["said_on"])
    return found


def compared(a: Row, b: Row) -> list[tuple[str, str, str]]:
    """What is known of the two printings, field by field: (field, first, second), without fields that both lack."""
    rows = zip(_described(a).items(), _described(b).items(), strict=False)
    if _described(a).keys() != _described(b).keys():
        return []
    return [(field, first, second) for (field, first), (_, second) in rows if first or second]


def _side(link: Row, side: str) -> Row:
    found = one_end(link, side)
    return found | {"context": _context(found) if found["kind"] != "article" else None}


def _context(side: Row) -> Any:
    """The paragraph the words stand in, or the first of several, with the words marked."""
    for start, end in paragraphs(side["body"]):
        if start <= side["start"] < end:
            mark = Mark("", side["kind"], ((side["start"], side["end"]),), linked=False)
            return highlight(side["body"], [mark], start, end)
    return None


def _allowed(figure: Row) -> str:
    """The interval that the written precision and the hedge leave: "576,850,000 – 576,950,000", "from 3,000"."""
    found = printed_range(cast(Any, SimpleNamespace(**figure, type=figure["kind"])))
    if found is None or found.low == found.high:
        return ""
    low, high = (None if math.isinf(end) else number(end) for end in (found.low, found.high))
    return f"{low} – {high}" if low and high else f"from {low}" if low else f"up to {high}" if high else ""


def _described(row: Row) -> dict[str, str]:
    if "counted" in row:
        return {
            "As printed": row["text"],
            "Value": quantity(row),
            "The wording allows": _allowed(row),
            "Kind": row["kind"].replace("_", " "),
            "Direction": "" if row["direction"] == "none" else row["direction"],
            "Measure": row["measure"] or "",
            "Counted": row["counted"] or "",
            "Of": row["whole"] or "",
            "Place": row["place"] or "",
            "Period": period(row["period_from"], row["period_to"]),
            "Said by": names(row["names"]),
            "Modality": row["modality"],
        }
    if "cue" in row:
        return {
            "Speaker": names(row["names"]) or row["mention"] or "",
            "Office": row["role"] or "",
            "Quotation": row["kind"],
            "Reporting word": row["cue"] or "",
            "Said": period(row["said_from"], row["said_to"]),
            "Modality": row["modality"] + (", negated" if row["negated"] else ""),
        }
    return {field: row.get(field.lower()) or "" for field in ("Byline", "Origin", "Published")}
