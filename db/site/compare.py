"""One link between sources: both printings side by side, the words that differ marked, and why they are linked."""

from __future__ import annotations

from typing import Any

from db.site.highlight import Mark, differences, highlight, paragraphs
from db.site.pages import Missing, page
from db.site.rows import Reader, Row, end_columns, end_joins, one_end
from db.site.words import names, period, quantity

LINK = f"""
SELECT l.*, {end_columns("a")}, {end_columns("b")}, av.text AS a_body, bv.text AS b_body
FROM link l {end_joins("a", "l.a_kind", "l.a_id")} {end_joins("b", "l.b_kind", "l.b_id")}
WHERE l.public_id = :id
"""
CLAIM = "SELECT * FROM claim WHERE id = :id"
FIGURE = "SELECT f.*, m.label AS measure FROM figure f LEFT JOIN measure m ON m.id = f.measure_id WHERE f.id = :id"
ARTICLE = "SELECT v.*, a.outlet FROM article_version v JOIN article a ON a.id = v.article_id WHERE v.id = :id"
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
    return {"link": link, "sides": sides, "facts": compared(*details), "same_words": not any(changed)}


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


def _described(row: Row) -> dict[str, str]:
    if "counted" in row:
        return {
            "Value": quantity(row),
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
