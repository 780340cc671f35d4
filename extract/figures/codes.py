"""Numbers that are part of a name or a code, so that no quantity is there at all.

Letters against the digits, phone and file numbers, street addresses, labels ("Bill 96"), names ("iPhone 11").
"""

from __future__ import annotations

from collections.abc import Sequence

from .lexer import Lexeme
from .lexicon import Lexicon
from .numbers import HYPHENS, text_at, word_at

_JOINERS = HYPHENS | {"/", ":", "."}


def code(lx: Sequence[Lexeme], start: int, end: int, has_unit: bool, words: Lexicon) -> int:
    """Where to go on after a number that is a code or a name, 0 where it may be a quantity."""
    for rule in (_glued, _joined, _address, _labelled, _named):
        after = rule(lx, start, end, has_unit, words)
        if after:
            return after
    return 0


def _glued(lx: Sequence[Lexeme], start: int, end: int, has_unit: bool, words: Lexicon) -> int:
    """Letters against the digits: "COVID-19", "M21", "G7", "22nd", "30s", "1Y4"."""
    if lx[start].kind != "num":
        return end if _inside_word(lx, start) else 0
    if end < len(lx) and lx[end].kind == "word" and lx[end].glued:
        return end + 1
    if not lx[start].glued or start == 0:
        return 0
    before = lx[start - 1]
    if before.kind == "word" and not has_unit:
        return end
    if before.kind == "word" and before.text not in words.currency_prefixes:
        return end
    if before.text in HYPHENS and before.glued and start > 1 and lx[start - 2].kind == "word":
        return 0 if lx[start - 2].low in ("a", "an", "mid", "sub", "us") else end
    return end if before.text == "#" else 0


def _inside_word(lx: Sequence[Lexeme], start: int) -> bool:
    """A number word that is part of a longer word or of a name: "production-four-door", "Kick Six", "Big Ten"."""
    before = lx[start - 1] if start else None
    if before is None:
        return False
    if lx[start].glued and before.text in HYPHENS and before.glued:
        return start > 1 and lx[start - 2].kind == "word" and lx[start - 2].low not in ("a", "sub")
    name = lx[start].text[0].isupper() and lx[start].text[1:].islower()
    return name and before.kind == "word" and before.text[0].isupper() and lx[start].start - before.end == 1


def _joined(lx: Sequence[Lexeme], start: int, end: int, has_unit: bool, words: Lexicon) -> int:
    """Phone, file and table numbers ("418-555-0107", "17-10-0121", "2024-118"), times (10:45), scores (5-3), dates."""
    if lx[start].kind != "num" or (end == start + 3 and lx[start + 1].text == "/" and word_at(lx, end) == "of"):
        return 0  # "1/2 of the boats"
    parts, at = [start], start
    links: list[str] = []
    while (
        at + 2 < len(lx)
        and lx[at + 1].text in _JOINERS
        and lx[at + 1].glued
        and lx[at + 2].glued
        and lx[at + 2].kind == "num"
    ):
        links.append(lx[at + 1].text)
        at += 2
        parts.append(at)
    if len(parts) == 1:
        return _spaced_phone(lx, start)
    if len(parts) > 2 or links[0] in (":", "/", "."):
        return at + 1
    low, high = lx[parts[0]].value, lx[parts[1]].value
    if low is None or high is None or low >= high:
        return at + 1
    return at + 1 if high > low * 20 + 100 or (high < 100 and _is_score(lx, at + 1)) else 0


def _is_score(lx: Sequence[Lexeme], after: int) -> bool:
    """A pair of small numbers with no noun behind it: "lost 2-3 on", "2-4."."""
    word = word_at(lx, after)
    return word in (
        "",
        "on",
        "in",
        "to",
        "against",
        "at",
        "win",
        "loss",
        "victory",
        "defeat",
        "draw",
        "lead",
        "over",
        "vote",
    )


def _spaced_phone(lx: Sequence[Lexeme], start: int) -> int:
    """ "(613) 555-0163" and "1 800 555 0150": three digits, three digits, four digits."""
    run = [i for i in range(start, min(start + 9, len(lx))) if lx[i].kind == "num"]
    texts = [lx[i].text for i in run if all(lx[k].kind == "num" or lx[k].text in "()-.–" for k in range(start, i + 1))]
    sizes = [len(t) for t in texts]
    for offset in (0, 1):
        if sizes[offset : offset + 3] == [3, 3, 4] and (not offset or texts[0] == "1"):
            return run[offset + 2] + 1
    return 0


def _address(lx: Sequence[Lexeme], start: int, end: int, has_unit: bool, words: Lexicon) -> int:
    """ "88 Rue du Quai", "80 Example Street", "410 Harbour Rd."; "104.7 FM"."""
    if has_unit or lx[start].kind != "num":
        return 0
    first = lx[end] if end < len(lx) else None
    if first is None or first.kind != "word":
        return 0
    if first.low in words.negatives["bands"] and first.text.isupper() or first.low == "frequency":
        return end
    if not first.text[0].isupper() and first.low not in ("rue", "boul", "chemin"):
        return 0
    if first.low in words.negatives["street_first"]:
        return end
    for at in range(end, min(end + 4, len(lx))):
        if lx[at].kind != "word" or not lx[at].text[0].isupper():
            return 0
        if at > end and lx[at].low in words.negatives["streets"]:
            return at
    return 0


def _labelled(lx: Sequence[Lexeme], start: int, end: int, has_unit: bool, words: Lexicon) -> int:
    """ "Bill 96", "Highway 15", "section 95", "No. 2024-118", "Channel 5"."""
    at = start - 1
    if text_at(lx, at) == "." and word_at(lx, at - 1) in (
        "no",
        "nos",
        "hwy",
        "rte",
        "sec",
        "fig",
        "apt",
        "vol",
        "pp",
        "ch",
    ):
        at -= 1
    if text_at(lx, at) in ("#", "№", "§"):
        return end
    if has_unit or at < 0 or lx[at].kind != "word" or lx[at].low not in words.negatives["labels"]:
        return 0
    if lx[start].kind == "word" and not lx[at].text[0].isupper():
        return 0
    if lx[at].low == "top" and not lx[at].text[0].isupper():
        return 0
    return (
        end
        if lx[at].low not in ("no", "count", "big", "world") or text_at(lx, at + 1) == "." or lx[at].text[0].isupper()
        else 0
    )


def _named(lx: Sequence[Lexeme], start: int, end: int, has_unit: bool, words: Lexicon) -> int:
    """A bare number at the end of a name or a form's code: "IMM 1294", "iPhone 11", "Apple Watch 5", "S&P 500"."""
    number = lx[start]
    if has_unit or number.kind != "num" or end != start + 1 or start == 0 or "," in number.text or number.glued:
        return 0
    before = lx[start - 1]
    if before.kind == "word" and before.low in words.negatives["indices"]:
        return end
    if before.kind != "word" or not _is_name(lx, start - 1):
        return 0
    follows = word_at(lx, end)
    small = (number.value or 0) < 100 and "." not in number.text
    if before.text.isupper() and (len(before.text) > 1 or not small):
        return end
    return end if small or not follows or not follows.endswith("s") else 0


def _is_name(lx: Sequence[Lexeme], i: int) -> bool:
    """A capital letter that is not the first of its sentence, or one inside the word ("iPhone")."""
    text = lx[i].text
    if text[1:] != text[1:].lower():
        return True
    before = lx[i - 1] if i else None
    return (
        text[0].isupper()
        and before is not None
        and (before.kind == "word" or before.text in "&'’" or before.text in HYPHENS)
    )
