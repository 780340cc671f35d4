"""Paragraphs → the article's paragraphs: without the lines that a template, not the reporter, put among them.

The lists are in `patterns/boilerplate.yml`. Rules of form alone ("short and without a full stop") are not used: they
cost more paragraphs than they remove junk. A line is dropped only for what it says or where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from scraper import instants, visible

_PATTERNS = Path(__file__).parent / "patterns" / "boilerplate.yml"
_OPENING = 6  # lines among which headline, byline and date may stand before the text
_CLOSING = 3  # lines from the end among which a life of somebody stands who is not named as an author
_ENDING = 8  # lines from the end among which a list of other stories may begin
_QUOTATION = re.compile(r"[“«][^”»]*(?:\s\S+){3}[^”»]*[”»]?")  # four words or more: scare quotes are none
_ANYBODYS_BIO = re.compile(
    r"""(?:[A-Z][\w.’'-]+\s){2,4}is\s(?:an?|the)\s.{0,80}\b(?:writer|reporter|editor|journalist|correspondent|columnist|producer)\b
      .{0,300}\b(?i:follow|contact|reach|e-?mail|write\sto)\s(?:him|her|them|[A-Z]\w+)\s(?:on|at|via)\b""",
    re.X,
)
_BIO = re.compile(
    r"\bis (?:an?|the)\b.{0,80}\b(?:writer|reporter|editor|journalist|correspondent|columnist|producer)\b"
)


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """The compiled lists."""

    lines: re.Pattern[str]
    captions: re.Pattern[str]
    endings: re.Pattern[str]
    classes: re.Pattern[str]


def tidy(lines: Sequence[str], title: str | None, authors: Sequence[str]) -> list[str]:
    """`lines` in their order without headline, byline and date line above the text, captions, furniture, lists of other
    stories below it and what is said about the authors."""
    known = boilerplate()
    kept = [line for line in lines if not _is_furniture(line, known)]
    kept = _without_ending(kept, known)
    kept = _without_opening(kept, title, authors)
    last = max(len(kept) - _CLOSING, 0)
    return [line for n, line in enumerate(kept) if not _is_biography(line, authors, n >= last)]


@lru_cache(maxsize=1)
def boilerplate() -> Boilerplate:
    """The lists of `patterns/boilerplate.yml`."""
    data = yaml.safe_load(_PATTERNS.read_text(encoding="utf-8"))
    lines, captions, endings = (
        re.compile(rf"(?:{'|'.join(data[name])})", re.I) for name in ("lines", "captions", "endings")
    )
    return Boilerplate(lines, captions, endings, re.compile(rf"(?:^|[\s_])(?:{'|'.join(data['classes'])})(?:$|[\s_])"))


def _is_furniture(line: str, known: Boilerplate) -> bool:
    # What quotes somebody is never furniture, whatever else it looks like.
    if any(mark in line for mark in "“”«»"):
        return False
    return bool(known.lines.fullmatch(line) or known.captions.fullmatch(line))


def _without_opening(lines: list[str], title: str | None, authors: Sequence[str]) -> list[str]:
    """Lines up to the last headline, byline or date line at the start; the last line of all stays."""
    names = [_letters(name) for name in authors]
    start = 0
    for at, line in enumerate(lines[: min(_OPENING, len(lines) - 1)]):
        if (title and _letters(line) == _letters(title)) or _is_signature(line, names) or _is_date(line):
            start = at + 1
    # What stands between headline and date line may be the summary of the article: it stays.
    between = [line for line in lines[:start] if _is_text(line, title, names)]
    return between + lines[start:]


def _is_text(line: str, title: str | None, names: list[str]) -> bool:
    headline = bool(title) and _letters(line) == _letters(title or "")
    return not (headline or _is_signature(line, names) or _is_date(line))


def _is_signature(line: str, names: list[str]) -> bool:
    if len(line) > 160:
        return False
    return visible.is_byline(line) or _letters(line) in names


def _is_date(line: str) -> bool:
    return len(line) <= 60 and not line.endswith(".") and instants.parse(line) is not None


def _without_ending(lines: list[str], known: Boilerplate) -> list[str]:
    for at in range(max(len(lines) - _ENDING, 1), len(lines)):
        if known.endings.fullmatch(lines[at]) and not any(_QUOTATION.search(line) for line in lines[at:]):
            return lines[:at]
    return lines


def _is_biography(line: str, authors: Sequence[str], closing: bool) -> bool:
    """ "Mara Quill is a reporter with the Example.", under or over an article by Mara Quill; of anybody at the end of
    an article when it says how to follow or to reach them."""
    if any(line.startswith(name) for name in authors) and _BIO.search(line):
        return True
    return closing and bool(_ANYBODYS_BIO.match(line)) and not _QUOTATION.search(line)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
