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
from dataclasses import dataclass
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
from extract.dates.tense import Tense
from extract.findings import DateMention

__all__ = ["create_dates", "find_dates", "reanchor"]

PARAGRAPH = re.compile(r"\n[ \t]*\n")
NAMES = ("month", "weekday", "holiday", "season")  # rules whose words can be a person's
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
    finder, text = recogniser(language, country, ranges), _text(doc)
    found = _outside_names(finder.find(text), doc)
    tense = Tense(text, doc if isinstance(doc, Doc) else None, finder.words)
    narrative = _is_narrative(found, published)
    mentions: list[DateMention] = []
    told = Told(narrative)
    for one in found:
        points = None if is_absolute(one.says) else tense.direction(one.start, one.end)
        resolved = resolve(one.says, published, points, told.reference(one.says), narrative, finder.fiscal_month)
        if resolved:
            mentions.append(_mention(one, text, resolved, "published"))
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
    day: Cell | None = None

    def reference(self, says: ex.Expression) -> Cell | None:
        """The date that an expression looks back to: a day for "the next morning", none where no day was named."""
        offset = says.day if isinstance(says, ex.At) else says
        if not isinstance(offset, ex.Offset):
            return self.last
        if offset.unit == "D" and not offset.exact:
            return self.day
        long = offset.unit not in ("D", "W", "WE")
        return (self.landmark or self.last) if long and not self.narrative else self.last

    def tell(self, says: ex.Expression, cell: Cell | None) -> None:
        """Remember a date that was just resolved."""
        step = isinstance(says, ex.Offset) and says.base == "reference" and says.exact
        if cell is None or (step and not self.narrative):
            return
        self.last = cell
        self.day = cell if cell.unit == "D" else self.day
        spoken = isinstance(says, ex.Offset | ex.At) or (isinstance(says, ex.Calendar) and says.weekday)
        if is_absolute(says) or not spoken:
            self.landmark = cell


def reanchor(
    mention: DateMention,
    doc: Doc | str,
    anchor: date,
    name: str,
    *,
    text: str | None = None,
    language: str = "en",
    country: str = "CA",
) -> DateMention:
    """The mention resolved again as if written on `anchor`; `name` says whose date that is ("document", "claim").

    `doc` is the document (or its text) that the mention's offsets are into; `text` is that of a Doc, where the caller
    has it: spaCy joins its words anew at every call. An absolute date ("June 10, 2024") comes
    back unchanged.
    """
    text, finder = _text(doc) if text is None else text, recogniser(language, country)
    first, last = _around(text, mention.start, mention.end)
    place = (mention.start - first, mention.end - first)
    same = [f for f in finder.find(text[first:last]) if (f.start, f.end) == place and not is_absolute(f.says)]
    if not same:
        return mention
    tense = Tense(text, doc if isinstance(doc, Doc) else None, finder.words)
    points = tense.direction(mention.start, mention.end)
    resolved = resolve(same[0].says, anchor, points, fiscal_month=finder.fiscal_month)
    return _mention(mention, text, resolved, name) if resolved else mention


def _text(doc: Doc | str) -> str:
    return doc.text if isinstance(doc, Doc) else doc


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch that recognition needs to find the mention again: its paragraph, 400 characters on either side."""
    breaks = [m.end() for m in PARAGRAPH.finditer(text, max(0, start - REACH), start)]
    stop = PARAGRAPH.search(text, end, min(len(text), end + REACH))
    return breaks[-1] if breaks else max(0, start - REACH), stop.start() if stop else min(len(text), end + REACH)


def _mention(one: Found | DateMention, text: str, resolved: Resolved, anchor: str) -> DateMention:
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


def _outside_names(found: list[Found], doc: Doc | str) -> list[Found]:
    """Without the months and holidays inside a person's name: "June Okafor", "Mr. May"."""
    people = [e for e in doc.ents if e.label_ == "PERSON"] if isinstance(doc, Doc) else []
    inside = {i for e in people for i in range(e.start_char, e.end_char)}
    return [f for f in found if f.rule not in NAMES or f.start not in inside or f.end - 1 not in inside]


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
