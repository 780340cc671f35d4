"""How the tables are made, how often they are wrong by our own evaluation, and how to report a wrong link."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from db.site.grades import CONTRADICTS, DIFFERENCES, OTHER, ROUNDING
from db.site.pages import page
from db.site.rows import Reader, Row

MODEL = Path(__file__).parents[2] / "extract" / "model" / "meta.json"
EXAMPLES = {
    CONTRADICTS.name: "“41,200 asylum claims in 2031” and “39,800 asylum claims in 2031”, of the same place",
    OTHER.name: "“41,200 claims” of a calendar year and “39,800 claims” of a fiscal year",
    ROUNDING.name: "“41,200” and “about 41,000”",
}
LABELS = {  # as the table of links names them
    CONTRADICTS.name: ("conflicting_figure", "role_conflict"),
    OTHER.name: ("apparent_conflict",),
    ROUNDING.name: ("same_figure",),
}
MADE_BY = """SELECT model, code, count(*) AS versions, max(at) AS last FROM extraction_run WHERE status = 'done'
GROUP BY model, code ORDER BY last DESC LIMIT 10"""


@page("method.html")
async def method_page(reader: Reader, request: Any) -> Row:
    return {
        "model": shipped(),
        "report": reader.setting("report"),
        "made_by": await reader.all(MADE_BY),
        "grades": [(grade, EXAMPLES[grade.name], LABELS[grade.name]) for grade in DIFFERENCES],
    }


@lru_cache(maxsize=1)
def shipped() -> Row:
    """The model that ships with this code: `version` and `scores`, (what was judged on which texts) → score by name,
    as the evaluation that is part of the project printed them."""
    found = json.loads(MODEL.read_text(encoding="utf-8"))
    return {"version": found["version"], "scores": found["scores"]}
