"""Links into an outlet's own page, to the words themselves (https://wicg.github.io/scroll-to-text-fragment/)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from db.site.words import web_url

WHOLE = 12  # words; of more than that the first and the last are given
BESIDE = 3  # words before and behind, so that the right one of several places is found


def words_at(url: Any, body: str, start: int, end: int) -> str | None:
    """The address of an article with a text fragment: a browser that knows it shows the page at `body[start:end]` (the
    text as stored), any other shows the page. None where the address is no absolute http(s) one.

    >>> words_at("https://a.example/x", "It rose. It cost $5-7 then, they said.", 17, 21)
    'https://a.example/x#:~:text=rose.%20It%20cost-,%245%2D7,-then%2C%20they%20said.'
    """
    address = web_url(url)
    words = body[start:end].split()
    if address is None or not words:
        return address
    parts = [_directive(part) for part in ([words] if len(words) <= WHOLE else [words[:5], words[-5:]])]
    before = body[:start].rpartition("\n")[2].split()[-BESIDE:]
    after = body[end:].partition("\n")[0].split()[:BESIDE]
    if before and body[start - 1].isspace():
        parts.insert(0, _directive(before) + "-")
    if after and body[end].isspace():
        parts.append("-" + _directive(after))
    return f"{address}{'' if '#' in address else '#'}:~:text={','.join(parts)}"


def _directive(words: Sequence[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")
