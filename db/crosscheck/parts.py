"""A part and its whole: "140 of the 980 who asked" are two counts, and no disagreement.

The database says which whole a share was printed of; where it does not, the words around the numbers do. What is known
of one printing holds for others of the same numbers: the 980 of one paper does not contradict the 140 of another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from sqlite_utils import Database

from .recent import Recent
from .records import Figure, Records
from .values import NUMERAL, printed_range, relation
from .words import fold, lexicon

KEPT = 10_000  # figures
REACH = 250  # characters between a part and its whole, in one sentence
STOP = re.compile(r"[.!?][”\"’')]*\s+(?=[“\"‘A-Z\d$])|\n")


class Parts:
    """Which figures are parts of which: what was found in each article when it was filed."""

    def __init__(self, db: Database, records: Records) -> None:
        self._db, self._records = db, records
        self._found: Recent[int, list[Figure]] = Recent(KEPT)

    def divided(self, a: Figure, b: Figure) -> bool:
        """Whether one is a part of the other, in its own article or by a printing of the same number."""
        return any(_same(f, b) for f in self._known(a)) or any(_same(f, a) for f in self._known(b))

    def _known(self, figure: Figure) -> list[Figure]:
        """The wholes that it is a part of, and its parts."""
        return self._found.made(figure.id, lambda: self._beside(figure.id))

    def _beside(self, figure: int) -> list[Figure]:
        query = """SELECT whole FROM crosscheck_part WHERE part = ?1
                   UNION SELECT part FROM crosscheck_part WHERE whole = ?1"""
        ids = [i for (i,) in self._db.execute(query, [figure])]
        return [*self._records.figures(ids).values()]


def file_parts(db: Database, version: int, figures: Sequence[Figure]) -> None:
    """Note which figures of a version are parts of which."""
    db.execute("DELETE FROM crosscheck_part WHERE part IN (SELECT id FROM figure WHERE version_id = ?)", [version])
    levels = [f for f in figures if f.type == "level" and f.value]
    found = ((part.id, whole.id) for at, part in enumerate(levels) for whole in _wholes(part, at, levels))
    db.conn.executemany("INSERT OR IGNORE INTO crosscheck_part VALUES (?, ?)", list(found))


def _wholes(part: Figure, at: int, levels: list[Figure]) -> list[Figure]:
    """The larger levels of one unit that `part` is said to be a part of."""
    larger = [f for f in levels if f.unit == part.unit and (f.value or 0) > (part.value or 0)]
    found = [f for f in larger if _named(part, f) or _behind(part, f)]
    if not found and _of_them(part):
        before = [f for f in levels[:at] if f in larger and part.start - f.end <= REACH]
        found = [f for f in before[-1:] if f.measure == part.measure]
    return found


def _named(part: Figure, whole: Figure) -> bool:
    """The whole that extraction found is the other number."""
    numeral = NUMERAL.search(whole.text)
    return bool(part.whole and numeral and numeral.group() in NUMERAL.findall(part.whole))


def _behind(part: Figure, whole: Figure) -> bool:
    """ "2 of the 7", "2, to take the minister's word, out of 7": within one sentence, nothing else in between."""
    between = part.version.text[part.end : whole.start]
    if whole.start < part.end or len(between) > REACH or STOP.search(between):
        return False
    return bool(_pattern(part.version.lang, "whole").search(fold(between)))


def _of_them(part: Figure) -> bool:
    after = fold(part.version.text[part.end : part.end + 30])
    return bool(_pattern(part.version.lang, "them").match(after))


@cache
def _pattern(lang: str, which: str) -> re.Pattern[str]:
    """`whole`: ends in "of the" or the like, and at most an owner and a word more; `them`: begins with "of them"."""
    listed = lexicon(lang)
    if which == "them":
        return re.compile(rf"\s*,?\s*(?:{'|'.join(map(re.escape, listed.of_them))})\b")
    owner = r"(?:[\w-]+(?:'s|s')\s+)?(?:[a-z]+\s+)?"
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, listed.of_whole))})\s+{owner}$")


def _same(a: Figure, b: Figure) -> bool:
    one, other = printed_range(a), printed_range(b)
    if one is None or other is None or a.unit != b.unit or a.type != b.type:
        return False
    return relation(one, other) in ("same", "cut")
