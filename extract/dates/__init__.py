"""Dates: every date expression of a text as a TIMEX3 mention with its days.

`find_dates` recognises (`recognise`, `compose`, `lookalikes`: the same for every article) and then resolves (`resolve`,
`tense`: against the day of publication). `reanchor` resolves a mention again, against the date of a quoted letter.

>>> import spacy
>>> from datetime import date
>>> doc = spacy.blank("en")("She arrived on Tuesday and will leave early next week.")
>>> [(d.text, d.value) for d in find_dates(doc, date(2024, 9, 25))]
[('Tuesday', '2024-09-24'), ('early next week', '2024-W40')]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from extract.dates import expression as ex
from extract.dates.calendar import Cell
from extract.dates.expression import is_absolute
from extract.dates.found import Found
from extract.dates.lexicon import lexicon
from extract.dates.recognise import Recogniser
from extract.dates.resolve import Resolved, resolve
from extract.dates.tense import direction
from extract.findings import DateMention

__all__ = ["create_dates", "find_dates", "reanchor"]

PARAGRAPH = re.compile(r"\n[ \t]*\n")
REACH = 400  # characters around a mention that its meaning can depend on


@cache
def recogniser(language: str = "en", country: str = "CA", ranges: bool = True) -> Recogniser:
    """The compiled grammar: built once a process, it never changes."""
    return Recogniser.of(lexicon(language), country, ranges)


def find_dates(
    doc: Doc | str,
    published: date | None,
    *,
    language: str = "en",
    country: str = "CA",
    ranges: bool = True,
) -> list[DateMention]:
    """The dates of a document in order, none overlapping, `doc.text[d.start:d.end] == d.text`.

    `published` anchors the relative ones; None leaves their values open ("XXXX-WXX-5") and their days None. A tagged
    Doc tells the tense better than a bare one. `ranges` False gives the two ends of a range as two dates, as TimeML
    does.
    """
    finder = recogniser(language, country, ranges)
    found = [f for f in finder.find(_text(doc)) if not _in_name(doc, f)]
    narrative = _is_narrative(found, published)
    mentions: list[DateMention] = []
    told = Told(narrative)
    for one in found:
        resolved = _resolved(one, doc, published, finder, told.reference(one.says), narrative)
        if resolved:
            mentions.append(_mention(one, _text(doc), resolved, "published"))
            told.tell(one.says, resolved.cell)
    return mentions


@dataclass
class Told:
    """The dates spoken of so far: what "that year" and "a year earlier" look back to.

    In news the day of a statement ("he said Tuesday") is no landmark for "a year earlier", and "two years before" looks
    past an "a year earlier" at the date both count from; in a history each step leads on from the last.
    """

    narrative: bool
    last: Cell | None = None
    landmark: Cell | None = None

    def reference(self, says: ex.Expression) -> Cell | None:
        long = isinstance(says, ex.Offset) and says.unit not in ("D", "W", "WE")
        return (self.landmark or self.last) if long and not self.narrative else self.last

    def tell(self, says: ex.Expression, cell: Cell | None) -> None:
        step = isinstance(says, ex.Offset) and says.base == "reference" and says.exact
        if cell is None or (step and not self.narrative):
            return
        self.last = cell
        if is_absolute(says) or not (
            isinstance(says, (ex.Offset, ex.At)) or (isinstance(says, ex.Calendar) and says.weekday)
        ):
            self.landmark = cell


def reanchor(
    mention: DateMention, doc: Doc | str, anchor: date, name: str, *, language: str = "en", country: str = "CA"
) -> DateMention:
    """The mention resolved again as if written on `anchor`; `name` says whose date that is ("document", "claim").

    `doc` is the document (or its text) that the mention's offsets are into. An absolute date ("June 10, 2024") comes
    back unchanged.
    """
    text = _text(doc)
    first, last = _around(text, mention.start, mention.end)
    finder = recogniser(language, country)
    for one in finder.find(text[first:last]):
        if (one.start + first, one.end + first) == (mention.start, mention.end) and not is_absolute(one.says):
            moved = replace(one, start=mention.start, end=mention.end)
            resolved = _resolved(moved, doc, anchor, finder, None, False)
            return _mention(moved, text, resolved, name) if resolved else mention
    return mention


def _text(doc: Doc | str) -> str:
    return doc.text if isinstance(doc, Doc) else doc


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch that recognition needs to find the mention again: its paragraph, 400 characters on either side."""
    breaks = [m.end() for m in PARAGRAPH.finditer(text, max(0, start - REACH), start)]
    stop = PARAGRAPH.search(text, end, min(len(text), end + REACH))
    return breaks[-1] if breaks else max(0, start - REACH), stop.start() if stop else min(len(text), end + REACH)


def _resolved(
    one: Found, doc: Doc | str, anchor: date | None, finder: Recogniser, reference: Cell | None, narrative: bool
) -> Resolved | None:
    absolute = is_absolute(one.says)
    points = None if absolute else direction(doc, one.start, one.end, finder.words)
    return resolve(one.says, anchor, points, reference, narrative, finder.fiscal_month)


def _mention(one: Found, text: str, resolved: Resolved, anchor: str) -> DateMention:
    return DateMention(
        one.start,
        one.end,
        text[one.start : one.end],
        type=resolved.type,
        value=resolved.value,
        from_=resolved.from_,
        to=resolved.to,
        anchor=anchor,
    )


def _in_name(doc: Doc | str, one: Found) -> bool:
    """A month or a holiday inside a person's name is none: "June Okafor", "Mr. May"."""
    if not isinstance(doc, Doc) or one.rule not in ("month", "weekday", "holiday", "season"):
        return False
    return any(e.label_ == "PERSON" and e.start_char <= one.start and one.end <= e.end_char for e in doc.ents)


def _is_narrative(found: list[Found], published: date | None) -> bool:
    """Whether the text tells of other years than the one it was written in: then a month without a year belongs to the
    year last named. News has its days of the week, its "today" and its "last week"; a history has years."""
    years = [f.says.year for f in found if isinstance(f.says, ex.Calendar) and f.says.year]
    near = [f for f in found if isinstance(f.says, ex.Offset) and f.says.base == "anchor"]
    weekdays = [f for f in found if isinstance(f.says, ex.Calendar) and f.says.weekday and not f.says.month]
    if published is None:
        return bool(years)
    old = [year for year in years if year < published.year - 1]
    return len(old) >= 4 and len(old) > 2 * (len(near) + len(weekdays) + len(years) - len(old))


@dataclass
class Dates:
    """The spaCy component: sets `doc._.dates` from `doc._.published`."""

    language: str
    country: str

    def __call__(self, doc: Doc) -> Doc:
        doc._.dates = find_dates(doc, doc._.published, language=self.language, country=self.country)
        return doc


@Language.factory("onrecord_dates", default_config={"country": "CA"})
def create_dates(nlp: Language, name: str, country: str) -> Callable[[Doc], Doc]:
    """Build `onrecord_dates`; `country` decides day-month order, holidays and the fiscal year (CA, US, GB, AU)."""
    Doc.set_extension("dates", default=None, force=True)
    if not Doc.has_extension("published"):
        Doc.set_extension("published", default=None)
    recogniser("en", country)
    return Dates("en", country)
