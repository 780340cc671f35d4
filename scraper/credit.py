"""Which agency an article is credited to: two outlets that print one wire story are one origin, not two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import yaml

_PATTERNS = Path(__file__).parent / "patterns" / "agencies.yml"
# "With files from The Canadian Press" means that the outlet wrote the story and used some of the agency's.
_ASSISTED = re.compile(
    r"\bwith (?:\w+ )?(?:files|reporting|material|information)\b|\bavec (?:des informations|l)", re.I
)


def origin(
    bylines: Iterable[str], paragraphs: Sequence[str], outlet: str | None = None, notices: Iterable[str] = ()
) -> str | None:
    """The agency that bylines, the dateline or a closing credit name; None for an outlet's own copy, which is also
    what an agency's own site prints. `notices` are further credit lines of the page, as its metadata states them.

    >>> origin([], ["OTTAWA (AP) — The minister spoke.", "He left."])
    'The Associated Press'
    >>> origin(["Mara Quill, with files from The Canadian Press"], ["The minister spoke."]) is None
    True
    """
    found = _in_credits((*bylines, *notices)) or _in_dateline(paragraphs[:2]) or _in_closing(paragraphs[-4:])
    return None if found is None or (outlet and found == _agency(outlet)) else found


def _in_credits(lines: Iterable[str]) -> str | None:
    return next((name for line in lines if not _ASSISTED.search(line) and (name := _agency(line))), None)


def _in_dateline(opening: Iterable[str]) -> str | None:
    for paragraph in opening:
        match = re.match(r"[^.!?“”\"]{0,60}?[(/]([^()/]{2,40})[)/]\s*(?:[—–-]+|:)", paragraph)
        if match and (name := _agency(match.group(1))):
            return name
    return None


def _in_closing(paragraphs: Iterable[str]) -> str | None:
    """ "This report by The Canadian Press was first published …", "© 2024 The Canadian Press", "— The Canadian Press"."""
    for paragraph in paragraphs:
        if _ASSISTED.search(paragraph):
            continue
        reported = re.search(
            r"\bthis (?:report|story|article) by ([^.]{2,60}?) was (?:first|originally)", paragraph, re.I
        )
        short = paragraph.strip(" ()—–-*") if len(paragraph) <= 80 else ""
        copyright_line = re.match(r"(?:©|copyright\b)\W*(?:\d{4}\W*)?(.*)", short, re.I)
        credit = reported or copyright_line
        if name := _agency(credit.group(1) if credit else short):
            return name
    return None


def _agency(credit: str) -> str | None:
    """The agency that a credit line names: a full form at its start or end, a short one alone."""
    text = " ".join(credit.split()).strip(" .,;:|·-–—()")
    text = re.sub(r"^(?:by|source|from|par|via)\b:?\s+", "", text, flags=re.I)
    for name, forms, shorts in _agencies():
        if re.search(rf"(?:^|[,;|/·–—-]\s*|\b(?:by|and|of|for)\s)(?:{forms})(?:$|\s*[,;|/·–—-])", text, re.I):
            return name
        if shorts and re.fullmatch(rf"(?:.*[,;|/–—]\s*)?(?:the )?(?:{shorts})(?: (?:news|staff))?", text):
            return name
    return None


@lru_cache(maxsize=1)
def _agencies() -> list[tuple[str, str, str]]:
    """(name, pattern of full forms, pattern of short forms) of each agency."""
    entries = yaml.safe_load(_PATTERNS.read_text(encoding="utf-8"))
    return [(entry["name"], _any(entry["forms"]), _any(entry["short"])) for entry in entries]


def _any(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
