"""Whether a page that changed holds another text: an advertisement, a date stamp or a box of related stories is none, a
number, a negation or a word of a quotation is; and a stub is no new version of a text that was there whole."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Literal

from scraper.tidy import boilerplate

Verdict = Literal["same", "stub", "changed"]
_STUB_SHARE = 0.5  # of the fuller text's words: a text cut down to less is a stub
_BROKEN_SHARE = 0.9  # the same where the page itself says that its text breaks off
_SIGNS = str.maketrans(
    {**dict.fromkeys("“”„«»″", '"'), **dict.fromkeys("‘’‚′`´", "'"), **dict.fromkeys("–—−‐‑", "-"), "…": "..."}
)
_STAMP = re.compile(
    r"""(?:(?:last|first|page)\s+)?(?:updated|published|posted|modified|edited|reviewed|mis\sà\sjour|publié)\b.{0,60}
      | (?:\d+|an?|one)\s+(?:sec(?:ond)?|min(?:ute)?|hour|hr|day|week|month)s?\s+ago
      | \d+\s*min(?:ute)?s?\s+(?:read|de\slecture)
      | [\d.,]+\s*[kKmM]?\s+(?:shares?|comments?|likes?|views?|reads?|readers?|partages?|commentaires?)\b.{0,20}
      | (?:shares?|comments?|views?|likes?)\W{0,3}[\d.,]+\s*[kKmM]?
      | (?:related|read\smore|see\salso|more\s(?:on|from|in)|recommended|trending|most\sread|à\slire)\b\W.{0,200}
      | (?:advertisement|publicité|sponsored(?:\scontent)?|promoted(?:\scontent)?)\b.{0,80}""",
    re.I | re.X,
)
_QUOTES = re.compile('["“”«»]')


def compare(
    before: Sequence[str], after: Sequence[str], *, broken_off: bool = False, furniture: Collection[str] = ()
) -> Verdict:
    """How the paragraphs read now relate to those that are known.

    `broken_off`: the page says that its text is not whole. `furniture` are lines known to recur on the outlet's pages.
    "same" leaves the known version as it is; "stub" too, as it holds more.
    """
    ignored = {_folded(line) for line in furniture}
    old, new = _text(before, ignored), _text(after, ignored)
    if old == new:
        return "same"
    moved = (Counter(old) - Counter(new)) + (Counter(new) - Counter(old))
    if not moved:
        return "changed"  # the same paragraphs in another order
    return "stub" if _is_stub(old, new, broken_off) else "changed"


def related(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether two texts are of one article that moved to another address: half of the shorter one's paragraphs stand in
    the other. A redirect to some other story, which outlets set up for what they took down, is no move."""
    old, new = set(_text(before, ())), set(_text(after, ()))
    return bool(old and new) and 2 * len(old & new) >= min(len(old), len(new))


def folded(text: str | None) -> str:
    """A headline or paragraph without what two renderings of one text may differ in: white space, the shape of
    quotation marks and dashes, the form of accented letters.

    >>> folded("“It’s  6.5,” she said") == folded('"It\\'s 6.5," she said')
    True
    """
    return _folded(text or "")


def _text(paragraphs: Sequence[str], ignored: Collection[str]) -> list[str]:
    lines = [_folded(paragraph) for paragraph in paragraphs]
    return [line for line in lines if line not in ignored and not _is_furniture(line)]


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).translate(_SIGNS).split())


def _is_furniture(line: str) -> bool:
    # A line that quotes somebody, or reads like a sentence, is text whatever it begins with.
    if _QUOTES.search(line) or (line.endswith(".") and len(line) > 80):
        return False
    return bool(_STAMP.fullmatch(line) or boilerplate().lines.fullmatch(line))


def _is_stub(old: Sequence[str], new: Sequence[str], broken_off: bool) -> bool:
    """Whether `new` is the beginning of `old` and little of it: each of its paragraphs opens the one in its place."""
    words, were = (sum(len(line.split()) for line in lines) for lines in (new, old))
    if words >= (_BROKEN_SHARE if broken_off else _STUB_SHARE) * were:
        return False
    return all(_opens(one, other) for one, other in zip(new, old, strict=False)) and len(new) <= len(old)


def _opens(line: str, whole: str) -> bool:
    cut = re.sub(r"[\s.]*(?:\.\.\.|\[\+.*)?$", "", line)
    return bool(cut) and whole.startswith(cut)
