"""When a claim was made: the date beside its cue, of the document it stands in, or of its speaker's last words.

Dates quoted from a dated document or utterance are read again from its own day: a letter's "last week" is not the
article's.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from spacy.tokens import Doc

from extract.dates import reanchor
from extract.findings import Claim, DateMention, Interval
from extract.lexicon import lexicon
from extract.speakers.context import Context

_LONGEST_PLACE = 200  # characters before a date that can be its dateline's
_NEWS = 7  # days
_LONGEST = 31  # days: "in 2023" is no day of a statement
_PAPERS = "|".join(sorted((re.escape(str(h)) for h in lexicon("documents")["heads"]), key=len, reverse=True))
_DATED = re.compile(
    rf"\b(?P<head>{_PAPERS})\b[^.!?\n]{{0,60}}?\b(?:dated|sent|written|issued|released|published|signed)(?: on)?\s+\Z",
    re.IGNORECASE,
)
_IN = re.compile(rf"\bin (?:an?|the|his|her|their|its) (?:[\w’'-]+ ){{0,3}}(?P<head>{_PAPERS})\b", re.IGNORECASE)
_ALOUD = frozenset({"say", "tell", "reply", "shout", "joke"})  # what an author may do on any other day
_PAST = re.compile(r"(?:ed|id|old|ote|oke|ught|ade|ave|lt)\Z", re.IGNORECASE)
_PLACE_BEFORE = re.compile(r"[A-ZÀ-Ý][\w .’'-]*(?:, [A-ZÀ-Ý][\w .’'-]*)?[,(]?", re.UNICODE)
_DASH_AFTER = re.compile(r"\)?\s*(?:[–—-]|/)")
_BREAK = re.compile(r"[;]|\b(?:after|before|because|although|while|since|until)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A document with its date: the noun that names it and where it does."""

    head: str
    position: int
    said: Interval
    authors: tuple[str, ...] = ()


class _Papers:
    """The dated documents of an article in order, found by position, by noun and by authors."""

    def __init__(self, papers: list[_Paper]) -> None:
        self.all = papers
        self.taken = {p.position for p in papers}
        self._places = [p.position for p in papers]
        self._firsts: dict[str | tuple[str, ...], _Paper] = {}
        for paper in papers:
            self._firsts.setdefault(paper.head, paper)
            self._firsts.setdefault(paper.authors, paper)
        self.heads = {p.head for p in papers}

    def candidates(self, start: int, end: int, heads: set[str], authors: tuple[str, ...]) -> list[_Paper]:
        """In order: the first one in characters `start`..`end`, the first of each noun, the first by those authors."""
        n = bisect_left(self._places, start)
        inside = [p for p in self.all[n : n + 1] if p.position < end]
        firsts = [self._firsts[key] for key in (*heads, authors) if key in self._firsts]
        return sorted([*inside, *firsts], key=lambda p: p.position)


def date_claims(
    claims: Sequence[Claim], dates: Sequence[DateMention], published: date | None, context: Context
) -> list[Claim]:
    """The claims with `said_on` where the words around tell it, in the same order."""
    usable = [d for d in dates if _usable(d, published)]
    outside = [d for d in usable if not context.reported(d.start) and context.quotation_at(d.start) is None]
    papers = _papers(outside, claims, context)
    dateline = _dateline(outside, context)
    news = _news_day(outside, published)
    first: dict[tuple[str, ...], int] = {}  # where each speaker's first claim begins
    for claim in claims:
        first.setdefault(claim.speaker.names, claim.content.start)
    last: dict[tuple[str, ...], Interval] = {}  # each speaker's last dated words
    done = []
    for claim in claims:
        said = _beside(claim, outside, papers, context) or _of_paper(claim, papers, context)
        said = said or _of_release(claim, dateline)
        if said is not None:
            last[claim.speaker.names] = said
        else:
            said = _carried(claim, last) or _of_news(claim, news, first, context)
        done.append(replace(claim, said_on=said))
    return done


def _usable(mention: DateMention, published: date | None) -> bool:
    """Whether a day of a statement: a date with both ends known, no longer than a month, not in the future."""
    if mention.type not in {"DATE", "TIME"} or mention.from_ is None or mention.to is None or "REF" in mention.value:
        return False
    start, end = date.fromisoformat(mention.from_[:10]), date.fromisoformat(mention.to[:10])
    return (end - start).days < _LONGEST and (published is None or start <= published)


def _interval(mention: DateMention, basis: str) -> Interval:
    return Interval((mention.from_ or "")[:10] or None, (mention.to or "")[:10] or None, basis)


def _papers(outside: list[DateMention], claims: Sequence[Claim], context: Context) -> _Papers:
    """Documents that are dated: "in a letter dated Tuesday"."""
    found = []
    cues = sorted((c.cue.start, n) for n, c in enumerate(claims) if c.cue and c.speaker.names)
    for mention in outside:
        match = _DATED.search(context.text, max(0, mention.start - 120), mention.start)
        if match:
            said = _interval(mention, context.text[match.start() : mention.end])
            start, end = context.sentence(mention.start)
            near = cues[bisect_left(cues, (start, 0)) : bisect_left(cues, (end, 0))]
            authors = claims[min(n for _, n in near)].speaker.names if near else ()
            found.append(_Paper(match["head"].casefold(), mention.start, said, authors))
    return _Papers(found)


def _beside(claim: Claim, outside: list[DateMention], papers: _Papers, context: Context) -> Interval | None:
    """The date nearest to the cue in its sentence: "said Tuesday", "told reporters in Halifax on Monday"."""
    if claim.cue is None:
        return None
    start, end = context.sentence(claim.cue.start)
    first, stop = (bisect_left(outside, at, key=lambda d: d.start) for at in (start, end))
    near = [d for d in outside[first:stop] if d.start not in papers.taken and not _within_mention(d, claim)]
    if claim.nested_in is not None:
        return None
    best = min(near, key=lambda d: _distance(d, claim), default=None)
    if best is None:
        return None
    between = (
        context.text[claim.cue.end : best.start]
        if best.start > claim.cue.end
        else context.text[best.end : claim.cue.start]
    )
    commas = context.text[best.end : best.end + 1], context.text[claim.cue.end : claim.cue.end + 1]
    if best.end < claim.cue.start and commas == (",", ","):
        return None  # "In June, he said, there were ten": the date is the content's
    between = _without_content(between, claim, context, best)
    if len(between) > 120 or _BREAK.search(between) or (between.strip() and not _governed(best, claim, context)):
        return None
    return _interval(best, f"{claim.cue.text} … {best.text}" if between.strip() else f"{claim.cue.text} {best.text}")


def _governed(mention: DateMention, claim: Claim, context: Context) -> bool:
    """Whether the verb over the date is the cue: "up from 90 a year earlier" beside it is another clause's. Without a
    tree every date may be."""
    assert claim.cue is not None
    if not context.doc.has_annotation("DEP"):
        return True
    cue = {token.i for token in context.tokens(claim.cue.start, claim.cue.end)}
    token = context.tokens(mention.start, mention.end).root
    while token.i not in cue and token.head != token:
        token = token.head
        if token.pos_ in {"VERB", "AUX"} and token.dep_ != "acl":  # "a letter dated Sunday" says what the letter is
            break
    return token.i in cue


def _without_content(between: str, claim: Claim, context: Context, best: DateMention) -> str:
    """The words between cue and date that are the reporter's own."""
    assert claim.cue is not None
    low, high = min(claim.cue.end, best.end), max(claim.cue.start, best.start)
    kept = [context.text[i] for i in range(low, high) if not any(s <= i < e for s, e in claim.parts)]
    return "".join(kept)


def _distance(mention: DateMention, claim: Claim) -> int:
    assert claim.cue is not None
    return mention.start - claim.cue.end if mention.start >= claim.cue.end else claim.cue.start - mention.end + 20


def _within_mention(mention: DateMention, claim: Claim) -> bool:
    spot = claim.speaker.mention
    return spot is not None and spot.start <= mention.start < spot.end


def _dateline(outside: list[DateMention], context: Context) -> Interval | None:
    """The day that a press release prints before its first sentence: "PORT ELLEN, May 4, 2026 – "."""
    for mention in outside:
        line = context.lines[context.line(mention.start)]
        if mention.start - line[0] > _LONGEST_PLACE:
            continue
        place = context.text[line[0] : mention.start].strip()
        if _PLACE_BEFORE.fullmatch(place) and _DASH_AFTER.match(context.text, mention.end):
            return _interval(mention, f"dateline {mention.text}") if mention.from_ == mention.to else None
    return None


def _of_release(claim: Claim, dateline: Interval | None) -> Interval | None:
    """A release says what it says on the day of its dateline."""
    return None if claim.nested_in is not None or claim.speaker.class_ == "anonymous" else dateline


def _of_paper(claim: Claim, papers: _Papers, context: Context) -> Interval | None:
    """The date of the document that the claim stands in, or whose authors go on speaking after it."""
    if not papers.all or claim.nested_in is not None:
        return None
    anchor = claim.cue.start if claim.cue else claim.content.start
    start, end = context.sentence(anchor)
    mention = claim.speaker.mention
    printed = mention.text.casefold() if claim.speaker.class_ == "document" and mention is not None else ""
    own = {head for head in papers.heads if head in printed}
    named = {m["head"].casefold() for m in _IN.finditer(context.text, start, end)}
    for paper in papers.candidates(start, end, own | named, claim.speaker.names):
        if start <= paper.position < end and claim.speaker.class_ != "unknown":
            return paper.said
        near = anchor > paper.position or 0 <= context.line(paper.position) - context.line(anchor) <= 1
        same = bool(claim.speaker.names) and claim.speaker.names == paper.authors and near
        same = same and not (claim.cue and claim.cue.lemma in _ALOUD)
        if paper.head in own | named or same:
            return replace(paper.said, basis=f"{paper.said.basis} (the {paper.head})")
    return None


def _news_day(outside: list[DateMention], published: date | None) -> DateMention | None:
    """The day that the article tells of, where it names one day alone of the week before its publication, as news does:
    without the year."""
    if published is None:
        return None
    days: dict[str, DateMention] = {}
    for mention in outside:
        day = (mention.from_ or "")[:10]
        dated = day[:4] in mention.text
        if not dated and day == (mention.to or "")[:10] and 0 <= (published - date.fromisoformat(day)).days < _NEWS:
            days.setdefault(day, mention)
    return next(iter(days.values())) if len(days) == 1 else None


def _of_news(
    claim: Claim, news: DateMention | None, first: dict[tuple[str, ...], int], context: Context
) -> Interval | None:
    """What a person of the news said, on a day that the article leaves open, was most likely said on the day that it
    tells of: whoever speaks before or just after that is told. Others were asked some time."""
    if news is None or claim.cue is None or not _PAST.search(claim.cue.text):
        return None
    near = context.line(first[claim.speaker.names]) <= context.line(news.start) + 1
    spoken = claim.nested_in is None and claim.speaker.class_ in {"person", "group"} and claim.speaker.names
    return _interval(news, f"{news.text} (the day of the news)") if near and spoken else None


def _carried(claim: Claim, last: dict[tuple[str, ...], Interval]) -> Interval | None:
    """The same speaker's last dated words before, where the cue is in the past tense or missing."""
    if claim.nested_in is not None or not claim.speaker.names or (claim.cue and not _PAST.search(claim.cue.text)):
        return None
    said = last.get(claim.speaker.names)
    return said and replace(said, basis=f"{said.basis} (same speaker)")


def reread_dates(
    doc: Doc, dates: Sequence[DateMention], claims: Sequence[Claim], published: date | None
) -> list[DateMention]:
    """The dates with those in quoted words of another day resolved against that day."""
    days = [(c, _own_day(c)) for c in claims if c.nested_in is None]
    spans = [(*q, c, day) for c, day in days if day is not None and day != published for q in c.quoted]
    anchored = sorted(spans, key=lambda span: span[0])
    text = doc.text
    return [_reread(doc, text, mention, anchored) for mention in dates]


def _own_day(claim: Claim) -> date | None:
    """The single day on which a claim was made."""
    said = claim.said_on
    if said is None or said.start is None or said.start != said.end:
        return None
    return date.fromisoformat(said.start)


def _reread(doc: Doc, text: str, mention: DateMention, anchored: list[tuple[int, int, Claim, date]]) -> DateMention:
    n = bisect_right(anchored, mention.start, key=lambda a: a[0]) - 1
    if n < 0 or mention.end > anchored[n][1]:
        return mention
    _, _, claim, day = anchored[n]
    paper = claim.speaker.class_ == "document" or "dated" in (claim.said_on.basis if claim.said_on else "")
    return reanchor(mention, doc, day, "document" if paper else "claim", text=text)
