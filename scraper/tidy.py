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


LeftOut = tuple[str, str]
"""Why a line is none of the article's paragraphs, and the line."""


def tidy(lines: Sequence[str], title: str | None, authors: Sequence[str]) -> tuple[list[str], list[LeftOut]]:
    """(kept, left out) of `lines`: the text in its order, without headline, byline and date line above it, captions,
    furniture, lists of other stories below it and what is said about the authors."""
    known = boilerplate()
    reasons = [_furniture(line, known) for line in lines]
    left_out = [(reason, line) for reason, line in zip(reasons, lines, strict=True) if reason]
    kept = [line for reason, line in zip(reasons, lines, strict=True) if not reason]
    ending = _ending(kept, known)
    left_out += [("other stories", line) for line in kept[ending:]]
    kept, opening = _opening(kept[:ending], title, authors)
    left_out += opening
    last = max(len(kept) - _CLOSING, 0)
    lives = [line for n, line in enumerate(kept) if _is_biography(line, authors, n >= last)]
    left_out += [("about the author", line) for line in lives]
    return [line for line in kept if line not in lives], left_out


@lru_cache(maxsize=1)
def boilerplate() -> Boilerplate:
    """The lists of `patterns/boilerplate.yml`."""
    data = yaml.safe_load(_PATTERNS.read_text(encoding="utf-8"))
    lines, captions, endings = (
        re.compile(rf"(?:{'|'.join(data[name])})", re.I) for name in ("lines", "captions", "endings")
    )
    return Boilerplate(lines, captions, endings, re.compile(rf"(?:^|[\s_])(?:{'|'.join(data['classes'])})(?:$|[\s_])"))


def _furniture(line: str, known: Boilerplate) -> str | None:
    # What quotes somebody is never furniture, whatever else it looks like.
    if any(mark in line for mark in "“”«»"):
        return None
    if known.captions.fullmatch(line):
        return "caption"
    return "furniture" if known.lines.fullmatch(line) else None


def _opening(lines: list[str], title: str | None, authors: Sequence[str]) -> tuple[list[str], list[LeftOut]]:
    """Lines up to the last headline, byline or date line at the start are left out, but for what stands between them,
    which may be the summary of the article; the last line of all stays."""
    names = [_letters(name) for name in authors]
    head = [_of_the_head(line, title, names) for line in lines[: min(_OPENING, len(lines) - 1)]]
    left_out = [(reason, line) for reason, line in zip(head, lines, strict=False) if reason]
    kept = [line for reason, line in zip(head, lines, strict=False) if not reason]
    return kept + lines[len(head) :], left_out


def _of_the_head(line: str, title: str | None, names: list[str]) -> str | None:
    if title and _letters(line) == _letters(title):
        return "headline"
    if _is_signature(line, names):
        return "byline"
    return "date line" if _is_date(line) else None


def _is_signature(line: str, names: list[str]) -> bool:
    if len(line) > 160:
        return False
    return visible.is_byline(line) or _letters(line) in names


def _is_date(line: str) -> bool:
    return len(line) <= 60 and not line.endswith(".") and instants.parse(line) is not None


def _ending(lines: list[str], known: Boilerplate) -> int:
    """Where a list of other stories begins, the number of lines when there is none."""
    for at in range(max(len(lines) - _ENDING, 1), len(lines)):
        if known.endings.fullmatch(lines[at]) and not any(_QUOTATION.search(line) for line in lines[at:]):
            return at
    return len(lines)


def _is_biography(line: str, authors: Sequence[str], closing: bool) -> bool:
    """ "Mara Quill is a reporter with the Example.", under or over an article by Mara Quill; of anybody at the end of
    an article when it says how to follow or to reach them."""
    if any(line.startswith(name) for name in authors) and _BIO.search(line):
        return True
    return closing and bool(_ANYBODYS_BIO.match(line)) and not _QUOTATION.search(line)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
