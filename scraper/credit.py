"""Which agency an article is credited to: two outlets that print one wire story are one origin, not two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_PATTERNS = Path(__file__).parent / "patterns" / "agencies.yml"
# "Mara Quill, with files from The Canadian Press": the outlet wrote it and used some of the agency's. What stands
# before these words is the credit.
_ASSISTED = re.compile(
    r"\W*\b(?:with (?:\w+ )?(?:files|reporting|material|information) (?:from|by)\b|avec (?:des informations|l[’']).*)",
    re.I,
)
_REPORT_BY = re.compile(r"\bthis (?:report|story|article) by ([^.]{2,60}?) was (?:first|originally) published", re.I)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b)\W*(?:\d{4}\W*)?(.*)", re.I)
_DATELINE = re.compile(r"[^.!?“”\"]{0,60}?[(/]([^()/]{2,40})[)/]\s*(?:[—–-]+|:)")


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
    return next((name for line in lines if (name := _agency(_ASSISTED.split(line)[0]))), None)


def _in_dateline(opening: Iterable[str]) -> str | None:
    dates = (_DATELINE.match(paragraph) for paragraph in opening)
    return next((name for match in dates if match and (name := _agency(match.group(1)))), None)


def _in_closing(paragraphs: Iterable[str]) -> str | None:
    """ "This report by The Canadian Press was first published …", "© 2024 Reuters", "— The Canadian Press"."""
    for paragraph in paragraphs:
        if reported := _REPORT_BY.search(paragraph):
            return _agency(reported.group(1)) or reported.group(1).strip()
        short = _ASSISTED.split(paragraph)[0].strip(" ()—–-*") if len(paragraph) <= 80 else ""
        notice = _COPYRIGHT.match(short)
        if short and (name := _agency(notice.group(1) if notice else short)):
            return name
    return None


def _agency(credit: str) -> str | None:
    """The agency that a credit line names: a full form at its start or end, a short one alone."""
    text = " ".join(credit.split()).strip(" .,;:|·-–—()")
    text = re.sub(r"^(?:by|source|from|par|via)\b:?\s+", "", text, flags=re.I)
    agencies, unlisted = _agencies()
    for agency in agencies:
        if agency.full.search(text) or agency.short.fullmatch(text):
            return agency.name
    return text if unlisted.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class _Agency:
    name: str
    full: re.Pattern[str]
    short: re.Pattern[str]


@lru_cache(maxsize=1)
def _agencies() -> tuple[list[_Agency], re.Pattern[str]]:
    """The listed agencies, and the pattern of a credit to an unlisted one ("Example News Agency")."""
    data = yaml.safe_load(_PATTERNS.read_text(encoding="utf-8"))
    agencies = [
        _Agency(
            entry["name"],
            re.compile(
                rf"(?:^|[,;|/·–—-]\s*|\b(?:by|and|of|for)\s)(?:{_any(entry['forms'])})(?:$|\s*[,;|/·–—-])", re.I
            ),
            # `(?!)` never matches: an agency without a short form.
            re.compile(
                rf"(?:.*[,;|/–—]\s*)?(?:[Tt]he )?(?:{_any(entry['short']) or '(?!)'})(?: (?:[Nn]ews|[Ss]taff))?"
            ),
        )
        for entry in data["agencies"]
    ]
    return agencies, re.compile(rf"(?:[A-Z][\w&.’'-]*\s+){{1,4}}(?:{_any(data['endings'])})")


def _any(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
