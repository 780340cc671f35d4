"""One link between sources: both printings side by side, the words that differ marked, why they are linked, what kind
of disagreement it is, and who else prints either of them under which origin."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

from db.crosscheck.values import printed_range
from db.site.grades import grade
from db.site.highlight import Mark, differences, highlight, paragraphs
from db.site.pages import Missing, page
from db.site.printings import printings
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
STANDING = "SELECT origins, agrees, conflicts FROM figure_standing WHERE figure_id = :id"
OFFICES = """
SELECT r.role, count(DISTINCT r.claim_id) AS claims, group_concat(DISTINCT a.outlet) AS outlets
FROM claim_speaker cs JOIN speaker_role r ON r.speaker_id = cs.speaker_id
JOIN claim c ON c.id = r.claim_id JOIN article_version v ON v.id = c.version_id JOIN article a ON a.id = v.article_id
WHERE cs.claim_id = :claim AND r.from_date <= :day AND r.to_date >= :day
GROUP BY r.role ORDER BY claims DESC, r.role LIMIT 6
"""
ROWS = {"claim": CLAIM, "figure": FIGURE, "article": ARTICLE}


@page("compare.html")
async def compare_page(reader: Reader, request: Any) -> Row:
    link = await reader.one(LINK, id=request.url_vars["public_id"])
    if link is None:
        raise Missing("No link between sources has this address.")
    sides = [_side(link, "a"), _side(link, "b")]
    changed = differences(sides[0]["text"], sides[1]["text"])
    details = [await reader.one(ROWS[side["kind"]], id=side["id"]) or {} for side in sides]
    for side, detail, ranges in zip(sides, details, changed, strict=True):
        marked = () if link["label"] == "derived" else ranges  # what follows from another is bound to differ from it
        side["printed"] = highlight(side["text"], [Mark("", "differs", marked, linked=False)])
        side |= await _standing(reader, side, detail)
    facts = compared(*details)
    same_words = not any(changed)
    return {
        "link": link,
        "sides": sides,
        "facts": facts,
        "same_words": same_words,
        "grade": grade(link["label"], same_words if link["label"] == "same_quote" else _same_value(facts)),
        "printings": await printings(reader, link),
    }


def _same_value(facts: list[tuple[str, str, str]]) -> bool:
    return any(field == "Value" and first == second for field, first, second in facts)


async def _standing(reader: Reader, side: Row, detail: Row) -> Row:
    """How many origins print a figure or contradict it; the offices under which a speaker was printed for that day."""
    if side["kind"] == "figure":
        return {"standing": await reader.one(STANDING, id=side["id"])}
    if side["kind"] == "claim" and detail["role"]:
        return {"offices": await reader.all(OFFICES, claim=side["id"], day=detail["said_to"] or detail["said_on"])}
    return {}


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
