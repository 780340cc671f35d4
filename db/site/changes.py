"""What changed between two versions of an article: paragraphs side by side, the words that differ marked."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from db.site.article import article_and_versions
from db.site.highlight import Mark, differences, highlight, paragraphs
from db.site.pages import Missing, page
from db.site.rows import Reader, Row

TEXT = "SELECT * FROM article_version WHERE article_id = :article AND number = :number"
ALIKE = 0.5  # share of the words that two paragraphs must have in common to be shown as one that was changed
Line = tuple[str, Markup, Markup]  # what happened, before, after


@page("changes.html")
async def changes_page(reader: Reader, request: Any) -> Row:
    found, versions = await article_and_versions(reader, request)
    numbers = [row["number"] for row in versions]
    after = _number(request.args.get("to"), numbers, numbers[-1] if numbers else 0)
    earlier = [n for n in numbers if n < after]
    before = _number(request.args.get("from"), numbers, earlier[-1] if earlier else after)
    old, new = [await reader.one(TEXT, article=found["id"], number=n) for n in (before, after)]
    if old is None or new is None or before == after:
        raise Missing("This article has one version only: there is nothing to compare.")
    lines = changes(old["text"], new["text"])
    return {
        "article": found,
        "versions": versions,
        "old": old,
        "new": new,
        "lines": lines,
        "same": all(what == "same" for what, _, _ in lines) and old["title"] == new["title"],
    }


def changes(old: str, new: str) -> list[Line]:
    """The paragraphs of both texts in order, each with what happened to it: same, changed, removed or added."""
    a = [old[start:end] for start, end in paragraphs(old)]
    b = [new[start:end] for start, end in paragraphs(new)]
    lines: list[Line] = []
    for operation, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if operation == "equal":
            lines += [("same", highlight(text, []), highlight(text, [])) for text in a[i:j]]
        else:
            lines += _replaced(a[i:j], b[k:m])
    return lines


def _replaced(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """Paragraphs that stand in each other's place: each old one goes with the next new one that is like it."""
    lines: list[Line] = []
    nothing, at = Markup(""), 0
    for text in old:
        match = next((n for n in range(at, len(new)) if _alike(text, new[n])), None)
        if match is None:
            lines.append(("removed", highlight(text, []), nothing))
            continue
        lines += [("added", nothing, highlight(other, [])) for other in new[at:match]]
        before, after = differences(text, new[match])
        lines.append(("changed", _marked(text, before), _marked(new[match], after)))
        at = match + 1
    return lines + [("added", nothing, highlight(other, [])) for other in new[at:]]


def _marked(text: str, ranges: tuple[tuple[int, int], ...]) -> Markup:
    return highlight(text, [Mark("", "differs", ranges, linked=False)])


def _alike(a: str, b: str) -> bool:
    return difflib.SequenceMatcher(None, a.split(), b.split(), autojunk=False).ratio() >= ALIKE


def _number(asked: str | None, numbers: Sequence[int], otherwise: int) -> int:
    return int(asked) if asked and asked.isascii() and asked.isdigit() and int(asked) in numbers else otherwise
