"""A text as lexemes: digits, words, signs and line ends, each with its place. One linear pass, no backtracking."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A run of digits takes its separators along ("1,200", "17-10" does not); what the run means is decided in Python.
_LEXEME = re.compile(
    r"(?P<num>\d+(?:[.,]\d+)*)"
    r"|(?P<glyph>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])"
    r"|(?P<word>[^\W\d_]+(?:[.'’](?=[^\W\d_])[^\W\d_]+)*)"
    r"|(?P<line>\n)"
    r"|(?P<sign>[^\s\w])"
)
_CHUNK = re.compile(r"\S+")
_GROUP_SPACES = "\u00a0\u202f\u2009"


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of the text; `low` is in lower case with straight apostrophes. `glued`: nothing stands before it."""

    kind: str
    text: str
    start: int
    end: int
    glued: bool
    value: float | None
    low: str

    @classmethod
    def of(cls, kind: str, text: str, start: int, end: int, glued: bool, value: float | None = None) -> Lexeme:
        return cls(kind, text, start, end, glued, value, text.lower().replace("’", "'"))


def lex(text: str) -> list[Lexeme]:
    """All lexemes of `text` in order. Digits inside addresses of pages and mails become signs, never numbers."""
    found: list[Lexeme] = []
    end = -1
    for match in _LEXEME.finditer(text):
        kind = str(match.lastgroup)
        value = _value(match.group()) if kind == "num" else None
        found.append(Lexeme.of(kind, match.group(), match.start(), match.end(), match.start() == end, value))
        end = match.end()
    return _without_addresses(text, _join_groups(text, _join_points(found)))


def _value(digits: str) -> float | None:
    """The number that digits and separators spell, or None for a code ("104.7.1", "12,34", "007")."""
    groups = digits.replace(".", ",").split(",")
    if len(groups) == 1:
        return float(digits) if len(digits) < 16 and not (len(digits) > 1 and digits[0] == "0") else None
    if len(digits) > 30:
        return None
    if digits.count(".") == 1 and "," not in digits:
        return float(digits)
    head, *rest = digits.split(".")[0].split(",")
    grouped = (
        bool(rest) and len(head) <= 3 and head[0] != "0" and all(len(g) in (2, 3) for g in rest) and len(rest[-1]) == 3
    )
    if grouped and digits.count(".") <= 1 and digits.rfind(",") < (digits.find(".") if "." in digits else len(digits)):
        return float(digits.replace(",", ""))
    return None


def _join_points(lexemes: list[Lexeme]) -> list[Lexeme]:
    """A point that opens a word belongs to the digits behind it: ".5"."""
    joined: list[Lexeme] = []
    for lexeme in lexemes:
        last = joined[-1] if joined else None
        if (
            last
            and last.text == "."
            and not last.glued
            and lexeme.kind == "num"
            and lexeme.glued
            and lexeme.text.isdigit()
        ):
            text = "." + lexeme.text
            joined[-1] = Lexeme.of("num", text, last.start, lexeme.end, False, float(text) if len(text) < 16 else None)
        else:
            joined.append(lexeme)
    return joined


def _join_groups(text: str, lexemes: list[Lexeme]) -> list[Lexeme]:
    """Groups of three digits parted by a no-break or thin space are one number ("650 000")."""
    joined: list[Lexeme] = []
    for lexeme in lexemes:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.kind == lexeme.kind == "num"
            and text[last.end : lexeme.start] in _GROUP_SPACES
            and len(lexeme.text) == 3
            and last.value is not None
            and last.value.is_integer()
            and len(last.text) <= 3 + 4 * joined[-1].text.count(" ")
        ):
            value = last.value * 1000 + float(lexeme.text)
            joined[-1] = Lexeme.of("num", last.text + " " + lexeme.text, last.start, lexeme.end, last.glued, value)
        else:
            joined.append(lexeme)
    return joined


def _without_addresses(text: str, lexemes: list[Lexeme]) -> list[Lexeme]:
    """Numbers inside an address ("https://…", "a@b.ca", "www…") or a hashtag lose their value."""
    if "@" not in text and "://" not in text and "www." not in text:
        return lexemes
    chunks = [m.span() for m in _CHUNK.finditer(text) if _is_address(m.group())]
    kept: list[Lexeme] = []
    at = 0
    for lexeme in lexemes:
        while at < len(chunks) and chunks[at][1] <= lexeme.start:
            at += 1
        inside = at < len(chunks) and chunks[at][0] <= lexeme.start
        kept.append(Lexeme.of("sign", lexeme.text, lexeme.start, lexeme.end, lexeme.glued) if inside else lexeme)
    return kept


def _is_address(chunk: str) -> bool:
    return "@" in chunk or "://" in chunk or chunk.startswith("www.")
